/* test_text.c
 * Texts from anyone, made fit for display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/text.h>

#include <string.h>

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
    {"the quotation mark and the backslash", BYTES("a\"b\\c"), 9, "a\"b\\c"},
    {"marks of direction", BYTES("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"),
     99, "......."},
    {"without width",
     BYTES("a\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf\xc2\xad"
           "b"),
     99, "a......b"},
    {"not seen", BYTES("\xcd\x8f\xe1\x85\x9f\xe3\x85\xa4\xef\xb8\x8f\xef\xbe\xa0\xf3\xa0\x84\x80\xe2\xa0\x80"), 99,
     "......."},
    {"tags", BYTES("\xf3\xa0\x81\xa1\xf0\x9d\x85\xb3"), 99, ".."},
    {"separators of lines", BYTES("\xe2\x80\xa8\xe2\x80\xa9\xc2\x85"), 99, "..."},
    {"private and unassigned", BYTES("\xee\x80\x80\xf3\xb0\x80\x80\xf4\x8f\xbf\xbf\xef\xbf\xbf"), 99, "...."},
    {"a surrogate is no UTF-8", BYTES("\xed\xa0\x80"), 99, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"Hebrew", BYTES("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"), 99, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
    {"Japanese", BYTES("\xe6\x9d\xb1\xe4\xba\xac\xe3\x81\x8c"), 99, "\xe6\x9d\xb1\xe4\xba\xac\xe3\x81\x8c"},
    {"combining marks", BYTES("e\xcc\x81\xe0\xa4\xbf"), 99, "e\xcc\x81\xe0\xa4\xbf"},
    {"behind eight plain bytes",
     BYTES("12345678\x1b"
           "9"),
     99, "12345678.9"},
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

/* Appending has no bound of its own, and keeps what stood before. */
static void
test_appending(void)
{
    GString *text = g_string_new("\x1b");

    ces_text_append_clean(text, "a\x1b", 2);
    ces_text_append_clean(text, "", 0);
    g_assert_cmpstr(text->str, ==,
                    "\x1b"
                    "a.");
    g_string_free(text, TRUE);
}

/* Each byte at each place: among the first eight, and behind them. */
static void
test_plain(void)
{
    char text[20];

    for (guint byte = 0; byte < 256; byte++)
        for (gsize at = 0; at < sizeof text; at++) {
            gboolean plain = byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';
            memset(text, 'a', sizeof text);
            text[at] = (char)byte;
            g_assert_cmpuint(ces_text_plain(text, sizeof text), ==, plain ? sizeof text : at);
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("text", cleanings, test_cleaning);
    g_test_add_func("/core/text/appending", test_appending);
    g_test_add_func("/core/text/plain", test_plain);
    return g_test_run();
}
