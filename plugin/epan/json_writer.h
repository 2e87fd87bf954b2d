/* json_writer.h
 * Records as JSON Lines, by Wireshark's own json_dumper.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_JSON_WRITER_H
#define CES_JSON_WRITER_H

#include "compat.h"

#include <wsutil/json_dumper.h>

#include "report/record.h"

typedef struct {
    ces_writer writer; /* give this to ces_record_flow or ces_record_pair */
    json_dumper dumper;
} ces_json;

/* Prepares for records appended to `text`, which is borrowed. */
void ces_json_init(ces_json *json, GString *text);

/* Stand around each record: one object on a line of its own. */
void ces_json_begin_record(ces_json *json);
void ces_json_end_record(ces_json *json);

#endif
