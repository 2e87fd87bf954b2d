/* rows.c
 * Which connections are shown, and what is shown of each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/rows.h"

#include <ces/page.h>

#include "page/escape.h"
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
    char *name = ces_page_strdup(party->name);

    party->name = name;
    party->learned = (ces_learned_name){.name = NULL};
    return name;
}

static row *
copy_row(const ces_assessment *assessment, ces_page_state state, guint64 ordinal, char *capture)
{
    row *r = g_new(row, 1);

    *r = (row){.references = 1,
               .ordinal = ordinal,
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
    unref_row(r);
}

/* --- alike ones ---------------------------------------------------------------------- */

/* Rows of which all is the same but when, where and from which port; valid as long
 * as the rows. */
typedef struct {
    GString *reason, *advice;
    GPtrArray *rows; /* row, borrowed */
} kin;

static void
free_kin(gpointer data)
{
    kin *k = (kin *)data;

    g_string_free(k->reason, TRUE);
    g_string_free(k->advice, TRUE);
    g_ptr_array_free(k->rows, TRUE);
    g_free(k);
}

/* What a kin is known by, to be freed. The ends stand for their sites and names. */
static char *
key_of(const row *r, const kin *k)
{
    GString *key = g_string_new(NULL);
    char from[CES_ADDRESS_TEXT];

    g_string_append_printf(key, "%d %s ", (int)r->state,
                           ces_address_text(&ces_flow_initiator(&r->flow)->address, from));
    ces_say_socket(ces_flow_responder(&r->flow), key);
    g_string_append_printf(key, "\n%s\n%s\n%s\n%s", k->reason->str, k->advice->str, r->names[0], r->names[1]);
    return g_string_free(key, FALSE);
}

static kin *
kin_of_its_own(const row *r)
{
    kin *k = g_new(kin, 1);

    *k = (kin){g_string_new(NULL), g_string_new(NULL), g_ptr_array_new()};
    ces_say_reason(&r->assessment, k->reason);
    ces_say_advice(&r->assessment, k->advice);
    return k;
}

/* Joins the row to those it is alike, or gives it a kin of its own behind the others. */
static void
join(row *r, GHashTable *known, GPtrArray *kins)
{
    kin *k = kin_of_its_own(r);
    char *key = key_of(r, k);
    kin *found = (kin *)g_hash_table_lookup(known, key);

    if (found) {
        free_kin(k);
        g_free(key);
    } else {
        found = k;
        g_ptr_array_add(kins, k);
        g_hash_table_insert(known, key, k);
    }
    g_ptr_array_add(found->rows, r);
}

static GPtrArray *
kins_of(ces_page_rows *rows)
{
    GPtrArray *kins = g_ptr_array_new_with_free_func(free_kin);
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < rows->worst.rows->len; i++)
        join((row *)g_ptr_array_index(rows->worst.rows, i), known, kins);
    for (guint i = 0; i < rows->latest.rows->len; i++) {
        row *r = (row *)g_ptr_array_index(rows->latest.rows, i);
        if (r->references < 2) /* it is not among the worst */
            join(r, known, kins);
    }
    g_hash_table_destroy(known);
    return kins;
}

/* --- what is shown ---------------------------------------------------------------------- */

static const char *
appliance_word(ces_appliance appliance)
{
    static const char *const words[CES_APPLIANCE_COUNT] = {
        [CES_APPLIANCE_UNKNOWN] = "",
        [CES_APPLIANCE_ESA] = "ESA",
        [CES_APPLIANCE_SMA] = "SMA",
        [CES_APPLIANCE_SSH_PROXY] = "SSH proxy",
    };
    return words[appliance];
}

static void
put_end(const ces_party *party, ces_values *end)
{
    ces_values_put(end, "name", party->name);
    ces_values_put(end, "site", ces_page_site_words(party->site));
    ces_values_put(end, "appliance", appliance_word(party->appliance));
}

static void
put_ends(const row *r, ces_values *values)
{
    ces_values *from = ces_values_add(values, "opener"), *to = ces_values_add(values, "responder");
    char address[CES_ADDRESS_TEXT];

    ces_values_put(from, "socket", ces_address_text(&ces_flow_initiator(&r->flow)->address, address));
    put_end(&r->assessment.initiator, from);
    ces_say_socket(ces_flow_responder(&r->flow), ces_values_text(to, "socket"));
    put_end(&r->assessment.responder, to);
}

static void
put_row(const row *r, ces_values *alike)
{
    ces_values *values = ces_values_add(alike, "rows");

    ces_page_say_time(r->flow.start, ces_values_text(values, "when"));
    GString *lasted = ces_values_text(values, "lasted");
    if (r->flow.start != CES_TIME_UNKNOWN && r->flow.end > r->flow.start)
        ces_page_say_length(r->flow.start, r->flow.end, lasted);
    ces_values_number(values, "port", ces_flow_initiator(&r->flow)->port);
    ces_say_outcome(&r->assessment, ces_values_text(values, "outcome"));
    ces_page_say_place(r->capture, r->flow.first_frame, ces_values_text(values, "place"));
    ces_page_say_command(r->capture, r->flow.first_frame, ces_values_text(values, "command"));
}

/* Returns how many rows are shown. */
static guint
put_kin(const kin *k, ces_values *page)
{
    const row *first = (const row *)g_ptr_array_index(k->rows, 0);
    guint shown = MIN(k->rows->len, (guint)CES_PAGE_ALIKE);
    ces_values *values = ces_values_add(page, "connections");

    ces_values_put(values, "state", ces_page_state_token(first->state));
    ces_values_put(values, "word", ces_page_state_word(first->state));
    ces_values_put(values, "service", ces_service_about(first->assessment.service)->title);
    put_ends(first, values);
    ces_values_put(values, "reason", k->reason->str);
    ces_values_put(values, "advice", k->advice->str);
    for (guint i = 0; i < shown; i++)
        put_row((const row *)g_ptr_array_index(k->rows, i), values);
    GString *more = ces_values_text(values, "more");
    if (shown < k->rows->len)
        ces_page_say_count(k->rows->len - shown, "earlier connection", more);
    return shown;
}

guint
ces_page_rows_put(ces_page_rows *rows, ces_values *page)
{
    guint shown = 0;

    settle(&rows->worst);
    settle(&rows->latest);
    GPtrArray *kins = kins_of(rows);
    for (guint i = 0; i < kins->len; i++)
        shown += put_kin((const kin *)g_ptr_array_index(kins, i), page);
    g_ptr_array_free(kins, TRUE);
    return shown;
}
