/* link.c
 * From the link layer to IP.
 *
 * The names of the link types are those of the tcpdump group's list; how each
 * is read follows Wireshark's dissectors of the same name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoding.h"

enum { LONGEST_802_3 = 1500, SHORTEST_ETHERTYPE = 1536 };

/* --- Ethernet ------------------------------------------------------------------ */

/* RFC 1042: LLC and SNAP, then an ethertype. The second form of the number is
 * Cisco's. */
static void
read_snap(ces_decoding *decoding, ces_span span)
{
    enum { LENGTH = 8, ENCAPSULATED = 0x000000, CISCO = 0x0000f8 };

    if (span.captured >= LENGTH && span.at[0] == 0xaa && span.at[1] == 0xaa && span.at[2] == 0x03) {
        guint32 organization = ces_read32(span.at + 2) & 0xffffff;
        if (organization == ENCAPSULATED || organization == CISCO) {
            ces_decoding_ethertype(decoding, ces_read16(span.at + 6), ces_span_behind(span, LENGTH));
            return;
        }
    }
    ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
}

/* What a field says that holds an ethertype or the length of an 802.3 frame. */
static void
read_type_or_length(ces_decoding *decoding, guint16 value, ces_span span)
{
    if (value >= SHORTEST_ETHERTYPE)
        ces_decoding_ethertype(decoding, value, span);
    else if (value != 0 && value <= LONGEST_802_3)
        read_snap(decoding, ces_span_cut(span, value));
    else
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
}

/* A header before the header, told by the destination: EtherCAT switch link,
 * and Cisco's ISL. */
static gboolean
has_header_before(const guint8 *destination)
{
    enum { SWITCH_LINK = 0x01010510, ISL_1 = 0x01000c00, ISL_2 = 0x0c000c00 };
    guint32 first = ces_read32(destination);

    return first == SWITCH_LINK || first == ISL_1 || first == ISL_2;
}

void
ces_decoding_ethernet(ces_decoding *decoding, ces_span span)
{
    enum { AT_TYPE = 12, LENGTH = 14 };

    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (has_header_before(span.at))
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else
        read_type_or_length(decoding, ces_read16(span.at + AT_TYPE), ces_span_behind(span, LENGTH));
}

static void
read_vlan(ces_decoding *decoding, ces_span span)
{
    enum { AT_TYPE = 2, LENGTH = 4 };

    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else
        read_type_or_length(decoding, ces_read16(span.at + AT_TYPE), ces_span_behind(span, LENGTH));
}

/* IEEE 802.1ad. A backbone tag (802.1ah) inside is not read here. */
static void
read_service_vlan(ces_decoding *decoding, ces_span span)
{
    enum { AT_TYPE = 2, LENGTH = 4, BACKBONE = 0x88e7 };

    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (ces_read16(span.at + AT_TYPE) < SHORTEST_ETHERTYPE || ces_read16(span.at + AT_TYPE) == BACKBONE)
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else
        ces_decoding_ethertype(decoding, ces_read16(span.at + AT_TYPE), ces_span_behind(span, LENGTH));
}

/* --- PPP ----------------------------------------------------------------------- */

/* RFC 2516, session stage. */
static void
read_pppoe(ces_decoding *decoding, ces_span span)
{
    enum { AT_LENGTH = 4, LENGTH = 6, CREDIT_TAG = 0x0106 };

    if (span.captured < LENGTH + 2)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (ces_read16(span.at + LENGTH) == CREDIT_TAG) /* RFC 4938: before the PPP frame */
        ces_decoding_end(decoding, CES_HAND_OVER_HEADER);
    else
        ces_decoding_ppp(decoding, ces_span_cut(ces_span_behind(span, LENGTH), ces_read16(span.at + AT_LENGTH)));
}

/* Frames in which the headers are compressed, or that are parts of a frame. */
static gboolean
is_compressed_ppp(guint16 protocol)
{
    enum { ROHC_SMALL = 0x03, ROHC_LARGE = 0x05, VAN_JACOBSON = 0x2d, VAN_JACOBSON_FULL = 0x2f, MULTILINK = 0x3d };
    enum { MULTIPLEXED = 0x59, FULL_HEADER = 0x61, COMPRESSED_LINK = 0xfb, COMPRESSED = 0xfd };

    switch (protocol) {
    case ROHC_SMALL:
    case ROHC_LARGE:
    case VAN_JACOBSON:
    case VAN_JACOBSON_FULL:
    case MULTILINK:
    case MULTIPLEXED:
    case FULL_HEADER:
    case COMPRESSED_LINK:
    case COMPRESSED:
        return TRUE;
    default:
        return FALSE;
    }
}

static void
read_ppp_protocol(ces_decoding *decoding, guint16 protocol, ces_span span)
{
    enum { PPP_IPV4 = 0x21, PPP_IPV6 = 0x57, PPP_MPLS = 0x281, PPP_MPLS_MULTICAST = 0x283 };

    switch (protocol) {
    case PPP_IPV4:
        ces_decoding_ip(decoding, span);
        break;
    case PPP_IPV6:
        ces_decoding_ipv6(decoding, span);
        break;
    case PPP_MPLS:
    case PPP_MPLS_MULTICAST:
        ces_decoding_mpls(decoding, span);
        break;
    default:
        if (is_compressed_ppp(protocol))
            ces_decoding_end(decoding, CES_HAND_OVER_COMPRESSED);
        else
            ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    }
}

/* RFC 1661 section 6.5: an odd first byte is all of a compressed number. */
void
ces_decoding_ppp(ces_decoding *decoding, ces_span span)
{
    if (span.captured < 2)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (span.at[0] & 1)
        read_ppp_protocol(decoding, span.at[0], ces_span_behind(span, 1));
    else
        read_ppp_protocol(decoding, ces_read16(span.at), ces_span_behind(span, 2));
}

void
ces_decoding_ppp_framed(ces_decoding *decoding, ces_span span)
{
    enum { CISCO_UNICAST = 0x0f, CISCO_MULTICAST = 0x8f, ALL_STATIONS = 0xff, LENGTH = 2 };

    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (span.at[0] == CISCO_UNICAST || span.at[0] == CISCO_MULTICAST)
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else
        ces_decoding_ppp(decoding, span.at[0] == ALL_STATIONS ? ces_span_behind(span, LENGTH) : span);
}

/* --- ethertypes ------------------------------------------------------------------ */

void
ces_decoding_ethertype(ces_decoding *decoding, guint16 type, ces_span span)
{
    if (!ces_decoding_enter(decoding))
        return;
    switch (type) {
    case CES_ETHERTYPE_IPV4:
        ces_decoding_ip(decoding, span);
        break;
    case CES_ETHERTYPE_IPV6:
        ces_decoding_ipv6(decoding, span);
        break;
    case CES_ETHERTYPE_VLAN:
    case CES_ETHERTYPE_VLAN_STACKED:
        read_vlan(decoding, span);
        break;
    case CES_ETHERTYPE_VLAN_SERVICE:
        read_service_vlan(decoding, span);
        break;
    case CES_ETHERTYPE_MPLS:
    case CES_ETHERTYPE_MPLS_MULTICAST:
        ces_decoding_mpls(decoding, span);
        break;
    case CES_ETHERTYPE_PPPOE_SESSION:
        read_pppoe(decoding, span);
        break;
    case CES_ETHERTYPE_BRIDGE:
        ces_decoding_ethernet(decoding, span);
        break;
    case CES_ETHERTYPE_ARP:
    case CES_ETHERTYPE_RARP:
    case CES_ETHERTYPE_LLDP:
    case CES_ETHERTYPE_EAPOL:
    case CES_ETHERTYPE_PPPOE_DISCOVERY:
    case CES_ETHERTYPE_SLOW:
        ces_decoding_end(decoding, CES_IGNORED_PROTOCOL);
        break;
    default:
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    }
}

/* --- other link types -------------------------------------------------------------- */

/* Linux cooked, both versions: a type, what kind of hardware, and a header. */
static void
read_cooked(ces_decoding *decoding, ces_span span, guint at_type, guint at_hardware, guint length)
{
    enum { NETLINK = 824, GRE = 778 };

    if (span.captured < length) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint16 type = ces_read16(span.at + at_type), hardware = ces_read16(span.at + at_hardware);
    if (type <= SHORTEST_ETHERTYPE || hardware == NETLINK || hardware == GRE)
        ces_decoding_search(decoding, ces_span_behind(span, length), CES_IGNORED_UNKNOWN);
    else
        ces_decoding_ethertype(decoding, type, ces_span_behind(span, length));
}

/* An address family of one of the BSDs. */
static void
read_family(ces_decoding *decoding, guint32 family, ces_span span)
{
    enum { INET = 2, INET6_BSD = 24, INET6_FREEBSD = 28, INET6_DARWIN = 30 };

    switch (family) {
    case INET:
        ces_decoding_ip(decoding, span);
        break;
    case INET6_BSD:
    case INET6_FREEBSD:
    case INET6_DARWIN:
        ces_decoding_ipv6(decoding, span);
        break;
    default:
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    }
}

/* The family is in the byte order of the host that captured, which is not
 * known: one that is small in one order is large in the other. Everything else
 * that Wireshark makes of these four bytes is odd. */
static void
read_null(ces_decoding *decoding, ces_span span)
{
    enum { LENGTH = 4, LARGEST_FAMILY = 255 };

    if (span.captured < LENGTH) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint32 family = ces_read32(span.at);
    if (family > LARGEST_FAMILY)
        family = GUINT32_SWAP_LE_BE(family);
    if (family == 0 || family > LARGEST_FAMILY)
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else
        read_family(decoding, family, ces_span_behind(span, LENGTH));
}

static void
read_loop(ces_decoding *decoding, ces_span span)
{
    enum { LENGTH = 4 };

    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else
        read_family(decoding, ces_read32(span.at), ces_span_behind(span, LENGTH));
}

/* Old Linux drivers left parts of PPP before the packet, and Wireshark looks
 * for them first. */
static void
read_raw(ces_decoding *decoding, ces_span span)
{
    enum { PPP = 0xff03, LOOK_AT = 8 };

    if (span.captured < LOOK_AT)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (ces_read16(span.at) == PPP || ces_read16(span.at + 1) == PPP || ces_read16(span.at + 6) == PPP ||
             span.at[0] == 0)
        ces_decoding_end(decoding, CES_HAND_OVER_HEADER);
    else
        ces_decoding_ip(decoding, span);
}

void
ces_decoding_link(ces_decoding *decoding, guint32 link_type, ces_span span)
{
    enum { LINK_NULL = 0, LINK_ETHERNET = 1, LINK_PPP = 9, LINK_PPP_HDLC = 50, LINK_RAW = 101, LINK_LOOP = 108 };
    enum { LINK_SLL = 113, LINK_IPV4 = 228, LINK_IPV6 = 229, LINK_SLL2 = 276 };

    switch (link_type) {
    case LINK_ETHERNET:
        ces_decoding_ethernet(decoding, span);
        break;
    case LINK_NULL:
        read_null(decoding, span);
        break;
    case LINK_LOOP:
        read_loop(decoding, span);
        break;
    case LINK_PPP:
    case LINK_PPP_HDLC:
        ces_decoding_ppp_framed(decoding, span);
        break;
    case LINK_RAW:
    case 12: /* what LINKTYPE_RAW was on some systems */
    case 14:
        read_raw(decoding, span);
        break;
    case LINK_IPV4:
        ces_decoding_ip(decoding, span);
        break;
    case LINK_IPV6:
        ces_decoding_ipv6(decoding, span);
        break;
    case LINK_SLL:
        read_cooked(decoding, span, 14, 2, 16);
        break;
    case LINK_SLL2:
        read_cooked(decoding, span, 0, 8, 20);
        break;
    default:
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    }
}
