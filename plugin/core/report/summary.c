/* summary.c
 * Pairs on a terminal: what is now, since when, and where to look.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/change.h"
#include "report/report_text.h"

/* --- what comes first ---------------------------------------------------------------- */

/* A pair, and what its place hangs on. */
typedef struct {
    const ces_pair *pair;
    gboolean works;  /* its sync does: without it nothing else can */
    ces_time change; /* the latest of any service, or CES_TIME_UNKNOWN */
    guint position;
} place;

/* One function for each connection that carries some. */
static const ces_function told[] = {CES_FUNCTION_REPORTING, CES_FUNCTION_SPAM_QUARANTINE, CES_FUNCTION_PVO_QUARANTINE};

static place
place_of(const ces_pair *pair, guint position)
{
    place p = {pair, FALSE, CES_TIME_UNKNOWN, position};

    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        ces_change change = ces_change_of(pair, told[i]);
        p.works = p.works || (told[i] == CES_FUNCTION_REPORTING && change.works);
        if (change.before && !change.mixed)
            p.change = MAX(p.change, change.since);
    }
    return p;
}

static int
compare_places(gconstpointer left, gconstpointer right)
{
    const place *a = (const place *)left, *b = (const place *)right;

    if (a->works != b->works)
        return a->works ? 1 : -1;
    if (a->change != b->change)
        return a->change > b->change ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

static GArray *
places_of(const ces_pair_table *table)
{
    guint count = ces_pair_table_count(table);
    GArray *places = g_array_sized_new(FALSE, FALSE, sizeof(place), count);

    for (guint i = 0; i < count; i++) {
        place p = place_of(ces_pair_table_get(table, i), i);
        g_array_append_val(places, p);
    }
    g_array_sort(places, compare_places);
    return places;
}

/* --- in words --------------------------------------------------------------------------- */

enum { INDENT = 2, PAIRS_AT_MOST = 10 };

static void
append_line(const char *words, GString *text)
{
    g_string_append_printf(text, "%*s", INDENT, "");
    ces_report_text_wrap(words, INDENT, text);
}

static void
append_service(const ces_pair *pair, ces_function function, GString *text)
{
    ces_change change = ces_change_of(pair, function);
    GString *words = g_string_new(NULL);

    if (change.before && !change.mixed)
        ces_say_change(&change, function, words);
    else if (change.now && !change.mixed)
        ces_say_state(&change, function, words);
    else if (change.mixed)
        g_string_append_printf(words, "%s was used in both directions.", ces_function_title(function));
    else if (pair->carriers[ces_function_carrier(function)].seen)
        g_string_append_printf(words, "Of the connections for %s only stray packets were seen.",
                               ces_function_title(function));
    if (words->len > 0)
        append_line(words->str, text);
    g_string_free(words, TRUE);
}

static void
append_pair(const ces_pair *pair, GString *text)
{
    ces_report_text_members(pair, text);
    if (!pair->carriers[CES_SERVICE_SYNC].seen)
        append_line("The sync was not seen.", text);
    for (gsize i = 0; i < G_N_ELEMENTS(told); i++)
        append_service(pair, told[i], text);
}

gboolean
ces_report_summary(const ces_pair_table *table, ces_report_output output, gpointer data)
{
    GArray *places = places_of(table);
    GString *text = g_string_new(NULL);
    guint shown = MIN(places->len, PAIRS_AT_MOST);

    for (guint i = 0; i < shown; i++)
        append_pair(g_array_index(places, place, i).pair, text);
    if (shown < places->len)
        g_string_append_printf(text, "And %u more pairs of SMA and ESA.\n", places->len - shown);
    gboolean taken = text->len == 0 || output(text->str, text->len, data);
    g_string_free(text, TRUE);
    g_array_free(places, TRUE);
    return taken;
}
