/* csv.h
 * CSV (RFC 4180): a value with a comma, a quotation mark or a line break stands
 * in quotation marks, and quotation marks in it are doubled. Lines end with LF
 * alone, which every reader takes and line-based tools need.
 *
 * No cell begins a formula in a spreadsheet: an apostrophe is put before a
 * leading = + - @ or tab. Unfit characters (see ces/text.h) become dots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CSV_H
#define CES_CSV_H

#include "report/writer.h"

typedef struct {
    ces_writer writer; /* first: give its address to the record */
    GString *cell;
    gboolean started; /* the line has a cell */
    gboolean header;  /* the names are wanted, not the values */
} ces_csv;

/* Prepares for lines that are appended to `text`: of values, or of the names of
 * the columns. */
void ces_csv_init(ces_csv *csv, GString *text, gboolean header);
void ces_csv_clear(ces_csv *csv);

void ces_csv_end_line(ces_csv *csv);

#endif
