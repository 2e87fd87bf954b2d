/* line.h
 * One service between two appliances in one direction, over time.
 *
 * Releases from the PVO Quarantine go the other way than deliveries into it, so they
 * have a line of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_LINE_H
#define CES_PAGE_LINE_H

#include "page/scale.h"
#include "page/state.h"
#include "page/values.h"

/* A run of neighbouring connections in the same state, which look the same or, where
 * they came about, of which some tell less than the others. */
typedef struct {
    ces_page_state state;
    ces_outcome outcome;
    ces_result result;
    ces_time from, to;
    guint connections;
    const char *capture; /* where it began */
    guint32 frame;
} ces_page_run;

typedef struct {
    const ces_pair *pair;
    ces_function function; /* one for each service: of the sync, Reporting */
    gboolean release;
    gboolean from_sma;   /* who opens it */
    ces_verdict verdict; /* on such a connection */
    GArray *attempts;    /* ces_attempt; empty: not seen */
    GArray *runs;        /* ces_page_run */
    ces_page_run now;    /* the latest run that tells anything */
} ces_page_line;

ces_page_line ces_page_line_of(const ces_pair *pair, ces_function function, gboolean release);
void ces_page_line_clear(ces_page_line *line);

/* The state of one of its connections. */
ces_page_state ces_page_line_state(const ces_page_line *line, const ces_attempt *attempt);

/* "Sync", "PVO Quarantine release"; static. */
const char *ces_page_line_title(const ces_page_line *line);

/* Appends the times of the connections, those that are known, to ces_span. */
void ces_page_line_spans(const ces_page_line *line, GArray *spans);

/* Puts the line of time and its runs into the values: no more than that many, the
 * latest. */
enum { CES_PAGE_RUNS = 8 };
void ces_page_line_put(const ces_page_line *line, const ces_scale *scale, ces_values *values);

/* Draws the scale below lines. */
void ces_page_scale_draw(const ces_scale *scale, GString *svg);

#endif
