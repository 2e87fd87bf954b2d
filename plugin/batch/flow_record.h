/* flow_record.h
 * The record of a connection, read back from JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FLOW_RECORD_H
#define CES_FLOW_RECORD_H

#include <ces/assessment.h>

/* A record of this version: its line is checked as a whole. */
typedef struct {
    const char *capture; /* "" if it names none */
    ces_flow flow;       /* as far as a record tells; the initiator is ends[0] */
    ces_assessment assessment;
} ces_flow_record;

/* Reads the line, which it overwrites: `length` bytes and a NUL behind them,
 * without the end of the line. `record` points into the line and to itself. FALSE
 * and `error` (CES_MERGE_REFUSED), one line that says what is wrong and quotes it. */
gboolean ces_flow_record_read(char *line, gsize length, ces_flow_record *record, GError **error);

#endif
