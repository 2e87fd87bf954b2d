/* decoder.c
 * A frame's path from the link layer to a fact, and the fact's way into the analysis.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoding.h"

/* Deeper than anybody builds tunnels. */
enum { DEEPEST = 16 };

gboolean
ces_decoding_enter(ces_decoding *decoding)
{
    if (++decoding->depth <= DEEPEST)
        return TRUE;
    ces_decoding_end(decoding, CES_HAND_OVER_DEEP);
    return FALSE;
}

void
ces_decoding_search(ces_decoding *decoding, ces_span span, ces_reason reason)
{
    ces_decoding_end(decoding, ces_search(decoding->decoder, span) ? CES_HAND_OVER_FOUND : reason);
}

ces_decoder
ces_decoder_of(const ces_analysis *analysis)
{
    return (ces_decoder){analysis, &ces_analysis_settings(analysis)->ports};
}

/* The frame without its check sequence, as Wireshark takes it off Ethernet. */
static ces_span
frame_span(const ces_frame *frame)
{
    enum { LINK_ETHERNET = 1, ETHERNET_HEADER = 14 };
    ces_span span = {frame->bytes, frame->captured, frame->sent};

    if (frame->link_type == LINK_ETHERNET && frame->sent >= ETHERNET_HEADER + frame->check_bytes)
        span = ces_span_cut(span, frame->sent - frame->check_bytes);
    return span;
}

ces_decoded
ces_decoder_read(const ces_decoder *decoder, const ces_frame *frame)
{
    ces_decoding decoding = {.decoder = decoder};

    if (!frame->is_packet)
        ces_decoding_end(&decoding, CES_IGNORED_RECORD);
    else if (frame->sent < frame->captured)
        ces_decoding_end(&decoding, CES_HAND_OVER_HEADER);
    else
        ces_decoding_link(&decoding, frame->link_type, frame_span(frame));
    if (decoding.decoded.reason != CES_READ_FACT)
        decoding.decoded.fact.kind = CES_FACT_NONE;
    return decoding.decoded;
}

const char *
ces_reason_text(ces_reason reason)
{
    static const char *const texts[CES_REASON_COUNT] = {
        [CES_READ_FACT] = "read",
        [CES_READ_OTHER_TCP] = "TCP of other services",
        [CES_READ_OTHER_UDP] = "UDP other than DNS",
        [CES_READ_ICMP] = "ICMP about nothing here",
        [CES_READ_SHORT] = "cut before TCP",
        [CES_IGNORED_PROTOCOL] = "protocols without connections",
        [CES_IGNORED_RECORD] = "records that are no packets",
        [CES_IGNORED_UNKNOWN] = "other protocols, no IP header in them",
        [CES_HAND_OVER_FRAGMENT] = "IP fragment",
        [CES_HAND_OVER_HEADER] = "unusual header",
        [CES_HAND_OVER_COMPRESSED] = "compressed header",
        [CES_HAND_OVER_FOUND] = "IP header in another protocol",
        [CES_HAND_OVER_DEEP] = "too many headers",
    };

    return reason < CES_REASON_COUNT ? texts[reason] : "";
}

/* --- into the analysis ------------------------------------------------------------- */

static ces_address
read_address(const guint8 *bytes, gboolean is_ipv6)
{
    return is_ipv6 ? ces_address_from_ipv6(bytes) : ces_address_from_ipv4(bytes);
}

static void
read_ends(const ces_fact *fact, ces_socket *source, ces_socket *destination)
{
    *source = (ces_socket){read_address(fact->source, fact->is_ipv6), ces_read16(fact->header)};
    *destination = (ces_socket){read_address(fact->destination, fact->is_ipv6), ces_read16(fact->header + 2)};
}

static void
feed_segment(const ces_fact *fact, const ces_frame *frame, gint64 elapsed, ces_analysis *analysis)
{
    ces_segment segment = {.frame = frame->number, .timestamp = frame->timestamp, .elapsed = elapsed};

    read_ends(fact, &segment.source, &segment.destination);
    if (!ces_segment_read(fact->header, fact->captured, fact->sent, &segment))
        return;
    if (fact->kind == CES_FACT_SEGMENT)
        ces_analysis_add_segment(analysis, &segment);
    else
        ces_analysis_add_dns_segment(analysis, &segment);
}

static void
feed_datagram(const ces_fact *fact, const ces_frame *frame, ces_analysis *analysis)
{
    ces_socket source, destination;
    gsize length;
    const guint8 *payload = ces_datagram_payload(fact->header, fact->captured, &length);

    read_ends(fact, &source, &destination);
    if (payload)
        ces_analysis_add_datagram(analysis, &source, &destination, payload, length, frame->number);
}

static void
feed_refusal(const ces_fact *fact, const ces_frame *frame, ces_analysis *analysis)
{
    ces_refusal refusal = {.frame = frame->number, .timestamp = frame->timestamp};
    ces_sighting sighting;

    read_ends(fact, &refusal.source, &refusal.destination);
    if (ces_refusal_read(fact->header, fact->captured, &refusal))
        ces_analysis_add_refusal(analysis, &refusal, &sighting);
}

void
ces_decoded_feed(const ces_decoded *decoded, const ces_frame *frame, ces_analysis *analysis)
{
    gint64 elapsed = ces_analysis_note_time(analysis, frame->timestamp);

    switch (decoded->fact.kind) {
    case CES_FACT_SEGMENT:
    case CES_FACT_DNS_SEGMENT:
        feed_segment(&decoded->fact, frame, elapsed, analysis);
        break;
    case CES_FACT_DATAGRAM:
        feed_datagram(&decoded->fact, frame, analysis);
        break;
    case CES_FACT_REFUSAL:
        feed_refusal(&decoded->fact, frame, analysis);
        break;
    case CES_FACT_NONE:
        break;
    }
}
