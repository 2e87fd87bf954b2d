/* latest.c
 * Of a pair in one sentence: since when its worst service does not work.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/pairs.h"

#include <string.h>

#include "page/words.h"
#include "report/change.h"

static const ces_page_line *
worst_line(const ces_page_pair *pair)
{
    for (guint i = 0; i < pair->line_count; i++)
        if (pair->lines[i].attempts->len > 0 && pair->lines[i].now.state == pair->state)
            return &pair->lines[i];
    return &pair->lines[0];
}

static const ces_page_run *
run_at(const ces_page_line *line, guint position)
{
    return &g_array_index(line->runs, ces_page_run, position);
}

static gboolean
is_up(const ces_page_run *run)
{
    return run->state == CES_PAGE_WORKS || run->state == CES_PAGE_CONNECTED;
}

/* The position of the first run since the service was up: 0 if it never was. */
static guint
first_since(const ces_page_line *line)
{
    guint position = line->runs->len;

    while (position > 0 && !is_up(run_at(line, position - 1)))
        position--;
    return position;
}

static const char *
verb(ces_page_state state)
{
    static const char *const verbs[CES_PAGE_STATE_COUNT] = {
        [CES_PAGE_CONTRADICTED] = "got through, though CES should block it",
        [CES_PAGE_FAILED] = "failed",
        [CES_PAGE_TROUBLED] = "did not work",
        [CES_PAGE_BLOCKED] = "was blocked",
    };
    return verbs[state];
}

static void
say_moment(ces_time at, gboolean with_day, GString *text)
{
    if (with_day)
        ces_page_say_time(at, text);
    else
        ces_page_say_clock(at, text);
}

/* "unanswered, then refused by a RST": what was seen one after the other. */
static void
say_course(const ces_page_line *line, guint first, GString *text)
{
    const guint most = 3;
    guint told = 0;
    const char *before = "";

    for (guint i = first; i < line->runs->len && told < most; i++) {
        const char *seen = ces_page_seen(run_at(line, i)->outcome, run_at(line, i)->result);
        if (!*seen || strcmp(seen, before) == 0)
            continue;
        g_string_append_printf(text, "%s%s", told++ ? ", then " : ": ", seen);
        before = seen;
    }
}

static guint
connections_since(const ces_page_line *line, guint first)
{
    guint sum = 0;

    for (guint i = first; i < line->runs->len; i++)
        sum += run_at(line, i)->connections;
    return sum;
}

/* "The sync worked until 16:31:40; since 16:31:42 it failed: unanswered, then refused
 * by a RST (6 connections, from packet 29 of part3.pcapng on)." */
static void
say_stop(const ces_page_line *line, guint first, GString *text)
{
    const ces_page_run *before = run_at(line, first - 1), *since = run_at(line, first);
    gboolean with_day = !ces_page_on_one_day(before->to, since->from);

    g_string_append(text, line->function == CES_FUNCTION_REPORTING ? "The sync" : ces_page_line_title(line));
    g_string_append(text, before->state == CES_PAGE_WORKS ? " worked until " : " was answered until ");
    say_moment(before->to, with_day, text);
    g_string_append(text, "; since ");
    say_moment(since->from, with_day, text);
    g_string_append_printf(text, " it %s", verb(line->now.state));
    say_course(line, first, text);
    g_string_append(text, " (");
    ces_page_say_count(connections_since(line, first), "connection", text);
    g_string_append(text, ", from ");
    ces_page_say_place(since->capture, since->frame, text);
    g_string_append(text, " on).");
}

/* Only where times tell which was first. */
static gboolean
stopped(const ces_page_line *line, guint first)
{
    return first > 0 && first < line->runs->len && verb(line->now.state) &&
           run_at(line, first - 1)->to != CES_TIME_UNKNOWN && run_at(line, first - 1)->to <= run_at(line, first)->from;
}

static void
say_state(const ces_page_line *line, GString *text)
{
    ces_change change = ces_change_of(line->pair, line->function);

    if (change.mixed || !change.now)
        return;
    if (change.before)
        ces_say_change(&change, line->function, text);
    else
        ces_say_state(&change, line->function, text);
    if (line->now.state == CES_PAGE_CONTRADICTED)
        g_string_append(text, " By the rules of CES it should be blocked.");
    else if (line->now.state == CES_PAGE_BLOCKED)
        g_string_append(text, " CES blocks it.");
}

void
ces_page_say_latest(const ces_page_pair *pair, GString *text)
{
    const ces_page_line *line = worst_line(pair);
    guint first = first_since(line);

    if (stopped(line, first))
        say_stop(line, first, text);
    else
        say_state(line, text);
}
