/* change.c
 * When a service between two appliances changed last, and how.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/change.h"

#include <string.h>

#include <ces/rfc3339.h>
#include <ces/text.h>

/* --- states --------------------------------------------------------------------------- */

/* What an episode was like: "it ...". NULL for stray packets, which say nothing
 * of the service. */
static const char *
state_of(const ces_episode *episode)
{
    static const char *const results[CES_RESULT_COUNT] = {
        [CES_RESULT_WORKING] = "worked",       [CES_RESULT_ENCRYPTED] = "ran inside TLS",
        [CES_RESULT_REFUSED] = "refused mail", [CES_RESULT_BROKEN] = "was broken",
        [CES_RESULT_SILENT] = "was silent",    [CES_RESULT_OTHER_USE] = "was put to another use",
    };
    static const char *const outcomes[CES_OUTCOME_COUNT] = {
        [CES_OUTCOME_MIDSTREAM] = "was running",
        [CES_OUTCOME_UNANSWERED] = "was unanswered",
        [CES_OUTCOME_REJECTED] = "was rejected by an ICMP error",
        [CES_OUTCOME_REFUSED] = "was refused by a RST",
        [CES_OUTCOME_HALF_OPEN] = "was answered and not taken up",
        [CES_OUTCOME_ESTABLISHED] = "was established",
    };

    if (results[episode->result])
        return results[episode->result];
    return episode->outcome == CES_OUTCOME_MIDSTREAM && !episode->proven ? NULL : outcomes[episode->outcome];
}

/* The episodes, and what they are read as. */
typedef struct {
    const ces_episode *episodes;
    guint count;
    gboolean several; /* captures: each begins in the middle of connections that run on */
} course;

static course
course_of(const ces_pair *pair, ces_function function, guint *dropped)
{
    course c = {.several = FALSE};

    c.episodes = ces_pair_history(pair, function, &c.count, dropped);
    for (guint i = 1; i < c.count && !c.several; i++)
        c.several = strcmp(c.episodes[i].capture, c.episodes[0].capture) != 0;
    return c;
}

/* Whether a connection that came up in this way came up in that way, too. */
static gboolean
came_up_alike(const course *c, ces_outcome a, ces_outcome b)
{
    gboolean up = (a == CES_OUTCOME_ESTABLISHED || a == CES_OUTCOME_MIDSTREAM) &&
                  (b == CES_OUTCOME_ESTABLISHED || b == CES_OUTCOME_MIDSTREAM);

    return a == b || (c->several && up);
}

/* Up, and no more is known of it: as good as any other connection that was, and
 * no change. The end of a capture cuts one short like that, and the beginning. */
static gboolean
is_vague(const course *c, const ces_episode *episode)
{
    return episode->result == CES_RESULT_UNKNOWN && came_up_alike(c, episode->outcome, CES_OUTCOME_ESTABLISHED);
}

static gboolean
is_change(const course *c, const ces_episode *before, const ces_episode *now)
{
    if ((is_vague(c, before) || is_vague(c, now)) && came_up_alike(c, before->outcome, now->outcome))
        return FALSE;
    return g_strcmp0(state_of(before), state_of(now)) != 0;
}

/* The state of an episode; of a vague one that of the one before, if it tells more. */
static const char *
state_told(const course *c, guint i)
{
    const ces_episode *episodes = c->episodes;

    while (i > 0 && is_vague(c, &episodes[i]) && came_up_alike(c, episodes[i - 1].outcome, episodes[i].outcome) &&
           state_of(&episodes[i - 1]))
        i--;
    return state_of(&episodes[i]);
}

static gboolean
is_working(const ces_episode *episode)
{
    return episode->result == CES_RESULT_WORKING || episode->result == CES_RESULT_ENCRYPTED;
}

/* Takes the episode, older than all before it, into the latest state. */
static void
extend_back(ces_change *change, const ces_episode *episode)
{
    change->since = episode->from;
    change->latest = MAX(change->latest, episode->to); /* CES_TIME_UNKNOWN is less than any time */
    change->capture = episode->capture;
    change->frame = episode->frame;
    change->connections += episode->connections;
}

ces_change
ces_change_of(const ces_pair *pair, ces_function function)
{
    ces_change change = {
        .until = CES_TIME_UNKNOWN, .since = CES_TIME_UNKNOWN, .latest = CES_TIME_UNKNOWN, .capture = ""};
    const ces_episode *now = NULL;
    const course c = course_of(pair, function, &change.dropped);

    for (guint i = c.count; i-- > 0;) {
        const ces_episode *episode = &c.episodes[i];
        change.mixed = change.mixed || episode->releases;
        if (!state_of(episode))
            continue;
        if (now && is_change(&c, episode, now)) {
            change.before = state_told(&c, i);
            change.until = episode->to;
            break;
        }
        if (!now || is_vague(&c, now))
            now = episode;
        extend_back(&change, episode);
    }
    change.now = now ? state_of(now) : NULL;
    change.works = now && is_working(now);
    return change;
}

/* --- in words ----------------------------------------------------------------------- */

/* "02:13:07", or with the day before it. */
static void
append_time(ces_time timestamp, gboolean with_day, GString *text)
{
    enum { DAY = 10, TIME_OF_DAY = 8 };
    char told[CES_RFC3339_TEXT];

    ces_rfc3339(timestamp, told);
    if (with_day) {
        g_string_append_len(text, told, DAY);
        g_string_append_c(text, ' ');
    }
    g_string_append_len(text, told + DAY + 1, TIME_OF_DAY);
}

static gboolean
on_one_day(ces_time a, ces_time b)
{
    const ces_time day = CES_SECOND * 24 * 3600;

    return a / day == b / day;
}

static void
append_count(const ces_change *change, GString *text)
{
    g_string_append_printf(text, " (%u connection%s", change->connections, change->connections == 1 ? "" : "s");
    if (*change->capture) {
        g_string_append_printf(text, ", from packet %u of ", change->frame);
        ces_text_append_clean(text, change->capture, strlen(change->capture));
        g_string_append(text, " on");
    }
    g_string_append(text, ").");
}

/* As the subject of a sentence. */
static const char *
subject(ces_function function)
{
    return ces_function_carrier(function) == CES_SERVICE_SYNC ? "The sync" : ces_function_title(function);
}

void
ces_say_change(const ces_change *change, ces_function function, GString *text)
{
    gboolean known =
        change->since != CES_TIME_UNKNOWN && change->until != CES_TIME_UNKNOWN && change->until <= change->since;

    g_string_append_printf(text, "%s %s", subject(function), change->before);
    if (known) {
        gboolean with_day = !on_one_day(change->until, change->since);
        g_string_append(text, " until ");
        append_time(change->until, with_day, text);
        g_string_append(text, "; since ");
        append_time(change->since, with_day, text);
    } else {
        g_string_append(text, "; later");
    }
    g_string_append_printf(text, " it %s", change->now);
    append_count(change, text);
}

void
ces_say_state(const ces_change *change, ces_function function, GString *text)
{
    g_string_append_printf(text, "%s %s", subject(function), change->now);
    if (change->since != CES_TIME_UNKNOWN && change->latest >= change->since) {
        g_string_append(text, " from ");
        append_time(change->since, TRUE, text);
        g_string_append(text, " to ");
        append_time(change->latest, !on_one_day(change->since, change->latest), text);
    }
    append_count(change, text);
}
