/* test_verbs.c
 * Which lines of a client are commands that everybody knows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/verbs.h>

#include <string.h>

#include "rows.h"

typedef struct {
    const char *name, *text;
    gboolean one_stretch;
    gsize start, end;
    const char *words; /* of each line that has ended, with a blank behind each */
} verbs_row;

static const verbs_row rows[] = {
    {"nothing", "", TRUE, 0, 0, ""},
    {"one known", "DATA\r\n", TRUE, 0, 6, "DATA "},
    {"four letters", "XYZW a b\r\n", TRUE, 0, 10, "XYZW "},
    {"one unknown", "XPVO-META a\r\n", TRUE, 0, 0, "XPVO-META "},
    {"four of which one is none", "X1ZW\r\n", TRUE, 0, 0, "X1ZW "},
    {"longer and published", "STARTTLS\r\n", TRUE, 0, 10, "STARTTLS "},
    {"unknown before known", "XPVOMETA\r\nDATA\r\n", TRUE, 10, 16, "XPVOMETA DATA "},
    {"known before unknown", "MAIL a\r\nRCPT b\r\nXPVOMETA\r\n", TRUE, 0, 16, "MAIL RCPT XPVOMETA "},
    {"known around unknown", "MAIL a\r\nXPVOMETA\r\nDATA\r\n", FALSE, 0, 8, "MAIL XPVOMETA DATA "},
    {"line feeds alone", "MAIL a\nXPVOMETA\n", TRUE, 0, 7, "MAIL XPVOMETA "},
    {"returns alone", "MAIL a\rXPVOMETA\r\n", TRUE, 0, 7, "MAIL XPVOMETA "},
    {"a return at the end", "MAIL a\r", FALSE, 0, 0, ""},
    {"no end", "DATA\r\nXPVO", FALSE, 0, 6, "DATA "},
    {"empty line", "\r\n", TRUE, 0, 0, " "},
    {"blank first", " DATA\r\n", TRUE, 0, 0, " "},
};

static void
test_row(gconstpointer data)
{
    const verbs_row *row = (const verbs_row *)data;
    const guint8 *text = (const guint8 *)row->text;
    gsize start, end, length = strlen(row->text);
    ces_verb_line line = {.next = 0};
    GString *words = g_string_new(NULL);

    g_assert_cmpint(ces_verbs_known(text, length, &start, &end), ==, row->one_stretch);
    if (row->one_stretch) {
        g_assert_cmpuint(start, ==, row->start);
        g_assert_cmpuint(end, ==, row->end);
    }
    while (ces_verb_line_next(text, length, &line)) {
        g_string_append_len(words, row->text + line.start, (gssize)line.word);
        g_string_append_c(words, ' ');
        g_assert_cmpuint(line.start + line.length, <, line.next);
        g_assert_cmpuint(line.next, <=, length);
    }
    g_assert_cmpstr(words->str, ==, row->words);
    g_string_free(words, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("verbs", rows, test_row);
    return g_test_run();
}
