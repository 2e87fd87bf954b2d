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
#include "settings.h"

static int proto_ces = -1;
static dissector_handle_t ces_handle;

static int
dissect_ces(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const ces_sighting *sighting;

    for (guint index = 0; (sighting = ces_capture_recall(pinfo, index)); index++) {
        if (sighting->flow->service == CES_SERVICE_NONE)
            continue; /* one port carries a service, but it is not the responder's */
        ces_assessment assessment = ces_knowledge_assess(sighting->flow);
        ces_display(tvb, pinfo, tree, sighting, &assessment);
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
}

void
ces_register_handoff(void)
{
    ces_facts_register_handoff();
    register_postdissector(ces_handle);
}
