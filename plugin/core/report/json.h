/* json.h
 * JSON Lines: one object a line, without blanks (RFC 8259).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_JSON_H
#define CES_JSON_H

#include "report/writer.h"

/* For ces_writer_init. Text of any bytes is written as valid UTF-8; what is
 * unfit for display (see ces/text.h) stands there as an escape, never raw. */
extern const ces_format ces_json;

/* The braces around one record, and the end of its line. */
void ces_json_begin(GString *text);
void ces_json_end(GString *text);

#endif
