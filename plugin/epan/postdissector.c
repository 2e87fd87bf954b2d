/* postdissector.c
 * The door through which Wireshark loads the plugin, and the protocol "ces":
 * after a packet is dissected it shows the flows that were seen in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat.h"

#include "capture.h"
#include "display.h"
#include "name_table.h"
#include "preferences.h"
#include "quarantine/dissector.h"
#include "taps/taps.h"
#include "parts.h"

static dissector_handle_t ces_handle;

/* --- each capture ------------------------------------------------------------ */

static void
open_capture(void)
{
    ces_capture_open();
    ces_quarantine_take_ports(&ces_analysis_settings(ces_capture_analysis())->ports);
}

/* --- each packet ------------------------------------------------------------ */

static void
show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_sighting *sighting)
{
    pinfo->current_proto = "CES"; /* until the caller takes it back */
    ces_taps_queue(pinfo, sighting);
    if (sighting->flow->service == CES_SERVICE_NONE)
        return; /* the port that carries one is not the responder's */
    if (ces_display_is_wanted(pinfo, tree))
        ces_display(tvb, pinfo, tree, sighting);
}

static int
dissect_ces(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    ces_analysis *analysis = ces_capture_analysis();
    const ces_sighting *sighting;

    if (pinfo->fd->visited)
        ces_name_table_at_end();
    else if (analysis)
        ces_analysis_note_time(analysis, ces_capture_time_of(pinfo));
    for (guint position = 0; (sighting = ces_capture_recall(pinfo, position)); position++)
        show(tvb, pinfo, tree, sighting);
    if (!pinfo->fd->visited)
        ces_name_table_after_packet(pinfo);
    return 0;
}

/* --- registration ------------------------------------------------------------- */

static void
register_ces(void)
{
    int proto_ces = proto_register_protocol("Cisco hybrid email security (CES)", "CES", "ces");
    int proto_quarantine = ces_quarantine_register(proto_ces);

    /* In name only below CES: for a whole protocol Wireshark would add a layer to every packet and take it away
     * again, which costs more than all that is done here for a packet without a flow. */
    ces_handle = create_dissector_handle(dissect_ces,
                                         proto_register_protocol_in_name_only("CES on each packet", "CES (packets)",
                                                                              "ces.packets", proto_ces, FT_PROTOCOL));
    ces_display_register(proto_ces, proto_quarantine);
    ces_preferences_register(proto_ces);
    ces_capture_register(proto_ces);
    register_init_routine(open_capture);
    register_cleanup_routine(ces_capture_close);
    ces_taps_register();
    ces_menu_register(proto_ces);
}

static void
register_handoff(void)
{
    ces_watch_register_handoff();
    ces_quarantine_register_handoff();
    register_postdissector(ces_handle);
}

/* --- what Wireshark asks the library for --------------------------------------- */

WS_DLL_PUBLIC_DEF const char plugin_version[] = CES_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

void
plugin_register(void)
{
    static proto_plugin ces = {.register_protoinfo = register_ces, .register_handoff = register_handoff};

    proto_register_plugin(&ces);
}

/* Asked for since 4.4. The constants' header is not there before. */
uint32_t
plugin_describe(void)
{
    enum { DISSECTOR = 1, TAP_LISTENER = 16 };
    return DISSECTOR | TAP_LISTENER;
}
