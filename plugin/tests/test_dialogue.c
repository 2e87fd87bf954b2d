/* test_dialogue.c
 * Segments through the flow table into dialogues: what they contribute, and
 * what became of the connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/dialogue.h>

#include <string.h>

#include "flow/flow_table.h"
#include "flow_events.h"
#include "rows.h"

/* One segment. WHO: 'C' and 'S' send it; in lower case the capture misses it.
 * FLAGS: letters of S A R F; '-' only its header was captured; '<' its number
 * is 30 smaller than it should be, '>' 30 larger. */
typedef struct {
    char who;
    const char *flags;
    const char *bytes;
    guint after; /* milliseconds after the one before */
} step;

#define OPENING                             \
    {'C', "S", "", 0}, {'S', "SA", "", 10}, \
    {                                       \
        'C', "A", "", 10                    \
    }
#define BANNER "SSH-2.0-a\r\n"
#define SERVER_BANNER        \
    {                        \
        'S', "A", BANNER, 10 \
    }
#define CLIENT_BANNER        \
    {                        \
        'C', "A", BANNER, 10 \
    }

typedef struct {
    const char *name;
    guint16 port;
    step steps[14];
    guint later;        /* milliseconds of capture after the last segment */
    const char *result; /* with its cause, if it has one */
    const char *shown;  /* by which packets, from 1: "5 no_banner;" */
    const char *says;   /* the sentence */
} connection_row;

enum { SYNC = 22, SPAM = 6025, PVO = 7025 };

/* clang-format off */
static const connection_row connections[] = {
    /* Silence. */
    {"silent", SYNC, {OPENING}, 3000, "silent no_banner", "",
     "The server says nothing in 3.0 s after the handshake: no SSH banner"},
    {"not yet silent", SYNC, {OPENING}, 2999, "unknown", "", ""},
    {"silent to a client that speaks", SYNC, {OPENING, CLIENT_BANNER, {'C', "A<", BANNER, 9000}, {'S', "A", "", 10}}, 0,
     "silent no_banner", "", "The server says nothing in 9.0 s after the handshake: no SSH banner"},
    {"silent quarantine", SPAM, {OPENING}, 60000, "silent no_greeting", "",
     "The server says nothing in 60.0 s after the handshake: no greeting (220)"},
    {"an acknowledgment ahead of its data", SPAM, {OPENING, {'s', "A", "220 a\r\n", 10}, {'C', "A", "", 10}}, 9000, "unknown", "", ""},
    {"a later segment of the server shows what is missing", SPAM, {OPENING, {'s', "A", "220 a\r\n", 10}, {'S', "A", "", 10}}, 9000,
     "unknown", "", ""},
    {"a greeting takes it back", SPAM, {OPENING, {'S', "A", "220 a\r\n", 9000}}, 9000, "unknown", "", ""},
    {"a banner takes it back", SYNC, {OPENING, {'S', "A", BANNER, 9000}}, 9000, "unknown", "", ""},
    {"headers only", SPAM, {OPENING, {'S', "A-", "220 a\r\n", 10}}, 9000, "unknown", "", ""},
    {"keep-alives are no words", SYNC, {OPENING, {'C', "A", "", 5000}, {'S', "A", "", 10}}, 0, "silent no_banner", "",
     "in 5.0 s after"},
    {"half open", SYNC, {{'C', "S", "", 0}, {'S', "SA", "", 10}}, 9000, "unknown", "", ""},
    {"unanswered", SYNC, {{'C', "S", "", 0}}, 9000, "unknown", "", ""},
    {"without the SYN-ACK", SYNC, {{'C', "S", "", 0}, {'s', "SA", "", 10}, {'C', "A", "", 10}}, 9000, "unknown", "", ""},
    {"one side", SYNC, {{'c', "S", "", 0}, {'S', "SA", "", 10}, {'c', "A", "", 10}, {'S', "A", "", 10}}, 9000, "unknown", "", ""},
    {"midstream", SYNC, {{'C', "A", "", 0}, {'S', "A", "", 10}}, 9000, "unknown", "", ""},
    {"other services are not followed", 25, {OPENING}, 9000, "unknown", "", ""},
    /* The client leaves. */
    {"health check", SPAM, {OPENING, {'C', "FA", "", 10}, {'S', "FA", "", 10}, {'C', "A", "", 10}}, 90000, "unknown", "", ""},
    {"health check by a RST", SPAM, {OPENING, {'C', "RA", "", 10}}, 90000, "unknown", "", ""},
    {"health check of the sync", SYNC, {OPENING, {'C', "FA", "", 10}, {'S', "FA", "", 10}}, 90000, "unknown", "", ""},
    {"the client leaves after a second", SPAM, {OPENING, {'C', "FA", "", 1000}}, 9000, "unknown", "", ""},
    {"the client leaves after more than a second", SPAM, {OPENING, {'C', "FA", "", 1001}}, 0, "silent no_greeting",
     "4 no_greeting 1001;", "The server says nothing in 1.0 s after the handshake: no greeting (220); then the client closes"},
    {"who answered in the stead of a server", SPAM, {OPENING, {'C', "FA", "", 30000}, {'S', "FA", "", 10}}, 0, "silent no_greeting",
     "4 no_greeting 30000;", "The server says nothing in 30.0 s after the handshake: no greeting (220); then the client closes"},
    {"the client resets", SYNC, {OPENING, {'C', "R", "", 5000}}, 0, "silent no_banner", "4 no_banner 5000;",
     "; then the client resets the connection"},
    {"a half-closed client is greeted", SPAM, {OPENING, {'C', "FA", "", 5000}, {'S', "A", "220 a\r\n", 10}}, 9000, "unknown",
     "4 no_greeting 5000;", ""},
    /* The server leaves. */
    {"the server closes without a banner", SYNC, {OPENING, {'S', "FA", "", 200}, {'C', "FA", "", 10}}, 0, "broken no_banner",
     "4 no_banner 200;", "The server closes without an SSH banner, 0.2 s after the handshake"},
    {"the server resets without a banner", SYNC, {OPENING, CLIENT_BANNER, {'S', "RA", "", 200}}, 0, "broken no_banner",
     "5 no_banner 210;", "The server resets the connection without an SSH banner, 0.2 s after the handshake"},
    {"the server closes without a greeting", PVO, {OPENING, {'S', "FA", "", 200}}, 0, "silent no_greeting", "4 no_greeting 200;",
     "The server closes without a greeting (220), 0.2 s after the handshake"},
    {"the server closes after a long time", SYNC, {OPENING, {'S', "FA", "", 120000}}, 0, "broken no_banner", "4 no_banner 120000;",
     "The server closes without an SSH banner, 120.0 s after the handshake"},
    {"what the server said is missing", SYNC, {OPENING, {'s', "A", BANNER, 10}, {'S', "FA", "", 10}}, 9000, "unknown", "", ""},
    {"the client closed first, unseen", SYNC, {OPENING, {'c', "FA", "", 10}, {'S', "FA", "", 10}}, 9000, "unknown", "", ""},
    {"a RST from elsewhere ends nothing", SYNC, {OPENING, {'S', "R<", "", 10}}, 0, "unknown", "", ""},
    {"a RST with a text", SPAM, {OPENING, {'S', "RA", "no listener", 10}}, 0, "silent no_greeting", "4 no_greeting 10;", ""},
    {"one side sees a FIN", SYNC,
     {{'c', "S", "", 0}, {'S', "SA", "", 10}, {'c', "A", "", 10}, {'S', "FA", "", 10}}, 9000, "unknown", "", ""},
    /* SSH. */
    {"a web server", SYNC, {OPENING, CLIENT_BANNER, {'S', "A", "HTTP/1.1 400 Bad Request\r\n", 10}, {'S', "FA", "", 10}}, 0,
     "broken not_ssh", "5 not_ssh 0;", "The server does not speak SSH, it says: HTTP/1.1 400 Bad Request"},
    {"a web server, midstream", SYNC, {{'S', "A", "HTTP/1.1 400 Bad Request\r\n", 10}, {'C', "A", "", 10}}, 0, "unknown", "", ""},
    {"the server closes after its banner", SYNC, {OPENING, SERVER_BANNER, CLIENT_BANNER, {'S', "RA", "", 10}}, 0,
     "broken closed_after_banner", "6 closed_after_banner 0;",
     "The server resets the connection after the SSH banner, before any key exchange"},
    {"... and its last bytes in one packet", SYNC, {OPENING, CLIENT_BANNER, {'S', "FA", BANNER, 10}}, 0,
     "broken closed_after_banner", "5 closed_after_banner 0;", "The server closes after the SSH banner, before any key exchange"},
    {"the banner again", SYNC, {OPENING, SERVER_BANNER, CLIENT_BANNER, {'C', "FA", "", 2000}, {'S', "FA", "", 10}}, 0,
     "broken closed_after_banner", "6 closed_after_banner 0;", "The client closes after"},
    {"a banner, and the client goes at once", SYNC, {OPENING, SERVER_BANNER, {'C', "FA", "", 10}, {'S', "FA", "", 10}}, 0, "unknown",
     "", ""},
    {"a banner after a gap", SYNC, {OPENING, {'s', "A", "x", 10}, SERVER_BANNER, CLIENT_BANNER, {'S', "FA", "", 10}}, 0, "unknown",
     "", ""},
    {"the client's banner is missing", SYNC, {OPENING, SERVER_BANNER, {'c', "A", BANNER, 10}, {'S', "FA", "", 10}}, 0, "unknown", "", ""},
};
/* clang-format on */

/* --- driving ---------------------------------------------------------------------- */

typedef struct {
    ces_flow_table *table;
    ces_flow *flow;
    ces_contribution contribution;
    ces_socket ends[2];   /* by from_client */
    guint32 sequences[2]; /* likewise: of the next byte */
    guint16 frame;
    gint64 elapsed;
} wire;

static wire
wire_new(const ces_ports *ports, guint16 port, gboolean swapped)
{
    wire w = {.table = ces_flow_table_new(ports), .sequences = {0xfffffff0, 1000}};
    static const guint8 low[4] = {192, 0, 2, 1}, high[4] = {203, 0, 113, 20};

    w.ends[TRUE] = (ces_socket){ces_address_from_ipv4(swapped ? high : low), 50000};
    w.ends[FALSE] = (ces_socket){ces_address_from_ipv4(swapped ? low : high), port};
    return w;
}

static void
wire_free(wire *w)
{
    for (guint i = 0; i < ces_flow_table_count(w->table); i++)
        ces_dialogue_free(ces_flow_table_get(w->table, i)->dialogue);
    ces_flow_table_free(w->table);
}

static guint8
flags_of(const char *flags)
{
    return (guint8)((strchr(flags, 'S') ? CES_TCP_SYN : 0) | (strchr(flags, 'A') ? CES_TCP_ACK : 0) |
                    (strchr(flags, 'R') ? CES_TCP_RST : 0) | (strchr(flags, 'F') ? CES_TCP_FIN : 0));
}

/* A segment that lies in the capture; its bytes are copied, so that reading too far is seen. */
static ces_segment
make_segment(wire *w, const step *s, const guint8 *bytes, guint32 length)
{
    gboolean client = g_ascii_toupper(s->who) == 'C';
    guint32 aside = strchr(s->flags, '<') ? 30u : strchr(s->flags, '>') ? 0u - 30u : 0u;
    guint8 flags = flags_of(s->flags);
    gboolean headers = strchr(s->flags, '-') != NULL;
    ces_segment segment = {.source = w->ends[client],
                           .destination = w->ends[!client],
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = flags,
                           .sequence = w->sequences[client] - aside,
                           .acknowledgment = (flags & CES_TCP_ACK) ? w->sequences[!client] : 0,
                           .payload = length,
                           .captured = headers ? 0 : length,
                           .bytes = headers ? NULL : (guint8 *)g_memdup2(bytes, length)};

    w->elapsed += s->after * (CES_SECOND / 1000);
    segment.elapsed = segment.timestamp = w->elapsed;
    if (aside == 0)
        w->sequences[client] += length + ((flags & CES_TCP_SYN) != 0) + ((flags & CES_TCP_FIN) != 0);
    return segment;
}

static void
capture_segment(wire *w, ces_segment segment)
{
    segment.frame = ++w->frame;
    ces_sighting sighting = ces_flow_table_segment(w->table, &segment);
    w->flow = sighting.flow;
    ces_dialogue_add(w->flow, &segment, sighting.sender, &w->contribution);
}

static void
wire_send_bytes(wire *w, const step *s, const guint8 *bytes, guint32 length)
{
    ces_segment segment = make_segment(w, s, bytes, length);

    if (g_ascii_isupper(s->who))
        capture_segment(w, segment);
    g_free((gpointer)segment.bytes);
}

static void
wire_send(wire *w, const step *s)
{
    wire_send_bytes(w, s, (const guint8 *)s->bytes, (guint32)strlen(s->bytes));
}

static void
wire_open(wire *w)
{
    static const step opening[] = {OPENING};

    for (gsize i = 0; i < G_N_ELEMENTS(opening); i++)
        wire_send(w, &opening[i]);
}

static void
assert_result(wire *w, guint later, const char *expected, const char *says)
{
    GString *text = g_string_new(NULL);
    gint64 elapsed = w->elapsed + later * (CES_SECOND / 1000);
    ces_cause cause;

    g_string_append(text, ces_result_token(ces_dialogue_result(w->flow, elapsed, 3 * CES_SECOND, &cause)));
    if (cause != CES_CAUSE_NONE)
        g_string_append_printf(text, " %s", ces_cause_token(cause));
    g_assert_cmpstr(text->str, ==, expected);
    g_string_truncate(text, 0);
    ces_say_cause(w->flow, cause, elapsed, text);
    g_assert_nonnull(strstr(text->str, says));
    g_assert_cmpint(text->len > 0, ==, cause != CES_CAUSE_NONE);
    g_assert_cmpuint(text->len, <=, 110);
    g_string_free(text, TRUE);
}

static void
run_connection(const connection_row *row, const ces_ports *ports, gboolean swapped)
{
    wire w = wire_new(ports, row->port, swapped);
    GString *shown = g_string_new(NULL);

    for (const step *s = row->steps; s->who; s++) {
        w.contribution = (ces_contribution){.message = NULL};
        wire_send(&w, s);
        if (w.contribution.shows)
            g_string_append_printf(shown, "%u %s %" G_GINT64_FORMAT ";", w.frame,
                                   ces_cause_token((ces_cause)w.contribution.shows),
                                   w.contribution.waited / (CES_SECOND / 1000));
    }
    assert_result(&w, row->later, row->result, row->says);
    g_assert_cmpstr(shown->str, ==, row->shown);
    g_string_free(shown, TRUE);
    wire_free(&w);
}

static void
test_connection(gconstpointer data)
{
    const connection_row *row = (const connection_row *)data;
    ces_ports *ports = flow_default_ports();

    run_connection(row, ports, FALSE);
    run_connection(row, ports, TRUE);
    g_free(ports);
}

/* --- SSH ------------------------------------------------------------------------------ */

#define BYTES(text) (const guint8 *)(text), sizeof(text) - 1

#define KEXINIT "\0\0\0\6\1\x14kexi"
#define NEWKEYS "\0\0\0\6\1\x15...."
#define FAILS "\0\0\0\x14\2\1\0\0\0\3\0\0\0\4nope\0\0\0\0pp"

/* A client's FIN is no end: the server may go on. */
static void
test_working_sync(void)
{
    static const step server = {'S', "A", "", 10}, client = {'C', "A", "", 10}, fin = {'C', "FA", "", 10};
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SYNC, FALSE);

    wire_open(&w);
    wire_send_bytes(&w, &server, BYTES(BANNER KEXINIT NEWKEYS));
    wire_send_bytes(&w, &client, BYTES(BANNER KEXINIT NEWKEYS "x"));
    wire_send_bytes(&w, &fin, NULL, 0);
    assert_result(&w, 0, "unknown", "");
    wire_send_bytes(&w, &server, BYTES("x"));
    g_assert_cmpint(w.contribution.shows, ==, CES_CAUSE_NONE);
    assert_result(&w, 99000, "working", "");
    wire_free(&w);
    g_free(ports);
}

static void
test_disconnected_sync(void)
{
    static const step server = {'S', "A", "", 10}, client = {'C', "A", "", 10};
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SYNC, TRUE);

    wire_open(&w);
    wire_send_bytes(&w, &client, BYTES(BANNER KEXINIT));
    g_assert_cmpstr(ces_dialogue_disconnect(w.flow->dialogue), ==, "");
    wire_send_bytes(&w, &server, BYTES(BANNER KEXINIT FAILS));
    g_assert_cmpint(w.contribution.shows, ==, CES_CAUSE_NO_COMMON_ALGORITHM);
    g_assert_cmpstr(ces_dialogue_disconnect(w.flow->dialogue), ==, "nope");
    assert_result(&w, 0, "broken no_common_algorithm", "DISCONNECT, reason 3, by the server: nope");
    wire_free(&w);
    g_free(ports);
}

/* A sync midstream says nothing, whatever its encrypted bytes look like. */
static void
test_midstream_sync(void)
{
    static const step server = {'S', "A", "", 10}, client = {'C', "A", "", 10}, fin = {'S', "FA", "", 10};
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SYNC, FALSE);

    wire_send_bytes(&w, &client, BYTES("\x01\x02\xff\n\x80"));
    wire_send_bytes(&w, &server, BYTES("\0\0\xff\nHTTP/1.1\n"));
    wire_send_bytes(&w, &fin, NULL, 0);
    assert_result(&w, 99000, "unknown", "");
    wire_free(&w);
    g_free(ports);
}

/* --- what is kept ------------------------------------------------------------------------ */

static void
test_beginning(void)
{
    static const step syn = {'C', "S", "", 0}, syn_ack = {'S', "SA", "", 0}, ack = {'C', "A", "", 0};
    ces_ports *ports = flow_default_ports();
    wire sync = wire_new(ports, SYNC, FALSE), mail = wire_new(ports, 25, FALSE);

    wire_send(&sync, &syn);
    wire_send(&sync, &syn_ack);
    g_assert_null(sync.flow->dialogue);
    wire_send(&sync, &ack);
    g_assert_nonnull(sync.flow->dialogue);
    wire_open(&mail);
    wire_send(&mail, &(step){'S', "A", "220 a\r\n", 0});
    g_assert_null(mail.flow->dialogue);
    wire_free(&sync);
    wire_free(&mail);
    g_free(ports);
}

static void
test_followed(void)
{
    g_assert_true(ces_dialogue_is_followed(CES_SERVICE_SYNC));
    g_assert_true(ces_dialogue_is_followed(CES_SERVICE_SPAM_QUARANTINE));
    g_assert_true(ces_dialogue_is_followed(CES_SERVICE_PVO_QUARANTINE));
    g_assert_false(ces_dialogue_is_followed(CES_SERVICE_SMTP));
    g_assert_false(ces_dialogue_is_followed(CES_SERVICE_SUBMISSION));
    g_assert_false(ces_dialogue_is_followed(CES_SERVICE_NONE));
}

static void
test_no_dialogue(void)
{
    ces_flow flow = {.dialogue = NULL};
    GString *text = g_string_new(NULL);
    ces_contribution contribution = {.message = NULL};
    ces_cause cause = CES_CAUSE_LMTP;

    ces_dialogue_free(NULL);
    ces_dialogue_add_decrypted(&flow, TRUE, (const guint8 *)"x", 1, &contribution);
    ces_dialogue_repeat(&flow, TRUE, 1);
    ces_say_cause(&flow, CES_CAUSE_NO_BANNER, 0, text);
    g_assert_cmpint(ces_dialogue_result(&flow, 0, 0, &cause), ==, CES_RESULT_UNKNOWN);
    g_assert_cmpint(cause, ==, CES_CAUSE_NONE);
    g_assert_cmpstr(text->str, ==, "");
    g_assert_cmpint(ces_dialogue_protocol(NULL), ==, CES_PROTOCOL_UNKNOWN);
    g_assert_cmpint(ces_dialogue_inner_protocol(NULL), ==, CES_PROTOCOL_UNKNOWN);
    g_assert_false(ces_dialogue_wants_more(NULL, TRUE));
    g_assert_null(ces_dialogue_remark(NULL, 0));
    g_assert_cmpstr(ces_dialogue_disconnect(NULL), ==, "");
    g_string_free(text, TRUE);
}

/* An opening that turns up late: the ends were taken for each other. */
static void
test_roles_corrected(void)
{
    static const step data = {'S', "A", "220 a\r\n", 10};
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, FALSE);

    w.ends[TRUE].port = SYNC; /* by its ports the other one would be the server, of another service */
    wire_send(&w, &data);
    g_assert_cmpint(w.flow->service, ==, CES_SERVICE_SYNC);
    w.sequences[FALSE] = 0xfffffff0;
    wire_open(&w);
    g_assert_cmpint(w.flow->service, ==, CES_SERVICE_SPAM_QUARANTINE);
    assert_result(&w, 0, "unknown", "");
    wire_send(&w, &(step){'S', "A", "220 a\r\n", 10});
    g_assert_cmpint(w.contribution.protocol, ==, CES_PROTOCOL_SMTP);
    g_assert_cmpint(ces_dialogue_protocol(w.flow->dialogue), ==, CES_PROTOCOL_SMTP);
    wire_free(&w);
    g_free(ports);
}

/* --- quarantines ---------------------------------------------------------------------------- */

#define SENDS(who, text) wire_send(&w, &(step){who, "A", text, 10})

static void
test_message(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, TRUE);

    wire_open(&w);
    SENDS('S', "220 sma.example\r\n");
    g_assert_cmpint(w.contribution.protocol, ==, CES_PROTOCOL_SMTP);
    SENDS('C', "EHLO esa.example\r\n");
    SENDS('S', "250 sma.example\r\n");
    SENDS('C', "MAIL FROM:<a@b.example>\r\n");
    g_assert_nonnull(w.contribution.message);
    g_assert_cmpstr(w.contribution.message->sender, ==, "a@b.example");
    SENDS('S', "550 no\r\n");
    g_assert_cmpuint(w.contribution.remarks, ==, 1);
    g_assert_cmpint(ces_dialogue_remark(w.flow->dialogue, w.contribution.first_remark)->kind, ==, CES_REMARK_REFUSED);
    g_assert_null(ces_dialogue_remark(w.flow->dialogue, 1));
    wire_free(&w);
    g_free(ports);
}

/* What the client sent before its FIN is answered behind it. */
static void
test_half_close(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, FALSE);

    wire_open(&w);
    SENDS('C', "EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n");
    wire_send(&w, &(step){'C', "FA", "", 10});
    g_assert_cmpint(w.contribution.shows, ==, CES_CAUSE_NONE);
    SENDS('S', "220 sma\r\n");
    SENDS('S', "250 sma\r\n250 ok\r\n250 ok\r\n354 go\r\n250 accepted\r\n221 bye\r\n");
    g_assert_nonnull(w.contribution.message);
    g_assert_cmpint(w.contribution.message->outcome, ==, CES_DELIVERY_ACCEPTED);
    wire_send(&w, &(step){'S', "FA", "", 10});
    wire_free(&w);
    g_free(ports);
}

/* A message that is under way is given up, unless something may be missing. */
static void
test_abandoned(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, FALSE);

    wire_open(&w);
    SENDS('S', "220 sma\r\n");
    SENDS('C', "EHLO a\r\n");
    SENDS('S', "250 sma\r\n");
    SENDS('C', "MAIL FROM:<a@b.example>\r\n");
    const ces_message *message = w.contribution.message;
    SENDS('S', "250 ok\r\n");
    g_assert_cmpint(message->outcome, ==, CES_DELIVERY_UNKNOWN);
    wire_send(&w, &(step){'C', "FA", "", 10});
    g_assert_cmpint(message->outcome, ==, CES_DELIVERY_ABANDONED);
    wire_free(&w);
    g_free(ports);
}

static void
test_not_abandoned(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, FALSE);

    wire_open(&w);
    SENDS('S', "220 sma\r\n");
    SENDS('C', "EHLO a\r\n");
    SENDS('S', "250 sma\r\n");
    SENDS('C', "MAIL FROM:<a@b.example>\r\n");
    const ces_message *message = w.contribution.message;
    SENDS('s', "250 ok\r\n");
    wire_send(&w, &(step){'C', "FA", "", 10});
    wire_send(&w, &(step){'S', "FA", "", 10});
    g_assert_cmpint(message->outcome, ==, CES_DELIVERY_UNKNOWN);
    wire_free(&w);
    g_free(ports);
}

/* Decrypted bytes are read once, whatever is handed over again. */
static void
test_decrypted(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, FALSE);
    ces_contribution contribution = {.remarks = 2, .first_remark = 7};

    wire_open(&w);
    SENDS('S', "220 sma\r\n");
    SENDS('C', "STARTTLS\r\n");
    SENDS('S', "220 go\r\n");
    wire_send_bytes(&w, &(step){'C', "A", "", 10}, BYTES("\x16\3\1\0\5\1\0\0\1x"));
    g_assert_true(w.contribution.encrypted);
    ces_dialogue_add_decrypted(w.flow, TRUE, BYTES("MAIL FROM:<a@b.example>\r\nRCPT TO:<c"), &contribution);
    ces_dialogue_repeat(w.flow, TRUE, strlen("RCPT TO:<c"));
    ces_dialogue_add_decrypted(w.flow, TRUE, BYTES("RCPT "), &contribution);
    ces_dialogue_add_decrypted(w.flow, TRUE, BYTES("TO:<c@d.example>\r\n"), &contribution);
    g_assert_cmpuint(contribution.message->recipient_count, ==, 1);
    g_assert_cmpstr(contribution.message->recipients[0], ==, "c@d.example");
    g_assert_true(contribution.encrypted);
    g_assert_cmpuint(contribution.first_remark, ==, 7);
    g_assert_cmpuint(contribution.remarks, ==, 2);
    wire_free(&w);
    g_free(ports);
}

/* Clean text (not over 110 bytes, no control characters) whatever a server says. */
static void
test_hostile_text(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SYNC, FALSE);
    GString *text = g_string_new(NULL);

    wire_open(&w);
    wire_send_bytes(&w, &(step){'S', "A", "", 10}, BYTES("\x1b]0;x\x07\xc2\x9b\xff\xfe%s%n\r\nmore"));
    wire_send(&w, &(step){'S', "FA", "", 10});
    g_assert_cmpint(w.flow->dialogue != NULL, ==, TRUE);
    ces_say_cause(w.flow, CES_CAUSE_NOT_SSH, w.elapsed, text);
    g_assert_true(g_utf8_validate(text->str, -1, NULL));
    for (const char *at = text->str; *at; at = g_utf8_next_char(at))
        g_assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
    g_assert_true(g_str_has_suffix(text->str, "%s%n"));
    g_string_free(text, TRUE);
    wire_free(&w);
    g_free(ports);
}

/* --- changed places ------------------------------------------------------------------------- */

enum { STORY_STEPS = 24 };

typedef struct {
    const char *name;
    guint16 port;
    step steps[STORY_STEPS]; /* bytes without NUL */
    const char *result;
    const char *poorer; /* what else may be read off it if something is missing; NULL: "unknown" alone */
} story;

#define SAYS(who, text)   \
    {                     \
        who, "A", text, 2 \
    }
#define MAIL \
    SAYS('C', "MAIL FROM:<a@example.org>\r\n"), SAYS('S', "250 ok\r\n"), SAYS('C', "RCPT TO:<b@example.org>\r\n")

static const story stories[] = {
    {"accepted",
     SPAM,
     {OPENING,
      SAYS('S', "220 a\r\n"),
      SAYS('C', "EHLO b\r\n"),
      SAYS('S', "250 a\r\n"),
      MAIL,
      SAYS('S', "250 ok\r\n"),
      SAYS('C', "DATA\r\n"),
      SAYS('S', "354 go\r\n"),
      SAYS('C', "x\r\n"),
      SAYS('C', ".\r\n"),
      SAYS('S', "250 q\r\n"),
      SAYS('C', "QUIT\r\n"),
      SAYS('S', "221 bye\r\n"),
      {'C', "FA", "", 2},
      {'S', "FA", "", 2}},
     "working",
     NULL},
    {"refused",
     PVO,
     {OPENING,
      SAYS('S', "220 a\r\n"),
      SAYS('C', "EHLO b\r\n"),
      SAYS('S', "250-a\r\n"),
      SAYS('S', "250 SIZE\r\n"),
      MAIL,
      SAYS('S', "550 no\r\n"),
      SAYS('C', "QUIT\r\n"),
      SAYS('S', "221 bye\r\n"),
      {'S', "FA", "", 2},
      {'C', "FA", "", 2}},
     "refused reply_refused",
     NULL},
    {"an ordinary listener",
     PVO,
     {OPENING,
      SAYS('S', "220 a\r\n"),
      SAYS('C', "EHLO b\r\n"),
      SAYS('S', "250 a\r\n"),
      SAYS('C', "XMETA 1\r\n"),
      SAYS('S', "500 what\r\n"),
      SAYS('C', "XMETA 2\r\n"),
      SAYS('S', "500 what\r\n"),
      SAYS('S', "421 bye\r\n"),
      {'S', "FA", "", 2}},
     "refused unknown_command",
     "refused reply_deferred"},
    {"the server closes after its banner",
     SYNC,
     {OPENING, SERVER_BANNER, CLIENT_BANNER, {'S', "FA", "", 2}, {'C', "FA", "", 2}},
     "broken closed_after_banner",
     NULL},
    {"the server closes, then the client",
     SYNC,
     {OPENING, {'S', "FA", "", 5000}, {'C', "FA", "", 2}},
     "broken no_banner",
     NULL},
    {"the client closes, then the server",
     SYNC,
     {OPENING, {'C', "FA", "", 5000}, {'S', "FA", "", 2}},
     "silent no_banner",
     NULL},
    {"the server resets at once", SYNC, {OPENING, {'S', "RA", "", 2}}, "broken no_banner", NULL},
};

/* In the order that is given; the time is the place's. */
static void
assert_story(const story *told, const guint *order, guint count, const char *expected, gboolean missing)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, told->port, FALSE);
    ces_segment segments[STORY_STEPS];
    GString *text = g_string_new(NULL), *places = g_string_new(NULL);
    ces_cause cause;
    guint steps = 0;

    for (; told->steps[steps].who; steps++)
        segments[steps] = make_segment(&w, &told->steps[steps], (const guint8 *)told->steps[steps].bytes,
                                       (guint32)strlen(told->steps[steps].bytes));
    for (guint i = 0; i < count; i++) {
        ces_segment segment = segments[order[i]];
        segment.elapsed = segment.timestamp = segments[i].elapsed;
        g_string_append_printf(places, "%u ", order[i] + 1);
        capture_segment(&w, segment);
    }
    g_string_append(text,
                    ces_result_token(ces_dialogue_result(w.flow, w.elapsed + CES_SECOND, 3 * CES_SECOND, &cause)));
    if (cause != CES_CAUSE_NONE)
        g_string_append_printf(text, " %s", ces_cause_token(cause));
    gboolean poorer = missing && (g_str_equal(text->str, "unknown") || g_strcmp0(text->str, told->poorer) == 0);
    if (!poorer && strcmp(text->str, expected) != 0)
        g_error("%s in the order %s: %s, not %s", told->name, places->str, text->str, expected);
    g_string_free(text, TRUE);
    g_string_free(places, TRUE);
    for (guint i = 0; i < steps; i++)
        g_free((gpointer)segments[i].bytes);
    wire_free(&w);
    g_free(ports);
}

static guint
count_steps(const story *told)
{
    guint steps = 0;

    while (told->steps[steps].who)
        steps++;
    return steps;
}

/* Behind the SYN any two neighbours change places; once it is known what is spoken any three are turned round. */
static void
test_changed_places(gconstpointer data)
{
    const story *told = (const story *)data;
    guint steps = count_steps(told), order[STORY_STEPS];

    for (guint width = 1; width <= 3; width++)
        for (guint at = width < 3 ? 1 : 4; at + width <= steps; at++) {
            gboolean together = TRUE;
            for (guint i = 0; i < steps; i++) {
                order[i] = i >= at && i < at + width ? 2 * at + width - 1 - i : i;
                together = together && (i <= at || i >= at + width || told->steps[i].after <= 10);
            }
            if (together)
                assert_story(told, order, steps, told->result, FALSE);
        }
}

/* With a segment missing it is the same, or not known: never another. */
static void
test_missing(gconstpointer data)
{
    const story *told = (const story *)data;
    guint steps = count_steps(told), order[STORY_STEPS];

    for (guint without = 3; without < steps; without++) {
        for (guint i = 0; i + 1 < steps; i++)
            order[i] = i + (i >= without);
        assert_story(told, order, steps - 1, told->result, TRUE);
    }
}

/* Of a dialogue whose start is lost the packets that tell what is spoken wait for nothing. */
static void
test_start_lost(void)
{
    ces_ports *ports = flow_default_ports();
    wire w = wire_new(ports, SPAM, TRUE);

    wire_open(&w);
    wire_send(&w, &(step){'s', "A", "220 a\r\n250 a\r\n", 10});
    wire_send(&w, &(step){'c', "A", "EHLO b\r\n", 10});
    SENDS('C', "MAIL FROM:<a@example.org>\r\n");
    g_assert_cmpint(w.contribution.protocol, ==, CES_PROTOCOL_SMTP);
    SENDS('S', "250 ok\r\n");
    SENDS('C', "RCPT TO:<b@example.org>\r\n");
    g_assert_nonnull(w.contribution.message);
    g_assert_cmpuint(w.contribution.message->recipient_count, ==, 1);
    wire_free(&w);
    g_free(ports);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("dialogue", connections, test_connection);
    g_test_add_func("/core/dialogue/working sync", test_working_sync);
    g_test_add_func("/core/dialogue/disconnected sync", test_disconnected_sync);
    g_test_add_func("/core/dialogue/midstream sync", test_midstream_sync);
    g_test_add_func("/core/dialogue/beginning", test_beginning);
    g_test_add_func("/core/dialogue/followed", test_followed);
    g_test_add_func("/core/dialogue/no dialogue", test_no_dialogue);
    g_test_add_func("/core/dialogue/roles corrected", test_roles_corrected);
    g_test_add_func("/core/dialogue/message", test_message);
    g_test_add_func("/core/dialogue/half close", test_half_close);
    g_test_add_func("/core/dialogue/abandoned", test_abandoned);
    g_test_add_func("/core/dialogue/not abandoned", test_not_abandoned);
    g_test_add_func("/core/dialogue/decrypted", test_decrypted);
    g_test_add_func("/core/dialogue/hostile text", test_hostile_text);
    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        rows_add("dialogue/changed-places", stories[i].name, &stories[i], test_changed_places);
        rows_add("dialogue/missing", stories[i].name, &stories[i], test_missing);
    }
    g_test_add_func("/core/dialogue/start-lost", test_start_lost);
    return g_test_run();
}
