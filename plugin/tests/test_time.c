/* test_time.c
 * Times as captures tell them, and how much of a capture has gone by.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/time.h>

#include "rows.h"

#define S CES_SECOND

typedef struct {
    const char *name;
    gint64 seconds, nanoseconds;
    ces_time time;
} time_row;

static const time_row times[] = {
    {"start", 0, 0, 0},
    {"today", 1764000000, 123456789, G_GINT64_CONSTANT(1764000000123456789)},
    {"last-nanosecond", 1, 999999999, 1999999999},
    {"2^32", G_GINT64_CONSTANT(4294967296), 5, G_GINT64_CONSTANT(4294967296000000005)},
    {"2^33", G_GINT64_CONSTANT(8589934592), 0, G_GINT64_CONSTANT(8589934592000000000)},
    {"last", G_GINT64_CONSTANT(9223372035), 999999999, G_GINT64_CONSTANT(9223372035999999999)},
    {"beyond", G_GINT64_CONSTANT(9223372036), 0, CES_TIME_UNKNOWN},
    {"2^34", G_GINT64_CONSTANT(17179869184), 0, CES_TIME_UNKNOWN},
    {"largest", G_MAXINT64, 999999999, CES_TIME_UNKNOWN},
    {"negative", -1, 0, CES_TIME_UNKNOWN},
    {"smallest", G_MININT64, 0, CES_TIME_UNKNOWN},
    {"negative-nanoseconds", 5, -1, CES_TIME_UNKNOWN},
    {"too-many-nanoseconds", 5, 1000000000, CES_TIME_UNKNOWN},
    {"largest-nanoseconds", 5, G_MAXINT64, CES_TIME_UNKNOWN},
    {"smallest-nanoseconds", 5, G_MININT64, CES_TIME_UNKNOWN},
};

static void
test_from(gconstpointer data)
{
    const time_row *row = data;

    g_assert_cmpint(ces_time_from(row->seconds, row->nanoseconds), ==, row->time);
}

typedef struct {
    const char *name;
    struct {
        ces_time time;
        gint64 elapsed;
    } steps[6]; /* up to a time of -1 */
} clock_row;

#define END   \
    {         \
        -1, 0 \
    }
#define LAST G_GINT64_CONSTANT(9223372035999999999)

static const clock_row clocks[] = {
    {"forward", {{100 * S, 0}, {101 * S, 1 * S}, {101 * S, 1 * S}, {105 * S, 5 * S}, END}},
    {"out-of-order", {{100 * S, 0}, {101 * S, S}, {101 * S - S / 2, S}, {101 * S + 7, S + 7}, END}},
    {"a-second-back-is-out-of-order", {{100 * S, 0}, {99 * S, 0}, {100 * S, 0}, {101 * S, S}, END}},
    {"set-back", {{3700 * S, 0}, {3701 * S, S}, {101 * S, S}, {102 * S, 2 * S}, {3702 * S, 3602 * S}, END}},
    {"set-back-just-more-than-a-second", {{100 * S, 0}, {99 * S - 1, 0}, {100 * S - 1, S}, END}},
    {"set-back-again-and-again", {{9000 * S, 0}, {5000 * S, 0}, {5001 * S, S}, {10 * S, S}, {11 * S, 2 * S}, END}},
    {"unknown", {{CES_TIME_UNKNOWN, 0}, {100 * S, 0}, {CES_TIME_UNKNOWN, 0}, {103 * S, 3 * S}, END}},
    {"near-the-start-of-time", {{0, 0}, {5, 5}, {0, 5}, {S, S}, END}},
    {"through-the-centuries",
     {{0, 0}, {LAST, LAST}, {0, LAST}, {LAST, G_MAXINT64}, {0, G_MAXINT64}, {LAST, G_MAXINT64}}},
};

static void
test_clock(gconstpointer data)
{
    const clock_row *row = data;
    ces_clock clock = {0, CES_TIME_UNKNOWN};

    for (gsize i = 0; i < G_N_ELEMENTS(row->steps) && row->steps[i].time != -1; i++)
        g_assert_cmpint(ces_clock_note(&clock, row->steps[i].time), ==, row->steps[i].elapsed);
}

typedef struct {
    const char *name;
    ces_time earlier;
    gint64 earlier_elapsed;
    ces_time time;
    gint64 elapsed;
    gboolean set_back;
} set_back_row;

static const set_back_row set_backs[] = {
    {"forward", 100 * S, 5 * S, 103 * S, 8 * S, FALSE},
    {"an-hour", 3700 * S, 5 * S, 100 * S, 5 * S, TRUE},
    {"an-hour-and-on", 3700 * S, 5 * S, 3900 * S, 3805 * S, TRUE},
    {"out-of-order", 100 * S, 5 * S, 99 * S, 5 * S, FALSE},
    {"more-than-out-of-order", 100 * S, 5 * S, 99 * S - 1, 5 * S, TRUE},
    {"set-forward", 100 * S, 5 * S, 5000 * S, 4905 * S, FALSE},
    {"unknown", 100 * S, 5 * S, CES_TIME_UNKNOWN, 5 * S, FALSE},
    {"unknown-before", CES_TIME_UNKNOWN, 0, 100 * S, 5 * S, FALSE},
    {"farthest", LAST, 0, 0, 0, TRUE},
    {"nearest", 0, 0, LAST, LAST, FALSE},
};

static void
test_set_back(gconstpointer data)
{
    const set_back_row *row = data;

    g_assert_cmpint(ces_clock_set_back(row->earlier, row->earlier_elapsed, row->time, row->elapsed), ==, row->set_back);
}

/* Whatever times a capture tells: it never runs backwards. */
static void
test_never_backwards(void)
{
    GRand *random = g_rand_new_with_seed(11);
    ces_clock clock = {0, CES_TIME_UNKNOWN};
    gint64 before = 0;

    for (int i = 0; i < 100000; i++) {
        gint64 seconds = (gint64)((guint64)g_rand_int(random) << g_rand_int_range(random, 0, 32));
        gint64 elapsed = ces_clock_note(&clock, ces_time_from(seconds, (gint32)g_rand_int(random)));

        g_assert_cmpint(elapsed, >=, before);
        before = elapsed;
    }
    g_assert_cmpint(before, ==, G_MAXINT64);
    g_rand_free(random);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    ROWS_ADD("time/from", times, test_from);
    ROWS_ADD("time/clock", clocks, test_clock);
    ROWS_ADD("time/set-back", set_backs, test_set_back);
    g_test_add_func("/core/time/never-backwards", test_never_backwards);
    return g_test_run();
}
