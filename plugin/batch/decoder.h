/* decoder.h
 * From the bytes of one frame to the facts that the analysis takes.
 *
 * The answer is the one that Wireshark's dissectors give, or none: what is not
 * read for certain is handed over. So the paths are narrow on purpose: the
 * usual form of a header is read here, an odd form is left to Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DECODER_H
#define CES_DECODER_H

#include <ces/analysis.h>

#include "reader.h"

typedef enum {
    CES_FACT_NONE,
    CES_FACT_SEGMENT,     /* TCP of a service */
    CES_FACT_DNS_SEGMENT, /* TCP of no service that ces_analysis_wants_dns */
    CES_FACT_DATAGRAM,    /* UDP that ces_analysis_wants_dns */
    CES_FACT_REFUSAL      /* TCP of a service, quoted in an ICMP error that refuses it */
} ces_fact_kind;

/* A header that the analysis takes. Everything points into the frame. Frames
 * with two of them exist (samples, aggregated wireless frames): they are not
 * read here. */
typedef struct {
    ces_fact_kind kind;
    gboolean is_ipv6;                   /* addresses of 16 bytes, otherwise of 4 */
    const guint8 *source, *destination; /* of the IP header before it */
    const guint8 *header;               /* of TCP or UDP; its four bytes of ports are there */
    guint32 captured, sent;             /* from the header on */
} ces_fact;

/* Why a frame went where it went. The first group has been read for certain,
 * the second holds nothing for us, the third has to go to Wireshark's dissectors. */
typedef enum {
    CES_READ_FACT,            /* it has a fact */
    CES_READ_OTHER_TCP,       /* it has none: TCP of other services */
    CES_READ_OTHER_UDP,       /* UDP other than DNS, with no IP header in it */
    CES_READ_ICMP,            /* ICMP that refuses nothing of ours */
    CES_READ_SHORT,           /* cut before anything could be seen */
    CES_IGNORED_PROTOCOL,     /* ARP and the like, which carry nothing */
    CES_IGNORED_RECORD,       /* a record of the file that is no packet */
    CES_IGNORED_UNKNOWN,      /* something else, with no IP header in it */
    CES_HAND_OVER_FRAGMENT,   /* a fragment of an IP datagram */
    CES_HAND_OVER_HEADER,     /* a header in an unusual form */
    CES_HAND_OVER_COMPRESSED, /* headers that are compressed or split */
    CES_HAND_OVER_FOUND,      /* an IP header of ours in something that is not read here */
    CES_HAND_OVER_DEEP,       /* too many headers in each other */
    CES_REASON_COUNT
} ces_reason;

static inline gboolean
ces_reason_hands_over(ces_reason reason)
{
    return reason >= CES_HAND_OVER_FRAGMENT;
}

/* For --explain: a few words. Static. */
const char *ces_reason_text(ces_reason reason);

/* What one frame says. */
typedef struct {
    ces_reason reason;
    gboolean teaches; /* Wireshark's own table of names may grow by it: UDP, or TCP with payload */
    ces_fact fact;    /* kind CES_FACT_NONE unless the reason is CES_READ_FACT */
} ces_decoded;

/* What the decoder needs to know; all of it borrowed. */
typedef struct {
    const ces_analysis *analysis; /* which ports may hold DNS */
    const ces_ports *ports;       /* which carry a service: of the analysis' settings */
} ces_decoder;

ces_decoder ces_decoder_of(const ces_analysis *analysis);

/* Reads a frame. Nothing beyond frame->captured bytes is looked at. */
ces_decoded ces_decoder_read(const ces_decoder *decoder, const ces_frame *frame);

/* Hands what the frame says to the analysis: its time, and its fact. Not for a
 * frame that is handed over. */
void ces_decoded_feed(const ces_decoded *decoded, const ces_frame *frame, ces_analysis *analysis);

#endif
