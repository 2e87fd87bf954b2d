/* evidence.c
 * What a segment proves of a flow whose numbers it fits, and how well it fits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/evidence.h"

#include "base/sequence.h"

/* So many bytes may be missing in a capture between two packets of one end,
 * and what follows is still taken for the same connection by that end's
 * number alone. A number drawn at random lies so near once in 128 times. */
#define GAP_REACH (1u << 24)
/* Near the opening and the end a number must lie closer, so that a stray
 * segment of another connection is not taken for part of it: a packet
 * overtaken by the opening, the first one captured after it, a RST. */
#define HANDSHAKE_REACH (1u << 16)

/* --- numbers -------------------------------------------------------------------- */

static gboolean
next_known(const ces_flow *flow, guint8 end)
{
    return flow->evidence & (CES_SEEN_NEXT_0 << end);
}

static gboolean
seen_from(const ces_flow *flow, guint8 end)
{
    return flow->evidence & (CES_SEEN_FROM_0 << end);
}

/* Whether lowest[end] is that end's initial sequence number. */
static gboolean
initial_known(const ces_flow *flow, guint8 end)
{
    return flow->evidence & (end == flow->initiator ? CES_SEEN_INITIAL : CES_SEEN_ANSWER);
}

static void
set_next(ces_flow *flow, guint8 end, guint32 number)
{
    flow->next[end] = number;
    flow->evidence |= (guint16)(CES_SEEN_NEXT_0 << end);
}

static void
advance(ces_flow *flow, guint8 end, guint32 number)
{
    set_next(flow, end, next_known(flow, end) ? ces_sequence_later(flow->next[end], number) : number);
}

/* The acknowledgment covers the SYN, or the SYN and part of its data. */
static gboolean
answers_syn(const ces_flow *flow, guint32 acknowledgment)
{
    return (flow->evidence & CES_SEEN_INITIAL) &&
           ces_sequence_follows(acknowledgment, ces_flow_initial(flow), 1u + flow->syn_payload);
}

/* Whether what came before this opening of `end` was only overtaken by it:
 * what that end sent so far, or had acknowledged, follows closely. */
static gboolean
overtaken(const ces_flow *flow, guint8 end, guint32 number)
{
    guint32 earliest = seen_from(flow, end) ? flow->lowest[end] : flow->next[end];

    return next_known(flow, end) && ces_sequence_follows(earliest, number, HANDSHAKE_REACH);
}

/* --- how well it fits -------------------------------------------------------------- */

static const ces_fit foreign = {CES_FIT_FOREIGN, 0, G_MAXUINT32};
static const ces_fit unknown = {CES_FIT_WELL, 0, G_MAXUINT32};
static const ces_fit exact = {CES_FIT_WELL, 2, 0};

gboolean
ces_fit_is_better(const ces_fit *fit, const ces_fit *than)
{
    if (fit->kind != than->kind)
        return fit->kind > than->kind;
    if (fit->distance != than->distance)
        return fit->distance < than->distance;
    return fit->numbers > than->numbers;
}

/* The number may be that of the same opening: the SYN that was inferred from
 * an acknowledgment may have been shorter by the data it carried. */
static gboolean
same_opening(const ces_flow *flow, const ces_segment *syn)
{
    return (flow->evidence & CES_SEEN_INITIAL) &&
           (syn->sequence == ces_flow_initial(flow) ||
            (!(flow->evidence & CES_SEEN_SYN) &&
             ces_sequence_follows(ces_flow_initial(flow), syn->sequence, syn->payload)));
}

static ces_fit
fit_syn(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (sender == flow->initiator && same_opening(flow, segment))
        return exact;
    if (ces_flow_opening_seen(flow) || (flow->evidence & CES_SEEN_INITIAL))
        return foreign;
    return overtaken(flow, sender, segment->sequence) ? exact : foreign;
}

/* A SYN-ACK that comes when no opening was seen yet must fit all that was. */
static gboolean
overtaken_by_answer(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    gboolean initiator = overtaken(flow, !sender, segment->acknowledgment - 1);
    gboolean responder = overtaken(flow, sender, segment->sequence);

    return (initiator || !next_known(flow, !sender)) && (responder || !next_known(flow, sender)) &&
           (initiator || responder);
}

/* The second half of a simultaneous open: the initiator answers the other SYN. */
static gboolean
answers_crossing(const ces_flow *flow, const ces_segment *segment)
{
    guint8 other = !flow->initiator;

    return segment->sequence == ces_flow_initial(flow) &&
           (!seen_from(flow, other) ||
            ces_sequence_follows(segment->acknowledgment, flow->lowest[other], HANDSHAKE_REACH));
}

static ces_fit
fit_syn_ack(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    gboolean fits;

    if (!(flow->evidence & CES_SEEN_INITIAL))
        fits = overtaken_by_answer(flow, segment, sender);
    else if (sender != flow->initiator)
        fits = answers_syn(flow, segment->acknowledgment);
    else
        fits = ces_flow_opening_seen(flow) && answers_crossing(flow, segment);
    return fits ? exact : foreign;
}

/* A mere attempt takes what follows its SYN, or acknowledges it; how far
 * behind, depends: data may follow a gap in the capture. A RST without an
 * acknowledgment is what some middleboxes answer. */
static ces_fit
fit_attempt(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    guint32 number = sender == flow->initiator ? segment->sequence : segment->acknowledgment;

    if (sender != flow->initiator && !ces_has_ack(segment))
        return ces_is_rst(segment) ? unknown : foreign;
    if (!ces_sequence_follows(number, ces_flow_initial(flow), segment->payload > 0 ? GAP_REACH : HANDSHAKE_REACH))
        return foreign;
    return (ces_fit){CES_FIT_WELL, 1, ces_sequence_distance(number, flow->next[flow->initiator])};
}

/* One number must be near and the other not farther than `reach`. */
static ces_fit
fit_both(guint32 sequence, guint32 acknowledgment, guint32 reach)
{
    guint32 near = MIN(sequence, acknowledgment), far = MAX(sequence, acknowledgment);

    if (near < GAP_REACH && far < reach)
        return (ces_fit){CES_FIT_WELL, 2, near + far};
    return near < HANDSHAKE_REACH ? (ces_fit){CES_FIT_PARTLY, 2, near} : foreign;
}

static ces_fit
fit_conversation(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    gboolean acknowledges = ces_has_ack(segment) && next_known(flow, !sender);
    /* However much of one end a capture misses, the other end is seldom as busy. */
    guint32 reach = ces_flow_outcome(flow) == CES_OUTCOME_HALF_OPEN ? GAP_REACH : CES_LARGEST_WINDOW;
    guint32 sequence = ces_sequence_distance(segment->sequence, flow->next[sender]);
    guint32 acknowledgment = ces_sequence_distance(segment->acknowledgment, flow->next[!sender]);

    if (next_known(flow, sender) && acknowledges)
        return fit_both(sequence, acknowledgment, reach);
    if (!next_known(flow, sender) && !acknowledges)
        return unknown;
    guint32 distance = acknowledges ? acknowledgment : sequence;
    return distance < GAP_REACH ? (ces_fit){CES_FIT_WELL, 1, distance} : foreign;
}

ces_fit
ces_evidence_fit(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (!segment->has_flags)
        return unknown;
    if (ces_is_syn(segment))
        return fit_syn(flow, segment, sender);
    if (ces_is_syn_ack(segment))
        return fit_syn_ack(flow, segment, sender);
    if ((flow->evidence & CES_SEEN_INITIAL) && ces_flow_outcome(flow) < CES_OUTCOME_HALF_OPEN)
        return fit_attempt(flow, segment, sender);
    return fit_conversation(flow, segment, sender);
}

/* --- what it proves ------------------------------------------------------------------ */

static void
set_initiator(ces_flow *flow, guint8 initiator, ces_opening opening)
{
    flow->initiator = initiator & 1;
    flow->opening = (guint8)opening & 3;
}

static void
note_initial(ces_flow *flow, guint32 number)
{
    flow->lowest[flow->initiator] = number;
    flow->evidence |= CES_SEEN_INITIAL;
}

/* Nothing completes what the initiator has given up. */
static void
complete(ces_flow *flow)
{
    if (!(flow->evidence & CES_SEEN_ABORTED))
        flow->evidence |= CES_SEEN_COMPLETION;
}

/* Segments that came before the opening count once it is known who opened. */
static void
credit_overtaken(ces_flow *flow)
{
    guint8 responder = !flow->initiator;

    if (seen_from(flow, responder))
        flow->evidence |= CES_SEEN_SYN_ACK;
    if (seen_from(flow, flow->initiator) || (flow->evidence & CES_SEEN_DATA) || flow->closed == 1 + responder)
        complete(flow);
}

/* What every segment with ACK that is taken adds, whatever else it is; not a RST. */
static void
add_presence(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    guint32 counted = segment->payload + ((segment->flags & (CES_TCP_SYN | CES_TCP_FIN)) ? 1 : 0);

    if (!initial_known(flow, sender) &&
        (!seen_from(flow, sender) || ces_sequence_follows(flow->lowest[sender], segment->sequence, CES_LARGEST_WINDOW)))
        flow->lowest[sender] = segment->sequence;
    flow->evidence |= (guint16)(CES_SEEN_FROM_0 << sender);
    advance(flow, sender, segment->sequence + counted);
    advance(flow, !sender, segment->acknowledgment);
    if (ces_is_data(segment))
        flow->evidence |= CES_SEEN_DATA;
}

/* The first SYN of the flow. */
static void
note_syn(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    gboolean overtook = flow->evidence && !ces_flow_opening_seen(flow);

    /* What acknowledged more than the SYN took its data: RFC 7413. */
    if ((flow->evidence & CES_SEEN_SYN_ACK) && ces_flow_initial(flow) != segment->sequence)
        complete(flow);
    set_initiator(flow, sender, CES_OPENING_SYN);
    note_initial(flow, segment->sequence);
    if (overtook)
        credit_overtaken(flow);
}

static void
add_syn(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (flow->opening != CES_OPENING_SYN)
        note_syn(flow, segment, sender);
    flow->evidence |= (guint16)(CES_SEEN_FROM_0 << sender);
    if (sender != flow->initiator) { /* both open at once: whose SYN came first stays the initiator */
        if (!initial_known(flow, sender))
            flow->lowest[sender] = segment->sequence;
        return;
    }
    flow->evidence |= CES_SEEN_SYN;
    flow->syn_payload = MAX(flow->syn_payload, (guint16)MIN(segment->payload, G_MAXUINT16));
    advance(flow, sender, segment->sequence + 1 + segment->payload);
}

/* The number of the responder's first SYN-ACK. A later one may have another,
 * where the responder forgot the attempt in between; which of them counts,
 * tells the initiator's acknowledgment: until then `next` holds the later. */
static void
note_answer(ces_flow *flow, guint32 number)
{
    guint8 responder = !flow->initiator;

    if (!(flow->evidence & CES_SEEN_ANSWER)) {
        flow->evidence |= CES_SEEN_ANSWER;
        flow->lowest[responder] = number;
        if (!ces_sequence_follows(flow->next[responder], number, GAP_REACH) || !next_known(flow, responder))
            set_next(flow, responder, number + 1);
    } else if (!(flow->evidence & (CES_SEEN_COMPLETION | CES_SEEN_DATA))) {
        set_next(flow, responder, number + 1);
    }
}

static void
add_syn_ack(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (!ces_flow_opening_seen(flow)) {
        set_initiator(flow, !sender, CES_OPENING_SYN_ACK);
        note_initial(flow, segment->acknowledgment - 1);
        credit_overtaken(flow);
    }
    flow->evidence |= CES_SEEN_SYN_ACK;
    if (sender != flow->initiator)
        note_answer(flow, segment->sequence);
    /* Simultaneous open, or data in the SYN was taken: RFC 7413. */
    if (sender == flow->initiator || segment->acknowledgment != ces_flow_initial(flow) + 1)
        complete(flow);
    add_presence(flow, segment, sender);
}

/* The first thing in the capture is a RST that looks exactly like a closed
 * port's answer to a SYN (RFC 9293 section 3.5.2: sequence number 0). */
static gboolean
is_answer_of_closed_port(const ces_flow *flow, const ces_segment *segment)
{
    return !ces_flow_opening_seen(flow) && ces_flow_packets(flow) == 1 && ces_has_ack(segment) &&
           segment->sequence == 0;
}

/* Whether the RST has the number that its end has come to: what a host checks
 * as well (RFC 9293 section 3.5.3, RFC 5961). A RST alone proves nothing. */
static gboolean
rst_counts(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    return next_known(flow, sender) && ces_sequence_distance(segment->sequence, flow->next[sender]) < HANDSHAKE_REACH;
}

/* A RST answers a SYN if it acknowledges it; one without an acknowledgment
 * is what some middleboxes send. */
static void
add_rst(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    ces_outcome outcome = ces_flow_outcome(flow);

    if (sender == flow->initiator) {
        if ((outcome == CES_OUTCOME_HALF_OPEN || outcome == CES_OUTCOME_UNANSWERED) &&
            rst_counts(flow, segment, sender)) /* the SYN-ACK may have been overtaken by it */
            flow->evidence |= CES_SEEN_ABORTED;
    } else if (flow->evidence & CES_SEEN_SYN) {
        if (outcome < CES_OUTCOME_HALF_OPEN && (!ces_has_ack(segment) || answers_syn(flow, segment->acknowledgment)))
            flow->evidence |= CES_SEEN_RST_ANSWER;
    } else if (is_answer_of_closed_port(flow, segment)) {
        flow->evidence |= CES_SEEN_RST_ANSWER;
        note_initial(flow, segment->acknowledgment - 1);
        set_next(flow, flow->initiator, segment->acknowledgment);
    }
}

/* Whether the initiator's segment acknowledges a SYN-ACK that was seen, or
 * what follows one; TRUE if none was. */
static gboolean
acknowledges_answer(ces_flow *flow, guint32 acknowledgment)
{
    guint8 responder = !flow->initiator;

    if (!(flow->evidence & CES_SEEN_ANSWER))
        return TRUE;
    if (acknowledgment == flow->next[responder] && !(flow->evidence & (CES_SEEN_COMPLETION | CES_SEEN_DATA))) {
        flow->lowest[responder] = acknowledgment - 1; /* that of the later SYN-ACK, if there were two */
        return TRUE;
    }
    return ces_sequence_follows(acknowledgment, flow->lowest[responder], GAP_REACH);
}

/* Anything behind the opening that the initiator sends, if it acknowledges
 * the answer; FALSE if it is to be passed over. */
static gboolean
add_from_initiator(ces_flow *flow, const ces_segment *segment)
{
    if (flow->evidence & CES_SEEN_COMPLETION)
        return TRUE;
    if ((flow->evidence & CES_SEEN_ABORTED) && !(flow->evidence & CES_SEEN_SYN_ACK))
        return FALSE;
    if (!ces_sequence_follows(segment->sequence, ces_flow_initial(flow), CES_LARGEST_WINDOW) ||
        !acknowledges_answer(flow, segment->acknowledgment))
        return FALSE;
    complete(flow);
    return TRUE;
}

/* Anything from the responder that it sends only once the handshake is over. */
static gboolean
add_from_responder(ces_flow *flow, const ces_segment *segment)
{
    guint32 initial = ces_flow_initial(flow);

    if (flow->evidence & CES_SEEN_COMPLETION)
        return TRUE;
    if (!ces_sequence_follows(segment->acknowledgment, initial, CES_LARGEST_WINDOW))
        return FALSE;
    /* A bare ACK of another number challenges the SYN, it does not answer it
     * (RFC 9293 section 3.5.2, group 3). */
    if (!(flow->evidence & CES_SEEN_SYN_ACK) && segment->payload == 0 && !answers_syn(flow, segment->acknowledgment))
        return FALSE;
    flow->evidence |= CES_SEEN_SYN_ACK;
    if (segment->payload > 0 || (segment->flags & CES_TCP_FIN) ||
        ces_sequence_follows(segment->acknowledgment, initial + 1u + flow->syn_payload, CES_LARGEST_WINDOW))
        complete(flow);
    return TRUE;
}

/* Without ACK no host takes it: it proves nothing. */
static void
add_other(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    gboolean taken = ces_has_ack(segment);

    if (taken && (flow->evidence & CES_SEEN_INITIAL))
        taken = sender == flow->initiator ? add_from_initiator(flow, segment) : add_from_responder(flow, segment);
    if (!taken)
        return;
    add_presence(flow, segment, sender);
    if ((segment->flags & CES_TCP_FIN) && !flow->closed)
        flow->closed = (1 + sender) & 7;
}

/* Whether the RST ends a connection; what it refuses never was one. */
static gboolean
rst_closes(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    ces_outcome outcome = ces_flow_outcome(flow);

    return (outcome >= CES_OUTCOME_HALF_OPEN || outcome == CES_OUTCOME_MIDSTREAM) && !flow->closed &&
           rst_counts(flow, segment, sender);
}

void
ces_evidence_add(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (!segment->has_flags)
        return; /* without flags it proves nothing, not even that it is no RST */
    if (ces_is_syn(segment)) {
        add_syn(flow, segment, sender);
    } else if (ces_is_syn_ack(segment)) {
        add_syn_ack(flow, segment, sender);
    } else if (ces_is_rst(segment)) {
        add_rst(flow, segment, sender);
        if (rst_closes(flow, segment, sender))
            flow->closed = (3 + sender) & 7;
    } else {
        add_other(flow, segment, sender);
    }
    if ((flow->evidence & CES_SEEN_ABORTED) && ces_flow_outcome(flow) == CES_OUTCOME_HALF_OPEN && !flow->closed)
        flow->closed = (3 + flow->initiator) & 7;
}

/* --- the same connection in other numbers ------------------------------------------------ */

static void
swap_numbers(ces_flow *a, ces_flow *b)
{
    enum { OF_NUMBERS = CES_SEEN_INITIAL | CES_SEEN_ANSWER | CES_SEEN_ABORTED | CES_SEEN_NEXT_0 | CES_SEEN_NEXT_1 };
    guint16 differing = (a->evidence ^ b->evidence) & OF_NUMBERS;
    guint16 payload = a->syn_payload;

    for (int end = 0; end < 2; end++) {
        guint32 lowest = a->lowest[end], next = a->next[end];

        a->lowest[end] = b->lowest[end];
        a->next[end] = b->next[end];
        b->lowest[end] = lowest;
        b->next[end] = next;
    }
    a->syn_payload = b->syn_payload;
    b->syn_payload = payload;
    a->evidence ^= differing;
    b->evidence ^= differing;
}

gboolean
ces_evidence_fold(ces_flow *flow, ces_flow *twin)
{
    guint16 certain = 0;
    gboolean same_attempt = twin->evidence & CES_SEEN_SYN; /* and so is what answers it */
    gboolean completed = (twin->evidence & CES_SEEN_COMPLETION) && (same_attempt || seen_from(twin, twin->initiator));
    gboolean takes_over = completed && !(flow->evidence & CES_SEEN_COMPLETION);

    if (takes_over)
        swap_numbers(flow, twin);
    if (same_attempt)
        certain |= CES_SEEN_SYN | CES_SEEN_SYN_ACK | CES_SEEN_RST_ANSWER;
    if (completed)
        certain |= CES_SEEN_SYN_ACK | CES_SEEN_COMPLETION | CES_SEEN_DATA | CES_SEEN_FROM_0 | CES_SEEN_FROM_1;
    flow->evidence |= twin->evidence & certain;
    if (same_attempt && flow->opening != CES_OPENING_SYN)
        set_initiator(flow, twin->initiator, CES_OPENING_SYN);
    if (certain && !flow->closed)
        flow->closed = twin->closed;
    return takes_over;
}

gboolean
ces_evidence_completes(const ces_flow *twin, const ces_segment *segment, guint8 sender)
{
    ces_flow after = *twin;

    if (twin->evidence & (CES_SEEN_SYN | CES_SEEN_COMPLETION))
        return FALSE;
    ces_evidence_add(&after, segment, sender);
    return (after.evidence & CES_SEEN_COMPLETION) != 0;
}

void
ces_evidence_hand_over(ces_flow *flow, ces_flow *twin)
{
    const guint16 own = CES_SEEN_OTHERS | CES_SEEN_TWIN;

    set_initiator(flow, twin->initiator, (ces_opening)twin->opening);
    swap_numbers(flow, twin);
    flow->evidence |= twin->evidence & (guint16)~own;
    flow->closed = twin->closed;
    twin->evidence &= own;
}
