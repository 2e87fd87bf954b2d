/* test_window.c
 * Records as rows of a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/window.h>

#include <string.h>

#include "connections.h"

/* What stands in the column of that member; the cells are those of a row. */
static const ces_window_cell *
cell_of(const ces_column *columns, guint count, const ces_window_cell *cells, const char *member)
{
    for (guint i = 0; i < count; i++)
        if (strcmp(columns[i].member, member) == 0)
            return &cells[i];
    g_assert_not_reached();
}

static void
free_cells(ces_window_cell *cells)
{
    for (guint i = 0; i < CES_COLUMNS_AT_MOST; i++)
        g_free(cells[i].text);
}

/* Every column is filled: numbers in those of numbers, texts in the others. */
static void
expect_filled(const ces_column *columns, guint count, const ces_window_cell *cells)
{
    g_assert_cmpuint(count, <=, CES_COLUMNS_AT_MOST);
    for (guint i = 0; i < count; i++)
        if (!ces_column_is_number(&columns[i]))
            g_assert_nonnull(cells[i].text);
        else if (cells[i].text)
            g_assert_cmpstr(cells[i].text, ==, "");
    for (guint i = count; i < CES_COLUMNS_AT_MOST; i++)
        g_assert_null(cells[i].text);
}

static void
test_flow(void)
{
    ces_window_cell cells[CES_COLUMNS_AT_MOST] = {{NULL, 0}};
    connection c;
    guint count;
    const ces_column *columns = ces_window_flow_columns(&count);

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.flow.end = c.flow.start + 1500 * (CES_SECOND / 1000);
    ces_window_flow_row(&c.assessment, cells);
    expect_filled(columns, count, cells);
    g_assert_cmpstr(columns[0].member, ==, "verdict");
    g_assert_cmpstr(cells[0].text, ==, "permitted");
    g_assert_cmpuint(cell_of(columns, count, cells, "duration")->number, ==, 1500);
    g_assert_cmpuint(cell_of(columns, count, cells, "initiator.port")->number, ==, 50001);
    g_assert_cmpuint(cell_of(columns, count, cells, "responder.bytes")->number, ==, G_MAXUINT); /* more does not fit */
    free_cells(cells);

    memset(cells, 0, sizeof cells);
    c.flow.start = c.flow.end = CES_TIME_UNKNOWN;
    ces_window_flow_row(&c.assessment, cells);
    expect_filled(columns, count, cells);
    g_assert_cmpstr(cell_of(columns, count, cells, "duration")->text, ==, "");
    free_cells(cells);
}

static void
test_pair(void)
{
    ces_window_cell cells[CES_COLUMNS_AT_MOST] = {{NULL, 0}};
    connection c;
    guint count, lines = 1;
    const ces_column *columns = ces_window_pair_columns(&count);
    ces_pair_table *table = ces_pair_table_new(NULL);

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    ces_contact contact = ces_contact_of(&c.assessment, NULL);
    g_assert_cmpint(ces_pair_table_add(table, &contact), ==, 0);
    ces_window_pair_row(table, ces_pair_table_get(table, 0), cells);
    expect_filled(columns, count, cells);
    g_assert_cmpstr(cell_of(columns, count, cells, "sma.address")->text, ==, cloud_sma.address);
    const char *conclusion = cell_of(columns, count, cells, "conclusion")->text;
    for (const char *at = conclusion; (at = strchr(at, '\n')); at++)
        lines++;
    g_assert_cmpuint(lines, ==, 5); /* all rows are as high as the first */
    g_assert_cmpuint(strcspn(conclusion, "\n"), <=, 120);
    free_cells(cells);
    ces_pair_table_free(table);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/window/flow", test_flow);
    g_test_add_func("/core/window/pair", test_pair);
    return g_test_run();
}
