/* record.h
 * The members of the records, described once for every format.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_RECORD_H
#define CES_RECORD_H

#include <ces/report.h>

#include "report/writer.h"

/* The name of the capture, before the record of a connection in it. */
void ces_record_capture(const char *capture, ces_writer *writer);

/* One connection. */
void ces_record_flow(const ces_assessment *assessment, ces_writer *writer);

/* One pair of appliances; `pair` belongs to `table`. */
void ces_record_pair(const ces_pair_table *table, const ces_pair *pair, ces_writer *writer);

/* Records with every member, whose values nobody should see: for headers. */
void ces_record_sample_flow(ces_writer *writer);
void ces_record_sample_pair(ces_writer *writer);

#endif
