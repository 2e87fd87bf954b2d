/* names.c
 * Names by address: a hash table, and two queues that tell which entry was
 * not used longest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/names.h"

#include <string.h>

typedef struct {
    ces_address address;
    char *name;        /* NULL while only claims are known */
    const char *given; /* the copy of it that was handed out, or NULL */
    guint32 frame;
    guint8 source;    /* ces_name_source */
    guint8 appliance; /* ces_appliance */
    guint8 in_zone;   /* also: index of its queue */
    guint8 in_dns;
    GList link; /* its place in the queue; data points back here */
} entry;

struct ces_names {
    const ces_zones *zones;
    GHashTable *entries; /* of entry, keyed by ces_address: its first member */
    GQueue used[2];      /* head: used last; [1]: names under a cloud zone */
    GStringChunk *given; /* names that were handed out: flows that show them outlive the entries */
};

ces_basis
ces_basis_of_source(ces_name_source source)
{
    static const ces_basis bases[CES_SOURCE_COUNT] = {
        [CES_SOURCE_CLAIM] = CES_BASIS_NONE,  [CES_SOURCE_DNS_UNASKED] = CES_BASIS_DNS,
        [CES_SOURCE_BANNER] = CES_BASIS_SMTP, [CES_SOURCE_WILDCARD] = CES_BASIS_TLS,
        [CES_SOURCE_SNI] = CES_BASIS_TLS,     [CES_SOURCE_CERTIFICATE] = CES_BASIS_TLS,
        [CES_SOURCE_HOSTS] = CES_BASIS_HOSTS, [CES_SOURCE_DNS] = CES_BASIS_DNS,
    };
    return bases[source];
}

/* --- entries ---------------------------------------------------------------- */

static void
entry_free(gpointer data)
{
    entry *e = (entry *)data;

    g_free(e->name);
    g_free(e);
}

static void
mark_used(ces_names *names, entry *e)
{
    GQueue *queue = &names->used[e->in_zone];

    if (queue->head == &e->link)
        return;
    g_queue_unlink(queue, &e->link);
    g_queue_push_head_link(queue, &e->link);
}

static void
enqueue(ces_names *names, entry *e, gboolean in_zone)
{
    GQueue *queue = &names->used[in_zone];

    e->in_zone = in_zone != FALSE;
    if (queue->length == CES_NAMES_KEPT) {
        entry *oldest = (entry *)g_queue_pop_tail_link(queue)->data;
        g_hash_table_remove(names->entries, &oldest->address);
    }
    g_queue_push_head_link(queue, &e->link);
}

static entry *
entry_for(ces_names *names, const ces_address *address)
{
    entry *e = (entry *)g_hash_table_lookup(names->entries, address);

    if (e)
        return e;
    e = g_new0(entry, 1);
    e->address = *address;
    e->link.data = e;
    enqueue(names, e, FALSE);
    g_hash_table_insert(names->entries, &e->address, e);
    return e;
}

/* --- learning --------------------------------------------------------------- */

/* A name whose place among others is being decided. */
typedef struct {
    gboolean in_zone;
    ces_name_source source;
    ces_appliance appliance;
} standing;

static gboolean
is_better(const standing *candidate, const entry *e)
{
    if (!e->name || candidate->in_zone != (gboolean)e->in_zone)
        return !e->name || candidate->in_zone;
    if (candidate->source != (ces_name_source)e->source)
        return candidate->source > (ces_name_source)e->source;
    return e->appliance == CES_APPLIANCE_UNKNOWN && candidate->appliance != CES_APPLIANCE_UNKNOWN;
}

static void
keep(ces_names *names, entry *e, const char *name, const standing *candidate, guint32 frame)
{
    g_free(e->name);
    e->name = g_strdup(name);
    e->given = NULL;
    e->frame = frame;
    e->source = (guint8)candidate->source;
    e->appliance = (guint8)candidate->appliance;
    if (candidate->in_zone != (gboolean)e->in_zone) {
        g_queue_unlink(&names->used[e->in_zone], &e->link);
        enqueue(names, e, candidate->in_zone);
    }
}

ces_names *
ces_names_new(const ces_zones *zones)
{
    ces_names *names = g_new0(ces_names, 1);

    names->zones = zones;
    names->entries = g_hash_table_new_full(ces_address_hash, ces_address_equal, NULL, entry_free);
    names->given = g_string_chunk_new(1024);
    return names;
}

void
ces_names_free(ces_names *names)
{
    if (!names)
        return;
    g_hash_table_destroy(names->entries);
    g_string_chunk_free(names->given);
    g_free(names);
}

gboolean
ces_names_learn(ces_names *names, const ces_address *address, const char *name, ces_name_source source, guint32 frame)
{
    standing candidate = {FALSE, source, CES_APPLIANCE_UNKNOWN};
    entry *e;

    if (!strchr(name, '.'))
        return FALSE;
    candidate.in_zone = ces_zones_hold(names->zones, name);
    if (candidate.in_zone)
        candidate.appliance = ces_appliance_by_name(name);

    e = entry_for(names, address);
    if (source == CES_SOURCE_DNS || source == CES_SOURCE_DNS_UNASKED || source == CES_SOURCE_CLAIM)
        e->in_dns = TRUE;
    if (source == CES_SOURCE_CLAIM || !is_better(&candidate, e))
        return FALSE;
    keep(names, e, name, &candidate, frame);
    return TRUE;
}

gboolean
ces_names_find(ces_names *names, const ces_address *address, ces_learned_name *learned)
{
    entry *e = (entry *)g_hash_table_lookup(names->entries, address);

    if (!e || !e->name)
        return FALSE;
    mark_used(names, e);
    if (!e->given)
        e->given = g_string_chunk_insert_const(names->given, e->name);
    *learned = (ces_learned_name){
        .name = e->given,
        .basis = ces_basis_of_source((ces_name_source)e->source),
        .in_cloud_zone = e->in_zone,
        .appliance = (ces_appliance)e->appliance,
        .frame = e->frame,
    };
    return TRUE;
}

gboolean
ces_names_is_in_dns(const ces_names *names, const ces_address *address)
{
    const entry *e = (const entry *)g_hash_table_lookup(names->entries, address);

    return e && e->in_dns;
}

guint
ces_names_count(const ces_names *names)
{
    return g_hash_table_size(names->entries);
}
