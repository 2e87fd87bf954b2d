/* test_pairs.c
 * What is joined to pairs of appliances, their history, and what is concluded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

#include <string.h>

#include "report/json.h"
#include "report/record.h"

#include "connections.h"
#include "rows.h"

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

/* A result that tells more counts where two connections came as far. */
static void
test_best_result(void)
{
    static const ces_result results[] = {CES_RESULT_UNKNOWN, CES_RESULT_SILENT, CES_RESULT_WORKING, CES_RESULT_BROKEN};
    ces_pair_table *table = ces_pair_table_new(NULL);
    connection c;

    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
        c.assessment.result = results[i];
        add_connection(table, &c);
    }
    g_assert_cmpint(ces_pair_result(ces_pair_table_get(table, 0), CES_FUNCTION_MESSAGE_TRACKING), ==,
                    CES_RESULT_WORKING);
    ces_pair_table_free(table);
}

/* --- conclusions -------------------------------------------------------------------- */

/* What was seen of one service: no evidence at all may be a stray packet. */
typedef struct {
    gboolean seen;
    guint16 evidence;
    ces_result result;
    ces_cause cause;
    gboolean pending;
} sight;

#define SEEN(evidence)                                            \
    {                                                             \
        TRUE, evidence, CES_RESULT_UNKNOWN, CES_CAUSE_NONE, FALSE \
    }
#define WITH(evidence, result, cause)                                 \
    {                                                                 \
        TRUE, evidence, CES_RESULT_##result, CES_CAUSE_##cause, FALSE \
    }
#define PENDING(evidence)                                        \
    {                                                            \
        TRUE, evidence, CES_RESULT_UNKNOWN, CES_CAUSE_NONE, TRUE \
    }
#define NOT                                                 \
    {                                                       \
        FALSE, 0, CES_RESULT_UNKNOWN, CES_CAUSE_NONE, FALSE \
    }

#define CANNOT " Spam Quarantine and PVO Quarantine cannot work: CES lets no ESA outside open them."
#define SUPPORTED "Reporting and Message Tracking are supported"
#define CHECK "check for a wrong row in the site table, NAT or a VPN in the path, or an exception in the firewall."

static const struct conclusion {
    const char *name;
    gboolean sma_in_cloud;
    sight sync, spam, pvo;
    const char *text;
} conclusions[] = {
    {"sync works", TRUE, WITH(UP, WORKING, NONE), NOT, NOT,
     "The sync was seen working: Reporting and Message Tracking can work." CANNOT},
    {"sync encrypted", TRUE, WITH(UP, ENCRYPTED, NONE), NOT, NOT,
     "The sync was seen working: Reporting and Message Tracking can work." CANNOT},
    {"sync established, no more", TRUE, SEEN(UP), NOT, NOT,
     "The sync was seen established: " SUPPORTED ", but this capture does not show whether they work." CANNOT},
    {"sync without a banner", TRUE, WITH(UP, BROKEN, NO_BANNER), NOT, NOT,
     "The sync was answered, yet it does not work (the server closed without an SSH banner): " SUPPORTED
     ", but get nothing this way." CANNOT},
    {"sync that is no SSH", TRUE, WITH(UP, BROKEN, NOT_SSH), NOT, NOT,
     "The sync was answered, yet it does not work (what answered was not SSH): " SUPPORTED
     ", but get nothing this way." CANNOT},
    {"sync without a common algorithm", TRUE, WITH(UP, BROKEN, NO_COMMON_ALGORITHM), NOT, NOT,
     "The sync was answered, yet it does not work (the two have no SSH algorithm in common): " SUPPORTED
     ", but get nothing this way." CANNOT},
    {"sync closed after the banner", TRUE, WITH(UP, BROKEN, CLOSED_AFTER_BANNER), NOT, NOT,
     "The sync was answered, yet it does not work (it was closed after the SSH banner): " SUPPORTED
     ", but get nothing this way." CANNOT},
    {"sync silent", TRUE, WITH(UP, SILENT, NO_BANNER), NOT, NOT,
     "The sync was answered, yet it does not work (the server said nothing): " SUPPORTED
     ", but get nothing this way. Something in the path may have answered in its stead." CANNOT},
    {"sync not seen", TRUE, NOT, SEEN(CES_SEEN_SYN), NOT,
     "Sync not seen: " SUPPORTED ", but this capture does not show whether they work. Spam Quarantine was blocked "
     "(unanswered)." CANNOT},
    {"sync fails", TRUE, SEEN(CES_SEEN_SYN), NOT, NOT,
     "The sync failed (unanswered), though " SUPPORTED ": check the ESA's address, its listener on 22, and the "
     "firewall before it." CANNOT},
    {"sync just tried", TRUE, PENDING(CES_SEEN_SYN), NOT, NOT,
     "The sync was tried too shortly before the capture ended to tell." CANNOT},
    {"sync half open", TRUE, SEEN(ANSWERED), NOT, NOT,
     "The sync was answered and not taken up: " SUPPORTED ", yet not seen to work." CANNOT},
    {"sync midstream", TRUE, SEEN(CES_SEEN_DATA), NOT, NOT,
     "The sync was running before the capture began; its opening was not seen." CANNOT},
    {"sync midstream, working", TRUE, WITH(CES_SEEN_DATA, WORKING, NONE), NOT, NOT,
     "The sync was seen working: Reporting and Message Tracking can work." CANNOT},
    {"sync stray", TRUE, SEEN(0), NOT, NOT, "Of the sync only stray packets were seen, which prove nothing." CANNOT},
    {"quarantine got in", TRUE, WITH(UP, WORKING, NONE), WITH(UP, WORKING, NONE), NOT,
     "The sync was seen working: Reporting and Message Tracking can work. Spam Quarantine should be blocked, yet it "
     "got through (messages were accepted): " CHECK},
    {"quarantine got in, silent", TRUE, NOT, NOT, WITH(UP, SILENT, NO_GREETING),
     "Sync not seen: " SUPPORTED ", but this capture does not show whether they work. PVO Quarantine should be "
     "blocked, yet it got through (the server said nothing): " CHECK},
    {"quarantine half open", TRUE, SEEN(UP), SEEN(ANSWERED), NOT,
     "The sync was seen established: " SUPPORTED ", but this capture does not show whether they work. Spam "
     "Quarantine was not seen to complete." CANNOT},
    {"pvo rejected", TRUE, WITH(UP, WORKING, NONE), NOT, SEEN(CES_SEEN_SYN | CES_SEEN_ICMP_REFUSAL),
     "The sync was seen working: Reporting and Message Tracking can work. PVO Quarantine was blocked "
     "(rejected)." CANNOT},
    {"6025 permitted, 22 blocked", FALSE, SEEN(CES_SEEN_SYN), WITH(UP, REFUSED, REPLY_DEFERRED),
     WITH(UP, ENCRYPTED, NONE),
     "The sync is blocked (unanswered): without it nothing can work between these two. Spam Quarantine is let out and "
     "got through (mail was deferred), yet it cannot work without the sync. PVO Quarantine is let out and got through "
     "(what was said is inside TLS), yet it cannot work without the sync."},
    {"6025 permitted, 22 not seen", FALSE, NOT, WITH(UP, BROKEN, REWRITTEN), NOT,
     "Sync not seen, and CES blocks it inbound: without it nothing can work between these two. Spam Quarantine is let "
     "out and got through (something in the path rewrote what was said), yet it cannot work without the sync."},
    {"6025 refused outside", FALSE, NOT, SEEN(CES_SEEN_SYN | CES_SEEN_RST_ANSWER), NOT,
     "Sync not seen, and CES blocks it inbound: without it nothing can work between these two. Spam Quarantine is let "
     "out by CES, yet it failed (refused)."},
    {"blocked sync half open", FALSE, SEEN(ANSWERED), NOT, NOT,
     "The sync should be blocked, yet it was answered, and not taken up: without it nothing can work between these "
     "two."},
    {"blocked sync stray", FALSE, SEEN(0), NOT, NOT,
     "Of the sync only stray packets were seen; CES blocks it inbound, and without it nothing can work between these "
     "two."},
    {"blocked sync just tried", FALSE, PENDING(CES_SEEN_SYN), NOT, NOT,
     "The sync was tried too shortly before the capture ended to tell; CES blocks it inbound, and without it nothing "
     "can work between these two."},
    {"blocked sync midstream", FALSE, SEEN(CES_SEEN_DATA), NOT, NOT,
     "The sync should be blocked, yet it got through: " CHECK},
    {"blocked sync got in, silent", FALSE, WITH(UP, SILENT, NO_BANNER), NOT, NOT,
     "The sync should be blocked, yet it got through, and does not work (the server said nothing): " CHECK
     " Something in the path may have answered in its stead."},
    {"blocked sync got in", FALSE, SEEN(UP), WITH(UP, OTHER_USE, X11), NOT,
     "The sync should be blocked, yet it got through: " CHECK " Spam Quarantine is let out and got through (it was "
     "X11), yet it is not supported."},
};

static void
add_sight(ces_pair_table *table, const sight *seen, ces_service service, const host *from, const host *to)
{
    connection c;

    if (!seen->seen)
        return;
    connect_hosts(&c, service, from, to, seen->evidence);
    c.assessment.result = seen->result;
    c.assessment.cause = seen->cause;
    if (seen->pending)
        c.assessment.finding = CES_FINDING_OPEN;
    g_assert_cmpint(add_connection(table, &c), ==, 0);
}

static void
expect_conclusion(const ces_pair_table *table, guint index, const char *wanted)
{
    GString *text = g_string_new(NULL);

    ces_say_conclusion(table, ces_pair_table_get(table, index), text);
    g_assert_cmpstr(text->str, ==, wanted);
    g_string_free(text, TRUE);
}

static void
test_conclusion(gconstpointer data)
{
    const struct conclusion *row = (const struct conclusion *)data;
    const host *sma = row->sma_in_cloud ? &cloud_sma : &outer_sma;
    const host *esa = row->sma_in_cloud ? &outer_esa : &cloud_esa;
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_sight(table, &row->sync, CES_SERVICE_SYNC, sma, esa);
    add_sight(table, &row->spam, CES_SERVICE_SPAM_QUARANTINE, esa, sma);
    add_sight(table, &row->pvo, CES_SERVICE_PVO_QUARANTINE, esa, sma);
    expect_conclusion(table, 0, row->text);
    ces_pair_table_free(table);
}

/* Of the two the one is named whose part is only assumed. */
static void
test_assumed_esa(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_to(table, CES_SERVICE_SYNC, &cloud_sma, &outer_host, CES_SEEN_DATA);
    expect_conclusion(table, 0,
                      "If 198.51.100.10 is an ESA: the sync was running before the capture began; its opening "
                      "was not seen." CANNOT);
    ces_pair_table_free(table);
}

/* Who is who hangs on the service alone, until a connection tells. */
static void
test_assumed_roles(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP);
    c.assessment.result = CES_RESULT_WORKING;
    add_connection(table, &c);
    expect_conclusion(table, 0,
                      "If 203.0.113.20 is an SMA: the sync was seen working: Reporting and Message Tracking "
                      "can work." CANNOT);
    add_to(table, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    expect_conclusion(table, 0, "The sync was seen working: Reporting and Message Tracking can work." CANNOT);
    add_to(table, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, CES_SEEN_SYN | CES_SEEN_RST_ANSWER);
    expect_conclusion(table, 0,
                      "The sync was seen working, yet not to the end: Reporting and Message Tracking are supported, "
                      "and get nothing since. The sync worked; later it was refused by a RST (1 connection)." CANNOT);
    ces_pair_table_free(table);
}

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

/* 7025 opened by a known SMA: permitted out of the cloud, blocked into it. */
static const struct release {
    const char *name;
    gboolean sma_in_cloud;
    guint16 evidence;
    const char *says;
    const char *never;
} releases[] = {
    {"permitted, got through", TRUE, UP,
     "A release from the PVO Quarantine got through, which is permitted|Spam Quarantine and PVO Quarantine cannot work",
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

/* --- history -------------------------------------------------------------------------- */

/* A connection of a history: begins so many seconds after MORNING, and takes one. */
typedef struct {
    gint64 after;
    guint16 evidence;
    ces_result result;
} moment;

static void
add_moment(ces_pair_table *table, gint64 after, guint16 evidence, ces_result result, guint32 frame, const char *capture)
{
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, evidence);
    c.flow.start = MORNING + after * CES_SECOND;
    c.flow.end = c.flow.start + CES_SECOND;
    c.flow.first_frame = frame;
    c.assessment.result = result;
    ces_contact contact = ces_contact_of(&c.assessment, capture);
    ces_pair_table_add(table, &contact);
}

static char *
json_of(const ces_pair_table *table, guint index)
{
    GString *text = g_string_new(NULL);
    ces_writer json;

    ces_writer_init(&json, &ces_json, text, TRUE);
    ces_json_begin(text);
    ces_record_pair(table, ces_pair_table_get(table, index), &json);
    ces_json_end(text);
    ces_writer_clear(&json);
    return g_string_free(text, FALSE);
}

#define WORKED                                                                                            \
    "{\"from\":\"2026-11-25T02:13:07.123456Z\",\"to\":\"2026-11-25T02:13:10.123456Z\",\"connections\":2," \
    "\"outcome\":\"established\",\"result\":\"working\",\"capture\":\"night.pcap\",\"frame\":1}"
#define FAILED                                                                                            \
    "{\"from\":\"2026-11-25T02:14:11.123456Z\",\"to\":\"2026-11-25T02:14:14.123456Z\",\"connections\":3," \
    "\"outcome\":\"unanswered\",\"result\":\"unknown\",\"capture\":\"night.pcap\",\"frame\":30}"

/* The whole record of a pair; its connections come out of order. */
static void
test_json_of_pair(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_moment(table, 64, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 30, "night.pcap");
    add_moment(table, 65, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 40, "night.pcap");
    add_moment(table, 0, UP, CES_RESULT_WORKING, 1, "night.pcap");
    add_moment(table, 2, UP, CES_RESULT_WORKING, 10, "night.pcap");
    add_moment(table, 66, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 50, "night.pcap");
    char *json = json_of(table, 0);
    g_assert_cmpstr(
        json, ==,
        "{\"sma\":{\"address\":\"203.0.113.20\",\"site\":\"cloud\",\"appliance\":\"sma\",\"basis\":\"configured\","
        "\"name\":\"\"},\"esa\":{\"address\":\"198.51.100.10\",\"site\":\"external\",\"appliance\":\"esa\","
        "\"basis\":\"configured\",\"name\":\"\"},"
        "\"reporting\":{\"support\":\"supported\",\"seen\":\"established\",\"result\":\"working\",\"history\":[" WORKED
        "," FAILED "]},"
        "\"message_tracking\":{\"support\":\"supported\",\"seen\":\"established\",\"result\":\"working\","
        "\"history\":[" WORKED "," FAILED "]},"
        "\"spam_quarantine\":{\"support\":\"unsupported\",\"seen\":\"not_seen\",\"result\":\"unknown\",\"history\":[]},"
        "\"pvo_quarantine\":{\"support\":\"unsupported\",\"seen\":\"not_seen\",\"result\":\"unknown\",\"history\":[]},"
        "\"conclusion\":\"The sync was seen working, yet not to the end: Reporting and Message Tracking are supported, "
        "and get nothing since. The sync worked until 02:13:10; since 02:14:11 it was unanswered (3 "
        "connections, from packet 30 of night.pcap on)." CANNOT "\"}\n");
    g_free(json);
    ces_pair_table_free(table);
}

/* The name of a capture is escaped, not changed: it must be found again. */
static void
test_capture_name(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_moment(table, 0, UP, CES_RESULT_WORKING, 1, "a\"\342\200\256\033.pcap");
    char *json = json_of(table, 0);
    g_assert_nonnull(strstr(json, "\"capture\":\"a\\\"\\u202e\\u001b.pcap\",\"frame\":1}"));
    g_free(json);
    ces_pair_table_free(table);
}

enum { MOMENTS = 6, DAY = 86400 };

static const struct telling {
    const char *name;
    moment moments[MOMENTS];
    guint count;
    const char *says; /* after the first sentence; "" if nothing is told */
} tellings[] = {
    {"no change", {{0, UP, CES_RESULT_WORKING}, {9, UP, CES_RESULT_WORKING}}, 2, ""},
    {"failed, then worked",
     {{0, CES_SEEN_SYN | CES_SEEN_RST_ANSWER, CES_RESULT_UNKNOWN}, {9, UP, CES_RESULT_WORKING}},
     2,
     " The sync was refused by a RST until 02:13:08; since 02:13:16 it worked (1 connection)."},
    {"on another day",
     {{0, UP, CES_RESULT_WORKING}, {DAY, UP, CES_RESULT_SILENT}, {DAY + 9, UP, CES_RESULT_SILENT}},
     3,
     " The sync worked until 2026-11-25 02:13:08; since 2026-11-26 02:13:07 it was silent (2 connections)."},
    {"the last of several changes",
     {{0, UP, CES_RESULT_WORKING},
      {2, UP, CES_RESULT_BROKEN},
      {4, UP, CES_RESULT_WORKING},
      {6, CES_SEEN_SYN, CES_RESULT_UNKNOWN},
      {8, CES_SEEN_SYN, CES_RESULT_UNKNOWN}},
     5,
     " The sync worked until 02:13:12; since 02:13:13 it was unanswered (2 connections)."},
    {"seen from the opening and not",
     {{0, CES_SEEN_SYN, CES_RESULT_UNKNOWN}, {2, CES_SEEN_DATA, CES_RESULT_WORKING}, {4, UP, CES_RESULT_WORKING}},
     3,
     " The sync was unanswered until 02:13:08; since 02:13:09 it worked (2 connections)."},
    {"stray packets are no change", {{0, UP, CES_RESULT_WORKING}, {5, 0, CES_RESULT_UNKNOWN}}, 2, ""},
    {"at the same time",
     {{0, UP, CES_RESULT_WORKING}, {0, CES_SEEN_SYN, CES_RESULT_UNKNOWN}},
     2,
     " The sync worked; later it was unanswered (1 connection)."},
};

static void
test_telling(gconstpointer data)
{
    const struct telling *row = (const struct telling *)data;
    ces_pair_table *table = ces_pair_table_new(NULL);

    for (guint i = 0; i < row->count; i++)
        add_moment(table, row->moments[i].after, row->moments[i].evidence, row->moments[i].result, i + 1, NULL);
    gboolean works_now = *row->says == '\0' || strstr(row->says, "it worked") != NULL;
    char *wanted =
        g_strconcat(works_now ? "The sync was seen working: Reporting and Message Tracking can work."
                              : "The sync was seen working, yet not to the end: Reporting and Message Tracking are "
                                "supported, and get nothing since.",
                    row->says, CANNOT, NULL);
    expect_conclusion(table, 0, wanted);
    g_free(wanted);
    ces_pair_table_free(table);
}

/* --- several captures --------------------------------------------------------------------- */

/* What begins in the middle of a capture goes on from another one. */
static void
test_running_on(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    add_moment(table, 0, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 3, "1\n.pcap");
    add_moment(table, 2, UP, CES_RESULT_WORKING, 5, "1\n.pcap");
    add_moment(table, 4, CES_SEEN_DATA, CES_RESULT_UNKNOWN, 1, "2.pcap");
    add_moment(table, 6, UP, CES_RESULT_WORKING, 7, "2.pcap");
    add_moment(table, 8, CES_SEEN_DATA, CES_RESULT_UNKNOWN, 1, "3.pcap");
    expect_conclusion(table, 0,
                      "The sync was seen working: Reporting and Message Tracking can work. The sync was unanswered "
                      "until 02:13:08; since 02:13:09 it worked (4 connections, from packet 5 of 1..pcap on)." CANNOT);
    ces_pair_table_free(table);
}

/* One capture knows what another does not. */
static void
test_learned_later(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    connection c;

    add_to(table, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP);
    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_host, UP);
    c.assessment.initiator.name = "sma1.example.com";
    c.assessment.initiator.basis = CES_BASIS_DNS;
    add_connection(table, &c);
    add_to(table, CES_SERVICE_SYNC, &cloud_host, &outer_host, UP);
    const ces_party *sma = &ces_pair_table_get(table, 0)->sma.party;
    g_assert_cmpstr(sma->name, ==, "sma1.example.com");
    g_assert_cmpint(sma->appliance, ==, CES_APPLIANCE_SMA);
    g_assert_cmpint(sma->basis, ==, CES_BASIS_DNS);
    ces_pair_table_free(table);
}

/* --- summary -------------------------------------------------------------------------------- */

static gboolean
take(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

static void
expect_summary(const ces_pair_table *table, const char *wanted)
{
    GString *text = g_string_new(NULL);

    g_assert_true(ces_report_summary(table, take, text));
    g_assert_cmpstr(text->str, ==, wanted);
    g_string_free(text, TRUE);
}

static void
test_summary(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);

    expect_summary(table, "");
    add_to(table, CES_SERVICE_SPAM_QUARANTINE, &outer_esa, &cloud_sma, CES_SEEN_SYN);
    expect_summary(table, "SMA 203.0.113.20 (cloud, sma) and ESA 198.51.100.10 (external, esa)\n"
                          "  The sync was not seen.\n"
                          "  Spam Quarantine was unanswered from 2026-11-25 02:13:07 to 02:13:08 (1 connection).\n");
    add_moment(table, 0, UP, CES_RESULT_WORKING, 3, "a.pcap");
    add_to(table, CES_SERVICE_SYNC, &outer_sma, &cloud_esa, 0);
    expect_summary(table, "SMA 198.51.100.20 (external, sma) and ESA 203.0.113.10 (cloud, esa)\n"
                          "  Of the connections for Reporting only stray packets were seen.\n"
                          "SMA 203.0.113.20 (cloud, sma) and ESA 198.51.100.10 (external, esa)\n"
                          "  The sync worked from 2026-11-25 02:13:07 to 02:13:08 (1 connection, from packet 3 of "
                          "a.pcap on).\n"
                          "  Spam Quarantine was unanswered from 2026-11-25 02:13:07 to 02:13:08 (1 connection).\n");
    add_moment(table, 9, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 7, "b.pcap");
    expect_summary(table, "SMA 203.0.113.20 (cloud, sma) and ESA 198.51.100.10 (external, esa)\n"
                          "  The sync worked until 02:13:08; since 02:13:16 it was unanswered (1 connection, from "
                          "packet 7 of b.pcap on).\n"
                          "  Spam Quarantine was unanswered from 2026-11-25 02:13:07 to 02:13:08 (1 connection).\n"
                          "SMA 198.51.100.20 (external, sma) and ESA 203.0.113.10 (cloud, esa)\n"
                          "  Of the connections for Reporting only stray packets were seen.\n");
    ces_pair_table_free(table);
}

/* No more than a screen. */
static void
test_long_summary(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);
    connection c;

    for (guint i = 0; i < 100; i++) {
        connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
        c.flow.ends[1].address.low += i;
        add_connection(table, &c);
    }
    ces_report_summary(table, take, text);
    g_assert_true(g_str_has_suffix(text->str, "\nAnd 90 more pairs of SMA and ESA.\n"));
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

/* --- times and bounds ------------------------------------------------------------------------ */

/* A connection without a time stays beside its neighbour in the capture. */
static void
test_without_time(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    guint count, dropped;
    connection c;

    add_moment(table, 0, UP, CES_RESULT_WORKING, 1, NULL);
    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, CES_SEEN_SYN);
    c.flow.start = c.flow.end = CES_TIME_UNKNOWN;
    c.flow.first_frame = 2;
    add_connection(table, &c);
    const ces_episode *episodes =
        ces_pair_history(ces_pair_table_get(table, 0), CES_FUNCTION_REPORTING, &count, &dropped);
    g_assert_cmpuint(count, ==, 2);
    g_assert_cmpint(episodes[0].from, ==, MORNING);
    g_assert_true(episodes[1].from == CES_TIME_UNKNOWN && episodes[1].to == CES_TIME_UNKNOWN);
    g_assert_cmpuint(episodes[1].frame, ==, 2);
    char *json = json_of(table, 0);
    g_assert_nonnull(strstr(json, ",{\"from\":null,\"to\":null,\"connections\":1,\"outcome\":\"unanswered\","
                                  "\"result\":\"unknown\",\"capture\":\"\",\"frame\":2}]"));
    g_free(json);
    ces_pair_table_free(table);
}

/* Of more changes than are kept the latest stay, and it is said. */
static void
check_bound(guint changes, gboolean backwards)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    GString *text = g_string_new(NULL);
    guint count, dropped;

    for (guint i = 0; i < changes; i++) {
        guint nth = backwards ? changes - 1 - i : i;
        add_moment(table, 2 * (gint64)nth, UP, nth % 2 ? CES_RESULT_WORKING : CES_RESULT_SILENT, nth + 1, NULL);
    }
    const ces_pair *pair = ces_pair_table_get(table, 0);
    const ces_episode *episodes = ces_pair_history(pair, CES_FUNCTION_REPORTING, &count, &dropped);
    g_assert_cmpuint(count, ==, CES_EPISODES_KEPT);
    g_assert_cmpuint(dropped, ==, changes - CES_EPISODES_KEPT);
    for (guint i = 0; i < count; i++)
        g_assert_cmpuint(episodes[i].frame, ==, dropped + i + 1);
    char *says = g_strdup_printf(" Of its history the %u oldest episodes are left out.", dropped);
    ces_say_conclusion(table, pair, text);
    g_assert_nonnull(strstr(text->str, says));
    g_free(says);
    g_string_free(text, TRUE);
    ces_pair_table_free(table);
}

static void
test_bound(void)
{
    check_bound(CES_EPISODES_KEPT + 1, FALSE);
    check_bound(CES_EPISODES_KEPT + 5, TRUE);
    check_bound(5 * CES_EPISODES_KEPT + 3, FALSE);
    check_bound(2 * CES_EPISODES_KEPT, TRUE);
}

/* A row is drawn again after each connection: that must not take all of them into account each time. */
static void
test_reading_while_adding(void)
{
    ces_pair_table *table = ces_pair_table_new(NULL);
    guint count = 0, dropped = 0;

    for (guint i = 0; i < 100000; i++) {
        add_moment(table, i, UP, i < 50000 ? CES_RESULT_WORKING : CES_RESULT_SILENT, i + 1, NULL);
        ces_pair_history(ces_pair_table_get(table, 0), CES_FUNCTION_REPORTING, &count, &dropped);
    }
    g_assert_cmpuint(count, ==, 2);
    add_moment(table, -1, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 100001, NULL);
    const ces_episode *episodes =
        ces_pair_history(ces_pair_table_get(table, 0), CES_FUNCTION_REPORTING, &count, &dropped);
    g_assert_cmpuint(count, ==, 3);
    g_assert_cmpuint(episodes[0].frame, ==, 100001);
    g_assert_cmpuint(episodes[2].connections, ==, 50000);
    ces_pair_table_free(table);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("pairs/joining", joinings, test_joining);
    g_test_add_func("/core/pairs/names join addresses", test_names_join_addresses);
    g_test_add_func("/core/pairs/best is seen", test_best_is_seen);
    g_test_add_func("/core/pairs/best result", test_best_result);
    g_test_add_func("/core/pairs/delivery before release", test_delivery_before_release);
    g_test_add_func("/core/pairs/support of functions", test_support_of_functions);
    ROWS_ADD("pairs/conclusion", conclusions, test_conclusion);
    g_test_add_func("/core/pairs/assumed roles", test_assumed_roles);
    g_test_add_func("/core/pairs/assumed ESA", test_assumed_esa);
    ROWS_ADD("pairs/release", releases, test_release);
    g_test_add_func("/core/pairs/hint at release", test_hint_at_release);
    g_test_add_func("/core/pairs/json", test_json_of_pair);
    g_test_add_func("/core/pairs/capture name", test_capture_name);
    ROWS_ADD("pairs/telling", tellings, test_telling);
    g_test_add_func("/core/pairs/running on", test_running_on);
    g_test_add_func("/core/pairs/learned later", test_learned_later);
    g_test_add_func("/core/pairs/summary", test_summary);
    g_test_add_func("/core/pairs/long summary", test_long_summary);
    g_test_add_func("/core/pairs/without time", test_without_time);
    g_test_add_func("/core/pairs/bound", test_bound);
    g_test_add_func("/core/pairs/reading while adding", test_reading_while_adding);
    return g_test_run();
}
