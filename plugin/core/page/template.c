/* template.c
 * Filling a template.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/template.h"

#include <string.h>

#include "page/escape.h"

/* --- placeholders -------------------------------------------------------------- */

typedef struct {
    char kind; /* '=' a text, '{' a drawing, '#', '^', '/', '!' */
    const char *name;
    gsize length;
    const char *begin, *end; /* of all of it, with its braces */
} placeholder;

/* The first one in the text from `at` to `end`; FALSE if there is none that ends. */
static gboolean
next_placeholder(const char *at, const char *end, placeholder *p)
{
    const char *begin = g_strstr_len(at, end - at, "{{");
    const char *close = begin ? g_strstr_len(begin, end - begin, "}}") : NULL;

    if (!close)
        return FALSE;
    gboolean marked = begin[2] && strchr("{#^/!", begin[2]) != NULL;
    *p = (placeholder){.kind = marked ? begin[2] : '=', .name = begin + 2 + marked, .begin = begin, .end = close + 2};
    p->length = (gsize)(close - p->name);
    if (p->kind == '{' && p->end < end && *p->end == '}')
        p->end++;
    return TRUE;
}

static gboolean
opens(const placeholder *p)
{
    return p->kind == '#' || p->kind == '^';
}

/* The end of the section that `open` begins: the placeholder that closes it. */
static gboolean
find_close(const placeholder *open, const char *end, placeholder *close)
{
    guint depth = 1;

    for (const char *at = open->end; next_placeholder(at, end, close); at = close->end) {
        depth += opens(close);
        if (close->kind == '/' && --depth == 0)
            return close->length == open->length && memcmp(close->name, open->name, open->length) == 0;
    }
    return FALSE;
}

/* --- filling ------------------------------------------------------------------- */

static void fill(const char *at, const char *end, const ces_values *values, GString *page);

/* Markup as it stands, without the blanks that only make it readable. */
static void
append_markup(const char *at, const char *end, GString *page)
{
    while (at < end) {
        const char *line = memchr(at, '\n', (gsize)(end - at));
        if (!line) {
            g_string_append_len(page, at, end - at);
            return;
        }
        g_string_append_len(page, at, line - at);
        if (page->len > 0 && page->str[page->len - 1] != '\n')
            g_string_append_c(page, '\n');
        for (at = line; at < end && (*at == '\n' || *at == ' '); at++)
            continue;
    }
}

static gboolean
is_empty(const ces_value *value)
{
    if (value->items)
        return value->items->len == 0;
    return (!value->text || value->text->len == 0) && (!value->drawing || value->drawing->len == 0);
}

static void
fill_section(const placeholder *open, const placeholder *close, const ces_values *values, GString *page)
{
    ces_value value = ces_values_get(values, open->name, open->length);
    gboolean wanted = is_empty(&value) == (open->kind == '^');

    if (!wanted)
        return;
    if (open->kind == '^' || !value.items)
        fill(open->end, close->begin, values, page);
    else
        for (guint i = 0; i < value.items->len; i++)
            fill(open->end, close->begin, (const ces_values *)g_ptr_array_index(value.items, i), page);
}

static void
fill_value(const placeholder *p, const ces_values *values, GString *page)
{
    ces_value value = ces_values_get(values, p->name, p->length);

    if (p->kind == '{' && value.drawing)
        g_string_append_len(page, value.drawing->str, (gssize)value.drawing->len);
    else if (p->kind == '=' && value.text)
        ces_page_escape(page, value.text->str, value.text->len);
}

static void
fill(const char *at, const char *end, const ces_values *values, GString *page)
{
    placeholder p, close;

    while (next_placeholder(at, end, &p)) {
        append_markup(at, p.begin, page);
        at = p.end;
        if (opens(&p) && find_close(&p, end, &close)) {
            fill_section(&p, &close, values, page);
            at = close.end;
        } else if (p.kind == '=' || p.kind == '{') {
            fill_value(&p, values, page);
        }
    }
    append_markup(at, end, page);
}

void
ces_template_fill(const char *html, const ces_values *values, GString *page)
{
    fill(html, html + strlen(html), values, page);
}

/* --- checking ------------------------------------------------------------------ */

static gboolean
is_whole(const char *at, const char *end)
{
    placeholder p, close;

    while (next_placeholder(at, end, &p)) {
        at = p.end;
        if (p.kind == '/' || memchr(p.name, '\n', p.length))
            return FALSE;
        if (!opens(&p))
            continue;
        if (!find_close(&p, end, &close) || !is_whole(p.end, close.begin))
            return FALSE;
        at = close.end;
    }
    return g_strstr_len(at, end - at, "{{") == NULL;
}

gboolean
ces_template_is_whole(const char *html)
{
    return is_whole(html, html + strlen(html));
}
