/* drawing.c
 * Records in the format asked for, handed on in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/drawing.h"

#include "report/json.h"
#include "report/record.h"
#include "report/report_text.h"

void
ces_drawing_begin(ces_drawing *drawing, ces_report_format format, ces_report_output output, gpointer data)
{
    *drawing = (ces_drawing){.format = format, .output = output, .data = data, .buffer = g_string_new(NULL)};
    ces_writer_init(&drawing->json, &ces_json, drawing->buffer, TRUE);
    ces_csv_init(&drawing->csv, drawing->buffer, FALSE);
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
    ces_writer_clear(&drawing->json);
    ces_csv_clear(&drawing->csv);
    g_string_free(drawing->buffer, TRUE);
    return !drawing->stopped;
}

void
ces_drawing_count(ces_drawing *drawing, const ces_assessment *assessment)
{
    ces_tally_add(&drawing->tally, assessment);
    if (assessment->ruling.verdict == CES_VERDICT_UNDETERMINED && !drawing->undetermined.flow)
        drawing->undetermined = *assessment;
}

/* Says it at the end, where a terminal shows it. */
static void
add_missing_sites(ces_drawing *drawing)
{
    if (drawing->undetermined.flow)
        ces_report_text_missing_sites(&drawing->undetermined, drawing->tally.verdicts[CES_VERDICT_UNDETERMINED],
                                      drawing->tally.connections, drawing->buffer);
}

/* --- the header of CSV ----------------------------------------------------------- */

static void
add_csv_header(ces_drawing *drawing, void (*sample)(ces_writer *))
{
    ces_csv csv;

    ces_csv_init(&csv, drawing->buffer, TRUE);
    sample(&csv.writer);
    ces_csv_end_line(&csv);
    ces_csv_clear(&csv);
}

/* --- connections ------------------------------------------------------------------- */

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
        ces_record_flow(assessment, &drawing->csv.writer);
        ces_csv_end_line(&drawing->csv);
        break;
    case CES_REPORT_JSON:
        ces_json_begin(drawing->buffer);
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
