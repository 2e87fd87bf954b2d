/* fuzz_flow.c
 * Fuzz target: any events at all leave the flow table sound.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_events.h"
#include "fuzz.h"

/* The checks compare every flow at every event; more events than this cost
 * time and find nothing new. */
#define MOST_EVENTS 200

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    flow_events_run(data, MIN(size, MOST_EVENTS * FLOW_EVENT_BYTES));
    return 0;
}
