/* flow_table.c
 * The table of flows: finding the one that a packet belongs to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/flow_table.h"

#include <string.h>

#include "flow/evidence.h"
#include "flow/kin.h"

/* After this time a host has given up opening (RFC 9293 section 3.8.3: at
 * least three minutes): a SYN-ACK that comes later answers no such attempt. */
#define LONGEST_ATTEMPT (180 * CES_SECOND)

/* Flows live in blocks: they never move, and need no allocator overhead each. */
#define FLOWS_PER_BLOCK 1024

struct ces_flow_table {
    const ces_ports *ports;
    GHashTable *pairs; /* a set of ces_flow: the first one of each pair of ends */
    ces_kin *kin;
    GPtrArray *blocks;
    guint count;
    ces_flow *room; /* for the next flow, in the last block */
};

/* --- the table ------------------------------------------------------------------ */

ces_flow_table *
ces_flow_table_new(const ces_ports *ports)
{
    ces_flow_table *table = g_new0(ces_flow_table, 1);

    table->ports = ports;
    table->pairs = g_hash_table_new(ces_ends_hash, ces_ends_equal);
    table->kin = ces_kin_new();
    table->blocks = g_ptr_array_new_with_free_func(g_free);
    return table;
}

void
ces_flow_table_free(ces_flow_table *table)
{
    if (!table)
        return;
    g_hash_table_destroy(table->pairs);
    ces_kin_free(table->kin);
    g_ptr_array_free(table->blocks, TRUE);
    g_free(table);
}

guint
ces_flow_table_count(const ces_flow_table *table)
{
    return table->count;
}

ces_flow *
ces_flow_table_get(const ces_flow_table *table, guint position)
{
    ces_flow *block = (ces_flow *)g_ptr_array_index(table->blocks, position / FLOWS_PER_BLOCK);
    return &block[position % FLOWS_PER_BLOCK];
}

/* --- ends --------------------------------------------------------------------------- */

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

static gboolean
carries_service(const ces_flow *flow, const ces_ports *ports, int end)
{
    return ces_ports_service(ports, flow->ends[end].port) != CES_SERVICE_NONE;
}

/* Of two ports that carry a service, or none, the larger one is the
 * initiator's; of two equal ones the sender's. */
static guint8
initiator_by_size(const ces_flow *flow, guint8 sender)
{
    if (flow->ends[0].port == flow->ends[1].port)
        return sender;
    return flow->ends[0].port < flow->ends[1].port;
}

static void
set_service(ces_flow *flow, const ces_ports *ports)
{
    flow->service = (guint8)ces_ports_service(ports, ces_flow_responder(flow)->port);
}

/* Who opened the others of the same ends: those count first that are hard to
 * forge. -1 if it is not known. */
static int
opener_of_others(const ces_family *family)
{
    for (int i = 0; i < CES_KIN_RECENT && family->recent[i]; i++)
        if (ces_flow_opening_seen(family->recent[i]) &&
            ces_flow_outcome(family->recent[i]) == CES_OUTCOME_ESTABLISHED && ces_kin_has_both_sides(family->recent[i]))
            return family->recent[i]->initiator;
    return ces_flow_opening_seen(family->newest) ? family->newest->initiator : -1;
}

/* Who opened a flow that begins with this segment, as far as it tells. Until
 * its opening is seen it is the end whose port carries no service; where the
 * ports do not tell, who opened the others of the same ends. */
static guint8
guess_initiator(const ces_flow_table *table, const ces_flow *flow, const ces_family *family, const ces_segment *segment,
                guint8 sender)
{
    if (ces_is_syn(segment))
        return sender;
    gboolean served = carries_service(flow, table->ports, 0);
    if (served != carries_service(flow, table->ports, 1))
        return (guint8)served;
    int opener = family ? opener_of_others(family) : -1;
    return opener >= 0 ? (guint8)opener : initiator_by_size(flow, sender);
}

static ces_flow *
take_room(ces_flow_table *table)
{
    if (table->count++ % FLOWS_PER_BLOCK == 0) {
        table->room = g_new0(ces_flow, FLOWS_PER_BLOCK);
        g_ptr_array_add(table->blocks, table->room);
    }
    return table->room++;
}

/* A new flow between ends that had `kin` before, or NULL. */
static ces_flow *
add_flow(ces_flow_table *table, const ces_flow *ends, ces_flow *kin, const ces_segment *segment, guint8 sender)
{
    ces_flow *flow = take_room(table);
    ces_family *family = kin ? ces_kin_found(table->kin, kin) : NULL;

    memcpy(flow->ends, ends->ends, sizeof flow->ends);
    flow->first_frame = segment->frame;
    flow->stream = CES_NO_STREAM;
    flow->start = flow->end = CES_TIME_UNKNOWN;
    flow->initiator = guess_initiator(table, flow, family, segment, sender) & 1;
    if (family)
        ces_kin_join(family, flow);
    else
        g_hash_table_add(table->pairs, flow);
    set_service(flow, table->ports);
    return flow;
}

/* --- finding the flow that fits ------------------------------------------------------- */

/* Where a segment belongs. */
typedef struct {
    ces_flow *flow;   /* the connection; NULL: it starts one */
    ces_flow *proven; /* the flow or twin of it whose numbers it fits; NULL: none, it proves nothing */
} place;

typedef struct {
    ces_flow *flow;
    ces_fit fit;
} candidate;

static void
consider(candidate *best, ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    if (!flow || flow == best->flow)
        return;
    ces_fit fit = ces_evidence_fit(flow, segment, sender);
    if (!best->flow || ces_fit_is_better(&fit, &best->fit))
        *best = (candidate){flow, fit};
}

/* Those of the same ends that the segment continues by its very numbers. */
static void
consider_numbers(candidate *best, const ces_kin *kin, const ces_flow *ends, const ces_segment *segment, guint8 sender)
{
    guint32 sequence = segment->sequence - (ces_is_syn(segment) ? 0 : 1);

    if (!segment->has_flags)
        return;
    if (!ces_is_syn_ack(segment))
        consider(best, ces_kin_find(kin, ends, sender, sequence), segment, sender);
    if (ces_has_ack(segment))
        consider(best, ces_kin_find(kin, ends, !sender, segment->acknowledgment - 1), segment, sender);
}

static candidate
find_best(const ces_kin *kin, const ces_family *family, const ces_segment *segment, guint8 sender)
{
    candidate best = {NULL, {CES_FIT_FOREIGN, 0, 0}};

    consider(&best, family->newest, segment, sender);
    consider_numbers(&best, kin, family->newest, segment, sender);
    for (int i = 0; i < CES_KIN_RECENT && family->recent[i]; i++)
        consider(&best, family->recent[i], segment, sender);
    return best;
}

/* --- what fits nothing ------------------------------------------------------------------- */

static gboolean
has_twin(const ces_family *family, const ces_flow *flow)
{
    return family && family->twin && ces_kin_connection(family->twin) == flow;
}

static gboolean
is_soon_after(ces_time earlier, ces_time timestamp)
{
    return earlier != CES_TIME_UNKNOWN && timestamp != CES_TIME_UNKNOWN &&
           (guint64)timestamp - (guint64)earlier + CES_COPY_TIME <= 2 * (guint64)CES_COPY_TIME;
}

/* Whether packets of an answered attempt have come just now. */
static gboolean
is_going_on(const ces_flow *flow, const ces_segment *segment)
{
    return ces_flow_outcome(flow) >= CES_OUTCOME_HALF_OPEN && !flow->closed &&
           is_soon_after(flow->end, segment->timestamp);
}

static gboolean
is_outstanding(const ces_flow *flow, const ces_segment *segment)
{
    return ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED && segment->elapsed - flow->last_attempt <= LONGEST_ATTEMPT;
}

/* Both ends open at once (RFC 9293 section 3.5, figure 8). It is believed only
 * of the end with the service: a SYN from there opens no service, but one from
 * the other end must not be lost behind a forged one. */
static gboolean
is_crossing(const ces_flow *newest, const ces_ports *ports, const ces_segment *segment, guint8 sender)
{
    return sender != newest->initiator && is_outstanding(newest, segment) && carries_service(newest, ports, sender) &&
           !carries_service(newest, ports, !sender);
}

/* A SYN with another number so soon after one that nothing has answered is the
 * same one, behind a firewall that rewrites numbers. */
static place
place_syn(ces_flow_table *table, ces_flow *newest, const ces_family *family, const ces_segment *segment, guint8 sender)
{
    if (is_crossing(newest, table->ports, segment, sender))
        return (place){newest, newest};
    if (sender != newest->initiator || ces_flow_outcome(newest) != CES_OUTCOME_UNANSWERED ||
        segment->elapsed - newest->last_attempt > CES_COPY_TIME || !is_soon_after(newest->end, segment->timestamp) ||
        has_twin(family, newest))
        return (place){NULL, NULL};
    return (place){newest, ces_kin_add_twin(table->kin, ces_kin_found(table->kin, newest), newest, TRUE)};
}

/* A SYN-ACK that answers nothing is the answer to an attempt all the same, or
 * a second one: behind a firewall that rewrites numbers, or of another time.
 * What it begins counts once the initiator takes it up. */
static place
place_syn_ack(ces_flow_table *table, ces_flow *newest, const ces_family *family, const ces_segment *segment,
              guint8 sender)
{
    ces_flow *flow = NULL;

    if (is_outstanding(newest, segment) || is_going_on(newest, segment))
        flow = newest;
    else if (family && family->recent[0] && is_going_on(ces_kin_connection(family->recent[0]), segment))
        flow = ces_kin_connection(family->recent[0]);
    if (!flow || flow->initiator == sender || !ces_flow_opening_seen(flow))
        return (place){NULL, NULL};
    gboolean answered = ces_flow_outcome(flow) >= CES_OUTCOME_HALF_OPEN;
    return (place){flow, ces_kin_add_twin(table->kin, ces_kin_found(table->kin, flow), flow, answered)};
}

/* Data in other numbers while an established connection goes on is a copy, or
 * forged. Else it shows a conversation whose opening is not in the capture. */
static place
place_data(ces_flow *newest, const ces_family *family, const ces_segment *segment)
{
    ces_flow *latest = family && family->recent[0] ? ces_kin_connection(family->recent[0]) : newest;

    if (ces_flow_outcome(latest) == CES_OUTCOME_ESTABLISHED && is_going_on(latest, segment))
        return (place){latest, NULL};
    return (place){NULL, NULL};
}

static place
place_foreign(ces_flow_table *table, ces_flow *newest, const ces_family *family, const ces_segment *segment,
              guint8 sender)
{
    if (ces_is_syn(segment))
        return place_syn(table, newest, family, segment, sender);
    if (ces_is_syn_ack(segment))
        return place_syn_ack(table, newest, family, segment, sender);
    if (ces_is_data(segment))
        return place_data(newest, family, segment);
    return (place){newest, NULL};
}

static place
find_place(ces_flow_table *table, ces_flow *first, const ces_segment *segment, guint8 sender)
{
    ces_family *family = ces_kin_family(table->kin, first);
    candidate best = family ? find_best(table->kin, family, segment, sender)
                            : (candidate){first, ces_evidence_fit(first, segment, sender)};

    if (best.fit.kind == CES_FIT_FOREIGN)
        return place_foreign(table, family ? family->newest : first, family, segment, sender);
    return (place){ces_kin_connection(best.flow), best.fit.kind == CES_FIT_WELL ? best.flow : NULL};
}

/* --- counting ------------------------------------------------------------------------------ */

static void
note_time(ces_flow *flow, ces_time timestamp)
{
    if (timestamp == CES_TIME_UNKNOWN)
        return;
    if (flow->start == CES_TIME_UNKNOWN)
        flow->start = timestamp;
    flow->end = MAX(flow->end, timestamp);
}

/* Whether this SYN is a copy of one before it: a mirror port shows it twice,
 * or two recordings were put one behind the other. */
static gboolean
is_copy(const ces_flow *flow, const ces_segment *syn)
{
    gboolean set_back = ces_clock_set_back(flow->start, flow->first_attempt, syn->timestamp, syn->elapsed);

    if (syn->timestamp == CES_TIME_UNKNOWN || flow->start == CES_TIME_UNKNOWN)
        return FALSE;
    if (set_back && syn->timestamp >= flow->start - CES_COPY_TIME && syn->timestamp <= flow->end)
        return TRUE;
    if (set_back && !(flow->evidence & CES_SEEN_CLOCK_SET_BACK))
        return FALSE;
    return syn->elapsed - flow->last_attempt <= CES_COPY_TIME;
}

/* FALSE if the SYN is no further attempt. */
static gboolean
count_attempt(ces_flow *flow, const ces_segment *syn)
{
    if (flow->syns == 0)
        flow->first_attempt = syn->elapsed;
    else if (is_copy(flow, syn))
        return FALSE;
    else if (ces_clock_set_back(flow->start, flow->first_attempt, syn->timestamp, syn->elapsed))
        flow->evidence |= CES_SEEN_CLOCK_SET_BACK;
    flow->last_attempt = MAX(syn->elapsed, flow->first_attempt);
    flow->syns++;
    return TRUE;
}

/* Frames are numbered in 32 bits, so none of these passes what fits. */
static void
count_segment(ces_flow *flow, const ces_segment *segment, guint8 sender)
{
    flow->last_frame = segment->frame;
    flow->packets[sender]++;
}

static guint32
count_sightings(const ces_flow *flow)
{
    return ces_flow_packets(flow) + flow->refusals;
}

/* --- the decision ------------------------------------------------------------------------------ */

/* Whether a packet changed what the finding depends on: the outcome, and
 * whether a midstream flow is proven. */
static gboolean
changes_decision(const ces_flow *flow, guint16 before)
{
    const guint proof = CES_SEEN_DATA | CES_SEEN_FROM_0 | CES_SEEN_FROM_1;
    ces_outcome outcome = ces_flow_outcome(flow);

    if (outcome != ces_outcome_of(before))
        return TRUE;
    if (outcome != CES_OUTCOME_MIDSTREAM || !((flow->evidence ^ before) & proof))
        return FALSE;
    const ces_flow earlier = {.evidence = before};
    return ces_flow_proven(flow) != ces_flow_proven(&earlier);
}

/* The packet that decided is the one that last changed the decision from what
 * it was by the evidence `before`; an unanswered attempt is decided by its last
 * SYN, after which nothing came. */
static void
note_decision(ces_flow *flow, guint16 before, guint32 frame, gboolean attempt)
{
    if (!(attempt && ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED) &&
        (flow->evidence == before || !changes_decision(flow, before)))
        return;
    flow->decided_frame = frame;
    flow->decided_sighting = count_sightings(flow);
}

/* --- entry points -------------------------------------------------------------------------------- */

/* Whether a SYN comes so soon after an attempt that it is the same one. */
static gboolean
is_same_attempt(const ces_flow *flow, const ces_segment *segment)
{
    return ces_is_syn(segment) && segment->elapsed - flow->last_attempt <= CES_COPY_TIME;
}

/* The right answer comes right behind one in other numbers: that one is its
 * copy. So it is where its own SYN comes behind it. */
static void
recognise_copy(const ces_family *family, const place *where, const ces_segment *segment)
{
    if (ces_is_syn_ack(segment) && where->proven == where->flow && has_twin(family, where->flow) &&
        is_soon_after(family->twin->end, segment->timestamp))
        ces_kin_mark_copy(family->twin);
    if (where->proven != where->flow && is_same_attempt(where->flow, segment))
        ces_kin_mark_copy(where->proven);
}

/* Brings what was learned of a twin to its connection, and notes what others
 * look up. The connection may take over the twin's numbers. */
static void
settle(ces_flow_table *table, place *where, const ces_segment *segment)
{
    ces_family *family = ces_kin_family(table->kin, where->flow);
    ces_flow *proven = where->proven;

    recognise_copy(family, where, segment);
    if (proven != where->flow) {
        note_time(proven, segment->timestamp);
        if (ces_kin_is_copy(proven) && ces_evidence_fold(where->flow, proven))
            where->proven = where->flow;
    }
    ces_kin_note(table->kin, family, proven);
    ces_kin_note(table->kin, family, where->flow);
}

/* Adds the evidence; TRUE if it is one more attempt to open the connection. */
static gboolean
prove(ces_flow_table *table, place *where, const ces_segment *segment, guint8 sender)
{
    ces_flow *flow = where->flow;
    guint8 initiator = flow->initiator;

    if (flow->evidence & CES_SEEN_OTHERS) {
        ces_kin_forget(table->kin, where->proven);
        ces_kin_forget(table->kin, flow);
    }
    ces_evidence_add(where->proven, segment, sender);
    if (flow->evidence & CES_SEEN_OTHERS)
        settle(table, where, segment);
    if (flow->initiator != initiator)
        set_service(flow, table->ports);
    return ces_is_syn(segment) && sender == flow->initiator && count_attempt(flow, segment);
}

/* Its SYN, captured behind it: a later attempt, which the SYN-ACK answered. One
 * that comes right behind the attempt before it is the same one in other numbers. */
static gboolean
is_overtaken_syn(const place *where, const ces_segment *segment, guint8 sender)
{
    return ces_is_syn(segment) && sender == where->flow->initiator && !ces_kin_is_copy(where->proven) &&
           !is_same_attempt(where->flow, segment);
}

/* What a SYN-ACK began that answered nothing turns out to be a connection: it
 * was the answer to a SYN that is not in the capture, or comes only now. Where it is the second
 * SYN-ACK of an attempt and the initiator takes it up, it is no other. */
static gboolean
is_another(const place *where, const ces_segment *segment, guint8 sender)
{
    if (!where->proven)
        return FALSE;
    if (is_overtaken_syn(where, segment, sender))
        return TRUE;
    ces_outcome outcome = ces_flow_outcome(where->flow);
    gboolean same =
        outcome == CES_OUTCOME_ESTABLISHED || (outcome == CES_OUTCOME_HALF_OPEN && sender == where->flow->initiator);

    return !(same && ces_kin_is_copy(where->proven)) && ces_evidence_completes(where->proven, segment, sender);
}

/* ... which is the new `flow`. */
static void
part(ces_flow_table *table, ces_flow *twin, ces_flow *flow)
{
    ces_kin_forget(table->kin, twin);
    ces_evidence_hand_over(flow, twin);
    ces_kin_replace_twin(ces_kin_family(table->kin, flow), twin, flow);
    set_service(flow, table->ports);
}

/* The flow that takes the segment, and with what effect. */
static place
take(ces_flow_table *table, const ces_flow *ends, const ces_segment *segment, guint8 sender)
{
    ces_flow *first = (ces_flow *)g_hash_table_lookup(table->pairs, ends), *twin = NULL;

    if (first) {
        place where = find_place(table, first, segment, sender);
        if (where.proven != where.flow && is_another(&where, segment, sender))
            twin = where.proven;
        else if (where.flow)
            return where;
    }
    ces_flow *flow = add_flow(table, ends, first, segment, sender);
    if (twin)
        part(table, twin, flow);
    return (place){flow, flow};
}

ces_sighting
ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment)
{
    ces_flow ends;
    guint8 sender = set_ends(&ends, &segment->source, &segment->destination);
    place where = take(table, &ends, segment, sender);
    guint16 before = where.flow->evidence;

    count_segment(where.flow, segment, sender);
    gboolean attempt = where.proven && prove(table, &where, segment, sender);
    gboolean stray = where.proven != where.flow;
    if (!stray)
        where.flow->bytes[sender] += segment->payload; /* 2^32 packets of 2^32 bytes fit */
    note_time(where.flow, segment->timestamp);
    note_decision(where.flow, before, segment->frame, attempt);
    return (ces_sighting){where.flow, count_sightings(where.flow), sender, FALSE, (guint8)stray, FALSE};
}

static gboolean
is_refused_by(const ces_flow *flow, const ces_refusal *refusal, guint8 sender)
{
    return flow && (flow->evidence & CES_SEEN_SYN) && sender == flow->initiator &&
           refusal->sequence == ces_flow_initial(flow);
}

gboolean
ces_flow_table_refusal(ces_flow_table *table, const ces_refusal *refusal, ces_sighting *sighting)
{
    ces_flow ends;
    guint8 sender = set_ends(&ends, &refusal->source, &refusal->destination);
    ces_flow *flow = (ces_flow *)g_hash_table_lookup(table->pairs, &ends);

    if (flow && (flow->evidence & CES_SEEN_OTHERS))
        flow = ces_kin_find(table->kin, &ends, sender, refusal->sequence);
    if (!is_refused_by(flow, refusal, sender))
        return FALSE;
    flow = ces_kin_connection(flow);
    if (ces_flow_outcome(flow) > CES_OUTCOME_REJECTED)
        return FALSE;
    guint16 before = flow->evidence;
    flow->refusals += flow->refusals < G_MAXUINT16;
    flow->last_frame = refusal->frame;
    flow->evidence |= CES_SEEN_ICMP_REFUSAL;
    note_time(flow, refusal->timestamp);
    note_decision(flow, before, refusal->frame, FALSE);
    *sighting = (ces_sighting){flow, count_sightings(flow), sender, TRUE, FALSE, FALSE};
    return TRUE;
}
