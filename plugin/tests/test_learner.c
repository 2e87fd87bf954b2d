/* test_learner.c
 * What packets teach of names, and what they do not: as the analysis feeds
 * them, flow table first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/learner.h"

#include <string.h>

#include "flow/flow_table.h"
#include "rows.h"
#include "tls_samples.h"

#define CLOUD "esa1.hc1234-56.iphmx.com"
#define STRANGER "mail.example.org"

enum { QUERY = 0x0100, RESPONSE = 0x8180, MDNS_RESPONSE = 0x8400, NXDOMAIN = 0x8183 };
enum { S = CES_TCP_SYN, A = CES_TCP_ACK, SA = S | A, R = CES_TCP_RST };

typedef struct {
    ces_ports *ports;
    ces_zones *zones;
    ces_flow_table *flows;
    ces_learner *learner;
    guint32 frame;
} world;

static world
world_new(void)
{
    world w = {.ports = g_new(ces_ports, 1), .zones = ces_zones_new(CES_ZONES_DEFAULT, NULL)};

    static const guint16 ports[] = {22, 25, 587, 6025};
    static const ces_service services[] = {CES_SERVICE_SYNC, CES_SERVICE_SMTP, CES_SERVICE_SUBMISSION,
                                           CES_SERVICE_SPAM_QUARANTINE};

    ces_ports_clear(w.ports);
    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++)
        g_assert_true(ces_ports_assign(w.ports, services[i], ports[i], ports[i], NULL));
    w.flows = ces_flow_table_new(w.ports);
    w.learner = ces_learner_new(w.zones);
    return w;
}

static void
world_free(world *w)
{
    ces_learner_free(w->learner);
    ces_flow_table_free(w->flows);
    ces_zones_free(w->zones);
    g_free(w->ports);
}

/* HOST of 198.51.100.0/24. */
static ces_address
address_of(guint host)
{
    return (ces_address){0, 0xc6336400 + host, TRUE};
}

/* "basis name", "" if nothing is known of the host. */
static void
assert_known(world *w, guint host, const char *expected)
{
    ces_address address = address_of(host);
    ces_learned_name learned = {.name = NULL};
    gboolean found = ces_learner_find(w->learner, &address, &learned);
    char *text = found ? g_strdup_printf("%s %s", ces_basis_token(learned.basis), learned.name) : g_strdup("");

    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

/* --- DNS -------------------------------------------------------------------------- */

enum { CLIENT = 7, RESOLVER = 53, FORGER = 66, HOST = 10 };

static void
put_16(GByteArray *message, guint number)
{
    guint8 bytes[2] = {(guint8)(number >> 8), (guint8)number};
    g_byte_array_append(message, bytes, 2);
}

static void
put_name(GByteArray *message, const char *name)
{
    gchar **labels = g_strsplit(name, ".", -1);

    for (gchar **label = labels; *label; label++) {
        guint8 length = (guint8)strlen(*label);
        g_byte_array_append(message, &length, 1);
        g_byte_array_append(message, (const guint8 *)*label, length);
    }
    g_byte_array_append(message, (const guint8 *)"", 1);
    g_strfreev(labels);
}

/* A message with so many times the same question for an A record, and, if
 * `host` is not 0, `owner` A 198.51.100.HOST. */
static GByteArray *
message_new(guint flags, guint questions, const char *question, const char *owner, guint host)
{
    GByteArray *message = g_byte_array_new();
    const guint8 address[4] = {198, 51, 100, (guint8)host};

    put_16(message, 0x1234);
    put_16(message, flags);
    put_16(message, questions);
    put_16(message, host ? 1 : 0);
    put_16(message, 0);
    put_16(message, 0);
    for (guint i = 0; i < questions; i++) {
        put_name(message, question);
        put_16(message, 1);
        put_16(message, 1);
    }
    if (host) {
        put_name(message, owner);
        put_16(message, 1);
        put_16(message, 1);
        put_16(message, 0);
        put_16(message, 300);
        put_16(message, 4);
        g_byte_array_append(message, address, 4);
    }
    return message;
}

/* Frees the message. */
static void
send_datagram(world *w, guint from, guint16 from_port, guint to, guint16 to_port, GByteArray *message)
{
    ces_socket source = {address_of(from), from_port}, destination = {address_of(to), to_port};

    w->frame++;
    if (ces_learner_wants_dns(from_port, to_port))
        ces_learner_add_datagram(w->learner, &source, &destination, message->data, message->len, w->frame);
    g_byte_array_free(message, TRUE);
}

static void
ask(world *w, const char *name)
{
    send_datagram(w, CLIENT, 5555, RESOLVER, 53, message_new(QUERY, 1, name, "", 0));
}

static void
answer(world *w, const char *question, const char *owner, guint host)
{
    send_datagram(w, RESOLVER, 53, CLIENT, 5555, message_new(RESPONSE, 1, question, owner, host));
}

static void
forge(world *w, const char *owner, guint host)
{
    send_datagram(w, FORGER, 53, CLIENT, 9999, message_new(RESPONSE, 1, owner, owner, host));
}

static void
test_asked(void)
{
    world w = world_new();
    ces_learned_name learned;
    ces_address address = address_of(HOST);

    ask(&w, CLOUD);
    assert_known(&w, HOST, "");
    answer(&w, CLOUD, CLOUD, HOST);
    assert_known(&w, HOST, "dns " CLOUD);
    g_assert_true(ces_learner_find(w.learner, &address, &learned));
    g_assert_cmpuint(learned.frame, ==, 2);
    g_assert_true(learned.in_cloud_zone);
    g_assert_cmpint(learned.appliance, ==, CES_APPLIANCE_ESA);
    world_free(&w);
}

/* Whatever comes first, and under whichever zone. */
static void
test_asked_beats_unasked(void)
{
    for (int forged_first = 0; forged_first <= 1; forged_first++) {
        world w = world_new();

        if (forged_first)
            forge(&w, CLOUD, HOST);
        ask(&w, STRANGER);
        answer(&w, STRANGER, STRANGER, HOST);
        if (!forged_first)
            forge(&w, CLOUD, HOST);
        assert_known(&w, HOST, "dns " STRANGER);
        world_free(&w);
    }
}

/* Of the answer to a question only what was asked for is an answer. */
static void
test_answer_to_another_question(void)
{
    world w = world_new();

    ask(&w, STRANGER);
    answer(&w, STRANGER, CLOUD, HOST);
    ask(&w, STRANGER);
    answer(&w, STRANGER, STRANGER, HOST);
    assert_known(&w, HOST, "dns " STRANGER);
    world_free(&w);
}

/* Who answers later, or in another's stead, answers nothing. */
static void
test_answered_once(void)
{
    world w = world_new();

    ask(&w, CLOUD);
    answer(&w, CLOUD, CLOUD, HOST);
    answer(&w, CLOUD, CLOUD, HOST + 1);
    ask(&w, STRANGER);
    answer(&w, STRANGER, STRANGER, HOST + 1);
    assert_known(&w, HOST, "dns " CLOUD);
    assert_known(&w, HOST + 1, "dns " STRANGER);
    world_free(&w);
}

static void
test_unasked_is_better_than_nothing(void)
{
    world w = world_new();

    forge(&w, CLOUD, HOST);
    assert_known(&w, HOST, "dns " CLOUD);
    world_free(&w);
}

/* 16,384 records that nobody asked for, 30 in a message. */
static void
test_flushed(void)
{
    world w = world_new();

    ask(&w, CLOUD);
    answer(&w, CLOUD, CLOUD, HOST);
    for (guint i = 0; i < 16384; i++) {
        char *name = g_strdup_printf("a%u.iphmx.com", i);
        const guint8 address[4] = {11, 0, (guint8)(i >> 8), (guint8)i};
        GByteArray *message = message_new(RESPONSE, 1, "x.example", name, 1);
        memcpy(message->data + message->len - 4, address, 4);
        send_datagram(&w, FORGER, 53, CLIENT, 9999, message);
        g_free(name);
    }
    assert_known(&w, HOST, "dns " CLOUD);
    world_free(&w);
}

typedef struct {
    const char *name;
    guint16 from_port, to_port;
    guint flags, questions;
    const char *known;
} claim_row;

static const claim_row claims[] = {
    {"dns", 53, 9999, RESPONSE, 1, "dns " CLOUD},
    {"no-question", 53, 9999, RESPONSE, 0, "dns " CLOUD},
    {"two-questions", 53, 9999, RESPONSE, 2, ""},
    {"error", 53, 9999, NXDOMAIN, 1, ""},
    {"query-with-records", 9999, 53, QUERY, 1, ""},
    {"response-to-the-server-port", 9999, 53, RESPONSE, 1, ""},
    {"query-from-the-server-port", 53, 9999, QUERY, 1, ""},
    {"multicast", 5353, 5353, MDNS_RESPONSE, 0, ""},
    {"multicast-two-questions", 5353, 5353, MDNS_RESPONSE, 2, ""},
    {"multicast-to-dns", 5353, 53, MDNS_RESPONSE, 0, ""},
    {"llmnr", 5355, 9999, RESPONSE, 1, ""},
    {"netbios", 137, 137, RESPONSE, 1, ""},
    {"other-port", 9998, 9999, RESPONSE, 1, ""},
};

static void
test_claims(gconstpointer data)
{
    const claim_row *row = (const claim_row *)data;
    world w = world_new();

    send_datagram(&w, FORGER, row->from_port, CLIENT, row->to_port,
                  message_new(row->flags, row->questions, CLOUD, CLOUD, HOST));
    assert_known(&w, HOST, row->known);
    world_free(&w);
}

/* --- DNS over TCP ------------------------------------------------------------------ */

static void
send_dns_segment(world *w, gboolean from_server, guint8 flags, guint32 sequence, const guint8 *bytes, guint length)
{
    ces_socket ends[2] = {{address_of(CLIENT), 5555}, {address_of(RESOLVER), 53}};
    ces_segment segment = {.source = ends[from_server],
                           .destination = ends[!from_server],
                           .frame = ++w->frame,
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = flags,
                           .sequence = sequence,
                           .payload = length,
                           .captured = length,
                           .bytes = bytes};

    g_assert_true(ces_learner_wants_dns(segment.source.port, segment.destination.port));
    ces_learner_add_dns_segment(w->learner, &segment);
}

/* In two segments, the length in the first; frees the message. */
static void
send_over_tcp(world *w, gboolean from_server, guint32 sequence, GByteArray *message)
{
    GByteArray *all = g_byte_array_new();

    put_16(all, message->len);
    g_byte_array_append(all, message->data, message->len);
    send_dns_segment(w, from_server, A, sequence, all->data, 9);
    send_dns_segment(w, from_server, A, sequence + 9, all->data + 9, all->len - 9);
    g_byte_array_free(message, TRUE);
    g_byte_array_free(all, TRUE);
}

static void
test_over_tcp(void)
{
    for (int asked = 0; asked <= 1; asked++) {
        world w = world_new();

        send_dns_segment(&w, FALSE, S, 100, NULL, 0);
        send_dns_segment(&w, TRUE, SA, 500, NULL, 0);
        if (asked)
            send_over_tcp(&w, FALSE, 101, message_new(QUERY, 1, CLOUD, "", 0));
        send_over_tcp(&w, TRUE, 501, message_new(RESPONSE, 1, CLOUD, CLOUD, HOST));
        assert_known(&w, HOST, "dns " CLOUD);
        ask(&w, STRANGER);
        answer(&w, STRANGER, STRANGER, HOST);
        assert_known(&w, HOST, asked ? "dns " CLOUD : "dns " STRANGER);
        world_free(&w);
    }
}

/* --- servers that name themselves ----------------------------------------------------- */

/* One segment of the connection of CLIENT:50000 to HOST:`port`. */
typedef struct {
    gboolean from_server;
    guint8 flags;
    guint32 sequence, acknowledgment;
    const void *bytes;
    guint length;
} step;

static void
play(world *w, guint16 port, const step *s)
{
    ces_socket ends[2] = {{address_of(CLIENT), 50000}, {address_of(HOST), port}};
    guint8 *exact = s->length ? (guint8 *)g_memdup2(s->bytes, s->length) : NULL;
    ces_segment segment = {.source = ends[s->from_server],
                           .destination = ends[!s->from_server],
                           .frame = ++w->frame,
                           .timestamp = w->frame * CES_SECOND,
                           .elapsed = w->frame * CES_SECOND,
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = s->flags,
                           .sequence = s->sequence,
                           .acknowledgment = s->acknowledgment,
                           .payload = s->length,
                           .captured = s->length,
                           .bytes = exact};
    ces_sighting sighting = ces_flow_table_segment(w->flows, &segment);

    ces_learner_add_segment(w->learner, sighting.flow, &segment, sighting.sender != sighting.flow->initiator);
    g_free(exact);
}

#define GREETING "220 " CLOUD " ESMTP\r\n"
#define OPENING                   \
    {                             \
        FALSE, S, 100, 0, NULL, 0 \
    }
#define ANSWER                      \
    {                               \
        TRUE, SA, 500, 101, NULL, 0 \
    }
#define COMPLETION                  \
    {                               \
        FALSE, A, 101, 501, NULL, 0 \
    }
#define TEXT(text) text, sizeof(text) - 1

static const struct greeting_row {
    const char *name;
    guint16 port;
    step steps[8];
    const char *known;
} greetings[] = {
    {"whole", 25, {OPENING, ANSWER, COMPLETION, {TRUE, A, 501, 101, TEXT(GREETING)}}, "smtp " CLOUD},
    {"submission", 587, {OPENING, ANSWER, COMPLETION, {TRUE, A, 501, 101, TEXT(GREETING)}}, "smtp " CLOUD},
    {"quarantine", 6025, {OPENING, ANSWER, COMPLETION, {TRUE, A, 501, 101, TEXT(GREETING)}}, "smtp " CLOUD},
    {"opening-not-seen", 25, {ANSWER, COMPLETION, {TRUE, A, 501, 101, TEXT(GREETING)}}, "smtp " CLOUD},
    {"alone", 25, {{TRUE, A, 7, 7, TEXT(GREETING)}}, ""},
    {"alone-then-answered", 25, {{TRUE, A, 501, 101, TEXT(GREETING)}, {FALSE, A, 101, 528, TEXT("EHLO a\r\n")}}, ""},
    {"after-the-opening-alone", 25, {OPENING, {TRUE, A, 501, 101, TEXT(GREETING)}}, ""},
    {"after-two-openings", 25, {OPENING, OPENING, {TRUE, A, 501, 101, TEXT(GREETING)}}, ""},
    {"not-acknowledged", 25, {OPENING, ANSWER, {TRUE, A, 501, 101, TEXT(GREETING)}}, ""},
    {"acknowledged-too-late", 25, {OPENING, ANSWER, {TRUE, A, 501, 101, TEXT(GREETING)}, COMPLETION}, ""},
    {"acknowledges-another-number",
     25,
     {OPENING, ANSWER, {FALSE, A, 101, 400, NULL, 0}, {TRUE, A, 501, 101, TEXT(GREETING)}},
     ""},
    {"given-up", 25, {OPENING, ANSWER, {FALSE, R | A, 101, 501, NULL, 0}, {TRUE, A, 501, 101, TEXT(GREETING)}}, ""},
    {"no-flags", 25, {OPENING, ANSWER, {FALSE, 0, 101, 501, NULL, 0}, {TRUE, A, 501, 101, TEXT(GREETING)}}, ""},
    {"client-spoke-first",
     25,
     {OPENING, ANSWER, COMPLETION, {FALSE, A, 101, 501, TEXT("EHLO a\r\n")}, {TRUE, A, 501, 109, TEXT(GREETING)}},
     ""},
    {"second-of-the-server",
     25,
     {OPENING, ANSWER, COMPLETION, {TRUE, A, 501, 101, TEXT("220-\r\n")}, {TRUE, A, 507, 101, TEXT(GREETING)}},
     ""},
    {"from-the-client", 25, {OPENING, ANSWER, COMPLETION, {FALSE, A, 101, 501, TEXT(GREETING)}}, ""},
    {"client-says-its-name", 25, {OPENING, ANSWER, COMPLETION, {FALSE, A, 101, 501, TEXT("EHLO " CLOUD "\r\n")}}, ""},
    {"ssh-names-nobody", 22, {OPENING, ANSWER, COMPLETION, {TRUE, A, 501, 101, TEXT(GREETING)}}, ""},
};

static void
test_greeting(gconstpointer data)
{
    const struct greeting_row *row = (const struct greeting_row *)data;
    world w = world_new();

    for (const step *s = row->steps; s->sequence; s++)
        play(&w, row->port, s);
    assert_known(&w, HOST, row->known);
    assert_known(&w, CLIENT, "");
    world_free(&w);
}

/* A TLS handshake: the client's name for the server, then the certificate. */
static void
play_handshake(world *w, gboolean opened)
{
    const step opening[] = {OPENING, ANSWER, COMPLETION};
    const step hello = {FALSE, A, 101, 501, sample_client_hello, sizeof sample_client_hello};
    const step flight = {
        TRUE, A, 501, 101 + (guint32)sizeof sample_client_hello, sample_server_flight, sizeof sample_server_flight};

    for (gsize i = 0; opened && i < G_N_ELEMENTS(opening); i++)
        play(w, 6025, &opening[i]);
    play(w, 6025, &hello);
    assert_known(w, HOST, "");
    play(w, 6025, &flight);
}

static void
test_handshake(void)
{
    world w = world_new();
    ces_address address = address_of(HOST);
    ces_learned_name learned;

    play_handshake(&w, TRUE);
    assert_known(&w, HOST, "tls " SAMPLE_NAME);
    g_assert_true(ces_learner_find(w.learner, &address, &learned));
    g_assert_cmpuint(learned.frame, ==, 5);
    world_free(&w);

    w = world_new();
    play_handshake(&w, FALSE);
    assert_known(&w, HOST, "");
    world_free(&w);
}

/* One packet with a certificate, from whomever, proves nothing. */
static void
test_certificate_alone(void)
{
    const step steps[] = {OPENING, {TRUE, A, 501, 101, sample_server_flight, sizeof sample_server_flight}};

    for (gsize first = 0; first < G_N_ELEMENTS(steps); first++) {
        world w = world_new();
        for (gsize i = first; i < G_N_ELEMENTS(steps); i++)
            play(&w, 6025, &steps[i]);
        assert_known(&w, HOST, "");
        world_free(&w);
    }
}

/* --- hosts ------------------------------------------------------------------------------ */

typedef struct {
    const char *name, *host, *known;
} host_row;

static const host_row hosts[] = {
    {"plain", CLOUD, "hosts " CLOUD}, {"capitals", "ESA1.Hc1234-56.IPHMX.com.", "hosts " CLOUD},
    {"one-label", "esa1", ""},        {"control-character", "esa1\x1b.iphmx.com", ""},
    {"address", "198.51.100.10", ""}, {"empty", "", ""},
};

static void
test_host(gconstpointer data)
{
    const host_row *row = (const host_row *)data;
    world w = world_new();
    ces_address address = address_of(HOST);

    ces_learner_add_host(w.learner, &address, row->host);
    assert_known(&w, HOST, row->known);
    world_free(&w);
}

static void
test_host_stays_below_asked(void)
{
    world w = world_new();
    ces_address address = address_of(HOST);

    ces_learner_add_host(w.learner, &address, STRANGER);
    forge(&w, CLOUD, HOST);
    assert_known(&w, HOST, "hosts " STRANGER);
    ask(&w, CLOUD);
    answer(&w, CLOUD, CLOUD, HOST);
    assert_known(&w, HOST, "dns " CLOUD);
    world_free(&w);
}

/* Two learners know nothing of each other. */
static void
test_side_by_side(void)
{
    world one = world_new(), other = world_new();

    ask(&one, CLOUD);
    answer(&other, CLOUD, CLOUD, HOST);
    answer(&one, CLOUD, CLOUD, HOST);
    forge(&one, STRANGER, HOST + 1);
    assert_known(&one, HOST, "dns " CLOUD);
    assert_known(&other, HOST + 1, "");
    ask(&other, STRANGER);
    answer(&other, STRANGER, STRANGER, HOST);
    assert_known(&other, HOST, "dns " STRANGER); /* what came before answered no question of its own */
    world_free(&one);
    world_free(&other);
    ces_learner_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/learner/asked", test_asked);
    g_test_add_func("/core/learner/asked-beats-unasked", test_asked_beats_unasked);
    g_test_add_func("/core/learner/answer-to-another-question", test_answer_to_another_question);
    g_test_add_func("/core/learner/answered-once", test_answered_once);
    g_test_add_func("/core/learner/unasked-is-better-than-nothing", test_unasked_is_better_than_nothing);
    g_test_add_func("/core/learner/flushed", test_flushed);
    ROWS_ADD("learner/claims", claims, test_claims);
    g_test_add_func("/core/learner/over-tcp", test_over_tcp);
    ROWS_ADD("learner/greeting", greetings, test_greeting);
    g_test_add_func("/core/learner/handshake", test_handshake);
    g_test_add_func("/core/learner/certificate-alone", test_certificate_alone);
    ROWS_ADD("learner/hosts", hosts, test_host);
    g_test_add_func("/core/learner/host-stays-below-asked", test_host_stays_below_asked);
    g_test_add_func("/core/learner/side-by-side", test_side_by_side);
    return g_test_run();
}
