/* report.c
 * Reports of an analysis: what goes over its flows and has them drawn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

#include <ces/drawing.h>
#include <ces/text.h>

gboolean
ces_report_visit(const ces_analysis *analysis, const ces_selection *selection, ces_visitor visitor, gpointer data)
{
    guint count = ces_analysis_count(analysis);

    for (guint i = 0; i < count; i++) {
        const ces_flow *flow = ces_analysis_flow(analysis, i);
        if (flow->service == CES_SERVICE_NONE || !ces_selection_contains(selection, flow))
            continue;
        ces_assessment assessment = ces_assess(analysis, flow);
        if (!visitor(&assessment, data))
            return FALSE;
    }
    return TRUE;
}

/* --- counts ------------------------------------------------------------------------ */

static gboolean
count_flow(const ces_assessment *assessment, gpointer data)
{
    ces_tally_add((ces_tally *)data, assessment);
    return TRUE;
}

void
ces_tally_all(const ces_analysis *analysis, const ces_selection *selection, ces_tally *tally)
{
    ces_report_visit(analysis, selection, count_flow, tally);
}

/* --- reports -------------------------------------------------------------------------- */

static gboolean
draw_flow(const ces_assessment *assessment, gpointer data)
{
    return ces_drawing_add_flow((ces_drawing *)data, assessment);
}

gboolean
ces_report_flows(const ces_analysis *analysis, ces_report_format format, const ces_selection *selection,
                 ces_report_output output, gpointer data)
{
    ces_drawing *drawing = ces_drawing_new(format, output, data);

    ces_drawing_head_of_flows(drawing);
    ces_report_visit(analysis, selection, draw_flow, drawing);
    ces_drawing_foot_of_flows(drawing);
    return ces_drawing_end(drawing);
}

/* What it takes to collect the pairs of a capture. */
typedef struct {
    ces_drawing *drawing;
    ces_pair_table *table;
    const char *capture;
} collection;

static gboolean
collect_flow(const ces_assessment *assessment, gpointer data)
{
    collection *c = (collection *)data;
    ces_contact contact = ces_contact_of(assessment, c->capture);

    ces_pair_table_add(c->table, &contact);
    ces_drawing_count(c->drawing, assessment);
    return TRUE;
}

gboolean
ces_report_pairs(const ces_analysis *analysis, ces_report_format format, const ces_selection *selection,
                 const char *capture, ces_report_output output, gpointer data)
{
    collection c = {.drawing = ces_drawing_new(format, output, data),
                    .table = ces_pair_table_new(ces_analysis_settings(analysis)->sites),
                    .capture = capture};

    ces_report_visit(analysis, selection, collect_flow, &c);
    ces_drawing_add_pairs(c.drawing, c.table);
    ces_pair_table_free(c.table);
    return ces_drawing_end(c.drawing);
}

/* --- what is missing ------------------------------------------------------------------- */

static gboolean
is_judged(const ces_assessment *assessment, gpointer data)
{
    if (assessment->ruling.verdict != CES_VERDICT_UNDETERMINED)
        return TRUE;
    GString *words = g_string_new(NULL);
    ces_say_missing_sites(assessment, words);
    ces_text_append_clean((GString *)data, words->str, words->len);
    g_string_free(words, TRUE);
    return FALSE;
}

gboolean
ces_report_missing_sites(const ces_analysis *analysis, const ces_selection *selection, GString *text)
{
    return !ces_report_visit(analysis, selection, is_judged, text);
}
