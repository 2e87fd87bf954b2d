/* flow_table.h
 * The table of flows: finds the connection that a packet belongs to, and adds
 * to it what the packet proves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FLOW_TABLE_H
#define CES_FLOW_TABLE_H

#include <ces/flow.h>

typedef struct ces_flow_table ces_flow_table;

/* A table without flows. `ports` says which ports carry a service and must
 * outlive the table unchanged. Free with ces_flow_table_free, which frees all
 * flows as well. */
ces_flow_table *ces_flow_table_new(const ces_ports *ports);
void ces_flow_table_free(ces_flow_table *table);

/* Adds a segment of which at least one port carries a service; segments must
 * come in capture order, and what `elapsed` says must never run backwards.
 * Always finds or opens a flow: what belongs to none of them and opens none is
 * counted as a stray of the newest one of its ends. Costs one lookup, and a
 * few more where the ends had other connections, however many. */
ces_sighting ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment);

/* Adds an ICMP refusal. FALSE, and nothing changed, when it quotes the SYN of
 * no connection seen (a quote alone creates none), or of one that was refused
 * or answered otherwise. */
gboolean ces_flow_table_refusal(ces_flow_table *table, const ces_refusal *refusal, ces_sighting *sighting);

/* Flows in the order of their first frame; index below the count. */
guint ces_flow_table_count(const ces_flow_table *table);
ces_flow *ces_flow_table_get(const ces_flow_table *table, guint position);

#endif
