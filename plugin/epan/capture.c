/* capture.c
 * State with the lifetime of an open capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include <epan/proto_data.h>

#include "name_table.h"
#include "preferences.h"

static int proto;

static struct {
    ces_analysis *analysis; /* NULL: nobody has lent one */
    gboolean is_part;
} lent;

static struct {
    ces_analysis *analysis;
    ces_analysis *own; /* the same, unless it is lent */
    ces_analysis *fed; /* NULL while the protocol is disabled */
    guint32 frame;     /* the packet read for the first time that last showed a flow */
    guint sightings;   /* ... and how many it showed */
} capture;

/* --- life ------------------------------------------------------------------- */

static ces_analysis *
new_analysis(void)
{
    ces_settings *settings = ces_preferences_settings();
    ces_analysis *analysis = ces_analysis_new(settings);

    ces_settings_unref(settings);
    return analysis;
}

void
ces_capture_open(void)
{
    memset(&capture, 0, sizeof capture);
    capture.own = lent.analysis ? NULL : new_analysis();
    capture.analysis = capture.own ? capture.own : lent.analysis;
    capture.fed = proto_is_protocol_enabled(find_protocol_by_id(proto)) ? capture.analysis : NULL;
    ces_name_table_begin(lent.is_part ? NULL : capture.analysis);
}

void
ces_capture_close(void)
{
    ces_name_table_begin(NULL);
    ces_analysis_free(capture.own);
    capture.analysis = capture.own = capture.fed = NULL;
}

void
ces_capture_register(int proto_ces)
{
    proto = proto_ces;
}

void
ces_capture_lend(ces_analysis *analysis, gboolean whole)
{
    lent.analysis = analysis;
    lent.is_part = analysis && !whole;
}

gboolean
ces_capture_is_whole(void)
{
    return !lent.is_part;
}

ces_analysis *
ces_capture_analysis(void)
{
    return capture.analysis;
}

ces_analysis *
ces_capture_fed(void)
{
    return capture.fed;
}

ces_time
ces_capture_time_of(const packet_info *pinfo)
{
    return pinfo->fd->has_ts ? ces_time_from((gint64)pinfo->abs_ts.secs, pinfo->abs_ts.nsecs) : CES_TIME_UNKNOWN;
}

/* --- packets ------------------------------------------------------------------ */

/* What is remembered of a packet. Most packets contribute nothing, and for
 * those there is no room for it: a million attempts shall cost little. */
typedef struct {
    ces_sighting sighting;
    ces_contribution contribution; /* only if sighting.contributes */
} remembered;

const ces_sighting *
ces_capture_remember(packet_info *pinfo, const ces_addition *addition)
{
    gboolean contributes = addition->sighting.contributes;

    if (capture.frame != pinfo->num)
        capture.sightings = 0;
    if (capture.sightings == CES_SIGHTINGS_PER_PACKET)
        return NULL;
    remembered *kept =
        (remembered *)wmem_alloc(wmem_file_scope(), contributes ? sizeof(remembered) : sizeof(ces_sighting));
    kept->sighting = addition->sighting;
    if (contributes)
        kept->contribution = addition->contribution;
    p_add_proto_data(wmem_file_scope(), pinfo, proto, capture.sightings, kept);
    capture.frame = pinfo->num;
    capture.sightings++;
    return &kept->sighting;
}

const ces_sighting *
ces_capture_recall(packet_info *pinfo, guint position)
{
    if (!pinfo->fd->visited && (capture.frame != pinfo->num || position >= capture.sightings))
        return NULL; /* most packets of most captures: worth no look at what is kept */
    return (const ces_sighting *)p_get_proto_data(wmem_file_scope(), pinfo, proto, position);
}

const ces_sighting *
ces_capture_current(packet_info *pinfo)
{
    const ces_sighting *sighting, *found = NULL;

    for (guint position = 0; (sighting = ces_capture_recall(pinfo, position)); position++) {
        const ces_flow *flow = sighting->flow;
        if (!sighting->refusal && flow->ends[sighting->sender].port == pinfo->srcport &&
            flow->ends[!sighting->sender].port == pinfo->destport)
            found = sighting;
    }
    return found;
}

ces_contribution *
ces_capture_contribution(const ces_sighting *sighting)
{
    return sighting->contributes ? &((remembered *)sighting)->contribution : NULL;
}
