/* knowledge.c
 * Looks up both ends of a flow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge.h"

#include "settings.h"

ces_assessment
ces_knowledge_assess(const ces_flow *flow)
{
    const ces_site_table *sites = ces_settings_sites();
    const ces_site_row *rows[2];
    const ces_learned_name *names[2] = {NULL, NULL};
    ces_party parties[2];

    for (int end = 0; end < 2; end++)
        rows[end] = ces_site_table_find(sites, &flow->ends[end].address);
    ces_parties_resolve(rows, names, ces_site_table_has_cloud(sites), parties);
    return ces_assess(flow, parties);
}
