/* kin.h
 * Connections of the same ends, one after the other or beside one another.
 *
 * Most pairs of ends have one connection and need none of this. For the others
 * it is kept which of them a packet may belong to, so that a packet costs the
 * same however many there are: those whose numbers it continues, and the few
 * conversations that went on last.
 *
 * A twin is a flow that is no connection of its own, but the same one in other
 * numbers: a firewall rewrote them, and the capture shows both of its sides.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_KIN_H
#define CES_KIN_H

#include <ces/flow.h>

/* --- hashing ends (GHashFunc, GEqualFunc, of ces_flow) --------------------------- */

guint ces_ends_hash(gconstpointer flow);
gboolean ces_ends_equal(gconstpointer a, gconstpointer b);

/* --- families ---------------------------------------------------------------------- */

/* So many conversations of the same ends may go on at once. */
enum { CES_KIN_RECENT = 4 };

typedef struct {
    ces_flow *newest;
    ces_flow *recent[CES_KIN_RECENT]; /* conversations, twins among them, the latest first; NULL behind the last */
    ces_flow *twin;                   /* the newest twin, or NULL */
} ces_family;

typedef struct ces_kin ces_kin;

ces_kin *ces_kin_new(void);
void ces_kin_free(ces_kin *kin);

/* The family of a flow's ends; NULL if it is not CES_SEEN_OTHERS. */
ces_family *ces_kin_family(const ces_kin *kin, const ces_flow *flow);

/* Makes a family of one flow, or returns the one that it is in. */
ces_family *ces_kin_found(ces_kin *kin, ces_flow *flow);

/* Adds another flow of the same ends. */
void ces_kin_join(ces_family *family, ces_flow *flow);

/* A twin of the flow, which is in the family, with its ends and initiator and
 * without any evidence. Owned by `kin`. `is_copy`: it is certain that it is the
 * same connection, and no answer of another time; that may be found later. */
ces_flow *ces_kin_add_twin(ces_kin *kin, ces_family *family, ces_flow *flow, gboolean is_copy);
gboolean ces_kin_is_copy(const ces_flow *twin);
void ces_kin_mark_copy(ces_flow *twin);

/* The twin has turned out to be a connection of its own, which is `flow`. */
void ces_kin_replace_twin(ces_family *family, const ces_flow *twin, ces_flow *flow);

/* Whether both ends take part, as far as is seen: that is not so easily forged. */
static inline gboolean
ces_kin_has_both_sides(const ces_flow *flow)
{
    return (flow->evidence & CES_SEEN_FROM_0) && (flow->evidence & CES_SEEN_FROM_1);
}

/* The connection: the flow itself, or the one whose twin it is. */
ces_flow *ces_kin_connection(ces_flow *flow);

/* Notes the numbers of a flow or twin of the family, and its place among the
 * conversations. To be forgotten before they change, and noted after. */
void ces_kin_note(ces_kin *kin, ces_family *family, ces_flow *flow);
void ces_kin_forget(ces_kin *kin, const ces_flow *flow);

/* The flow or twin with the ends of `flow` in which ends[end] opened with this
 * sequence number, or has come up to it; NULL if there is none. */
ces_flow *ces_kin_find(const ces_kin *kin, const ces_flow *flow, guint8 end, guint32 number);

#endif
