/* taps.h
 * The tap "ces", and the connections that a listener on it has seen.
 *
 * Each packet hands the tap the flows that it shows. A listener only notes
 * which those are; what is to be said of them is read off the flow table when
 * the report is drawn. So every report shows the final state, in one pass as
 * well as in two, and a filter chooses connections, not states.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TAPS_H
#define CES_TAPS_H

#include "compat.h"

#include <ces/assessment.h>

/* Registers the tap and every report on it. */
void ces_taps_register(void);

/* The name of the tap; its data is a `const ces_sighting *`. */
#define CES_TAP "ces"

/* Whether anybody listens. */
gboolean ces_taps_wanted(void);

/* Hands a sighting to the listeners; it must live as long as the packet. */
void ces_taps_queue(packet_info *pinfo, const ces_sighting *sighting);

/* Whether this program is tshark, where reports print and may end the
 * program. Elsewhere the same reports are windows. */
gboolean ces_taps_in_tshark(void);

/* --- what a listener has seen ---------------------------------------------- */

/* A set of flows of the open capture. Flows that are gone are never touched. */
typedef struct {
    GHashTable *flows;
    const ces_flow *latest;
} ces_seen;

void ces_seen_init(ces_seen *seen);
void ces_seen_clear(ces_seen *seen);
void ces_seen_reset(ces_seen *seen);

/* TRUE if the flow is new to the set. */
gboolean ces_seen_add(ces_seen *seen, const ces_flow *flow);

/* Visits what is now known of every flow in the set that carries a service,
 * in the order of their first frames. */
typedef void (*ces_seen_visitor)(const ces_assessment *assessment, void *data);
void ces_seen_foreach(const ces_seen *seen, ces_seen_visitor visitor, void *data);

#endif
