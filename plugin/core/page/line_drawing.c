/* line_drawing.c
 * A line of time as a drawing, and its runs as a list.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/line.h"

#include "page/svg.h"
#include "page/words.h"

enum { HEIGHT = 36, MIDDLE = HEIGHT / 2, BAR_TOP = 6, BAR_HEIGHT = HEIGHT - 2 * BAR_TOP };

/* --- runs ------------------------------------------------------------------------ */

/* "16:31:30 to 16:31:48 works, working, 8 connections" */
static void
say_run(const ces_page_run *run, GString *text)
{
    ces_page_say_span(run->from, run->to, text);
    g_string_append_printf(text, " %s (%s), ", ces_page_state_word(run->state),
                           ces_page_seen(run->outcome, run->result));
    ces_page_say_count(run->connections, "connection", text);
}

/* So narrow that its marks alone are shown where there are many. */
static gboolean
is_narrow(double left, double right)
{
    return right - left < 0.3;
}

static void
draw_runs(const ces_page_line *line, const ces_scale *scale, GString *svg)
{
    const guint many = 100;
    GString *title = g_string_new(NULL);

    for (guint i = 0; i < line->runs->len; i++) {
        const ces_page_run *run = &g_array_index(line->runs, ces_page_run, i);
        double left = ces_scale_place(scale, run->from), right = ces_scale_place(scale, run->to);
        if (run->from == CES_TIME_UNKNOWN || (line->runs->len > many && is_narrow(left, right)))
            continue;
        g_string_truncate(title, 0);
        say_run(run, title);
        ces_svg_bar(svg, "bar", ces_page_state_token(run->state), left, right, BAR_TOP, BAR_HEIGHT, title->str);
    }
    g_string_free(title, TRUE);
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
    guint at = 0;

    for (guint r = 0; r < line->runs->len; r++) {
        const ces_page_run *run = &g_array_index(line->runs, ces_page_run, r);
        for (guint i = 0; i < run->connections; i++, at++) {
            const ces_attempt *attempt = &g_array_index(line->attempts, ces_attempt, at);
            if (attempt->start == CES_TIME_UNKNOWN)
                continue;
            guint place = (guint)(ces_scale_place(scale, attempt->start) / 100 * (SLOTS - 1));
            slot *s = &slots[place][run->state];
            s->first = s->connections++ ? s->first : attempt;
            s->latest = attempt->start;
        }
    }
}

static void
draw_slot(const slot *s, ces_page_state state, const ces_scale *scale, GString *svg)
{
    GString *title = g_string_new(NULL);

    ces_page_say_span(s->first->start, s->latest, title);
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
        ces_page_say_length(scale->pieces[i].time.to, scale->pieces[i + 1].time.from, title);
        g_string_append(title, " without a connection, not to scale");
        ces_svg_bar(svg, "break", NULL, scale->pieces[i].right, scale->pieces[i + 1].left, 0, height, title->str);
        g_string_free(title, TRUE);
    }
}

void
ces_page_scale_draw(const ces_scale *scale, GString *svg)
{
    enum { TICK = 5, BASELINE = 18, FIRST = 3, LAST = 97 };
    ces_time ticks[CES_SCALE_TICKS];
    guint count = ces_scale_ticks(scale, ticks);
    double occupied = -100;
    const double room = 9;

    for (guint i = 0; i < count; i++) {
        double place = ces_scale_place(scale, ticks[i]);
        GString *label = g_string_new(NULL);
        ces_svg_line(svg, "tick", NULL, place, 0, place, TICK);
        ces_page_say_clock(ticks[i], label);
        if (place - occupied >= room) {
            ces_svg_label(svg, i % 2 ? "tick odd" : "tick",
                          place < FIRST  ? CES_SVG_START
                          : place > LAST ? CES_SVG_END
                                         : CES_SVG_MIDDLE,
                          place, BASELINE, label->str);
            occupied = place;
        }
        g_string_free(label, TRUE);
    }
}

/* --- all of it ----------------------------------------------------------------------- */

static void
put_run(const ces_page_run *run, ces_values *values)
{
    ces_values *item = ces_values_add(values, "runs");

    ces_values_put(item, "state", ces_page_state_token(run->state));
    ces_values_put(item, "word", ces_page_state_word(run->state));
    ces_values_put(item, "seen", ces_page_seen(run->outcome, run->result));
    ces_page_say_span(run->from, run->to, ces_values_text(item, "when"));
    ces_page_say_count(run->connections, "connection", ces_values_text(item, "count"));
    ces_page_say_place(run->capture, run->frame, ces_values_text(item, "place"));
}

static void
put_runs(const ces_page_line *line, ces_values *values)
{
    guint left_out = line->runs->len > CES_PAGE_RUNS ? line->runs->len - CES_PAGE_RUNS : 0;

    for (guint i = left_out; i < line->runs->len; i++)
        put_run(&g_array_index(line->runs, ces_page_run, i), values);
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
    g_string_append_printf(text, "Latest: %s, %s; ", ces_page_state_word(line->now.state),
                           ces_page_seen(line->now.outcome, line->now.result));
    ces_page_say_count(line->attempts->len, "connection", text);
    g_string_append(text, " in ");
    ces_page_say_count(line->runs->len, "state", text);
    g_string_append(text, ", listed below.");
}

static void
draw_line(const ces_page_line *line, const ces_scale *scale, guint id, GString *svg)
{
    GString *name = g_string_new(NULL), *description = g_string_new(NULL);

    say_name(line, name);
    say_description(line, description);
    ces_svg_begin(svg, "line", id, HEIGHT, name->str, description->str);
    ces_svg_line(svg, "rest", NULL, 0, MIDDLE, 100, MIDDLE);
    draw_breaks(scale, HEIGHT, svg);
    draw_runs(line, scale, svg);
    draw_marks(line, scale, svg);
    ces_svg_end(svg);
    g_string_free(name, TRUE);
    g_string_free(description, TRUE);
}

void
ces_page_line_put(const ces_page_line *line, const ces_scale *scale, guint *ids, ces_values *values)
{
    ces_values_put(values, "title", ces_page_line_title(line));
    ces_values_put(values, "opener", line->from_sma ? "opened by the SMA" : "opened by the ESA");
    ces_values_put(values, "state", ces_page_state_token(line->now.state));
    ces_values_put(values, "word", ces_page_state_word(line->now.state));
    ces_page_say_count(line->attempts->len, "connection", ces_values_text(values, "count"));
    if (scale->count)
        draw_line(line, scale, (*ids)++, ces_values_drawing(values, "drawing"));
    put_runs(line, values);
}
