/* csv.c
 * CSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/csv.h"

#include <ces/text.h>

#include "base/digits.h"
#include "report/columns.h"

/* --- cells ---------------------------------------------------------------------- */

static void
append_quoted(GString *text, const char *value)
{
    g_string_append_c(text, '"');
    for (; *value; value++) {
        if (*value == '"')
            g_string_append_c(text, '"');
        g_string_append_c(text, *value);
    }
    g_string_append_c(text, '"');
}

static gboolean
begins_formula(const char *value, gsize length)
{
    return length > 0 && *value && strchr("=+-@\t\r", *value);
}

static void
append_cell(ces_csv *csv, const char *value, gsize length)
{
    GString *cell = csv->cell;

    g_string_truncate(cell, 0);
    if (begins_formula(value, length))
        g_string_append_c(cell, '\'');
    ces_text_append_clean(cell, value, length);
    if (strpbrk(cell->str, ",\""))
        append_quoted(csv->writer.text, cell->str);
    else
        g_string_append_len(csv->writer.text, cell->str, (gssize)cell->len);
}

/* What is plain has no quotation marks to double. */
static void
append_text(ces_csv *csv, const char *value, gsize length, gboolean plain)
{
    if (!plain || begins_formula(value, length)) {
        append_cell(csv, value, length);
        return;
    }
    char *at = ces_text_room(csv->writer.text, length + 2);
    gboolean quoted = memchr(value, ',', length) != NULL;
    if (quoted)
        *at++ = '"';
    at = ces_put_bytes(at, value, length);
    if (quoted)
        *at++ = '"';
    ces_text_wrote(csv->writer.text, at);
}

/* A cell follows. FALSE: it is its column's name, and has been written. */
static gboolean
begin_cell(ces_csv *csv, const ces_key *key)
{
    GString *text = csv->writer.text;

    if (csv->started)
        ces_text_wrote(text, ces_put_bytes(ces_text_room(text, 1), ",", 1));
    csv->started = TRUE;
    if (csv->header)
        ces_columns_append_name(&csv->writer, key, text);
    return !csv->header;
}

static void
csv_put(ces_writer *writer, const ces_key *key, ces_value_kind kind, const char *value, gsize length)
{
    ces_csv *csv = (ces_csv *)writer;

    if (!begin_cell(csv, key))
        return;
    if (kind == CES_VALUE_TEXT)
        append_text(csv, value, length, ces_text_plain(value, length) == length);
    else if (kind == CES_VALUE_PLAIN)
        append_text(csv, value, length, TRUE);
    else
        ces_text_wrote(writer->text, ces_put_bytes(ces_text_room(writer->text, length), value, length));
}

static void
csv_number(ces_writer *writer, const ces_key *key, guint64 number)
{
    if (begin_cell((ces_csv *)writer, key))
        ces_text_wrote(writer->text, ces_put_number(ces_text_room(writer->text, CES_DIGITS), number));
}

/* --- lines ------------------------------------------------------------------------ */

void
ces_csv_init(ces_csv *csv, GString *text, gboolean header)
{
    static const ces_format format = {
        csv_put, csv_number, ces_columns_begin, ces_columns_end, ces_columns_begin_list, ces_columns_end_list};

    ces_writer_init(&csv->writer, &format, text, !header);
    csv->cell = g_string_new(NULL);
    csv->started = FALSE;
    csv->header = header;
}

void
ces_csv_clear(ces_csv *csv)
{
    ces_writer_clear(&csv->writer);
    g_string_free(csv->cell, TRUE);
}

void
ces_csv_end_line(ces_csv *csv)
{
    g_string_append_c(csv->writer.text, '\n');
    csv->started = FALSE;
}
