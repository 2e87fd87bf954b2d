/* taps.c
 * The tap and what all its listeners share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/taps.h"

#include <epan/tap.h>

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

void
ces_taps_register(void)
{
    ces_tap = register_tap(CES_TAP);
    ces_tap_reports_register();
    ces_tap_tree_register();
    ces_tap_tables_register();
}
