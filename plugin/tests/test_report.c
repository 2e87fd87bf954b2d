/* test_report.c
 * Counting, choosing, and reports as they leave.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

#include <string.h>

#include <ces/drawing.h>

#include "connections.h"
#include "rows.h"

/* --- counts -------------------------------------------------------------------- */

static guint
counted(const ces_tally *tally, const char *title, const char *word)
{
    ces_tally_branch branch;

    for (guint index = 0; ces_tally_describe(tally, index, &branch); index++)
        for (guint i = 0; i < branch.word_count; i++)
            if (strcmp(branch.title, title) == 0 && g_strcmp0(branch.words[i], word) == 0)
                return branch.counts[i];
    g_assert_not_reached();
}

static void
test_tally(void)
{
    ces_tally tally = {0};
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP);
    c.assessment.result = CES_RESULT_BROKEN;
    c.assessment.cause = CES_CAUSE_NO_BANNER;
    c.assessment.ended = CES_ENDED_RESPONDER_FIN;
    ces_tally_add(&tally, &c.assessment);
    connect_hosts(&c, CES_SERVICE_SPAM_QUARANTINE, &outer_host, &cloud_host, CES_SEEN_SYN);
    c.assessment.seen_from = CES_SIDE_INITIATOR;
    ces_tally_add(&tally, &c.assessment);

    g_assert_cmpuint(tally.connections, ==, 2);
    g_assert_cmpuint(counted(&tally, "Service", "sync"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Service", "smtp"), ==, 0);
    g_assert_cmpuint(counted(&tally, "Direction", "inbound"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Verdict", "blocked"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Support", "unsupported"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Outcome", "established"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Finding", "confirmed"), ==, 2);
    g_assert_cmpuint(counted(&tally, "Result", "broken"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Cause", "no_banner"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Roles", "assumed"), ==, 2);
    g_assert_cmpuint(counted(&tally, "Ended", "responder_fin"), ==, 1);
    g_assert_cmpuint(counted(&tally, "Seen from", "initiator"), ==, 1);
}

/* --- selections ------------------------------------------------------------------ */

static void
test_selection(void)
{
    ces_selection *selection = ces_selection_new();
    ces_flow flows[3];

    g_assert_true(ces_selection_contains(NULL, &flows[0]));
    g_assert_false(ces_selection_contains(selection, &flows[0]));
    g_assert_true(ces_selection_add(selection, &flows[0]));
    g_assert_false(ces_selection_add(selection, &flows[0]));
    g_assert_true(ces_selection_add(selection, &flows[1]));
    g_assert_false(ces_selection_add(selection, &flows[0]));
    g_assert_true(ces_selection_contains(selection, &flows[0]));
    g_assert_false(ces_selection_contains(selection, &flows[2]));
    ces_selection_reset(selection);
    g_assert_false(ces_selection_contains(selection, &flows[0]));
    g_assert_true(ces_selection_add(selection, &flows[0]));
    ces_selection_free(selection);
    ces_selection_free(NULL);
}

/* --- formats ------------------------------------------------------------------------ */

static const struct parsing {
    const char *name, *token;
    int format; /* -1: none */
} parsings[] = {
    {"text", "text", CES_REPORT_TEXT}, {"csv", "csv", CES_REPORT_CSV},
    {"json", "json", CES_REPORT_JSON}, {"nothing", "", -1},
    {"too short", "jso", -1},          {"too long", "jsonl", -1},
    {"upper case", "JSON", -1},        {"no token", "?", -1},
};

static void
test_parsing(gconstpointer data)
{
    const struct parsing *row = (const struct parsing *)data;
    ces_report_format format = CES_REPORT_TEXT;

    g_assert_cmpint(ces_report_format_parse(row->token, strlen(row->token), &format), ==, row->format >= 0);
    if (row->format >= 0) {
        g_assert_cmpint(format, ==, row->format);
        g_assert_cmpstr(ces_report_format_token(format), ==, row->token);
    }
}

static const struct argument {
    const char *name, *rest;
    gboolean is_good;
    ces_report_format format;
    const char *filter;
} arguments[] = {
    {"nothing", "", TRUE, CES_REPORT_TEXT, NULL},
    {"a format", ",json", TRUE, CES_REPORT_JSON, NULL},
    {"format and filter", ",csv,tcp.port in {22, 25}", TRUE, CES_REPORT_CSV, "tcp.port in {22, 25}"},
    {"filter alone", ",,ip", TRUE, CES_REPORT_TEXT, "ip"},
    {"empty both", ",,", TRUE, CES_REPORT_TEXT, NULL},
    {"comma alone", ",", TRUE, CES_REPORT_TEXT, NULL},
    {"no format", ",xml", FALSE, CES_REPORT_TEXT, NULL},
    {"longer name", "x", FALSE, CES_REPORT_TEXT, NULL},
};

static void
test_argument(gconstpointer data)
{
    const struct argument *row = (const struct argument *)data;
    ces_report_format format;
    const char *filter;

    g_assert_cmpint(ces_report_argument_parse(row->rest, &format, &filter), ==, row->is_good);
    g_assert_cmpint(format, ==, row->format);
    g_assert_cmpstr(filter, ==, row->filter);
}

/* --- pieces of a report --------------------------------------------------------------- */

/* An output that takes so many pieces. */
typedef struct {
    GString *text;
    guint pieces, most;
} sink;

static gboolean
take(const char *text, gsize length, gpointer data)
{
    sink *to = (sink *)data;

    g_assert_cmpuint(to->pieces, <, to->most);
    g_assert_cmpint(text[length - 1], ==, '\n'); /* whole records */
    g_string_append_len(to->text, text, (gssize)length);
    return ++to->pieces < to->most;
}

static gboolean
draw(sink *to, ces_report_format format, const connection *c, guint count)
{
    ces_drawing *drawing = ces_drawing_new(format, take, to);
    ces_drawing_head_of_flows(drawing);
    for (guint i = 0; i < count && ces_drawing_add_flow(drawing, &c->assessment); i++)
        continue;
    ces_drawing_foot_of_flows(drawing);
    return ces_drawing_end(drawing);
}

static guint
lines_in(const char *text)
{
    guint lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void
test_pieces(void)
{
    enum { RECORDS = 1000 };
    sink to = {g_string_new(NULL), 0, G_MAXUINT};
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    g_assert_true(draw(&to, CES_REPORT_JSON, &c, RECORDS));
    g_assert_cmpuint(lines_in(to.text->str), ==, RECORDS);
    g_assert_cmpuint(to.pieces, <, RECORDS / 10);

    g_string_truncate(to.text, 0);
    g_assert_true(draw(&to, CES_REPORT_CSV, &c, RECORDS));
    g_assert_cmpuint(lines_in(to.text->str), ==, RECORDS + 1);

    g_string_truncate(to.text, 0);
    g_assert_true(draw(&to, CES_REPORT_JSON, &c, 0));
    g_assert_cmpstr(to.text->str, ==, "");
    g_assert_true(draw(&to, CES_REPORT_TEXT, &c, 0));
    g_assert_cmpstr(to.text->str, ==, "No connection on a CES port.\n");
    g_string_free(to.text, TRUE);
}

/* An output that fails is not asked again, and the report says so. */
static void
test_full_disk(void)
{
    sink to = {g_string_new(NULL), 0, 2};
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    g_assert_false(draw(&to, CES_REPORT_JSON, &c, 10000));
    g_assert_cmpuint(to.pieces, ==, 2);
    g_string_free(to.text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/report/tally", test_tally);
    g_test_add_func("/core/report/selection", test_selection);
    ROWS_ADD("report/format", parsings, test_parsing);
    ROWS_ADD("report/argument", arguments, test_argument);
    g_test_add_func("/core/report/pieces", test_pieces);
    g_test_add_func("/core/report/full disk", test_full_disk);
    return g_test_run();
}
