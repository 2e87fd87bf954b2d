/* drawing.h
 * One report while it is drawn: in goes one connection after the other, wherever
 * it comes from, out comes text in the format asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DRAWING_H
#define CES_DRAWING_H

#include <ces/report.h>

typedef struct ces_drawing ces_drawing;

/* `data` is handed to `output`. Never NULL; ends with ces_drawing_end. */
ces_drawing *ces_drawing_new(ces_report_format format, ces_report_output output, gpointer data);

/* Puts out the rest and frees; FALSE if the output took less than all. */
gboolean ces_drawing_end(ces_drawing *drawing);

/* --- connections ------------------------------------------------------------- */

/* Of several captures: each connection in CSV gets a first cell "capture", and in
 * JSON such a member if its capture has a name. To be called before anything else. */
void ces_drawing_name_captures(ces_drawing *drawing);

/* What follows is of this capture, which text heads with its name; NULL or "" for
 * one that has none. Copied. */
void ces_drawing_begin_capture(ces_drawing *drawing, const char *capture);

/* The lines before, for and after connections; text sums up since the last foot.
 * FALSE: stop. */
void ces_drawing_head_of_flows(ces_drawing *drawing);
gboolean ces_drawing_add_flow(ces_drawing *drawing, const ces_assessment *assessment);
void ces_drawing_foot_of_flows(ces_drawing *drawing);

/* --- pairs --------------------------------------------------------------------- */

/* Counts a connection without drawing it: text says what was not judged. */
void ces_drawing_count(ces_drawing *drawing, const ces_assessment *assessment);

/* The same for many: how many there were of each kind, and what
 * ces_say_missing_sites says of the first without a verdict, "" if there is none. */
void ces_drawing_count_many(ces_drawing *drawing, const ces_tally *tally, const char *missing_sites);

/* All pairs of a table. */
void ces_drawing_add_pairs(ces_drawing *drawing, const ces_pair_table *pairs);

#endif
