/* line_drawing.c
 * A line of time as a drawing, and its runs as a list.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/line.h"

#include "page/svg.h"
#include "page/words.h"

enum { HEIGHT = 36, MIDDLE = HEIGHT / 2, BAR_TOP = 6, BAR_HEIGHT = HEIGHT - 2 * BAR_TOP };

/* --- bars ------------------------------------------------------------------------ */

static const ces_attempt *
attempt_at(const ces_page_line *line, guint position)
{
    return &g_array_index(line->attempts, ces_attempt, position);
}

/* From the end of one connection to the start of the next; 0 if they overlap or
 * have no times. */
static gint64
pause_before(const ces_page_line *line, guint position)
{
    const ces_attempt *before = attempt_at(line, position - 1), *after = attempt_at(line, position);
    ces_time end = MAX(before->start, before->end);

    return end == CES_TIME_UNKNOWN || after->start < end ? 0 : after->start - end;
}

static int
compare_pauses(gconstpointer left, gconstpointer right)
{
    const gint64 *a = (const gint64 *)left, *b = (const gint64 *)right;

    return *a < *b ? -1 : *a > *b;
}

/* Longer pauses are gaps: much longer than is usual between these connections. */
static gint64
longest_pause(const ces_page_line *line)
{
    const gint64 much = 10;
    GArray *pauses = g_array_new(FALSE, FALSE, sizeof(gint64));

    for (guint i = 1; i < line->attempts->len; i++) {
        gint64 pause = pause_before(line, i);
        g_array_append_val(pauses, pause);
    }
    g_array_sort(pauses, compare_pauses);
    gint64 usual = pauses->len ? g_array_index(pauses, gint64, pauses->len / 2) : 0;
    g_array_free(pauses, TRUE);
    return MAX(MIN(usual, G_MAXINT64 / much) * much, CES_SECOND);
}

/* "16:31:30 to 16:31:48 works, 8 connections" */
static void
say_run(const ces_page_run *run, gboolean with_day, GString *text)
{
    ces_page_say_span(run->from, run->to, with_day, text);
    g_string_append_printf(text, " %s", ces_page_state_word(run->state));
    if (*ces_page_seen(run->outcome, run->result))
        g_string_append_printf(text, " (%s)", ces_page_seen(run->outcome, run->result));
    g_string_append(text, ", ");
    ces_page_say_count(run->connections, "connection", text);
}

/* What is needed to draw the bars of a line, and the one being drawn. */
typedef struct {
    const ces_scale *scale;
    GString *svg;
    GString *title;
    gboolean many; /* bars too narrow to be seen are left to the marks */
    ces_time from, to;
} bars;

static void
end_bar(bars *b, const ces_page_run *run)
{
    const double narrow = 0.3;

    if (b->from == CES_TIME_UNKNOWN)
        return;
    double left = ces_scale_place(b->scale, b->from), right = ces_scale_place(b->scale, b->to);
    if (!b->many || right - left >= narrow)
        ces_svg_bar(b->svg, "bar", ces_page_state_token(run->state), left, right, BAR_TOP, BAR_HEIGHT, b->title->str);
    b->from = CES_TIME_UNKNOWN;
}

/* The bars of one run: it has gaps where it has them. Returns the position behind it. */
static guint
draw_run(const ces_page_line *line, const ces_page_run *run, guint position, gint64 longest, bars *b)
{
    guint end = position + run->connections;

    g_string_truncate(b->title, 0);
    say_run(run, !ces_scale_in_one_day(b->scale), b->title);
    b->from = CES_TIME_UNKNOWN;
    for (guint i = position; i < end; i++) {
        const ces_attempt *attempt = attempt_at(line, i);
        if (attempt->start == CES_TIME_UNKNOWN)
            continue;
        if (i > position && pause_before(line, i) > longest)
            end_bar(b, run);
        if (b->from == CES_TIME_UNKNOWN)
            b->from = b->to = attempt->start;
        b->to = MAX(b->to, attempt->end);
    }
    end_bar(b, run);
    return end;
}

static void
draw_runs(const ces_page_line *line, const ces_scale *scale, GString *svg)
{
    const guint many = 100;
    bars b = {.scale = scale, .svg = svg, .title = g_string_new(NULL), .many = line->attempts->len > many};
    gint64 longest = longest_pause(line);
    guint position = 0;

    for (guint i = 0; i < line->runs->len; i++)
        position = draw_run(line, &g_array_index(line->runs, ces_page_run, i), position, longest, &b);
    g_string_free(b.title, TRUE);
}

/* --- marks ------------------------------------------------------------------------- */

/* Connections in the same state so near to each other that they are one mark. */
enum { SLOTS = 160 };
typedef struct {
    guint connections;
    const ces_attempt *first;
    ces_time latest;
} slot;

static void
fill_slots(const ces_page_line *line, const ces_scale *scale, slot (*slots)[CES_PAGE_STATE_COUNT])
{
    for (guint i = 0; i < line->attempts->len; i++) {
        const ces_attempt *attempt = attempt_at(line, i);
        if (attempt->start == CES_TIME_UNKNOWN)
            continue;
        guint place = (guint)(ces_scale_place(scale, attempt->start) / 100 * (SLOTS - 1));
        slot *s = &slots[place][ces_page_line_state(line, attempt)];
        s->first = s->connections++ ? s->first : attempt;
        s->latest = attempt->start;
    }
}

static void
draw_slot(const slot *s, ces_page_state state, const ces_scale *scale, GString *svg)
{
    GString *title = g_string_new(NULL);

    ces_page_say_span(s->first->start, s->latest, !ces_scale_in_one_day(scale), title);
    g_string_append_printf(title, " %s, ", ces_page_state_word(state));
    if (s->connections > 1) {
        ces_page_say_count(s->connections, "connection", title);
        g_string_append(title, " from ");
    }
    ces_page_say_place(s->first->capture, s->first->frame, title);
    ces_svg_mark(svg, ces_page_state_token(state), ces_scale_place(scale, s->first->start), MIDDLE, title->str);
    g_string_free(title, TRUE);
}

static void
draw_marks(const ces_page_line *line, const ces_scale *scale, GString *svg)
{
    slot(*slots)[CES_PAGE_STATE_COUNT] = g_malloc0(SLOTS * sizeof *slots);

    fill_slots(line, scale, slots);
    for (guint place = 0; place < SLOTS; place++)
        for (guint state = CES_PAGE_STATE_COUNT; state-- > 0;) /* the worst above */
            if (slots[place][state].connections)
                draw_slot(&slots[place][state], (ces_page_state)state, scale, svg);
    g_free(slots);
}

/* --- scales ------------------------------------------------------------------------ */

static void
draw_breaks(const ces_scale *scale, guint height, GString *svg)
{
    for (guint i = 0; i + 1 < scale->count; i++) {
        GString *title = g_string_new(NULL);
        ces_page_say_length(scale->pieces[i].span.to, scale->pieces[i + 1].span.from, title);
        g_string_append(title, " without a connection, not to scale");
        ces_svg_bar(svg, "break", NULL, scale->pieces[i].right, scale->pieces[i + 1].left, 0, height, title->str);
        g_string_free(title, TRUE);
    }
}

static void
draw_tick(const ces_scale *scale, ces_time at, const char *look, gboolean is_labelled, GString *svg)
{
    enum { TICK = 5, BASELINE = 18, FIRST = 4, LAST = 96 };
    double place = ces_scale_place(scale, at);
    GString *label = g_string_new(NULL);

    ces_svg_line(svg, "tick", NULL, place, 0, place, TICK);
    if (ces_scale_in_one_day(scale))
        ces_page_say_clock(at, label);
    else
        ces_page_say_day_and_clock(at, label);
    if (is_labelled)
        ces_svg_label(svg, look,
                      place < FIRST  ? CES_SVG_START
                      : place > LAST ? CES_SVG_END
                                     : CES_SVG_MIDDLE,
                      place, BASELINE, label->str);
    g_string_free(label, TRUE);
}

void
ces_page_scale_draw(const ces_scale *scale, GString *svg)
{
    const double room = 9; /* that a label takes */
    ces_time ticks[CES_SCALE_TICKS];
    guint count = ces_scale_ticks(scale, ticks), labels = 0;
    double free_from = 0;

    for (guint i = 0; i < count; i++) {
        double place = ces_scale_place(scale, ticks[i]);
        gboolean is_labelled = place >= free_from;
        draw_tick(scale, ticks[i], labels % 2 ? "tick odd" : "tick", is_labelled, svg);
        if (!is_labelled)
            continue;
        labels++;
        free_from = place + room;
    }
}

/* --- all of it ----------------------------------------------------------------------- */

static void
put_run(const ces_page_run *run, gboolean with_day, ces_values *values)
{
    ces_values *item = ces_values_add(values, "runs");

    ces_values_put(item, "state", ces_page_state_token(run->state));
    ces_values_put(item, "word", ces_page_state_word(run->state));
    ces_values_put(item, "seen", ces_page_seen(run->outcome, run->result));
    ces_page_say_span(run->from, run->to, with_day, ces_values_text(item, "when"));
    ces_page_say_count(run->connections, "connection", ces_values_text(item, "count"));
    ces_page_say_place(run->capture, run->frame, ces_values_text(item, "place"));
}

static void
put_runs(const ces_page_line *line, gboolean with_day, ces_values *values)
{
    guint left_out = line->runs->len > CES_PAGE_RUNS ? line->runs->len - CES_PAGE_RUNS : 0;

    for (guint i = left_out; i < line->runs->len; i++)
        put_run(&g_array_index(line->runs, ces_page_run, i), with_day, values);
    if (left_out)
        ces_page_say_count(left_out, "earlier state", ces_values_text(values, "runs_left_out"));
}

static void
say_name(const ces_page_line *line, GString *text)
{
    char from[CES_ADDRESS_TEXT], to[CES_ADDRESS_TEXT];
    const ces_pair *pair = line->pair;

    g_string_append_printf(text, "%s over time, from %s to %s", ces_page_line_title(line),
                           ces_address_text(line->from_sma ? &pair->sma.address : &pair->esa.address, from),
                           ces_address_text(line->from_sma ? &pair->esa.address : &pair->sma.address, to));
}

/* For those who do not see the drawing; the list has more. */
static void
say_description(const ces_page_line *line, GString *text)
{
    g_string_append_printf(text, "Latest: %s; ", ces_page_state_word(line->now.state));
    ces_page_say_count(line->attempts->len, "connection", text);
    g_string_append(text, " in ");
    ces_page_say_count(line->runs->len, "state", text);
    g_string_append(text, ", listed below.");
}

static void
draw_line(const ces_page_line *line, const ces_scale *scale, GString *svg)
{
    GString *name = g_string_new(NULL), *description = g_string_new(NULL);

    say_name(line, name);
    say_description(line, description);
    ces_svg_begin(svg, "line", HEIGHT, name->str, description->str);
    ces_svg_line(svg, "rest", NULL, 0, MIDDLE, 100, MIDDLE);
    draw_runs(line, scale, svg);
    draw_breaks(scale, HEIGHT, svg);
    draw_marks(line, scale, svg);
    ces_svg_end(svg);
    g_string_free(name, TRUE);
    g_string_free(description, TRUE);
}

void
ces_page_line_put(const ces_page_line *line, const ces_scale *scale, ces_values *values)
{
    ces_values_put(values, "title", ces_page_line_title(line));
    ces_values_put(values, "opener", line->from_sma ? "opened by the SMA" : "opened by the ESA");
    ces_values_put(values, "state", ces_page_state_token(line->now.state));
    ces_values_put(values, "word", ces_page_state_word(line->now.state));
    ces_page_say_count(line->attempts->len, "connection", ces_values_text(values, "count"));
    if (scale->count)
        draw_line(line, scale, ces_values_drawing(values, "drawing"));
    put_runs(line, !ces_scale_in_one_day(scale), values);
}
