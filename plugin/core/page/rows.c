/* rows.c
 * Which connections are shown, and what is shown of each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/rows.h"

#include <ces/page.h>

#include "page/words.h"

/* --- rows ------------------------------------------------------------------------- */

/* A connection with all that its assessment points to. */
typedef struct {
    guint references;
    guint64 ordinal;
    ces_page_state state;
    ces_flow flow;
    ces_assessment assessment;
    char *names[2];
    char *capture; /* a reference */
} row;

/* Those that come first in an order; up to twice as many as are wanted. */
typedef struct {
    GPtrArray *rows;
    guint wanted;
    gboolean settled; /* the first ones stand in order, as many as are wanted */
    GCompareFunc compare;
} choice;

struct ces_page_rows {
    choice worst, latest;
    guint64 seen;
};

static char *
copy_name(ces_party *party)
{
    char *name = g_strdup(party->name);

    party->name = name;
    party->learned = (ces_learned_name){.name = NULL};
    return name;
}

static row *
copy_row(const ces_assessment *assessment, ces_page_state state, guint64 ordinal, char *capture)
{
    row *r = g_new(row, 1);

    *r = (row){.ordinal = ordinal,
               .state = state,
               .flow = *assessment->flow,
               .assessment = *assessment,
               .capture = g_ref_string_acquire(capture)};
    r->flow.dialogue = NULL;
    r->assessment.flow = &r->flow;
    r->names[0] = copy_name(&r->assessment.initiator);
    r->names[1] = copy_name(&r->assessment.responder);
    return r;
}

static void
unref_row(gpointer data)
{
    row *r = (row *)data;

    if (--r->references > 0)
        return;
    g_free(r->names[0]);
    g_free(r->names[1]);
    g_ref_string_release(r->capture);
    g_free(r);
}

/* --- order ------------------------------------------------------------------------ */

/* The latest first; connections without a time last, those that came last before others. */
static int
compare_latest(gconstpointer left, gconstpointer right)
{
    const row *a = *(const row *const *)left, *b = *(const row *const *)right;

    if (a->flow.start != b->flow.start)
        return a->flow.start > b->flow.start ? -1 : 1;
    return a->ordinal > b->ordinal ? -1 : a->ordinal < b->ordinal;
}

static int
compare_worst(gconstpointer left, gconstpointer right)
{
    const row *a = *(const row *const *)left, *b = *(const row *const *)right;

    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return compare_latest(left, right);
}

/* --- choosing --------------------------------------------------------------------- */

static choice
choice_new(guint wanted, GCompareFunc compare)
{
    return (choice){g_ptr_array_new_with_free_func(unref_row), wanted, FALSE, compare};
}

static void
settle(choice *c)
{
    g_ptr_array_sort(c->rows, c->compare);
    if (c->rows->len > c->wanted)
        g_ptr_array_set_size(c->rows, (gint)c->wanted);
    c->settled = c->rows->len == c->wanted;
}

/* Whether it could be chosen: it is not behind the last one that was settled. */
static gboolean
may_take(const choice *c, const row *r)
{
    if (!c->settled)
        return TRUE;
    const row *last = (const row *)g_ptr_array_index(c->rows, c->wanted - 1);
    return c->compare(&r, &last) < 0;
}

static void
take(choice *c, row *r)
{
    r->references++;
    g_ptr_array_add(c->rows, r);
    if (c->rows->len >= 2 * c->wanted)
        settle(c);
}

ces_page_rows *
ces_page_rows_new(void)
{
    ces_page_rows *rows = g_new(ces_page_rows, 1);

    *rows = (ces_page_rows){choice_new(CES_PAGE_WORST, compare_worst), choice_new(CES_PAGE_LATEST, compare_latest), 0};
    return rows;
}

void
ces_page_rows_free(ces_page_rows *rows)
{
    if (!rows)
        return;
    g_ptr_array_free(rows->worst.rows, TRUE);
    g_ptr_array_free(rows->latest.rows, TRUE);
    g_free(rows);
}

void
ces_page_rows_add(ces_page_rows *rows, const ces_assessment *assessment, ces_page_state state, char *capture)
{
    const row sample = {.ordinal = ++rows->seen, .state = state, .flow = {.start = assessment->flow->start}};
    gboolean worst = may_take(&rows->worst, &sample), latest = may_take(&rows->latest, &sample);

    if (!worst && !latest)
        return;
    row *r = copy_row(assessment, state, rows->seen, capture);
    if (worst)
        take(&rows->worst, r);
    if (latest)
        take(&rows->latest, r);
}

/* --- what is shown of one ------------------------------------------------------------ */

static void
put_end(const ces_socket *socket, const ces_party *party, const char *place, ces_values *values)
{
    ces_values *end = ces_values_add(values, place);

    ces_say_socket(socket, ces_values_text(end, "socket"));
    ces_values_put(end, "name", party->name);
    ces_values_put(end, "site", ces_page_site_words(party->site));
    if (party->appliance != CES_APPLIANCE_UNKNOWN)
        ces_values_put(end, "appliance",
                       party->appliance == CES_APPLIANCE_SMA   ? "SMA"
                       : party->appliance == CES_APPLIANCE_ESA ? "ESA"
                                                               : "SSH proxy");
}

static void
put_row(const row *r, ces_values *page)
{
    ces_values *values = ces_values_add(page, "connections");
    const ces_assessment *a = &r->assessment;

    ces_values_put(values, "state", ces_page_state_token(r->state));
    ces_values_put(values, "word", ces_page_state_word(r->state));
    ces_values_put(values, "service", ces_service_about(a->service)->title);
    put_end(ces_flow_initiator(&r->flow), &a->initiator, "from", values);
    put_end(ces_flow_responder(&r->flow), &a->responder, "to", values);
    ces_page_say_time(r->flow.start, ces_values_text(values, "when"));
    if (r->flow.start != CES_TIME_UNKNOWN && r->flow.end > r->flow.start)
        ces_page_say_length(r->flow.start, r->flow.end, ces_values_text(values, "lasted"));
    ces_say_outcome(a, ces_values_text(values, "outcome"));
    ces_say_reason(a, ces_values_text(values, "reason"));
    ces_say_advice(a, ces_values_text(values, "advice"));
    ces_page_say_place(r->capture, r->flow.first_frame, ces_values_text(values, "place"));
    ces_page_say_command(r->capture, r->flow.first_frame, ces_values_text(values, "command"));
}

static gboolean
is_among(GPtrArray *rows, const row *r)
{
    return g_ptr_array_find(rows, r, NULL);
}

guint
ces_page_rows_put(ces_page_rows *rows, ces_values *page)
{
    guint count = 0;

    settle(&rows->worst);
    settle(&rows->latest);
    for (guint i = 0; i < rows->worst.rows->len; i++, count++)
        put_row((const row *)g_ptr_array_index(rows->worst.rows, i), page);
    for (guint i = 0; i < rows->latest.rows->len; i++) {
        const row *r = (const row *)g_ptr_array_index(rows->latest.rows, i);
        if (is_among(rows->worst.rows, r))
            continue;
        put_row(r, page);
        count++;
    }
    return count;
}
