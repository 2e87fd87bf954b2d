/* capture.c
 * State with the lifetime of an open capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include <epan/proto_data.h>

#include "settings.h"

static struct {
    int proto;
    ces_flow_table *flows;
    const ces_flow *missing_sites; /* the flow that says it */
} capture;

static void
open_capture(void)
{
    ces_settings_refresh();
    capture.flows = ces_flow_table_new(ces_settings_ports());
    capture.missing_sites = NULL;
}

static void
close_capture(void)
{
    ces_flow_table_free(capture.flows);
    capture.flows = NULL;
    capture.missing_sites = NULL;
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
    p_add_proto_data(wmem_file_scope(), pinfo, capture.proto, index, kept);
}

const ces_sighting *
ces_capture_recall(packet_info *pinfo, guint index)
{
    return (const ces_sighting *)p_get_proto_data(wmem_file_scope(), pinfo, capture.proto, index);
}

gboolean
ces_capture_says_missing_sites(const ces_flow *flow)
{
    if (!capture.missing_sites)
        capture.missing_sites = flow;
    return capture.missing_sites == flow;
}
