/* test_report.c
 * What the reports count, join and conclude, and how their records are
 * written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/record.h"

#include <string.h>

#include "connections.h"
#include "rows.h"

/* --- counting ------------------------------------------------------------------ */

static void
test_tally(void)
{
    ces_tally tally = {0};
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP);
    ces_tally_add(&tally, &c.assessment);
    connect_hosts(&c, CES_SERVICE_SPAM_QUARANTINE, &outer_host, &cloud_host, CES_SEEN_SYN);
    ces_tally_add(&tally, &c.assessment);

    g_assert_cmpuint(tally.connections, ==, 2);
    g_assert_cmpuint(tally.services[CES_SERVICE_SYNC], ==, 1);
    g_assert_cmpuint(tally.directions[CES_DIRECTION_INBOUND], ==, 1);
    g_assert_cmpuint(tally.verdicts[CES_VERDICT_BLOCKED], ==, 1);
    g_assert_cmpuint(tally.outcomes[CES_OUTCOME_ESTABLISHED], ==, 1);
    g_assert_cmpuint(tally.findings[CES_FINDING_CONFIRMED], ==, 2);
}

/* --- which connections make a pair ------------------------------------------------ */

static const host outer_proxy = {"198.51.100.30", CES_SITE_EXTERNAL, CES_APPLIANCE_SSH_PROXY};
static const host nowhere = {"192.0.2.1", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};

static const struct joining {
    const char *name;
    ces_service service;
    const host *from, *to;
    const char *sma, *esa; /* NULL: no pair */
} joinings[] = {
    {"sync by unknown hosts", CES_SERVICE_SYNC, &cloud_host, &outer_host, "203.0.113.20", "198.51.100.10"},
    {"spam by unknown hosts", CES_SERVICE_SPAM_QUARANTINE, &outer_host, &cloud_host, "203.0.113.20", "198.51.100.10"},
    {"pvo by unknown hosts", CES_SERVICE_PVO_QUARANTINE, &outer_host, &cloud_host, "203.0.113.20", "198.51.100.10"},
    {"pvo release", CES_SERVICE_PVO_QUARANTINE, &cloud_sma, &outer_esa, "203.0.113.20", "198.51.100.10"},
    {"blocked sync", CES_SERVICE_SYNC, &outer_sma, &cloud_esa, "198.51.100.20", "203.0.113.10"},
    {"mail", CES_SERVICE_SMTP, &outer_host, &cloud_host, NULL, NULL},
    {"log push", CES_SERVICE_SYNC, &outer_esa, &cloud_sma, NULL, NULL},
    {"jump host", CES_SERVICE_SYNC, &cloud_host, &outer_proxy, NULL, NULL},
    {"same side", CES_SERVICE_SYNC, &outer_sma, &outer_esa, NULL, NULL},
    {"unknown side", CES_SERVICE_SYNC, &nowhere, &outer_esa, NULL, NULL},
};

static void
test_joining(gconstpointer data)
{
    const struct joining *row = (const struct joining *)data;
    ces_pair_table *table = ces_pair_table_new(NULL);
    char text[CES_ADDRESS_TEXT];

    int index = add_to(table, row->service, row->from, row->to, UP);
    g_assert_cmpint(index, ==, row->sma ? 0 : -1);
    g_assert_cmpuint(ces_pair_table_count(table), ==, row->sma ? 1 : 0);
    if (row->sma) {
        const ces_pair *pair = ces_pair_table_get(table, 0);
        g_assert_cmpstr(ces_address_text(&pair->sma.address, text), ==, row->sma);
        g_assert_cmpstr(ces_address_text(&pair->esa.address, text), ==, row->esa);
    }
    ces_pair_table_free(table);
}

/* Two rows of one appliance; a network whose name is no appliance's. */
static void
test_names_join_addresses(void)
{
    const struct {
        const char *network, *name;
        ces_site site;
    } typed[] = {{"203.0.113.20", "sma1", CES_SITE_CLOUD},
                 {"2001:db8::20", "sma1", CES_SITE_CLOUD},
                 {"198.51.100.0/24", "head office", CES_SITE_EXTERNAL}};
    static const host sma6 = {"2001:db8::20", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN};
    static const host other_esa = {"198.51.100.11", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN};
    ces_site_row rows[G_N_ELEMENTS(typed)];

    for (gsize i = 0; i < G_N_ELEMENTS(typed); i++) {
        rows[i] = (ces_site_row){.site = typed[i].site, .name = typed[i].name};
        g_assert_true(ces_network_parse(typed[i].network, &rows[i].network, NULL));
    }
    ces_site_table *sites = ces_site_table_new(rows, G_N_ELEMENTS(rows), NULL);
    ces_pair_table *table = ces_pair_table_new(sites);

    g_assert_cmpint(add_to(table, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP), ==, 0);
    g_assert_cmpint(add_to(table, CES_SERVICE_SYNC, &sma6, &outer_host, UP), ==, 0);
    g_assert_cmpint(add_to(table, CES_SERVICE_SYNC, &sma6, &other_esa, UP), ==, 1);
    ces_pair_table_free(table);
    ces_site_table_free(sites);
}

/* --- what was seen ------------------------------------------------------------------ */

/* The connection that shows most is reported, in whatever order they come. */
static void
test_best_is_seen(void)
{
    static const guint16 evidences[] = {0, CES_SEEN_SYN, UP, ANSWERED, CES_SEEN_SYN | CES_SEEN_RST_ANSWER};
    ces_pair_table *table = ces_pair_table_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(evidences); i++)
        add_to(table, CES_SERVICE_SYNC, &cloud_host, &outer_host, evidences[i]);
    const ces_pair *pair = ces_pair_table_get(table, 0);
    g_assert_cmpstr(ces_pair_seen(pair, CES_FUNCTION_REPORTING), ==, "established");
    g_assert_cmpstr(ces_pair_seen(pair, CES_FUNCTION_MESSAGE_TRACKING), ==, "established");
    g_assert_cmpstr(ces_pair_seen(pair, CES_FUNCTION_SPAM_QUARANTINE), ==, "not_seen");
    ces_pair_table_free(table);
}

/* A release that got through must not hide that deliveries do not. */
static void
test_delivery_before_release(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_to(table, CES_SERVICE_PVO_QUARANTINE, &cloud_sma, &outer_esa, UP);
    g_assert_cmpstr(ces_pair_seen(ces_pair_table_get(table, 0), CES_FUNCTION_PVO_QUARANTINE), ==, "established");
    add_to(table, CES_SERVICE_PVO_QUARANTINE, &outer_esa, &cloud_sma, CES_SEEN_SYN);
    g_assert_cmpuint(ces_pair_table_count(table), ==, 1);
    g_assert_cmpstr(ces_pair_seen(ces_pair_table_get(table, 0), CES_FUNCTION_PVO_QUARANTINE), ==, "unanswered");
    ces_pair_table_free(table);
}

static void
test_support_of_functions(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_to(table, CES_SERVICE_SPAM_QUARANTINE, &outer_esa, &cloud_sma, CES_SEEN_SYN);
    const ces_pair *pair = ces_pair_table_get(table, 0);
    g_assert_cmpint(ces_pair_support(pair, CES_FUNCTION_REPORTING).support, ==, CES_SUPPORT_SUPPORTED);
    g_assert_cmpint(ces_pair_support(pair, CES_FUNCTION_MESSAGE_TRACKING).support, ==, CES_SUPPORT_SUPPORTED);
    g_assert_cmpint(ces_pair_support(pair, CES_FUNCTION_SPAM_QUARANTINE).support, ==, CES_SUPPORT_UNSUPPORTED);
    g_assert_cmpint(ces_pair_support(pair, CES_FUNCTION_PVO_QUARANTINE).support, ==, CES_SUPPORT_UNSUPPORTED);
    g_assert_cmpint(ces_pair_ruling(pair, CES_FUNCTION_REPORTING).verdict, ==, CES_VERDICT_PERMITTED);
    g_assert_cmpint(ces_pair_ruling(pair, CES_FUNCTION_SPAM_QUARANTINE).verdict, ==, CES_VERDICT_BLOCKED);
    ces_pair_table_free(table);
}

/* --- conclusions -------------------------------------------------------------------- */

/* NOT: the connection is not in the capture. */
#define NOT G_MAXUINT16

static const struct conclusion {
    const char *name;
    gboolean sma_in_cloud;
    guint16 sync, spam, pvo;
    const char *says; /* in the conclusion, parts separated by "|" */
    const char *never;
} conclusions[] = {
    {"works as supported", TRUE, UP, NOT, NOT, "seen established|can work|Quarantine cannot work", "yet"},
    {"sync not seen", TRUE, NOT, CES_SEEN_SYN, NOT, "Sync not seen|Spam Quarantine was blocked (unanswered)",
     "can work"},
    {"sync fails", TRUE, CES_SEEN_SYN, NOT, NOT, "the sync failed (unanswered)", "can work."},
    {"sync half open", TRUE, ANSWERED, NOT, NOT, "not taken up", "can work."},
    {"sync midstream", TRUE, CES_SEEN_DATA, NOT, NOT, "before the capture began", "can work."},
    {"sync stray", TRUE, 0, NOT, NOT, "prove nothing", "can work."},
    {"quarantine got in", TRUE, UP, UP, NOT, "Spam Quarantine should be blocked, yet it got through", "cannot work"},
    {"6025 permitted, 22 blocked", FALSE, CES_SEEN_SYN, UP, UP,
     "sync is blocked (unanswered)|nothing can work|Spam Quarantine is let out and got through, yet it cannot work "
     "without the sync|PVO Quarantine is let out",
     "Reporting and Message Tracking can work"},
    {"6025 permitted, 22 not seen", FALSE, NOT, UP, NOT, "Sync not seen|nothing can work|cannot work without the sync",
     NULL},
    {"6025 refused outside", FALSE, NOT, CES_SEEN_SYN | CES_SEEN_RST_ANSWER, NOT,
     "Sync not seen|let out by CES, yet it failed (refused)", NULL},
    {"blocked sync half open", FALSE, ANSWERED, NOT, NOT,
     "The sync should be blocked, yet it was answered, and not taken up|nothing can work", "got through"},
    {"blocked sync stray", FALSE, 0, NOT, NOT, "only stray packets were seen|blocks it inbound|nothing can work",
     "yet"},
    {"blocked sync midstream", FALSE, CES_SEEN_DATA, NOT, NOT, "The sync should be blocked, yet it got through", NULL},
    {"quarantine half open", TRUE, UP, ANSWERED, NOT,
     "Spam Quarantine was not seen to complete|Spam Quarantine and PVO Quarantine cannot work", "yet"},
    {"pvo rejected", TRUE, UP, NOT, CES_SEEN_SYN | CES_SEEN_ICMP_REFUSAL, "PVO Quarantine was blocked (rejected)",
     "yet"},
    {"blocked sync got in", FALSE, UP, UP, NOT, "should be blocked, yet it got through|not supported",
     "cannot work without"},
};

static void
assert_says(const char *text, const char *says, const char *never)
{
    char **parts = g_strsplit(says, "|", -1);

    for (char **part = parts; *part; part++)
        if (!strstr(text, *part))
            g_error("\"%s\" is missing in: %s", *part, text);
    if (never && strstr(text, never))
        g_error("\"%s\" is in: %s", never, text);
    g_strfreev(parts);
}

static void
test_conclusion(gconstpointer data)
{
    const struct conclusion *row = (const struct conclusion *)data;
    const host *sma = row->sma_in_cloud ? &cloud_sma : &outer_sma;
    const host *esa = row->sma_in_cloud ? &outer_esa : &cloud_esa;
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);

    if (row->sync != NOT)
        add_to(table, CES_SERVICE_SYNC, sma, esa, row->sync);
    if (row->spam != NOT)
        add_to(table, CES_SERVICE_SPAM_QUARANTINE, esa, sma, row->spam);
    if (row->pvo != NOT)
        add_to(table, CES_SERVICE_PVO_QUARANTINE, esa, sma, row->pvo);
    ces_say_conclusion(table, ces_pair_table_get(table, 0), text);

    assert_says(text->str, row->says, row->never);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

/* 7025 opened by a known SMA: permitted out of the cloud, blocked into it. */
static const struct release {
    const char *name;
    gboolean sma_in_cloud;
    guint16 evidence;
    const char *says;
    const char *never;
} releases[] = {
    {"permitted, got through", TRUE, UP,
     "Mail was released from the PVO Quarantine, which is permitted|Spam Quarantine and PVO Quarantine cannot work",
     "blocked"},
    {"permitted, midstream", TRUE, CES_SEEN_DATA, "which is permitted", "blocked"},
    {"permitted, unanswered", TRUE, CES_SEEN_SYN, "A release from the PVO Quarantine failed (unanswered)", "blocked"},
    {"permitted, half open", TRUE, ANSWERED, "A release from the PVO Quarantine was not seen to complete", "failed"},
    {"blocked, got through", FALSE, UP, "A release from the PVO Quarantine should be blocked, yet it got through",
     "permitted"},
    {"blocked, refused", FALSE, CES_SEEN_SYN | CES_SEEN_RST_ANSWER,
     "A release from the PVO Quarantine was blocked (refused)", "failed"},
    {"blocked, half open", FALSE, ANSWERED, "A release from the PVO Quarantine was not seen to complete",
     "was blocked"},
    {"blocked, stray", FALSE, 0, "A release from the PVO Quarantine was not seen to complete", "was blocked"},
};

static void
test_release(gconstpointer data)
{
    const struct release *row = (const struct release *)data;
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);

    add_to(table, CES_SERVICE_PVO_QUARANTINE, row->sma_in_cloud ? &cloud_sma : &outer_sma,
           row->sma_in_cloud ? &outer_esa : &cloud_esa, row->evidence);
    ces_say_conclusion(table, ces_pair_table_get(table, 0), text);
    assert_says(text->str, row->says, row->never);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

/* 22 and 7025 opened by the same host of unknown type. */
static void
test_hint_at_release(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);

    add_to(table, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP);
    int reverse = add_to(table, CES_SERVICE_PVO_QUARANTINE, &cloud_host, &outer_host, UP);
    g_assert_cmpint(reverse, ==, 1);
    ces_say_conclusion(table, ces_pair_table_get(table, 1), text);
    g_assert_nonnull(strstr(text->str, "rather a release"));
    g_string_truncate(text, 0);
    ces_say_conclusion(table, ces_pair_table_get(table, 0), text);
    g_assert_null(strstr(text->str, "rather a release"));
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

/* --- records ------------------------------------------------------------------------ */

static void
test_csv(void)
{
    connection c;
    ces_csv csv;
    GString *text = g_string_new(NULL);

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.assessment.initiator.name = "a \"b\", c";
    c.assessment.responder.name = "two\nlines";
    ces_csv_init(&csv, text);
    ces_csv_flow_header(&csv);
    g_assert_cmpstr(text->str, ==,
                    "stream,first_frame,last_frame,packets,syns,service,opening,direction,verdict,support,outcome,"
                    "finding,reason,initiator.address,initiator.port,initiator.site,initiator.appliance,"
                    "initiator.basis,initiator.name,responder.address,responder.port,responder.site,"
                    "responder.appliance,responder.basis,responder.name\n");
    g_string_truncate(text, 0);
    ces_record_flow(&c.assessment, &csv.writer);
    ces_csv_end_line(&csv);
    g_assert_true(g_str_has_prefix(text->str, ",1,9,9,1,sync,syn,outbound,permitted,supported,established,confirmed,"));
    g_assert_true(g_str_has_suffix(text->str, ",203.0.113.20,50001,cloud,sma,configured,\"a \"\"b\"\", c\","
                                              "198.51.100.10,22,external,esa,configured,\"two\nlines\"\n"));
    ces_csv_clear(&csv);
    g_string_free(text, TRUE);
}

/* Names come from captures; what is written is text whatever they are. */
static void
test_csv_of_bad_name(void)
{
    connection c;
    ces_csv csv;
    GString *text = g_string_new(NULL);

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.assessment.responder.name = "a\377b";
    ces_csv_init(&csv, text);
    ces_record_flow(&c.assessment, &csv.writer);
    g_assert_true(g_str_has_suffix(text->str, ",configured,a\357\277\275b"));
    ces_csv_clear(&csv);
    g_string_free(text, TRUE);
}

static void
test_csv_of_pairs(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    ces_csv csv;
    GString *text = g_string_new(NULL);

    add_to(table, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    ces_csv_init(&csv, text);
    ces_csv_pair_header(&csv);
    g_assert_cmpstr(text->str, ==,
                    "sma.address,sma.site,sma.appliance,sma.basis,sma.name,esa.address,esa.site,esa.appliance,"
                    "esa.basis,esa.name,reporting.support,reporting.seen,message_tracking.support,"
                    "message_tracking.seen,spam_quarantine.support,spam_quarantine.seen,pvo_quarantine.support,"
                    "pvo_quarantine.seen,conclusion\n");
    g_string_truncate(text, 0);
    ces_record_pair(table, ces_pair_table_get(table, 0), &csv.writer);
    g_assert_true(g_str_has_prefix(text->str,
                                   "203.0.113.20,cloud,sma,configured,,198.51.100.10,external,esa,configured,,"
                                   "supported,established,supported,established,unsupported,not_seen,"
                                   "unsupported,not_seen,"));
    ces_csv_clear(&csv);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/report/tally", test_tally);
    ROWS_ADD("report/joining", joinings, test_joining);
    g_test_add_func("/core/report/names join addresses", test_names_join_addresses);
    g_test_add_func("/core/report/best is seen", test_best_is_seen);
    g_test_add_func("/core/report/delivery before release", test_delivery_before_release);
    g_test_add_func("/core/report/support of functions", test_support_of_functions);
    ROWS_ADD("report/conclusion", conclusions, test_conclusion);
    ROWS_ADD("report/release", releases, test_release);
    g_test_add_func("/core/report/hint at release", test_hint_at_release);
    g_test_add_func("/core/report/csv", test_csv);
    g_test_add_func("/core/report/csv of bad name", test_csv_of_bad_name);
    g_test_add_func("/core/report/csv of pairs", test_csv_of_pairs);
    return g_test_run();
}
