/* pairs.h
 * The pairs of a page: as a map, and one by one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_PAIRS_H
#define CES_PAGE_PAIRS_H

#include "page/line.h"

/* No more pairs are shown, the worst ones; the others are counted. */
enum { CES_PAGE_PAIRS = 40 };

/* A pair with its lines. */
typedef struct {
    const ces_pair *pair;
    guint position;
    ces_page_line lines[CES_SERVICE_COUNT + 1];
    guint line_count;
    ces_page_state state; /* the worst that is now */
} ces_page_pair;

typedef struct {
    const ces_pair_table *table;
    GArray *shown; /* ces_page_pair, the worst first */
    guint count;   /* of all */
    guint states[CES_PAGE_STATE_COUNT];
    ces_scale scale;
} ces_page_pairs;

ces_page_pairs ces_page_pairs_of(const ces_pair_table *table);
void ces_page_pairs_clear(ces_page_pairs *pairs);

/* Put the sections of page.html into its values. */
void ces_page_put_map(const ces_page_pairs *pairs, ces_values *page);
void ces_page_put_pairs(const ces_page_pairs *pairs, ces_values *page);

/* Appends, of the pair, what changed last in its worst service: a sentence, or nothing. */
void ces_page_say_latest(const ces_page_pair *pair, GString *text);

#endif
