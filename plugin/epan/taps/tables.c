/* tables.c
 * Two tables. They are filled by going through a capture that has been read,
 * so that each connection is in its final state when it is met first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/taps.h"

#include <string.h>

#include <epan/stat_tap_ui.h>

#include <ces/window.h>

#include "capture.h"

/* --- a table and what has been put into it ---------------------------------- */

typedef stat_tap_table_item_type cell;

typedef struct table_state table_state;
struct table_state {
    stat_tap_table_ui ui;                           /* what Wireshark knows of it */
    stat_tap_table_item items[CES_COLUMNS_AT_MOST]; /* ... and of its columns */
    /* FALSE: nothing new */
    gboolean (*add)(table_state *state, stat_tap_table *table, const ces_assessment *assessment);
    ces_selection *seen;
    ces_pair_table *pairs; /* in the table of pairs: its rows have the same indices */
    GPtrArray *left;       /* rows that left the table, see empty_table */
};

static table_state flows, pairs;

static void
free_cell(stat_tap_table *table _U_, guint row _U_, guint column _U_, cell *c)
{
    if (c->type == TABLE_ITEM_STRING)
        g_free((char *)c->value.string_value);
    c->type = TABLE_ITEM_NONE;
}

static void
free_row(const table_state *state, cell *row)
{
    for (gsize column = 0; column < state->ui.nfields; column++)
        free_cell(NULL, 0, 0, &row[column]);
    g_free(row);
}

/* Windows of one kind share the table, and one keeps pointers to the rows
 * when another one resets it. Then the rows are kept until the table itself
 * is gone, with which the last window went. */
static void
empty_table(stat_tap_table *table)
{
    table_state *state = strcmp(table->title, pairs.ui.title) == 0 ? &pairs : &flows;

    for (guint i = 0; i < table->num_elements; i++)
        if (state->ui.refcount > 1)
            g_ptr_array_add(state->left, table->elements[i]);
        else
            free_row(state, table->elements[i]);
    table->num_elements = 0;
    ces_selection_reset(state->seen);
    if (state->pairs)
        ces_pair_table_free(state->pairs);
    state->pairs = NULL;
}

static void
init_table(stat_tap_table_ui *ui)
{
    table_state *state = (table_state *)ui;
    stat_tap_table *table = stat_tap_find_table(ui, ui->title);

    if (!state->left) {
        state->left = g_ptr_array_new();
        state->seen = ces_selection_new();
    }
    if (!table) {
        for (guint i = 0; i < state->left->len; i++)
            free_row(state, (cell *)g_ptr_array_index(state->left, i));
        g_ptr_array_set_size(state->left, 0);
        table = stat_tap_init_table(ui->title, (int)ui->nfields, 0, NULL);
        stat_tap_add_table(ui, table);
    }
    empty_table(table);
}

/* --- rows ------------------------------------------------------------------- */

/* In the place of an earlier state of the same row, if there is one. free_cell
 * frees the texts. */
static void
put_row(const table_state *state, stat_tap_table *table, guint nth, const ces_window_cell *values)
{
    guint columns = (guint)state->ui.nfields;
    cell cells[CES_COLUMNS_AT_MOST];

    for (guint i = 0; i < columns; i++) {
        if (nth < table->num_elements)
            free_cell(table, nth, i, stat_tap_get_field_data(table, nth, i));
        if (values[i].text)
            cells[i] = (cell){.type = TABLE_ITEM_STRING, .value = {.string_value = values[i].text}};
        else
            cells[i] = (cell){.type = TABLE_ITEM_UINT, .value = {.uint_value = values[i].number}};
    }
    stat_tap_init_table_row(table, nth, columns, cells);
}

static gboolean
add_flow(table_state *state, stat_tap_table *table, const ces_assessment *assessment)
{
    ces_window_cell values[CES_COLUMNS_AT_MOST] = {{NULL, 0}};

    ces_window_flow_row(assessment, values);
    put_row(state, table, table->num_elements, values);
    return TRUE;
}

static gboolean
add_to_pair(table_state *state, stat_tap_table *table, const ces_assessment *assessment)
{
    ces_contact contact = ces_contact_of(assessment, NULL);
    ces_window_cell values[CES_COLUMNS_AT_MOST] = {{NULL, 0}};

    if (!state->pairs)
        state->pairs = ces_pair_table_new(ces_analysis_settings(ces_capture_analysis())->sites);
    int nth = ces_pair_table_add(state->pairs, &contact);
    if (nth < 0)
        return FALSE;
    ces_window_pair_row(state->pairs, ces_pair_table_get(state->pairs, (guint)nth), values);
    put_row(state, table, (guint)nth, values);
    return TRUE;
}

static tap_packet_status
add_sighting(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    table_state *state = (table_state *)((stat_data_t *)tapdata)->stat_tap_data;
    const ces_flow *flow = ((const ces_sighting *)data)->flow;

    if (!ces_selection_add(state->seen, flow) || flow->service == CES_SERVICE_NONE)
        return TAP_PACKET_DONT_REDRAW;
    ces_assessment assessment = ces_assess(ces_capture_analysis(), flow);
    stat_tap_table *table = g_array_index(state->ui.tables, stat_tap_table *, 0);
    return state->add(state, table, &assessment) ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

/* --- registration --------------------------------------------------------- */

static table_state flows = {.ui = {.title = "CES Connections", .cli_string = "ces,flows"}, .add = add_flow};
static table_state pairs = {.ui = {.title = "CES Pairs of SMA and ESA", .cli_string = "ces,pairs"}, .add = add_to_pair};

static void
register_table(table_state *state, const ces_column *columns, guint count)
{
    static tap_param filter = {PARAM_FILTER, "filter", "Filter", NULL, TRUE};
    stat_tap_table_ui *ui = &state->ui;

    for (guint i = 0; i < count; i++)
        state->items[i] = ces_column_is_number(&columns[i])
                              ? (stat_tap_table_item){TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, columns[i].title, "%u"}
                              : (stat_tap_table_item){TABLE_ITEM_STRING, TAP_ALIGN_LEFT, columns[i].title, "%s"};
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui->tap_name = CES_TAP;
    ui->stat_tap_init_cb = init_table;
    ui->packet_func = add_sighting;
    ui->stat_tap_reset_table_cb = empty_table;
    ui->stat_tap_free_table_item_cb = free_cell;
    ui->nfields = count;
    ui->fields = state->items;
    ui->nparams = 1;
    ui->params = &filter;
    register_stat_tap_table_ui(ui);
}

void
ces_tap_tables_register(void)
{
    guint count;
    const ces_column *columns = ces_window_flow_columns(&count);

    register_table(&flows, columns, count);
    columns = ces_window_pair_columns(&count);
    register_table(&pairs, columns, count);
}
