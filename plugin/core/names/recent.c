/* recent.c
 * A bounded set: a hash table, and a ring that tells which key is the oldest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/recent.h"

struct ces_recent {
    GHashTable *places; /* of each key its place in the ring: the key itself, in `ring` */
    guint64 *ring;
    guint capacity, next; /* `next`: where the next key goes, which is where the oldest is */
};

ces_recent *
ces_recent_new(guint capacity)
{
    ces_recent *recent = g_new0(ces_recent, 1);

    recent->places = g_hash_table_new(g_int64_hash, g_int64_equal);
    recent->ring = g_new0(guint64, capacity);
    recent->capacity = capacity;
    return recent;
}

void
ces_recent_free(ces_recent *recent)
{
    if (!recent)
        return;
    g_hash_table_destroy(recent->places);
    g_free(recent->ring);
    g_free(recent);
}

/* A place whose key was taken may hold it still, and the same key may have
 * come again in a later place: only what the table points to counts. */
static void
clear_place(ces_recent *recent, guint64 *place)
{
    if (g_hash_table_lookup(recent->places, place) == place)
        g_hash_table_remove(recent->places, place);
}

void
ces_recent_note(ces_recent *recent, guint64 key)
{
    guint64 *place = &recent->ring[recent->next];

    if (ces_recent_holds(recent, key))
        return;
    clear_place(recent, place);
    *place = key;
    g_hash_table_insert(recent->places, place, place);
    recent->next = (recent->next + 1) % recent->capacity;
}

gboolean
ces_recent_holds(const ces_recent *recent, guint64 key)
{
    return g_hash_table_contains(recent->places, &key);
}

gboolean
ces_recent_take(ces_recent *recent, guint64 key)
{
    return g_hash_table_remove(recent->places, &key);
}
