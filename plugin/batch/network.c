/* network.c
 * IP, and what it holds that the analysis takes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoding.h"

/* IANA protocol numbers. */
enum {
    HOP_BY_HOP = 0,
    ICMP = 1,
    IGMP = 2,
    IPV4 = 4,
    TCP = 6,
    UDP = 17,
    IPV6 = 41,
    ROUTING = 43,
    FRAGMENT = 44,
    GRE = 47,
    ESP = 50,
    AUTHENTICATION = 51,
    ICMPV6 = 58,
    NOTHING = 59,
    DESTINATION = 60,
    OSPF = 89,
    COMPRESSED = 108,
    VRRP = 112,
    MOBILITY = 135,
    MPLS = 137,
    HOST_IDENTITY = 139,
    SHIM6 = 140
};

/* --- facts ------------------------------------------------------------------------ */

static void
take(ces_decoding *decoding, ces_fact_kind kind, ces_span span)
{
    decoding->decoded.fact = (ces_fact){.kind = kind,
                                        .is_ipv6 = decoding->is_ipv6,
                                        .source = decoding->source,
                                        .destination = decoding->destination,
                                        .header = span.at,
                                        .captured = span.captured,
                                        .sent = span.sent};
    ces_decoding_end(decoding, CES_READ_FACT);
}

/* --- TCP -------------------------------------------------------------------------- */

enum { SHORTEST_TCP = 20 };

/* TCP that carries IP: remote capture, OpenFlow, source discovery, X.25. */
static gboolean
is_tcp_tunnel(guint16 port)
{
    enum { RPCAP = 2002, OPENFLOW_OLD = 6633, OPENFLOW = 6653, MSDP = 639, XOT = 1998 };

    return port == RPCAP || port == OPENFLOW_OLD || port == OPENFLOW || port == MSDP || port == XOT;
}

/* As the plugin: whether there may be payload, in which a name may be. */
static gboolean
has_payload(ces_span span)
{
    enum { AT_DATA_OFFSET = 12, LONGEST_HEADER = 60 };

    return span.sent > LONGEST_HEADER ||
           (span.captured > AT_DATA_OFFSET && span.sent > (guint32)(span.at[AT_DATA_OFFSET] >> 4) * 4);
}

static void
read_other_tcp(ces_decoding *decoding, guint32 both, ces_span span)
{
    ces_decoding_end(decoding, CES_READ_OTHER_TCP);
    if (is_tcp_tunnel((guint16)(both >> 16)) || is_tcp_tunnel((guint16)both))
        ces_decoding_search(decoding, ces_span_behind(span, SHORTEST_TCP), CES_READ_OTHER_TCP);
    if (decoding->decoded.reason == CES_READ_OTHER_TCP && !decoding->in_error &&
        ces_decoder_is_dns(decoding->decoder, both) && span.sent >= SHORTEST_TCP)
        take(decoding, CES_FACT_DNS_SEGMENT, span);
}

/* RFC 792: an error quotes at least eight bytes of TCP. */
static void
read_quote(ces_decoding *decoding, ces_span span)
{
    enum { SHORTEST_QUOTE = 8 };

    if (decoding->in_refusal && span.captured >= SHORTEST_QUOTE)
        take(decoding, CES_FACT_REFUSAL, span);
    else
        ces_decoding_end(decoding, CES_READ_ICMP);
}

static void
read_tcp(ces_decoding *decoding, ces_span span)
{
    guint32 both = ces_segment_ports(span.at, span.captured);

    decoding->decoded.teaches = both != 0 && has_payload(span);
    if (both == 0)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (!ces_decoder_is_service(decoding->decoder, both))
        read_other_tcp(decoding, both, span);
    else if (decoding->in_error)
        read_quote(decoding, span);
    else if (span.sent < SHORTEST_TCP) /* cut on the wire, not by the recorder: no segment */
        ces_decoding_end(decoding, CES_READ_OTHER_TCP);
    else
        take(decoding, CES_FACT_SEGMENT, span);
}

/* --- UDP -------------------------------------------------------------------------- */

enum { UDP_HEADER = 8 };

/* The port whose dissector Wireshark asks first: the smaller one, but for 0. */
static guint16
first_port(guint32 both)
{
    guint16 low = (guint16)MIN(both >> 16, both & 0xffff), high = (guint16)MAX(both >> 16, both & 0xffff);

    return low ? low : high;
}

/* By the port asked first: another one may have a dissector that is not known here. */
static void
read_udp_payload(ces_decoding *decoding, guint16 port, ces_span span)
{
    enum { DNS = 53, VXLAN = 4789, GENEVE = 6081, SFLOW = 6343 };

    switch (port) {
    case DNS:
        ces_decoding_end(decoding, CES_READ_OTHER_UDP);
        break;
    case SFLOW: /* samples of traffic: neither seen here nor refused */
        ces_decoding_end(decoding, CES_IGNORED_PROTOCOL);
        break;
    case VXLAN:
        ces_decoding_vxlan(decoding, span);
        break;
    case GENEVE:
        ces_decoding_geneve(decoding, span);
        break;
    default:
        ces_decoding_search(decoding, span, CES_READ_OTHER_UDP);
    }
}

static void
read_udp(ces_decoding *decoding, ces_span span)
{
    enum { AT_LENGTH = 4 };
    guint32 both = ces_segment_ports(span.at, span.captured);

    if (both == 0 || span.captured < UDP_HEADER) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint16 length = ces_read16(span.at + AT_LENGTH);
    decoding->decoded.teaches = TRUE;
    if (length < UDP_HEADER) /* Wireshark reads none of it, or all if it is a jumbogram */
        ces_decoding_search(decoding, ces_span_behind(span, UDP_HEADER), CES_READ_OTHER_UDP);
    else
        read_udp_payload(decoding, first_port(both), ces_span_behind(ces_span_cut(span, length), UDP_HEADER));
    if (!ces_reason_hands_over(decoding->decoded.reason) && !decoding->in_error && span.captured > UDP_HEADER &&
        ces_decoder_is_dns(decoding->decoder, both))
        take(decoding, CES_FACT_DATAGRAM, span);
}

/* --- ICMP ------------------------------------------------------------------------- */

/* Whatever is in an error that refuses nothing is of no use: it is not looked
 * at. An error in an error refuses what the outer one refuses. */
static gboolean
enter_error(ces_decoding *decoding, gboolean refuses)
{
    if (!decoding->in_error)
        decoding->in_refusal = refuses;
    decoding->in_error = TRUE;
    if (!decoding->in_refusal)
        ces_decoding_end(decoding, CES_READ_ICMP);
    return decoding->in_refusal;
}

/* How much of the datagram is quoted (RFC 4884: what follows are extensions). */
static ces_span
icmp_quote(ces_span message)
{
    enum { REDIRECT = 5, AT_WORDS = 5, HEADER = 8 };
    ces_span quote = ces_span_behind(message, HEADER);
    guint32 header = quote.at[0] & 0x0f, words = message.at[AT_WORDS];

    if (message.at[0] == REDIRECT)
        return ces_span_cut(quote, header * 4 + 8);
    if (words > 0 && message.sent > HEADER + words * 4 && ces_read16(quote.at + 2) > words * 4)
        return ces_span_cut(quote, (header + words) * 4);
    return quote;
}

static void
read_icmp(ces_decoding *decoding, ces_span span)
{
    enum { UNREACHABLE = 3, QUENCH = 4, REDIRECT = 5, EXCEEDED = 11, PROBLEM = 12, SHORTEST = 12 };

    if (span.captured < 2) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    switch (span.at[0]) {
    case UNREACHABLE:
    case QUENCH:
    case REDIRECT:
    case EXCEEDED:
    case PROBLEM:
        if (!enter_error(decoding, ces_icmp_refuses(span.at[0], span.at[1])))
            return;
        if (span.captured < SHORTEST)
            ces_decoding_end(decoding, CES_READ_SHORT);
        else
            ces_decoding_ip(decoding, icmp_quote(span));
        break;
    default:
        ces_decoding_search(decoding, span, CES_READ_ICMP);
    }
}

static void
read_icmpv6(ces_decoding *decoding, ces_span span)
{
    enum { UNREACHABLE = 1, TOO_BIG = 2, EXCEEDED = 3, PROBLEM = 4, HEADER = 8 };

    if (span.captured < 2) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    switch (span.at[0]) {
    case UNREACHABLE:
    case TOO_BIG:
    case EXCEEDED:
    case PROBLEM:
        if (enter_error(decoding, ces_icmpv6_refuses(span.at[0], span.at[1])))
            ces_decoding_ipv6(decoding, ces_span_behind(span, HEADER));
        break;
    default:
        ces_decoding_search(decoding, span, CES_READ_ICMP);
    }
}

/* --- what IP holds ------------------------------------------------------------------ */

/* In version 4: in version 6 it belongs to the chain of headers. */
static void
read_authentication(ces_decoding *decoding, ces_span span)
{
    if (span.captured < 2)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (ces_decoding_enter(decoding))
        ces_decoding_protocol(decoding, span.at[0], ces_span_behind(span, (span.at[1] + 2u) * 4));
}

/* Protocols that hold others, or nothing. */
static void
read_other_protocol(ces_decoding *decoding, guint8 protocol, ces_span span)
{
    switch (protocol) {
    case IGMP:
    case VRRP:
        ces_decoding_end(decoding, CES_IGNORED_PROTOCOL);
        break;
    case COMPRESSED:
        ces_decoding_end(decoding, CES_HAND_OVER_COMPRESSED);
        break;
    case HOP_BY_HOP: /* in version 4; in version 6 they are read before */
    case ROUTING:
    case FRAGMENT:
    case DESTINATION:
    case SHIM6:
        ces_decoding_end(decoding, CES_HAND_OVER_HEADER);
        break;
    default:
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    }
}

void
ces_decoding_protocol(ces_decoding *decoding, guint8 protocol, ces_span span)
{
    switch (protocol) {
    case TCP:
        read_tcp(decoding, span);
        break;
    case UDP:
        read_udp(decoding, span);
        break;
    case ICMP:
        read_icmp(decoding, span);
        break;
    case ICMPV6:
        read_icmpv6(decoding, span);
        break;
    case IPV4:
        ces_decoding_ip(decoding, span);
        break;
    case IPV6:
        ces_decoding_ipv6(decoding, span);
        break;
    case GRE:
        ces_decoding_gre(decoding, span);
        break;
    case AUTHENTICATION:
        read_authentication(decoding, span);
        break;
    case MPLS:
        ces_decoding_mpls(decoding, span);
        break;
    default:
        read_other_protocol(decoding, protocol, span);
    }
}

/* --- IPv4 --------------------------------------------------------------------------- */

enum { IPV4_SHORTEST = 20 };

/* RFC 791: FALSE if an option is malformed, or routes the packet, so that its
 * destination is another one than the header's. */
static gboolean
has_usual_options(const guint8 *options, guint length)
{
    enum { END = 0, NO_OPERATION = 1, LOOSE_ROUTE = 131, STRICT_ROUTE = 137 };

    for (guint at = 0; at < length && options[at] != END;) {
        if (options[at] == NO_OPERATION) {
            at++;
            continue;
        }
        if (options[at] == LOOSE_ROUTE || options[at] == STRICT_ROUTE)
            return FALSE;
        if (length - at < 2 || options[at + 1] < 2 || options[at + 1] > length - at)
            return FALSE;
        at += options[at + 1];
    }
    return TRUE;
}

/* A payload whose first part can tell us nothing, whatever it is. */
static gboolean
holds_nothing(guint8 protocol)
{
    return protocol == IGMP || protocol == ESP || protocol == OSPF || protocol == VRRP;
}

/* Wireshark reassembles fragments that are there in full; of those that are
 * not, it reads the first as if it were all. */
static gboolean
read_ipv4_fragment(ces_decoding *decoding, guint16 fragment, guint8 protocol, gboolean is_whole)
{
    enum { OFFSET = 0x1fff };

    if (holds_nothing(protocol))
        ces_decoding_end(decoding, CES_IGNORED_PROTOCOL);
    else if (is_whole)
        ces_decoding_end(decoding, CES_HAND_OVER_FRAGMENT);
    else if (fragment & OFFSET)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else
        return FALSE;
    return TRUE;
}

/* Behind the header, whose lengths have been checked. */
static void
read_ipv4_payload(ces_decoding *decoding, ces_span span, guint header, guint total)
{
    enum { AT_FRAGMENT = 6, AT_PROTOCOL = 9, MORE_OR_OFFSET = 0x3fff, CHECK_SEQUENCE = 4 };
    guint16 fragment = ces_read16(span.at + AT_FRAGMENT) & MORE_OR_OFFSET;
    guint8 protocol = span.at[AT_PROTOCOL];
    ces_span payload = ces_span_behind(ces_span_cut(span, total), header);

    if (fragment &&
        read_ipv4_fragment(decoding, fragment, protocol, total > header && payload.captured >= total - header))
        return;
    /* As the plugin: where a check sequence was taken off that is none (Cisco FabricPath), IP says four bytes more. */
    if (protocol == TCP && !decoding->in_error && total == span.sent + CHECK_SEQUENCE)
        payload.sent += CHECK_SEQUENCE;
    if (payload.sent == 0)
        ces_decoding_end(decoding, CES_IGNORED_UNKNOWN);
    else
        ces_decoding_protocol(decoding, protocol, payload);
}

static void
read_ipv4(ces_decoding *decoding, ces_span span)
{
    enum { AT_TOTAL = 2, AT_SOURCE = 12, AT_DESTINATION = 16 };

    if (span.captured < IPV4_SHORTEST) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint header = (span.at[0] & 0x0f) * 4u, total = ces_read16(span.at + AT_TOTAL);
    decoding->is_ipv6 = FALSE;
    decoding->source = span.at + AT_SOURCE;
    decoding->destination = span.at + AT_DESTINATION;
    gboolean is_cut_later = total == 0; /* into segments, by the network card */
    if (!is_cut_later && (header < IPV4_SHORTEST || total < header))
        ces_decoding_end(decoding, CES_IGNORED_UNKNOWN);
    else if (!is_cut_later && span.captured < header)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (is_cut_later || !has_usual_options(span.at + IPV4_SHORTEST, header - IPV4_SHORTEST))
        ces_decoding_end(decoding, CES_HAND_OVER_HEADER);
    else
        read_ipv4_payload(decoding, span, header, total);
}

/* --- IPv6 --------------------------------------------------------------------------- */

/* RFC 8200 section 4.2: only options that change nothing of what is read here
 * (a home address, for one, would take the place of the source). */
static gboolean
has_usual_ipv6_options(const guint8 *header, guint length)
{
    enum { FIRST = 2, PAD_1 = 0, PAD_N = 1, ROUTER_ALERT = 5, ROUTER_ALERT_LENGTH = 2 };

    for (guint at = FIRST; at < length;) {
        if (header[at] == PAD_1) {
            at++;
            continue;
        }
        if (length - at < 2 || header[at + 1] > length - at - 2)
            return FALSE;
        if (header[at] != PAD_N && !(header[at] == ROUTER_ALERT && header[at + 1] == ROUTER_ALERT_LENGTH))
            return FALSE;
        at += 2u + header[at + 1];
    }
    return TRUE;
}

/* One header of the chain. The length to skip; 0 if the path has ended. */
static guint32
read_extension(ces_decoding *decoding, guint8 protocol, ces_span span)
{
    enum { AT_OFFSET = 2, OFFSET_AND_MORE = 0xfff9, FRAGMENT_HEADER = 8 };

    if (span.captured < FRAGMENT_HEADER) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return 0;
    }
    if (protocol == AUTHENTICATION)
        return (span.at[1] + 2u) * 4;
    if (protocol == FRAGMENT) {
        if (!(ces_read16(span.at + AT_OFFSET) & OFFSET_AND_MORE))
            return FRAGMENT_HEADER;
        ces_decoding_end(decoding, CES_HAND_OVER_FRAGMENT);
        return 0;
    }
    guint32 length = (span.at[1] + 1u) * 8;
    if (span.captured < length)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (protocol == ROUTING || !has_usual_ipv6_options(span.at, length))
        ces_decoding_end(decoding, CES_HAND_OVER_HEADER);
    else
        return length;
    return 0;
}

static gboolean
is_extension(guint8 protocol)
{
    return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT || protocol == AUTHENTICATION ||
           protocol == DESTINATION;
}

static void
read_ipv6_payload(ces_decoding *decoding, guint8 protocol, ces_span span)
{
    while (is_extension(protocol)) {
        guint32 length = read_extension(decoding, protocol, span);
        if (length == 0)
            return;
        protocol = span.at[0];
        span = ces_span_behind(span, length);
    }
    if (protocol == NOTHING)
        ces_decoding_end(decoding, CES_IGNORED_UNKNOWN);
    else
        ces_decoding_protocol(decoding, protocol, span);
}

void
ces_decoding_ipv6(ces_decoding *decoding, ces_span span)
{
    enum { HEADER = 40, AT_LENGTH = 4, AT_NEXT = 6, AT_SOURCE = 8, AT_DESTINATION = 24, CHECK_SEQUENCE = 4 };

    if (!ces_decoding_enter(decoding))
        return;
    if (span.captured < HEADER) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint length = ces_read16(span.at + AT_LENGTH);
    guint8 next = span.at[AT_NEXT];
    ces_span payload = ces_span_cut(ces_span_behind(span, HEADER), length);
    decoding->is_ipv6 = TRUE;
    decoding->source = span.at + AT_SOURCE;
    decoding->destination = span.at + AT_DESTINATION;
    if (span.at[0] >> 4 != 6)
        ces_decoding_end(decoding, CES_IGNORED_UNKNOWN);
    else if (length == 0 && next != NOTHING) /* a jumbogram, or cut by the network card later */
        ces_decoding_end(decoding, CES_HAND_OVER_HEADER);
    else {
        if (next == TCP && !decoding->in_error &&
            HEADER + length == span.sent + CHECK_SEQUENCE) /* see read_ipv4_payload */
            payload.sent += CHECK_SEQUENCE;
        read_ipv6_payload(decoding, next, payload);
    }
}

void
ces_decoding_ip(ces_decoding *decoding, ces_span span)
{
    if (span.captured > 0 && span.at[0] >> 4 == 6)
        ces_decoding_ipv6(decoding, span);
    else if (!ces_decoding_enter(decoding))
        return;
    else if (span.captured > 0 && span.at[0] >> 4 == 4)
        read_ipv4(decoding, span);
    else
        ces_decoding_end(decoding, CES_IGNORED_UNKNOWN);
}
