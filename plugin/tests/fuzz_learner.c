/* fuzz_learner.c
 * Fuzz target: whatever datagrams and segments hold and in whatever order they
 * come, the names that are learned are names that could be typed, none is said
 * to be of a hosts file, and looking changes nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/learner.h"

#include <string.h>

#include "flow/flow_table.h"
#include "fuzz.h"

typedef struct {
    const uint8_t *at, *end;
} input;

static guint
take_byte(input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

static ces_address
address_of(guint number)
{
    return number & 4 ? (ces_address){G_GUINT64_CONSTANT(0x64ff9b00000000), 0xc0000200 + (number & 3), FALSE}
                      : (ces_address){0, 0xc0000200 + (number & 3), TRUE};
}

/* A segment or datagram between a few ends; the payload, copied so that
 * reading beyond it is seen, follows in the input. */
static ces_segment
take_segment(input *in, guint family)
{
    static const guint16 ports[] = {53, 5353, 40000, 25, 6025, 22, 40001, 53};
    static const guint8 flags[] = {0x10, 0x02, 0x12, 0x10, 0x18, 0x04, 0x11, 0x00};
    guint ends = take_byte(in), choice = take_byte(in), length = take_byte(in);
    guint sequence = take_byte(in), acknowledgment = take_byte(in);
    gsize left = (gsize)(in->end - in->at);
    ces_segment segment = {
        .source = {address_of((ends & 3) | family), ports[ends >> 5]},
        .destination = {address_of((ends >> 2 & 3) | family), ports[choice & 7]},
        .has_sequence = TRUE,
        .has_flags = TRUE,
        .flags = flags[choice >> 3 & 7],
        .sequence = 100 + sequence,
        .acknowledgment = 100 + acknowledgment,
        .captured = (guint32)MIN(length, left),
    };

    segment.payload = segment.captured + (choice >> 6);
    segment.bytes = (const guint8 *)g_memdup2(in->at, segment.captured);
    in->at += segment.captured;
    return segment;
}

static void
add(ces_learner *learner, ces_flow_table *flows, const ces_segment *segment, gboolean is_datagram)
{
    gboolean wanted = ces_learner_wants_dns(segment->source.port, segment->destination.port);

    if (is_datagram) {
        ces_learner_add_datagram(learner, &segment->source, &segment->destination, segment->bytes, segment->captured,
                                 segment->frame);
    } else if (wanted) {
        ces_learner_add_dns_segment(learner, segment);
    } else {
        ces_sighting sighting = ces_flow_table_segment(flows, segment);
        if (!sighting.stray)
            ces_learner_add_segment(learner, sighting.flow, segment, sighting.sender != sighting.flow->initiator);
    }
}

static void
check(const ces_learner *learner)
{
    for (guint number = 0; number < 8; number++) {
        ces_address address = address_of(number);
        ces_learned_name first, second;
        char again[CES_NAME_SIZE];

        if (!ces_learner_find(learner, &address, &first))
            continue;
        g_assert_true(ces_learner_find(learner, &address, &second));
        g_assert_true(first.name == second.name);
        g_assert_true(ces_name_write(first.name, strlen(first.name), again));
        g_assert_cmpstr(again, ==, first.name);
        g_assert_cmpint(first.basis, !=, CES_BASIS_HOSTS);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ces_ports *ports;
    static ces_zones *zones;
    input in = {data, data + size};

    if (!ports) {
        ports = g_new0(ces_ports, 1);
        ces_ports_assign(ports, CES_SERVICE_SMTP, 25, 25, NULL);
        ces_ports_assign(ports, CES_SERVICE_SPAM_QUARANTINE, 6025, 6025, NULL);
        ces_ports_assign(ports, CES_SERVICE_SYNC, 22, 22, NULL);
        zones = ces_zones_new(CES_ZONES_DEFAULT, NULL);
    }
    ces_flow_table *flows = ces_flow_table_new(ports);
    ces_learner *learner = ces_learner_new(zones);
    for (guint32 frame = 1; in.at < in.end; frame++) {
        guint kind = take_byte(&in);
        ces_segment segment = take_segment(&in, kind & 4);
        segment.frame = frame;
        add(learner, flows, &segment, kind & 1);
        g_free((gpointer)segment.bytes);
    }
    check(learner);
    ces_learner_free(learner);
    ces_flow_table_free(flows);
    return 0;
}
