/* test_recent.c
 * The bounded set against a list that is searched.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/recent.h"

#include "rows.h"

static void
test_oldest_makes_room(void)
{
    ces_recent *recent = ces_recent_new(3);

    g_assert_false(ces_recent_holds(recent, 0));
    for (guint64 key = 0; key < 4; key++)
        ces_recent_note(recent, key);
    g_assert_false(ces_recent_holds(recent, 0));
    for (guint64 key = 1; key < 4; key++)
        g_assert_true(ces_recent_holds(recent, key));
    ces_recent_free(recent);
    ces_recent_free(NULL);
}

static void
test_taken_once(void)
{
    ces_recent *recent = ces_recent_new(3);

    g_assert_false(ces_recent_take(recent, 7));
    ces_recent_note(recent, 7);
    g_assert_true(ces_recent_take(recent, 7));
    g_assert_false(ces_recent_take(recent, 7));
    g_assert_false(ces_recent_holds(recent, 7));
    ces_recent_free(recent);
}

/* Where a key was before it was taken and noted anew does not count. */
static void
test_noted_anew(void)
{
    ces_recent *recent = ces_recent_new(3);

    ces_recent_note(recent, 7);
    ces_recent_note(recent, 8);
    g_assert_true(ces_recent_take(recent, 7));
    ces_recent_note(recent, 7);
    ces_recent_note(recent, 9);
    g_assert_true(ces_recent_holds(recent, 7));
    g_assert_true(ces_recent_holds(recent, 8));
    ces_recent_note(recent, 10);
    g_assert_false(ces_recent_holds(recent, 8));
    g_assert_true(ces_recent_holds(recent, 7));
    ces_recent_free(recent);
}

/* A list in which a taken key leaves its place empty. */
static void
test_against_list(void)
{
    enum { CAPACITY = 8, KEYS = 20, STEPS = 20000, NOTHING = KEYS };
    ces_recent *recent = ces_recent_new(CAPACITY);
    guint64 list[CAPACITY];
    guint next = 0;
    GRand *random = g_rand_new_with_seed(1);

    for (guint i = 0; i < CAPACITY; i++)
        list[i] = NOTHING;
    for (guint step = 0; step < STEPS; step++) {
        guint64 key = (guint64)g_rand_int_range(random, 0, KEYS);
        guint place = 0;
        while (place < CAPACITY && list[place] != key)
            place++;
        g_assert_cmpint(ces_recent_holds(recent, key), ==, place < CAPACITY);
        if (g_rand_int_range(random, 0, 3) == 0) {
            g_assert_cmpint(ces_recent_take(recent, key), ==, place < CAPACITY);
            if (place < CAPACITY)
                list[place] = NOTHING;
        } else {
            ces_recent_note(recent, key);
            if (place == CAPACITY) {
                list[next] = key;
                next = (next + 1) % CAPACITY;
            }
        }
    }
    g_rand_free(random);
    ces_recent_free(recent);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/recent/oldest-makes-room", test_oldest_makes_room);
    g_test_add_func("/core/recent/taken-once", test_taken_once);
    g_test_add_func("/core/recent/noted-anew", test_noted_anew);
    g_test_add_func("/core/recent/against-list", test_against_list);
    return g_test_run();
}
