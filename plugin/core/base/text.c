/* text.c
 * Texts from a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/text.h>

char *
ces_text_clean(const char *text, gsize length, gsize most)
{
    char *valid = g_utf8_make_valid(text, (gssize)length);
    GString *clean = g_string_new(NULL);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (g_unichar_iscntrl(character))
            character = '.';
        if (clean->len + (gsize)g_unichar_to_utf8(character, NULL) > most)
            break;
        g_string_append_unichar(clean, character);
    }
    g_free(valid);
    return g_string_free(clean, FALSE);
}
