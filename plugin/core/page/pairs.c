/* pairs.c
 * The pairs of a page, one by one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/pairs.h"

#include "page/svg.h"
#include "page/words.h"

/* --- which, and in which order ------------------------------------------------------ */

static void
add_line(ces_page_pair *p, ces_function function, gboolean release, gboolean unless_unseen)
{
    ces_page_line line = ces_page_line_of(p->pair, function, release);

    if (unless_unseen && line.attempts->len == 0) {
        ces_page_line_clear(&line);
        return;
    }
    if (line.attempts->len > 0)
        p->state = MIN(p->state, line.now.state);
    p->lines[p->line_count++] = line;
}

static ces_page_pair
pair_at(const ces_pair_table *table, guint position)
{
    ces_page_pair p = {.pair = ces_pair_table_get(table, position), .position = position, .state = CES_PAGE_WORKS};

    add_line(&p, CES_FUNCTION_REPORTING, FALSE, FALSE);
    add_line(&p, CES_FUNCTION_SPAM_QUARANTINE, FALSE, TRUE);
    add_line(&p, CES_FUNCTION_PVO_QUARANTINE, FALSE, TRUE);
    add_line(&p, CES_FUNCTION_PVO_QUARANTINE, TRUE, TRUE);
    return p;
}

static void
clear_pair(ces_page_pair *p)
{
    for (guint i = 0; i < p->line_count; i++)
        ces_page_line_clear(&p->lines[i]);
}

static int
compare_pairs(gconstpointer left, gconstpointer right)
{
    const ces_page_pair *a = (const ces_page_pair *)left, *b = (const ces_page_pair *)right;

    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Keeps the worst ones only. */
static void
keep_worst(GArray *shown, guint most)
{
    g_array_sort(shown, compare_pairs);
    for (guint i = most; i < shown->len; i++)
        clear_pair(&g_array_index(shown, ces_page_pair, i));
    if (shown->len > most)
        g_array_set_size(shown, most);
}

static ces_scale
common_scale(const GArray *shown)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(ces_span));

    for (guint i = 0; i < shown->len; i++) {
        const ces_page_pair *p = &g_array_index(shown, ces_page_pair, i);
        for (guint l = 0; l < p->line_count; l++)
            ces_page_line_spans(&p->lines[l], spans);
    }
    ces_scale scale = ces_scale_of(spans);
    g_array_free(spans, TRUE);
    return scale;
}

ces_page_pairs
ces_page_pairs_of(const ces_pair_table *table)
{
    ces_page_pairs pairs = {.table = table,
                            .shown = g_array_new(FALSE, FALSE, sizeof(ces_page_pair)),
                            .count = ces_pair_table_count(table)};

    for (guint i = 0; i < pairs.count; i++) {
        ces_page_pair p = pair_at(table, i);
        pairs.states[p.state]++;
        g_array_append_val(pairs.shown, p);
        if (pairs.shown->len == 2 * CES_PAGE_PAIRS)
            keep_worst(pairs.shown, CES_PAGE_PAIRS);
    }
    keep_worst(pairs.shown, CES_PAGE_PAIRS);
    pairs.scale = common_scale(pairs.shown);
    return pairs;
}

void
ces_page_pairs_clear(ces_page_pairs *pairs)
{
    for (guint i = 0; i < pairs->shown->len; i++)
        clear_pair(&g_array_index(pairs->shown, ces_page_pair, i));
    g_array_free(pairs->shown, TRUE);
}

/* --- one pair ------------------------------------------------------------------------- */

static const char *
support_word(ces_support support)
{
    static const char *const words[CES_SUPPORT_COUNT] = {
        [CES_SUPPORT_NOT_APPLICABLE] = "not applicable",
        [CES_SUPPORT_SUPPORTED] = "yes",
        [CES_SUPPORT_UNSUPPORTED] = "no",
    };
    return words[support];
}

static void
put_function(const ces_pair *pair, ces_function function, ces_values *values)
{
    ces_values *item = ces_values_add(values, "functions");
    const ces_carrier *carrier = &pair->carriers[ces_function_carrier(function)];
    ces_support_ruling support = ces_pair_support(pair, function);

    ces_values_put(item, "function", ces_function_title(function));
    ces_values_put(item, "supported", support_word(support.support));
    const char *seen = ces_page_seen(carrier->outcome, carrier->result);
    ces_values_put(item, "best", !carrier->seen ? "not seen" : *seen ? seen : "working");
    g_string_append_printf(ces_values_text(item, "because"), "%s %s", ces_pair_ruling(pair, function).reason,
                           support.reason);
}

static void
put_pair(const ces_page_pairs *pairs, const ces_page_pair *p, ces_values *page)
{
    ces_values *values = ces_values_add(page, "pairs");

    ces_values_number(values, "number", p->position);
    ces_page_say_pair(p->pair, ces_values_text(values, "who"));
    ces_values_put(values, "sma_site", ces_page_site_words(p->pair->sma.party.site));
    ces_values_put(values, "esa_site", ces_page_site_words(p->pair->esa.party.site));
    ces_values_put(values, "state", ces_page_state_token(p->state));
    ces_values_put(values, "word", ces_page_state_word(p->state));
    ces_say_conclusion(pairs->table, p->pair, ces_values_text(values, "conclusion"));
    for (guint i = 0; i < p->line_count; i++)
        if (p->lines[i].attempts->len > 0)
            ces_page_line_put(&p->lines[i], &pairs->scale, ces_values_add(values, "lines"));
    for (int function = 0; function < CES_FUNCTION_COUNT; function++)
        put_function(p->pair, (ces_function)function, values);
}

static void
draw_scale(const ces_page_pairs *pairs, GString *svg)
{
    if (pairs->scale.count == 0)
        return;
    g_string_append(svg, "<svg class=\"scale\" width=\"100%\" height=\"22\" aria-hidden=\"true\">");
    ces_page_scale_draw(&pairs->scale, svg);
    ces_svg_end(svg);
}

void
ces_page_put_pairs(const ces_page_pairs *pairs, ces_values *page)
{
    draw_scale(pairs, ces_values_drawing(page, "scale"));
    if (pairs->scale.count)
        ces_page_say_time(pairs->scale.pieces[0].span.from, ces_values_text(page, "scale_from"));
    for (guint i = 0; i < pairs->shown->len; i++)
        put_pair(pairs, &g_array_index(pairs->shown, ces_page_pair, i), page);
    if (pairs->shown->len < pairs->count)
        ces_page_say_count(pairs->count - pairs->shown->len, "more pair", ces_values_text(page, "pairs_left_out"));
}
