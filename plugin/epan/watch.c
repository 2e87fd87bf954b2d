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
#include "parts.h"

#include "compat.h"

#include <epan/dissectors/packet-ip.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>

#include "capture.h"
#include "name_table.h"

static int proto_tcp;

static int watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int watch_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int watch_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int watch_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* The protocols watched, each with the dissector that stood in the table before. */
enum { TCP, UDP, ICMP, ICMPV6, WATCHED_COUNT };
static struct {
    guint32 number;
    const char *filter_name, *title;
    dissector_t watch;
    dissector_handle_t next;
} table[WATCHED_COUNT] = {
    [TCP] = {IP_PROTO_TCP, "tcp", "TCP headers for CES", watch_tcp, NULL},
    [UDP] = {IP_PROTO_UDP, "udp", "DNS for CES", watch_udp, NULL},
    [ICMP] = {IP_PROTO_ICMP, "icmp", "ICMP errors for CES", watch_icmp, NULL},
    [ICMPV6] = {IP_PROTO_ICMPV6, "icmpv6", "ICMPv6 errors for CES", watch_icmpv6, NULL},
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

/* A header where IP hands it over, with all that was captured behind it: at
 * least its ports. */
typedef struct {
    const guint8 *bytes;
    guint captured, sent;
} header;

static header
read_header(tvbuff_t *tvb)
{
    header h = {.captured = tvb_captured_length(tvb), .sent = tvb_reported_length(tvb)};

    h.bytes = tvb_get_ptr(tvb, 0, (gint)h.captured);
    return h;
}

/* The ports in front of it, as ces_segment_ports gives them; 0 if they were not
 * captured. Most packets are of no further interest then. */
static guint32
read_ports(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) >= sizeof(guint32) ? tvb_get_ntohl(tvb, 0) : 0;
}

static gboolean
read_ends(const packet_info *pinfo, guint32 ports, ces_socket *source, ces_socket *destination)
{
    source->port = (guint16)(ports >> 16);
    destination->port = (guint16)ports;
    return read_address(&pinfo->src, &source->address) && read_address(&pinfo->dst, &destination->address);
}

/* How much TCP was sent. In Cisco FabricPath Wireshark takes the last four
 * bytes of a frame for a check sequence also where they are not: then IP, which
 * `data` tells of, said four bytes more than there seem to be. */
static guint
bytes_sent(tvbuff_t *tvb, guint sent, const void *data)
{
    enum { CHECK_SEQUENCE = 4, SHORTEST = 20 };
    const ws_ip4 *ip = WS_IP4_PTR(data);
    const ws_ip6 *ip6 = WS_IP6_PTR(data);

    if (ip6 && ip6->ip6_nxt == IP_PROTO_TCP && ip6->ip6_len == sent + CHECK_SEQUENCE)
        return sent + CHECK_SEQUENCE;
    if (!ip || ip->ip_len <= sent + SHORTEST)
        return sent;
    guint at = (guint)tvb_raw_offset(tvb);
    gsize before = at ? ces_ipv4_header_before(tvb_get_ptr(tvb_get_ds_tvb(tvb), 0, (gint)at), at, ip->ip_len) : 0;
    return before && ip->ip_len == sent + before + CHECK_SEQUENCE ? sent + CHECK_SEQUENCE : sent;
}

/* All of the segment that was captured: what Wireshark took for a check
 * sequence stands behind the end of `tvb`. */
static header
segment_header(tvbuff_t *tvb, header h, const void *data)
{
    tvbuff_t *frame = tvb_get_ds_tvb(tvb);
    guint at = (guint)tvb_raw_offset(tvb), there = tvb_captured_length(frame);
    guint sent = bytes_sent(tvb, h.sent, data);

    if (sent != h.sent && h.captured == h.sent && at < there) {
        h.captured = MIN(sent, there - at);
        h.bytes = tvb_get_ptr(frame, (gint)at, (gint)h.captured);
    }
    h.sent = sent;
    return h;
}

static gboolean
read_segment(tvbuff_t *tvb, const packet_info *pinfo, const void *data, const header *h, ces_segment *segment)
{
    header whole = segment_header(tvb, *h, data);

    segment->frame = pinfo->num;
    segment->timestamp = ces_capture_time_of(pinfo);
    segment->elapsed = ces_analysis_note_time(ces_capture_analysis(), segment->timestamp);
    return ces_segment_read(whole.bytes, whole.captured, whole.sent, segment);
}

/* An ICMP error quotes at least 8 bytes of TCP (RFC 792). */
static void
add_refusal(packet_info *pinfo, const header *h, const ces_segment *segment)
{
    ces_refusal refusal = {.source = segment->source, .destination = segment->destination, .frame = pinfo->num};
    ces_addition addition = {.sighting = {.flow = NULL}};

    refusal.timestamp = ces_capture_time_of(pinfo);
    if (ces_refusal_read(h->bytes, h->captured, &refusal) &&
        ces_analysis_add_refusal(ces_capture_analysis(), &refusal, &addition.sighting))
        ces_capture_remember(pinfo, &addition);
}

/* The number of the stream is known once the TCP dissector has run. */
static void
note_stream(packet_info *pinfo, const ces_sighting *sighting)
{
    if (sighting->flow->stream != CES_NO_STREAM || !ces_capture_is_whole())
        return;
    conversation_t *conversation = ces_find_tcp_conversation(pinfo);
    const struct tcp_analysis *analysis =
        conversation ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, proto_tcp) : NULL;
    if (analysis)
        sighting->flow->stream = analysis->stream;
}

/* Whether names are to be learned from it: not from what is quoted in an error or a sample. */
static gboolean
may_be_dns(const ces_analysis *reader, const packet_info *pinfo, guint32 ports)
{
    return ces_analysis_wants_dns(reader, (guint16)(ports >> 16), (guint16)ports) && !pinfo->flags.in_error_pkt;
}

/* --- TCP and UDP ------------------------------------------------------------ */

/* NULL if the packet is not to be read: it has been, or nobody wants it to be. */
static ces_analysis *
reader_of(const packet_info *pinfo)
{
    return pinfo->fd->visited ? NULL : ces_capture_fed();
}

/* A segment, or the quote of one, that may be of a service. */
static int
watch_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, guint32 ports)
{
    header h = read_header(tvb);
    ces_segment segment = {.has_flags = FALSE};
    const ces_sighting *sighting = NULL;

    if (!read_ends(pinfo, ports, &segment.source, &segment.destination))
        return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    if (pinfo->flags.in_error_pkt) {
        if (in_refusal)
            add_refusal(pinfo, &h, &segment);
    } else if (read_segment(tvb, pinfo, data, &h,
                            &segment)) { /* else cut on the wire, not by the recorder: no segment */
        ces_addition addition = ces_analysis_add_segment(ces_capture_analysis(), &segment);
        sighting = ces_capture_remember(pinfo, &addition);
    }
    int length = call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
    if (sighting && pinfo->srcport == segment.source.port && pinfo->destport == segment.destination.port)
        note_stream(pinfo, sighting);
    return length;
}

static void
read_dns_segment(tvbuff_t *tvb, const packet_info *pinfo, const void *data, guint32 ports)
{
    header h = read_header(tvb);
    ces_segment segment = {.has_flags = FALSE};

    if (read_ends(pinfo, ports, &segment.source, &segment.destination) && read_segment(tvb, pinfo, data, &h, &segment))
        ces_analysis_add_dns_segment(ces_capture_fed(), &segment);
}

static void
read_datagram(tvbuff_t *tvb, const packet_info *pinfo, guint32 ports)
{
    header h = read_header(tvb);
    ces_socket source, destination;
    gsize length;
    const guint8 *payload = ces_datagram_payload(h.bytes, h.captured, &length);

    if (payload && read_ends(pinfo, ports, &source, &destination))
        ces_analysis_add_datagram(ces_capture_fed(), &source, &destination, payload, length, pinfo->num);
}

static gboolean
may_carry(tvbuff_t *tvb)
{
    header h = read_header(tvb);

    return ces_segment_may_carry(h.bytes, h.captured, h.sent);
}

static int
watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const ces_analysis *reader = reader_of(pinfo);
    guint32 ports = reader ? read_ports(tvb) : 0;

    if (ports) {
        if (!ces_name_table_may_be_taught())
            ces_name_table_before_packet(may_carry(tvb));
        if (ces_analysis_carries_service(reader, ports))
            return watch_segment(tvb, pinfo, tree, data, ports);
        if (may_be_dns(reader, pinfo, ports))
            read_dns_segment(tvb, pinfo, data, ports);
    }
    return call_dissector_only(table[TCP].next, tvb, pinfo, tree, data);
}

static int
watch_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const ces_analysis *reader = reader_of(pinfo);
    guint32 ports = reader ? read_ports(tvb) : 0;

    if (ports) {
        if (!ces_name_table_may_be_taught())
            ces_name_table_before_packet(TRUE);
        if (may_be_dns(reader, pinfo, ports))
            read_datagram(tvb, pinfo, ports);
    }
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
static int
watch_error(int which, gboolean (*refuses)(guint8 type, guint8 code), tvbuff_t *tvb, packet_info *pinfo,
            proto_tree *tree, void *data)
{
    guint16 both = tvb_captured_length(tvb) >= 2 ? tvb_get_ntohs(tvb, 0) : 0;

    if (both && reader_of(pinfo) && !pinfo->flags.in_error_pkt && refuses((guint8)(both >> 8), (guint8)both))
        return call_in_refusal(table[which].next, tvb, pinfo, tree, data);
    return call_dissector_only(table[which].next, tvb, pinfo, tree, data);
}

static int
watch_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return watch_error(ICMP, ces_icmp_refuses, tvb, pinfo, tree, data);
}

static int
watch_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return watch_error(ICMPV6, ces_icmpv6_refuses, tvb, pinfo, tree, data);
}

/* --- registration -------------------------------------------------------- */

/* The watching handle belongs to a protocol in name only below the one that
 * it watches: no layer appears, and disabling CES does not disable TCP. */
void
ces_watch_register_handoff(void)
{
    dissector_table_t ip_proto = find_dissector_table("ip.proto");

    proto_tcp = proto_get_id_by_filter_name("tcp");
    for (int i = 0; i < WATCHED_COUNT; i++) {
        const char *short_name = wmem_strdup_printf(wmem_epan_scope(), "CES on %s", table[i].filter_name);
        const char *filter_name = wmem_strdup_printf(wmem_epan_scope(), "ces.watch.%s", table[i].filter_name);
        table[i].next = dissector_get_uint_handle(ip_proto, table[i].number);
        if (!table[i].next)
            continue;
        int parent = proto_get_id_by_filter_name(table[i].filter_name);
        int proto_watch =
            proto_register_protocol_in_name_only(table[i].title, short_name, filter_name, parent, FT_PROTOCOL);
        dissector_add_uint("ip.proto", table[i].number, create_dissector_handle(table[i].watch, proto_watch));
    }
}
