/* cells.c
 * The members of a record as the cells of a window's row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>
#include <ces/text.h>

#include "base/digits.h"
#include "report/columns.h"
#include "report/record.h"

typedef struct {
    ces_writer writer; /* first */
    ces_cell cell;
    gpointer data;
    GString *column, *value;
} cells;

static void
cells_put(ces_writer *writer, const ces_key *key, ces_value_kind kind, const char *value, gsize length)
{
    cells *c = (cells *)writer;

    g_string_truncate(c->column, 0);
    ces_columns_append_name(&c->writer, key, c->column);
    g_string_truncate(c->value, 0);
    ces_text_append_clean(c->value, value, length);
    c->cell(c->column->str, c->value->str, kind == CES_VALUE_DIGITS, c->data);
}

static void
cells_number(ces_writer *writer, const ces_key *key, guint64 number)
{
    char digits[CES_DIGITS];

    cells_put(writer, key, CES_VALUE_DIGITS, digits, (gsize)(ces_put_number(digits, number) - digits));
}

static void
cells_init(cells *c, ces_cell cell, gpointer data)
{
    static const ces_format format = {cells_put,       cells_number,           ces_columns_begin,
                                      ces_columns_end, ces_columns_begin_list, ces_columns_end_list};

    *c = (cells){.cell = cell, .data = data, .column = g_string_new(NULL), .value = g_string_new(NULL)};
    ces_writer_init(&c->writer, &format, NULL, FALSE);
}

static void
cells_clear(cells *c)
{
    ces_writer_clear(&c->writer);
    g_string_free(c->column, TRUE);
    g_string_free(c->value, TRUE);
}

void
ces_report_flow_cells(const ces_assessment *assessment, ces_cell cell, gpointer data)
{
    cells c;

    cells_init(&c, cell, data);
    ces_record_flow(assessment, &c.writer);
    cells_clear(&c);
}

void
ces_report_pair_cells(const ces_pair_table *table, const ces_pair *pair, ces_cell cell, gpointer data)
{
    cells c;

    cells_init(&c, cell, data);
    ces_record_pair(table, pair, &c.writer);
    cells_clear(&c);
}
