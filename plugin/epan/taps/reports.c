/* tap_print.c
 * Reports as text, CSV and JSON Lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/reports.h"

#include "compat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wsutil/report_message.h>

#include "report/report_text.h"
#include "report/record.h"

#include "json_writer.h"
#include "preferences.h"
#include "taps/taps.h"

typedef enum { TEXT, CSV, JSON, FORMAT_COUNT } report_format;

static const char *const format_names[FORMAT_COUNT] = {"text", "csv", "json"};

/* One -z argument: what it asks for, and what its listener has seen. */
typedef struct {
    report_format format;
    ces_seen seen;
} report;

/* --- output --------------------------------------------------------------- */

/* What lives while a report is drawn. */
typedef struct {
    report_format format;
    GString *buffer; /* printed and emptied after each record */
    ces_csv csv;
    ces_json json;
    ces_tally tally;
    ces_assessment undetermined; /* the first such connection; its flow is NULL if there is none */
    ces_pair_table *pairs;
} drawing;

static void
begin_drawing(drawing *d, report_format format)
{
    memset(d, 0, sizeof *d);
    d->format = format;
    d->buffer = g_string_new(NULL);
    ces_csv_init(&d->csv, d->buffer);
    ces_json_init(&d->json, d->buffer);
}

static void
print_buffer(drawing *d)
{
    fwrite(d->buffer->str, 1, d->buffer->len, stdout);
    g_string_truncate(d->buffer, 0);
}

/* Half a report that looks whole is worse than none: a full disk is an error. */
static void
end_drawing(drawing *d)
{
    print_buffer(d);
    ces_csv_clear(&d->csv);
    g_string_free(d->buffer, TRUE);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    report_failure("The CES report could not be written: %s", g_strerror(errno));
    exit(2);
}

/* --- connections ---------------------------------------------------------- */

static void
print_flow(const ces_assessment *assessment, void *data)
{
    drawing *d = (drawing *)data;

    switch (d->format) {
    case CSV:
        ces_record_flow(assessment, &d->csv.writer);
        ces_csv_end_line(&d->csv);
        break;
    case JSON:
        ces_json_begin_record(&d->json);
        ces_record_flow(assessment, &d->json.writer);
        ces_json_end_record(&d->json);
        break;
    default:
        if (d->tally.connections == 0)
            ces_report_text_flow_head(d->buffer);
        ces_report_text_flow(assessment, d->buffer);
    }
    ces_tally_add(&d->tally, assessment);
    if (assessment->ruling.verdict == CES_VERDICT_UNDETERMINED && !d->undetermined.flow)
        d->undetermined = *assessment;
    print_buffer(d);
}

static void
draw_flows(void *tapdata)
{
    const report *r = (const report *)tapdata;
    drawing d;

    begin_drawing(&d, r->format);
    if (d.format == CSV)
        ces_csv_flow_header(&d.csv);
    ces_seen_foreach(&r->seen, print_flow, &d);
    if (d.format == TEXT) {
        ces_report_text_flow_sum(&d.tally, d.buffer);
        if (d.undetermined.flow)
            ces_report_text_missing_sites(&d.undetermined, d.buffer);
    }
    end_drawing(&d);
}

/* --- pairs ---------------------------------------------------------------- */

static void
collect_pair(const ces_assessment *assessment, void *data)
{
    drawing *d = (drawing *)data;

    ces_pair_table_add(d->pairs, assessment);
    if (assessment->ruling.verdict == CES_VERDICT_UNDETERMINED && !d->undetermined.flow)
        d->undetermined = *assessment;
}

static void
print_pair(drawing *d, const ces_pair *pair)
{
    switch (d->format) {
    case CSV:
        ces_record_pair(d->pairs, pair, &d->csv.writer);
        ces_csv_end_line(&d->csv);
        break;
    case JSON:
        ces_json_begin_record(&d->json);
        ces_record_pair(d->pairs, pair, &d->json.writer);
        ces_json_end_record(&d->json);
        break;
    default:
        ces_report_text_pair(d->pairs, pair, d->buffer);
        g_string_append_c(d->buffer, '\n');
    }
    print_buffer(d);
}

static void
draw_pairs(void *tapdata)
{
    const report *r = (const report *)tapdata;
    drawing d;

    begin_drawing(&d, r->format);
    d.pairs = ces_pair_table_new(ces_preferences_sites());
    if (d.format == CSV)
        ces_csv_pair_header(&d.csv);
    ces_seen_foreach(&r->seen, collect_pair, &d);
    for (guint i = 0; i < ces_pair_table_count(d.pairs); i++)
        print_pair(&d, ces_pair_table_get(d.pairs, i));
    if (d.format == TEXT) {
        if (ces_pair_table_count(d.pairs) == 0)
            ces_report_text_no_pair(d.buffer);
        if (d.undetermined.flow)
            ces_report_text_missing_sites(&d.undetermined, d.buffer);
    }
    ces_pair_table_free(d.pairs);
    end_drawing(&d);
}

/* --- listening ------------------------------------------------------------ */

static void
reset_report(void *tapdata)
{
    ces_seen_reset(&((report *)tapdata)->seen);
}

static tap_packet_status
add_sighting(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    const ces_sighting *sighting = (const ces_sighting *)data;

    return ces_seen_add(&((report *)tapdata)->seen, sighting->flow) ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

static void
free_report(void *tapdata)
{
    report *r = (report *)tapdata;

    ces_seen_clear(&r->seen);
    g_free(r);
}

/* --- the -z argument ------------------------------------------------------- */

/* "ces,NAME[,FORMAT[,FILTER]]": what follows the name. An empty format is
 * text, an empty filter none. The filter keeps its commas. */
static gboolean
parse_argument(const char *rest, report_format *format, const char **filter)
{
    *format = TEXT;
    *filter = NULL;
    if (*rest == '\0')
        return TRUE;
    if (*rest++ != ',')
        return FALSE;

    gsize length = strcspn(rest, ",");
    const char *behind = rest + length;
    if (*behind == ',' && behind[1])
        *filter = behind + 1;
    if (length == 0)
        return TRUE;
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strlen(format_names[i]) == length && strncmp(rest, format_names[i], length) == 0) {
            *format = (report_format)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean
start_report(const char *argument, const char *name, tap_draw_cb draw)
{
    report_format format;
    const char *filter;

    const char *rest = argument + strlen(name);

    if (!parse_argument(rest, &format, &filter)) {
        report_failure("-z \"%s\": \"%s\" is no format; give %s[,text|csv|json[,FILTER]]", argument,
                       rest + (*rest == ','), name);
        return FALSE;
    }
    report *r = g_new(report, 1);
    r->format = format;
    ces_seen_init(&r->seen);
    GString *error = register_tap_listener(CES_TAP, r, filter, 0, reset_report, add_sighting, draw, free_report);
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
ces_tap_print_register(void)
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
