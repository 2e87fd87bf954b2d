/* learn.c
 * Learning names.
 *
 * What a host says of itself as a client (HELO, EHLO, mDNS) proves nothing and
 * is not looked at. Wireshark's own name table is read for what its user or
 * the capture file brought in; names that Wireshark took from the same DNS
 * answers would be no second witness, so the table is asked before the first
 * answer about an address is dissected, and not again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn.h"

#include "compat.h"

#include <epan/addr_resolv.h>

#include <string.h>

#include "names/banner.h"
#include "names/dns.h"
#include "tls/handshake.h"
#include "names/names.h"

#include "preferences.h"

enum { PORT_DNS = 53, PORT_MDNS = 5353, PORT_LLMNR = 5355 };

/* NULL while no capture is open or nothing is to be learned. */
static struct {
    ces_names *names;
    ces_dns_ledger *questions;
    ces_handshakes *handshakes;
} learned;

void
ces_learn_begin(void)
{
    if (!ces_preferences_learn_names())
        return;
    learned.names = ces_names_new(ces_preferences_zones());
    learned.questions = ces_dns_ledger_new();
    learned.handshakes = ces_handshakes_new();
}

void
ces_learn_end(void)
{
    ces_names_free(learned.names);
    ces_dns_ledger_free(learned.questions);
    ces_handshakes_free(learned.handshakes);
    learned.names = NULL;
    learned.questions = NULL;
    learned.handshakes = NULL;
}

/* --- Wireshark's table ------------------------------------------------------ */

/* Up to 4.4 longer names are cut off in this table; what is left of one could
 * end like a name of the cloud. */
static gboolean
is_cut_off(const char *name, gsize room)
{
    return strlen(name) + 1 >= room;
}

static gboolean
table_name_ipv4(const ces_address *address, char name[CES_NAME_SIZE])
{
    guint32 key = GUINT32_TO_BE((guint32)address->low);
    const hashipv4_t *row = (const hashipv4_t *)wmem_map_lookup(get_ipv4_hash_table(), GUINT_TO_POINTER(key));

    return row && (row->flags & NAME_RESOLVED) && !is_cut_off(row->name, sizeof row->name) &&
           ces_name_write(row->name, strlen(row->name), name);
}

static gboolean
table_name_ipv6(const ces_address *address, char name[CES_NAME_SIZE])
{
    guint64 key[2] = {GUINT64_TO_BE(address->high), GUINT64_TO_BE(address->low)};
    const hashipv6_t *row = (const hashipv6_t *)wmem_map_lookup(get_ipv6_hash_table(), key);

    return row && (row->flags & NAME_RESOLVED) && !is_cut_off(row->name, sizeof row->name) &&
           ces_name_write(row->name, strlen(row->name), name);
}

static void
learn_from_table(const ces_address *address)
{
    gboolean is_ipv4 = ces_address_is_ipv4(address);
    char name[CES_NAME_SIZE];

    /* Empty in most runs of scripts (tshark -n), which this is kept cheap for. */
    if (wmem_map_size(is_ipv4 ? get_ipv4_hash_table() : get_ipv6_hash_table()) == 0 ||
        ces_names_is_in_dns(learned.names, address))
        return;
    if (is_ipv4 ? table_name_ipv4(address, name) : table_name_ipv6(address, name))
        ces_names_learn(learned.names, address, name, CES_SOURCE_HOSTS, 0);
}

gboolean
ces_learn_name_of(const ces_address *address, ces_learned_name *name)
{
    if (!learned.names)
        return FALSE;
    learn_from_table(address);
    return ces_names_find(learned.names, address, name);
}

/* --- DNS -------------------------------------------------------------------- */

gboolean
ces_learn_wants_dns(guint16 source_port, guint16 destination_port)
{
    guint16 lower = MIN(source_port, destination_port);

    return lower == PORT_DNS || source_port == PORT_MDNS || source_port == PORT_LLMNR;
}

/* How much the addresses of one message are to be believed, and its frame. */
typedef struct {
    ces_name_source asked, unasked;
    guint32 frame;
} message_trust;

static void
take_address(const ces_address *address, const char *name, gboolean was_asked, gpointer data)
{
    const message_trust *trust = (const message_trust *)data;

    learn_from_table(address);
    ces_names_learn(learned.names, address, name, was_asked ? trust->asked : trust->unasked, trust->frame);
}

static void
learn_from_message(const guint8 *bytes, gsize captured, const ces_socket *source, const ces_socket *destination,
                   guint32 frame)
{
    message_trust trust = {CES_SOURCE_DNS_UNASKED, CES_SOURCE_DNS_UNASKED, frame};
    ces_dns_message message;

    if (!ces_dns_read(bytes, captured, &message) || !message.is_query)
        return;
    if (!message.is_response) {
        if (destination->port == PORT_DNS)
            ces_dns_ledger_ask(learned.questions, &message, &source->address, source->port, &destination->address);
        return;
    }
    if (source->port != PORT_DNS)
        return;
    if (ces_dns_ledger_answer(learned.questions, &message, &destination->address, destination->port, &source->address))
        trust.asked = CES_SOURCE_DNS;
    ces_dns_addresses(&message, take_address, &trust);
}

/* Multicast DNS and LLMNR: a host tells its own name. */
static void
note_claims(const guint8 *bytes, gsize captured, guint32 frame)
{
    message_trust trust = {CES_SOURCE_CLAIM, CES_SOURCE_CLAIM, frame};
    ces_dns_message message;

    if (ces_dns_read(bytes, captured, &message))
        ces_dns_addresses(&message, take_address, &trust);
}

void
ces_learn_from_datagram(const guint8 *bytes, gsize captured, const ces_socket *source, const ces_socket *destination,
                        guint32 frame)
{
    if (!learned.names)
        return;
    if (source->port == PORT_MDNS || source->port == PORT_LLMNR)
        note_claims(bytes, captured, frame);
    else
        learn_from_message(bytes, captured, source, destination, frame);
}

void
ces_learn_from_dns_segment(const guint8 *bytes, gsize captured, const ces_socket *source, const ces_socket *destination,
                           guint32 frame)
{
    enum { LENGTH_WIDTH = 2 };

    if (learned.names && captured > LENGTH_WIDTH && (gsize)(bytes[0] << 8 | bytes[1]) == captured - LENGTH_WIDTH)
        learn_from_message(bytes + LENGTH_WIDTH, captured - LENGTH_WIDTH, source, destination, frame);
}

/* --- mail and quarantine connections ---------------------------------------- */

/* Whether it is certain which end is the server, and it may name itself: on
 * 22 speaks SSH, which names nobody. */
static gboolean
has_talking_server(const ces_flow *flow)
{
    if (flow->service == CES_SERVICE_NONE || flow->service == CES_SERVICE_SYNC)
        return FALSE;
    return flow->opening != CES_OPENING_PORTS ||
           ces_ports_service(ces_preferences_ports(), ces_flow_initiator(flow)->port) == CES_SERVICE_NONE;
}

/* The server greets before the client has said anything, but for what its SYN
 * carried. Of a connection whose opening is not seen only the first packet can
 * be the greeting. */
static gboolean
may_be_greeting(const ces_flow *flow, const ces_segment *segment)
{
    if (flow->evidence & CES_SEEN_INITIAL)
        return segment->acknowledgment - flow->initial - 1 <= flow->syn_payload;
    return ces_flow_packets(flow) == 1;
}

static void
take_server_name(const char *name, ces_name_source source, guint32 frame, gpointer data)
{
    const ces_address *server = (const ces_address *)data;

    ces_names_learn(learned.names, server, name, source, frame);
}

void
ces_learn_from_segment(const guint8 *bytes, gsize captured, const ces_segment *segment, const ces_sighting *sighting)
{
    const ces_flow *flow = sighting->flow;
    ces_address server = ces_flow_responder(flow)->address;
    gboolean from_server = sighting->sender != flow->initiator;
    ces_handshake_segment payload = {flow,  from_server, segment->sequence, segment->frame,
                                     bytes, captured,    segment->payload};
    char name[CES_NAME_SIZE];

    if (!learned.names || captured == 0 || !has_talking_server(flow))
        return;
    if (from_server && may_be_greeting(flow, segment) && ces_banner_name(bytes, captured, name))
        ces_names_learn(learned.names, &server, name, CES_SOURCE_BANNER, segment->frame);
    ces_handshakes_add(learned.handshakes, &payload, take_server_name, &server);
}
