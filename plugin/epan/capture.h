/* capture.h
 * What lives as long as one open capture: the flows, and which packet showed
 * which of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CAPTURE_H
#define CES_CAPTURE_H

#include "compat.h"

#include "flow/flow_table.h"

/* Registers making the flow table when a capture is opened and freeing it
 * when it is closed. `proto_ces` keys what is remembered of packets. */
void ces_capture_register(int proto_ces);

/* The flows of the open capture; NULL while none is open. */
ces_flow_table *ces_capture_flows(void);

/* Remembers that this packet shows a flow. First visit only: packets are
 * renumbered afterwards (tshark -2 -R), what is remembered goes with them.
 * A packet shows more than one flow when TCP is tunnelled in TCP; those
 * beyond CES_SIGHTINGS_PER_PACKET are not remembered. */
#define CES_SIGHTINGS_PER_PACKET 8
void ces_capture_remember(packet_info *pinfo, ces_sighting sighting);

/* The packet's sighting number `index` from 0, or NULL. Valid as long as the
 * capture is open. */
const ces_sighting *ces_capture_recall(packet_info *pinfo, guint index);

/* Call when all that a packet shows has been recalled for the last time. */
void ces_capture_end_packet(void);

/* Whether this flow is the one that says that no site is known. The first
 * that asks is, and stays it: the sentence stands once in a capture. */
gboolean ces_capture_says_missing_sites(const ces_flow *flow);

/* Whether this sighting is the one that tells that table and name of this
 * address contradict each other: once for each address, as above. `sighting`
 * is one that ces_capture_recall returned. */
gboolean ces_capture_says_conflict(const ces_address *address, const ces_sighting *sighting);

#endif
