/* quarantine_display.h
 * What was said on a quarantine or sync connection, on the packet: fields
 * "ces.quarantine.*" and "ces.sync.*", and expert items.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_QUARANTINE_DISPLAY_H
#define CES_QUARANTINE_DISPLAY_H

#include "compat.h"

#include <ces/assessment.h>

/* Registers fields and expert items of the two protocols. */
void ces_quarantine_display_register(int proto_ces, int proto_quarantine);

/* Shows what is known of the words of the packet's sighting number `index`.
 * `ces_item` is the item that ces_display made, or NULL; `assessment` is NULL
 * for a flow that carries no service. `tree` may be NULL. */
void ces_quarantine_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ces_item, guint index,
                            const ces_sighting *sighting, const ces_assessment *assessment);

#endif
