/* tables.c
 * Two tables. They are filled by going through a capture that has been read,
 * so that each connection is in its final state when it is met first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/tables.h"

#include "compat.h"

#include <string.h>

#include <epan/stat_tap_ui.h>

#include <ces/report.h>

#include "capture.h"
#include "taps/taps.h"

/* --- cells ---------------------------------------------------------------- */

static void
clear_cell(stat_tap_table_item_type *cell)
{
    if (cell->type == TABLE_ITEM_STRING)
        g_free((char *)cell->value.string_value);
    cell->type = TABLE_ITEM_NONE;
}

static void
free_cell(stat_tap_table *table _U_, guint row _U_, guint column _U_, stat_tap_table_item_type *cell)
{
    clear_cell(cell);
}

/* Which member of a record stands in each column of a window, by the name that
 * it has in CSV. */
typedef struct {
    const stat_tap_table_item *columns;
    const char *const *members;
    gsize count;
    stat_tap_table_item_type *row;
} row_being_filled;

/* What is concluded of a pair is several sentences, wider than a screen. All
 * rows of a window are as high as its first one: each gets the same number of
 * lines, and what is left over stays on the last. */
enum { LINES = 5, LINE_WIDTH = 120 };

static char *
conclusion_text(const char *value)
{
    GString *text = g_string_new(value);
    gsize begin = 0;
    guint lines = 1;

    for (char *blank = strchr(text->str, ' '); blank && lines < LINES; blank = strchr(blank + 1, ' ')) {
        gsize end = (gsize)(blank - text->str) + 1 + strcspn(blank + 1, " ");
        if (end - begin > LINE_WIDTH) {
            *blank = '\n';
            begin = (gsize)(blank - text->str) + 1;
            lines++;
        }
    }
    for (; lines < LINES; lines++)
        g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

static char *
cell_text(const char *member, const char *value)
{
    return strcmp(member, "conclusion") == 0 ? conclusion_text(value) : g_strdup(value);
}

/* A window sorts whole numbers, and shows others with six decimals: a duration
 * is told in milliseconds. */
static guint
cell_number(const char *member, const char *value)
{
    gboolean is_duration = strcmp(member, "duration") == 0;
    gdouble number = g_ascii_strtod(value, NULL) * (is_duration ? 1000 : 1);

    return (guint)CLAMP(number + 0.5, 0, G_MAXUINT);
}

/* By the kind of the column; free_cell frees a text. */
static void
set_cell(stat_tap_table_item_type *cell, stat_tap_table_item_enum kind, const char *member, const char *value)
{
    cell->type = *value ? kind : TABLE_ITEM_STRING;
    if (cell->type == TABLE_ITEM_UINT)
        cell->value.uint_value = cell_number(member, value);
    else
        cell->value.string_value = cell_text(member, value);
}

static void
fill_cell(const char *member, const char *value, gboolean is_number _U_, gpointer data)
{
    const row_being_filled *filled = (const row_being_filled *)data;
    gsize column = 0;

    while (column < filled->count && strcmp(filled->members[column], member) != 0)
        column++;
    if (column < filled->count)
        set_cell(&filled->row[column], filled->columns[column].type, member, value);
}

/* --- a table and what has been put into it ---------------------------------- */

typedef struct {
    stat_tap_table_ui *ui;
    ces_selection *seen;
    ces_pair_table *pairs; /* in the table of pairs: its rows have the same indices */
    GPtrArray *left;       /* rows that left the table, see empty_table */
} table_state;

static void
free_row(const table_state *state, stat_tap_table_item_type *row)
{
    for (gsize column = 0; column < state->ui->nfields; column++)
        clear_cell(&row[column]);
    g_free(row);
}

static void
free_left_rows(table_state *state)
{
    for (guint i = 0; i < state->left->len; i++)
        free_row(state, (stat_tap_table_item_type *)g_ptr_array_index(state->left, i));
    g_ptr_array_set_size(state->left, 0);
}

/* Windows of one kind share the table, and one keeps pointers to the rows
 * when another one resets it. Then the rows are kept until the table itself
 * is gone, with which the last window went. */
static void
empty_table(table_state *state, stat_tap_table *table)
{
    for (guint i = 0; i < table->num_elements; i++)
        if (state->ui->refcount > 1)
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
init_table(table_state *state)
{
    stat_tap_table *table = stat_tap_find_table(state->ui, state->ui->title);

    if (!table) {
        if (!state->left) {
            state->left = g_ptr_array_new();
            state->seen = ces_selection_new();
        }
        free_left_rows(state);
        table = stat_tap_init_table(state->ui->title, (int)state->ui->nfields, 0, NULL);
        stat_tap_add_table(state->ui, table);
    }
    empty_table(state, table);
}

/* The table, and the flow if this sighting is the first of it that counts. */
static const ces_flow *
next_flow(table_state *state, const void *data, void *tapdata, stat_tap_table **table)
{
    const ces_flow *flow = ((const ces_sighting *)data)->flow;

    *table = g_array_index(((stat_data_t *)tapdata)->stat_tap_data->tables, stat_tap_table *, 0);
    return ces_selection_add(state->seen, flow) && flow->service != CES_SERVICE_NONE ? flow : NULL;
}

/* --- connections ---------------------------------------------------------- */

/* clang-format off */
#define NUMBER(name) {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, name, "%u"}
#define STRING(name) {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, name, "%s"}

/* A list of columns: the kind, what stands above it, the member of the record. */
#define FLOW_COLUMNS(X)                                             \
    X(STRING, "Verdict", "verdict")                                 \
    X(STRING, "Finding", "finding")                                 \
    X(STRING, "Result", "result")                                   \
    X(STRING, "Cause", "cause")                                     \
    X(STRING, "Outcome", "outcome")                                 \
    X(STRING, "Service", "service")                                 \
    X(STRING, "Initiator", "initiator.address")                     \
    X(STRING, "Initiator site", "initiator.site")                   \
    X(STRING, "Responder", "responder.address")                     \
    X(STRING, "Responder site", "responder.site")                   \
    X(NUMBER, "First packet", "first_frame")                        \
    X(NUMBER, "Attempts", "syns")                                   \
    X(NUMBER, "Duration (ms)", "duration")                          \
    X(STRING, "Start", "start")                                     \
    X(STRING, "Ended", "ended")                                     \
    X(NUMBER, "Packets", "packets")                                 \
    X(NUMBER, "Initiator bytes", "initiator.bytes")                 \
    X(NUMBER, "Responder bytes", "responder.bytes")                 \
    X(NUMBER, "Initiator port", "initiator.port")                   \
    X(STRING, "Initiator name", "initiator.name")                   \
    X(NUMBER, "Responder port", "responder.port")                   \
    X(STRING, "Responder name", "responder.name")                   \
    X(STRING, "Direction", "direction")                             \
    X(STRING, "Support", "support")                                 \
    X(STRING, "What next", "advice")                                \
    X(STRING, "Why", "reason")

#define PAIR_COLUMNS(X)                                             \
    X(STRING, "SMA", "sma.address")                                 \
    X(STRING, "SMA site", "sma.site")                               \
    X(STRING, "ESA", "esa.address")                                 \
    X(STRING, "ESA site", "esa.site")                               \
    X(STRING, "Conclusion", "conclusion")                           \
    X(STRING, "Sync result", "reporting.result")                    \
    X(STRING, "Spam Quarantine result", "spam_quarantine.result")   \
    X(STRING, "PVO Quarantine result", "pvo_quarantine.result")     \
    X(STRING, "Sync seen", "reporting.seen")                        \
    X(STRING, "Spam Quarantine seen", "spam_quarantine.seen")       \
    X(STRING, "PVO Quarantine seen", "pvo_quarantine.seen")         \
    X(STRING, "Sync support", "reporting.support")                  \
    X(STRING, "Spam Quarantine support", "spam_quarantine.support") \
    X(STRING, "PVO Quarantine support", "pvo_quarantine.support")   \
    X(STRING, "SMA name", "sma.name")                               \
    X(STRING, "ESA name", "esa.name")

#define ITEM(kind, title, member) kind(title),
#define MEMBER(kind, title, member) member,
/* clang-format on */

static stat_tap_table_item flow_columns[] = {FLOW_COLUMNS(ITEM)};
static const char *const flow_members[] = {FLOW_COLUMNS(MEMBER)};

static stat_tap_table_ui flows_ui;
static table_state flows_state = {.ui = &flows_ui};

static void
init_flows(stat_tap_table_ui *ui _U_)
{
    init_table(&flows_state);
}

static void
empty_flows(stat_tap_table *table)
{
    empty_table(&flows_state, table);
}

static tap_packet_status
add_flow(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    stat_tap_table *table;
    const ces_flow *flow = next_flow(&flows_state, data, tapdata, &table);
    stat_tap_table_item_type row[G_N_ELEMENTS(flow_columns)] = {{.type = TABLE_ITEM_NONE}};
    row_being_filled filled = {flow_columns, flow_members, G_N_ELEMENTS(row), row};

    if (!flow)
        return TAP_PACKET_DONT_REDRAW;
    ces_assessment assessment = ces_capture_assess(flow);
    ces_report_flow_cells(&assessment, fill_cell, &filled);
    stat_tap_init_table_row(table, table->num_elements, G_N_ELEMENTS(row), row);
    return TAP_PACKET_REDRAW;
}

/* --- pairs ---------------------------------------------------------------- */

static stat_tap_table_item pair_columns[] = {PAIR_COLUMNS(ITEM)};
static const char *const pair_members[] = {PAIR_COLUMNS(MEMBER)};

static stat_tap_table_ui pairs_ui;
static table_state pairs_state = {.ui = &pairs_ui};

static void
init_pairs(stat_tap_table_ui *ui _U_)
{
    init_table(&pairs_state);
}

static void
empty_pairs(stat_tap_table *table)
{
    empty_table(&pairs_state, table);
}

static void
put_pair_row(stat_tap_table *table, guint nth)
{
    stat_tap_table_item_type row[G_N_ELEMENTS(pair_columns)] = {{.type = TABLE_ITEM_NONE}};
    row_being_filled filled = {pair_columns, pair_members, G_N_ELEMENTS(row), row};

    if (nth < table->num_elements)
        for (guint column = 0; column < G_N_ELEMENTS(row); column++)
            clear_cell(stat_tap_get_field_data(table, nth, column));
    ces_report_pair_cells(pairs_state.pairs, ces_pair_table_get(pairs_state.pairs, nth), fill_cell, &filled);
    stat_tap_init_table_row(table, nth, G_N_ELEMENTS(row), row);
}

static tap_packet_status
add_pair(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    stat_tap_table *table;
    const ces_flow *flow = next_flow(&pairs_state, data, tapdata, &table);

    if (!flow)
        return TAP_PACKET_DONT_REDRAW;
    if (!pairs_state.pairs)
        pairs_state.pairs = ces_pair_table_new(ces_analysis_settings(ces_capture_analysis())->sites);
    ces_assessment assessment = ces_capture_assess(flow);
    ces_contact contact = ces_contact_of(&assessment, NULL);
    int nth = ces_pair_table_add(pairs_state.pairs, &contact);
    if (nth < 0)
        return TAP_PACKET_DONT_REDRAW;
    put_pair_row(table, (guint)nth);
    return TAP_PACKET_REDRAW;
}

/* --- registration --------------------------------------------------------- */

static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};

static stat_tap_table_ui flows_ui = {
    .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
    .title = "CES Connections",
    .tap_name = CES_TAP,
    .cli_string = "ces,flows",
    .stat_tap_init_cb = init_flows,
    .packet_func = add_flow,
    .stat_tap_reset_table_cb = empty_flows,
    .stat_tap_free_table_item_cb = free_cell,
    .nfields = G_N_ELEMENTS(flow_columns),
    .fields = flow_columns,
    .nparams = G_N_ELEMENTS(parameters),
    .params = parameters,
};

static stat_tap_table_ui pairs_ui = {
    .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
    .title = "CES Pairs of SMA and ESA",
    .tap_name = CES_TAP,
    .cli_string = "ces,pairs",
    .stat_tap_init_cb = init_pairs,
    .packet_func = add_pair,
    .stat_tap_reset_table_cb = empty_pairs,
    .stat_tap_free_table_item_cb = free_cell,
    .nfields = G_N_ELEMENTS(pair_columns),
    .fields = pair_columns,
    .nparams = G_N_ELEMENTS(parameters),
    .params = parameters,
};

void
ces_tap_tables_register(void)
{
    register_stat_tap_table_ui(&flows_ui);
    register_stat_tap_table_ui(&pairs_ui);
}
