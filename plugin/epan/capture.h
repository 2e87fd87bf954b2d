/* capture.h
 * What lives as long as one open capture: its analysis, and what is remembered
 * of each packet.
 *
 * The analysis is made here, unless a program that dissects captures itself has
 * lent one of its own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CAPTURE_H
#define CES_CAPTURE_H

#include "compat.h"

#include <ces/assessment.h>

/* The protocol keys what is remembered of packets. */
void ces_capture_register(int proto_ces);

/* When a capture is opened: makes its analysis, unless one is lent. When it is
 * closed: frees it. */
void ces_capture_open(void);
void ces_capture_close(void);

/* Captures that are opened from now on feed this analysis, by its settings, and
 * leave it to its owner when they are closed; NULL: each has its own again. Not
 * `whole`: only some packets of the capture will be seen. Then no flow gets the
 * number of a stream, and Wireshark's tables of names are not read. */
void ces_capture_lend(ces_analysis *analysis, gboolean whole);

/* The analysis of the open capture; NULL while none is open. */
ces_analysis *ces_capture_analysis(void);

/* The same while the protocol is enabled, else NULL: who reads packets asks for
 * each, so it was found out when the capture was opened. */
ces_analysis *ces_capture_fed(void);

/* Whether all packets of the capture are seen. */
gboolean ces_capture_is_whole(void);

/* The time of a packet as the capture file gives it. */
ces_time ces_capture_time_of(const packet_info *pinfo);

/* --- packets ------------------------------------------------------------------ */

/* Remembers that this packet shows a flow, and what it contributed to the
 * dialogue. First visit only: packets are renumbered afterwards (tshark -2
 * -R), what is remembered goes with them. A packet shows more than one flow
 * when TCP is tunnelled in TCP; those beyond CES_SIGHTINGS_PER_PACKET are not
 * remembered, then NULL. */
#define CES_SIGHTINGS_PER_PACKET 8
const ces_sighting *ces_capture_remember(packet_info *pinfo, const ces_addition *addition);

/* The packet's sighting number `position`, or NULL. Valid as long as the capture is open. */
const ces_sighting *ces_capture_recall(packet_info *pinfo, guint position);

/* The sighting of the segment that is being dissected: the last whose ports are
 * those of the packet now, or NULL. */
const ces_sighting *ces_capture_current(packet_info *pinfo);

/* What a sighting that is remembered contributed to the dialogue, to be read or
 * (on the first visit) added to; NULL if that is nothing. */
ces_contribution *ces_capture_contribution(const ces_sighting *sighting);

#endif
