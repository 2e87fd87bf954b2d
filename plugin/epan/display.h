/* display.h
 * What is known of a flow, on the packet: tree, expert information, Info.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DISPLAY_H
#define CES_DISPLAY_H

#include "compat.h"

#include <ces/assessment.h>

/* Registers the fields and expert items of both protocols. */
void ces_display_register(int proto_ces, int proto_quarantine);

/* Whether anybody looks at what would be shown on this packet. */
gboolean ces_display_is_wanted(const packet_info *pinfo, proto_tree *tree);

/* Shows a sighting of the packet: the assessment of its flow, and what the
 * packet contributed to the dialogue.
 * `tree` may be NULL: the expert items and the Info column do not depend on it. */
void ces_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_sighting *sighting);

/* --- what was said: fields "ces.quarantine.*" and "ces.sync.*", see dialogue_display.c */

void ces_dialogue_display_register(int proto_ces, int proto_quarantine);

/* Shows what a packet contributed to a delivery: an item of its own. A sync,
 * and X11, make none: then NULL. `text` is used to write sentences. */
proto_item *ces_dialogue_display_delivery(proto_tree *tree, tvbuff_t *tvb, const ces_flow *flow,
                                          const ces_contribution *contribution, GString *text);

/* Adds how SSH failed, if it did. */
void ces_dialogue_display_failure(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment);

#endif
