/* postdissector.c
 * Shows, after a packet is dissected, the flows that were seen in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "postdissector.h"

#include "compat.h"

#include "capture.h"
#include "display.h"
#include "facts.h"
#include "knowledge.h"
#include "quarantine.h"
#include "quarantine_display.h"
#include "quarantine_words.h"
#include "settings.h"
#include "taps.h"

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
    gboolean tapped = ces_taps_wanted();

    ces_words_note_time(pinfo);
    for (guint index = 0; (sighting = ces_capture_recall(pinfo, index)); index++) {
        if (tapped)
            ces_taps_queue(pinfo, sighting);
        display_sighting(tvb, pinfo, tree, index, sighting);
    }
    return 0;
}

void
ces_register(void)
{
    proto_ces = proto_register_protocol("Cisco hybrid email security (CES)", "CES", "ces");
    ces_handle = register_dissector("ces", dissect_ces, proto_ces);
    ces_display_register(proto_ces);
    ces_settings_register(proto_ces);
    ces_capture_register(proto_ces);
    ces_facts_register(proto_ces);
    ces_quarantine_register(proto_ces);
    ces_taps_register();
}

void
ces_register_handoff(void)
{
    ces_facts_register_handoff();
    ces_quarantine_register_handoff();
    register_postdissector(ces_handle);
}
