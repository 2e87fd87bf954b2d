/* capture.c
 * State with the lifetime of an open capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include <epan/proto_data.h>

#include "learn.h"
#include "quarantine/dissector.h"
#include "preferences.h"

static struct {
    int proto;
    gboolean in_packet; /* the packet being read for the first time shows a flow */
    ces_flow_table *flows;
    const ces_flow *missing_sites; /* the flow that says it */
    GHashTable *conflicts;         /* the ces_sighting that tells of it, by ces_address */
} capture;

static void
open_capture(void)
{
    ces_preferences_refresh();
    ces_quarantine_take_ports();
    capture.flows = ces_flow_table_new(ces_preferences_ports());
    capture.missing_sites = NULL;
    capture.conflicts = g_hash_table_new_full(ces_address_hash, ces_address_equal, g_free, NULL);
    ces_learn_begin();
}

static void
close_capture(void)
{
    ces_flow_table_free(capture.flows);
    capture.flows = NULL;
    capture.missing_sites = NULL;
    g_clear_pointer(&capture.conflicts, g_hash_table_destroy);
    ces_learn_end();
}

void
ces_capture_register(int proto_ces)
{
    capture.proto = proto_ces;
    register_init_routine(open_capture);
    register_cleanup_routine(close_capture);
}

ces_flow_table *
ces_capture_flows(void)
{
    return capture.flows;
}

void
ces_capture_remember(packet_info *pinfo, ces_sighting sighting)
{
    guint index = 0;

    while (index < CES_SIGHTINGS_PER_PACKET && ces_capture_recall(pinfo, index))
        index++;
    if (index == CES_SIGHTINGS_PER_PACKET)
        return;
    ces_sighting *kept = wmem_new(wmem_file_scope(), ces_sighting);
    *kept = sighting;
    capture.in_packet = TRUE;
    p_add_proto_data(wmem_file_scope(), pinfo, capture.proto, index, kept);
}

const ces_sighting *
ces_capture_recall(packet_info *pinfo, guint index)
{
    if (!pinfo->fd->visited && !capture.in_packet)
        return NULL; /* most packets of most captures: worth no look at what is kept */
    return (const ces_sighting *)p_get_proto_data(wmem_file_scope(), pinfo, capture.proto, index);
}

void
ces_capture_end_packet(void)
{
    capture.in_packet = FALSE;
}

gboolean
ces_capture_says_missing_sites(const ces_flow *flow)
{
    if (!capture.missing_sites)
        capture.missing_sites = flow;
    return capture.missing_sites == flow;
}

gboolean
ces_capture_says_conflict(const ces_address *address, const ces_sighting *sighting)
{
    gconstpointer teller = g_hash_table_lookup(capture.conflicts, address);

    if (!teller) {
        teller = sighting;
        g_hash_table_insert(capture.conflicts, g_memdup2(address, sizeof *address), (gpointer)sighting);
    }
    return teller == sighting;
}
