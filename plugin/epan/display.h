/* display.h
 * What is known of a flow, on the packet: tree, expert information, Info.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DISPLAY_H
#define CES_DISPLAY_H

#include "compat.h"

#include <ces/assessment.h>

/* Registers the fields and expert items of the protocol. */
void ces_display_register(int proto_ces);

/* Whether this packet's Info column, and the expert information in this run,
 * are looked at by anybody. */
gboolean ces_display_wants_info(const packet_info *pinfo);
gboolean ces_display_wants_experts(const proto_tree *tree);

/* Shows the assessment of the sighting's flow on this packet. `tree` may be
 * NULL: the expert items and the Info column do not depend on it. Returns the
 * item of the tree, or NULL if nobody looks at it. */
proto_item *ces_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_sighting *sighting,
                        const ces_assessment *assessment);

#endif
