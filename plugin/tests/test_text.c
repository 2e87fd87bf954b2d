/* test_text.c
 * Texts from anyone, made fit for display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/text.h>

#include "rows.h"

#define BYTES(text) text, sizeof(text) - 1

static const struct cleaning {
    const char *name;
    const char *text;
    gsize length, most;
    const char *clean;
} cleanings[] = {
    {"nothing", BYTES(""), 9, ""},
    {"as it is", BYTES("a b~"), 9, "a b~"},
    {"letters above 127", BYTES("\xc3\xa4\xe2\x82\xac"), 9, "\xc3\xa4\xe2\x82\xac"},
    {"control characters", BYTES("\x01\t\x1b[2J\r\n\x7f"), 9, "...[2J..."},
    {"control characters above 127", BYTES("\xc2\x80\xc2\x9b\x32J\xc2\xa0"), 9, "..2J\xc2\xa0"},
    {"not UTF-8", BYTES("a\xff\x62"), 9, "a\xef\xbf\xbd\x62"},
    {"NUL", BYTES("a\0b"), 9, "a\xef\xbf\xbd\x62"},
    {"ends in a character", BYTES("a\xe2\x82"), 9, "a\xef\xbf\xbd\xef\xbf\xbd"},
    {"just fits", BYTES("abc"), 3, "abc"},
    {"too long", BYTES("abcd"), 3, "abc"},
    {"no room for a whole character", BYTES("a\xe2\x82\xac"), 3, "a"},
    {"grows beyond the room", BYTES("a\xff\xff"), 6, "a\xef\xbf\xbd"},
    {"no room", BYTES("a"), 0, ""},
};

static void
test_cleaning(gconstpointer data)
{
    const struct cleaning *row = (const struct cleaning *)data;
    GString *followed = g_string_append_c(g_string_new_len(row->text, (gssize)row->length), 'x');
    char *clean = ces_text_clean(followed->str, row->length, row->most);

    g_assert_cmpstr(clean, ==, row->clean);
    g_free(clean);
    g_string_free(followed, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("text", cleanings, test_cleaning);
    return g_test_run();
}
