/* text.c
 * Texts, made fit for display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/text.h>

#include <string.h>

/* --- what is unfit --------------------------------------------------------- */

/* Letters and marks that nobody sees (Unicode: Default_Ignorable_Code_Point),
 * beyond those that the general category tells. In order. */
static const struct {
    gunichar first, last;
} invisible[] = {
    {0x034f, 0x034f}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x2800, 0x2800},
    {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xffa0, 0xffa0}, {0xe0100, 0xe01ef},
};

static gboolean
is_invisible(gunichar character)
{
    for (gsize i = 0; i < G_N_ELEMENTS(invisible) && invisible[i].first <= character; i++)
        if (character <= invisible[i].last)
            return TRUE;
    return FALSE;
}

gboolean
ces_text_is_unfit(gunichar character)
{
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return TRUE;
    default:
        return is_invisible(character);
    }
}

/* --- plain text, eight bytes at a time --------------------------------------- */

#define EACH(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))

/* The high bit of a byte tells that it is above 127, or becomes set by taking
 * 0x20 from one below that, by adding 1 to 0x7f, or by taking 1 from what is
 * zero. Bytes carry into each other only where one was special already. */
static gboolean
is_plain_word(guint64 word)
{
    guint64 special = word | (word - EACH(0x20)) | (word + EACH(1)) | ((word ^ EACH('"')) - EACH(1)) |
                      ((word ^ EACH('\\')) - EACH(1));

    return (special & EACH(0x80)) == 0;
}

static gboolean
is_plain_byte(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

gsize
ces_text_plain(const char *text, gsize length)
{
    gsize at = 0;
    guint64 word;

    for (; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if (!is_plain_word(word))
            break;
    }
    while (at < length && is_plain_byte(text[at]))
        at++;
    return at;
}

/* --- cleaning ----------------------------------------------------------------- */

/* Appends whole characters while `to` stays within `most` bytes. */
static void
append_characters(GString *to, const char *valid, gsize most)
{
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (ces_text_is_unfit(character))
            character = '.';
        if (to->len + (gsize)g_unichar_to_utf8(character, NULL) > most)
            break;
        g_string_append_unichar(to, character);
    }
}

static void
append_clean(GString *to, const char *text, gsize length, gsize most)
{
    gsize plain = ces_text_plain(text, length);
    gsize room = most - to->len;

    g_string_append_len(to, text, (gssize)MIN(plain, room));
    if (plain == length || plain >= room)
        return;
    char *valid = g_utf8_make_valid(text + plain, (gssize)(length - plain));
    append_characters(to, valid, most);
    g_free(valid);
}

char *
ces_text_clean(const char *text, gsize length, gsize most)
{
    GString *clean = g_string_sized_new(MIN(length, most) + 1);

    append_clean(clean, text, length, most);
    return g_string_free(clean, FALSE);
}

void
ces_text_append_clean(GString *to, const char *text, gsize length)
{
    append_clean(to, text, length, G_MAXSIZE);
}
