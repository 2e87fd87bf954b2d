/* drawing.c
 * Records in the format asked for, handed on in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/drawing.h>

#include <ces/text.h>

#include "report/csv.h"
#include "report/json.h"
#include "report/record.h"
#include "report/report_text.h"

struct ces_drawing {
    ces_report_format format;
    ces_report_output output;
    gpointer data;
    gboolean stopped; /* the output wants no more */
    GString *buffer;  /* whole records, not yet put out */
    ces_writer json;
    ces_csv csv;
    gboolean named; /* the captures are */
    char *capture;  /* the one being drawn, or NULL */
    ces_tally tally;
    GString *missing_sites; /* what is said of the first connection without a verdict; empty if there is none */
};

ces_drawing *
ces_drawing_new(ces_report_format format, ces_report_output output, gpointer data)
{
    ces_drawing *drawing = g_new(ces_drawing, 1);

    *drawing = (ces_drawing){.format = format,
                             .output = output,
                             .data = data,
                             .buffer = g_string_new(NULL),
                             .missing_sites = g_string_new(NULL)};
    ces_writer_init(&drawing->json, &ces_json, drawing->buffer, TRUE);
    ces_csv_init(&drawing->csv, drawing->buffer, FALSE);
    return drawing;
}

static void
put_out(ces_drawing *drawing)
{
    if (!drawing->stopped && drawing->buffer->len > 0)
        drawing->stopped = !drawing->output(drawing->buffer->str, drawing->buffer->len, drawing->data);
    g_string_truncate(drawing->buffer, 0);
}

/* After each record: many go out at once, and none in parts. */
static gboolean
end_record(ces_drawing *drawing)
{
    const gsize enough = 1 << 15;

    if (drawing->buffer->len >= enough)
        put_out(drawing);
    return !drawing->stopped;
}

gboolean
ces_drawing_end(ces_drawing *drawing)
{
    put_out(drawing);
    gboolean written = !drawing->stopped;
    ces_writer_clear(&drawing->json);
    ces_csv_clear(&drawing->csv);
    g_string_free(drawing->buffer, TRUE);
    g_string_free(drawing->missing_sites, TRUE);
    g_free(drawing->capture);
    g_free(drawing);
    return written;
}

void
ces_drawing_count(ces_drawing *drawing, const ces_assessment *assessment)
{
    ces_tally_add(&drawing->tally, assessment);
    if (assessment->ruling.verdict == CES_VERDICT_UNDETERMINED && drawing->missing_sites->len == 0)
        ces_say_missing_sites(assessment, drawing->missing_sites);
}

void
ces_drawing_count_many(ces_drawing *drawing, const ces_tally *tally, const char *missing_sites)
{
    drawing->tally = *tally;
    g_string_assign(drawing->missing_sites, missing_sites);
}

/* Says it at the end, where a terminal shows it. */
static void
add_missing_sites(ces_drawing *drawing)
{
    if (drawing->missing_sites->len > 0)
        ces_report_text_missing_sites(drawing->missing_sites->str, drawing->tally.verdicts[CES_VERDICT_UNDETERMINED],
                                      drawing->tally.connections, drawing->buffer);
}

/* --- the header of CSV ----------------------------------------------------------- */

static void
add_csv_header(ces_drawing *drawing, void (*sample)(ces_writer *))
{
    ces_csv csv;

    ces_csv_init(&csv, drawing->buffer, TRUE);
    if (drawing->named)
        ces_record_capture("", &csv.writer);
    sample(&csv.writer);
    ces_csv_end_line(&csv);
    ces_csv_clear(&csv);
}

/* --- connections ------------------------------------------------------------------- */

void
ces_drawing_name_captures(ces_drawing *drawing)
{
    drawing->named = TRUE;
}

void
ces_drawing_begin_capture(ces_drawing *drawing, const char *capture)
{
    g_free(drawing->capture);
    drawing->capture = capture && *capture ? g_strdup(capture) : NULL;
    if (drawing->format != CES_REPORT_TEXT || !drawing->capture)
        return;
    g_string_append(drawing->buffer, "== ");
    ces_text_append_clean(drawing->buffer, drawing->capture, strlen(drawing->capture));
    g_string_append(drawing->buffer, " ==\n");
}

void
ces_drawing_head_of_flows(ces_drawing *drawing)
{
    if (drawing->format == CES_REPORT_CSV)
        add_csv_header(drawing, ces_record_sample_flow);
}

gboolean
ces_drawing_add_flow(ces_drawing *drawing, const ces_assessment *assessment)
{
    switch (drawing->format) {
    case CES_REPORT_CSV:
        if (drawing->named)
            ces_record_capture(drawing->capture ? drawing->capture : "", &drawing->csv.writer);
        ces_record_flow(assessment, &drawing->csv.writer);
        ces_csv_end_line(&drawing->csv);
        break;
    case CES_REPORT_JSON:
        ces_json_begin(drawing->buffer);
        if (drawing->named && drawing->capture)
            ces_record_capture(drawing->capture, &drawing->json);
        ces_record_flow(assessment, &drawing->json);
        ces_json_end(drawing->buffer);
        break;
    default:
        if (drawing->tally.connections == 0)
            ces_report_text_flow_head(drawing->buffer);
        ces_report_text_flow(assessment, drawing->buffer);
    }
    ces_drawing_count(drawing, assessment);
    return end_record(drawing);
}

void
ces_drawing_foot_of_flows(ces_drawing *drawing)
{
    if (drawing->format != CES_REPORT_TEXT)
        return;
    ces_report_text_flow_sum(&drawing->tally, drawing->buffer);
    add_missing_sites(drawing);
    if (drawing->capture)
        g_string_append_c(drawing->buffer, '\n');
    drawing->tally = (ces_tally){0};
    g_string_truncate(drawing->missing_sites, 0);
}

/* --- pairs --------------------------------------------------------------------------- */

static gboolean
add_pair(ces_drawing *drawing, const ces_pair_table *pairs, const ces_pair *pair)
{
    switch (drawing->format) {
    case CES_REPORT_CSV:
        ces_record_pair(pairs, pair, &drawing->csv.writer);
        ces_csv_end_line(&drawing->csv);
        break;
    case CES_REPORT_JSON:
        ces_json_begin(drawing->buffer);
        ces_record_pair(pairs, pair, &drawing->json);
        ces_json_end(drawing->buffer);
        break;
    default:
        ces_report_text_pair(pairs, pair, drawing->buffer);
        g_string_append_c(drawing->buffer, '\n');
    }
    return end_record(drawing);
}

void
ces_drawing_add_pairs(ces_drawing *drawing, const ces_pair_table *pairs)
{
    guint count = ces_pair_table_count(pairs);

    if (drawing->format == CES_REPORT_CSV)
        add_csv_header(drawing, ces_record_sample_pair);
    for (guint i = 0; i < count && add_pair(drawing, pairs, ces_pair_table_get(pairs, i)); i++)
        continue;
    if (drawing->format != CES_REPORT_TEXT)
        return;
    if (count == 0)
        ces_report_text_no_pair(drawing->buffer);
    add_missing_sites(drawing);
}
