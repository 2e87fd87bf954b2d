/* page.c
 * What a page is made of, while connections come and when it is written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/page.h>

#include <string.h>

#include "page/escape.h"
#include "page/pairs.h"
#include "page/rows.h"
#include "page/template.h"
#include "page/words.h"

/* --- what is kept ------------------------------------------------------------------- */

/* What one capture holds. */
typedef struct {
    char *name; /* a reference, which is the key too */
    guint64 connections, wrong;
    ces_time from, to;
} capture;

/* A piece of advice, and the worst connection that it was given for. */
typedef struct {
    char *words, *capture; /* references */
    guint64 connections;
    ces_page_state state;
    guint32 frame;
} advice;

struct ces_page {
    GHashTable *captures; /* name -> capture */
    GHashTable *advice;   /* words -> advice */
    GPtrArray *troubles;  /* char *, CES_PAGE_TROUBLES at most */
    guint64 trouble_count;
    ces_page_rows *rows;
    guint64 counts[CES_SERVICE_COUNT][CES_PAGE_STATE_COUNT];
    guint64 states[CES_PAGE_STATE_COUNT];
    guint64 connections;
    ces_time from, to;
    GString *missing_sites; /* what is said of the first connection without a verdict */
};

static void
free_capture(gpointer data)
{
    capture *c = (capture *)data;

    g_ref_string_release(c->name);
    g_free(c);
}

static void
free_advice(gpointer data)
{
    advice *a = (advice *)data;

    g_ref_string_release(a->words);
    g_ref_string_release(a->capture);
    g_free(a);
}

ces_page *
ces_page_new(void)
{
    ces_page *page = g_new(ces_page, 1);

    *page = (ces_page){.captures = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_capture),
                       .advice = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_advice),
                       .troubles = g_ptr_array_new_with_free_func(g_free),
                       .rows = ces_page_rows_new(),
                       .from = CES_TIME_UNKNOWN,
                       .to = CES_TIME_UNKNOWN,
                       .missing_sites = g_string_new(NULL)};
    return page;
}

void
ces_page_free(ces_page *page)
{
    if (!page)
        return;
    g_hash_table_destroy(page->captures);
    g_hash_table_destroy(page->advice);
    g_ptr_array_free(page->troubles, TRUE);
    ces_page_rows_free(page->rows);
    g_string_free(page->missing_sites, TRUE);
    g_free(page);
}

/* --- adding --------------------------------------------------------------------------- */

static void
extend(ces_time *from, ces_time *to, const ces_flow *flow)
{
    if (flow->start == CES_TIME_UNKNOWN)
        return;
    *from = *from == CES_TIME_UNKNOWN ? flow->start : MIN(*from, flow->start);
    *to = MAX(*to, MAX(flow->start, flow->end)); /* CES_TIME_UNKNOWN is less than any time */
}

/* Names that are the same as far as they are shown are one. */
static capture *
capture_named(ces_page *page, const char *name)
{
    char *shown = ces_page_strdup(name);
    capture *c = (capture *)g_hash_table_lookup(page->captures, shown);

    if (!c) {
        c = g_new(capture, 1);
        *c = (capture){.name = g_ref_string_new(shown), .from = CES_TIME_UNKNOWN, .to = CES_TIME_UNKNOWN};
        g_hash_table_insert(page->captures, c->name, c);
    }
    g_free(shown);
    return c;
}

static void
note_advice(ces_page *page, const ces_assessment *assessment, ces_page_state state, const capture *c)
{
    GString *words = g_string_new(NULL);

    ces_say_advice(assessment, words);
    advice *a = (advice *)g_hash_table_lookup(page->advice, words->str);
    if (!a && words->len > 0 && g_hash_table_size(page->advice) < CES_PAGE_ADVICE) {
        a = g_new(advice, 1);
        *a = (advice){g_ref_string_new(words->str), g_ref_string_acquire(c->name), 0, CES_PAGE_STATE_COUNT, 0};
        g_hash_table_insert(page->advice, a->words, a);
    }
    g_string_free(words, TRUE);
    if (!a)
        return;
    a->connections++;
    if (state >= a->state)
        return;
    a->state = state;
    a->frame = assessment->flow->first_frame;
    g_ref_string_release(a->capture);
    a->capture = g_ref_string_acquire(c->name);
}

static void
count(ces_page *page, const ces_assessment *assessment, ces_page_state state)
{
    page->connections++;
    page->states[state]++;
    page->counts[assessment->service][state]++;
    extend(&page->from, &page->to, assessment->flow);
}

void
ces_page_add(ces_page *page, const ces_assessment *assessment, const char *name)
{
    ces_page_state state =
        ces_page_state_of(assessment->ruling.verdict, assessment->finding, assessment->outcome, assessment->result);
    capture *c = capture_named(page, name ? name : "");

    c->connections++;
    c->wrong += ces_page_state_is_wrong(state);
    extend(&c->from, &c->to, assessment->flow);
    count(page, assessment, state);
    note_advice(page, assessment, state, c);
    ces_page_rows_add(page->rows, assessment, state, c->name);
    if (state == CES_PAGE_UNJUDGED && page->missing_sites->len == 0)
        ces_say_missing_sites(assessment, page->missing_sites);
}

void
ces_page_add_capture(ces_page *page, const char *name)
{
    capture_named(page, name ? name : "");
}

void
ces_page_add_trouble(ces_page *page, const char *line)
{
    if (page->trouble_count++ < CES_PAGE_TROUBLES)
        g_ptr_array_add(page->troubles, ces_page_strdup(line));
}

/* --- in one sentence -------------------------------------------------------------------- */

static guint
wrong_pairs(const ces_page_pairs *pairs)
{
    guint wrong = 0;

    for (guint state = 0; state < CES_PAGE_STATE_COUNT; state++)
        if (ces_page_state_is_wrong((ces_page_state)state))
            wrong += pairs->states[state];
    return wrong;
}

/* "12 connections failed, 3 were blocked" */
static void
say_wrong(const ces_page *page, GString *text)
{
    guint64 wrong = 0;

    for (guint state = 0; state < CES_PAGE_STATE_COUNT; state++)
        if (ces_page_state_is_wrong((ces_page_state)state))
            wrong += page->states[state];
    if (wrong == 0) {
        g_string_append_printf(text, "Nothing wrong was seen on ");
        ces_page_say_count(page->connections, "connection", text);
    } else {
        g_string_append_printf(text, "%" G_GUINT64_FORMAT " of ", wrong);
        ces_page_say_count(page->connections, "connection", text);
        g_string_append(text,
                        wrong == 1 ? " is blocked, failed or not working" : " are blocked, failed or not working");
    }
    if (page->states[CES_PAGE_OPEN])
        g_string_append_printf(text, "; %" G_GUINT64_FORMAT " undecided", page->states[CES_PAGE_OPEN]);
    g_string_append_c(text, '.');
}

static void
say_pairs(const ces_page_pairs *pairs, GString *text)
{
    const ces_page_pair *worst = &g_array_index(pairs->shown, ces_page_pair, 0);
    guint wrong = wrong_pairs(pairs);

    if (wrong == 0 && pairs->count > 1) {
        g_string_append_printf(text, "Nothing is wrong now between the %u pairs of SMA and ESA.", pairs->count);
        return;
    }
    if (wrong > 1)
        g_string_append_printf(text, "Between %u of %u pairs something does not work. First, ", wrong, pairs->count);
    ces_page_say_pair(worst->pair, text);
    g_string_append(text, ": ");
    gsize begin = text->len;
    ces_page_say_latest(worst, text);
    if (text->len > begin)
        text->str[begin] = g_str_has_prefix(text->str + begin, "The ") ? 't' : text->str[begin];
    else
        g_string_append_printf(text, "%s.", ces_page_state_word(worst->state));
}

static void
say_sentence(const ces_page *page, const ces_page_pairs *pairs, GString *text)
{
    if (page->connections == 0)
        g_string_append(text, "No connection on a CES port was seen.");
    else if (page->states[CES_PAGE_UNJUDGED] == page->connections)
        g_string_append(text, "Nothing could be judged: no CES network is known.");
    else if (pairs->count > 0)
        say_pairs(pairs, text);
    else
        say_wrong(page, text);
}

static ces_page_state
worst_state(const ces_page *page, const ces_page_pairs *pairs)
{
    if (pairs->count > 0)
        return g_array_index(pairs->shown, ces_page_pair, 0).state;
    for (guint state = 0; state < CES_PAGE_STATE_COUNT; state++)
        if (page->states[state])
            return (ces_page_state)state;
    return CES_PAGE_OPEN;
}

/* --- what was read -------------------------------------------------------------------------- */

static void
put_head(const ces_page *page, const ces_page_pairs *pairs, ces_values *values)
{
    ces_page_state worst = worst_state(page, pairs);
    GString *read = ces_values_text(values, "read");

    say_sentence(page, pairs, ces_values_text(values, "sentence"));
    ces_values_put(values, "state", ces_page_state_token(worst));
    ces_values_put(values, "word", ces_page_state_word(worst));
    ces_page_say_count(g_hash_table_size(page->captures), "capture", read);
    g_string_append(read, ", ");
    ces_page_say_count(page->connections, "connection", read);
    if (page->from != CES_TIME_UNKNOWN) {
        ces_page_say_time(page->from, ces_values_text(values, "from"));
        ces_page_say_time(page->to, ces_values_text(values, "until"));
        ces_page_say_length(page->from, page->to, ces_values_text(values, "span"));
    }
    if (pairs->count > 0)
        say_wrong(page, ces_values_text(values, "sum"));
    ces_values_put(values, "missing_sites", page->missing_sites->str);
}

static void
put_states(const ces_page *page, ces_values *values)
{
    for (guint state = 0; state < CES_PAGE_STATE_COUNT; state++) {
        ces_values *item = ces_values_add(values, "states");
        ces_values_put(item, "state", ces_page_state_token((ces_page_state)state));
        ces_values_put(item, "word", ces_page_state_word((ces_page_state)state));
        ces_values_put(item, "meaning", ces_page_state_meaning((ces_page_state)state));
        ces_values_number(item, "number", page->states[state]);
        if (page->states[state])
            ces_values_put(item, "some", "yes");
    }
}

static int
compare_captures(gconstpointer left, gconstpointer right)
{
    const capture *a = *(const capture *const *)left, *b = *(const capture *const *)right;

    if ((a->wrong > 0) != (b->wrong > 0))
        return a->wrong > 0 ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void
put_capture(const capture *c, ces_values *values)
{
    ces_values *item = ces_values_add(values, "captures");

    ces_values_put(item, "name", *c->name ? c->name : "(without a name)");
    ces_values_number(item, "number", c->connections);
    ces_values_number(item, "wrong", c->wrong);
    if (c->from == CES_TIME_UNKNOWN)
        return;
    ces_page_say_time(c->from, ces_values_text(item, "first"));
    ces_page_say_time(c->to, ces_values_text(item, "last"));
}

/* The values of a table, in order; free the array, not what is in it. */
static GPtrArray *
sorted(GHashTable *table, GCompareFunc compare)
{
    GPtrArray *values = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(values, value);
    g_ptr_array_sort(values, compare);
    return values;
}

static void
put_captures(const ces_page *page, ces_values *values)
{
    GPtrArray *captures = sorted(page->captures, compare_captures);
    guint shown = MIN(captures->len, (guint)CES_PAGE_CAPTURES);

    for (guint i = 0; i < shown; i++)
        put_capture((const capture *)g_ptr_array_index(captures, i), values);
    if (shown < captures->len)
        ces_page_say_count(captures->len - shown, "more capture", ces_values_text(values, "captures_left_out"));
    g_ptr_array_free(captures, TRUE);
}

static void
put_troubles(const ces_page *page, ces_values *values)
{
    for (guint i = 0; i < page->troubles->len; i++)
        ces_values_put(ces_values_add(values, "troubles"), "line", (const char *)g_ptr_array_index(page->troubles, i));
    if (page->trouble_count > page->troubles->len)
        ces_page_say_count(page->trouble_count - page->troubles->len, "more line",
                           ces_values_text(values, "troubles_left_out"));
}

/* --- what to do, and what was counted ------------------------------------------------------- */

static int
compare_advice(gconstpointer left, gconstpointer right)
{
    const advice *a = *(const advice *const *)left, *b = *(const advice *const *)right;

    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    if (a->connections != b->connections)
        return a->connections > b->connections ? -1 : 1;
    return strcmp(a->words, b->words);
}

static void
put_advice(const ces_page *page, ces_values *values)
{
    GPtrArray *all = sorted(page->advice, compare_advice);

    for (guint i = 0; i < all->len; i++) {
        const advice *a = (const advice *)g_ptr_array_index(all, i);
        ces_values *item = ces_values_add(values, "advice_list");
        ces_values_put(item, "words", a->words);
        ces_values_put(item, "state", ces_page_state_token(a->state));
        ces_values_put(item, "word", ces_page_state_word(a->state));
        ces_page_say_count(a->connections, "connection", ces_values_text(item, "count"));
        ces_page_say_place(a->capture, a->frame, ces_values_text(item, "place"));
        ces_page_say_command(a->capture, a->frame, ces_values_text(item, "command"));
    }
    g_ptr_array_free(all, TRUE);
}

static void
put_counts(const ces_page *page, ces_values *values)
{
    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++) {
        ces_values *item = ces_values_add(values, "services");
        guint64 sum = 0;
        ces_values_put(item, "service", ces_service_about((ces_service)service)->title);
        for (guint state = 0; state < CES_PAGE_STATE_COUNT; state++) {
            ces_values *cell = ces_values_add(item, "cells");
            sum += page->counts[service][state];
            ces_values_number(cell, "number", page->counts[service][state]);
            ces_values_put(cell, "word", ces_page_state_word((ces_page_state)state));
            if (page->counts[service][state])
                ces_values_put(cell, "some", "yes");
        }
        ces_values_number(item, "sum", sum);
    }
}

static void
put_connections(const ces_page *page, ces_values *values)
{
    guint shown = ces_page_rows_put(page->rows, values);

    if (shown > 0)
        ces_values_number(values, "shown", shown);
    if (shown < page->connections) {
        ces_values_number(values, "counted_only", page->connections - shown);
        ces_values_number(values, "alike_kept", CES_PAGE_ALIKE);
    }
    if (page->connections > CES_PAGE_WORST) {
        ces_values_number(values, "worst_kept", CES_PAGE_WORST);
        ces_values_number(values, "latest_kept", CES_PAGE_LATEST);
    }
}

/* --- the page --------------------------------------------------------------------------------- */

static ces_values *
values_of(const ces_page *page, const ces_pair_table *table)
{
    ces_page_pairs pairs = ces_page_pairs_of(table);
    ces_values *values = ces_values_new();

    put_head(page, &pairs, values);
    put_states(page, values);
    put_advice(page, values);
    ces_page_put_map(&pairs, values);
    ces_page_put_pairs(&pairs, values);
    put_connections(page, values);
    put_counts(page, values);
    put_captures(page, values);
    put_troubles(page, values);
    ces_page_pairs_clear(&pairs);
    return values;
}

gboolean
ces_page_write(const ces_page *page, const ces_pair_table *pairs, ces_report_output output, gpointer data)
{
    ces_values *values = values_of(page, pairs);
    GString *html = g_string_new(NULL);

    ces_template_fill(ces_page_html, values, html);
    gboolean taken = output(html->str, html->len, data);
    g_string_free(html, TRUE);
    ces_values_free(values);
    return taken;
}
