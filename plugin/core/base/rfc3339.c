/* rfc3339.c
 * Times and durations as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/rfc3339.h>

#include "base/digits.h"

/* --- the calendar ------------------------------------------------------------ */

typedef struct {
    guint year, month, day;
} date;

/* The Gregorian calendar repeats after 400 years; March first puts the leap day
 * last. Counted from 1600-03-01, before every ces_time. */
enum { DAYS_IN_400_YEARS = 146097, DAYS_FROM_1600_03_01 = 135080 };

static date
date_of(gint64 days_since_1970)
{
    guint days = (guint)(days_since_1970 + DAYS_FROM_1600_03_01);
    guint period = days / DAYS_IN_400_YEARS, of_period = days % DAYS_IN_400_YEARS;
    /* Leap days: every 4 years (1461 days) but every 100 (36524), yet every 400. */
    guint year = (of_period - of_period / 1460 + of_period / 36524 - of_period / 146096) / 365;
    guint of_year = of_period - (365 * year + year / 4 - year / 100);
    guint month = (5 * of_year + 2) / 153; /* from March: 153 days in each five months */

    return (date){1600 + 400 * period + year + (month >= 10), month < 10 ? month + 3 : month - 9,
                  of_year - (153 * month + 2) / 5 + 1};
}

/* --- text ----------------------------------------------------------------------- */

enum { SECONDS_A_DAY = 86400, NANOSECONDS_A_MICROSECOND = 1000 };

static char *
put_date(char *at, date d)
{
    at = ces_put_two(at, d.year / 100);
    at = ces_put_two(at, d.year % 100), *at++ = '-';
    at = ces_put_two(at, d.month), *at++ = '-';
    return ces_put_two(at, d.day);
}

static char *
put_time_of_day(char *at, guint seconds)
{
    at = ces_put_two(at, seconds / 3600), *at++ = ':';
    at = ces_put_two(at, seconds / 60 % 60), *at++ = ':';
    return ces_put_two(at, seconds % 60);
}

/* Six digits, or nine. */
static char *
put_fraction(char *at, guint nanoseconds, gboolean all)
{
    guint microseconds = nanoseconds / NANOSECONDS_A_MICROSECOND, rest = nanoseconds % NANOSECONDS_A_MICROSECOND;

    at = ces_put_two(at, microseconds / 10000);
    at = ces_put_two(at, microseconds / 100 % 100);
    at = ces_put_two(at, microseconds % 100);
    if (!all && rest == 0)
        return at;
    *at++ = (char)('0' + rest / 100);
    return ces_put_two(at, rest % 100);
}

gsize
ces_rfc3339(ces_time timestamp, char text[CES_RFC3339_TEXT])
{
    char *at = text;

    *at = '\0';
    if (timestamp == CES_TIME_UNKNOWN)
        return 0;
    gint64 seconds = timestamp / CES_SECOND - (timestamp % CES_SECOND < 0);
    gint64 days = seconds / SECONDS_A_DAY - (seconds % SECONDS_A_DAY < 0);

    at = put_date(at, date_of(days)), *at++ = 'T';
    at = put_time_of_day(at, (guint)(seconds - days * SECONDS_A_DAY)), *at++ = '.';
    at = put_fraction(at, (guint)(timestamp % CES_SECOND + (timestamp % CES_SECOND < 0 ? CES_SECOND : 0)), FALSE),
    *at++ = 'Z';
    *at = '\0';
    return (gsize)(at - text);
}

gsize
ces_seconds(guint64 nanoseconds, char text[CES_SECONDS_TEXT])
{
    guint fraction = (guint)(nanoseconds % CES_SECOND);
    char *at = ces_put_number(text, nanoseconds / CES_SECOND);

    if (fraction) {
        *at++ = '.';
        at = put_fraction(at, fraction, TRUE);
        while (at[-1] == '0')
            at--;
    }
    *at = '\0';
    return (gsize)(at - text);
}
