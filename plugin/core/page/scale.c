/* scale.c
 * Scales of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/scale.h"

/* --- pauses --------------------------------------------------------------------- */

static int
compare_spans(gconstpointer left, gconstpointer right)
{
    const ces_span *a = (const ces_span *)left, *b = (const ces_span *)right;

    return a->from < b->from ? -1 : a->from > b->from;
}

/* Times may be at both ends of what fits. */
static double
length_of(ces_span span)
{
    return (double)((guint64)span.to - (guint64)span.from);
}

/* The longest ones, the longest first; one more than can become breaks. */
typedef struct {
    ces_span longest[CES_SCALE_BREAKS + 1];
    guint count;
} pauses;

static void
note_pause(pauses *p, ces_span pause)
{
    guint at = p->count;

    while (at > 0 && length_of(p->longest[at - 1]) < length_of(pause))
        at--;
    if (at == G_N_ELEMENTS(p->longest))
        return;
    p->count = MIN(p->count + 1, (guint)G_N_ELEMENTS(p->longest));
    for (guint i = p->count - 1; i > at; i--)
        p->longest[i] = p->longest[i - 1];
    p->longest[at] = pause;
}

/* Between the spans, which stand in order; `all` becomes the time of them all. */
static pauses
find_pauses(const GArray *spans, ces_span *all)
{
    pauses p = {.count = 0};

    *all = g_array_index(spans, ces_span, 0);
    for (guint i = 1; i < spans->len; i++) {
        ces_span next = g_array_index(spans, ces_span, i);
        if (next.from > all->to)
            note_pause(&p, (ces_span){all->to, next.from});
        all->to = MAX(all->to, next.to);
    }
    return p;
}

/* How many pauses are breaks: they are much longer than the next one, and most of
 * the time is theirs. */
static guint
count_breaks(const pauses *p, ces_span all)
{
    const double much = 10, most = 0.6;
    double sum = 0;
    guint breaks = 0;

    for (guint i = 0; i < MIN(p->count, (guint)CES_SCALE_BREAKS); i++) {
        double next = i + 1 < p->count ? length_of(p->longest[i + 1]) : 0;
        sum += length_of(p->longest[i]);
        if (sum > most * length_of(all) && length_of(p->longest[i]) > much * MAX(next, CES_SECOND))
            breaks = i + 1;
    }
    return breaks;
}

/* --- pieces ---------------------------------------------------------------------- */

static int
compare_pauses(gconstpointer left, gconstpointer right)
{
    return compare_spans(left, right);
}

/* What is left between the breaks, which are put in order for it. */
static void
cut(ces_scale *scale, ces_span all, pauses *p, guint breaks)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(ces_span));

    g_array_append_vals(order, p->longest, breaks);
    g_array_sort(order, compare_pauses);
    scale->count = breaks + 1;
    for (guint i = 0; i <= breaks; i++) {
        scale->pieces[i].span.from = i == 0 ? all.from : g_array_index(order, ces_span, i - 1).to;
        scale->pieces[i].span.to = i == breaks ? all.to : g_array_index(order, ces_span, i).from;
    }
    g_array_free(order, TRUE);
}

/* Each piece has a share of its own, so that the shortest can be seen, and one by
 * its length. */
static void
place_pieces(ces_scale *scale)
{
    const double gap = 2, own = 0.4;
    double room = 100 - gap * (scale->count - 1), sum = 0, left = 0;

    for (guint i = 0; i < scale->count; i++)
        sum += length_of(scale->pieces[i].span);
    for (guint i = 0; i < scale->count; i++) {
        double share = sum > 0 ? length_of(scale->pieces[i].span) / sum : 1.0 / scale->count;
        double width = room * (own / scale->count + (1 - own) * share);
        scale->pieces[i].left = left;
        scale->pieces[i].right = left + width;
        left += width + gap;
    }
}

ces_scale
ces_scale_of(GArray *spans)
{
    ces_scale scale = {.count = 0};
    ces_span all;

    if (spans->len == 0)
        return scale;
    g_array_sort(spans, compare_spans);
    pauses p = find_pauses(spans, &all);
    cut(&scale, all, &p, count_breaks(&p, all));
    place_pieces(&scale);
    return scale;
}

gboolean
ces_scale_in_one_day(const ces_scale *scale)
{
    const ces_time day = 86400 * CES_SECOND;

    return scale->count == 0 || scale->pieces[0].span.from / day == scale->pieces[scale->count - 1].span.to / day;
}

/* --- places ------------------------------------------------------------------------ */

double
ces_scale_place(const ces_scale *scale, ces_time at)
{
    for (guint i = 0; i < scale->count; i++) {
        const ces_scale_piece *piece = &scale->pieces[i];
        if (at <= piece->span.from)
            return piece->left;
        if (at > piece->span.to)
            continue;
        double share = length_of((ces_span){piece->span.from, at}) / length_of(piece->span);
        return piece->left + share * (piece->right - piece->left);
    }
    return scale->count ? 100 : 0;
}

/* Round parts of a time, in seconds. */
static guint64
step_for(double seconds)
{
    static const guint steps[] = {1,   2,    5,    10,   15,    30,    60,    120,   300,    600,
                                  900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800};
    const double parts = 6;

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        if (seconds / steps[i] <= parts)
            return steps[i];
    return (guint64)(seconds / parts);
}

/* Appends round times within the piece. */
static guint
add_round_ticks(ces_span span, ces_time ticks[CES_SCALE_TICKS], guint count)
{
    gint64 step = (gint64)step_for(length_of(span) / CES_SECOND);
    gint64 at = span.from / CES_SECOND / step * step + step;

    for (; count < CES_SCALE_TICKS && at <= span.to / CES_SECOND; at += step)
        ticks[count++] = at * CES_SECOND;
    return count;
}

guint
ces_scale_ticks(const ces_scale *scale, ces_time ticks[CES_SCALE_TICKS])
{
    const double wide = 25;
    guint count = 0;

    for (guint i = 0; i < scale->count && count < CES_SCALE_TICKS; i++) {
        const ces_scale_piece *piece = &scale->pieces[i];
        if (scale->count > 1)
            ticks[count++] = piece->span.from;
        if (piece->right - piece->left > wide)
            count = add_round_ticks(piece->span, ticks, count);
    }
    return count;
}
