/* test_report.c
 * What the reports count, join and conclude, and how their records and texts
 * are written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/prose.h>
#include <ces/record.h>

#include <string.h>

#include "rows.h"

/* --- connections by hand ----------------------------------------------------- */

enum { ANSWERED = CES_SEEN_SYN | CES_SEEN_SYN_ACK, UP = ANSWERED | CES_SEEN_COMPLETION };

typedef struct {
    ces_flow flow;
    ces_assessment assessment;
} connection;

static ces_socket
socket_at(const char *address, guint16 port)
{
    ces_network network;
    GError *error = NULL;

    g_assert_true(ces_network_parse(address, &network, &error));
    return (ces_socket){network.prefix, port};
}

typedef struct {
    const char *address;
    ces_site site;
    ces_appliance appliance;
} host;

static const host cloud_host = {"203.0.113.20", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN};
static const host outer_host = {"198.51.100.10", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN};
static const host cloud_sma = {"203.0.113.20", CES_SITE_CLOUD, CES_APPLIANCE_SMA};
static const host outer_esa = {"198.51.100.10", CES_SITE_EXTERNAL, CES_APPLIANCE_ESA};
static const host outer_sma = {"198.51.100.20", CES_SITE_EXTERNAL, CES_APPLIANCE_SMA};
static const host cloud_esa = {"203.0.113.10", CES_SITE_CLOUD, CES_APPLIANCE_ESA};

static guint16
port_of(ces_service service)
{
    return (guint16)g_ascii_strtoull(ces_service_about(service)->default_ports, NULL, 10);
}

static void
connect_hosts(connection *c, ces_service service, const host *from, const host *to, guint16 evidence)
{
    const ces_party parties[2] = {
        {.site = from->site, .appliance = from->appliance, .basis = CES_BASIS_CONFIGURED, .name = ""},
        {.site = to->site, .appliance = to->appliance, .basis = CES_BASIS_CONFIGURED, .name = ""},
    };

    c->flow = (ces_flow){.ends = {socket_at(from->address, 50001), socket_at(to->address, port_of(service))},
                         .first_frame = 1,
                         .last_frame = 9,
                         .packets = 9,
                         .syns = 1,
                         .stream = CES_NO_STREAM,
                         .evidence = evidence,
                         .opening = CES_OPENING_SYN,
                         .service = (guint8)service};
    c->assessment = ces_assess(&c->flow, parties);
}

static int
add_to(ces_pair_table *table, ces_service service, const host *from, const host *to, guint16 evidence)
{
    connection c;

    connect_hosts(&c, service, from, to, evidence);
    return ces_pair_table_add(table, &c.assessment);
}

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
    g_assert_cmpint(ces_pair_backing(pair, CES_FUNCTION_REPORTING).support, ==, CES_SUPPORT_SUPPORTED);
    g_assert_cmpint(ces_pair_backing(pair, CES_FUNCTION_MESSAGE_TRACKING).support, ==, CES_SUPPORT_SUPPORTED);
    g_assert_cmpint(ces_pair_backing(pair, CES_FUNCTION_SPAM_QUARANTINE).support, ==, CES_SUPPORT_UNSUPPORTED);
    g_assert_cmpint(ces_pair_backing(pair, CES_FUNCTION_PVO_QUARANTINE).support, ==, CES_SUPPORT_UNSUPPORTED);
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
    {"blocked sync got in", FALSE, UP, UP, NOT, "should be blocked, yet it got through|not supported",
     "cannot work without"},
};

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

    char **parts = g_strsplit(row->says, "|", -1);
    for (char **part = parts; *part; part++)
        if (!strstr(text->str, *part))
            g_error("\"%s\" is missing in: %s", *part, text->str);
    if (row->never && strstr(text->str, row->never))
        g_error("\"%s\" is in: %s", row->never, text->str);
    g_strfreev(parts);
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

/* --- text --------------------------------------------------------------------------- */

static const struct wrapping {
    const char *name;
    const char *words;
    guint indent;
    const char *lines;
} wrappings[] = {
    {"nothing", "", 4, "\n"},
    {"one line", "a  b", 4, "a b\n"},
    {"a control character", "a\033[2Jb", 0, "a?[2Jb\n"},
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

    ces_prose_wrap(row->words, row->indent, text);
    g_assert_cmpstr(text->str, ==, row->lines);
    g_string_free(text, TRUE);
}

static void
assert_narrow(const GString *text)
{
    char **lines = g_strsplit(text->str, "\n", -1);

    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, CES_PROSE_WIDTH);
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

    ces_prose_flow_head(text);
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
            ces_prose_flow(&c.assessment, text);
            ces_pair_table_add(table, &c.assessment);
        }
    }
    g_assert_cmpuint(ces_pair_table_count(table), >, 0);
    for (guint i = 0; i < ces_pair_table_count(table); i++)
        ces_prose_pair(table, ces_pair_table_get(table, i), text);
    assert_narrow(text);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
    g_free(name);
}

static void
test_sum(void)
{
    ces_tally tally = {0};
    GString *text = g_string_new(NULL);

    ces_prose_flow_sum(&tally, text);
    g_assert_cmpstr(text->str, ==, "No connection on a CES port.\n");
    tally.connections = G_MAXUINT;
    g_string_truncate(text, 0);
    ces_prose_flow_sum(&tally, text);
    g_assert_nonnull(strstr(text->str, "4294967295 connections: 0 permitted"));
    g_string_free(text, TRUE);
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
    g_test_add_func("/core/report/hint at release", test_hint_at_release);
    g_test_add_func("/core/report/csv", test_csv);
    g_test_add_func("/core/report/csv of pairs", test_csv_of_pairs);
    ROWS_ADD("report/wrapping", wrappings, test_wrapping);
    g_test_add_func("/core/report/texts are narrow", test_texts_are_narrow);
    g_test_add_func("/core/report/sum", test_sum);
    return g_test_run();
}
