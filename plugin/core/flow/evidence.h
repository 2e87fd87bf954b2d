/* evidence.h
 * What a segment proves of a flow whose numbers it fits, and how well it fits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_EVIDENCE_H
#define CES_EVIDENCE_H

#include <ces/flow.h>

/* A copy of a packet (a mirror port, a second recorder, both sides of a
 * firewall) comes within this time; no host sends a SYN again so soon. */
#define CES_COPY_TIME (50 * (CES_SECOND / 1000))

/* --- what a segment is --------------------------------------------------------- */

static inline gboolean
ces_is_rst(const ces_segment *segment)
{
    return segment->has_flags && (segment->flags & CES_TCP_RST);
}

static inline gboolean
ces_is_syn(const ces_segment *segment)
{
    return segment->has_flags && (segment->flags & (CES_TCP_SYN | CES_TCP_ACK | CES_TCP_RST)) == CES_TCP_SYN;
}

static inline gboolean
ces_is_syn_ack(const ces_segment *segment)
{
    return segment->has_flags &&
           (segment->flags & (CES_TCP_SYN | CES_TCP_ACK | CES_TCP_RST)) == (CES_TCP_SYN | CES_TCP_ACK);
}

static inline gboolean
ces_has_ack(const ces_segment *segment)
{
    return segment->has_flags && (segment->flags & CES_TCP_ACK);
}

/* Payload that a host would take: without ACK it drops the segment (RFC 9293
 * section 3.10.7.4). */
static inline gboolean
ces_is_data(const ces_segment *segment)
{
    return ces_has_ack(segment) && segment->payload > 0 && !ces_is_rst(segment) && !ces_is_syn_ack(segment);
}

/* --- how well it fits ------------------------------------------------------------ */

typedef enum {
    CES_FIT_FOREIGN, /* it belongs to something else */
    CES_FIT_PARTLY,  /* one of its numbers fits well and the other not at all: it proves nothing */
    CES_FIT_WELL
} ces_fit_kind;

typedef struct {
    ces_fit_kind kind;
    guint numbers;  /* how many of its numbers could be compared */
    guint distance; /* how far they are from those that come next, G_MAXUINT32 if none could be compared */
} ces_fit;

/* How the segment from ends[sender] fits the flow. */
ces_fit ces_evidence_fit(const ces_flow *flow, const ces_segment *segment, guint8 sender);

/* Whether the first is the better fit. */
gboolean ces_fit_is_better(const ces_fit *fit, const ces_fit *than);

/* --- what it proves ---------------------------------------------------------------- */

/* Adds what the segment from ends[sender], which fits well, proves of the
 * flow. It may correct the initiator; what follows from that is the caller's. */
void ces_evidence_add(ces_flow *flow, const ces_segment *segment, guint8 sender);

/* `twin` is the same connection in other numbers (kin.h): what is certain
 * there is certain of the flow. TRUE if the flow took over the twin's numbers,
 * since those completed the handshake, and gave it its own. */
gboolean ces_evidence_fold(ces_flow *flow, ces_flow *twin);

/* Whether this segment completes the handshake of a twin whose SYN is not in
 * the capture. */
gboolean ces_evidence_completes(const ces_flow *twin, const ces_segment *segment, guint8 sender);

/* Gives all that was learned of the twin to a new flow; it keeps nothing. */
void ces_evidence_hand_over(ces_flow *flow, ces_flow *twin);

#endif
