/* flow_events.c
 * The promises of the flow table, and events made from bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_events.h"

#include <string.h>

ces_ports *
flow_default_ports(void)
{
    static const struct {
        ces_service service;
        guint16 port;
    } defaults[] = {{CES_SERVICE_SYNC, 22},
                    {CES_SERVICE_SPAM_QUARANTINE, 6025},
                    {CES_SERVICE_PVO_QUARANTINE, 7025},
                    {CES_SERVICE_SMTP, 25},
                    {CES_SERVICE_SUBMISSION, 587}};
    ces_ports *ports = g_new(ces_ports, 1);

    ces_ports_clear(ports);
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++)
        g_assert_true(ces_ports_assign(ports, defaults[i].service, defaults[i].port, defaults[i].port, NULL));
    return ports;
}

guint
flow_index(const ces_flow_table *table, const ces_flow *flow)
{
    for (guint i = 0; i < ces_flow_table_count(table); i++) {
        if (ces_flow_table_get(table, i) == flow)
            return i;
    }
    g_assert_not_reached();
}

/* How much an outcome proves: it may rise and never fall. */
static int
rank_of(ces_outcome outcome)
{
    switch (outcome) {
    case CES_OUTCOME_MIDSTREAM:
        return 0;
    case CES_OUTCOME_UNANSWERED:
        return 1;
    case CES_OUTCOME_REJECTED:
        return 2;
    case CES_OUTCOME_REFUSED:
        return 3;
    case CES_OUTCOME_HALF_OPEN:
        return 4;
    case CES_OUTCOME_ESTABLISHED:
        return 5;
    case CES_OUTCOME_COUNT:
        break;
    }
    g_assert_not_reached();
}

static int
rank_of_opening(guint8 opening)
{
    switch (opening) {
    case CES_OPENING_PORTS:
        return 0;
    case CES_OPENING_SYN_ACK:
        return 1;
    case CES_OPENING_SYN:
        return 2;
    }
    g_assert_not_reached();
}

/* The flows as they were before an event. */
typedef struct {
    ces_flow *flow;
    ces_flow copy;
} remembered;

static GArray *
remember(const ces_flow_table *table)
{
    GArray *memory = g_array_new(FALSE, FALSE, sizeof(remembered));

    for (guint i = 0; i < ces_flow_table_count(table); i++) {
        ces_flow *flow = ces_flow_table_get(table, i);
        remembered item = {.flow = flow};

        memcpy(&item.copy, flow, sizeof item.copy); /* padding too, so that memcmp may compare */
        g_array_append_val(memory, item);
    }
    return memory;
}

/* Every flow but `touched` is as it was and where it was. */
static void
assert_others_unchanged(const ces_flow_table *table, const GArray *before, const ces_flow *touched)
{
    g_assert_cmpuint(ces_flow_table_count(table), >=, before->len);
    for (guint i = 0; i < before->len; i++) {
        const remembered *item = &g_array_index(before, remembered, i);

        g_assert_true(ces_flow_table_get(table, i) == item->flow);
        if (item->flow == touched)
            continue;
        ces_flow now;
        memcpy(&now, item->flow, sizeof now);
        if (!(item->copy.evidence & CES_SEEN_OTHERS))
            now.evidence &= (guint16)~CES_SEEN_OTHERS; /* the only thing that others tell a flow */
        g_assert_cmpint(memcmp(&now, &item->copy, sizeof now), ==, 0);
    }
}

static int
socket_compare(const ces_socket *a, const ces_socket *b)
{
    int order = ces_address_compare(&a->address, &b->address);

    return order != 0 ? order : (int)a->port - (int)b->port;
}

static guint32
sightings_of(const ces_flow *flow)
{
    return ces_flow_packets(flow) + flow->refusals;
}

static void
assert_times(const ces_flow *flow)
{
    gint64 span;

    g_assert_cmpint(flow->start == CES_TIME_UNKNOWN, ==, flow->end == CES_TIME_UNKNOWN);
    g_assert_cmpint(flow->start, <=, flow->end);
    g_assert_cmpint(flow->first_attempt, <=, flow->last_attempt);
    if (ces_flow_attempts_span(flow, &span))
        g_assert_cmpint(span, ==, flow->last_attempt - flow->first_attempt);
    else
        g_assert_cmpint(span, ==, 0);
}

static void
assert_ended(const ces_flow *flow)
{
    ces_ended ended = ces_flow_ended(flow);

    g_assert_cmpuint(flow->closed, <=, 4);
    if (ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED || ces_flow_outcome(flow) == CES_OUTCOME_REJECTED)
        g_assert_cmpint(ended, ==, CES_ENDED_OPEN);
    else if (flow->evidence & CES_SEEN_ABORTED)
        g_assert_cmpint(ended, !=, CES_ENDED_OPEN);
}

static void
assert_sound(const ces_flow *flow, guint32 frame)
{
    g_assert_cmpuint(flow->initiator, <=, 1);
    g_assert_cmpint(socket_compare(&flow->ends[0], &flow->ends[1]), <=, 0);
    g_assert_cmpuint(ces_flow_packets(flow), >=, 1);
    g_assert_cmpuint(flow->syns, <=, ces_flow_packets(flow));
    g_assert_cmpuint(flow->evidence & CES_SEEN_TWIN, ==, 0);
    g_assert_cmpint(flow->opening == CES_OPENING_SYN, ==, flow->syns > 0);
    g_assert_cmpuint(flow->first_frame, <=, flow->last_frame);
    if (flow->decided_frame != 0) {
        g_assert_cmpuint(flow->decided_frame, >=, flow->first_frame);
        g_assert_cmpuint(flow->decided_frame, <=, frame);
        g_assert_cmpuint(flow->decided_sighting, <=, sightings_of(flow));
    }
    if (ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED)
        g_assert_cmpuint(flow->syns, >=, 1);
    assert_times(flow);
    assert_ended(flow);
}

static void
assert_only_gained(const ces_flow *now, const ces_flow *before)
{
    g_assert_cmpint(rank_of(ces_flow_outcome(now)), >=, rank_of(ces_flow_outcome(before)));
    g_assert_cmpint(rank_of_opening(now->opening), >=, rank_of_opening(before->opening));
    g_assert_cmpint(ces_flow_proven(now), >=, ces_flow_proven(before));
    g_assert_cmpuint(now->syns, >=, before->syns);
    g_assert_cmpuint(sightings_of(now), ==, sightings_of(before) + 1);
    g_assert_cmpuint(now->first_frame, ==, before->first_frame);
    g_assert_cmpuint(now->bytes[0], >=, before->bytes[0]);
    g_assert_cmpuint(now->bytes[1], >=, before->bytes[1]);
    g_assert_cmpint(now->end, >=, before->end);
    if (before->closed)
        g_assert_cmpuint(now->closed, ==, before->closed);
    if (before->opening == CES_OPENING_SYN)
        g_assert_cmpuint(now->initiator, ==, before->initiator);
}

static void
assert_sender(const ces_sighting *sighting, const ces_socket *source, const ces_socket *destination)
{
    g_assert_cmpuint(sighting->sender, <=, 1);
    g_assert_cmpint(socket_compare(&sighting->flow->ends[sighting->sender], source), ==, 0);
    g_assert_cmpint(socket_compare(&sighting->flow->ends[!sighting->sender], destination), ==, 0);
}

ces_sighting
flow_segment_checked(ces_flow_table *table, const ces_segment *segment)
{
    GArray *before = remember(table);
    ces_sighting sighting = ces_flow_table_segment(table, segment);
    guint index = flow_index(table, sighting.flow);

    assert_others_unchanged(table, before, sighting.flow);
    assert_sender(&sighting, &segment->source, &segment->destination);
    assert_sound(sighting.flow, segment->frame);
    g_assert_false(sighting.refusal);
    g_assert_cmpuint(sighting.ordinal, ==, sightings_of(sighting.flow));
    g_assert_cmpuint(sighting.flow->last_frame, ==, segment->frame);
    if (index < before->len) {
        const ces_flow *copy = &g_array_index(before, remembered, index).copy;

        g_assert_cmpuint(ces_flow_table_count(table), ==, before->len);
        g_assert_cmpuint(ces_flow_packets(sighting.flow), ==, ces_flow_packets(copy) + 1);
        assert_only_gained(sighting.flow, copy);
    } else {
        g_assert_cmpuint(ces_flow_table_count(table), ==, before->len + 1);
        g_assert_cmpuint(sighting.ordinal, ==, 1);
        g_assert_cmpuint(ces_flow_packets(sighting.flow), ==, 1);
        g_assert_cmpuint(sighting.flow->first_frame, ==, segment->frame);
        g_assert_cmpuint(sighting.flow->stream, ==, CES_NO_STREAM);
    }
    g_array_free(before, TRUE);
    return sighting;
}

gboolean
flow_refusal_checked(ces_flow_table *table, const ces_segment *quoted, ces_sighting *sighting)
{
    const ces_refusal refusal = {quoted->source, quoted->destination, quoted->frame, quoted->sequence,
                                 quoted->timestamp};
    GArray *before = remember(table);
    gboolean counts = ces_flow_table_refusal(table, &refusal, sighting);

    g_assert_cmpuint(ces_flow_table_count(table), ==, before->len);
    assert_others_unchanged(table, before, counts ? sighting->flow : NULL);
    if (counts) {
        const ces_flow *flow = sighting->flow;
        const ces_flow *copy = &g_array_index(before, remembered, flow_index(table, flow)).copy;

        assert_sender(sighting, &quoted->source, &quoted->destination);
        assert_sound(flow, quoted->frame);
        g_assert_true(sighting->refusal);
        g_assert_cmpuint(sighting->ordinal, ==, sightings_of(flow));
        g_assert_cmpint(socket_compare(ces_flow_initiator(flow), &quoted->source), ==, 0);
        g_assert_cmpuint(ces_flow_packets(flow), ==, ces_flow_packets(copy));
        g_assert_cmpuint(flow->syns, ==, copy->syns);
        assert_only_gained(flow, copy);
    }
    g_array_free(before, TRUE);
    return counts;
}

/* Few pairs of ends and few numbers, so that events meet. */
static void
choose_ends(guint8 byte, ces_segment *segment)
{
    static const ces_socket pairs[][2] = {
        {{{0, 0xc0000201, TRUE}, 50000}, {{0, 0xcb007102, TRUE}, 22}},
        {{{0, 0xcb007102, TRUE}, 6025}, {{0, 0xc0000201, TRUE}, 7025}},
        {{{G_GUINT64_CONSTANT(0x20010db800000000), 1, FALSE}, 25},
         {{G_GUINT64_CONSTANT(0x20010db800000000), 1, FALSE}, 587}},
        {{{0, 0x7f000001, TRUE}, 25}, {{0, 0x7f000001, TRUE}, 25}},
    };
    const ces_socket *pair = pairs[byte % G_N_ELEMENTS(pairs)];
    gboolean turned = (byte & 4) != 0;

    segment->source = pair[turned];
    segment->destination = pair[!turned];
}

static guint32
choose_number(guint8 nibble)
{
    static const guint32 numbers[16] = {0,   1,   2,   100, 101,        102,        110,        500,
                                        501, 502, 510, 900, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

    return numbers[nibble & 15];
}

/* Copies, attempts, packets out of order, clocks set back, times that the
 * capture cannot tell. */
static ces_time
choose_time(guint8 byte, ces_time latest)
{
    static const gint64 steps[] = {
        0,      10000,           49 * (CES_SECOND / 1000), 51 * (CES_SECOND / 1000), CES_SECOND, 200 * CES_SECOND,
        -10000, -CES_SECOND / 2, -3600 * CES_SECOND};
    gint64 step = steps[byte % G_N_ELEMENTS(steps)];

    if (byte >= 250)
        return CES_TIME_UNKNOWN;
    return MAX(latest + step, 0);
}

static ces_segment
event_of(const guint8 bytes[FLOW_EVENT_BYTES], guint32 frame, ces_clock *clock)
{
    static const guint32 payloads[8] = {0, 0, 0, 1, 8, 10, 1460, 65535};
    ces_time latest = clock->latest == CES_TIME_UNKNOWN ? 10000 * CES_SECOND : clock->latest;
    ces_segment segment = {.frame = frame, .timestamp = choose_time(bytes[5], latest)};
    guint8 truncation = bytes[0] >> 4;

    segment.elapsed = ces_clock_note(clock, segment.timestamp);
    choose_ends(bytes[0], &segment);
    segment.has_sequence = truncation != 1;
    segment.has_flags = segment.has_sequence && truncation != 2;
    if (segment.has_sequence)
        segment.sequence = choose_number(bytes[2]);
    if (segment.has_flags) {
        segment.flags = bytes[1];
        segment.acknowledgment = choose_number(bytes[2] >> 4);
        segment.payload = payloads[bytes[3] & 7];
    }
    return segment;
}

static void
assert_counts(const ces_flow_table *table, const ces_ports *ports, guint segments, guint syns)
{
    guint packets = 0, attempts = 0;

    g_assert_cmpuint(ces_flow_table_count(table), <=, segments);
    for (guint i = 0; i < ces_flow_table_count(table); i++) {
        const ces_flow *flow = ces_flow_table_get(table, i);

        packets += ces_flow_packets(flow);
        attempts += flow->syns;
        g_assert_cmpuint(flow->service, ==, ces_ports_service(ports, ces_flow_responder(flow)->port));
        if (i > 0)
            g_assert_cmpuint(ces_flow_table_get(table, i - 1)->first_frame, <, flow->first_frame);
    }
    g_assert_cmpuint(packets, ==, segments);
    g_assert_cmpuint(attempts, <=, syns);
}

void
flow_events_run(const guint8 *bytes, gsize size)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = ces_flow_table_new(ports);
    ces_clock clock = {0, CES_TIME_UNKNOWN};
    guint segments = 0, syns = 0;

    for (gsize at = 0; at + FLOW_EVENT_BYTES <= size; at += FLOW_EVENT_BYTES) {
        ces_segment segment = event_of(bytes + at, (guint32)(at / FLOW_EVENT_BYTES + 1), &clock);
        ces_sighting sighting;

        if (bytes[at + 4] % 8 == 0) {
            flow_refusal_checked(table, &segment, &sighting);
            continue;
        }
        flow_segment_checked(table, &segment);
        segments++;
        syns += segment.has_flags && (segment.flags & CES_TCP_SYN);
    }
    assert_counts(table, ports, segments, syns);
    ces_flow_table_free(table);
    g_free(ports);
}
