/* flow_events.h
 * The flow table with its promises asserted at every call, and events made
 * from bytes: for the tests by script, by chance and by fuzzing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TESTS_FLOW_EVENTS_H
#define CES_TESTS_FLOW_EVENTS_H

#include "flow/flow_table.h"

/* The ports of the design. Free with g_free. */
ces_ports *flow_default_ports(void);

/* Where the table keeps the flow; it must be there. */
guint flow_index(const ces_flow_table *table, const ces_flow *flow);

/* Adds the segment and asserts what holds for any segment: one flow takes it,
 * it only gains evidence, and no other flow changes. */
ces_sighting flow_segment_checked(ces_flow_table *table, const ces_segment *segment);

/* Adds an ICMP error that quotes the segment and asserts what holds for any,
 * first of all that nothing changes when it does not count. */
gboolean flow_refusal_checked(ces_flow_table *table, const ces_segment *quoted, ces_sighting *sighting);

/* Each event is made of so many bytes; a rest is ignored. */
#define FLOW_EVENT_BYTES 6

/* Feeds the events to a new table, all promises asserted. */
void flow_events_run(const guint8 *bytes, gsize size);

#endif
