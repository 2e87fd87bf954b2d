/* name_table.c
 * Reading Wireshark's name tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "name_table.h"

#include <epan/addr_resolv.h>

#include <string.h>

/* --- reading ------------------------------------------------------------------------ */

/* Up to 4.4 longer names are cut off in the table: what is left of one could
 * end like a name of the cloud. */
static gboolean
is_whole(guint flags, const char *name, gsize room)
{
    return (flags & NAME_RESOLVED) && strlen(name) + 1 < room;
}

static void
collect_ipv4(gpointer key, gpointer value, gpointer hosts)
{
    const hashipv4_t *entry = (const hashipv4_t *)value;
    guint32 bytes = GPOINTER_TO_UINT(key); /* in network byte order */

    if (!is_whole(entry->flags, entry->name, sizeof entry->name))
        return;
    ces_host host = {ces_address_from_ipv4((const guint8 *)&bytes), entry->name};
    g_array_append_val((GArray *)hosts, host);
}

static void
collect_ipv6(gpointer key, gpointer value, gpointer hosts)
{
    const hashipv6_t *entry = (const hashipv6_t *)value;

    if (!is_whole(entry->flags, entry->name, sizeof entry->name))
        return;
    ces_host host = {ces_address_from_ipv6((const guint8 *)key), entry->name};
    g_array_append_val((GArray *)hosts, host);
}

/* What has become of the tables of the open capture. */
static struct {
    ces_analysis *analysis;
    gboolean was_read;
    gboolean may_be_taught; /* a packet came that may have put names into them */
    gboolean was_read_at_end;
    int dns, mdns, llmnr; /* protocols that teach names */
} table;

static void
read_tables(void)
{
    if (!table.analysis)
        return;
    GArray *hosts = g_array_new(FALSE, FALSE, sizeof(ces_host));

    wmem_map_foreach(get_ipv4_hash_table(), collect_ipv4, hosts);
    wmem_map_foreach(get_ipv6_hash_table(), collect_ipv6, hosts);
    ces_analysis_add_hosts(table.analysis, (ces_host *)(void *)hosts->data, hosts->len);
    g_array_free(hosts, TRUE);
}

/* --- when --------------------------------------------------------------------------- */

void
ces_name_table_begin(ces_analysis *analysis)
{
    memset(&table, 0, sizeof table);
    table.analysis = analysis;
    table.dns = proto_get_id_by_filter_name("dns");
    table.mdns = proto_get_id_by_filter_name("mdns");
    table.llmnr = proto_get_id_by_filter_name("llmnr");
    read_tables();
}

void
ces_name_table_before_packet(gboolean may_teach)
{
    table.was_read_at_end = FALSE;
    if (table.was_read && !may_teach)
        return;
    read_tables();
    table.was_read = TRUE;
    table.may_be_taught = may_teach;
}

/* By their numbers: names are compared slowly, and this is done for every packet. */
void
ces_name_table_after_packet(const packet_info *pinfo)
{
    if (table.may_be_taught)
        return;
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (proto == table.dns || proto == table.mdns || proto == table.llmnr)
            table.may_be_taught = TRUE;
    }
}

gboolean
ces_name_table_may_be_taught(void)
{
    return table.may_be_taught;
}

/* Every packet that is shown again, and every report, asks. */
void
ces_name_table_at_end(void)
{
    if (!table.was_read_at_end && !table.may_be_taught)
        read_tables();
    table.was_read_at_end = TRUE;
}
