/* test_report_walk.c
 * Reports of an analysis: which flows they are of, in what order, and what
 * they say when nothing could be judged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

#include "capture_maker.h"

/* --- a capture ---------------------------------------------------------------------- */

static ces_analysis *
analysis_with(gsize row_count)
{
    ces_settings_text text = ces_settings_text_default();
    ces_site_row row = {.site = CES_SITE_CLOUD, .name = ""};

    g_assert_true(ces_network_parse("203.0.113.0/24", &row.network, NULL));
    text.rows = &row;
    text.row_count = row_count;
    ces_settings *settings = ces_settings_new(&text, NULL);
    ces_analysis *analysis = ces_analysis_new(settings);
    ces_settings_unref(settings);
    return analysis;
}

/* Three connections: a sync that is not answered, mail, a blocked delivery. */
typedef struct {
    ces_analysis *analysis;
    const ces_flow *flows[3];
} made;

static made
make_capture(gsize row_count)
{
    made m = {.analysis = analysis_with(row_count)};
    capture_maker capture = capture_of(m.analysis);

    m.flows[0] = attempt(&capture, "203.0.113.20", 50001, "198.51.100.10", 22).latest.sighting.flow;
    m.flows[1] = converse(&capture, "198.51.100.30", 50002, "203.0.113.10", 25).latest.sighting.flow;
    m.flows[2] = attempt(&capture, "198.51.100.10", 50003, "203.0.113.20", 6025).latest.sighting.flow;
    wait_for(&capture, 10);
    next_packet(&capture);
    return m;
}

static gboolean
take(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

static gboolean
refuse(const char *text G_GNUC_UNUSED, gsize length G_GNUC_UNUSED, gpointer data)
{
    ++*(guint *)data;
    return FALSE;
}

static char *
flows_of(const made *m, ces_report_format format, const ces_selection *selection)
{
    GString *text = g_string_new(NULL);

    g_assert_true(ces_report_flows(m->analysis, format, selection, take, text));
    return g_string_free(text, FALSE);
}

static char *
pairs_of(const made *m, ces_report_format format, const ces_selection *selection)
{
    GString *text = g_string_new(NULL);

    g_assert_true(ces_report_pairs(m->analysis, format, selection, "night.pcap", take, text));
    return g_string_free(text, FALSE);
}

/* Every line begins as wanted, and there are no more. */
static void
expect_lines(char *text, const char *const *begin)
{
    char **lines = g_strsplit(text, "\n", -1);
    guint count = g_strv_length(lines), i = 0;

    for (; begin[i]; i++)
        if (i >= count || !g_str_has_prefix(lines[i], begin[i]))
            g_error("line %u does not begin \"%s\" in:\n%s", i, begin[i], text);
    g_assert_cmpuint(count, ==, i ? i + 1 : 0); /* an empty string behind the last line */
    g_strfreev(lines);
    g_free(text);
}

/* --- connections --------------------------------------------------------------------- */

static void
test_flows(void)
{
    static const char *const all[] = {
        "{\"stream\":null,\"first_frame\":1,\"last_frame\":1,\"start\":\"2025-11-24T16:00:00",
        "{\"stream\":null,\"first_frame\":2,", "{\"stream\":null,\"first_frame\":5,", NULL};
    static const char *const one[] = {"{\"stream\":null,\"first_frame\":2,", NULL};
    static const char *const csv[] = {"stream,first_frame,", ",2,4,", NULL};
    made m = make_capture(1);
    ces_selection *selection = ces_selection_new();

    expect_lines(flows_of(&m, CES_REPORT_JSON, NULL), all);
    expect_lines(flows_of(&m, CES_REPORT_JSON, selection), all + 3);
    ces_selection_add(selection, m.flows[1]);
    expect_lines(flows_of(&m, CES_REPORT_JSON, selection), one);
    expect_lines(flows_of(&m, CES_REPORT_CSV, selection), csv);
    ces_selection_free(selection);
    ces_analysis_free(m.analysis);
}

static void
test_tally(void)
{
    made m = make_capture(1);
    ces_tally tally = {0};

    ces_tally_all(m.analysis, NULL, &tally);
    g_assert_cmpuint(tally.connections, ==, 3);
    g_assert_cmpuint(tally.findings[CES_FINDING_FAILED], ==, 1);
    g_assert_cmpuint(tally.verdicts[CES_VERDICT_BLOCKED], ==, 1);
    g_assert_cmpuint(tally.services[CES_SERVICE_SMTP], ==, 1);
    ces_analysis_free(m.analysis);
}

/* --- pairs ------------------------------------------------------------------------------ */

static void
test_pairs(void)
{
    static const char *const csv[] = {"sma.address,", "203.0.113.20,cloud,unknown,configured,,198.51.100.10,", NULL};
    made m = make_capture(1);
    char *json = pairs_of(&m, CES_REPORT_JSON, NULL);

    g_assert_nonnull(strstr(json,
                            "\"reporting\":{\"support\":\"supported\",\"seen\":\"unanswered\",\"result\":\"unknown\","
                            "\"history\":[{\"from\":\"2025-11-24T16:00:00.010000Z\","
                            "\"to\":\"2025-11-24T16:00:00.010000Z\",\"connections\":1,\"outcome\":\"unanswered\","
                            "\"result\":\"unknown\",\"capture\":\"night.pcap\",\"frame\":1}]}"));
    g_assert_nonnull(strstr(json, "\"conclusion\":\"If 203.0.113.20 is an SMA: the sync failed (unanswered), though"));
    g_assert_true(g_str_has_suffix(json, "\"}\n"));
    g_free(json);
    expect_lines(pairs_of(&m, CES_REPORT_CSV, NULL), csv);
    ces_analysis_free(m.analysis);
}

/* --- what is missing ---------------------------------------------------------------------- */

static void
test_judged(void)
{
    made m = make_capture(1);
    GString *text = g_string_new(NULL);

    g_assert_false(ces_report_missing_sites(m.analysis, NULL, text));
    g_assert_cmpstr(text->str, ==, "");
    char *flows = flows_of(&m, CES_REPORT_TEXT, NULL);
    g_assert_null(strstr(flows, "NOT JUDGED"));
    g_free(flows);
    g_string_free(text, TRUE);
    ces_analysis_free(m.analysis);
}

static void
test_not_judged(void)
{
    made m = make_capture(0);
    GString *text = g_string_new(NULL);

    g_assert_true(ces_report_missing_sites(m.analysis, NULL, text));
    g_assert_true(g_str_has_prefix(text->str, "No CES network is known"));
    g_assert_null(strchr(text->str, '\n'));
    char *flows = flows_of(&m, CES_REPORT_TEXT, NULL), *pairs = pairs_of(&m, CES_REPORT_TEXT, NULL);
    g_assert_nonnull(strstr(flows, "\n*** NOT JUDGED: 3 of 3 connections."));
    g_assert_nonnull(strstr(pairs, "\n*** NOT JUDGED: 3 of 3 connections."));
    g_free(flows), g_free(pairs);
    g_string_free(text, TRUE);
    ces_analysis_free(m.analysis);
}

static void
test_refused(void)
{
    made m = make_capture(1);
    guint asked = 0;

    g_assert_false(ces_report_flows(m.analysis, CES_REPORT_TEXT, NULL, refuse, &asked));
    g_assert_false(ces_report_pairs(m.analysis, CES_REPORT_JSON, NULL, NULL, refuse, &asked));
    g_assert_cmpuint(asked, ==, 2);
    ces_analysis_free(m.analysis);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/report_walk/flows", test_flows);
    g_test_add_func("/core/report_walk/tally", test_tally);
    g_test_add_func("/core/report_walk/pairs", test_pairs);
    g_test_add_func("/core/report_walk/judged", test_judged);
    g_test_add_func("/core/report_walk/not judged", test_not_judged);
    g_test_add_func("/core/report_walk/refused", test_refused);
    return g_test_run();
}
