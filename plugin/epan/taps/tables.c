/* tap_tables.c
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

#include "knowledge.h"
#include "preferences.h"
#include "taps/taps.h"

/* --- cells ---------------------------------------------------------------- */

/* A cell with text owns it: free_cell. */
static stat_tap_table_item_type
text_cell(const char *text)
{
    return (stat_tap_table_item_type){.type = TABLE_ITEM_STRING, .value = {.string_value = g_strdup(text)}};
}

static stat_tap_table_item_type
number_cell(guint number)
{
    return (stat_tap_table_item_type){.type = TABLE_ITEM_UINT, .value = {.uint_value = number}};
}

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

/* Takes the text out of `said`, which is empty afterwards. */
static stat_tap_table_item_type
said_cell(GString *said)
{
    stat_tap_table_item_type cell = text_cell(said->str);

    g_string_truncate(said, 0);
    return cell;
}

/* --- a table and what has been put into it ---------------------------------- */

typedef struct {
    stat_tap_table_ui *ui;
    ces_seen seen;
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
    ces_seen_reset(&state->seen);
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
            ces_seen_init(&state->seen);
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
    return ces_seen_add(&state->seen, flow) && flow->service != CES_SERVICE_NONE ? flow : NULL;
}

/* --- connections ---------------------------------------------------------- */

#define NUMBER(name)                                 \
    {                                                \
        TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, name, "%u" \
    }
#define STRING(name)                                  \
    {                                                 \
        TABLE_ITEM_STRING, TAP_ALIGN_LEFT, name, "%s" \
    }

static stat_tap_table_item flow_columns[] = {
    NUMBER("First packet"), STRING("Service"),   STRING("Initiator"), STRING("Site"),
    STRING("Name"),         STRING("Responder"), STRING("Site"),      STRING("Name"),
    STRING("Direction"),    STRING("Verdict"),   STRING("Support"),   STRING("Outcome"),
    STRING("Finding"),      NUMBER("Packets"),   NUMBER("Attempts"),  STRING("Reason"),
};

static void
fill_flow_row(const ces_assessment *assessment, stat_tap_table_item_type *row)
{
    const ces_flow *flow = assessment->flow;
    GString *said = g_string_new(NULL);

    *row++ = number_cell(flow->first_frame);
    *row++ = text_cell(ces_service_token(assessment->service));
    ces_say_socket(ces_flow_initiator(flow), said);
    *row++ = said_cell(said);
    *row++ = text_cell(ces_site_token(assessment->initiator.site));
    *row++ = text_cell(assessment->initiator.name);
    ces_say_socket(ces_flow_responder(flow), said);
    *row++ = said_cell(said);
    *row++ = text_cell(ces_site_token(assessment->responder.site));
    *row++ = text_cell(assessment->responder.name);
    *row++ = text_cell(ces_direction_token(assessment->ruling.direction));
    *row++ = text_cell(ces_verdict_token(assessment->ruling.verdict));
    *row++ = text_cell(ces_support_token(assessment->support_ruling.support));
    *row++ = text_cell(ces_outcome_token(assessment->outcome));
    *row++ = text_cell(ces_finding_token(assessment->finding));
    *row++ = number_cell(ces_flow_packets(flow));
    *row++ = number_cell(flow->syns);
    ces_say_reason(assessment, said);
    *row = said_cell(said);
    g_string_free(said, TRUE);
}

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
    stat_tap_table_item_type row[G_N_ELEMENTS(flow_columns)];

    if (!flow)
        return TAP_PACKET_DONT_REDRAW;
    ces_assessment assessment = ces_knowledge_assess(flow);
    fill_flow_row(&assessment, row);
    stat_tap_init_table_row(table, table->num_elements, G_N_ELEMENTS(row), row);
    return TAP_PACKET_REDRAW;
}

/* --- pairs ---------------------------------------------------------------- */

static stat_tap_table_item pair_columns[] = {
    STRING("SMA"),
    STRING("Site"),
    STRING("Name"),
    STRING("ESA"),
    STRING("Site"),
    STRING("Name"),
    STRING("Reporting"),
    STRING("Message Tracking"),
    STRING("Spam Quarantine"),
    STRING("PVO Quarantine"),
    STRING("Conclusion"),
};

static stat_tap_table_item_type *
fill_member(const ces_member *member, stat_tap_table_item_type *row)
{
    char address[CES_ADDRESS_TEXT];

    *row++ = text_cell(ces_address_text(&member->address, address));
    *row++ = text_cell(ces_site_token(member->party.site));
    *row++ = text_cell(member->party.name);
    return row;
}

static void
fill_pair_row(const ces_pair_table *pairs, const ces_pair *pair, stat_tap_table_item_type *row)
{
    GString *said = g_string_new(NULL);

    row = fill_member(&pair->sma, row);
    row = fill_member(&pair->esa, row);
    for (int i = 0; i < CES_FUNCTION_COUNT; i++) {
        ces_function function = (ces_function)i;
        g_string_printf(said, "%s, %s", ces_support_token(ces_pair_support(pair, function).support),
                        ces_pair_seen(pair, function));
        *row++ = said_cell(said);
    }
    ces_say_conclusion(pairs, pair, said);
    *row = said_cell(said);
    g_string_free(said, TRUE);
}

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
put_pair_row(stat_tap_table *table, guint index)
{
    stat_tap_table_item_type row[G_N_ELEMENTS(pair_columns)];

    if (index < table->num_elements)
        for (guint column = 0; column < G_N_ELEMENTS(row); column++)
            clear_cell(stat_tap_get_field_data(table, index, column));
    fill_pair_row(pairs_state.pairs, ces_pair_table_get(pairs_state.pairs, index), row);
    stat_tap_init_table_row(table, index, G_N_ELEMENTS(row), row);
}

static tap_packet_status
add_pair(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    stat_tap_table *table;
    const ces_flow *flow = next_flow(&pairs_state, data, tapdata, &table);

    if (!flow)
        return TAP_PACKET_DONT_REDRAW;
    if (!pairs_state.pairs)
        pairs_state.pairs = ces_pair_table_new(ces_preferences_sites());
    ces_assessment assessment = ces_knowledge_assess(flow);
    int index = ces_pair_table_add(pairs_state.pairs, &assessment);
    if (index < 0)
        return TAP_PACKET_DONT_REDRAW;
    put_pair_row(table, (guint)index);
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
