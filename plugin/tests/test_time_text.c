/* test_time_text.c
 * Times and durations as text, the extremes among them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/rfc3339.h>

#include <string.h>

#include "rows.h"

#define AT(seconds, nanoseconds) (G_GINT64_CONSTANT(seconds) * CES_SECOND + (nanoseconds))

static const struct timing {
    const char *name;
    ces_time time;
    const char *text;
} timings[] = {
    {"unknown", CES_TIME_UNKNOWN, ""},
    {"the first", 0, "1970-01-01T00:00:00.000000Z"},
    {"one nanosecond", 1, "1970-01-01T00:00:00.000000001Z"},
    {"one microsecond", 1000, "1970-01-01T00:00:00.000001Z"},
    {"microseconds", AT(1795572787, 123456000), "2026-11-25T02:13:07.123456Z"},
    {"nanoseconds", AT(1795572787, 123456789), "2026-11-25T02:13:07.123456789Z"},
    {"the end of a second", AT(1795572787, 999999999), "2026-11-25T02:13:07.999999999Z"},
    {"leap day", AT(1709164800, 0), "2024-02-29T00:00:00.000000Z"},
    {"after a leap day", AT(1709251199, 0) + CES_SECOND, "2024-03-01T00:00:00.000000Z"},
    {"leap day of a century", AT(951782400, 0), "2000-02-29T00:00:00.000000Z"},
    {"no leap day of a century", AT(4107542400, 0), "2100-03-01T00:00:00.000000Z"},
    {"the last of a year", AT(1798761599, 0), "2026-12-31T23:59:59.000000Z"},
    {"the last", G_MAXINT64, "2262-04-11T23:47:16.854775807Z"},
    {"before the first", -1, "1969-12-31T23:59:59.999999999Z"},
    {"the least", G_MININT64 + 1, "1677-09-21T00:12:43.145224193Z"},
};

static void
test_time(gconstpointer data)
{
    const struct timing *row = (const struct timing *)data;
    char text[CES_RFC3339_TEXT];

    g_assert_cmpuint(ces_rfc3339(row->time, text), ==, strlen(row->text));
    g_assert_cmpstr(text, ==, row->text);
}

/* Every day of 400 years from 1800 on, held against GLib's calendar. */
static void
test_days(void)
{
    GDate date;
    char text[CES_RFC3339_TEXT], wanted[16];

    g_date_clear(&date, 1);
    g_date_set_dmy(&date, 1, G_DATE_JANUARY, 1800);
    for (gint64 day = -62091; day < -62091 + 146097; day++, g_date_add_days(&date, 1)) {
        ces_rfc3339(day * 86400 * CES_SECOND, text);
        g_date_strftime(wanted, sizeof wanted, "%Y-%m-%d", &date);
        text[strlen(wanted)] = '\0';
        g_assert_cmpstr(text, ==, wanted);
    }
}

static const struct lasting {
    const char *name;
    guint64 nanoseconds;
    const char *text;
} lastings[] = {
    {"nothing", 0, "0"},
    {"one nanosecond", 1, "0.000000001"},
    {"microseconds", 1500000, "0.0015"},
    {"a half", 1500000000, "1.5"},
    {"ten", G_GUINT64_CONSTANT(10000000000), "10"},
    {"just below", G_GUINT64_CONSTANT(9999999999), "9.999999999"},
    {"the longest", G_MAXUINT64, "18446744073.709551615"},
};

static void
test_duration(gconstpointer data)
{
    const struct lasting *row = (const struct lasting *)data;
    char text[CES_SECONDS_TEXT];

    g_assert_cmpuint(ces_seconds(row->nanoseconds, text), ==, strlen(row->text));
    g_assert_cmpstr(text, ==, row->text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("time_text/time", timings, test_time);
    g_test_add_func("/core/time_text/days", test_days);
    ROWS_ADD("time_text/duration", lastings, test_duration);
    return g_test_run();
}
