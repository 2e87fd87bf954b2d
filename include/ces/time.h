/* time.h
 * Points in time as a capture tells them, and how much of it has gone by.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TIME_H
#define CES_TIME_H

#include <glib.h>

/* A point in time: nanoseconds since 1970-01-01 UTC. Captures can hold times
 * that do not fit (beyond the year 2262, or before 1970): those are unknown. */
typedef gint64 ces_time;
#define CES_TIME_UNKNOWN G_MININT64

#define CES_SECOND G_GINT64_CONSTANT(1000000000)

/* From seconds and nanoseconds as a capture file gives them; any values. */
static inline ces_time
ces_time_from(gint64 seconds, gint64 nanoseconds)
{
    if (seconds < 0 || seconds >= G_MAXINT64 / CES_SECOND || nanoseconds < 0 || nanoseconds >= CES_SECOND)
        return CES_TIME_UNKNOWN;
    return seconds * CES_SECOND + nanoseconds;
}

/* Capture time that has gone by. It never runs backwards: when a recorder's
 * clock is set back, it stands still for a moment and goes on from there.
 * Starts as {0, CES_TIME_UNKNOWN}. */
typedef struct {
    gint64 elapsed; /* nanoseconds since the first packet */
    ces_time latest;
} ces_clock;

/* Steps back by less are packets out of order, not a clock set back. */
#define CES_CLOCK_JITTER CES_SECOND

/* Whether `time`, noted when `elapsed` had gone by, shows that the clock was
 * set back since `earlier` was noted at `earlier_elapsed`: as much more has
 * gone by than the two times tell. FALSE if one of them is unknown. */
static inline gboolean
ces_clock_set_back(ces_time earlier, gint64 earlier_elapsed, ces_time timestamp, gint64 elapsed)
{
    /* Unsigned: numbers from a capture may be at either end of what fits. */
    gint64 drift = (gint64)((guint64)timestamp - (guint64)earlier - ((guint64)elapsed - (guint64)earlier_elapsed));

    return earlier != CES_TIME_UNKNOWN && timestamp != CES_TIME_UNKNOWN && drift < -CES_CLOCK_JITTER;
}

/* Notes the time of the next packet; returns what has gone by, in nanoseconds.
 * More than can be counted stays the largest number: a forged capture may run
 * through the centuries again and again. */
static inline gint64
ces_clock_note(ces_clock *clock, ces_time timestamp)
{
    if (timestamp == CES_TIME_UNKNOWN)
        return clock->elapsed;
    if (clock->latest == CES_TIME_UNKNOWN || timestamp < clock->latest - CES_CLOCK_JITTER)
        clock->latest = timestamp;
    if (timestamp > clock->latest) {
        clock->elapsed += MIN(timestamp - clock->latest, G_MAXINT64 - clock->elapsed);
        clock->latest = timestamp;
    }
    return clock->elapsed;
}

#endif
