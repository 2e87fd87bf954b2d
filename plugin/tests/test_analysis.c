/* test_analysis.c
 * A whole capture through the analysis: segments, DNS, a TLS name, deliveries,
 * an ICMP error; and what is known at the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>
#include <ces/report.h>

#include "capture_maker.h"
#include "tls_samples.h"

#define CLOUD_SMA "203.0.113.20"
#define CLOUD_ESA "203.0.113.10"
#define OUTER_ESA "198.51.100.10"
#define OUTER_SMA "198.51.100.20"

static ces_analysis *
analysis_with(const char *const *rows, gsize count)
{
    ces_settings_text text = ces_settings_text_default();
    ces_site_row parsed[4];

    for (gsize i = 0; i < count; i++)
        g_assert_true(ces_settings_parse_site(rows[i], &parsed[i], NULL));
    text.rows = parsed;
    text.row_count = count;
    ces_settings *settings = ces_settings_new(&text, NULL);
    ces_analysis *analysis = ces_analysis_new(settings);
    ces_settings_unref(settings); /* the analysis has its own reference */
    for (gsize i = 0; i < count; i++)
        g_free((char *)parsed[i].name);
    return analysis;
}

static const char *const cloud_table[] = {"\"203.0.113.0/24\",\"cloud\",\"any\",\"\""};

/* --- parts of a capture -------------------------------------------------------- */

static void
dns_question(capture_maker *capture, gboolean answer, const char *name_on_wire, gsize length, const guint8 address[4])
{
    guint8 bytes[128] = {0, 7, answer ? 0x81 : 1, answer ? 0x80 : 0, 0, 1, 0, answer ? 1 : 0, 0, 0, 0, 0};
    gsize at = 12;
    ces_socket client = maker_socket("192.0.2.7", 5555), server = maker_socket("192.0.2.53", 53);
    static const guint8 type_and_class[] = {0, 1, 0, 1}, head[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};

    memcpy(bytes + at, name_on_wire, length);
    at += length;
    memcpy(bytes + at, type_and_class, sizeof type_and_class);
    at += sizeof type_and_class;
    if (answer) {
        memcpy(bytes + at, head, sizeof head);
        memcpy(bytes + at + sizeof head, address, 4);
        at += sizeof head + 4;
    }
    next_packet(capture);
    g_assert_true(ces_analysis_wants_dns(capture->analysis, 53, 5555));
    ces_analysis_add_datagram(capture->analysis, answer ? &server : &client, answer ? &client : &server, bytes, at,
                              capture->frame);
}

static void
deliver(conversation *c)
{
    static const char *const lines[] = {"220 sma ESMTP\r\n",  "EHLO esa\r\n",
                                        "250 sma\r\n",        "MAIL FROM:<a@b.example>\r\n",
                                        "250 ok\r\n",         "RCPT TO:<c@d.example>\r\n",
                                        "250 ok\r\n",         "DATA\r\n",
                                        "354 go\r\n",         "Subject: x\r\n\r\nhi\r\n.\r\n",
                                        "250 2.0.0 taken\r\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        send_text(c, i % 2, lines[i]);
}

static gboolean
refuse_by_icmp(const conversation *c)
{
    ces_refusal refusal = {.source = c->client, .destination = c->server, .sequence = 1000};
    ces_sighting sighting;

    next_packet(c->capture);
    refusal.frame = c->capture->frame;
    return ces_analysis_add_refusal(c->capture->analysis, &refusal, &sighting);
}

static ces_assessment
assessed(const conversation *c)
{
    return ces_assess(c->capture->analysis, c->latest.sighting.flow);
}

static char *
said(void (*speaker)(const ces_assessment *, GString *), const ces_assessment *assessment)
{
    GString *text = g_string_new(NULL);

    speaker(assessment, text);
    return g_string_free(text, FALSE);
}

/* --- one capture ------------------------------------------------------------------ */

static void
test_whole_capture(void)
{
    ces_analysis *analysis = analysis_with(cloud_table, 1);
    capture_maker capture = capture_of(analysis);

    conversation blocked = attempt(&capture, OUTER_ESA, 50001, CLOUD_SMA, 6025);
    g_assert_true(refuse_by_icmp(&blocked));
    conversation delivery = converse(&capture, CLOUD_ESA, 50002, OUTER_SMA, 7025);
    deliver(&delivery);
    g_assert_nonnull(delivery.latest.contribution.message);
    g_assert_cmpint(delivery.latest.contribution.message->outcome, ==, CES_DELIVERY_ACCEPTED);
    g_assert_cmpint(delivery.latest.contribution.protocol, ==, CES_PROTOCOL_SMTP);
    conversation silent = converse(&capture, CLOUD_SMA, 50003, OUTER_ESA, 22);
    conversation lost = attempt(&capture, CLOUD_SMA, 50004, OUTER_ESA, 22);
    g_assert_cmpint(assessed(&lost).finding, ==, CES_FINDING_OPEN); /* nothing could have been answered yet */
    g_assert_cmpint(assessed(&silent).result, ==, CES_RESULT_UNKNOWN);
    time_passes(&capture, 10);

    g_assert_cmpuint(ces_analysis_count(analysis), ==, 4);
    g_assert_true(ces_analysis_flow(analysis, 0) == blocked.latest.sighting.flow);

    ces_assessment a = assessed(&blocked);
    g_assert_cmpint(a.ruling.verdict, ==, CES_VERDICT_BLOCKED);
    g_assert_cmpint(a.outcome, ==, CES_OUTCOME_REJECTED);
    g_assert_cmpint(a.finding, ==, CES_FINDING_CONFIRMED);
    g_assert_cmpint(a.roles, ==, CES_ROLES_ASSUMED);
    char *reason = said(ces_say_reason, &a);
    g_assert_nonnull(strstr(reason, " If " CLOUD_SMA " is an SMA: A cloud SMA cannot hold the Spam Quarantine"));
    g_free(reason);

    a = assessed(&delivery);
    g_assert_cmpint(a.result, ==, CES_RESULT_WORKING);
    g_assert_cmpint(a.finding, ==, CES_FINDING_CONFIRMED);

    a = assessed(&silent);
    g_assert_cmpint(a.outcome, ==, CES_OUTCOME_ESTABLISHED);
    g_assert_cmpint(a.result, ==, CES_RESULT_SILENT);
    char *advice = said(ces_say_advice, &a);
    g_assert_nonnull(strstr(advice, "answers in its stead"));
    g_free(advice);

    a = assessed(&lost);
    g_assert_cmpint(a.outcome, ==, CES_OUTCOME_UNANSWERED);
    g_assert_cmpint(a.finding, ==, CES_FINDING_FAILED);
    ces_analysis_free(analysis);
}

/* --- names ----------------------------------------------------------------------------- */

static const char sma_on_wire[] = "\4sma1\3hc1\5iphmx\3com";
static const guint8 sma_address[4] = {203, 0, 113, 20};

static void
test_names(void)
{
    ces_analysis *analysis = analysis_with(NULL, 0);
    capture_maker capture = capture_of(analysis);

    dns_question(&capture, FALSE, sma_on_wire, sizeof sma_on_wire, sma_address);
    dns_question(&capture, TRUE, sma_on_wire, sizeof sma_on_wire, sma_address);
    conversation knock = attempt(&capture, OUTER_ESA, 50001, CLOUD_SMA, 6025);
    ces_assessment a = assessed(&knock);
    g_assert_cmpint(a.ruling.direction, ==, CES_DIRECTION_INBOUND);
    g_assert_cmpint(a.responder.basis, ==, CES_BASIS_DNS);
    g_assert_cmpint(a.responder.appliance, ==, CES_APPLIANCE_SMA);
    g_assert_cmpstr(a.responder.name, ==, "sma1.hc1.iphmx.com");

    conversation tls = converse(&capture, "198.51.100.7", 50002, CLOUD_ESA, 25);
    send_segment(&tls, TRUE, ACK, sample_client_hello, sizeof sample_client_hello);
    send_segment(&tls, FALSE, ACK, sample_server_flight, sizeof sample_server_flight);
    a = assessed(&tls);
    g_assert_cmpint(a.responder.basis, ==, CES_BASIS_TLS);
    g_assert_cmpstr(a.responder.name, ==, SAMPLE_NAME);

    conversation host = attempt(&capture, "192.0.2.99", 50003, OUTER_ESA, 22);
    ces_host names[] = {{host.client.address, "sma2.hc1.iphmx.com"}, {host.server.address, "esa.example.org"}};
    ces_analysis_add_hosts(analysis, names, G_N_ELEMENTS(names));
    g_assert_cmpint(ces_address_compare(&names[0].address, &names[1].address), <, 0);
    ces_analysis_add_hosts(analysis, NULL, 0);
    a = assessed(&host);
    g_assert_cmpint(a.initiator.basis, ==, CES_BASIS_HOSTS);
    g_assert_cmpint(a.ruling.direction, ==, CES_DIRECTION_OUTBOUND);
    ces_analysis_free(analysis);
}

static void
test_nothing_is_learned_unless_wanted(void)
{
    ces_settings_text text = ces_settings_text_default();
    text.learn_names = FALSE;
    ces_settings *settings = ces_settings_new(&text, NULL);
    ces_analysis *analysis = ces_analysis_new(settings);
    capture_maker capture = capture_of(analysis);

    ces_settings_unref(settings);
    g_assert_false(ces_analysis_wants_dns(analysis, 53, 5555));
    conversation knock = attempt(&capture, OUTER_ESA, 50001, CLOUD_SMA, 6025);
    ces_analysis_add_host(analysis, &knock.server.address, "sma1.hc1.iphmx.com");
    ces_assessment a = assessed(&knock);
    g_assert_cmpint(a.ruling.verdict, ==, CES_VERDICT_UNDETERMINED);
    char *summary = said(ces_say_summary, &a);
    g_assert_true(g_str_has_prefix(summary, "Spam Quarantine, NO VERDICT: no CES network is known; "));
    g_free(summary);
    ces_analysis_free(analysis);
}

/* --- two at once ------------------------------------------------------------------------ */

/* The same packets, fed in turn to an analysis that knows the cloud and to one
 * that does not: neither sees anything of the other. */
static void
test_two_side_by_side(void)
{
    ces_analysis *both[2] = {analysis_with(cloud_table, 1), analysis_with(NULL, 0)};
    capture_maker captures[2] = {capture_of(both[0]), capture_of(both[1])};
    conversation knocks[2], deliveries[2];

    for (int i = 0; i < 2; i++)
        knocks[i] = attempt(&captures[i], OUTER_ESA, 50001, CLOUD_SMA, 6025);
    for (int i = 0; i < 2; i++)
        deliveries[i] = converse(&captures[i], CLOUD_ESA, 50002, OUTER_SMA, 7025);
    deliver(&deliveries[1]);
    time_passes(&captures[0], 10);

    g_assert_cmpint(assessed(&knocks[0]).finding, ==, CES_FINDING_CONFIRMED);
    g_assert_cmpint(assessed(&knocks[1]).finding, ==, CES_FINDING_OPEN);
    g_assert_cmpint(assessed(&knocks[0]).ruling.verdict, ==, CES_VERDICT_BLOCKED);
    g_assert_cmpint(assessed(&knocks[1]).ruling.verdict, ==, CES_VERDICT_UNDETERMINED);
    g_assert_cmpint(assessed(&deliveries[0]).result, ==, CES_RESULT_SILENT);
    g_assert_cmpint(assessed(&deliveries[1]).result, ==, CES_RESULT_WORKING);
    g_assert_cmpint(ces_analysis_elapsed(both[0]), >, 10 * CES_SECOND);
    g_assert_cmpint(ces_analysis_elapsed(both[1]), <, CES_SECOND);
    ces_analysis_free(both[0]);
    g_assert_cmpint(assessed(&deliveries[1]).result, ==, CES_RESULT_WORKING); /* the other one lives on */
    ces_analysis_free(both[1]);
    ces_analysis_free(NULL);
}

/* --- said once ---------------------------------------------------------------------------- */

static void
test_said_once(void)
{
    ces_analysis *analysis = analysis_with(NULL, 0);
    capture_maker capture = capture_of(analysis);
    conversation a = attempt(&capture, OUTER_ESA, 50001, CLOUD_SMA, 6025);
    conversation b = attempt(&capture, OUTER_ESA, 50002, CLOUD_SMA, 6025);
    const ces_flow *first = a.latest.sighting.flow, *second = b.latest.sighting.flow;

    g_assert_true(ces_analysis_says_missing_sites(analysis, first));
    g_assert_false(ces_analysis_says_missing_sites(analysis, second));
    g_assert_true(ces_analysis_says_missing_sites(analysis, first)); /* and says so whenever it is asked */
    g_assert_true(ces_analysis_says_conflict(analysis, &a.client.address, first, 1));
    g_assert_false(ces_analysis_says_conflict(analysis, &a.client.address, first, 2));
    g_assert_false(ces_analysis_says_conflict(analysis, &a.client.address, second, 1));
    g_assert_true(ces_analysis_says_conflict(analysis, &a.server.address, second, 1));
    g_assert_true(ces_analysis_says_conflict(analysis, &a.client.address, first, 1));
    ces_analysis_free(analysis);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/analysis/whole-capture", test_whole_capture);
    g_test_add_func("/core/analysis/names", test_names);
    g_test_add_func("/core/analysis/nothing-is-learned-unless-wanted", test_nothing_is_learned_unless_wanted);
    g_test_add_func("/core/analysis/two-side-by-side", test_two_side_by_side);
    g_test_add_func("/core/analysis/said-once", test_said_once);
    return g_test_run();
}
