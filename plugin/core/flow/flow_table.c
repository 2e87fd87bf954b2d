/* flow_table.c
 * The flow machine and the table of flows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/flow_table.h"

#include <string.h>

/* A sequence number may lie this far behind the initial one and still belong
 * to the connection: the largest window that TCP allows (RFC 7323 section 2.3). */
#define LARGEST_WINDOW (1u << 30)
/* Near the opening a number must lie closer, so that a stray segment of an
 * older connection is not taken for part of the handshake: a packet overtaken
 * by the opening, or the first one captured after it. */
#define HANDSHAKE_REACH (1u << 16)
/* How many older connections of the same ends a late packet may belong to.
 * Bounded, so that a capture full of reused ports costs no more per packet. */
#define CHAIN_DEPTH 3

/* Flows live in blocks: they never move, and need no allocator overhead each. */
#define FLOWS_PER_BLOCK 1024

struct ces_flow_table {
    const ces_ports *ports;
    GHashTable *newest; /* a set of ces_flow: the newest one of each pair of ends */
    GPtrArray *blocks;
    guint count;
};

/* --- pairs of ends ------------------------------------------------------- */

static int
compare_sockets(const ces_socket *a, const ces_socket *b)
{
    int order = ces_address_compare(&a->address, &b->address);
    return order ? order : (int)a->port - (int)b->port;
}

/* Puts the two ends in order; returns the index of `from`. */
static guint8
set_ends(ces_flow *flow, const ces_socket *from, const ces_socket *to)
{
    guint8 sender = compare_sockets(from, to) > 0;
    flow->ends[sender] = *from;
    flow->ends[!sender] = *to;
    return sender;
}

static guint64
mix(guint64 hash, guint64 value)
{
    hash = (hash ^ value) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

static guint
ends_hash(gconstpointer key)
{
    const ces_flow *flow = (const ces_flow *)key;
    guint64 hash = ces_hash_seed();

    for (int end = 0; end < 2; end++) {
        hash = mix(hash, flow->ends[end].address.high);
        hash = mix(hash, flow->ends[end].address.low);
    }
    return (guint)mix(hash, ((guint64)flow->ends[0].port << 16) | flow->ends[1].port);
}

static gboolean
ends_equal(gconstpointer left, gconstpointer right)
{
    const ces_flow *a = (const ces_flow *)left;
    const ces_flow *b = (const ces_flow *)right;
    return compare_sockets(&a->ends[0], &b->ends[0]) == 0 && compare_sockets(&a->ends[1], &b->ends[1]) == 0;
}

/* --- the table ----------------------------------------------------------- */

ces_flow_table *
ces_flow_table_new(const ces_ports *ports)
{
    ces_flow_table *table = g_new0(ces_flow_table, 1);

    table->ports = ports;
    table->newest = g_hash_table_new(ends_hash, ends_equal);
    table->blocks = g_ptr_array_new_with_free_func(g_free);
    return table;
}

void
ces_flow_table_free(ces_flow_table *table)
{
    if (!table)
        return;
    g_hash_table_destroy(table->newest);
    g_ptr_array_free(table->blocks, TRUE);
    g_free(table);
}

guint
ces_flow_table_count(const ces_flow_table *table)
{
    return table->count;
}

ces_flow *
ces_flow_table_get(const ces_flow_table *table, guint index)
{
    ces_flow *block = (ces_flow *)g_ptr_array_index(table->blocks, index / FLOWS_PER_BLOCK);
    return &block[index % FLOWS_PER_BLOCK];
}

static ces_flow *
add_flow(ces_flow_table *table, const ces_flow *ends, ces_flow *previous)
{
    if (table->count % FLOWS_PER_BLOCK == 0)
        g_ptr_array_add(table->blocks, g_new0(ces_flow, FLOWS_PER_BLOCK));

    ces_flow *flow = ces_flow_table_get(table, table->count++);
    memcpy(flow->ends, ends->ends, sizeof flow->ends);
    flow->previous = previous;
    flow->stream = CES_NO_STREAM;
    g_hash_table_add(table->newest, flow); /* takes the place of the previous one */
    return flow;
}

/* --- what a segment is --------------------------------------------------- */

/* TRUE if `number` lies behind `start`, by `reach` at most (RFC 1982). */
static gboolean
lies_behind(guint32 number, guint32 start, guint32 reach)
{
    return number - start - 1 < reach;
}

static gboolean
is_rst(const ces_segment *segment)
{
    return segment->has_flags && (segment->flags & CES_TCP_RST);
}

static gboolean
is_syn(const ces_segment *segment)
{
    return segment->has_flags && (segment->flags & (CES_TCP_SYN | CES_TCP_ACK | CES_TCP_RST)) == CES_TCP_SYN;
}

static gboolean
is_syn_ack(const ces_segment *segment)
{
    return segment->has_flags &&
           (segment->flags & (CES_TCP_SYN | CES_TCP_ACK | CES_TCP_RST)) == (CES_TCP_SYN | CES_TCP_ACK);
}

static gboolean
has_ack(const ces_segment *segment)
{
    return segment->has_flags && (segment->flags & CES_TCP_ACK);
}

/* --- which flow a segment belongs to -------------------------------------- */

static gboolean
opening_seen(const ces_flow *flow)
{
    return flow->opening != CES_OPENING_PORTS;
}

/* Whether what came before this opening from `end` was only overtaken by it:
 * what that end sent so far follows the opening's number closely. */
static gboolean
overtaken(const ces_flow *flow, guint8 end, guint32 number)
{
    return (flow->evidence & (end ? CES_SEEN_FROM_1 : CES_SEEN_FROM_0)) &&
           lies_behind(flow->lowest[end], number, HANDSHAKE_REACH);
}

/* The acknowledgment covers the SYN, or the SYN and part of its data. */
static gboolean
answers_syn(const ces_flow *flow, guint32 acknowledgment)
{
    return (flow->evidence & CES_SEEN_INITIAL) && lies_behind(acknowledgment, flow->initial, 1u + flow->syn_payload);
}

/* The number may be that of the same opening: the SYN that was inferred from
 * an acknowledgment may have been shorter by the data it carried. */
static gboolean
same_opening(const ces_flow *flow, const ces_segment *syn)
{
    return (flow->evidence & CES_SEEN_INITIAL) &&
           (syn->sequence == flow->initial ||
            (!(flow->evidence & CES_SEEN_SYN) && lies_behind(flow->initial, syn->sequence, syn->payload)));
}

static gboolean
syn_belongs(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (sender == flow->initiator && same_opening(flow, segment))
        return TRUE;
    if (!opening_seen(flow))
        return overtaken(flow, sender, segment->sequence);
    /* Both ends open at once (RFC 9293 section 3.5, figure 8). */
    return sender != flow->initiator && ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED;
}

static gboolean
syn_ack_belongs(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (!opening_seen(flow) && !(flow->evidence & CES_SEEN_INITIAL))
        return overtaken(flow, !sender, segment->acknowledgment - 1) || overtaken(flow, sender, segment->sequence);
    if (sender != flow->initiator)
        return answers_syn(flow, segment->acknowledgment);
    return segment->sequence == flow->initial; /* the second half of a simultaneous open */
}

/* How far behind the initial sequence number a segment may lie and still
 * belong: little, if it is a bare one and nothing else shows that the SYN was
 * answered; data may follow a gap in the capture. */
static guint32
reach(const ces_flow *flow, const ces_segment *segment)
{
    gboolean answered = flow->evidence & (CES_SEEN_SYN_ACK | CES_SEEN_COMPLETION);
    return answered || segment->payload > 0 ? LARGEST_WINDOW : HANDSHAKE_REACH;
}

/* A mere attempt takes only what fits its numbers; a RST without an
 * acknowledgment has none. Any other flow takes all. */
static gboolean
other_belongs(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (ces_flow_outcome(flow) >= CES_OUTCOME_HALF_OPEN || !(flow->evidence & CES_SEEN_INITIAL) || !segment->has_flags)
        return TRUE;
    if (sender == flow->initiator)
        return lies_behind(segment->sequence, flow->initial, reach(flow, segment));
    if (!has_ack(segment))
        return is_rst(segment);
    return lies_behind(segment->acknowledgment, flow->initial, reach(flow, segment));
}

/* A RST that acknowledges the SYN of an attempt answers it, whatever came
 * between the same ends since. */
static gboolean
refuses(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    return is_rst(segment) && has_ack(segment) && sender != flow->initiator &&
           ces_flow_outcome(flow) <= CES_OUTCOME_REFUSED && answers_syn(flow, segment->acknowledgment);
}

static gboolean
belongs(const ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (is_syn(segment))
        return syn_belongs(flow, segment, sender);
    if (is_syn_ack(segment))
        return syn_ack_belongs(flow, segment, sender);
    return other_belongs(flow, segment, sender);
}

/* Openings start a flow, and so does data that fits no attempt: it shows a
 * conversation whose opening is not in the capture. */
static gboolean
starts_flow(const ces_segment *segment)
{
    return is_syn(segment) || is_syn_ack(segment) || (segment->payload > 0 && !is_rst(segment));
}

typedef gboolean (*fitness)(const ces_flow *flow, const ces_segment *segment, guint8 sender);

static ces_flow *
first_fit(ces_flow *newest, const ces_segment *segment, guint8 sender, fitness fits)
{
    ces_flow *flow = newest;

    for (int depth = 0; flow && depth < CHAIN_DEPTH; depth++, flow = flow->previous)
        if (fits(flow, segment, sender))
            return flow;
    return NULL;
}

/* The flow of the segment, or NULL if it starts one. */
static ces_flow *
choose(ces_flow *newest, const ces_segment *segment, guint8 sender)
{
    ces_flow *flow = first_fit(newest, segment, sender, refuses);

    if (!flow)
        flow = first_fit(newest, segment, sender, belongs);
    return flow || starts_flow(segment) ? flow : newest;
}

/* --- who opened it ------------------------------------------------------- */

static void
set_initiator(ces_flow *flow, const ces_ports *ports, guint8 initiator, ces_opening opening)
{
    flow->initiator = initiator;
    flow->opening = (guint8)opening;
    flow->service = (guint8)ces_ports_service(ports, ces_flow_responder(flow)->port);
    if (flow->evidence & CES_SEEN_OTHER_USE)
        flow->service = CES_SERVICE_NONE;
}

void
ces_flow_disown(ces_flow *flow)
{
    flow->evidence |= CES_SEEN_OTHER_USE;
    flow->service = CES_SERVICE_NONE;
}

/* The end whose port carries no service; of two such ports the larger one;
 * of two equal ones the sender. */
static guint8
initiator_by_ports(const ces_flow *flow, const ces_ports *ports, guint8 sender)
{
    gboolean served[2];

    for (int end = 0; end < 2; end++)
        served[end] = ces_ports_service(ports, flow->ends[end].port) != CES_SERVICE_NONE;
    if (served[0] != served[1])
        return served[0];
    if (flow->ends[0].port == flow->ends[1].port)
        return sender;
    return flow->ends[0].port < flow->ends[1].port;
}

/* --- what a segment proves ------------------------------------------------ */

static void
note_initial(ces_flow *flow, guint32 number)
{
    flow->initial = number;
    flow->evidence |= CES_SEEN_INITIAL;
}

/* Segments that came before the opening count once it is known who opened. */
static void
credit_overtaken(ces_flow *flow)
{
    gboolean from_initiator = flow->evidence & (flow->initiator ? CES_SEEN_FROM_1 : CES_SEEN_FROM_0);

    if (from_initiator || (flow->evidence & CES_SEEN_DATA))
        flow->evidence |= CES_SEEN_COMPLETION;
}

static void
observe_syn(ces_flow *flow, const ces_ports *ports, const ces_segment *segment, guint8 sender)
{
    if (flow->opening == CES_OPENING_SYN && sender != flow->initiator)
        return; /* both open at once: whose SYN came first stays the initiator */
    if (flow->opening != CES_OPENING_SYN) {
        gboolean overtook = !opening_seen(flow) && ces_flow_packets(flow) > 1;
        /* What acknowledged more than the SYN took its data: RFC 7413. */
        if ((flow->evidence & CES_SEEN_SYN_ACK) && flow->initial != segment->sequence)
            flow->evidence |= CES_SEEN_COMPLETION;
        set_initiator(flow, ports, sender, CES_OPENING_SYN);
        flow->first_attempt = segment->elapsed;
        note_initial(flow, segment->sequence);
        if (overtook)
            credit_overtaken(flow);
    }
    flow->evidence |= CES_SEEN_SYN;
    flow->last_attempt = segment->elapsed;
    flow->syns++;
    flow->syn_payload = MAX(flow->syn_payload, (guint16)MIN(segment->payload, G_MAXUINT16));
}

static void
observe_syn_ack(ces_flow *flow, const ces_ports *ports, const ces_segment *segment, guint8 sender)
{
    if (!opening_seen(flow)) {
        gboolean overtook = ces_flow_packets(flow) > 1;
        set_initiator(flow, ports, !sender, CES_OPENING_SYN_ACK);
        note_initial(flow, segment->acknowledgment - 1);
        if (overtook)
            credit_overtaken(flow);
    }
    if (sender == flow->initiator) { /* simultaneous open: it acknowledges the other SYN */
        flow->evidence |= CES_SEEN_SYN_ACK | CES_SEEN_COMPLETION;
        return;
    }
    flow->evidence |= CES_SEEN_SYN_ACK;
    if (segment->acknowledgment != flow->initial + 1) /* data in the SYN was taken: RFC 7413 */
        flow->evidence |= CES_SEEN_COMPLETION;
}

/* A RST answers a SYN if it acknowledges it; one without an acknowledgment
 * is what some middleboxes send. Alone in the capture it must look exactly
 * like a closed port's answer (RFC 9293 section 3.5.2: sequence number 0). */
static void
observe_rst(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (sender == flow->initiator)
        return;
    if (flow->evidence & CES_SEEN_SYN) {
        if (!has_ack(segment) || answers_syn(flow, segment->acknowledgment))
            flow->evidence |= CES_SEEN_RST_ANSWER;
    } else if (!opening_seen(flow) && ces_flow_packets(flow) == 1 && has_ack(segment) && segment->sequence == 0) {
        flow->evidence |= CES_SEEN_RST_ANSWER;
        note_initial(flow, segment->acknowledgment - 1);
    }
}

/* Anything behind the opening that the initiator sends, and anything from the
 * responder that it sends only once the handshake is over. */
static void
observe_other(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (!opening_seen(flow))
        return;
    if (sender == flow->initiator) {
        if (lies_behind(segment->sequence, flow->initial, reach(flow, segment)))
            flow->evidence |= CES_SEEN_COMPLETION;
        return;
    }
    if (!has_ack(segment) || !lies_behind(segment->acknowledgment, flow->initial, reach(flow, segment)))
        return;
    /* A bare ACK of another number challenges the SYN, it does not answer it
     * (RFC 9293 section 3.5.2, group 3). */
    if (!(flow->evidence & CES_SEEN_SYN_ACK) && segment->payload == 0 && !answers_syn(flow, segment->acknowledgment))
        return;
    flow->evidence |= CES_SEEN_SYN_ACK;
    if (segment->payload > 0 || (segment->flags & CES_TCP_FIN) ||
        lies_behind(segment->acknowledgment, flow->initial + 1u + flow->syn_payload, LARGEST_WINDOW))
        flow->evidence |= CES_SEEN_COMPLETION;
}

/* What every segment but a RST adds, whatever else it is. */
static void
observe_presence(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    guint16 from = sender ? CES_SEEN_FROM_1 : CES_SEEN_FROM_0;

    if (!(flow->evidence & from) || lies_behind(flow->lowest[sender], segment->sequence, LARGEST_WINDOW))
        flow->lowest[sender] = segment->sequence;
    flow->evidence |= from;
    if (segment->payload > 0)
        flow->evidence |= CES_SEEN_DATA;
}

static void
observe(ces_flow *flow, const ces_ports *ports, const ces_segment *segment, guint8 sender)
{
    if (!segment->has_flags)
        return; /* without flags it proves nothing, not even that it is no RST */
    if (is_syn(segment))
        observe_syn(flow, ports, segment, sender);
    else if (is_syn_ack(segment))
        observe_syn_ack(flow, ports, segment, sender);
    else if (is_rst(segment))
        observe_rst(flow, segment, sender);
    else
        observe_other(flow, segment, sender);
    if (!is_rst(segment))
        observe_presence(flow, segment, sender);
}

/* --- the outcome --------------------------------------------------------- */

ces_outcome
ces_flow_outcome(const ces_flow *flow)
{
    if (flow->evidence & CES_SEEN_COMPLETION)
        return CES_OUTCOME_ESTABLISHED;
    if (flow->evidence & CES_SEEN_SYN_ACK)
        return CES_OUTCOME_HALF_OPEN;
    if (flow->evidence & CES_SEEN_RST_ANSWER)
        return CES_OUTCOME_REFUSED;
    if (flow->evidence & CES_SEEN_ICMP_REFUSAL)
        return CES_OUTCOME_REJECTED;
    if (flow->evidence & CES_SEEN_SYN)
        return CES_OUTCOME_UNANSWERED;
    return CES_OUTCOME_MIDSTREAM;
}

gboolean
ces_flow_proven(const ces_flow *flow)
{
    guint both = CES_SEEN_FROM_0 | CES_SEEN_FROM_1;
    return (flow->evidence & CES_SEEN_DATA) || (flow->evidence & both) == both;
}

ces_ended
ces_flow_ended(const ces_flow *flow)
{
    static const ces_ended ended[2][2] = {{CES_ENDED_INITIATOR_FIN, CES_ENDED_RESPONDER_FIN},
                                          {CES_ENDED_INITIATOR_RST, CES_ENDED_RESPONDER_RST}};

    if (!flow->closed)
        return CES_ENDED_OPEN;
    return ended[flow->closed > 2][((flow->closed - 1) & 1) != flow->initiator];
}

ces_seen_from
ces_flow_seen_from(const ces_flow *flow)
{
    if (flow->packets[0] > 0 && flow->packets[1] > 0)
        return CES_SIDE_BOTH;
    return flow->packets[flow->initiator] > 0 ? CES_SIDE_INITIATOR : CES_SIDE_RESPONDER;
}

/* What the finding depends on, to tell when a packet changes it. */
static guint
decision(const ces_flow *flow)
{
    ces_outcome outcome = ces_flow_outcome(flow);
    gboolean proven_midstream = outcome == CES_OUTCOME_MIDSTREAM && ces_flow_proven(flow);
    return 2u * (guint)outcome + (proven_midstream ? 1 : 0);
}

/* The packet that decided is the one that last changed the decision; an
 * unanswered attempt is decided by its last SYN, after which nothing came. */
static void
note_decision(ces_flow *flow, guint before, guint32 frame, gboolean attempt)
{
    guint after = decision(flow);

    if (after != before || (attempt && ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED)) {
        flow->decided_frame = frame;
        flow->decided_sighting = flow->sightings;
    }
}

/* --- entry points --------------------------------------------------------- */

ces_sighting
ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment)
{
    ces_flow ends;
    guint8 sender = set_ends(&ends, &segment->source, &segment->destination);
    ces_flow *newest = (ces_flow *)g_hash_table_lookup(table->newest, &ends);
    ces_flow *flow = choose(newest, segment, sender);

    if (!flow) {
        flow = add_flow(table, &ends, newest);
        flow->first_frame = segment->frame;
        set_initiator(flow, table->ports, initiator_by_ports(flow, table->ports, sender), CES_OPENING_PORTS);
    }
    guint before = decision(flow);
    flow->packets[sender]++;
    flow->bytes[sender] += segment->payload;
    flow->sightings++;
    flow->last_frame = segment->frame;
    observe(flow, table->ports, segment, sender);
    note_decision(flow, before, segment->frame, is_syn(segment));
    return (ces_sighting){flow, flow->sightings, sender, FALSE};
}

gboolean
ces_flow_table_refusal(ces_flow_table *table, const ces_refusal *refusal, ces_sighting *sighting)
{
    ces_flow ends;
    guint8 sender = set_ends(&ends, &refusal->source, &refusal->destination);
    ces_flow *flow = (ces_flow *)g_hash_table_lookup(table->newest, &ends);

    for (int depth = 0; flow && depth < CHAIN_DEPTH; depth++, flow = flow->previous) {
        if (!(flow->evidence & CES_SEEN_SYN) || sender != flow->initiator || refusal->sequence != flow->initial ||
            ces_flow_outcome(flow) > CES_OUTCOME_REJECTED)
            continue;
        guint before = decision(flow);
        flow->sightings++;
        flow->last_frame = refusal->frame;
        flow->evidence |= CES_SEEN_ICMP_REFUSAL;
        note_decision(flow, before, refusal->frame, FALSE);
        *sighting = (ces_sighting){flow, flow->sightings, sender, TRUE};
        return TRUE;
    }
    return FALSE;
}
