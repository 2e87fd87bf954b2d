/* rows.h
 * The connections that a page shows: the worst and the latest of any number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_ROWS_H
#define CES_PAGE_ROWS_H

#include "page/state.h"
#include "page/values.h"

typedef struct ces_page_rows ces_page_rows;

ces_page_rows *ces_page_rows_new(void);
void ces_page_rows_free(ces_page_rows *rows);

/* Copies the connection if it is one of those that are shown. `capture` is a
 * reference-counted string (g_ref_string_new), of which a reference is taken. */
void ces_page_rows_add(ces_page_rows *rows, const ces_assessment *assessment, ces_page_state state, char *capture);

/* Puts the table: the worst, then those of the latest that are not among them, those
 * that are alike together. Returns how many are shown. */
guint ces_page_rows_put(ces_page_rows *rows, ces_values *page);

#endif
