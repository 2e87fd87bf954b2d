/* taps.c
 * The tap, and the reports on it that tshark prints.
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

#include "capture.h"
#include "name_table.h"

static int ces_tap = -1;

void
ces_taps_queue(packet_info *pinfo, const ces_sighting *sighting)
{
    if (have_tap_listener(ces_tap))
        tap_queue_packet(ces_tap, pinfo, sighting);
}

/* Every program of Wireshark gives GLib its name before it loads plugins,
 * whatever the file is called that was started. */
gboolean
ces_taps_in_tshark(void)
{
    return g_strcmp0(g_get_prgname(), "tshark") == 0;
}

/* --- one report --------------------------------------------------------------- */

/* What may follow "-z". */
typedef struct report report;
typedef struct {
    const char *name, *usage;
    gboolean has_format;
    gboolean (*draw)(const report *r); /* FALSE: it could not be written */
} report_kind;

/* One -z argument: what it asks for, and what its listener has seen. */
struct report {
    const report_kind *kind;
    ces_report_format format;
    ces_selection *seen;
    double first, last; /* milliseconds from the capture's start to the packets seen */
};

static gboolean
print(const char *text, gsize length, gpointer unused _U_)
{
    return fwrite(text, 1, length, stdout) == length;
}

static gboolean
draw_flows(const report *r)
{
    return ces_report_flows(ces_capture_analysis(), r->format, r->seen, print, NULL);
}

static gboolean
draw_pairs(const report *r)
{
    return ces_report_pairs(ces_capture_analysis(), r->format, r->seen, NULL, print, NULL);
}

static gboolean
draw_tree(const report *r)
{
    GString *text = ces_tap_tree_text(r->seen, r->last - r->first);
    gboolean written = print(text->str, text->len, NULL);

    g_string_free(text, TRUE);
    return written;
}

/* Half a report that looks whole is worse than none: a full disk is an error. And
 * one without a verdict must not look like good news: CSV and JSON have no place to say so. */
static void
draw_report(void *tapdata)
{
    const report *r = (const report *)tapdata;
    GString *text = g_string_new(NULL);

    ces_name_table_at_end();
    if (!r->kind->draw(r) || fflush(stdout) != 0 || ferror(stdout)) {
        report_failure("The CES report could not be written: %s", g_strerror(errno));
        ces_end_tshark();
    }
    if (r->format != CES_REPORT_TEXT && ces_report_missing_sites(ces_capture_analysis(), r->seen, text))
        report_warning("%s", text->str);
    g_string_free(text, TRUE);
}

/* --- listening ------------------------------------------------------------ */

static void
reset_report(void *tapdata)
{
    report *r = (report *)tapdata;

    ces_selection_reset(r->seen);
    r->first = r->last = -1;
}

static tap_packet_status
add_sighting(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    report *r = (report *)tapdata;

    r->last = nstime_to_msec(&pinfo->rel_ts);
    if (r->first < 0)
        r->first = r->last;
    return ces_selection_add(r->seen, ((const ces_sighting *)data)->flow) ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
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
start_report(const report_kind *kind, const char *argument)
{
    const char *rest = argument + strlen(kind->name);
    const char *filter = *rest == ',' && rest[1] ? rest + 1 : NULL;
    ces_report_format format = CES_REPORT_TEXT;

    if (kind->has_format ? !ces_report_argument_parse(rest, &format, &filter) : *rest && *rest != ',') {
        report_failure("-z \"%s\": \"%s\" is not what may follow; give %s", argument, rest + (*rest == ','),
                       kind->usage);
        return FALSE;
    }
    report *r = g_new(report, 1);
    *r = (report){.kind = kind, .format = format, .seen = ces_selection_new(), .first = -1, .last = -1};
    GString *error = register_tap_listener(CES_TAP, r, filter, 0, reset_report, add_sighting, draw_report, free_report);
    if (error) {
        report_failure("-z \"%s\": %s", argument, error->str);
        g_string_free(error, TRUE);
        free_report(r);
    }
    return !error;
}

static ces_tap_started
start(const char *argument, void *kind)
{
    CES_TAP_START(start_report((const report_kind *)kind, argument));
}

/* --- registration -------------------------------------------------------------- */

static const report_kind kinds[] = {
    {"ces,flows", "ces,flows[,text|csv|json[,FILTER]]", TRUE, draw_flows},
    {"ces,pairs", "ces,pairs[,text|csv|json[,FILTER]]", TRUE, draw_pairs},
    {"ces,tree", "ces,tree[,FILTER]", FALSE, draw_tree},
};

/* The stats tree and the tables come to tshark by themselves, too. Registered
 * first, these reports are taken: they print the final state, and a wrong
 * filter is told by the exit status, where Wireshark 4.0 and 4.4 go on without
 * the tree. */
static void
register_reports(void)
{
    static stat_tap_ui uis[G_N_ELEMENTS(kinds)];

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        uis[i] = (stat_tap_ui){
            .group = REGISTER_PACKET_STAT_GROUP_UNSORTED, .cli_string = kinds[i].name, .tap_init_cb = start};
        register_stat_tap_ui(&uis[i], (void *)&kinds[i]);
    }
}

void
ces_taps_register(void)
{
    ces_tap = register_tap(CES_TAP);
    if (ces_taps_in_tshark())
        register_reports();
    ces_tap_tree_register();
    ces_tap_tables_register();
}
