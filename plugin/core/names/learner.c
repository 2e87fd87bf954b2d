/* learner.c
 * Learning names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/learner.h"

#include <string.h>

#include "names/banner.h"
#include "names/dns.h"
#include "names/dns_stream.h"
#include "names/names.h"
#include "names/recent.h"
#include "tls/handshake.h"

enum { PORT_DNS = 53 };

/* Connections whose server may name itself: of those opened at about the same
 * time, since greeting and TLS handshake come soon. */
enum { CONNECTIONS_KEPT = 16384 };

struct ces_learner {
    ces_names *names;
    ces_dns_ledger *questions;
    ces_dns_streams *streams;
    ces_handshakes *handshakes;
    ces_recent *acknowledged; /* flows, by their addresses: the client acknowledged the server's handshake */
};

ces_learner *
ces_learner_new(const ces_zones *zones)
{
    ces_learner *learner = g_new0(ces_learner, 1);

    learner->names = ces_names_new(zones);
    learner->questions = ces_dns_ledger_new();
    learner->streams = ces_dns_streams_new();
    learner->handshakes = ces_handshakes_new();
    learner->acknowledged = ces_recent_new(CONNECTIONS_KEPT);
    return learner;
}

void
ces_learner_free(ces_learner *learner)
{
    if (!learner)
        return;
    ces_names_free(learner->names);
    ces_dns_ledger_free(learner->questions);
    ces_dns_streams_free(learner->streams);
    ces_handshakes_free(learner->handshakes);
    ces_recent_free(learner->acknowledged);
    g_free(learner);
}

void
ces_learner_add_host(ces_learner *learner, const ces_address *address, const char *name)
{
    char written[CES_NAME_SIZE];

    if (ces_name_write(name, strlen(name), written))
        ces_names_learn(learner->names, address, written, CES_SOURCE_HOSTS, 0);
}

gboolean
ces_learner_find(const ces_learner *learner, const ces_address *address, ces_learned_name *learned)
{
    return ces_names_find(learner->names, address, learned);
}

/* --- DNS -------------------------------------------------------------------------- */

gboolean
ces_learner_wants_dns(guint16 source_port, guint16 destination_port)
{
    return source_port == PORT_DNS || destination_port == PORT_DNS;
}

/* Who takes the addresses of one message. */
typedef struct {
    ces_names *names;
    gboolean answers; /* the message answers a question seen */
    guint32 frame;
} message_taker;

static void
take_address(const ces_address *address, const char *name, gboolean was_asked, gpointer data)
{
    const message_taker *taker = (const message_taker *)data;
    ces_name_source source = was_asked && taker->answers ? CES_SOURCE_DNS : CES_SOURCE_DNS_UNASKED;

    ces_names_learn(taker->names, address, name, source, taker->frame);
}

/* The number, name and type of a question stand in its answer as well, and the
 * ends are turned round (RFC 5452 section 9.1). */
static void
add_message(ces_learner *learner, const ces_socket *source, const ces_socket *destination, const guint8 *bytes,
            gsize captured, guint32 frame)
{
    message_taker taker = {learner->names, FALSE, frame};
    ces_dns_message message;

    if (!ces_dns_read(bytes, captured, &message) || !message.is_query)
        return;
    if (!message.is_response && destination->port == PORT_DNS) {
        ces_dns_ledger_ask(learner->questions, &message, &source->address, source->port, &destination->address);
    } else if (message.is_response && source->port == PORT_DNS) {
        taker.answers = ces_dns_ledger_answer(learner->questions, &message, &destination->address, destination->port,
                                              &source->address);
        ces_dns_addresses(&message, take_address, &taker);
    }
}

void
ces_learner_add_datagram(ces_learner *learner, const ces_socket *source, const ces_socket *destination,
                         const guint8 *bytes, gsize captured, guint32 frame)
{
    add_message(learner, source, destination, bytes, captured, frame);
}

static void
take_message(const ces_segment *last, const guint8 *message, gsize length, gpointer data)
{
    add_message((ces_learner *)data, &last->source, &last->destination, message, length, last->frame);
}

void
ces_learner_add_dns_segment(ces_learner *learner, const ces_segment *segment)
{
    ces_dns_streams_add(learner->streams, segment, take_message, learner);
}

/* --- mail and quarantine connections -------------------------------------------------- */

static guint64
key_of(const ces_flow *flow)
{
    return (guint64)GPOINTER_TO_SIZE(flow);
}

/* Whether the server of the service may name itself: on 22 speaks SSH, which
 * names nobody. */
static gboolean
may_name_itself(const ces_flow *flow)
{
    return flow->service != CES_SERVICE_NONE && flow->service != CES_SERVICE_SYNC;
}

/* What the flow's evidence says may rest on one segment of the server: it
 * counts what completes the handshake, whoever sent it. So the client's own
 * word is noted: that it acknowledges the SYN-ACK, or what follows it. */
static void
note_acknowledgment(ces_learner *learner, const ces_flow *flow, const ces_segment *segment)
{
    const guint16 required = CES_SEEN_SYN_ACK | CES_SEEN_COMPLETION | CES_SEEN_FROM_0 | CES_SEEN_FROM_1;
    guint8 flags = segment->flags & (CES_TCP_SYN | CES_TCP_RST | CES_TCP_ACK);
    guint32 behind = segment->acknowledgment - flow->lowest[!flow->initiator] - 1;

    if (segment->has_flags && flags == CES_TCP_ACK && (flow->evidence & required) == required &&
        flow->opening != CES_OPENING_PORTS && behind < G_MAXUINT32 / 2)
        ces_recent_note(learner->acknowledged, key_of(flow));
}

/* The server greets before the client has said anything, but for what its SYN
 * carried, and the greeting is the first that it says. */
static gboolean
may_be_greeting(const ces_flow *flow, const ces_segment *segment)
{
    return flow->bytes[!flow->initiator] == segment->payload && flow->bytes[flow->initiator] <= flow->syn_payload;
}

static void
read_greeting(ces_learner *learner, const ces_flow *flow, const ces_segment *segment)
{
    char name[CES_NAME_SIZE];

    if (may_be_greeting(flow, segment) && ces_banner_name(segment->bytes, segment->captured, name))
        ces_names_learn(learner->names, &ces_flow_responder(flow)->address, name, CES_SOURCE_BANNER, segment->frame);
}

/* Who takes the names of one server. */
typedef struct {
    ces_names *names;
    const ces_address *server;
} server_taker;

static void
take_server_name(const char *name, ces_name_source source, guint32 frame, gpointer data)
{
    const server_taker *taker = (const server_taker *)data;

    ces_names_learn(taker->names, taker->server, name, source, frame);
}

void
ces_learner_add_segment(ces_learner *learner, const ces_flow *flow, const ces_segment *segment, gboolean from_server)
{
    ces_handshake_segment payload = {flow,           from_server,       segment->sequence, segment->frame,
                                     segment->bytes, segment->captured, segment->payload};
    server_taker taker = {learner->names, &ces_flow_responder(flow)->address};

    if (!may_name_itself(flow))
        return;
    if (!from_server)
        note_acknowledgment(learner, flow, segment);
    if (segment->captured == 0 || !ces_recent_holds(learner->acknowledged, key_of(flow)))
        return;
    if (from_server)
        read_greeting(learner, flow, segment);
    ces_handshakes_add(learner->handshakes, &payload, take_server_name, &taker);
}
