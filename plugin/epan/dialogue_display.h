/* dialogue_display.h
 * What was said on a quarantine or sync connection, on the packet: fields
 * "ces.quarantine.*" and "ces.sync.*", and expert items.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DIALOGUE_DISPLAY_H
#define CES_DIALOGUE_DISPLAY_H

#include "compat.h"

#include <ces/assessment.h>

/* Registers fields and expert items of the two protocols. */
void ces_dialogue_display_register(int proto_ces, int proto_quarantine);

/* Shows what the packet's sighting number `index` contributed to the dialogue.
 * `ces_item` is the item that ces_display made, or NULL. `tree` may be NULL. */
void ces_dialogue_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ces_item, guint position,
                          const ces_sighting *sighting, const ces_assessment *assessment);

#endif
