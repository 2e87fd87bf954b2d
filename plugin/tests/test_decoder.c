/* test_decoder.c
 * Frames of every encapsulation that is read, and of those that are not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoder.h"

#include <string.h>

/* --- making frames ------------------------------------------------------------ */

/* Bytes that grow at the front: a header is put before what it holds. */
typedef struct {
    guint8 bytes[2048];
    gsize start;
} packet;

static packet
packet_new(void)
{
    packet made = {.start = sizeof made.bytes};

    return made;
}

static gsize
length_of(const packet *p)
{
    return sizeof p->bytes - p->start;
}

static void
before(packet *p, const void *bytes, gsize length)
{
    g_assert_cmpuint(length, <=, p->start);
    p->start -= length;
    memcpy(p->bytes + p->start, bytes, length);
}

/* Two digits a byte; blanks between are left out. */
static void
hex_before(packet *p, const char *digits)
{
    guint8 bytes[128];
    gsize length = 0;

    for (; *digits; digits++) {
        if (*digits == ' ')
            continue;
        bytes[length++] = (guint8)(g_ascii_xdigit_value(digits[0]) << 4 | g_ascii_xdigit_value(digits[1]));
        digits++;
    }
    before(p, bytes, length);
}

static void
put_16(guint8 *to, gsize number)
{
    to[0] = (guint8)(number >> 8);
    to[1] = (guint8)number;
}

/* --- headers ------------------------------------------------------------------- */

/* Between 203.0.113.20:50000 and 198.51.100.10, and the same in IPv6. */
static const guint8 source_4[] = {203, 0, 113, 20}, destination_4[] = {198, 51, 100, 10};
static const guint8 source_6[] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x20},
                    destination_6[] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x10};
static const guint8 router_4[] = {192, 0, 2, 1};

enum { ICMP = 1, IPIP = 4, TCP = 6, UDP = 17, IPV6 = 41, GRE = 47, AH = 51, ICMPV6 = 58, NO_NEXT = 59, MPLS = 137 };

static void
ports_before(packet *p, guint16 source, guint16 destination, gsize header)
{
    guint8 bytes[20] = {0};

    put_16(bytes, source);
    put_16(bytes + 2, destination);
    before(p, bytes, header);
}

static void
tcp_before(packet *p, guint16 source, guint16 destination)
{
    ports_before(p, source, destination, 20);
    p->bytes[p->start + 7] = 100; /* the sequence number */
    p->bytes[p->start + 12] = 0x50;
    p->bytes[p->start + 13] = 0x02;
}

static void
udp_before(packet *p, guint16 source, guint16 destination)
{
    ports_before(p, source, destination, 8);
    put_16(p->bytes + p->start + 4, length_of(p));
}

static void
ipv4_before_of(packet *p, guint8 protocol, const guint8 *from, const guint8 *to)
{
    guint8 header[20] = {0x45, [8] = 64, [9] = protocol};
    guint32 sum = 0;

    put_16(header + 2, length_of(p) + sizeof header);
    memcpy(header + 12, from, 4);
    memcpy(header + 16, to, 4);
    for (gsize i = 0; i < sizeof header; i += 2)
        sum += (guint32)header[i] << 8 | header[i + 1];
    put_16(header + 10, ~((sum & 0xffff) + (sum >> 16)) & 0xffff);
    before(p, header, sizeof header);
}

static void
ipv4_before(packet *p, guint8 protocol)
{
    ipv4_before_of(p, protocol, source_4, destination_4);
}

static void
ipv6_before(packet *p, guint8 protocol)
{
    guint8 header[40] = {0x60, [6] = protocol, [7] = 64};

    put_16(header + 4, length_of(p));
    memcpy(header + 8, source_6, 16);
    memcpy(header + 24, destination_6, 16);
    before(p, header, sizeof header);
}

static void
ethernet_before(packet *p, guint16 type)
{
    guint8 header[14] = {0x02, [6] = 0x02, [11] = 0x01};

    put_16(header + 12, type);
    before(p, header, sizeof header);
}

/* --- reading them ---------------------------------------------------------------- */

typedef struct {
    ces_settings *settings;
    ces_analysis *analysis;
    ces_decoder decoder;
} fixture;

static void
open_fixture(fixture *f, gconstpointer unused)
{
    ces_settings_text text = ces_settings_text_default();

    (void)unused;
    f->settings = ces_settings_new(&text, NULL);
    f->analysis = ces_analysis_new(f->settings);
    f->decoder = ces_decoder_of(f->analysis);
}

static void
close_fixture(fixture *f, gconstpointer unused)
{
    (void)unused;
    ces_analysis_free(f->analysis);
    ces_settings_unref(f->settings);
}

enum {
    ETHERNET = 1,
    LOOPBACK_NULL = 0,
    PPP = 9,
    RAW = 101,
    LOOP = 108,
    COOKED = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229
};
enum { COOKED_2 = 276, WIRELESS = 105 };

static ces_decoded
decode_cut(const fixture *f, const packet *p, guint32 link_type, gsize captured)
{
    ces_frame frame = {.number = 1,
                       .is_packet = TRUE,
                       .link_type = link_type,
                       .captured = (guint32)captured,
                       .sent = (guint32)length_of(p),
                       .bytes = p->bytes + p->start};

    return ces_decoder_read(&f->decoder, &frame);
}

static ces_decoded
decode(const fixture *f, const packet *p, guint32 link_type)
{
    return decode_cut(f, p, link_type, length_of(p));
}

/* Cut at every length, each in memory of its own, so that a sanitizer sees a
 * byte too many. What is found in less is what is found in all, or is left to others. */
static void
check_cuts(const fixture *f, const packet *p, guint32 link_type)
{
    ces_decoded whole = decode(f, p, link_type);

    for (gsize captured = 0; captured < length_of(p); captured++) {
        guint8 *copy = g_malloc(MAX(captured, 1));
        memcpy(copy, p->bytes + p->start, captured);
        ces_frame frame = {1, TRUE, 0, link_type, (guint32)captured, (guint32)length_of(p), 0, 0, 0, copy};
        ces_decoded cut = ces_decoder_read(&f->decoder, &frame);
        if (cut.fact.kind != CES_FACT_NONE) {
            g_assert_cmpint(cut.fact.kind, ==, whole.fact.kind);
            g_assert_cmpuint(cut.fact.sent, ==, whole.fact.sent);
            g_assert_cmpint(cut.fact.header - copy, ==, whole.fact.header - (p->bytes + p->start));
        }
        g_free(copy);
    }
}

/* The frame holds the TCP header that was put into it first: 20 bytes at its end. */
static void
check_segment_of(const fixture *f, const packet *p, guint32 link_type, gboolean is_ipv6)
{
    ces_decoded decoded = decode(f, p, link_type);

    g_assert_cmpint(decoded.reason, ==, CES_READ_FACT);
    g_assert_cmpint(decoded.fact.kind, ==, CES_FACT_SEGMENT);
    g_assert_true(decoded.fact.header == p->bytes + sizeof p->bytes - 20);
    g_assert_cmpuint(decoded.fact.sent, ==, 20);
    g_assert_cmpuint(decoded.fact.captured, ==, 20);
    g_assert_cmpint(decoded.fact.is_ipv6, ==, is_ipv6);
    if (is_ipv6) {
        g_assert_cmpmem(decoded.fact.source, 16, source_6, 16);
        g_assert_cmpmem(decoded.fact.destination, 16, destination_6, 16);
    } else {
        g_assert_cmpmem(decoded.fact.source, 4, source_4, 4);
        g_assert_cmpmem(decoded.fact.destination, 4, destination_4, 4);
    }
    check_cuts(f, p, link_type);
}

static packet
segment_over_ipv4(void)
{
    packet p = packet_new();

    tcp_before(&p, 50000, 22);
    ipv4_before(&p, TCP);
    return p;
}

static packet
segment_over_ipv6(void)
{
    packet p = packet_new();

    tcp_before(&p, 50000, 22);
    ipv6_before(&p, TCP);
    return p;
}

/* --- link layers ------------------------------------------------------------------- */

/* What stands before an IPv4 packet, or an IPv6 packet. */
static const struct {
    const char *name;
    guint32 link_type;
    gboolean is_ipv6;
    const char *header;
} links[] = {
    {"ethernet", ETHERNET, FALSE, "020000000002 020000000001 0800"},
    {"ethernet-ipv6", ETHERNET, TRUE, "020000000002 020000000001 86dd"},
    {"vlan", ETHERNET, FALSE, "020000000002 020000000001 8100 0064 0800"},
    {"qinq", ETHERNET, FALSE, "020000000002 020000000001 88a8 00c8 8100 0064 0800"},
    {"qinq-old", ETHERNET, FALSE, "020000000002 020000000001 9100 00c8 8100 0064 0800"},
    {"snap", ETHERNET, FALSE, "020000000002 020000000001 0030 aaaa03 000000 0800"},
    {"vlan-snap", ETHERNET, FALSE, "020000000002 020000000001 8100 0064 0030 aaaa03 000000 0800"},
    {"mpls", ETHERNET, FALSE, "020000000002 020000000001 8847 00064040 000c8140"},
    {"mpls-ipv6", ETHERNET, TRUE, "020000000002 020000000001 8847 00064140"},
    {"pppoe", ETHERNET, FALSE, "020000000002 020000000001 8864 11 00 0001 002a 0021"},
    {"pppoe-ipv6", ETHERNET, TRUE, "020000000002 020000000001 8864 11 00 0001 003e 0057"},
    {"ppp", PPP, FALSE, "ff03 0021"},
    {"ppp-compressed-field", PPP, FALSE, "ff03 21"},
    {"ppp-without-address", PPP, TRUE, "0057"},
    {"cooked", COOKED, FALSE, "0000 0001 0006 020000000001 0000 0800"},
    {"cooked-2", COOKED_2, TRUE, "86dd 0000 00000002 0001 00 06 020000000001 0000"},
    {"null-little", LOOPBACK_NULL, FALSE, "02000000"},
    {"null-big", LOOPBACK_NULL, FALSE, "00000002"},
    {"null-ipv6", LOOPBACK_NULL, TRUE, "1e000000"},
    {"loop", LOOP, FALSE, "00000002"},
    {"raw", RAW, FALSE, ""},
    {"raw-ipv6", RAW, TRUE, ""},
    {"raw-old", 12, FALSE, ""},
    {"ipv4", LINK_IPV4, FALSE, ""},
    {"ipv6", LINK_IPV6, TRUE, ""},
};

static void
test_links(fixture *f, gconstpointer unused)
{
    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        packet p = links[i].is_ipv6 ? segment_over_ipv6() : segment_over_ipv4();
        hex_before(&p, links[i].header);
        g_test_message("%s", links[i].name);
        check_segment_of(f, &p, links[i].link_type, links[i].is_ipv6);
    }
}

/* Bytes behind the packet are none of its own: padding, a trailer, a check sequence. */
static void
test_trailer(fixture *f, gconstpointer unused)
{
    static const guint8 padding[6] = {1, 2, 3, 4, 5, 6};
    packet p = packet_new();

    (void)unused;
    before(&p, padding, sizeof padding);
    packet inner = segment_over_ipv4();
    before(&p, inner.bytes + inner.start, length_of(&inner));
    ethernet_before(&p, 0x0800);
    ces_decoded decoded = decode(f, &p, ETHERNET);
    g_assert_cmpint(decoded.fact.kind, ==, CES_FACT_SEGMENT);
    g_assert_cmpuint(decoded.fact.sent, ==, 20);
    g_assert_cmpuint(decoded.fact.captured, ==, 20);
}

/* --- tunnels --------------------------------------------------------------------------- */

/* A packet in another one of the version `outer`. */
static packet
in_ip(packet inner, gboolean outer_is_ipv6, guint8 protocol)
{
    if (outer_is_ipv6)
        ipv6_before(&inner, protocol);
    else
        ipv4_before_of(&inner, protocol, router_4, router_4);
    return inner;
}

static void
test_ip_in_ip(fixture *f, gconstpointer unused)
{
    (void)unused;
    for (int outer = 0; outer < 2; outer++) {
        packet p = in_ip(segment_over_ipv4(), outer != 0, IPIP);
        check_segment_of(f, &p, RAW, FALSE);
        p = in_ip(segment_over_ipv6(), outer != 0, IPV6);
        check_segment_of(f, &p, RAW, TRUE);
    }
}

/* What stands between the outer IP header and the inner one. */
static const struct {
    const char *name;
    guint8 protocol;
    gboolean is_ipv6;
    const char *header;
} tunnels[] = {
    {"gre", GRE, FALSE, "0000 0800"},
    {"gre-ipv6", GRE, TRUE, "0000 86dd"},
    {"gre-checksum-key-sequence", GRE, FALSE, "b000 0800 12340000 00000007 00000001"},
    {"gre-ethernet", GRE, FALSE, "2000 6558 00000100 020000000002 020000000001 0800"},
    {"gre-mpls", GRE, FALSE, "0000 8847 00064140"},
    {"gre-ppp", GRE, FALSE, "3081 880b 00290001 00000001 00000002 ff030021"},
    {"erspan-1", GRE, FALSE, "0000 88be 020000000002 020000000001 0800"},
    {"erspan-2", GRE, FALSE, "1000 88be 00000001 1064 0001 00000000 020000000002 020000000001 0800"},
    {"erspan-3", GRE, FALSE, "1000 22eb 00000001 2064 0001 00000000 00000000 020000000002 020000000001 0800"},
    {"ah", AH, FALSE, "04 04 0000 00000001 00000001 000000000000000000000000"},
    {"mpls-in-ip", MPLS, FALSE, "00064140"},
};

static void
test_tunnels(fixture *f, gconstpointer unused)
{
    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(tunnels); i++) {
        packet p = tunnels[i].is_ipv6 ? segment_over_ipv6() : segment_over_ipv4();
        hex_before(&p, tunnels[i].header);
        g_test_message("%s", tunnels[i].name);
        packet outer = in_ip(p, FALSE, tunnels[i].protocol);
        check_segment_of(f, &outer, RAW, tunnels[i].is_ipv6);
        outer = in_ip(p, TRUE, tunnels[i].protocol);
        check_segment_of(f, &outer, RAW, tunnels[i].is_ipv6);
    }
}

static void
test_tunnels_over_udp(fixture *f, gconstpointer unused)
{
    static const struct {
        guint16 port;
        const char *header;
    } rows[] = {
        {4789, "08000000 00006400 020000000002 020000000001 0800"},
        {6081, "0000 0800 00006400"},
        {6081, "0200 6558 00006400 0102030405060708 020000000002 020000000001 0800"},
    };

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        packet p = segment_over_ipv4();
        hex_before(&p, rows[i].header);
        packet low = p, none = p;
        udp_before(&none, 0, rows[i].port); /* no port at all */
        none = in_ip(none, FALSE, UDP);
        check_segment_of(f, &none, RAW, FALSE);
        udp_before(&p, 49152, rows[i].port);
        p = in_ip(p, FALSE, UDP);
        check_segment_of(f, &p, RAW, FALSE);
        /* Wireshark asks the smaller port first. */
        udp_before(&low, 1700, rows[i].port);
        low = in_ip(low, FALSE, UDP);
        g_assert_cmpint(decode(f, &low, RAW).reason, ==, CES_HAND_OVER_FOUND);
    }
}

/* --- IPv4 and IPv6 headers ------------------------------------------------------------- */

static void
test_ipv4_lengths(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv4();
    guint8 *header = p.bytes + p.start;

    (void)unused;
    put_16(header + 2, 0); /* the network card was to fill it in */
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_HEADER);
    put_16(header + 2, 19); /* less than the header */
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_IGNORED_UNKNOWN);
    put_16(header + 2, 39); /* TCP cut on the wire */
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_READ_OTHER_TCP);
    put_16(header + 2, 1000); /* more than there is: what there is counts */
    g_assert_cmpuint(decode(f, &p, RAW).fact.sent, ==, 20);
    put_16(header + 2, 44); /* but for the four bytes of a check sequence that was taken off */
    g_assert_cmpuint(decode(f, &p, RAW).fact.sent, ==, 24);
    g_assert_cmpuint(decode(f, &p, RAW).fact.captured, ==, 20);
    header[0] = 0x44; /* a header of 16 bytes */
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_IGNORED_UNKNOWN);
    header[0] = 0x55; /* version 5 */
    g_assert_cmpint(decode(f, &p, LINK_IPV4).reason, ==, CES_IGNORED_UNKNOWN);
}

static void
test_ipv4_options(fixture *f, gconstpointer unused)
{
    static const struct {
        const char *options;
        ces_reason reason;
    } rows[] = {
        {"94040000", CES_READ_FACT},                   /* router alert */
        {"01010000", CES_READ_FACT},                   /* no operation, end */
        {"8303 04 00", CES_HAND_OVER_HEADER},          /* loose source route */
        {"8907 04 c0000207 00", CES_HAND_OVER_HEADER}, /* strict source route */
        {"94000000", CES_HAND_OVER_HEADER},            /* no length */
        {"94050000", CES_HAND_OVER_HEADER},            /* longer than the header */
        {"01010194", CES_HAND_OVER_HEADER},            /* its length is not there */
    };

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        packet p = packet_new();
        tcp_before(&p, 50000, 22);
        gsize without = length_of(&p);
        hex_before(&p, rows[i].options);
        gsize words = (length_of(&p) - without) / 4;
        ipv4_before(&p, TCP);
        p.bytes[p.start] = (guint8)(0x45 + words);
        g_assert_cmpint(decode(f, &p, RAW).reason, ==, rows[i].reason);
        check_cuts(f, &p, RAW);
    }
}

static void
test_bad_checksum(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv4();

    (void)unused;
    p.bytes[p.start + 10] ^= 0xff;
    g_assert_cmpint(decode(f, &p, RAW).fact.kind, ==, CES_FACT_SEGMENT);
}

/* Fragments that are there in full are put together by others; of those that
 * are not, the first is read as it is. */
static void
test_fragments(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv4();
    guint8 *header = p.bytes + p.start;

    (void)unused;
    put_16(header + 6, 0x2000);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_FRAGMENT);
    g_assert_cmpint(decode_cut(f, &p, RAW, 39).fact.kind, ==, CES_FACT_SEGMENT);
    put_16(header + 6, 0x0003);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_FRAGMENT);
    g_assert_cmpint(decode_cut(f, &p, RAW, 39).reason, ==, CES_READ_SHORT);
    put_16(header + 6, 0x4000); /* not to be fragmented */
    g_assert_cmpint(decode(f, &p, RAW).fact.kind, ==, CES_FACT_SEGMENT);
    put_16(header + 6, 0x2000);
    header[9] = 50; /* encrypted: whatever is in it cannot be seen */
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_IGNORED_PROTOCOL);
}

static void
test_ipv6_headers(fixture *f, gconstpointer unused)
{
    static const struct {
        guint8 next;
        const char *headers;
        ces_reason reason;
    } rows[] = {
        {0, "06 00 0104 00000000", CES_READ_FACT},                      /* hop by hop, padding */
        {0, "3c 00 0502 0000 0100 06 00 0104 00000000", CES_READ_FACT}, /* and destination options */
        {44, "06 00 0000 00000001", CES_READ_FACT},                     /* an atomic fragment */
        {51, "06 04 0000 00000001 00000001 000000000000000000000000", CES_READ_FACT},
        {44, "06 00 0001 00000001", CES_HAND_OVER_FRAGMENT},
        {44, "06 00 0008 00000001", CES_HAND_OVER_FRAGMENT},
        {43, "06 00 0001 00000000", CES_HAND_OVER_HEADER},                                   /* routing */
        {60, "06 02 c910 20010db8000000000000000000000001 0102 0000", CES_HAND_OVER_HEADER}, /* a home address */
        {0, "06 00 0109 00000000", CES_HAND_OVER_HEADER}, /* longer than the header */
        {NO_NEXT, "", CES_IGNORED_UNKNOWN},
    };

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        packet p = packet_new();
        tcp_before(&p, 50000, 22);
        hex_before(&p, rows[i].headers);
        ipv6_before(&p, rows[i].next);
        g_assert_cmpint(decode(f, &p, RAW).reason, ==, rows[i].reason);
        if (rows[i].reason == CES_READ_FACT)
            check_segment_of(f, &p, RAW, TRUE);
    }
}

static void
test_ipv6_lengths(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv6();

    (void)unused;
    put_16(p.bytes + p.start + 4, 0);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_HEADER);
    put_16(p.bytes + p.start + 4, 24);
    g_assert_cmpuint(decode(f, &p, RAW).fact.sent, ==, 24);
    put_16(p.bytes + p.start + 4, 25);
    g_assert_cmpuint(decode(f, &p, RAW).fact.sent, ==, 20);
}

/* --- TCP and UDP --------------------------------------------------------------------- */

static void
test_ports(fixture *f, gconstpointer unused)
{
    static const struct {
        guint16 source, destination;
        ces_fact_kind kind;
    } rows[] = {
        {50000, 22, CES_FACT_SEGMENT},
        {6025, 50000, CES_FACT_SEGMENT},
        {50000, 53, CES_FACT_DNS_SEGMENT},
        {53, 50000, CES_FACT_DNS_SEGMENT},
        {53, 7025, CES_FACT_SEGMENT},
        {50000, 443, CES_FACT_NONE},
        {0, 0, CES_FACT_NONE},
    };

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        packet p = packet_new();
        tcp_before(&p, rows[i].source, rows[i].destination);
        ipv4_before(&p, TCP);
        g_assert_cmpint(decode(f, &p, RAW).fact.kind, ==, rows[i].kind);
    }
}

static void
test_datagram(fixture *f, gconstpointer unused)
{
    packet p = packet_new();

    (void)unused;
    hex_before(&p, "0102030405");
    udp_before(&p, 53, 50000);
    ipv4_before(&p, UDP);
    ces_decoded decoded = decode(f, &p, RAW);
    g_assert_cmpint(decoded.fact.kind, ==, CES_FACT_DATAGRAM);
    g_assert_cmpuint(decoded.fact.captured, ==, 13);
    g_assert_true(decoded.teaches);
    g_assert_cmpint(decode_cut(f, &p, RAW, 28).fact.kind, ==, CES_FACT_NONE);
    check_cuts(f, &p, RAW);
}

/* --- ICMP ------------------------------------------------------------------------------ */

static packet
quoted(packet inner, guint8 type, guint8 code, guint8 words)
{
    guint8 header[8] = {type, code, [5] = words};

    before(&inner, header, sizeof header);
    ipv4_before_of(&inner, ICMP, router_4, source_4);
    return inner;
}

static void
test_icmp(fixture *f, gconstpointer unused)
{
    static const struct {
        guint8 type, code;
        ces_fact_kind kind;
    } rows[] = {
        {3, 1, CES_FACT_REFUSAL}, {3, 13, CES_FACT_REFUSAL}, {3, 4, CES_FACT_NONE},
        {11, 0, CES_FACT_NONE},   {5, 1, CES_FACT_NONE},
    };

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        packet p = quoted(segment_over_ipv4(), rows[i].type, rows[i].code, 0);
        ces_decoded decoded = decode(f, &p, RAW);
        g_assert_cmpint(decoded.fact.kind, ==, rows[i].kind);
        if (rows[i].kind == CES_FACT_REFUSAL) {
            g_assert_cmpmem(decoded.fact.source, 4, source_4, 4);
            g_assert_true(decoded.fact.header == p.bytes + sizeof p.bytes - 20);
        }
        check_cuts(f, &p, RAW);
    }
}

/* Only the eight bytes that RFC 792 asks for, under the full length in the quoted header. */
static void
test_icmp_short_quote(fixture *f, gconstpointer unused)
{
    packet inner = segment_over_ipv4(), p = packet_new();

    (void)unused;
    before(&p, inner.bytes + inner.start, 28);
    p = quoted(p, 3, 3, 0);
    ces_decoded decoded = decode(f, &p, RAW);
    g_assert_cmpint(decoded.fact.kind, ==, CES_FACT_REFUSAL);
    g_assert_cmpuint(decoded.fact.captured, ==, 8);
    p = packet_new();
    before(&p, inner.bytes + inner.start, 27);
    p = quoted(p, 3, 3, 0);
    g_assert_cmpint(decode(f, &p, RAW).fact.kind, ==, CES_FACT_NONE);
}

static void
test_icmp_nested(fixture *f, gconstpointer unused)
{
    packet p = quoted(quoted(segment_over_ipv4(), 3, 13, 0), 11, 0, 0);

    (void)unused;
    g_assert_cmpint(decode(f, &p, RAW).fact.kind, ==, CES_FACT_NONE);
    p = quoted(in_ip(segment_over_ipv4(), FALSE, IPIP), 3, 13, 0);
    g_assert_cmpint(decode(f, &p, RAW).fact.kind, ==, CES_FACT_REFUSAL);
}

static void
test_icmpv6(fixture *f, gconstpointer unused)
{
    static const guint8 codes[] = {0, 1, 4};

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        packet p = segment_over_ipv6();
        guint8 header[8] = {1, codes[i]};
        before(&p, header, sizeof header);
        ipv6_before(&p, ICMPV6);
        ces_decoded decoded = decode(f, &p, RAW);
        g_assert_cmpint(decoded.fact.kind, ==, CES_FACT_REFUSAL);
        g_assert_cmpmem(decoded.fact.source, 16, source_6, 16);
        check_cuts(f, &p, RAW);
        p.bytes[p.start + 40] = 2; /* packet too big */
        g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_READ_ICMP);
    }
}

/* --- what is not read -------------------------------------------------------------------- */

/* Around a packet of ours, or of no service of ours: what is found and what is not. */
static const struct {
    const char *name;
    guint32 link_type;
    const char *header;
} unknown[] = {
    {"ethertype", ETHERNET, "020000000002 020000000001 88b5 01020304"},
    {"fabricpath", ETHERNET, "020000000002 020000000001 8903 0001 020000000002 020000000001 0800"},
    {"wireless", WIRELESS, "0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800"},
    {"pseudowire", ETHERNET, "020000000002 020000000001 8847 00064140 00000000 020000000002 020000000001 0800"},
    {"backbone", ETHERNET, "020000000002 020000000001 88a8 0064 88e7 00000001 020000000002 020000000001 0800"},
    {"llc-bridged", ETHERNET, "020000000002 020000000001 0060 aaaa03 0080c2 0007 020000000002 020000000001 0800"},
    {"cisco-hdlc", PPP, "0f00 0800"},
};

static void
test_found(fixture *f, gconstpointer unused)
{
    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++) {
        packet p = segment_over_ipv4();
        hex_before(&p, unknown[i].header);
        g_test_message("%s", unknown[i].name);
        g_assert_cmpint(decode(f, &p, unknown[i].link_type).reason, ==, CES_HAND_OVER_FOUND);
        put_16(p.bytes + sizeof p.bytes - 18, 443); /* the destination port */
        g_assert_cmpint(decode(f, &p, unknown[i].link_type).reason, ==, CES_IGNORED_UNKNOWN);
        check_cuts(f, &p, unknown[i].link_type);
    }
}

/* Wherever it stands in a datagram of some protocol or other. */
static void
test_found_in_datagram(fixture *f, gconstpointer unused)
{
    static const guint8 zeroes[64];

    (void)unused;
    for (gsize distance = 0; distance < sizeof zeroes; distance++)
        for (int is_ipv6 = 0; is_ipv6 < 2; is_ipv6++) {
            packet p = is_ipv6 ? segment_over_ipv6() : segment_over_ipv4();
            before(&p, zeroes, distance);
            udp_before(&p, 2152, 2152);
            p = in_ip(p, FALSE, UDP);
            g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_FOUND);
            put_16(p.bytes + sizeof p.bytes - 18, 443);
            g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_READ_OTHER_UDP);
            check_cuts(f, &p, RAW);
        }
}

/* What a search takes for one of ours, and what it does not. */
static void
test_search(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv4();
    gsize at = p.start;

    (void)unused;
    hex_before(&p, "01020304");
    udp_before(&p, 2152, 2152);
    p = in_ip(p, FALSE, UDP);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_FOUND);
    p.bytes[at + 11] ^= 1; /* neither a wrong checksum nor a wrong length hides it from Wireshark */
    put_16(p.bytes + at + 2, 4100);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_FOUND);
    put_16(p.bytes + at + 2, 19); /* unless it is shorter than the header */
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_READ_OTHER_UDP);

    packet fragment = segment_over_ipv4();
    guint8 *header = fragment.bytes + fragment.start;
    put_16(header + 6, 1); /* the ports are in another frame; one more in the header is one less in its checksum */
    put_16(header + 10, (gsize)(header[10] << 8 | header[11]) - 1);
    udp_before(&fragment, 2152, 2152);
    fragment = in_ip(fragment, FALSE, UDP);
    g_assert_cmpint(decode(f, &fragment, RAW).reason, ==, CES_HAND_OVER_FOUND);
    fragment.bytes[sizeof fragment.bytes - 40 + 11] ^= 1;
    g_assert_cmpint(decode(f, &fragment, RAW).reason, ==, CES_READ_OTHER_UDP);

    packet dns = packet_new();
    udp_before(&dns, 53, 50000);
    ipv4_before(&dns, UDP);
    udp_before(&dns, 2152, 2152);
    dns = in_ip(dns, FALSE, UDP);
    g_assert_cmpint(decode(f, &dns, RAW).reason, ==, CES_HAND_OVER_FOUND);

    packet error = quoted(segment_over_ipv4(), 3, 13, 0);
    udp_before(&error, 2152, 2152);
    error = in_ip(error, FALSE, UDP);
    g_assert_cmpint(decode(f, &error, RAW).reason, ==, CES_HAND_OVER_FOUND);
}

static void
test_ignored(fixture *f, gconstpointer unused)
{
    static const guint16 types[] = {0x0806, 0x8035, 0x88cc, 0x888e, 0x8863, 0x8809};

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        packet p = segment_over_ipv4(); /* even with this inside */
        ethernet_before(&p, types[i]);
        g_assert_cmpint(decode(f, &p, ETHERNET).reason, ==, CES_IGNORED_PROTOCOL);
    }
    packet sample = segment_over_ipv4();
    udp_before(&sample, 50000, 6343);
    sample = in_ip(sample, FALSE, UDP);
    g_assert_cmpint(decode(f, &sample, RAW).reason, ==, CES_IGNORED_PROTOCOL);
}

static void
test_compressed(fixture *f, gconstpointer unused)
{
    static const char *const headers[] = {"ff03 2d", "ff03 002f", "ff03 3d", "ff03 fd"};

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        packet p = packet_new();
        tcp_before(&p, 50000, 443);
        hex_before(&p, headers[i]);
        g_assert_cmpint(decode(f, &p, PPP).reason, ==, CES_HAND_OVER_COMPRESSED);
    }
    packet p = packet_new();
    tcp_before(&p, 50000, 443);
    ipv4_before(&p, 108);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_COMPRESSED);
}

static void
test_tcp_tunnel(fixture *f, gconstpointer unused)
{
    (void)unused;
    packet p = segment_over_ipv4();
    tcp_before(&p, 50000, 2002);
    ipv4_before(&p, TCP);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_FOUND);
    p = segment_over_ipv4();
    tcp_before(&p, 50000, 443); /* encrypted, or somebody else's */
    ipv4_before(&p, TCP);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_READ_OTHER_TCP);
}

static void
test_deep(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv4();

    (void)unused;
    for (int i = 0; i < 8; i++)
        p = in_ip(p, FALSE, IPIP);
    check_segment_of(f, &p, RAW, FALSE);
    for (int i = 0; i < 10; i++)
        p = in_ip(p, FALSE, IPIP);
    g_assert_cmpint(decode(f, &p, RAW).reason, ==, CES_HAND_OVER_DEEP);
}

/* A file that claims that less was sent than is there. */
static void
test_odd_frames(fixture *f, gconstpointer unused)
{
    packet p = segment_over_ipv4();
    ces_frame frame = {.is_packet = TRUE, .link_type = RAW, .captured = 40, .sent = 39, .bytes = p.bytes + p.start};

    (void)unused;
    g_assert_cmpint(ces_decoder_read(&f->decoder, &frame).reason, ==, CES_HAND_OVER_HEADER);
    frame.is_packet = FALSE;
    g_assert_cmpint(ces_decoder_read(&f->decoder, &frame).reason, ==, CES_IGNORED_RECORD);
}

static void
test_check_sequence(fixture *f, gconstpointer unused)
{
    packet p = packet_new(), inner = packet_new();
    static const guint8 check[4] = {0xde, 0xad, 0xbe, 0xef};

    (void)unused;
    before(&p, check, sizeof check);
    tcp_before(&inner, 50000, 22);
    ipv4_before(&inner, TCP);
    put_16(inner.bytes + inner.start + 2, 60); /* more than there is */
    before(&p, inner.bytes + inner.start, length_of(&inner));
    ethernet_before(&p, 0x0800);
    ces_frame frame = {.is_packet = TRUE,
                       .link_type = ETHERNET,
                       .captured = (guint32)length_of(&p),
                       .sent = (guint32)length_of(&p),
                       .bytes = p.bytes + p.start};
    g_assert_cmpuint(ces_decoder_read(&f->decoder, &frame).fact.sent, ==, 24);
    frame.check_bytes = 4;
    g_assert_cmpuint(ces_decoder_read(&f->decoder, &frame).fact.sent, ==, 20);
}

/* --- into the analysis ----------------------------------------------------------------- */

static void
feed(const fixture *f, const packet *p, guint32 number)
{
    ces_frame frame = {.number = number,
                       .is_packet = TRUE,
                       .timestamp = number * CES_SECOND,
                       .link_type = RAW,
                       .captured = (guint32)length_of(p),
                       .sent = (guint32)length_of(p),
                       .bytes = p->bytes + p->start};
    ces_decoded decoded = ces_decoder_read(&f->decoder, &frame);

    ces_decoded_feed(&decoded, &frame, f->analysis);
}

static void
test_feed(fixture *f, gconstpointer unused)
{
    packet syn = segment_over_ipv4(), error = quoted(segment_over_ipv4(), 3, 13, 0), other = segment_over_ipv4();

    (void)unused;
    put_16(other.bytes + sizeof other.bytes - 18, 443);
    feed(f, &syn, 1);
    feed(f, &error, 2);
    feed(f, &other, 9);
    g_assert_cmpuint(ces_analysis_count(f->analysis), ==, 1);
    const ces_flow *flow = ces_analysis_flow(f->analysis, 0);
    g_assert_cmpuint(ces_flow_initiator(flow)->port, ==, 50000);
    g_assert_cmpuint(ces_flow_responder(flow)->port, ==, 22);
    g_assert_cmpint(ces_flow_outcome(flow), ==, CES_OUTCOME_REJECTED);
    g_assert_cmpuint(flow->first_frame, ==, 1);
    g_assert_cmpuint(flow->last_frame, ==, 2);
    g_assert_cmpint(ces_analysis_elapsed(f->analysis), ==, 8 * CES_SECOND);
}

static void
test_reasons(fixture *f, gconstpointer unused)
{
    (void)f;
    (void)unused;
    for (int i = 0; i < CES_REASON_COUNT; i++) {
        g_assert_cmpstr(ces_reason_text((ces_reason)i), !=, "");
        for (int other = 0; other < i; other++)
            g_assert_cmpstr(ces_reason_text((ces_reason)i), !=, ces_reason_text((ces_reason)other));
    }
    g_assert_cmpstr(ces_reason_text(CES_REASON_COUNT), ==, "");
}

static void
add(const char *path, void (*test)(fixture *, gconstpointer))
{
    g_test_add(path, fixture, NULL, open_fixture, test, close_fixture);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/decoder/links", test_links);
    add("/decoder/trailer", test_trailer);
    add("/decoder/ip-in-ip", test_ip_in_ip);
    add("/decoder/tunnels", test_tunnels);
    add("/decoder/tunnels-over-udp", test_tunnels_over_udp);
    add("/decoder/ipv4-lengths", test_ipv4_lengths);
    add("/decoder/ipv4-options", test_ipv4_options);
    add("/decoder/bad-checksum", test_bad_checksum);
    add("/decoder/fragments", test_fragments);
    add("/decoder/ipv6-headers", test_ipv6_headers);
    add("/decoder/ipv6-lengths", test_ipv6_lengths);
    add("/decoder/ports", test_ports);
    add("/decoder/datagram", test_datagram);
    add("/decoder/icmp", test_icmp);
    add("/decoder/icmp-short-quote", test_icmp_short_quote);
    add("/decoder/icmp-nested", test_icmp_nested);
    add("/decoder/icmpv6", test_icmpv6);
    add("/decoder/found", test_found);
    add("/decoder/found-in-datagram", test_found_in_datagram);
    add("/decoder/search", test_search);
    add("/decoder/ignored", test_ignored);
    add("/decoder/compressed", test_compressed);
    add("/decoder/tcp-tunnel", test_tcp_tunnel);
    add("/decoder/deep", test_deep);
    add("/decoder/odd-frames", test_odd_frames);
    add("/decoder/check-sequence", test_check_sequence);
    add("/decoder/feed", test_feed);
    add("/decoder/reasons", test_reasons);
    return g_test_run();
}
