/* test_segment.c
 * Reading of headers: what a TCP header says, what an ICMP error refuses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/flow.h>

#include <string.h>

#include "rows.h"

/* Port 50000 to 22, numbers 0x01020304 and 0xfffefdfc, PSH and ACK, then "data". */
#define PORTS 0xc3, 0x50, 0x00, 0x16
#define NUMBERS 0x01, 0x02, 0x03, 0x04, 0xff, 0xfe, 0xfd, 0xfc
#define WINDOW 0xfa, 0xf0, 0, 0, 0, 0
static const guint8 plain[] = {PORTS, NUMBERS, 0x50, 0x18, WINDOW, 'd', 'a', 't', 'a'};
static const guint8 options[] = {PORTS, NUMBERS, 0x60, 0x18, WINDOW, 1, 1, 1, 1, 'd', 'a', 't', 'a'};
static const guint8 too_short[] = {PORTS, NUMBERS, 0x40, 0x18, WINDOW, 'd', 'a', 't', 'a'};
static const guint8 too_long[] = {PORTS, NUMBERS, 0xf0, 0x18, WINDOW, 'd', 'a', 't', 'a'};
static const guint8 reserved[] = {PORTS, NUMBERS, 0x5f, 0xff, WINDOW, 'd', 'a', 't', 'a'};

typedef struct {
    const char *name;
    const guint8 *header;
    gsize captured, sent;
    gboolean is_segment, has_sequence, has_flags;
    guint8 flags;
    guint32 payload, captured_payload;
    gsize at; /* where the payload is, 0 for nowhere */
} header_row;

static const header_row headers[] = {
    {"whole", plain, 24, 24, TRUE, TRUE, TRUE, 0x18, 4, 4, 20},
    {"without-payload", plain, 20, 20, TRUE, TRUE, TRUE, 0x18, 0, 0, 0},
    {"with-options", options, 28, 28, TRUE, TRUE, TRUE, 0x18, 4, 4, 24},
    {"options-fill-it", options, 24, 24, TRUE, TRUE, TRUE, 0x18, 0, 0, 0},
    {"payload-cut", plain, 21, 24, TRUE, TRUE, TRUE, 0x18, 4, 1, 20},
    {"payload-not-captured", plain, 20, 1480, TRUE, TRUE, TRUE, 0x18, 1460, 0, 0},
    {"options-cut", options, 22, 28, TRUE, TRUE, TRUE, 0x18, 4, 0, 0},
    {"up-to-the-window", plain, 16, 24, TRUE, TRUE, TRUE, 0x18, 4, 0, 0},
    {"up-to-the-flags", plain, 14, 24, TRUE, TRUE, TRUE, 0x18, 4, 0, 0},
    {"before-the-flags", plain, 13, 24, TRUE, TRUE, FALSE, 0, 0, 0, 0},
    {"up-to-the-sequence", plain, 8, 24, TRUE, TRUE, FALSE, 0, 0, 0, 0},
    {"within-the-sequence", plain, 7, 24, TRUE, FALSE, FALSE, 0, 0, 0, 0},
    {"ports-alone", plain, 4, 24, TRUE, FALSE, FALSE, 0, 0, 0, 0},
    {"nothing-captured", plain, 0, 24, TRUE, FALSE, FALSE, 0, 0, 0, 0},
    {"trailer-captured", plain, 24, 22, TRUE, TRUE, TRUE, 0x18, 2, 2, 20},
    {"cut-on-the-wire", plain, 19, 19, FALSE, FALSE, FALSE, 0, 0, 0, 0},
    {"cut-on-the-wire-with-a-trailer", plain, 24, 19, FALSE, FALSE, FALSE, 0, 0, 0, 0},
    {"nothing-sent", plain, 24, 0, FALSE, FALSE, FALSE, 0, 0, 0, 0},
    {"offset-too-short", too_short, 24, 24, TRUE, TRUE, FALSE, 0, 0, 0, 0},
    {"offset-beyond-what-was-sent", too_long, 24, 24, TRUE, TRUE, FALSE, 0, 0, 0, 0},
    {"offset-beyond-what-was-captured", too_long, 24, 60, TRUE, TRUE, TRUE, 0x18, 0, 0, 0},
    {"reserved-bits", reserved, 24, 24, TRUE, TRUE, TRUE, 0xff, 4, 4, 20},
};

static void
test_header(gconstpointer data)
{
    const header_row *row = data;
    guint8 *header = g_malloc(row->captured); /* so that a sanitizer sees what lies behind */
    ces_segment segment;

    if (row->captured > 0)
        memcpy(header, row->header, row->captured);
    memset(&segment, 0xa5, sizeof segment);
    segment.frame = 7;
    g_assert_cmpint(ces_segment_read(header, row->captured, row->sent, &segment), ==, row->is_segment);
    g_assert_cmpint(segment.has_sequence, ==, row->has_sequence);
    g_assert_cmpint(segment.has_flags, ==, row->has_flags);
    g_assert_cmphex(segment.sequence, ==, row->has_sequence ? 0x01020304 : 0);
    g_assert_cmphex(segment.acknowledgment, ==, row->has_flags ? 0xfffefdfc : 0);
    g_assert_cmphex(segment.flags, ==, row->flags);
    g_assert_cmpuint(segment.payload, ==, row->payload);
    g_assert_cmpuint(segment.captured, ==, row->captured_payload);
    g_assert_true(segment.bytes == (row->at ? header + row->at : NULL));
    g_assert_cmpuint(segment.frame, ==, 7); /* not of the header, so left alone */
    g_free(header);
}

static void
test_ports(void)
{
    g_assert_cmphex(ces_segment_ports(plain, 24), ==, 0xc3500016);
    g_assert_cmphex(ces_segment_ports(plain, 4), ==, 0xc3500016);
    g_assert_cmphex(ces_segment_ports(plain, 3), ==, 0);
    g_assert_cmphex(ces_segment_ports(NULL, 0), ==, 0);
}

static void
test_datagram(void)
{
    gsize length;

    g_assert_true(ces_datagram_payload(plain, 24, &length) == plain + 8);
    g_assert_cmpuint(length, ==, 16);
    g_assert_true(ces_datagram_payload(plain, 9, &length) == plain + 8);
    g_assert_cmpuint(length, ==, 1);
    g_assert_null(ces_datagram_payload(plain, 8, &length));
    g_assert_cmpuint(length, ==, 0);
    g_assert_null(ces_datagram_payload(plain, 3, &length));
    g_assert_cmpuint(length, ==, 0);
}

/* RFC 792 and 1812: type 3 but for code 4. RFC 4443: type 1. */
static void
test_refusing_types(void)
{
    for (guint type = 0; type < 256; type++)
        for (guint code = 0; code < 256; code++) {
            g_assert_cmpint(ces_icmp_refuses((guint8)type, (guint8)code), ==, type == 3 && code != 4);
            g_assert_cmpint(ces_icmpv6_refuses((guint8)type, (guint8)code), ==, type == 1);
        }
}

static void
test_refusal(void)
{
    ces_refusal refusal = {.frame = 7, .sequence = 1};

    g_assert_false(ces_refusal_read(plain, 7, &refusal));
    g_assert_cmphex(refusal.sequence, ==, 1);
    g_assert_true(ces_refusal_read(plain, 8, &refusal));
    g_assert_cmphex(refusal.sequence, ==, 0x01020304);
    g_assert_cmpuint(refusal.frame, ==, 7);
}

/* --- before anything else --------------------------------------------------- */

static void
test_may_carry(void)
{
    g_assert_true(ces_segment_may_carry(plain, 24, 24));
    g_assert_false(ces_segment_may_carry(plain, 20, 20));
    g_assert_false(ces_segment_may_carry(options, 24, 24));
    g_assert_false(ces_segment_may_carry(plain, 12, 24)); /* cut off before it tells */
    g_assert_true(ces_segment_may_carry(plain, 12, 61));  /* no header is so long */
    g_assert_true(ces_segment_may_carry(NULL, 0, 1480));
}

static void
test_ipv4_header_before(void)
{
    guint8 frame[64] = {0};

    frame[64 - 20] = 0x45;
    frame[64 - 18] = 1; /* 260 bytes in all */
    frame[64 - 17] = 4;
    g_assert_cmpuint(ces_ipv4_header_before(frame, 64, 260), ==, 20);
    g_assert_cmpuint(ces_ipv4_header_before(frame, 64, 261), ==, 0);
    g_assert_cmpuint(ces_ipv4_header_before(frame, 63, 260), ==, 0);
    g_assert_cmpuint(ces_ipv4_header_before(frame, 16, 260), ==, 0);
    frame[64 - 20] = 0x46; /* the length that it says is not where it stands */
    g_assert_cmpuint(ces_ipv4_header_before(frame, 64, 260), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    ROWS_ADD("segment/header", headers, test_header);
    g_test_add_func("/core/segment/ports", test_ports);
    g_test_add_func("/core/segment/datagram", test_datagram);
    g_test_add_func("/core/segment/refusing-types", test_refusing_types);
    g_test_add_func("/core/segment/refusal", test_refusal);
    g_test_add_func("/core/segment/may-carry", test_may_carry);
    g_test_add_func("/core/segment/ipv4-header-before", test_ipv4_header_before);
    return g_test_run();
}
