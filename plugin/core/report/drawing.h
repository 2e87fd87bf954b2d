/* drawing.h
 * One report while it is drawn: in goes one assessment after the other, out
 * comes text in the format asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DRAWING_H
#define CES_DRAWING_H

#include <ces/report.h>

#include "report/csv.h"

typedef struct {
    ces_report_format format;
    ces_report_output output;
    gpointer data;
    gboolean stopped; /* the output wants no more */
    GString *buffer;  /* whole records, not yet put out */
    ces_writer json;
    ces_csv csv;
    ces_tally tally;
    ces_assessment undetermined; /* the first such connection; its flow is NULL if there is none */
} ces_drawing;

void ces_drawing_begin(ces_drawing *drawing, ces_report_format format, ces_report_output output, gpointer data);

/* Puts out the rest and frees; FALSE if the output took less than all. */
gboolean ces_drawing_end(ces_drawing *drawing);

/* Counts a connection without drawing it. */
void ces_drawing_count(ces_drawing *drawing, const ces_assessment *assessment);

/* The lines before, for and after connections. FALSE: stop. */
void ces_drawing_head_of_flows(ces_drawing *drawing);
gboolean ces_drawing_add_flow(ces_drawing *drawing, const ces_assessment *assessment);
void ces_drawing_foot_of_flows(ces_drawing *drawing);

/* All pairs of a table. */
void ces_drawing_add_pairs(ces_drawing *drawing, const ces_pair_table *pairs);

#endif
