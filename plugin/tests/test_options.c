/* test_options.c
 * The command line of ces-report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <string.h>

/* Of one line; its words are separated by blanks. */
static ces_options *
parse(const char *line, GError **error)
{
    char **words = g_strsplit(line, " ", -1);
    ces_options *options = ces_options_parse((int)g_strv_length(words), words, error);

    g_strfreev(words);
    return options;
}

static void
test_values(void)
{
    GError *error = NULL;
    ces_options *o = parse("ces-report -oa:1 -o b:2 --option=c:3 -fjson -j 3 --timeout=9 -C p -Hh -p a -- -f", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(o->preferences), ==, 3);
    g_assert_cmpstr(o->preferences[0], ==, "a:1");
    g_assert_cmpstr(o->preferences[2], ==, "c:3");
    g_assert_cmpint(o->format, ==, CES_REPORT_JSON);
    g_assert_cmpuint(o->jobs, ==, 3);
    g_assert_cmpuint(o->timeout, ==, 9);
    g_assert_cmpstr(o->profile, ==, "p");
    g_assert_cmpstr(o->hosts_files[0], ==, "h");
    g_assert_true(o->pairs);
    g_assert_cmpuint(g_strv_length(o->inputs), ==, 2);
    g_assert_cmpstr(o->inputs[1], ==, "-f");
    ces_options_free(o);
}

/* What follows an option is its value, whatever it looks like. */
static void
test_values_like_options(void)
{
    ces_options *o = parse("ces-report -F -fjson --state -o a -", NULL);

    g_assert_nonnull(o);
    g_assert_cmpstr(o->filter, ==, "-fjson");
    g_assert_cmpstr(o->state, ==, "-o");
    g_assert_cmpint(o->format, ==, CES_REPORT_TEXT);
    g_assert_cmpstr(o->inputs[1], ==, "-");
    ces_options_free(o);
}

static void
test_bytes(void)
{
    ces_options *o = parse("ces-report -s \xe9 \xff\xfe", NULL);

    g_assert_nonnull(o);
    g_assert_cmpstr(o->state, ==, "\xe9");
    g_assert_cmpstr(o->inputs[0], ==, "\xff\xfe");
    ces_options_free(o);
}

static void
test_lists(void)
{
    ces_options *o = parse("ces-report --from0", NULL);

    g_assert_nonnull(o);
    g_assert_cmpstr(o->files_from, ==, "-");
    ces_options_free(o);
}

/* The message quotes what is wrong. */
static void
test_refused(void)
{
    static const struct {
        const char *line, *quoted;
    } wrong[] = {{"ces-report", "no capture"},
                 {"ces-report -f xml a", "xml"},
                 {"ces-report -j 0 a", "0"},
                 {"ces-report -j x a", "x"},
                 {"ces-report --timeout -1 a", "-1"},
                 {"ces-report --engine steam a", "steam"},
                 {"ces-report --nothing a", "--nothing"},
                 {"ces-report --closing a", "--closing"},
                 {"ces-report --as-one -s s a", "--as-one"},
                 {"ces-report --as-one -F f a", "--as-one"},
                 {"ces-report --engine native -F f a", "--filter"},
                 {"ces-report --merge -s s a", "--merge"},
                 {"ces-report -S host a", "--merge"},
                 {"ces-report -f", "-f"}};

    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GError *error = NULL;
        g_assert_null(parse(wrong[i].line, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, wrong[i].quoted));
        g_assert_null(strchr(error->message, '\n'));
        g_clear_error(&error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/options/values", test_values);
    g_test_add_func("/options/values-like-options", test_values_like_options);
    g_test_add_func("/options/bytes", test_bytes);
    g_test_add_func("/options/lists", test_lists);
    g_test_add_func("/options/refused", test_refused);
    return g_test_run();
}
