/* test_notices.c
 * Which packet tells what: every notice once, at its packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/notice.h>

#include "capture_maker.h"

#define CLOUD_SMA "203.0.113.20"
#define CLOUD_ESA "203.0.113.10"
#define OUTER_ESA "198.51.100.10"
#define OUTER_SMA "198.51.100.20"

static const char *const cloud_row = "\"203.0.113.0/24\",\"cloud\",\"any\",\"\"";
static const char *const outer_row = "\"198.51.100.0/24\",\"external\",\"any\",\"\"";

/* The rows end with NULL. */
static ces_analysis *
analysis_with(const char *const *rows)
{
    ces_settings_text text = ces_settings_text_default();
    ces_site_row parsed[4];

    for (; rows[text.row_count]; text.row_count++)
        g_assert_true(ces_settings_parse_site(rows[text.row_count], &parsed[text.row_count], NULL));
    text.rows = parsed;
    ces_settings *settings = ces_settings_new(&text, NULL);
    ces_analysis *analysis = ces_analysis_new(settings);
    ces_settings_unref(settings);
    for (gsize i = 0; i < text.row_count; i++)
        g_free((char *)parsed[i].name);
    return analysis;
}

/* --- what a packet told ---------------------------------------------------------- */

static const char *const tokens[] = {
#define TOKEN(name, token, severity, summary) token,
    CES_NOTICES(TOKEN)};

static void
note(ces_notice notice, const char *sentence, gpointer data)
{
    g_assert_cmpuint(strlen(sentence), >, 10);
    g_string_append_printf((GString *)data, "%s ", tokens[notice]);
}

/* Compares the notices of the latest packet, each followed by a blank. */
static void
expect_told(const conversation *c, gboolean all_is_read, const char *expected)
{
    ces_analysis *analysis = c->capture->analysis;
    const ces_addition *latest = &c->latest;
    ces_assessment assessment = ces_assess(analysis, latest->sighting.flow);
    GString *told = g_string_new(NULL), *scratch = g_string_new(NULL);
    const ces_notice_listener listener = {note, told, scratch};

    ces_notices_of_connection(analysis, &latest->sighting, &assessment, &listener);
    ces_notices_of_dialogue(analysis, &latest->sighting, latest->sighting.contributes ? &latest->contribution : NULL,
                            &assessment, all_is_read, &listener);
    g_assert_cmpstr(told->str, ==, expected);
    g_string_free(told, TRUE);
    g_string_free(scratch, TRUE);
}

/* --- the connection ------------------------------------------------------------------ */

static void
test_verdict(void)
{
    const char *const rows[] = {cloud_row, NULL};
    ces_analysis *analysis = analysis_with(rows);
    capture_maker capture = capture_of(analysis);

    conversation sync = attempt(&capture, CLOUD_SMA, 50001, OUTER_ESA, 22);
    expect_told(&sync, FALSE, "permitted ");
    send_segment(&sync, FALSE, SYN | ACK, NULL, 0);
    expect_told(&sync, FALSE, "");
    conversation spam = attempt(&capture, OUTER_ESA, 50002, CLOUD_SMA, 6025);
    expect_told(&spam, FALSE, "blocked unsupported ");
    send_segment(&spam, FALSE, SYN | ACK, NULL, 0);
    send_segment(&spam, TRUE, ACK, NULL, 0);
    expect_told(&spam, FALSE, "contradicted ");
    conversation lost = attempt(&capture, CLOUD_SMA, 50003, OUTER_ESA, 25);
    time_passes(&capture, 10);
    expect_told(&lost, FALSE, "permitted failed ");
    ces_analysis_free(analysis);
}

static void
test_told_once(void)
{
    const char *const none[] = {NULL}, *const both[] = {cloud_row, outer_row, NULL};
    ces_analysis *analysis = analysis_with(none);
    capture_maker capture = capture_of(analysis);
    conversation first = attempt(&capture, OUTER_ESA, 50001, CLOUD_SMA, 6025);
    conversation second = attempt(&capture, OUTER_ESA, 50002, CLOUD_SMA, 6025);

    expect_told(&first, FALSE, "undetermined ");
    expect_told(&second, FALSE, "");
    ces_analysis_free(analysis);

    analysis = analysis_with(both);
    capture = capture_of(analysis);
    first = attempt(&capture, OUTER_ESA, 50001, CLOUD_SMA, 25);
    ces_analysis_add_host(analysis, &first.client.address, "esa1.hc1.iphmx.com");
    expect_told(&first, FALSE, "permitted conflict ");
    second = attempt(&capture, OUTER_ESA, 50002, CLOUD_SMA, 25);
    expect_told(&second, FALSE, "permitted ");
    ces_analysis_free(analysis);
}

/* --- the dialogue ---------------------------------------------------------------------- */

static void
test_silence(void)
{
    const char *const rows[] = {cloud_row, NULL}, *const none[] = {NULL};
    ces_analysis *analysis = analysis_with(rows);
    capture_maker capture = capture_of(analysis);
    conversation quarantine = converse(&capture, CLOUD_ESA, 50001, OUTER_SMA, 7025);
    conversation sync = converse(&capture, CLOUD_SMA, 50002, OUTER_ESA, 22);

    time_passes(&capture, 10);
    expect_told(&quarantine, FALSE, ""); /* something may still be said */
    expect_told(&quarantine, TRUE, "quarantine.no_greeting ");
    expect_told(&sync, TRUE, "sync.no_banner ");
    send_segment(&sync, FALSE, FIN | ACK, NULL, 0);
    expect_told(&sync, FALSE, "sync.no_banner ");
    ces_analysis_free(analysis);

    analysis = analysis_with(none); /* port 22 serves the whole world */
    capture = capture_of(analysis);
    sync = converse(&capture, CLOUD_SMA, 50002, OUTER_ESA, 22);
    time_passes(&capture, 10);
    expect_told(&sync, TRUE, "");
    ces_analysis_free(analysis);
}

static void
test_remarks(void)
{
    const char *const rows[] = {cloud_row, NULL};
    ces_analysis *analysis = analysis_with(rows);
    capture_maker capture = capture_of(analysis);
    conversation c = converse(&capture, CLOUD_ESA, 50001, OUTER_SMA, 7025);

    send_text(&c, FALSE, "220 sma ESMTP\r\n");
    send_text(&c, TRUE, "EHLO esa\r\n");
    send_text(&c, FALSE, "250 sma\r\n");
    send_text(&c, TRUE, "MAIL FROM:<a@b.example>\r\n");
    expect_told(&c, FALSE, "");
    send_text(&c, FALSE, "450 later\r\n");
    expect_told(&c, FALSE, "quarantine.deferred ");
    send_text(&c, TRUE, "MAIL FROM:<a@b.example>\r\n");
    send_text(&c, FALSE, "550 never\r\n");
    expect_told(&c, FALSE, "quarantine.refused ");
    send_text(&c, TRUE, "XPVO meta\r\n");
    send_text(&c, FALSE, "500 #5.5.1 command not recognized\r\n");
    expect_told(&c, FALSE, "quarantine.unknown_verb ");
    ces_analysis_free(analysis);
}

static void
test_delivery(void)
{
    const ces_message message = {.number = 2, .sender = (char *)"a@b.example", .outcome = CES_DELIVERY_ACCEPTED};
    const ces_flow flow = {.service = CES_SERVICE_SPAM_QUARANTINE};
    ces_contribution contribution = {.message = &message, .protocol = CES_PROTOCOL_TLS, .encrypted = TRUE};
    GString *text = g_string_new(NULL);

    ces_say_delivery(&flow, &contribution, text);
    g_assert_true(g_str_has_prefix(text->str, "Spam Quarantine, tls, encrypted, message 2 from <a@b.example>"));
    g_string_truncate(text, 0);
    contribution = (ces_contribution){.protocol = CES_PROTOCOL_LMTP};
    ces_say_delivery(&flow, &contribution, text);
    g_assert_cmpstr(text->str, ==, "none, lmtp");
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/notices/verdict", test_verdict);
    g_test_add_func("/core/notices/told-once", test_told_once);
    g_test_add_func("/core/notices/silence", test_silence);
    g_test_add_func("/core/notices/remarks", test_remarks);
    g_test_add_func("/core/notices/delivery", test_delivery);
    return g_test_run();
}
