/* name_table.c
 * Reading Wireshark's name tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "name_table.h"

#include <epan/addr_resolv.h>

#include <string.h>

/* --- reading ------------------------------------------------------------------------ */

typedef struct {
    ces_address address;
    const char *name;
} row;

/* Up to 4.4 longer names are cut off in the table. */
static gboolean
is_whole(guint flags, const char *name, gsize room)
{
    return (flags & NAME_RESOLVED) && strlen(name) + 1 < room;
}

static void
collect_ipv4(gpointer key, gpointer value, gpointer rows)
{
    const hashipv4_t *entry = (const hashipv4_t *)value;
    guint32 bytes = GPOINTER_TO_UINT(key); /* in network byte order */

    if (!is_whole(entry->flags, entry->name, sizeof entry->name))
        return;
    row r = {ces_address_from_ipv4((const guint8 *)&bytes), entry->name};
    g_array_append_val((GArray *)rows, r);
}

static void
collect_ipv6(gpointer key, gpointer value, gpointer rows)
{
    const hashipv6_t *entry = (const hashipv6_t *)value;

    if (!is_whole(entry->flags, entry->name, sizeof entry->name))
        return;
    row r = {ces_address_from_ipv6((const guint8 *)key), entry->name};
    g_array_append_val((GArray *)rows, r);
}

static int
compare_rows(const void *left, const void *right)
{
    return ces_address_compare(&((const row *)left)->address, &((const row *)right)->address);
}

void
ces_name_table_read(ces_name_taker take, gpointer data)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(row));

    wmem_map_foreach(get_ipv4_hash_table(), collect_ipv4, rows);
    wmem_map_foreach(get_ipv6_hash_table(), collect_ipv6, rows);
    g_array_sort(rows, compare_rows);
    for (guint i = 0; i < rows->len; i++) {
        const row *r = &g_array_index(rows, row, i);
        take(&r->address, r->name, data);
    }
    g_array_free(rows, TRUE);
}

/* --- when --------------------------------------------------------------------------- */

void
ces_name_table_begin(ces_name_table *table, ces_name_taker take, gpointer data)
{
    *table = (ces_name_table){.was_read = FALSE};
    ces_name_table_read(take, data);
}

void
ces_name_table_before_packet(ces_name_table *table, gboolean may_teach, ces_name_taker take, gpointer data)
{
    table->ended = FALSE;
    if (table->may_be_taught || (table->was_read && !may_teach))
        return;
    ces_name_table_read(take, data);
    table->was_read = TRUE;
    table->may_be_taught = may_teach;
}

void
ces_name_table_after_packet(ces_name_table *table, const packet_info *pinfo)
{
    if (!table->may_be_taught &&
        (proto_is_frame_protocol(pinfo->layers, "dns") || proto_is_frame_protocol(pinfo->layers, "mdns") ||
         proto_is_frame_protocol(pinfo->layers, "llmnr")))
        table->may_be_taught = TRUE;
}

void
ces_name_table_at_end(ces_name_table *table, ces_name_taker take, gpointer data)
{
    if (table->may_be_taught || table->ended)
        return;
    ces_name_table_read(take, data);
    table->ended = TRUE;
}
