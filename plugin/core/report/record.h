/* record.h
 * The records that scripts read, described once for every format.
 *
 * A record is written to a writer, member by member. The keys stand in
 * record.c alone, so that JSON and CSV cannot come to differ.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_RECORD_H
#define CES_RECORD_H

#include <ces/report.h>

/* Takes the members of one record in order. Strings are valid UTF-8 and live
 * as long as the call. */
typedef struct ces_writer ces_writer;
struct ces_writer {
    void (*begin)(ces_writer *writer, const char *key); /* members of a nested object follow */
    void (*end)(ces_writer *writer);
    void (*text)(ces_writer *writer, const char *key, const char *value);
    void (*number)(ces_writer *writer, const char *key, guint32 value);
    void (*absent)(ces_writer *writer, const char *key); /* a value that is not known */
};

/* One connection. */
void ces_record_flow(const ces_assessment *assessment, ces_writer *writer);

/* One pair of appliances; `pair` belongs to `table`. */
void ces_record_pair(const ces_pair_table *table, const ces_pair *pair, ces_writer *writer);

/* --- CSV ------------------------------------------------------------------ */

/* Quoting by RFC 4180: a value with a comma, a quotation mark or a line break
 * stands in quotation marks, and quotation marks in it are doubled. Lines end
 * with LF alone, which every reader takes and line-based tools need. */
typedef struct {
    ces_writer writer; /* give this to ces_record_flow or ces_record_pair */
    GString *line;     /* borrowed; the columns are appended to it */
    GString *prefix;   /* of the keys: the object that is being written */
    gboolean header;   /* the keys are wanted, not the values */
    gboolean started;
} ces_csv;

/* Prepares for lines appended to `line`. */
void ces_csv_init(ces_csv *csv, GString *line);
void ces_csv_clear(ces_csv *csv);

/* Ends the line, and starts the next one. */
void ces_csv_end_line(ces_csv *csv);

/* Appends the header line of either record. */
void ces_csv_flow_header(ces_csv *csv);
void ces_csv_pair_header(ces_csv *csv);

#endif
