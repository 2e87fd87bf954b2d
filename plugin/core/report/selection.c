/* selection.c
 * A set of flows, and visiting it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

struct ces_selection {
    GHashTable *flows;
    const ces_flow *latest; /* packets of a connection tend to come together */
};

ces_selection *
ces_selection_new(void)
{
    ces_selection *selection = g_new0(ces_selection, 1);

    selection->flows = g_hash_table_new(NULL, NULL);
    return selection;
}

void
ces_selection_free(ces_selection *selection)
{
    if (!selection)
        return;
    g_hash_table_destroy(selection->flows);
    g_free(selection);
}

void
ces_selection_reset(ces_selection *selection)
{
    g_hash_table_remove_all(selection->flows);
    selection->latest = NULL;
}

gboolean
ces_selection_add(ces_selection *selection, const ces_flow *flow)
{
    if (flow == selection->latest)
        return FALSE;
    selection->latest = flow;
    return g_hash_table_add(selection->flows, (gpointer)flow);
}

gboolean
ces_selection_contains(const ces_selection *selection, const ces_flow *flow)
{
    return !selection || g_hash_table_contains(selection->flows, flow);
}
