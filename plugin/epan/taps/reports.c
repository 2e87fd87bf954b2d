/* reports.c
 * What follows "-z", and printing when all has been read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/taps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wsutil/report_message.h>

#include <ces/report.h>

#include "capture.h"
#include "name_table.h"

typedef gboolean (*ces_draw)(ces_report_format format, const ces_selection *seen);

/* One -z argument: what it asks for, and what its listener has seen. */
typedef struct {
    ces_draw draw;
    ces_report_format format;
    ces_selection *seen;
} report;

/* --- drawing -------------------------------------------------------------- */

static gboolean
print(const char *text, gsize length, gpointer unused _U_)
{
    return fwrite(text, 1, length, stdout) == length;
}

/* Half a report that looks whole is worse than none: a full disk is an error. */
static void
end_drawing(gboolean written)
{
    if (written && fflush(stdout) == 0 && !ferror(stdout))
        return;
    report_failure("The CES report could not be written: %s", g_strerror(errno));
    ces_end_tshark();
}

/* CSV and JSON have no place for it, and a report without a verdict must not look like good news. */
static void
tell_missing_sites(const report *r)
{
    GString *text = g_string_new(NULL);

    if (r->format != CES_REPORT_TEXT && ces_report_missing_sites(ces_capture_analysis(), r->seen, text))
        report_warning("%s", text->str);
    g_string_free(text, TRUE);
}

static gboolean
draw_flows(ces_report_format format, const ces_selection *seen)
{
    return ces_report_flows(ces_capture_analysis(), format, seen, print, NULL);
}

static gboolean
draw_pairs(ces_report_format format, const ces_selection *seen)
{
    return ces_report_pairs(ces_capture_analysis(), format, seen, NULL, print, NULL);
}

static void
draw_report(void *tapdata)
{
    const report *r = (const report *)tapdata;

    ces_name_table_at_end();
    end_drawing(r->draw(r->format, r->seen));
    tell_missing_sites(r);
}

/* --- listening ------------------------------------------------------------ */

static void
reset_report(void *tapdata)
{
    ces_selection_reset(((report *)tapdata)->seen);
}

static tap_packet_status
add_sighting(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    const ces_sighting *sighting = (const ces_sighting *)data;

    return ces_selection_add(((report *)tapdata)->seen, sighting->flow) ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

static void
free_report(void *tapdata)
{
    report *r = (report *)tapdata;

    ces_selection_free(r->seen);
    g_free(r);
}

/* --- the -z argument ------------------------------------------------------- */

static gboolean
start_report(const char *argument, const char *name, ces_draw draw)
{
    ces_report_format format;
    const char *filter;
    const char *rest = argument + strlen(name);

    if (!ces_report_argument_parse(rest, &format, &filter)) {
        report_failure("-z \"%s\": \"%s\" is no format; give %s[,text|csv|json[,FILTER]]", argument,
                       rest + (*rest == ','), name);
        return FALSE;
    }
    report *r = g_new(report, 1);
    r->draw = draw;
    r->format = format;
    r->seen = ces_selection_new();
    GString *error = register_tap_listener(CES_TAP, r, filter, 0, reset_report, add_sighting, draw_report, free_report);
    if (error) {
        report_failure("-z \"%s\": %s", argument, error->str);
        g_string_free(error, TRUE);
        free_report(r);
    }
    return !error;
}

#define FLOWS "ces,flows"
#define PAIRS "ces,pairs"

static ces_tap_started
start_flows(const char *argument, void *data _U_)
{
    CES_TAP_START(start_report(argument, FLOWS, draw_flows));
}

static ces_tap_started
start_pairs(const char *argument, void *data _U_)
{
    CES_TAP_START(start_report(argument, PAIRS, draw_pairs));
}

void
ces_tap_reports_register(void)
{
    static stat_tap_ui flows = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED, .cli_string = FLOWS, .tap_init_cb = start_flows};
    static stat_tap_ui pairs = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED, .cli_string = PAIRS, .tap_init_cb = start_pairs};

    if (!ces_taps_in_tshark())
        return;
    register_stat_tap_ui(&flows, NULL);
    register_stat_tap_ui(&pairs, NULL);
}
