/* dialogue_display.h
 * What was said on a quarantine or sync connection, in the tree of the packet:
 * fields "ces.quarantine.*" and "ces.sync.*".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DIALOGUE_DISPLAY_H
#define CES_DIALOGUE_DISPLAY_H

#include "compat.h"

#include <ces/assessment.h>

void ces_dialogue_display_register(int proto_ces, int proto_quarantine);

/* Shows what a packet contributed to a delivery: an item of its own. A sync,
 * and X11, make none: then NULL. `text` is used to write sentences. */
proto_item *ces_dialogue_display_delivery(proto_tree *tree, tvbuff_t *tvb, const ces_flow *flow,
                                          const ces_contribution *contribution, GString *text);

/* Adds how SSH failed, if it did. */
void ces_dialogue_display_failure(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment);

#endif
