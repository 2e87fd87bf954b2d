/* names.c
 * Names by address: for each kind of witness a hash table, and two queues that
 * tell which address was taught longest ago.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/names.h"

#include <string.h>

/* What one name is worth beside another. */
typedef struct {
    gboolean in_zone;
    ces_name_source source;
    ces_appliance appliance;
} standing;

typedef struct {
    ces_address address;
    char *name;
    const char *given; /* the copy of it that was handed out, or NULL */
    standing standing; /* in_zone is also the index of its queue */
    guint32 frame;
    GList link; /* its place in the queue; data points back here */
} entry;

/* Whom one believes alike: none displaces what another has taught. */
enum { UNASKED, SEEN, HOSTS, KIND_COUNT };

typedef struct {
    GHashTable *entries; /* of entry, keyed by ces_address: its first member */
    GQueue taught[2];    /* head: taught last; [1]: names under a cloud zone */
    guint capacity;      /* of each queue */
} shelf;

struct ces_names {
    const ces_zones *zones;
    shelf shelves[KIND_COUNT];
    GStringChunk *given; /* names that were handed out: flows that show them outlive the entries */
};

static int
kind_of_source(ces_name_source source)
{
    if (source == CES_SOURCE_DNS_UNASKED)
        return UNASKED;
    return source == CES_SOURCE_HOSTS ? HOSTS : SEEN;
}

ces_basis
ces_basis_of_source(ces_name_source source)
{
    static const ces_basis bases[CES_SOURCE_COUNT] = {
        [CES_SOURCE_DNS_UNASKED] = CES_BASIS_DNS, [CES_SOURCE_BANNER] = CES_BASIS_SMTP,
        [CES_SOURCE_WILDCARD] = CES_BASIS_TLS,    [CES_SOURCE_SNI] = CES_BASIS_TLS,
        [CES_SOURCE_CERTIFICATE] = CES_BASIS_TLS, [CES_SOURCE_HOSTS] = CES_BASIS_HOSTS,
        [CES_SOURCE_DNS] = CES_BASIS_DNS,
    };
    return bases[source];
}

static gboolean
is_better(const standing *candidate, const standing *holder)
{
    gboolean asked = candidate->source != CES_SOURCE_DNS_UNASKED;

    if (asked != (holder->source != CES_SOURCE_DNS_UNASKED))
        return asked;
    if (candidate->in_zone != holder->in_zone)
        return candidate->in_zone;
    if (candidate->source != holder->source)
        return candidate->source > holder->source;
    return holder->appliance == CES_APPLIANCE_UNKNOWN && candidate->appliance != CES_APPLIANCE_UNKNOWN;
}

/* --- one kind ----------------------------------------------------------------- */

static void
entry_free(gpointer data)
{
    entry *e = (entry *)data;

    g_free(e->name);
    g_free(e);
}

/* FALSE if there is no room: of hosts, which come in no order, none makes room for another. */
static gboolean
make_room(shelf *s, int kind, gboolean in_zone)
{
    GQueue *queue = &s->taught[in_zone];

    if (queue->length < s->capacity)
        return TRUE;
    if (kind == HOSTS)
        return FALSE;
    entry *oldest = (entry *)g_queue_pop_tail_link(queue)->data;
    g_hash_table_remove(s->entries, &oldest->address);
    return TRUE;
}

static void
keep(entry *e, const char *name, const standing *candidate, guint32 frame)
{
    g_free(e->name);
    e->name = g_strdup(name);
    e->given = NULL;
    e->standing = *candidate;
    e->frame = frame;
}

static void
add_entry(shelf *s, const ces_address *address, const char *name, const standing *candidate, guint32 frame)
{
    entry *e = g_new0(entry, 1);

    e->address = *address;
    e->link.data = e;
    keep(e, name, candidate, frame);
    g_queue_push_head_link(&s->taught[candidate->in_zone], &e->link);
    g_hash_table_insert(s->entries, &e->address, e);
}

/* The address is taught again: it stays for the better of its names, and for
 * longer. */
static void
renew_entry(shelf *s, int kind, entry *e, const char *name, const standing *candidate, guint32 frame)
{
    gboolean better = is_better(candidate, &e->standing);

    if (better && candidate->in_zone != e->standing.in_zone && !make_room(s, kind, candidate->in_zone))
        return;
    g_queue_unlink(&s->taught[e->standing.in_zone], &e->link);
    if (better)
        keep(e, name, candidate, frame);
    g_queue_push_head_link(&s->taught[e->standing.in_zone], &e->link);
}

/* --- all of them ---------------------------------------------------------------- */

ces_names *
ces_names_new(const ces_zones *zones)
{
    ces_names *names = g_new0(ces_names, 1);

    names->zones = zones;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        shelf *s = &names->shelves[kind];
        s->entries = g_hash_table_new_full(ces_address_hash, ces_address_equal, NULL, entry_free);
        s->capacity = kind == UNASKED ? CES_NAMES_UNASKED_KEPT : CES_NAMES_KEPT;
    }
    names->given = g_string_chunk_new(1024);
    return names;
}

void
ces_names_free(ces_names *names)
{
    if (!names)
        return;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        g_hash_table_destroy(names->shelves[kind].entries);
    g_string_chunk_free(names->given);
    g_free(names);
}

/* The address under which a host is remembered. */
static ces_address
host_of(const ces_address *address)
{
    ces_address ipv4;

    return ces_address_in_nat64(address, &ipv4) ? ipv4 : *address;
}

void
ces_names_learn(ces_names *names, const ces_address *address, const char *name, ces_name_source source, guint32 frame)
{
    ces_address host = host_of(address);
    int kind = kind_of_source(source);
    shelf *s = &names->shelves[kind];
    standing candidate = {FALSE, source, CES_APPLIANCE_UNKNOWN};

    if (!strchr(name, '.'))
        return;
    candidate.in_zone = ces_zones_hold(names->zones, name) != FALSE;
    if (candidate.in_zone)
        candidate.appliance = ces_appliance_by_name(name);

    entry *e = (entry *)g_hash_table_lookup(s->entries, &host);
    if (e)
        renew_entry(s, kind, e, name, &candidate, frame);
    else if (make_room(s, kind, candidate.in_zone))
        add_entry(s, &host, name, &candidate, frame);
}

static entry *
find_best(const ces_names *names, const ces_address *host)
{
    entry *best = NULL;

    for (int kind = 0; kind < KIND_COUNT; kind++) {
        entry *e = (entry *)g_hash_table_lookup(names->shelves[kind].entries, host);
        if (e && (!best || is_better(&e->standing, &best->standing)))
            best = e;
    }
    return best;
}

gboolean
ces_names_find(const ces_names *names, const ces_address *address, ces_learned_name *learned)
{
    ces_address host = host_of(address);
    entry *e = find_best(names, &host);

    if (!e)
        return FALSE;
    if (!e->given)
        e->given = g_string_chunk_insert_const(names->given, e->name);
    *learned = (ces_learned_name){
        .name = e->given,
        .basis = ces_basis_of_source(e->standing.source),
        .in_cloud_zone = e->standing.in_zone,
        .appliance = e->standing.appliance,
        .frame = e->frame,
    };
    return TRUE;
}

guint
ces_names_count(const ces_names *names)
{
    guint count = 0;

    for (int kind = 0; kind < KIND_COUNT; kind++)
        count += g_hash_table_size(names->shelves[kind].entries);
    return count;
}
