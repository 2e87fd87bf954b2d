/* facts.c
 * Watches TCP, UDP, ICMP and ICMPv6 where IP hands them over.
 *
 * A post-dissector comes too late: it sees one set of addresses per packet,
 * not those of each nested header, and not what an ICMP error quotes. So the
 * plugin stands in the table "ip.proto" before the four dissectors, looks at
 * the header, and hands the packet on unchanged. This costs next to nothing
 * and needs no protocol tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "watch.h"

#include "compat.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>

#include "capture.h"
#include "learn.h"
#include "quarantine_words.h"
#include "preferences.h"

static const protocol_t *ces;
static int proto_tcp;

/* One protocol watched: the dissector that stood in the table before. */
typedef struct {
    guint32 number;
    const char *filter_name;
    const char *watch_name, *watch_short_name, *watch_filter_name;
    dissector_t watch;
    dissector_handle_t next;
} watched;

static int watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int watch_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int watch_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int watch_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

enum { TCP, UDP, ICMP, ICMPV6, WATCHED_COUNT };
static watched table[WATCHED_COUNT] = {
    [TCP] = {IP_PROTO_TCP, "tcp", "TCP headers for CES", "TCP (CES)", "ces.watch.tcp", watch_tcp, NULL},
    [UDP] = {IP_PROTO_UDP, "udp", "DNS for CES", "UDP (CES)", "ces.watch.udp", watch_udp, NULL},
    [ICMP] = {IP_PROTO_ICMP, "icmp", "ICMP errors for CES", "ICMP (CES)", "ces.watch.icmp", watch_icmp, NULL},
    [ICMPV6] = {IP_PROTO_ICMPV6, "icmpv6", "ICMPv6 errors for CES", "ICMPv6 (CES)", "ces.watch.icmpv6", watch_icmpv6,
                NULL},
};

/* TRUE while inside an ICMP error that says "unreachable": a TCP header met
 * there is a quote of the segment that was refused. Wireshark's own flag
 * in_error_pkt is set in sFlow samples and time-exceeded errors as well. */
static gboolean in_refusal;

/* --- segments ------------------------------------------------------------ */

/* Offsets in the TCP header (RFC 9293 section 3.1). */
enum { AT_PORTS = 0, AT_SEQUENCE = 4, AT_ACKNOWLEDGMENT = 8, AT_DATA_OFFSET = 12, AT_FLAGS = 13, SHORTEST_HEADER = 20 };

static gboolean
read_address(const address *from, ces_address *to)
{
    if (from->type == AT_IPv4)
        *to = ces_address_from_ipv4((const guint8 *)from->data);
    else if (from->type == AT_IPv6)
        *to = ces_address_from_ipv6((const guint8 *)from->data);
    else
        return FALSE;
    return TRUE;
}

/* Both ports of TCP or UDP, the source's in the upper half; 0 if they are not
 * there. Read before anything else, since for most packets nothing follows. */
static guint32
read_ports(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) >= AT_SEQUENCE ? tvb_get_ntohl(tvb, AT_PORTS) : 0;
}

static gboolean
carry_service(guint32 both)
{
    const ces_ports *ports = ces_preferences_ports();

    return ces_ports_service(ports, (guint16)(both >> 16)) != CES_SERVICE_NONE ||
           ces_ports_service(ports, (guint16)both) != CES_SERVICE_NONE;
}

static gboolean
read_ends(const packet_info *pinfo, guint32 both, ces_socket *source, ces_socket *destination)
{
    source->port = (guint16)(both >> 16);
    destination->port = (guint16)both;
    return read_address(&pinfo->src, &source->address) && read_address(&pinfo->dst, &destination->address);
}

static void
read_header(tvbuff_t *tvb, ces_segment *segment)
{
    guint captured = tvb_captured_length(tvb);

    if (captured >= AT_ACKNOWLEDGMENT) {
        segment->has_sequence = TRUE;
        segment->sequence = tvb_get_ntohl(tvb, AT_SEQUENCE);
    }
    if (captured > AT_FLAGS) {
        guint header = (tvb_get_uint8(tvb, AT_DATA_OFFSET) >> 4) * 4u;
        guint sent = tvb_reported_length(tvb);
        if (header < SHORTEST_HEADER || header > sent)
            return; /* no host takes such a header for a segment: it proves nothing */
        segment->has_flags = TRUE;
        segment->acknowledgment = tvb_get_ntohl(tvb, AT_ACKNOWLEDGMENT);
        segment->flags = tvb_get_uint8(tvb, AT_FLAGS);
        segment->payload = sent - header;
    }
}

static void
add_segment(tvbuff_t *tvb, packet_info *pinfo, ces_segment *segment)
{
    segment->frame = pinfo->num;
    segment->time = (gint64)pinfo->abs_ts.secs * G_GINT64_CONSTANT(1000000000) + pinfo->abs_ts.nsecs;
    segment->elapsed = segment->time;
    read_header(tvb, segment);
    ces_capture_remember(pinfo, ces_flow_table_segment(ces_capture_flows(), segment));
}

/* An ICMP error quotes at least 8 bytes of TCP (RFC 792). */
static void
add_refusal(tvbuff_t *tvb, packet_info *pinfo, const ces_segment *segment)
{
    ces_sighting sighting;
    ces_refusal refusal = {segment->source, segment->destination, pinfo->num, 0};

    if (tvb_captured_length(tvb) < AT_ACKNOWLEDGMENT)
        return;
    refusal.sequence = tvb_get_ntohl(tvb, AT_SEQUENCE);
    if (ces_flow_table_refusal(ces_capture_flows(), &refusal, &sighting))
        ces_capture_remember(pinfo, sighting);
}

/* --- names ---------------------------------------------------------------- */

/* How much of the payload behind a header of this length was captured. */
static gsize
captured_payload(tvbuff_t *tvb, guint header)
{
    guint captured = tvb_captured_length(tvb);
    return captured > header ? captured - header : 0;
}

/* The payload of a segment whose header was read. */
static const guint8 *
segment_payload(tvbuff_t *tvb, const ces_segment *segment, gsize *captured)
{
    guint header = tvb_reported_length(tvb) - segment->payload;

    *captured = segment->payload ? captured_payload(tvb, header) : 0;
    return *captured ? tvb_get_ptr(tvb, (gint)header, (gint)*captured) : NULL;
}

static void
learn_from_segment(tvbuff_t *tvb, const ces_segment *segment, const ces_sighting *sighting)
{
    gsize captured;
    const guint8 *bytes = segment_payload(tvb, segment, &captured);

    if (bytes && sighting)
        ces_learn_from_segment(bytes, captured, segment, sighting);
}

/* Not what is quoted in an error or a sample. */
static gboolean
may_be_dns(const packet_info *pinfo, guint32 both)
{
    return ces_learn_wants_dns((guint16)(both >> 16), (guint16)both) && !pinfo->flags.in_error_pkt;
}

/* TCP on no service port. */
static void
learn_from_other_segment(tvbuff_t *tvb, const packet_info *pinfo, guint32 both)
{
    ces_segment segment = {.has_flags = FALSE};
    gsize captured;

    if (!read_ends(pinfo, both, &segment.source, &segment.destination))
        return;
    read_header(tvb, &segment);
    const guint8 *bytes = segment_payload(tvb, &segment, &captured);
    if (bytes)
        ces_learn_from_dns_segment(bytes, captured, &segment.source, &segment.destination, pinfo->num);
}

static void
learn_from_datagram(tvbuff_t *tvb, const packet_info *pinfo, guint32 both)
{
    enum { AT_PAYLOAD = 8 };
    gsize captured = captured_payload(tvb, AT_PAYLOAD);
    ces_socket source, destination;

    if (captured > 0 && read_ends(pinfo, both, &source, &destination))
        ces_learn_from_datagram(tvb_get_ptr(tvb, AT_PAYLOAD, (gint)captured), captured, &source, &destination,
                                pinfo->num);
}

/* --- streams --------------------------------------------------------------- */

/* The number of the stream is known once the TCP dissector has run. */
static void
note_stream(packet_info *pinfo, guint index)
{
    const ces_sighting *sighting = ces_capture_recall(pinfo, index);

    if (!sighting || sighting->flow->stream != CES_NO_STREAM)
        return;
    conversation_t *conversation = ces_find_tcp_conversation(pinfo);
    const struct tcp_analysis *analysis =
        conversation ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, proto_tcp) : NULL;
    if (analysis)
        sighting->flow->stream = analysis->stream;
}

static guint
count_sightings(packet_info *pinfo)
{
    guint count = 0;

    while (ces_capture_recall(pinfo, count))
        count++;
    return count;
}

static gboolean
is_watching(const packet_info *pinfo)
{
    return !pinfo->fd->visited && ces_capture_flows() && proto_is_protocol_enabled(ces);
}

/* A segment, or the quote of one, that may be of a service. */
static int
watch_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, guint32 both)
{
    ces_segment segment = {.has_flags = FALSE};

    if (!read_ends(pinfo, both, &segment.source, &segment.destination))
        return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    if (pinfo->flags.in_error_pkt) {
        if (in_refusal)
            add_refusal(tvb, pinfo, &segment);
        return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    }
    if (tvb_reported_length(tvb) < SHORTEST_HEADER) /* cut on the wire, not by the recorder: no segment */
        return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    guint index = count_sightings(pinfo);
    add_segment(tvb, pinfo, &segment);
    learn_from_segment(tvb, &segment, ces_capture_recall(pinfo, index));
    ces_words_hear(tvb, pinfo, index, &segment);
    int length = call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    if (pinfo->srcport == segment.source.port && pinfo->destport == segment.destination.port)
        note_stream(pinfo, index);
    return length;
}

static int
watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    guint32 both = is_watching(pinfo) ? read_ports(tvb) : 0;

    if (both && carry_service(both))
        return watch_segment(tvb, pinfo, tree, data, both);
    if (may_be_dns(pinfo, both))
        learn_from_other_segment(tvb, pinfo, both);
    return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
}

static int
watch_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    guint32 both = read_ports(tvb);

    if (may_be_dns(pinfo, both) && is_watching(pinfo))
        learn_from_datagram(tvb, pinfo, both);
    return call_dissector_only(table[UDP].next, tvb, pinfo, tree, data);
}

/* --- ICMP errors --------------------------------------------------------- */

static int
call_in_refusal(dissector_handle_t next, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    volatile int length = 0;

    in_refusal = TRUE;
    TRY
    {
        length = call_dissector_only(next, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        in_refusal = FALSE;
    }
    ENDTRY;
    return length;
}

/* An error inside an error, or inside a sample of other traffic, refuses
 * nothing that this capture shows. */
static gboolean
is_error(tvbuff_t *tvb, const packet_info *pinfo, guint8 type)
{
    return is_watching(pinfo) && !pinfo->flags.in_error_pkt && tvb_captured_length(tvb) >= 2 &&
           tvb_get_uint8(tvb, 0) == type;
}

/* RFC 792 and RFC 1812 section 5.2.7.1: every destination unreachable refuses
 * the packet, but for code 4, which only asks for smaller ones. */
static int
watch_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    enum { UNREACHABLE = 3, FRAGMENTATION_NEEDED = 4 };

    if (is_error(tvb, pinfo, UNREACHABLE) && tvb_get_uint8(tvb, 1) != FRAGMENTATION_NEEDED)
        return call_in_refusal(table[ICMP].next, tvb, pinfo, tree, data);
    return call_dissector_only(table[ICMP].next, tvb, pinfo, tree, data);
}

/* RFC 4443 section 3.1: every code of type 1; too big is a type of its own. */
static int
watch_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    enum { UNREACHABLE = 1 };

    if (is_error(tvb, pinfo, UNREACHABLE))
        return call_in_refusal(table[ICMPV6].next, tvb, pinfo, tree, data);
    return call_dissector_only(table[ICMPV6].next, tvb, pinfo, tree, data);
}

/* --- registration -------------------------------------------------------- */

void
ces_facts_register(int proto)
{
    ces = find_protocol_by_id(proto);
}

/* The watching handle belongs to a protocol in name only below the one that
 * it watches: no layer appears, and disabling CES does not disable TCP. */
void
ces_facts_register_handoff(void)
{
    dissector_table_t ip_proto = find_dissector_table("ip.proto");

    proto_tcp = proto_get_id_by_filter_name("tcp");
    for (int i = 0; i < WATCHED_COUNT; i++) {
        watched *w = &table[i];
        w->next = dissector_get_uint_handle(ip_proto, w->number);
        if (!w->next)
            continue;
        int parent = proto_get_id_by_filter_name(w->filter_name);
        int proto_watch = proto_register_protocol_in_name_only(w->watch_name, w->watch_short_name, w->watch_filter_name,
                                                               parent, FT_PROTOCOL);
        dissector_add_uint("ip.proto", w->number, create_dissector_handle(w->watch, proto_watch));
    }
}
