/* knowledge.c
 * Looks up both ends of a flow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge.h"

#include "learn.h"
#include "preferences.h"

ces_assessment
ces_knowledge_assess(const ces_flow *flow)
{
    const ces_site_table *sites = ces_preferences_sites();
    const ces_site_row *rows[2];
    ces_learned_name learned[2];
    const ces_learned_name *names[2];
    ces_party parties[2];

    for (int end = 0; end < 2; end++) {
        const ces_address *address = &flow->ends[end].address;
        rows[end] = ces_site_table_find(sites, address);
        names[end] = ces_learn_name_of(address, &learned[end]) ? &learned[end] : NULL;
    }
    ces_parties_resolve(rows, names, ces_site_table_has_cloud(sites), parties);
    return ces_assess(flow, parties);
}
