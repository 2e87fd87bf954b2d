/* kin.c
 * Connections of the same ends, one after the other or beside one another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/kin.h"

#include <string.h>

#include "base/hash.h"

struct ces_kin {
    GHashTable *families; /* ces_family by ces_flow, by its ends */
    GHashTable *numbers;  /* ces_flow by fingerprint(); more than one of a fingerprint: the latest */
    GPtrArray *twins;
};

typedef struct {
    ces_flow numbers; /* first, so that a twin is a flow */
    ces_flow *connection;
    gboolean is_copy;
} ces_twin;

/* --- hashing ----------------------------------------------------------------------- */

static inline guint64
hash_ends(const ces_flow *flow)
{
    guint64 hash = ces_hash_seed() ^ ((guint64)flow->ends[0].port << 16 | flow->ends[1].port);

    for (int end = 0; end < 2; end++) {
        if (flow->ends[end].address.high) /* IPv4 has no upper half */
            hash = ces_hash_mix(hash, flow->ends[end].address.high);
        hash = ces_hash_mix(hash, flow->ends[end].address.low);
    }
    return hash;
}

guint
ces_ends_hash(gconstpointer flow)
{
    return (guint)hash_ends((const ces_flow *)flow);
}

static gboolean
sockets_equal(const ces_socket *a, const ces_socket *b)
{
    return a->address.low == b->address.low && a->address.high == b->address.high && a->port == b->port;
}

gboolean
ces_ends_equal(gconstpointer left, gconstpointer right)
{
    const ces_flow *a = (const ces_flow *)left;
    const ces_flow *b = (const ces_flow *)right;
    return sockets_equal(&a->ends[0], &b->ends[0]) && sockets_equal(&a->ends[1], &b->ends[1]);
}

/* Stands for the ends, one of them, and a number of it. Two of a kind do no
 * harm: what is found is looked at. */
static gpointer
fingerprint(const ces_flow *flow, guint8 end, guint32 number)
{
    return GSIZE_TO_POINTER((gsize)ces_hash_mix(hash_ends(flow), ((guint64)end << 32) | number));
}

/* --- life ---------------------------------------------------------------------------- */

ces_kin *
ces_kin_new(void)
{
    ces_kin *kin = g_new0(ces_kin, 1);

    kin->families = g_hash_table_new_full(ces_ends_hash, ces_ends_equal, NULL, g_free);
    kin->numbers = g_hash_table_new(NULL, NULL);
    kin->twins = g_ptr_array_new_with_free_func(g_free);
    return kin;
}

void
ces_kin_free(ces_kin *kin)
{
    g_hash_table_destroy(kin->families);
    g_hash_table_destroy(kin->numbers);
    g_ptr_array_free(kin->twins, TRUE);
    g_free(kin);
}

/* --- families -------------------------------------------------------------------------- */

ces_family *
ces_kin_family(const ces_kin *kin, const ces_flow *flow)
{
    if (!(flow->evidence & CES_SEEN_OTHERS))
        return NULL;
    return (ces_family *)g_hash_table_lookup(kin->families, flow);
}

ces_family *
ces_kin_found(ces_kin *kin, ces_flow *flow)
{
    ces_family *family = ces_kin_family(kin, flow);

    if (!family) {
        family = g_new0(ces_family, 1);
        g_hash_table_insert(kin->families, flow, family);
        ces_kin_join(family, flow);
        ces_kin_note(kin, family, flow);
    }
    return family;
}

void
ces_kin_join(ces_family *family, ces_flow *flow)
{
    flow->evidence |= CES_SEEN_OTHERS;
    family->newest = flow;
}

ces_flow *
ces_kin_add_twin(ces_kin *kin, ces_family *family, ces_flow *flow, gboolean is_copy)
{
    ces_twin *added = g_new0(ces_twin, 1);

    memcpy(added->numbers.ends, flow->ends, sizeof flow->ends);
    added->numbers.initiator = flow->initiator;
    added->numbers.evidence = CES_SEEN_OTHERS | CES_SEEN_TWIN;
    added->connection = flow;
    added->is_copy = is_copy;
    g_ptr_array_add(kin->twins, added);
    family->twin = &added->numbers;
    return family->twin;
}

void
ces_kin_replace_twin(ces_family *family, const ces_flow *twin, ces_flow *flow)
{
    for (int i = 0; i < CES_KIN_RECENT; i++)
        if (family->recent[i] == twin)
            family->recent[i] = flow;
    if (family->twin == twin)
        family->twin = NULL;
}

ces_flow *
ces_kin_connection(ces_flow *flow)
{
    return flow->evidence & CES_SEEN_TWIN ? ((ces_twin *)flow)->connection : flow;
}

gboolean
ces_kin_is_copy(const ces_flow *twin)
{
    return ((const ces_twin *)twin)->is_copy;
}

void
ces_kin_mark_copy(ces_flow *twin)
{
    ((ces_twin *)twin)->is_copy = TRUE;
}

/* --- what a packet may belong to ---------------------------------------------------------- */

static gboolean
is_conversation(const ces_flow *flow)
{
    ces_outcome outcome = ces_flow_outcome(flow);

    return outcome >= CES_OUTCOME_HALF_OPEN || (outcome == CES_OUTCOME_MIDSTREAM && ces_flow_proven(flow));
}

/* How hard it is to forge: whoever forges one end of connections, as many as
 * he likes, must not drive out one that both ends take part in. */
static guint
rank_of(const ces_flow *flow)
{
    return (flow->evidence & CES_SEEN_COMPLETION ? 2 : 0) + (ces_kin_has_both_sides(flow) ? 1 : 0);
}

/* The place of the flow, a free one, or that of the latest of the lowest rank;
 * -1 if all are of a higher one. */
static int
find_room(const ces_family *family, const ces_flow *flow)
{
    int room = CES_KIN_RECENT - 1;

    for (int i = 0; i < CES_KIN_RECENT; i++)
        if (!family->recent[i] || family->recent[i] == flow)
            return i;
    for (int i = CES_KIN_RECENT - 1; i >= 0; i--)
        if (rank_of(family->recent[i]) < rank_of(family->recent[room]))
            room = i;
    return rank_of(family->recent[room]) <= rank_of(flow) ? room : -1;
}

static void
note_conversation(ces_family *family, ces_flow *flow)
{
    if (family->recent[0] == flow)
        return;
    int room = find_room(family, flow);
    if (room < 0)
        return;
    memmove(family->recent + 1, family->recent, (gsize)room * sizeof *family->recent);
    family->recent[0] = flow;
}

static void
add_number(ces_kin *kin, ces_flow *flow, guint8 end, guint32 number)
{
    g_hash_table_insert(kin->numbers, fingerprint(flow, end, number), flow);
}

static void
remove_number(ces_kin *kin, const ces_flow *flow, guint8 end, guint32 number)
{
    gpointer key = fingerprint(flow, end, number);

    if (g_hash_table_lookup(kin->numbers, key) == flow)
        g_hash_table_remove(kin->numbers, key);
}

void
ces_kin_note(ces_kin *kin, ces_family *family, ces_flow *flow)
{
    if (flow->evidence & CES_SEEN_INITIAL)
        add_number(kin, flow, flow->initiator, ces_flow_initial(flow));
    if ((flow->evidence & CES_SEEN_INITIAL) && flow->syn_payload > 0)
        add_number(kin, flow, flow->initiator, ces_flow_initial(flow) + flow->syn_payload);
    if (!is_conversation(flow))
        return;
    note_conversation(family, flow);
    for (guint8 end = 0; end < 2; end++)
        if (flow->evidence & (CES_SEEN_NEXT_0 << end))
            add_number(kin, flow, end, flow->next[end] - 1);
}

void
ces_kin_forget(ces_kin *kin, const ces_flow *flow)
{
    for (guint8 end = 0; end < 2; end++)
        if (flow->evidence & (CES_SEEN_NEXT_0 << end))
            remove_number(kin, flow, end, flow->next[end] - 1);
}

ces_flow *
ces_kin_find(const ces_kin *kin, const ces_flow *flow, guint8 end, guint32 number)
{
    ces_flow *found = (ces_flow *)g_hash_table_lookup(kin->numbers, fingerprint(flow, end, number));

    return found && ces_ends_equal(found, flow) ? found : NULL;
}
