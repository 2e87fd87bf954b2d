/* segment.c
 * Reading headers: what one packet says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/flow.h>

/* Offsets in the TCP header (RFC 9293 section 3.1). */
enum { AT_SEQUENCE = 4, AT_ACKNOWLEDGMENT = 8, AT_DATA_OFFSET = 12, AT_FLAGS = 13, SHORTEST_HEADER = 20 };

enum { UDP_HEADER = 8 };

static guint32
read_number(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* What lies behind a header of `length` bytes. */
static void
read_payload(const guint8 *header, gsize length, gsize captured, gsize sent, ces_segment *segment)
{
    segment->payload = (guint32)(sent - length);
    if (captured > length) {
        segment->captured = (guint32)(captured - length);
        segment->bytes = header + length;
    }
}

gboolean
ces_segment_read(const guint8 *header, gsize captured, gsize sent, ces_segment *segment)
{
    segment->has_sequence = segment->has_flags = FALSE;
    segment->flags = 0;
    segment->sequence = segment->acknowledgment = 0;
    segment->payload = segment->captured = 0;
    segment->bytes = NULL;
    if (sent < SHORTEST_HEADER)
        return FALSE;
    captured = MIN(captured, sent); /* a trailer of the link is none of its payload */
    if (captured < AT_ACKNOWLEDGMENT)
        return TRUE;
    segment->has_sequence = TRUE;
    segment->sequence = read_number(header + AT_SEQUENCE);
    if (captured <= AT_FLAGS)
        return TRUE;
    gsize length = (gsize)4 * (header[AT_DATA_OFFSET] >> 4);
    if (length < SHORTEST_HEADER || length > sent)
        return TRUE;
    segment->has_flags = TRUE;
    segment->flags = header[AT_FLAGS];
    segment->acknowledgment = read_number(header + AT_ACKNOWLEDGMENT);
    read_payload(header, length, captured, sent, segment);
    return TRUE;
}

gboolean
ces_segment_may_carry(const guint8 *header, gsize captured, gsize sent)
{
    enum { LONGEST_HEADER = 60 };

    return sent > LONGEST_HEADER || (captured > AT_DATA_OFFSET && sent > (gsize)(header[AT_DATA_OFFSET] >> 4) * 4);
}

gsize
ces_ipv4_header_before(const guint8 *frame, gsize at, gsize total)
{
    enum { SHORTEST = 20, LONGEST = 60, VERSION_4 = 0x40, AT_TOTAL = 2 };

    for (gsize length = SHORTEST; length <= MIN(LONGEST, at); length += 4) {
        const guint8 *header = frame + at - length;
        if (header[0] == (VERSION_4 | length / 4) && total == (gsize)(header[AT_TOTAL] << 8 | header[AT_TOTAL + 1]))
            return length;
    }
    return 0;
}

const guint8 *
ces_datagram_payload(const guint8 *header, gsize captured, gsize *length)
{
    *length = captured > UDP_HEADER ? captured - UDP_HEADER : 0;
    return *length > 0 ? header + UDP_HEADER : NULL;
}

gboolean
ces_icmp_refuses(guint8 type, guint8 code)
{
    enum { UNREACHABLE = 3, FRAGMENTATION_NEEDED = 4 };

    return type == UNREACHABLE && code != FRAGMENTATION_NEEDED;
}

gboolean
ces_icmpv6_refuses(guint8 type, guint8 code)
{
    enum { UNREACHABLE = 1 };

    (void)code; /* each of them does */
    return type == UNREACHABLE;
}

gboolean
ces_refusal_read(const guint8 *header, gsize captured, ces_refusal *refusal)
{
    if (captured < AT_ACKNOWLEDGMENT)
        return FALSE;
    refusal->sequence = read_number(header + AT_SEQUENCE);
    return TRUE;
}
