/* history.c
 * Connections in order of time, joined to episodes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/history.h"

/* One connection. 32 bytes, a tenth of what its flow takes. */
typedef struct {
    ces_time start;
    ces_time end;
    const char *capture;
    guint32 frame;
    guint8 outcome, result;
    guint8 proven;
    guint8 kind; /* KIND_* */
} attempt;

enum { KIND_RELEASE = 1, KIND_TIMELESS = 2 };

struct ces_history {
    GArray *attempts;
    GArray *episodes; /* of the attempts, while those stand in order; the latest, somewhat more than are kept */
    guint dropped;    /* older ones */
    gboolean sorted;  /* the attempts stand in order */
};

ces_history *
ces_history_new(void)
{
    ces_history *history = g_new0(ces_history, 1);

    history->attempts = g_array_new(FALSE, FALSE, sizeof(attempt));
    history->episodes = g_array_new(FALSE, FALSE, sizeof(ces_episode));
    history->sorted = TRUE;
    return history;
}

void
ces_history_free(ces_history *history)
{
    if (!history)
        return;
    g_array_free(history->attempts, TRUE);
    g_array_free(history->episodes, TRUE);
    g_free(history);
}

/* --- order ------------------------------------------------------------------------ */

static int
compare_attempts(gconstpointer left, gconstpointer right)
{
    const attempt *a = (const attempt *)left, *b = (const attempt *)right;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->frame < b->frame ? -1 : a->frame > b->frame;
}

/* --- episodes ----------------------------------------------------------------------- */

static gboolean
continues(const ces_episode *episode, const attempt *next)
{
    return episode->outcome == (ces_outcome)next->outcome && episode->result == (ces_result)next->result;
}

static void
extend(ces_episode *episode, const attempt *next)
{
    episode->connections++;
    episode->releases += (next->kind & KIND_RELEASE) != 0;
    episode->proven = episode->proven || next->proven;
    if (next->end > episode->to) /* CES_TIME_UNKNOWN is less than any time */
        episode->to = next->end;
}

static void
begin_episode(ces_history *history, const attempt *first)
{
    ces_episode episode = {
        .from = first->kind & KIND_TIMELESS ? CES_TIME_UNKNOWN : first->start,
        .to = CES_TIME_UNKNOWN,
        .outcome = (ces_outcome)first->outcome,
        .result = (ces_result)first->result,
        .capture = first->capture,
        .frame = first->frame,
    };

    extend(&episode, first);
    g_array_append_val(history->episodes, episode);
}

/* Takes the next attempt in order. */
static void
join_attempt(ces_history *history, const attempt *next)
{
    GArray *episodes = history->episodes;
    ces_episode *latest = episodes->len ? &g_array_index(episodes, ces_episode, episodes->len - 1) : NULL;

    if (latest && continues(latest, next)) {
        extend(latest, next);
        return;
    }
    begin_episode(history, next);
    if (episodes->len < 2 * CES_EPISODES_KEPT)
        return;
    g_array_remove_range(episodes, 0, CES_EPISODES_KEPT);
    history->dropped += CES_EPISODES_KEPT;
}

static void
sort_attempts(ces_history *history)
{
    g_array_sort(history->attempts, compare_attempts);
    history->sorted = TRUE;
    history->dropped = 0;
    g_array_set_size(history->episodes, 0);
    for (guint i = 0; i < history->attempts->len; i++)
        join_attempt(history, &g_array_index(history->attempts, attempt, i));
}

void
ces_history_add(ces_history *history, const ces_contact *contact, gboolean release, const char *capture)
{
    guint count = history->attempts->len;
    const attempt *latest = count ? &g_array_index(history->attempts, attempt, count - 1) : NULL;
    gboolean timeless = contact->start == CES_TIME_UNKNOWN;
    attempt added = {
        /* Without a time it stays beside its neighbour in the capture. */
        .start = timeless && latest ? latest->start : contact->start,
        .end = contact->end,
        .capture = capture,
        .frame = contact->frame,
        .outcome = (guint8)contact->outcome,
        .result = (guint8)contact->result,
        .proven = contact->finding != CES_FINDING_OPEN,
        .kind = (guint8)((release ? KIND_RELEASE : 0) | (timeless ? KIND_TIMELESS : 0)),
    };

    if (latest && compare_attempts(latest, &added) > 0)
        history->sorted = FALSE;
    g_array_append_val(history->attempts, added);
    if (history->sorted)
        join_attempt(history, &added);
}

const ces_episode *
ces_history_episodes(ces_history *history, guint *count, guint *dropped)
{
    if (!history->sorted)
        sort_attempts(history);
    guint held = history->episodes->len;
    guint skipped = held > CES_EPISODES_KEPT ? held - CES_EPISODES_KEPT : 0;

    *count = held - skipped;
    *dropped = history->dropped + skipped;
    return (const ces_episode *)(const void *)history->episodes->data + skipped;
}

static ces_attempt
tell(const attempt *a)
{
    return (ces_attempt){
        .start = a->kind & KIND_TIMELESS ? CES_TIME_UNKNOWN : a->start,
        .end = a->end,
        .outcome = (ces_outcome)a->outcome,
        .result = (ces_result)a->result,
        .proven = a->proven,
        .release = (a->kind & KIND_RELEASE) != 0,
        .capture = a->capture,
        .frame = a->frame,
    };
}

void
ces_history_visit(ces_history *history, ces_attempt_visitor visitor, gpointer data)
{
    if (!history->sorted)
        sort_attempts(history);
    for (guint i = 0; i < history->attempts->len; i++) {
        ces_attempt told = tell(&g_array_index(history->attempts, attempt, i));
        visitor(&told, data);
    }
}
