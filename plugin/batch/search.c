/* search.c
 * Looks for an IP header in what is not read.
 *
 * Wireshark has some 165 dissectors that can call IP, and heuristics beside
 * them: no list of them is complete. But whatever carries IP carries its header
 * as it is, so bytes in which none fits need no dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoding.h"

#include <string.h>

enum { TCP = 6, UDP = 17, ICMP = 1, ICMPV6 = 58 };
enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, DESTINATION = 60 };
enum { IPV4_SHORTEST = 20, IPV6_HEADER = 40, PORTS = 4, ERROR_HEADER = 8 };

/* --- what stands behind the header ------------------------------------------ */

/* Of a header that is quoted in an ICMP error. Lengths are not looked at: the
 * quote is shorter than what it quotes. */
static gboolean
is_quote_of_ours(const ces_decoder *decoder, ces_span span)
{
    if (span.captured < IPV4_SHORTEST)
        return FALSE;
    gboolean is_ipv4 = span.at[0] >> 4 == 4;
    guint32 length = is_ipv4 ? (span.at[0] & 0x0f) * 4u : IPV6_HEADER;
    guint8 protocol = is_ipv4 ? span.at[9] : span.at[6];
    if (protocol == UDP || protocol == ICMP || protocol == ICMPV6)
        return FALSE;
    if (protocol != TCP) /* a tunnel, or what stands before TCP in version 6 */
        return TRUE;
    return span.captured >= length + PORTS && ces_decoder_is_service(decoder, ces_read32(span.at + length));
}

static gboolean
is_payload_of_ours(const ces_decoder *decoder, guint8 protocol, ces_span span)
{
    if (span.captured < PORTS)
        return FALSE;
    switch (protocol) {
    case TCP:
        return ces_decoder_is_service(decoder, ces_read32(span.at)) || ces_decoder_is_dns(decoder, ces_read32(span.at));
    case UDP:
        return ces_decoder_is_dns(decoder, ces_read32(span.at));
    case ICMP:
        return ces_icmp_refuses(span.at[0], span.at[1]) &&
               is_quote_of_ours(decoder, ces_span_behind(span, ERROR_HEADER));
    case ICMPV6:
        return ces_icmpv6_refuses(span.at[0], span.at[1]) &&
               is_quote_of_ours(decoder, ces_span_behind(span, ERROR_HEADER));
    default:
        return FALSE;
    }
}

/* --- IPv4 -------------------------------------------------------------------- */

/* RFC 1071: the sum over a header with its checksum in it is all ones. */
static gboolean
has_right_checksum(const guint8 *header, guint length)
{
    guint32 sum = 0;

    for (guint i = 0; i < length; i += 2)
        sum += ces_read16(header + i);
    sum = (sum & 0xffff) + (sum >> 16);
    return ((sum & 0xffff) + (sum >> 16)) == 0xffff;
}

/* Neither a wrong checksum nor a length beyond what is there keeps Wireshark
 * from reading on. Both matter only where there are no ports to look at: in a
 * later fragment. */
static gboolean
fits_ipv4(const ces_decoder *decoder, ces_span span)
{
    enum { AT_TOTAL = 2, AT_FRAGMENT = 6, AT_PROTOCOL = 9, AT_CHECKSUM = 10, OFFSET = 0x1fff };
    const guint8 *header = span.at;

    if (span.captured < IPV4_SHORTEST)
        return FALSE;
    guint length = (header[0] & 0x0f) * 4u, total = ces_read16(header + AT_TOTAL);
    if (span.captured < length || (total < length && total != 0))
        return FALSE;
    if (ces_read16(header + AT_FRAGMENT) & OFFSET)
        return total <= span.sent && ces_read16(header + AT_CHECKSUM) != 0 && has_right_checksum(header, length);
    return is_payload_of_ours(decoder, header[AT_PROTOCOL], ces_span_behind(span, length));
}

/* --- IPv6 -------------------------------------------------------------------- */

/* The length of an extension header, 0 if this is none that can be skipped. */
static guint32
extension_length(guint8 protocol, const guint8 *header)
{
    switch (protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION:
        return (header[1] + 1u) * 8;
    case AUTHENTICATION:
        return (header[1] + 2u) * 4;
    default:
        return 0;
    }
}

static gboolean
fits_ipv6(const ces_decoder *decoder, ces_span span)
{
    enum { AT_NEXT = 6, MOST_EXTENSIONS = 8, EXTENSION = 8 };

    if (span.captured < IPV6_HEADER + PORTS)
        return FALSE;
    guint8 protocol = span.at[AT_NEXT];
    span = ces_span_behind(span, IPV6_HEADER);
    for (guint i = 0; i < MOST_EXTENSIONS && span.captured >= EXTENSION; i++) {
        if (protocol == FRAGMENT)
            return span.at[0] == TCP || span.at[0] == UDP || span.at[0] == ICMPV6;
        guint32 skip = extension_length(protocol, span.at);
        if (skip == 0)
            break;
        protocol = span.at[0];
        span = ces_span_behind(span, skip);
    }
    return is_payload_of_ours(decoder, protocol, span);
}

/* --- the search -------------------------------------------------------------- */

static gboolean
fits(const ces_decoder *decoder, ces_span span)
{
    return span.at[0] >> 4 == 4 ? fits_ipv4(decoder, span) : fits_ipv6(decoder, span);
}

enum { BLOCK = 16, AT_IPV4_PROTOCOL = 9, AT_IPV6_PROTOCOL = 6, NEEDED = BLOCK + AT_IPV4_PROTOCOL };

/* Whether a header may begin here: its version, with a length of header in
 * version 4, and the protocol of what it holds. */
static inline gboolean
is_candidate(const guint8 *bytes)
{
    guint8 protocol = bytes[AT_IPV4_PROTOCOL], next = bytes[AT_IPV6_PROTOCOL];

    if ((bytes[0] & 0xf0) == 0x60)
        return next == TCP || next == UDP || next == ICMPV6 || next == FRAGMENT || extension_length(next, bytes);
    return (guint8)(bytes[0] - 0x45) <= 0x0a && (protocol == TCP || protocol == UDP || protocol == ICMP);
}

/* Notes which of BLOCK places are candidates; FALSE if none is, which is so in
 * most blocks of other data. NEEDED bytes are there. */
#if defined(__GNUC__)
typedef guint8 vector __attribute__((vector_size(BLOCK)));

static inline vector
load(const guint8 *bytes)
{
    vector all;

    memcpy(&all, bytes, sizeof all);
    return all;
}

static inline gboolean
find_candidates(const guint8 *bytes, guint8 places[BLOCK])
{
    vector first = load(bytes), protocol = load(bytes + AT_IPV4_PROTOCOL), next = load(bytes + AT_IPV6_PROTOCOL);
    vector in_4 = (vector)(protocol == TCP) | (vector)(protocol == UDP) | (vector)(protocol == ICMP);
    vector in_6 = (vector)(next == TCP) | (vector)(next == UDP) | (vector)(next - ICMPV6 <= DESTINATION - ICMPV6) |
                  (vector)(next == HOP_BY_HOP) | (vector)(next - ROUTING <= FRAGMENT - ROUTING) |
                  (vector)(next == AUTHENTICATION);
    vector is_any = ((vector)(first - 0x45 <= 0x0a) & in_4) | ((vector)((first & 0xf0) == 0x60) & in_6);
    guint64 halves[2];

    memcpy(halves, &is_any, sizeof halves);
    if (G_LIKELY((halves[0] | halves[1]) == 0))
        return FALSE;
    memcpy(places, &is_any, BLOCK);
    return TRUE;
}
#else
static gboolean
find_candidates(const guint8 *bytes, guint8 places[BLOCK])
{
    guint8 any = 0;

    for (guint i = 0; i < BLOCK; i++)
        any |= places[i] = (guint8)is_candidate(bytes + i);
    return any != 0;
}
#endif

static gboolean
search_places(const ces_decoder *decoder, ces_span block, const guint8 places[BLOCK])
{
    for (guint i = 0; i < BLOCK; i++)
        if (places[i] && fits(decoder, ces_span_behind(block, i)))
            return TRUE;
    return FALSE;
}

static gboolean
search_short(const ces_decoder *decoder, ces_span span)
{
    for (guint32 at = 0; at + IPV4_SHORTEST <= span.captured; at++)
        if (is_candidate(span.at + at) && fits(decoder, ces_span_behind(span, at)))
            return TRUE;
    return FALSE;
}

/* The last block overlaps with the one before. */
gboolean
ces_search(const ces_decoder *decoder, ces_span span)
{
    guint8 places[BLOCK];

    if (span.captured < NEEDED)
        return search_short(decoder, span);
    guint32 last = span.captured - NEEDED;
    for (guint32 at = 0; at < last; at += BLOCK)
        if (find_candidates(span.at + at, places) && search_places(decoder, ces_span_behind(span, at), places))
            return TRUE;
    return find_candidates(span.at + last, places) && search_places(decoder, ces_span_behind(span, last), places);
}
