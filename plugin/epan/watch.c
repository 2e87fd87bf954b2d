/* watch.c
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

#include <epan/dissectors/packet-ip.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>

#include "capture.h"
#include "name_table.h"

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

/* All that was captured behind the IP header. */
static const guint8 *
captured_bytes(tvbuff_t *tvb, guint *captured)
{
    *captured = tvb_captured_length(tvb);
    return *captured ? tvb_get_ptr(tvb, 0, (gint)*captured) : NULL;
}

/* Both ports, the source's in the upper half; 0 if they are not there. Read
 * before anything else, since for most packets nothing follows. */
static guint32
read_ports(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) >= 4 ? tvb_get_ntohl(tvb, 0) : 0;
}

static gboolean
carry_service(guint32 both)
{
    const ces_ports *ports = &ces_analysis_settings(ces_capture_analysis())->ports;

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

/* The length of the IPv4 header that stands before the TCP header and says that
 * all of it is `total` bytes; 0 if none does. */
static guint
ipv4_header_before(tvbuff_t *tvb, guint total)
{
    enum { SHORTEST = 20, LONGEST = 60, AT_TOTAL = 2 };
    tvbuff_t *frame = tvb_get_ds_tvb(tvb);
    guint at = (guint)tvb_raw_offset(tvb);

    for (guint length = SHORTEST; length <= MIN(LONGEST, at); length += 4)
        if (tvb_get_uint8(frame, (gint)(at - length)) == (0x40 | length / 4) &&
            tvb_get_ntohs(frame, (gint)(at - length + AT_TOTAL)) == total)
            return length;
    return 0;
}

/* How much TCP was sent. In Cisco FabricPath Wireshark takes the last four
 * bytes of a frame for a check sequence also where they are not: then IP, which
 * `data` tells of, said four bytes more than there seem to be. */
static guint
bytes_sent(tvbuff_t *tvb, const void *data)
{
    enum { CHECK_SEQUENCE = 4, SHORTEST = 20 };
    const ws_ip4 *ip = WS_IP4_PTR(data);
    const ws_ip6 *ip6 = WS_IP6_PTR(data);
    guint sent = tvb_reported_length(tvb);

    if (ip6 && ip6->ip6_nxt == IP_PROTO_TCP && ip6->ip6_len == sent + CHECK_SEQUENCE)
        return sent + CHECK_SEQUENCE;
    if (!ip || ip->ip_len <= sent + SHORTEST)
        return sent;
    guint header = ipv4_header_before(tvb, ip->ip_len);
    return header && ip->ip_len == sent + header + CHECK_SEQUENCE ? sent + CHECK_SEQUENCE : sent;
}

static gboolean
read_segment(tvbuff_t *tvb, const packet_info *pinfo, const void *data, ces_segment *segment)
{
    guint captured;
    const guint8 *header = captured_bytes(tvb, &captured);

    segment->frame = pinfo->num;
    segment->timestamp = ces_capture_time_of(pinfo);
    segment->elapsed = ces_analysis_note_time(ces_capture_analysis(), segment->timestamp);
    return ces_segment_read(header, captured, bytes_sent(tvb, data), segment);
}

/* An ICMP error quotes at least 8 bytes of TCP (RFC 792). */
static void
add_refusal(tvbuff_t *tvb, packet_info *pinfo, const ces_segment *segment)
{
    ces_refusal refusal = {.source = segment->source, .destination = segment->destination, .frame = pinfo->num};
    ces_addition addition = {.sighting = {.flow = NULL}};
    guint captured;
    const guint8 *quote = captured_bytes(tvb, &captured);

    refusal.timestamp = ces_capture_time_of(pinfo);
    if (ces_refusal_read(quote, captured, &refusal) &&
        ces_analysis_add_refusal(ces_capture_analysis(), &refusal, &addition.sighting))
        ces_capture_remember(pinfo, &addition);
}

/* --- names ---------------------------------------------------------------- */

/* Not what is quoted in an error or a sample. */
static gboolean
may_be_dns(const packet_info *pinfo, guint32 both)
{
    return ces_analysis_wants_dns(ces_capture_analysis(), (guint16)(both >> 16), (guint16)both) &&
           !pinfo->flags.in_error_pkt;
}

/* TCP on no service port. */
static void
learn_from_other_segment(tvbuff_t *tvb, const packet_info *pinfo, const void *data, guint32 both)
{
    ces_segment segment = {.has_flags = FALSE};

    if (read_ends(pinfo, both, &segment.source, &segment.destination) && read_segment(tvb, pinfo, data, &segment))
        ces_analysis_add_dns_segment(ces_capture_analysis(), &segment);
}

static void
learn_from_datagram(tvbuff_t *tvb, const packet_info *pinfo, guint32 both)
{
    guint captured;
    gsize length;
    const guint8 *header = captured_bytes(tvb, &captured);
    const guint8 *payload = ces_datagram_payload(header, captured, &length);
    ces_socket source, destination;

    if (payload && read_ends(pinfo, both, &source, &destination))
        ces_analysis_add_datagram(ces_capture_analysis(), &source, &destination, payload, length, pinfo->num);
}

/* --- streams --------------------------------------------------------------- */

/* The number of the stream is known once the TCP dissector has run. */
static void
note_stream(packet_info *pinfo, const ces_sighting *sighting)
{
    if (!sighting || sighting->flow->stream != CES_NO_STREAM)
        return;
    conversation_t *conversation = ces_find_tcp_conversation(pinfo);
    const struct tcp_analysis *analysis =
        conversation ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, proto_tcp) : NULL;
    if (analysis)
        sighting->flow->stream = analysis->stream;
}

static gboolean
is_watching(const packet_info *pinfo)
{
    return !pinfo->fd->visited && ces_capture_analysis() && proto_is_protocol_enabled(ces);
}

/* Whether TCP carries payload, in which a name may be: read off the header
 * before anything else is known of it. */
static gboolean
has_payload(tvbuff_t *tvb)
{
    enum { AT_DATA_OFFSET = 12, LONGEST_HEADER = 60 };
    guint sent = tvb_reported_length(tvb);

    return sent > LONGEST_HEADER ||
           (tvb_captured_length(tvb) > AT_DATA_OFFSET && sent > (tvb_get_uint8(tvb, AT_DATA_OFFSET) >> 4) * 4u);
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
    if (!read_segment(tvb, pinfo, data, &segment)) /* cut on the wire, not by the recorder: no segment */
        return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    ces_addition addition = ces_analysis_add_segment(ces_capture_analysis(), &segment);
    const ces_sighting *sighting = ces_capture_remember(pinfo, &addition);
    int length = call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    if (pinfo->srcport == segment.source.port && pinfo->destport == segment.destination.port)
        note_stream(pinfo, sighting);
    return length;
}

static int
watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    guint32 both = is_watching(pinfo) ? read_ports(tvb) : 0;

    if (!both)
        return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    ces_name_table_before_packet(has_payload(tvb));
    if (carry_service(both))
        return watch_segment(tvb, pinfo, tree, data, both);
    if (may_be_dns(pinfo, both))
        learn_from_other_segment(tvb, pinfo, data, both);
    return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
}

static int
watch_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    guint32 both = is_watching(pinfo) ? read_ports(tvb) : 0;

    if (both)
        ces_name_table_before_packet(TRUE);
    if (both && may_be_dns(pinfo, both))
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
is_refusal(tvbuff_t *tvb, const packet_info *pinfo, gboolean (*refuses)(guint8 type, guint8 code))
{
    return is_watching(pinfo) && !pinfo->flags.in_error_pkt && tvb_captured_length(tvb) >= 2 &&
           refuses(tvb_get_uint8(tvb, 0), tvb_get_uint8(tvb, 1));
}

static int
watch_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (is_refusal(tvb, pinfo, ces_icmp_refuses))
        return call_in_refusal(table[ICMP].next, tvb, pinfo, tree, data);
    return call_dissector_only(table[ICMP].next, tvb, pinfo, tree, data);
}

static int
watch_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (is_refusal(tvb, pinfo, ces_icmpv6_refuses))
        return call_in_refusal(table[ICMPV6].next, tvb, pinfo, tree, data);
    return call_dissector_only(table[ICMPV6].next, tvb, pinfo, tree, data);
}

/* --- registration -------------------------------------------------------- */

void
ces_watch_register(int proto)
{
    ces = find_protocol_by_id(proto);
}

/* The watching handle belongs to a protocol in name only below the one that
 * it watches: no layer appears, and disabling CES does not disable TCP. */
void
ces_watch_register_handoff(void)
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
