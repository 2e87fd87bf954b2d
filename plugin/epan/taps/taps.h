/* taps.h
 * The tap "ces". Each packet hands it the flows that it shows.
 *
 * A listener only notes which those are (ces_selection); what is to be said of
 * them is read off the analysis when the report is drawn. So every report
 * shows the final state, in one pass as well as in two, and a filter chooses
 * connections, not states.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TAPS_H
#define CES_TAPS_H

#include "compat.h"

#include <ces/report.h>

/* Registers the tap and every report on it: those that tshark prints, and */
void ces_taps_register(void);

/* - the counts by every word of the vocabulary as a stats tree, a window; */
void ces_tap_tree_register(void);

/* - connections and pairs as tables, in the Statistics menu and in sharkd (nstat:ces,flows, nstat:ces,pairs). */
void ces_tap_tables_register(void);

/* The tree as text, for the flows seen. `elapsed`: the milliseconds between the
 * first and the last packet of them. The caller frees it. */
GString *ces_tap_tree_text(const ces_selection *seen, double elapsed);

/* The name of the tap; its data is a `const ces_sighting *`. */
#define CES_TAP "ces"

/* Hands a sighting to the listeners, if there are any; it must live as long as the packet. */
void ces_taps_queue(packet_info *pinfo, const ces_sighting *sighting);

/* Whether this program is tshark, where reports print and may end the
 * program. Elsewhere the same reports are windows. */
gboolean ces_taps_in_tshark(void);

#endif
