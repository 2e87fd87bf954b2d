/* escape.c
 * Text made part of a page.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/escape.h"

#include <string.h>

#include <ces/text.h>

/* --- HTML -------------------------------------------------------------------- */

static void
append_character(GString *page, char c)
{
    switch (c) {
    case '&':
        g_string_append(page, "&amp;");
        break;
    case '<':
        g_string_append(page, "&lt;");
        break;
    case '>':
        g_string_append(page, "&gt;");
        break;
    case '"':
        g_string_append(page, "&quot;");
        break;
    case '\'':
        g_string_append(page, "&#39;");
        break;
    default:
        g_string_append_c(page, c);
    }
}

void
ces_page_escape(GString *page, const char *text, gsize length)
{
    char *clean = ces_text_clean(text, MIN(length, (gsize)CES_PAGE_TEXT), CES_PAGE_TEXT);

    for (const char *at = clean; *at; at++)
        append_character(page, *at);
    if (length > CES_PAGE_TEXT)
        g_string_append(page, "...");
    g_free(clean);
}

char *
ces_page_strdup(const char *text)
{
    return g_strndup(text, CES_PAGE_TEXT + 1);
}

/* --- shells -------------------------------------------------------------------- */

static gboolean
is_fit(const char *word)
{
    if (!g_utf8_validate(word, -1, NULL))
        return FALSE;
    for (const char *at = word; *at; at = g_utf8_next_char(at))
        if (ces_text_is_unfit(g_utf8_get_char(at)))
            return FALSE;
    return TRUE;
}

/* Inside apostrophes nothing is special but the apostrophe. */
static void
quote_plainly(GString *command, const char *word)
{
    g_string_append_c(command, '\'');
    for (const char *at = word; *at; at++)
        if (*at == '\'')
            g_string_append(command, "'\\''");
        else
            g_string_append_c(command, *at);
    g_string_append_c(command, '\'');
}

/* Three octal digits, since hexadecimal ones do not end in some shells. */
static void
quote_bytes(GString *command, const char *word)
{
    g_string_append(command, "$'");
    for (const char *at = word; *at; at++)
        if (g_ascii_isalnum(*at) || strchr("./_-+,:@% ", *at))
            g_string_append_c(command, *at);
        else
            g_string_append_printf(command, "\\%03o", (guint)(guchar)*at);
    g_string_append_c(command, '\'');
}

void
ces_page_quote(GString *command, const char *word)
{
    if (is_fit(word))
        quote_plainly(command, word);
    else
        quote_bytes(command, word);
}
