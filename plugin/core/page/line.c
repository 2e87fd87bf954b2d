/* line.c
 * Connections of one service, in order of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/line.h"

/* --- states ---------------------------------------------------------------------- */

static ces_role
role_of(const ces_member *member)
{
    return (ces_role){member->party.site, member->party.appliance};
}

static ces_verdict
verdict_of(const ces_page_line *line)
{
    ces_role sma = role_of(&line->pair->sma), esa = role_of(&line->pair->esa);

    return ces_ruling_of(ces_function_carrier(line->function), line->from_sma ? sma : esa, line->from_sma ? esa : sma)
        .verdict;
}

ces_page_state
ces_page_line_state(const ces_page_line *line, const ces_attempt *attempt)
{
    ces_finding finding = attempt->proven ? ces_finding_of(line->verdict, attempt->outcome, TRUE) : CES_FINDING_OPEN;

    return ces_page_state_of(line->verdict, finding, attempt->outcome, attempt->result);
}

/* --- runs -------------------------------------------------------------------------- */

static ces_page_run *
latest_run(const ces_page_line *line)
{
    return line->runs->len ? &g_array_index(line->runs, ces_page_run, line->runs->len - 1) : NULL;
}

static gboolean
is_up(ces_page_state state)
{
    return state == CES_PAGE_CONNECTED || state == CES_PAGE_WORKS;
}

/* A connection of which no more is known than that it came about is as good as its
 * neighbours: the beginning and the end of a capture cut it short like that. */
static gboolean
continues(const ces_page_run *run, ces_page_state state, const ces_attempt *attempt)
{
    if (run->state != state)
        return is_up(run->state) && is_up(state);
    return is_up(state) || (run->outcome == attempt->outcome && run->result == attempt->result);
}

static void
extend(ces_page_run *run, ces_page_state state, const ces_attempt *attempt)
{
    run->connections++;
    run->to = MAX(run->to, attempt->end); /* CES_TIME_UNKNOWN is less than any time */
    if (state == CES_PAGE_WORKS && run->state != state) {
        run->state = state;
        run->outcome = attempt->outcome;
        run->result = attempt->result;
    }
}

static void
take(const ces_attempt *attempt, gpointer data)
{
    ces_page_line *line = (ces_page_line *)data;
    ces_page_run *run = latest_run(line);
    ces_page_state state = ces_page_line_state(line, attempt);

    if (attempt->release != line->release)
        return;
    g_array_append_val(line->attempts, *attempt);
    if (run && continues(run, state, attempt)) {
        extend(run, state, attempt);
        return;
    }
    ces_page_run begun = {state, attempt->outcome, attempt->result, attempt->start, attempt->end,
                          1,     attempt->capture, attempt->frame};
    g_array_append_val(line->runs, begun);
}

static ces_page_run
latest_telling(const ces_page_line *line)
{
    for (guint i = line->runs->len; i-- > 0;) {
        const ces_page_run *run = &g_array_index(line->runs, ces_page_run, i);
        if (run->state != CES_PAGE_OPEN)
            return *run;
    }
    const ces_page_run *latest = latest_run(line);
    return latest ? *latest : (ces_page_run){.state = CES_PAGE_OPEN, .capture = ""};
}

ces_page_line
ces_page_line_of(const ces_pair *pair, ces_function function, gboolean release)
{
    ces_page_line line = {.pair = pair,
                          .function = function,
                          .release = release,
                          .from_sma = release || ces_function_carrier(function) == CES_SERVICE_SYNC,
                          .attempts = g_array_new(FALSE, FALSE, sizeof(ces_attempt)),
                          .runs = g_array_new(FALSE, FALSE, sizeof(ces_page_run))};

    line.verdict = verdict_of(&line);
    ces_pair_visit_attempts(pair, function, take, &line);
    line.now = latest_telling(&line);
    return line;
}

void
ces_page_line_clear(ces_page_line *line)
{
    g_array_free(line->attempts, TRUE);
    g_array_free(line->runs, TRUE);
}

const char *
ces_page_line_title(const ces_page_line *line)
{
    if (line->release)
        return "PVO Quarantine release";
    return ces_function_carrier(line->function) == CES_SERVICE_SYNC ? "Sync" : ces_function_title(line->function);
}

void
ces_page_line_spans(const ces_page_line *line, GArray *spans)
{
    for (guint i = 0; i < line->attempts->len; i++) {
        const ces_attempt *attempt = &g_array_index(line->attempts, ces_attempt, i);
        ces_span span = {attempt->start, MAX(attempt->start, attempt->end)};
        if (span.from != CES_TIME_UNKNOWN)
            g_array_append_val(spans, span);
    }
}
