/* test_report_text.c
 * The reports for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/report_text.h"

#include <string.h>

#include "connections.h"
#include "rows.h"

/* --- lines --------------------------------------------------------------------- */

static const struct wrapping {
    const char *name;
    const char *words;
    guint indent;
    const char *lines;
} wrappings[] = {
    {"nothing", "", 4, "\n"},
    {"one line", "a  b", 4, "a b\n"},
    {"a control character", "a\033[2Jb", 0, "a.[2Jb\n"},
    {"marks of direction", "a\342\200\256b\342\200\250c", 0, "a.b.c\n"},
    {"wide letters", "\346\235\261\346\235\261\346\235\261", 115,
     "\346\235\261\346\235\261\n"
     "                                                                                                              "
     "     \346\235\261\n"},
    {"not UTF-8", "a\377b", 0, "a\357\277\275b\n"},
    {"just fits", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb", 60,
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb\n"},
    {"one too many", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb", 60,
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
     "                                                            bb\n"},
    {"a word too wide", "aaaaaaaaaabbbbbbbbbbcc", 110,
     "aaaaaaaaaa\n"
     "                                                                                                              "
     "bbbbbbbbbb\n"
     "                                                                                                              "
     "cc\n"},
};

static void
test_wrapping(gconstpointer data)
{
    const struct wrapping *row = (const struct wrapping *)data;
    GString *text = g_string_new(NULL);

    ces_report_text_wrap(row->words, row->indent, text);
    g_assert_cmpstr(text->str, ==, row->lines);
    g_string_free(text, TRUE);
}

static void
assert_narrow(const GString *text)
{
    char **lines = g_strsplit(text->str, "\n", -1);

    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, CES_REPORT_TEXT_WIDTH);
    g_strfreev(lines);
}

/* Every service, verdict and outcome, with long names and addresses. */
static void
test_texts_are_narrow(void)
{
    static const guint16 evidences[] = {0, CES_SEEN_SYN, UP, ANSWERED, CES_SEEN_DATA};
    static const host hosts[] = {{"2001:db8:1111:2222:3333:4444:5555:6666", CES_SITE_CLOUD, CES_APPLIANCE_SSH_PROXY},
                                 {"2001:db8:1111:2222:3333:4444:5555:7777", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN},
                                 {"2001:db8:1111:2222:3333:4444:5555:8888", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN},
                                 {"192.0.2.1", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN}};
    char *name = g_strnfill(253, 'n');
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);

    ces_report_text_flow_head(text);
    for (guint i = 0; i < G_N_ELEMENTS(hosts) * G_N_ELEMENTS(hosts) * CES_SERVICE_COUNT; i++) {
        ces_service service = (ces_service)(i % CES_SERVICE_COUNT);
        const host *from = &hosts[i / CES_SERVICE_COUNT % G_N_ELEMENTS(hosts)];
        const host *to = &hosts[i / CES_SERVICE_COUNT / G_N_ELEMENTS(hosts)];
        if (service == CES_SERVICE_NONE)
            continue;
        for (gsize e = 0; e < G_N_ELEMENTS(evidences); e++) {
            connection c;
            connect_hosts(&c, service, from, to, evidences[e]);
            c.flow.first_frame = G_MAXUINT32;
            c.assessment.responder.name = name;
            ces_report_text_flow(&c.assessment, text);
            add_connection(table, &c);
        }
    }
    g_assert_cmpuint(ces_pair_table_count(table), >, 0);
    for (guint i = 0; i < ces_pair_table_count(table); i++)
        ces_report_text_pair(table, ces_pair_table_get(table, i), text);
    assert_narrow(text);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
    g_free(name);
}

/* --- connections ------------------------------------------------------------------ */

static const struct sum {
    const char *name;
    ces_tally tally;
    const char *line;
} sums[] = {
    {"nothing", {.connections = 0}, "No connection on a CES port.\n"},
    {"one",
     {.connections = 1, .verdicts = {[CES_VERDICT_PERMITTED] = 1}, .findings = {[CES_FINDING_FAILED] = 1}},
     "\n1 connection: 1 permitted, 0 blocked, 0 out of scope, 0 undetermined; 1 failed, 0 contradicted.\n"},
    {"several",
     {.connections = 14,
      .verdicts = {[CES_VERDICT_PERMITTED] = 2,
                   [CES_VERDICT_BLOCKED] = 3,
                   [CES_VERDICT_OUT_OF_SCOPE] = 4,
                   [CES_VERDICT_UNDETERMINED] = 5},
      .findings = {[CES_FINDING_FAILED] = 1, [CES_FINDING_CONTRADICTED] = 2, [CES_FINDING_OPEN] = 9},
      .results = {[CES_RESULT_WORKING] = 4, [CES_RESULT_BROKEN] = 3, [CES_RESULT_SILENT] = 1}},
     "\n14 connections: 2 permitted, 3 blocked, 4 out of scope, 5 undetermined; 1 failed, 2 contradicted; service "
     "broken "
     "on 3,\nsilent on 1.\n"},
    {"as many as can be counted",
     {.connections = G_MAXUINT},
     "\n4294967295 connections: 0 permitted, 0 blocked, 0 out of scope, 0 undetermined; 0 failed, 0 contradicted.\n"},
};

static void
test_sum(gconstpointer data)
{
    const struct sum *row = (const struct sum *)data;
    GString *text = g_string_new(NULL);

    ces_report_text_flow_sum(&row->tally, text);
    g_assert_cmpstr(text->str, ==, row->line);
    g_string_free(text, TRUE);
}

/* The values stand under their titles; below them who, when, and why. */
static void
test_connection(void)
{
    connection c;
    GString *text = g_string_new(NULL);

    connect_hosts(&c, CES_SERVICE_SPAM_QUARANTINE, &outer_esa, &cloud_host, CES_SEEN_SYN);
    c.assessment.initiator.name = "esa1";
    c.assessment.seen_from = CES_SIDE_INITIATOR;
    ces_report_text_flow_head(text);
    ces_report_text_flow(&c.assessment, text);
    g_assert_cmpstr(
        text->str, ==,
        "  Packet  Verdict       Outcome      Finding       Result     Service          Direction      Support\n"
        "       1  blocked       unanswered   confirmed     unknown    Spam Quarantine  inbound        unsupported\n"
        "          198.51.100.10:50001 (external, esa, esa1) -> 203.0.113.20:6025 (cloud)\n"
        "          2026-11-25 02:13:07.123456 UTC, 1.5 s, 9 packets, 1 attempt\n"
        "          Why:  Opened from outside into the CES data centre, where only 25 and 587 may be opened inbound. "
        "If\n"
        "                203.0.113.20 is an SMA: A cloud SMA cannot hold the Spam Quarantine of an external ESA.\n"
        "          Next: Keep the Spam Quarantine on the ESA or on an SMA of your own.\n");
    g_string_free(text, TRUE);
}

/* The course of a connection: when, how much, who ended it, and why it is no good. */
static const struct course {
    const char *name;
    ces_time start;
    guint syns;
    ces_ended ended;
    ces_seen_from seen_from;
    ces_cause cause;
    const char *line;
} courses[] = {
    {"reset", MORNING, 1, CES_ENDED_RESPONDER_RST, CES_SIDE_BOTH, CES_CAUSE_NONE,
     "2026-11-25 02:13:07.123456 UTC, 1.5 s, 9 packets, reset by the responder"},
    {"closed, one side", MORNING, 1, CES_ENDED_INITIATOR_FIN, CES_SIDE_RESPONDER, CES_CAUSE_NONE,
     "2026-11-25 02:13:07.123456 UTC, 1.5 s, 9 packets, closed by the initiator, only the responder's packets seen"},
    {"cause", MORNING, 1, CES_ENDED_RESPONDER_FIN, CES_SIDE_BOTH, CES_CAUSE_NO_BANNER,
     "2026-11-25 02:13:07.123456 UTC, 1.5 s, 9 packets, closed by the responder; cause: no_banner"},
    {"two attempts", MORNING, 2, CES_ENDED_OPEN, CES_SIDE_BOTH, CES_CAUSE_NONE,
     "2026-11-25 02:13:07.123456 UTC, 1.5 s, 9 packets, 2 attempts over 1.0 s"},
    {"no time", CES_TIME_UNKNOWN, 1, CES_ENDED_OPEN, CES_SIDE_BOTH, CES_CAUSE_NONE, "Time unknown, 9 packets"},
    {"backwards", MORNING + 9 * CES_SECOND, 1, CES_ENDED_OPEN, CES_SIDE_BOTH, CES_CAUSE_NONE,
     "Time unknown, 9 packets"},
};

static void
test_course(gconstpointer data)
{
    const struct course *row = (const struct course *)data;
    connection c;
    GString *text = g_string_new(NULL);

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.flow.start = row->start;
    c.flow.syns = row->syns;
    c.flow.last_attempt = CES_SECOND;
    c.assessment.ended = row->ended;
    c.assessment.seen_from = row->seen_from;
    c.assessment.cause = row->cause;
    ces_report_text_flow(&c.assessment, text);
    char **lines = g_strsplit(text->str, "\n", -1);
    g_assert_cmpstr(g_strchug(lines[2]), ==, row->line);
    g_strfreev(lines);
    g_string_free(text, TRUE);
}

/* The setting can be typed as it stands, the connection can be found, and
 * nobody takes the report for good news. */
static void
test_missing_sites(void)
{
    static const host nobody = {"192.0.2.1", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    static const host nobody_else = {"192.0.2.2", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    connection c;
    GString *text = g_string_new(NULL), *words = g_string_new(NULL);

    connect_hosts(&c, CES_SERVICE_SMTP, &nobody, &nobody_else, UP);
    ces_say_missing_sites(&c.assessment, words);
    ces_report_text_missing_sites(words->str, 3, 4, text);
    assert_narrow(text);
    g_assert_true(g_str_has_prefix(
        text->str, "\n*** NOT JUDGED: 3 of 4 connections. This report is no good news for them. ***\nNo CES network"));
    g_assert_true(g_str_has_suffix(text->str, "\n"));
    g_strdelimit(text->str, "\n", ' ');
    g_assert_nonnull(strstr(text->str, " -o 'uat:ces_sites:\"203.0.113.0/24\",\"cloud\",\"any\",\"my CES\"'"));
    g_assert_nonnull(strstr(text->str, "192.0.2.1:50001"));
    g_assert_nonnull(strstr(text->str, "192.0.2.2:25"));
    g_string_free(words, TRUE);
    g_string_free(text, TRUE);
}

/* --- pairs ------------------------------------------------------------------------ */

/* Among the lines are such that begin like this, in this order. */
static void
assert_lines_begin(const GString *text, const char *const *wanted)
{
    const char *line = text->str;

    for (; *wanted; wanted++) {
        while (line && !g_str_has_prefix(line, *wanted))
            line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
        if (!line)
            g_error("no line begins \"%s\", or not in this order:\n%s", *wanted, text->str);
    }
}

static void
test_pair(void)
{
    static const char *const lines[] = {
        "SMA 203.0.113.20 (cloud, sma) and ESA 198.51.100.10 (external, esa)\n",
        "                    Supported  Seen         Result     Because\n",
        "  Reporting         yes        established  unknown    Opened",
        "  Message Tracking  yes        established  unknown    As for Reporting.\n",
        "  Spam Quarantine   no         unanswered   unknown    ",
        "  PVO Quarantine    no         not_seen     -          ",
        "  The sync was seen established",
        NULL,
    };
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);

    add_to(table, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    add_to(table, CES_SERVICE_SPAM_QUARANTINE, &outer_esa, &cloud_sma, CES_SEEN_SYN);
    g_assert_cmpuint(ces_pair_table_count(table), ==, 1);
    ces_report_text_pair(table, ces_pair_table_get(table, 0), text);
    assert_lines_begin(text, lines);
    assert_narrow(text);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

static void
test_no_pair(void)
{
    GString *text = g_string_new(NULL);

    ces_report_text_no_pair(text);
    g_assert_cmpstr(text->str, ==, "No connection that ties an SMA to an ESA across the edge of a CES data centre.\n");
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("report_text/wrapping", wrappings, test_wrapping);
    g_test_add_func("/core/report_text/texts are narrow", test_texts_are_narrow);
    ROWS_ADD("report_text/sum", sums, test_sum);
    ROWS_ADD("report_text/course", courses, test_course);
    g_test_add_func("/core/report_text/connection", test_connection);
    g_test_add_func("/core/report_text/missing sites", test_missing_sites);
    g_test_add_func("/core/report_text/pair", test_pair);
    g_test_add_func("/core/report_text/no pair", test_no_pair);
    return g_test_run();
}
