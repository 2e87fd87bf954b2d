/* columns.c
 * What stands in the columns of windows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

static const ces_column of_flows[] = {
    {"Verdict", "verdict", FALSE},
    {"Finding", "finding", FALSE},
    {"Result", "result", FALSE},
    {"Cause", "cause", FALSE},
    {"Outcome", "outcome", FALSE},
    {"Service", "service", FALSE},
    {"Initiator", "initiator.address", FALSE},
    {"Initiator site", "initiator.site", FALSE},
    {"Responder", "responder.address", FALSE},
    {"Responder site", "responder.site", FALSE},
    {"First packet", "first_frame", TRUE},
    {"Attempts", "syns", TRUE},
    {"Duration (ms)", "duration", TRUE},
    {"Start", "start", FALSE},
    {"Ended", "ended", FALSE},
    {"Packets", "packets", TRUE},
    {"Initiator bytes", "initiator.bytes", TRUE},
    {"Responder bytes", "responder.bytes", TRUE},
    {"Initiator port", "initiator.port", TRUE},
    {"Initiator name", "initiator.name", FALSE},
    {"Responder port", "responder.port", TRUE},
    {"Responder name", "responder.name", FALSE},
    {"Direction", "direction", FALSE},
    {"Support", "support", FALSE},
    {"What next", "advice", FALSE},
    {"Why", "reason", FALSE},
};

static const ces_column of_pairs[] = {
    {"SMA", "sma.address", FALSE},
    {"SMA site", "sma.site", FALSE},
    {"ESA", "esa.address", FALSE},
    {"ESA site", "esa.site", FALSE},
    {"Conclusion", "conclusion", FALSE},
    {"Sync result", "reporting.result", FALSE},
    {"Spam Quarantine result", "spam_quarantine.result", FALSE},
    {"PVO Quarantine result", "pvo_quarantine.result", FALSE},
    {"Sync seen", "reporting.seen", FALSE},
    {"Spam Quarantine seen", "spam_quarantine.seen", FALSE},
    {"PVO Quarantine seen", "pvo_quarantine.seen", FALSE},
    {"Sync support", "reporting.support", FALSE},
    {"Spam Quarantine support", "spam_quarantine.support", FALSE},
    {"PVO Quarantine support", "pvo_quarantine.support", FALSE},
    {"SMA name", "sma.name", FALSE},
    {"ESA name", "esa.name", FALSE},
};

G_STATIC_ASSERT(G_N_ELEMENTS(of_flows) <= CES_COLUMNS_AT_MOST && G_N_ELEMENTS(of_pairs) <= CES_COLUMNS_AT_MOST);

const ces_column *
ces_report_flow_columns(guint *count)
{
    *count = G_N_ELEMENTS(of_flows);
    return of_flows;
}

const ces_column *
ces_report_pair_columns(guint *count)
{
    *count = G_N_ELEMENTS(of_pairs);
    return of_pairs;
}
