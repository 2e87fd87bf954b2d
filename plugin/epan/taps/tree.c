/* tree.c
 * The stats tree "ces".
 *
 * A stats tree counts while packets come, but a connection's words change
 * until the last packet. In a window this does no harm: it is filled by going
 * through a capture that has been read already. tshark reads only once, so
 * there a tree is made and filled when it is printed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps/taps.h"

#include <epan/stats_tree.h>
#include <epan/stats_tree_priv.h>

#include "capture.h"

#define ABBREVIATION "ces"

/* --- one tree ------------------------------------------------------------- */

/* Wireshark's tree has no room for a pointer of ours. */
typedef struct {
    ces_selection *seen;
    ces_tally tally;
    int nodes[CES_TALLY_BRANCHES];
} tree_state;

static GHashTable *states; /* stats_tree -> tree_state */

static void
free_state(void *data)
{
    tree_state *state = (tree_state *)data;

    ces_selection_free(state->seen);
    g_free(state);
}

/* Every word stands in the tree, also those that were counted zero times: a
 * zero is an answer, and the lines are the same for every capture. */
static void
show_tally(stats_tree *tree, const tree_state *state)
{
    ces_tally_branch branch;

    for (guint b = 0; ces_tally_describe(&state->tally, b, &branch); b++) {
        set_stat_node(tree, branch.title, 0, TRUE, (int)state->tally.connections);
        for (guint i = 0; i < branch.word_count; i++)
            if (branch.words[i])
                set_stat_node(tree, branch.words[i], state->nodes[b], FALSE, (int)branch.counts[i]);
    }
}

static void
init_tree(stats_tree *tree)
{
    tree_state *state = g_new0(tree_state, 1);
    ces_tally_branch branch;

    state->seen = ces_selection_new();
    g_hash_table_replace(states, tree, state);
    for (guint b = 0; ces_tally_describe(&state->tally, b, &branch); b++)
        state->nodes[b] = stats_tree_create_node(tree, branch.title, 0, STAT_DT_INT, TRUE);
    show_tally(tree, state);
}

/* Wireshark frees some trees only after all else. */
static void
cleanup_tree(stats_tree *tree)
{
    if (states)
        g_hash_table_remove(states, tree);
}

static tap_packet_status
count_sighting(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
               tap_flags_t flags _U_)
{
    const ces_flow *flow = ((const ces_sighting *)data)->flow;
    tree_state *state = (tree_state *)g_hash_table_lookup(states, tree);

    if (!ces_selection_add(state->seen, flow) || flow->service == CES_SERVICE_NONE)
        return TAP_PACKET_DONT_REDRAW;
    ces_assessment assessment = ces_assess(ces_capture_analysis(), flow);
    ces_tally_add(&state->tally, &assessment);
    show_tally(tree, state);
    return TAP_PACKET_REDRAW;
}

/* --- in tshark ------------------------------------------------------------ */

/* stats_tree_free leaves the name and the bursts of the root to nobody. */
static void
free_tree(stats_tree *tree)
{
    g_free(tree->root.name);
    tree->root.name = NULL;
    while (tree->root.bh) {
        burst_bucket *next = tree->root.bh->next;
        g_free(tree->root.bh);
        tree->root.bh = next;
    }
    stats_tree_free(tree);
}

GString *
ces_tap_tree_text(const ces_selection *seen, double elapsed)
{
    stats_tree *tree = stats_tree_new(stats_tree_get_cfg_by_abbr(ABBREVIATION), NULL, NULL);

    tree->elapsed = elapsed;
    init_tree(tree);
    tree_state *state = (tree_state *)g_hash_table_lookup(states, tree);
    ces_tally_all(ces_capture_analysis(), seen, &state->tally);
    show_tally(tree, state);
    GString *text = stats_tree_format_as_str(tree, ST_FORMAT_PLAIN, stats_tree_get_default_sort_col(tree),
                                             stats_tree_is_default_sort_DESC(tree));
    free_tree(tree);
    return text;
}

/* --- registration --------------------------------------------------------- */

static void
free_states(void)
{
    g_clear_pointer(&states, g_hash_table_destroy);
}

void
ces_tap_tree_register(void)
{
    states = g_hash_table_new_full(NULL, NULL, NULL, free_state);
    register_shutdown_routine(free_states);
    stats_tree_register_plugin(CES_TAP, ABBREVIATION, "CES Counts", 0, count_sighting, init_tree, cleanup_tree);
}
