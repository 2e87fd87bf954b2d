/* window.h
 * Records as rows of a window: which members stand in which columns, and how.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WINDOW_H
#define CES_WINDOW_H

#include <ces/report.h>

/* A window sorts whole numbers, and shows others with six decimals: a duration
 * is told in milliseconds. Several sentences are wider than a screen: they come
 * in lines. */
typedef enum { CES_COLUMN_TEXT, CES_COLUMN_LINES, CES_COLUMN_NUMBER, CES_COLUMN_MILLISECONDS } ces_column_kind;

typedef struct {
    const char *title;  /* what stands above it */
    const char *member; /* which member of the record stands in it, as ces_cell calls it */
    ces_column_kind kind;
} ces_column;

enum { CES_COLUMNS_AT_MOST = 32 };

static inline gboolean
ces_column_is_number(const ces_column *column)
{
    return column->kind == CES_COLUMN_NUMBER || column->kind == CES_COLUMN_MILLISECONDS;
}

/* The columns of a window, `*count` of them; what matters most comes first.
 * Static. */
const ces_column *ces_window_flow_columns(guint *count);
const ces_column *ces_window_pair_columns(guint *count);

/* What stands in a column: a text, which the caller frees, or (NULL) a number. A
 * number that is not known is an empty text. */
typedef struct {
    char *text;
    guint number;
} ces_window_cell;

/* Fills a cell for each column. */
void ces_window_flow_row(const ces_assessment *assessment, ces_window_cell *cells);
void ces_window_pair_row(const ces_pair_table *table, const ces_pair *pair, ces_window_cell *cells);

#endif
