/* test_assessment.c
 * The sentences: every kind of connection is described, and what matters
 * stands where Wireshark does not cut it off.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>

#include <string.h>

#include "rows.h"

/* Long after all that the tests do, and the default patience. */
#define LATER (1000000 * CES_SECOND)
#define PATIENCE (3 * CES_SECOND)

/* Wireshark keeps 240 bytes of a text (ITEM_LABEL_LENGTH), the final NUL
 * included. */
#define KEPT 239

/* A name of 60 characters, and an address with the longest text. */
#define LONG_NAME "a-host-with-a-long-name.in-a-department.some-data-center.org"
static const guint8 long_address[16] = {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, 0xee, 0xee,
                                        0xdd, 0xdd, 0xcc, 0xcc, 0xbb, 0xbb, 0xaa, 0xaa};

G_STATIC_ASSERT(sizeof LONG_NAME == 61);

/* A flow that shows the outcome, at the given addresses. */
static ces_flow
flow_with(ces_service service, ces_outcome outcome, gboolean proven, ces_address client, ces_address server)
{
    static const guint16 ports[CES_SERVICE_COUNT] = {0, 22, 6025, 7025, 25, 587};
    static const guint16 evidence[CES_OUTCOME_COUNT] = {
        [CES_OUTCOME_UNANSWERED] = CES_SEEN_SYN,
        [CES_OUTCOME_REJECTED] = CES_SEEN_SYN | CES_SEEN_ICMP_REFUSAL,
        [CES_OUTCOME_REFUSED] = CES_SEEN_SYN | CES_SEEN_RST_ANSWER,
        [CES_OUTCOME_HALF_OPEN] = CES_SEEN_SYN | CES_SEEN_SYN_ACK,
        [CES_OUTCOME_ESTABLISHED] = CES_SEEN_SYN | CES_SEEN_SYN_ACK | CES_SEEN_COMPLETION,
    };
    ces_flow flow = {.packets = {4, 1},
                     .bytes = {9, 9},
                     .syns = 4,
                     .last_attempt = G_GINT64_CONSTANT(7000000000),
                     .service = (guint8)service};

    flow.ends[0] = (ces_socket){client, 50000};
    flow.ends[1] = (ces_socket){server, ports[service]};
    flow.evidence = evidence[outcome] | (proven ? CES_SEEN_DATA : 0);
    return flow;
}

static ces_party
party(ces_site site, const char *name)
{
    return (ces_party){.site = site, .name = name};
}

static char *
said(void (*speaker)(const ces_assessment *, GString *), const ces_assessment *assessment)
{
    GString *text = g_string_new(NULL);

    speaker(assessment, text);
    g_assert_null(strpbrk(text->str, "\r\n\t"));
    return g_string_free(text, FALSE);
}

static void
expect(void (*speaker)(const ces_assessment *, GString *), const ces_assessment *assessment, const char *expected)
{
    char *text = said(speaker, assessment);

    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

/* --- each kind by example ---------------------------------------------------- */

typedef struct {
    const char *name;
    ces_service service;
    ces_site initiator, responder;
    ces_outcome outcome;
    gboolean proven;
    ces_finding finding;
    const char *summary, *says, *finding_begins; /* the last NULL if nothing is said */
} example;

/* clang-format off */
static const example examples[] = {
    {"permitted-and-established", CES_SERVICE_SYNC, CES_SITE_CLOUD, CES_SITE_EXTERNAL, CES_OUTCOME_ESTABLISHED, FALSE,
     CES_FINDING_CONFIRMED, "outbound, permitted; established", "established", NULL},
    {"permitted-and-unanswered", CES_SERVICE_SMTP, CES_SITE_EXTERNAL, CES_SITE_CLOUD, CES_OUTCOME_UNANSWERED, FALSE,
     CES_FINDING_FAILED, "inbound, permitted, yet unanswered after 4 attempts over 7.0 s",
     "unanswered after 4 attempts over 7.0 s",
     " is permitted by CES, yet unanswered after 4 attempts over 7.0 s. Check the other side: "},
    {"permitted-and-refused", CES_SERVICE_SUBMISSION, CES_SITE_EXTERNAL, CES_SITE_CLOUD, CES_OUTCOME_REFUSED, FALSE,
     CES_FINDING_FAILED, "inbound, permitted, yet refused by a RST", "refused by a RST",
     " is permitted by CES, yet refused by a RST. A host or firewall answered: "},
    {"permitted-and-rejected", CES_SERVICE_SYNC, CES_SITE_CLOUD, CES_SITE_EXTERNAL, CES_OUTCOME_REJECTED, FALSE,
     CES_FINDING_FAILED, "outbound, permitted, yet rejected by an ICMP error", "rejected by an ICMP error",
     " is permitted by CES, yet rejected by an ICMP error. Check the router or firewall "},
    {"permitted-in-vain", CES_SERVICE_SPAM_QUARANTINE, CES_SITE_CLOUD, CES_SITE_EXTERNAL, CES_OUTCOME_ESTABLISHED, FALSE,
     CES_FINDING_CONFIRMED, "outbound, permitted but unsupported; established", "established", NULL},
    {"blocked-and-unanswered", CES_SERVICE_SYNC, CES_SITE_EXTERNAL, CES_SITE_CLOUD, CES_OUTCOME_UNANSWERED, FALSE,
     CES_FINDING_CONFIRMED, "inbound, blocked; unanswered after 4 attempts over 7.0 s",
     "unanswered after 4 attempts over 7.0 s", NULL},
    {"blocked-yet-established", CES_SERVICE_PVO_QUARANTINE, CES_SITE_EXTERNAL, CES_SITE_CLOUD, CES_OUTCOME_ESTABLISHED,
     FALSE, CES_FINDING_CONTRADICTED, "inbound, blocked, yet established", "established",
     " should be blocked, yet got through. Check for a wrong row in the site table, "},
    {"blocked-yet-talking", CES_SERVICE_SYNC, CES_SITE_EXTERNAL, CES_SITE_CLOUD, CES_OUTCOME_MIDSTREAM, TRUE,
     CES_FINDING_CONTRADICTED, "inbound, blocked, yet midstream: its opening is not in the capture",
     "midstream: its opening is not in the capture", " should be blocked, yet got through. "},
    {"stray", CES_SERVICE_SYNC, CES_SITE_EXTERNAL, CES_SITE_CLOUD, CES_OUTCOME_MIDSTREAM, FALSE, CES_FINDING_OPEN,
     "inbound, blocked; midstream: a stray packet that proves nothing", "midstream: a stray packet that proves nothing",
     NULL},
    {"half-open", CES_SERVICE_SYNC, CES_SITE_CLOUD, CES_SITE_EXTERNAL, CES_OUTCOME_HALF_OPEN, FALSE, CES_FINDING_OPEN,
     "outbound, permitted; half-open: answered, and not taken up", "half-open: answered, and not taken up", NULL},
    {"within-the-cloud", CES_SERVICE_SYNC, CES_SITE_CLOUD, CES_SITE_CLOUD, CES_OUTCOME_ESTABLISHED, FALSE,
     CES_FINDING_OPEN, "within the cloud, out of scope; established", "established", NULL},
    {"outside-the-cloud", CES_SERVICE_SMTP, CES_SITE_EXTERNAL, CES_SITE_EXTERNAL, CES_OUTCOME_ESTABLISHED, FALSE,
     CES_FINDING_OPEN, "outside the cloud, out of scope; established", "established", NULL},
    {"nothing-known", CES_SERVICE_SMTP, CES_SITE_UNKNOWN, CES_SITE_UNKNOWN, CES_OUTCOME_ESTABLISHED, FALSE,
     CES_FINDING_OPEN, "NO VERDICT: no CES network is known; established", "established", NULL},
};
/* clang-format on */

static const guint8 client_bytes[4] = {198, 51, 100, 7}, server_bytes[4] = {203, 0, 113, 20};

static void
test_example(gconstpointer data)
{
    const example *row = (const example *)data;
    ces_flow flow = flow_with(row->service, row->outcome, row->proven, ces_address_from_ipv4(client_bytes),
                              ces_address_from_ipv4(server_bytes));
    ces_party parties[2] = {party(row->initiator, ""), party(row->responder, "")};
    ces_assessment assessment = ces_assess_flow(&flow, parties, LATER, PATIENCE);
    const char *title = ces_service_about(row->service)->title;

    g_assert_cmpint(assessment.finding, ==, row->finding);
    char *summary = g_strdup_printf("%s, %s", title, row->summary);
    expect(ces_say_summary, &assessment, summary);
    expect(ces_say_outcome, &assessment, row->says);

    char *finding = said(ces_say_finding, &assessment);
    char *begins = row->finding_begins ? g_strdup_printf("%s%s", title, row->finding_begins) : g_strdup("");
    g_assert_cmpint(strncmp(finding, begins, strlen(begins)), ==, 0);
    g_assert_cmpint(*finding == '\0', ==, row->finding_begins == NULL);
    g_free(begins);
    g_free(finding);
    g_free(summary);
}

static char *
advice_on(ces_flow *flow, ces_site initiator, ces_site responder)
{
    ces_party parties[2] = {party(initiator, ""), party(responder, "")};
    ces_assessment assessment = ces_assess_flow(flow, parties, LATER, PATIENCE);

    return said(ces_say_advice, &assessment);
}

/* Nothing is advised where nothing needs doing; the weightiest comes alone. */
static void
test_advice(void)
{
    ces_address client = ces_address_from_ipv4(client_bytes), server = ces_address_from_ipv4(server_bytes);
    ces_flow up = flow_with(CES_SERVICE_PVO_QUARANTINE, CES_OUTCOME_ESTABLISHED, FALSE, client, server);
    char *advice = advice_on(&up, CES_SITE_EXTERNAL, CES_SITE_CLOUD);

    g_assert_true(g_str_has_prefix(advice, "Check for a wrong row in the site table"));
    g_free(advice);
    up.bytes[1] = 0; /* the responder's: it has not said a byte yet ... */
    advice = advice_on(&up, CES_SITE_EXTERNAL, CES_SITE_CLOUD);
    g_assert_null(strstr(advice, "in its stead"));
    g_free(advice);
    up.closed = 1; /* ... and never will */
    advice = advice_on(&up, CES_SITE_EXTERNAL, CES_SITE_CLOUD);
    g_assert_nonnull(strstr(advice, "something in the path may answer in its stead"));
    g_free(advice);
    up.packets[1] = 0; /* nobody could have seen it speak */
    advice = advice_on(&up, CES_SITE_EXTERNAL, CES_SITE_CLOUD);
    g_assert_null(strstr(advice, "in its stead"));
    g_free(advice);
    advice = advice_on(&up, CES_SITE_CLOUD, CES_SITE_EXTERNAL);
    g_assert_cmpstr(advice, ==, "Use the SMA in the data centre.");
    g_free(advice);
    advice = advice_on(&up, CES_SITE_CLOUD, CES_SITE_CLOUD);
    g_assert_cmpstr(advice, ==, "");
    g_free(advice);
    advice = advice_on(&up, CES_SITE_UNKNOWN, CES_SITE_UNKNOWN);
    g_assert_true(g_str_has_prefix(advice, "Add the CES networks: "));
    g_free(advice);
}

/* Who is only taken for an SMA or an ESA is named as such. */
static void
test_assumed_roles(void)
{
    ces_flow flow = flow_with(CES_SERVICE_SYNC, CES_OUTCOME_ESTABLISHED, FALSE, ces_address_from_ipv4(client_bytes),
                              ces_address_from_ipv4(server_bytes));
    static const struct {
        ces_appliance initiator, responder;
        ces_roles roles;
        const char *says; /* NULL: nothing is assumed */
    } rows[] = {
        {CES_APPLIANCE_UNKNOWN, CES_APPLIANCE_UNKNOWN, CES_ROLES_ASSUMED, "If 198.51.100.7 is an SMA: "},
        {CES_APPLIANCE_SMA, CES_APPLIANCE_UNKNOWN, CES_ROLES_ASSUMED, "If 203.0.113.20 is an ESA: "},
        {CES_APPLIANCE_UNKNOWN, CES_APPLIANCE_ESA, CES_ROLES_ASSUMED, "If 198.51.100.7 is an SMA: "},
        {CES_APPLIANCE_SMA, CES_APPLIANCE_ESA, CES_ROLES_KNOWN, NULL},
        {CES_APPLIANCE_ESA, CES_APPLIANCE_UNKNOWN, CES_ROLES_NONE, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        ces_party parties[2] = {party(CES_SITE_CLOUD, ""), party(CES_SITE_EXTERNAL, "")};
        parties[0].appliance = rows[i].initiator;
        parties[1].appliance = rows[i].responder;
        ces_assessment assessment = ces_assess_flow(&flow, parties, LATER, PATIENCE);
        char *reason = said(ces_say_reason, &assessment);
        g_assert_cmpint(assessment.roles, ==, rows[i].roles);
        g_assert_cmpint(strstr(reason, rows[i].says ? rows[i].says : "If ") != NULL, ==, rows[i].says != NULL);
        g_free(reason);
    }
}

/* An attempt is nobody's failure before the capture has gone on for a while. */
static void
test_patience(void)
{
    ces_flow flow = flow_with(CES_SERVICE_SMTP, CES_OUTCOME_UNANSWERED, FALSE, ces_address_from_ipv4(client_bytes),
                              ces_address_from_ipv4(server_bytes));
    ces_party parties[2] = {party(CES_SITE_EXTERNAL, ""), party(CES_SITE_CLOUD, "")};
    ces_assessment early = ces_assess_flow(&flow, parties, PATIENCE - 1, PATIENCE);
    ces_assessment late = ces_assess_flow(&flow, parties, PATIENCE, PATIENCE);

    g_assert_cmpint(early.outcome, ==, CES_OUTCOME_UNANSWERED);
    g_assert_cmpint(early.finding, ==, CES_FINDING_OPEN);
    expect(ces_say_summary, &early, "SMTP, inbound, permitted; unanswered so far, after 4 attempts over 7.0 s");
    g_assert_cmpint(late.finding, ==, CES_FINDING_FAILED);
}

static void
test_single_attempt(void)
{
    ces_flow flow = flow_with(CES_SERVICE_SMTP, CES_OUTCOME_UNANSWERED, FALSE, ces_address_from_ipv4(client_bytes),
                              ces_address_from_ipv4(server_bytes));
    ces_party parties[2] = {party(CES_SITE_EXTERNAL, ""), party(CES_SITE_CLOUD, "")};

    flow.syns = 1;
    ces_assessment assessment = ces_assess_flow(&flow, parties, LATER, PATIENCE);
    expect(ces_say_outcome, &assessment, "unanswered after 1 attempt");
    expect(ces_say_summary, &assessment, "SMTP, inbound, permitted, yet unanswered after 1 attempt");
}

static void
test_initiator_is_either_end(void)
{
    ces_flow flow = flow_with(CES_SERVICE_SMTP, CES_OUTCOME_ESTABLISHED, FALSE, ces_address_from_ipv4(client_bytes),
                              ces_address_from_ipv4(server_bytes));
    ces_party parties[2] = {party(CES_SITE_EXTERNAL, "client"), party(CES_SITE_CLOUD, "server")};

    flow.initiator = 1;
    ces_assessment assessment = ces_assess_flow(&flow, parties, LATER, PATIENCE);
    g_assert_cmpstr(assessment.initiator.name, ==, "server");
    g_assert_cmpstr(assessment.responder.name, ==, "client");
    g_assert_cmpint(assessment.ruling.direction, ==, CES_DIRECTION_OUTBOUND);
}

static void
test_ends_in_text(void)
{
    ces_flow flow = flow_with(CES_SERVICE_SYNC, CES_OUTCOME_ESTABLISHED, FALSE, ces_address_from_ipv4(client_bytes),
                              ces_address_from_ipv6(long_address));
    ces_party parties[2] = {party(CES_SITE_EXTERNAL, ""), party(CES_SITE_UNKNOWN, "esa1.example.org")};
    ces_assessment assessment = ces_assess_flow(&flow, parties, LATER, PATIENCE);
    char *text = said(ces_say_verdict, &assessment);

    g_assert_true(g_str_has_suffix(
        text, " external 198.51.100.7:50000 -> [2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa]:22 (esa1.example.org)"));
    g_free(text);
}

static void
test_conflict(void)
{
    static const ces_learned_name told[] = {{LONG_NAME, CES_BASIS_DNS, TRUE, CES_APPLIANCE_ESA, 1234567},
                                            {"esa1.hc0.iphmx.com", CES_BASIS_HOSTS, TRUE, CES_APPLIANCE_ESA, 0}};
    ces_socket end = {ces_address_from_ipv6(long_address), 25};

    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        ces_party known = {.site = CES_SITE_EXTERNAL, .basis = CES_BASIS_CONFIGURED, .name = "", .learned = told[i]};
        GString *text = g_string_new(NULL);

        ces_say_conflict(&end, &known, text);
        const char *basis = strstr(text->str, ces_basis_token(told[i].basis));
        g_assert_nonnull(strstr(text->str, "2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa"));
        g_assert_nonnull(strstr(text->str, told[i].name));
        g_assert_true(basis && basis - text->str < KEPT);
        g_assert_cmpint(strstr(text->str, ", packet ") != NULL, ==, told[i].frame != 0);
        g_assert_nonnull(strstr(text->str, "The table counts"));
        g_assert_cmpint(strstr(text->str, "The table counts") + strlen("The table counts") - text->str, <=, KEPT);
        g_string_free(text, TRUE);
    }
}

/* --- all kinds at the longest ------------------------------------------------- */

/* The ends stand last; all before them must be kept. */
static void
assert_kept(const char *text, const char *before)
{
    const char *ends = strstr(text, before);

    if (!*text)
        return;
    g_assert_nonnull(ends);
    if (ends - text > KEPT)
        g_error("cut off behind %d bytes: \"%.*s|%s\"", KEPT, KEPT, text, text + KEPT);
}

static void
check_longest(const ces_assessment *assessment, ces_site initiator)
{
    char *ends =
        g_strdup_printf("%s%s[2001:db8:ffff", initiator ? ces_site_token(initiator) : "", initiator ? " " : "");
    void (*const speakers[])(const ces_assessment *, GString *) = {ces_say_verdict, ces_say_finding,
                                                                   ces_say_missing_sites};
    for (gsize i = 0; i < G_N_ELEMENTS(speakers); i++) {
        char *text = said(speakers[i], assessment);
        assert_kept(text, ends);
        g_free(text);
    }
    g_free(ends);

    char *summary = said(ces_say_summary, assessment);
    g_assert_cmpuint(strlen(summary), <, KEPT - strlen("CES: "));
    g_free(summary);
    char *reason = said(ces_say_reason, assessment);
    g_assert_true(g_str_has_prefix(reason, assessment->ruling.reason));
    g_assert_true(g_str_has_suffix(reason, assessment->support_ruling.reason));
    g_free(reason);
    g_assert_cmpuint(strlen(ces_service_about(assessment->service)->title) + 2 +
                         strlen(assessment->support_ruling.reason),
                     <=, KEPT);
}

static void
test_longest(void)
{
    ces_address address = ces_address_from_ipv6(long_address);

    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++)
        for (guint sites = 0; sites < CES_SITE_COUNT * CES_SITE_COUNT; sites++)
            for (guint types = 0; types < CES_APPLIANCE_COUNT * CES_APPLIANCE_COUNT; types++)
                for (guint outcome = 0; outcome < 2 * CES_OUTCOME_COUNT; outcome++) {
                    ces_flow flow =
                        flow_with((ces_service)service, (ces_outcome)(outcome / 2), outcome % 2, address, address);
                    ces_party parties[2] = {party((ces_site)(sites % CES_SITE_COUNT), LONG_NAME),
                                            party((ces_site)(sites / CES_SITE_COUNT), LONG_NAME)};

                    parties[0].appliance = (ces_appliance)(types % CES_APPLIANCE_COUNT);
                    parties[1].appliance = (ces_appliance)(types / CES_APPLIANCE_COUNT);
                    flow.syns = 100000;
                    flow.bytes[1] = types % 2;
                    flow.closed = 1;
                    flow.last_attempt = LATER;
                    ces_assessment assessment = ces_assess_flow(&flow, parties, LATER, PATIENCE);
                    check_longest(&assessment, parties[0].site);
                }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("assessment", examples, test_example);
    g_test_add_func("/core/assessment/advice", test_advice);
    g_test_add_func("/core/assessment/assumed-roles", test_assumed_roles);
    g_test_add_func("/core/assessment/patience", test_patience);
    g_test_add_func("/core/assessment/single-attempt", test_single_attempt);
    g_test_add_func("/core/assessment/initiator-is-either-end", test_initiator_is_either_end);
    g_test_add_func("/core/assessment/ends-in-text", test_ends_in_text);
    g_test_add_func("/core/assessment/conflict", test_conflict);
    g_test_add_func("/core/assessment/longest", test_longest);
    return g_test_run();
}
