/* columns.c
 * What formats of rows have in common.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/columns.h"

void
ces_columns_append_name(const ces_writer *writer, const ces_key *key, GString *text)
{
    gsize length;

    if (writer->object) {
        const char *object = ces_key_name(writer->object, &length);
        g_string_append_len(text, object, (gssize)length);
        g_string_append_c(text, '.');
    }
    const char *name = ces_key_name(key, &length);
    g_string_append_len(text, name, (gssize)length);
}

void
ces_columns_begin(ces_writer *writer, const ces_key *key)
{
    writer->object = key;
}

void
ces_columns_end(ces_writer *writer)
{
    writer->object = NULL;
}

gboolean
ces_columns_begin_list(ces_writer *writer G_GNUC_UNUSED, const ces_key *key G_GNUC_UNUSED)
{
    return FALSE;
}

void
ces_columns_end_list(ces_writer *writer G_GNUC_UNUSED)
{
}
