/* columns.h
 * What formats of rows have in common: a nested object's members are columns
 * with its name before theirs (initiator.address). Objects are nested one deep;
 * of lists a row has none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_COLUMNS_H
#define CES_COLUMNS_H

#include "report/writer.h"

/* Appends the name of the column that this member has. */
void ces_columns_append_name(const ces_writer *writer, const ces_key *key, GString *text);

/* The members of a ces_format that are the same for all formats of rows. */
void ces_columns_begin(ces_writer *writer, const ces_key *key);
void ces_columns_end(ces_writer *writer);
gboolean ces_columns_begin_list(ces_writer *writer, const ces_key *key);
void ces_columns_end_list(ces_writer *writer);

#endif
