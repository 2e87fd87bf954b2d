/* pairs.h
 * What the rest of this room asks of the table of pairs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAIRS_H
#define CES_PAIRS_H

#include <ces/report.h>

/* The pair of these two, known by the addresses in ces_member; or NULL. */
const ces_pair *ces_pair_table_find(const ces_pair_table *table, const ces_address *sma, const ces_address *esa);

#endif
