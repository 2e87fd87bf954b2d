/* map.c
 * The pairs as a map: the data centre, its edge, and the world outside.
 *
 * Every arrow has a row of its own and goes straight across, so that none crosses
 * another; a host of the data centre stands once, beside all its rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/pairs.h"

#include "page/svg.h"
#include "page/words.h"

enum { FIRST_ROW = 2, HEIGHT = 20, MIDDLE = HEIGHT / 2, EDGE = 50 };

/* --- who stands where ---------------------------------------------------------------- */

static gboolean
sma_is_inside(const ces_pair *pair)
{
    return pair->sma.party.site == CES_SITE_CLOUD;
}

static const ces_member *
inside(const ces_pair *pair)
{
    return sma_is_inside(pair) ? &pair->sma : &pair->esa;
}

/* The same host in the same part. */
static gboolean
share_host(const ces_page_pair *a, const ces_page_pair *b)
{
    return sma_is_inside(a->pair) == sma_is_inside(b->pair) &&
           ces_address_compare(&inside(a->pair)->address, &inside(b->pair)->address) == 0;
}

/* Pairs with the same host inside follow each other. */
static GPtrArray *
group(const GArray *shown)
{
    GPtrArray *order = g_ptr_array_new(), *rest = g_ptr_array_new();

    for (guint i = 0; i < shown->len; i++)
        g_ptr_array_add(rest, &g_array_index(shown, ces_page_pair, i));
    while (rest->len > 0) {
        const ces_page_pair *first = (const ces_page_pair *)g_ptr_array_index(rest, 0);
        for (guint i = 0; i < rest->len;)
            if (share_host(first, (const ces_page_pair *)g_ptr_array_index(rest, i)))
                g_ptr_array_add(order, g_ptr_array_remove_index(rest, i));
            else
                i++;
    }
    g_ptr_array_free(rest, TRUE);
    return order;
}

/* --- boxes ------------------------------------------------------------------------------ */

static void
put_host(const ces_pair *pair, gboolean is_sma, guint row, guint rows, const char *place, ces_values *values)
{
    const ces_member *member = is_sma ? &pair->sma : &pair->esa;
    ces_values *host = ces_values_add(values, place);
    char address[CES_ADDRESS_TEXT];

    ces_values_number(host, "row", row);
    ces_values_number(host, "rows", rows);
    ces_values_put(host, "kind", is_sma ? "SMA" : "ESA");
    if (pair->roles == CES_ROLES_ASSUMED && member->party.appliance == CES_APPLIANCE_UNKNOWN)
        ces_values_put(host, "assumed", "assumed");
    ces_values_put(host, "address", ces_address_text(&member->address, address));
    ces_values_put(host, "name", member->party.name);
}

static const ces_page_pair *
pair_in(const GPtrArray *order, guint at)
{
    return (const ces_page_pair *)g_ptr_array_index(order, at);
}

/* The rows of all pairs from this one on that have the same host inside. */
static guint
rows_inside(const GPtrArray *order, guint at)
{
    const ces_page_pair *first = pair_in(order, at);
    guint rows = 0;

    for (; at < order->len && share_host(first, pair_in(order, at)); at++)
        rows += pair_in(order, at)->line_count;
    return rows;
}

/* --- arrows ----------------------------------------------------------------------------- */

/* How far it came: to the other end, or to the edge. */
static gboolean
stops_at_edge(const ces_page_line *line)
{
    return line->now.state == CES_PAGE_BLOCKED;
}

/* A connection came about: the line is whole. */
static gboolean
is_whole(ces_page_state state)
{
    return state == CES_PAGE_WORKS || state == CES_PAGE_CONNECTED || state == CES_PAGE_CONTRADICTED ||
           state == CES_PAGE_TROUBLED;
}

static void
draw_arrow(const ces_page_line *line, gboolean to_the_right, GString *svg)
{
    const double from = to_the_right ? 0 : 100, end = 100 - from, mark = from + 0.75 * (end - from);
    const char *token = ces_page_state_token(line->now.state);
    const char *look = is_whole(line->now.state) ? "arrow" : "arrow broken";

    ces_svg_line(svg, look, token, from, MIDDLE, stops_at_edge(line) ? EDGE : end, MIDDLE);
    if (!stops_at_edge(line))
        ces_svg_shape(svg, to_the_right ? "head-right" : "head-left", token, end, MIDDLE);
    ces_svg_mark(svg, token, stops_at_edge(line) ? EDGE : mark, MIDDLE, NULL);
}

static void
say_arrow(const ces_page_line *line, GString *text)
{
    char sma[CES_ADDRESS_TEXT], esa[CES_ADDRESS_TEXT];

    ces_address_text(&line->pair->sma.address, sma);
    ces_address_text(&line->pair->esa.address, esa);
    g_string_append_printf(text, "%s, opened by %s towards %s: ", ces_page_line_title(line), line->from_sma ? sma : esa,
                           line->from_sma ? esa : sma);
    g_string_append(text, line->attempts->len ? ces_page_state_word(line->now.state) : "not seen");
}

static void
put_arrow(const ces_page_line *line, guint row, ces_values *values)
{
    ces_values *arrow = ces_values_add(values, "arrows");
    GString *name = g_string_new(NULL), *svg = ces_values_drawing(arrow, "drawing");
    gboolean seen = line->attempts->len > 0;

    say_arrow(line, name);
    ces_values_number(arrow, "row", row);
    ces_values_put(arrow, "title", ces_page_line_title(line));
    ces_values_put(arrow, "state", ces_page_state_token(line->now.state));
    ces_values_put(arrow, "word", seen ? ces_page_state_word(line->now.state) : "not seen");
    if (seen)
        ces_values_put(arrow, "seen", ces_page_seen(line->now.outcome, line->now.result));
    ces_svg_begin(svg, "lane", HEIGHT, name->str, NULL);
    if (seen)
        draw_arrow(line, line->from_sma == sma_is_inside(line->pair), svg);
    ces_svg_end(svg);
    g_string_free(name, TRUE);
}

/* --- the map ------------------------------------------------------------------------------ */

void
ces_page_put_map(const ces_page_pairs *pairs, ces_values *page)
{
    GPtrArray *order = group(pairs->shown);
    guint row = FIRST_ROW;

    for (guint i = 0; i < order->len; i++) {
        const ces_page_pair *p = pair_in(order, i);
        ces_values *part = ces_values_add(page, "map");
        if (i == 0 || !share_host(pair_in(order, i - 1), p))
            put_host(p->pair, sma_is_inside(p->pair), row, rows_inside(order, i), "inside", part);
        for (guint l = 0; l < p->line_count; l++)
            put_arrow(&p->lines[l], row + l, part);
        put_host(p->pair, !sma_is_inside(p->pair), row, p->line_count, "outside", part);
        row += p->line_count;
    }
    if (order->len > 0)
        ces_values_number(page, "map_rows", row - 1);
    g_ptr_array_free(order, TRUE);
}
