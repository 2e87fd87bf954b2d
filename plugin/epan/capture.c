/* capture.c
 * State with the lifetime of an open capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include <string.h>

#include <epan/proto_data.h>

#include "name_table.h"
#include "preferences.h"
#include "quarantine/dissector.h"

static struct {
    int ces, quarantine;
} protocols;

static struct {
    gboolean in_packet;  /* the packet being read for the first time shows a flow */
    gboolean read_again; /* names that came at the end of the file were looked for */
    ces_name_table names;
    ces_analysis *analysis;
} capture;

static void
take_name(const ces_address *address, const char *name, gpointer analysis)
{
    ces_analysis_add_host((ces_analysis *)analysis, address, name);
}

static void
open_capture(void)
{
    memset(&capture, 0, sizeof capture);
    ces_settings *settings = ces_preferences_settings();
    ces_quarantine_take_ports(&settings->ports);
    capture.analysis = ces_analysis_new(settings);
    ces_name_table_begin(&capture.names, take_name, capture.analysis);
}

static void
close_capture(void)
{
    ces_analysis_free(capture.analysis);
    capture.analysis = NULL;
}

void
ces_capture_register(int proto_ces, int proto_quarantine)
{
    protocols.ces = proto_ces;
    protocols.quarantine = proto_quarantine;
    register_init_routine(open_capture);
    register_cleanup_routine(close_capture);
}

ces_analysis *
ces_capture_analysis(void)
{
    return capture.analysis;
}

ces_time
ces_capture_time_of(const packet_info *pinfo)
{
    return pinfo->fd->has_ts ? ces_time_from((gint64)pinfo->abs_ts.secs, pinfo->abs_ts.nsecs) : CES_TIME_UNKNOWN;
}

/* --- names ------------------------------------------------------------------ */

void
ces_capture_begin_packet(gboolean may_teach)
{
    ces_name_table_before_packet(&capture.names, may_teach, take_name, capture.analysis);
}

/* Once all packets were read: every one that is shown again, or a report, asks. */
void
ces_capture_know_all(void)
{
    if (!capture.read_again && capture.analysis)
        ces_name_table_at_end(&capture.names, take_name, capture.analysis);
    capture.read_again = TRUE;
}

ces_assessment
ces_capture_assess(const ces_flow *flow)
{
    return ces_assess(capture.analysis, flow);
}

/* --- packets ------------------------------------------------------------------ */

static gboolean
is_nothing(const ces_contribution *contribution)
{
    static const ces_contribution nothing;

    return memcmp(contribution, &nothing, sizeof nothing) == 0;
}

guint
ces_capture_remember(packet_info *pinfo, const ces_sighting *sighting, const ces_contribution *contribution)
{
    guint position = 0;

    while (position < CES_SIGHTINGS_PER_PACKET && ces_capture_recall(pinfo, position))
        position++;
    if (position == CES_SIGHTINGS_PER_PACKET)
        return position;
    ces_sighting *kept = wmem_new(wmem_file_scope(), ces_sighting);
    *kept = *sighting;
    capture.in_packet = TRUE;
    p_add_proto_data(wmem_file_scope(), pinfo, protocols.ces, position, kept);
    if (contribution && !is_nothing(contribution))
        *ces_capture_contribution(pinfo, position) = *contribution;
    return position;
}

const ces_sighting *
ces_capture_recall(packet_info *pinfo, guint position)
{
    if (!pinfo->fd->visited && !capture.in_packet)
        return NULL; /* most packets of most captures: worth no look at what is kept */
    return (const ces_sighting *)p_get_proto_data(wmem_file_scope(), pinfo, protocols.ces, position);
}

const ces_contribution *
ces_capture_recall_contribution(packet_info *pinfo, guint position)
{
    return (const ces_contribution *)p_get_proto_data(wmem_file_scope(), pinfo, protocols.quarantine, position);
}

ces_contribution *
ces_capture_contribution(packet_info *pinfo, guint position)
{
    ces_contribution *contribution =
        (ces_contribution *)p_get_proto_data(wmem_file_scope(), pinfo, protocols.quarantine, position);

    if (!contribution) {
        contribution = wmem_new0(wmem_file_scope(), ces_contribution);
        p_add_proto_data(wmem_file_scope(), pinfo, protocols.quarantine, position, contribution);
    }
    return contribution;
}

gboolean
ces_capture_current(packet_info *pinfo, guint *position)
{
    const ces_sighting *sighting;
    gboolean found = FALSE;

    for (guint i = 0; (sighting = ces_capture_recall(pinfo, i)); i++) {
        const ces_flow *flow = sighting->flow;
        if (sighting->refusal || flow->ends[sighting->sender].port != pinfo->srcport ||
            flow->ends[!sighting->sender].port != pinfo->destport)
            continue;
        *position = i;
        found = TRUE;
    }
    return found;
}

void
ces_capture_end_packet(const packet_info *pinfo)
{
    capture.in_packet = FALSE;
    if (!pinfo->fd->visited)
        ces_name_table_after_packet(&capture.names, pinfo);
}
