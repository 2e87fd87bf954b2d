/* capture.h
 * What lives as long as one open capture: its analysis, and what is remembered
 * of each packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CAPTURE_H
#define CES_CAPTURE_H

#include "compat.h"

#include <ces/assessment.h>

/* Registers making an analysis when a capture is opened and freeing it when it
 * is closed. The two protocols key what is remembered of packets. */
void ces_capture_register(int proto_ces, int proto_quarantine);

/* The analysis of the open capture; NULL while none is open. */
ces_analysis *ces_capture_analysis(void);

/* The time of a packet as the capture file gives it. */
ces_time ces_capture_time_of(const packet_info *pinfo);

/* Call it before a packet that carries IP is dissected further. `may_teach`: it
 * may put names into Wireshark's own table, which is read before the first such
 * packet (see name_table.h). */
void ces_capture_begin_packet(gboolean may_teach);

/* Call it when all packets have been read: before a report is drawn, and before
 * a packet is shown again. Names at the end of the file count from then on. */
void ces_capture_know_all(void);

/* The assessment of a flow by all that is known now. */
ces_assessment ces_capture_assess(const ces_flow *flow);

/* Remembers that this packet shows a flow, and what it contributed to the
 * dialogue. First visit only: packets are renumbered afterwards (tshark -2
 * -R), what is remembered goes with them. Returns the sighting's number, from
 * 0: a packet shows more than one flow when TCP is tunnelled in TCP. Those
 * beyond CES_SIGHTINGS_PER_PACKET are not remembered. */
#define CES_SIGHTINGS_PER_PACKET 8
guint ces_capture_remember(packet_info *pinfo, const ces_sighting *sighting, const ces_contribution *contribution);

/* The packet's sighting number `index`, or NULL. Valid as long as the capture is open. */
const ces_sighting *ces_capture_recall(packet_info *pinfo, guint position);

/* What its segment contributed to the dialogue, or NULL. */
const ces_contribution *ces_capture_recall_contribution(packet_info *pinfo, guint position);

/* The same to add to; made if there is none. First visit only. */
ces_contribution *ces_capture_contribution(packet_info *pinfo, guint position);

/* The number of the segment that is being dissected: the last sighting whose
 * ports are those of the packet now. FALSE if there is none. */
gboolean ces_capture_current(packet_info *pinfo, guint *position);

/* Call when all that a packet shows has been recalled for the last time. */
void ces_capture_end_packet(const packet_info *pinfo);

#endif
