/* postdissector.c
 * Shows, after a packet is dissected, the flows that were seen in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "postdissector.h"

#include "compat.h"

#include "capture.h"
#include "display.h"
#include "watch.h"
#include "menu.h"
#include "quarantine/dissector.h"
#include "dialogue_display.h"
#include "preferences.h"
#include "taps/taps.h"

static int proto_ces = -1;
static dissector_handle_t ces_handle;

/* Whether anybody looks at what would be shown: a tree, the Info column, or
 * the expert information (ces_display_wants_experts). */
static gboolean
is_display_wanted(const packet_info *pinfo, const proto_tree *tree)
{
    return tree || ces_display_wants_info(pinfo) || ces_display_wants_experts(tree);
}

static void
display_sighting(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, guint position, const ces_sighting *sighting)
{
    if (sighting->flow->service == CES_SERVICE_NONE)
        return; /* the port that carries one is not the responder's */
    ces_assessment assessment = ces_capture_assess(sighting->flow);
    proto_item *item = ces_display(tvb, pinfo, tree, sighting, &assessment);
    ces_dialogue_display(tvb, pinfo, tree, item, position, sighting, &assessment);
}

static int
dissect_ces(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const ces_sighting *sighting;
    gboolean wanted = is_display_wanted(pinfo, tree);

    if (pinfo->fd->visited)
        ces_capture_know_all();
    else if (ces_capture_analysis())
        ces_analysis_note_time(ces_capture_analysis(), ces_capture_time_of(pinfo));
    for (guint position = 0; (sighting = ces_capture_recall(pinfo, position)); position++) {
        pinfo->current_proto = "CES"; /* until the caller takes it back */
        if (ces_taps_wanted())
            ces_taps_queue(pinfo, sighting);
        if (wanted)
            display_sighting(tvb, pinfo, tree, position, sighting);
    }
    ces_capture_end_packet(pinfo);
    return 0;
}

/* The handle belongs to a protocol in name only below CES: Wireshark would add
 * a layer to every packet for it and take it away again, which costs more than
 * all that is done here for a packet without a flow. */
static dissector_handle_t
create_handle(void)
{
    int proto = proto_register_protocol_in_name_only("CES on each packet", "CES (packets)", "ces.packets", proto_ces,
                                                     FT_PROTOCOL);

    return create_dissector_handle(dissect_ces, proto);
}

void
ces_register(void)
{
    proto_ces = proto_register_protocol("Cisco hybrid email security (CES)", "CES", "ces");
    ces_handle = create_handle();
    ces_display_register(proto_ces);
    ces_preferences_register(proto_ces);
    ces_watch_register(proto_ces);
    ces_capture_register(proto_ces, ces_quarantine_register(proto_ces));
    ces_taps_register();
    ces_menu_register(proto_ces);
}

void
ces_register_handoff(void)
{
    ces_watch_register_handoff();
    ces_quarantine_register_handoff();
    register_postdissector(ces_handle);
}
