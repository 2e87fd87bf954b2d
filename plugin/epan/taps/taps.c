/* taps.c
 * The tap and what all its listeners share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/taps.h"

#include <string.h>

#include <epan/tap.h>

#include "capture.h"
#include "knowledge.h"
#include "taps/reports.h"
#include "taps/tables.h"
#include "taps/tree.h"

static int ces_tap = -1;

gboolean
ces_taps_wanted(void)
{
    return have_tap_listener(ces_tap);
}

void
ces_taps_queue(packet_info *pinfo, const ces_sighting *sighting)
{
    tap_queue_packet(ces_tap, pinfo, sighting);
}

/* Every program of Wireshark gives GLib its name before it loads plugins,
 * whatever the file is called that was started. */
gboolean
ces_taps_in_tshark(void)
{
    return g_strcmp0(g_get_prgname(), "tshark") == 0;
}

/* --- what a listener has seen ---------------------------------------------- */

void
ces_seen_init(ces_seen *seen)
{
    seen->flows = g_hash_table_new(NULL, NULL);
    seen->latest = NULL;
}

void
ces_seen_clear(ces_seen *seen)
{
    g_hash_table_destroy(seen->flows);
    seen->flows = NULL;
}

void
ces_seen_reset(ces_seen *seen)
{
    g_hash_table_remove_all(seen->flows);
    seen->latest = NULL;
}

gboolean
ces_seen_add(ces_seen *seen, const ces_flow *flow)
{
    if (flow == seen->latest) /* packets of a connection tend to come together */
        return FALSE;
    seen->latest = flow;
    return g_hash_table_add(seen->flows, (gpointer)flow);
}

void
ces_seen_foreach(const ces_seen *seen, ces_seen_visitor visitor, void *data)
{
    const ces_flow_table *table = ces_capture_flows();
    guint count = table ? ces_flow_table_count(table) : 0;

    for (guint i = 0; i < count; i++) {
        const ces_flow *flow = ces_flow_table_get(table, i);
        if (flow->service == CES_SERVICE_NONE || !g_hash_table_contains(seen->flows, flow))
            continue;
        ces_assessment assessment = ces_knowledge_assess(flow);
        visitor(&assessment, data);
    }
}

void
ces_taps_register(void)
{
    ces_tap = register_tap(CES_TAP);
    ces_tap_print_register();
    ces_tap_tree_register();
    ces_tap_tables_register();
}
