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
#include "knowledge.h"
#include "menu.h"
#include "quarantine/dissector.h"
#include "dialogue_display.h"
#include "quarantine_words.h"
#include "preferences.h"
#include "taps/taps.h"

static int proto_ces = -1;
static dissector_handle_t ces_handle;

/* A flow carries no service if the port that does is not the responder's, or
 * if its payload showed another use of the port. */
static void
display_sighting(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, guint index, const ces_sighting *sighting)
{
    if (sighting->flow->service == CES_SERVICE_NONE) {
        ces_quarantine_display(tvb, pinfo, tree, NULL, index, sighting, NULL);
        return;
    }
    ces_assessment assessment = ces_knowledge_assess(sighting->flow);
    proto_item *item = ces_display(tvb, pinfo, tree, sighting, &assessment);
    ces_quarantine_display(tvb, pinfo, tree, item, index, sighting, &assessment);
}

static int
dissect_ces(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const ces_sighting *sighting;

    ces_words_note_time(pinfo);
    for (guint index = 0; (sighting = ces_capture_recall(pinfo, index)); index++) {
        pinfo->current_proto = "CES"; /* until the caller takes it back */
        if (ces_taps_wanted())
            ces_taps_queue(pinfo, sighting);
        display_sighting(tvb, pinfo, tree, index, sighting);
    }
    ces_capture_end_packet();
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
    ces_capture_register(proto_ces);
    ces_facts_register(proto_ces);
    ces_quarantine_register(proto_ces);
    ces_taps_register();
    ces_menu_register(proto_ces);
}

void
ces_register_handoff(void)
{
    ces_facts_register_handoff();
    ces_quarantine_register_handoff();
    register_postdissector(ces_handle);
}
