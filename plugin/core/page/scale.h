/* scale.h
 * From points in time to places on a line of time.
 *
 * Captures may be days apart and last minutes. Where nothing happens between such
 * clusters the scale is broken: the time between them takes a small place of its
 * own. A pause among connections of one cluster stays as long as it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_SCALE_H
#define CES_PAGE_SCALE_H

#include <ces/time.h>

/* A time with its end, which is not before it. Both are known. */
typedef struct {
    ces_time from, to;
} ces_span;

enum { CES_SCALE_BREAKS = 12 };

/* Places are percents of the line, 0 to 100. */
typedef struct {
    ces_span span;
    double left, right;
} ces_scale_piece;

typedef struct {
    ces_scale_piece pieces[CES_SCALE_BREAKS + 1];
    guint count; /* 0: nothing has a time */
} ces_scale;

/* A scale on which all spans have their places; sorts them. */
ces_scale ces_scale_of(GArray *spans);

/* Whether all of it is of one day; TRUE if nothing has a time. */
gboolean ces_scale_in_one_day(const ces_scale *scale);

/* Always finite and from 0 to 100; a time outside the scale is at its nearest place. */
double ces_scale_place(const ces_scale *scale, ces_time at);

/* Places to be labelled, from left to right. */
enum { CES_SCALE_TICKS = 2 * (CES_SCALE_BREAKS + 1) };
guint ces_scale_ticks(const ces_scale *scale, ces_time ticks[CES_SCALE_TICKS]);

#endif
