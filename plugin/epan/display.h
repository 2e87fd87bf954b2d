/* display.h
 * What is known of a flow, on the packet: tree, expert information, Info.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DISPLAY_H
#define CES_DISPLAY_H

#include "compat.h"

#include <ces/flow.h>

/* Registers the fields and expert items of both protocols. */
void ces_display_register(int proto_ces, int proto_quarantine);

/* Whether anybody looks at what would be shown on this packet. */
gboolean ces_display_is_wanted(const packet_info *pinfo, proto_tree *tree);

/* Shows a sighting of the packet: the assessment of its flow, and what the
 * packet contributed to the dialogue.
 * `tree` may be NULL: the expert items and the Info column do not depend on it. */
void ces_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_sighting *sighting);

#endif
