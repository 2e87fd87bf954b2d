/* test_labels.c
 * Names of captures in records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "labels.h"

#include <string.h>

static void
assert_label(void (*label)(const char *, GString *), const char *name, const char *expected)
{
    GString *text = g_string_new(NULL);

    label(name, text);
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

static void
test_json(void)
{
    assert_label(ces_label_json, "a.pcap", "\"capture\":\"a.pcap\"");
    assert_label(ces_label_json, "a\"\\\n.pcap", "\"capture\":\"a\\\"\\\\\\u000a.pcap\"");
    assert_label(ces_label_json, "caf\xc3\xa9", "\"capture\":\"caf\xc3\xa9\"");
    assert_label(ces_label_json, "\xe2\x80\xae", "\"capture\":\"\\u202e\"");
    assert_label(ces_label_json, "\xf0\x9d\x85\xb3",
                 "\"capture\":\"\\ud834\\udd73\""); /* U+1D173, which has no width */
    assert_label(ces_label_json, "caf\xe9", "\"capture\":\"caf\xef\xbf\xbd\",\"capture_bytes\":\"Y2Fm6Q==\"");
}

static void
test_csv(void)
{
    assert_label(ces_label_csv, "a.pcap", "a.pcap");
    assert_label(ces_label_csv, "a,b", "\"a,b\"");
    assert_label(ces_label_csv, "a\"b", "\"a\"\"b\"");
    assert_label(ces_label_csv, "=1+1", "'=1+1");
    assert_label(ces_label_csv, "-", "'-");
    assert_label(ces_label_csv, "a\nb", "a.b");
}

static void
test_text(void)
{
    assert_label(ces_label_text, "a\033[2Jb", "a.[2Jb");
}

static gboolean
append(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

static void
assert_labelled(ces_report_format format, const char *const *pieces, const char *expected)
{
    GString *text = g_string_new(NULL);
    ces_labelling labelling;

    ces_labelling_begin(&labelling, format, "n", append, text);
    for (; *pieces; pieces++)
        g_assert_true(ces_labelling_take(*pieces, strlen(*pieces), &labelling));
    g_assert_true(ces_labelling_end(&labelling));
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

static void
test_records(void)
{
    static const char *const json[] = {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":3}\n", NULL};
    static const char *const csv[] = {"head\n1\n", "2\n", NULL};
    static const char *const head[] = {"head\n", NULL};
    static const char *const text[] = {"one\n", "two\n", NULL};
    static const char *const nothing[] = {NULL};

    assert_labelled(CES_REPORT_JSON, json,
                    "{\"capture\":\"n\",\"a\":1}\n{\"capture\":\"n\",\"a\":2}\n{\"capture\":\"n\",\"a\":3}\n");
    assert_labelled(CES_REPORT_CSV, csv, "n,1\nn,2\n");
    assert_labelled(CES_REPORT_CSV, head, "");
    assert_labelled(CES_REPORT_TEXT, text, "== n ==\none\ntwo\n\n");
    assert_labelled(CES_REPORT_TEXT, nothing, "");
}

static void
test_header(void)
{
    GString *text = g_string_new(NULL);

    ces_label_csv_header(text);
    g_assert_true(g_str_has_prefix(text->str, "capture,stream,first_frame,"));
    g_assert_true(strchr(text->str, '\n') == text->str + text->len - 1);
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/labels/json", test_json);
    g_test_add_func("/labels/csv", test_csv);
    g_test_add_func("/labels/text", test_text);
    g_test_add_func("/labels/records", test_records);
    g_test_add_func("/labels/header", test_header);
    return g_test_run();
}
