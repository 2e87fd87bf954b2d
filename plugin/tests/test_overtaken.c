/* test_overtaken.c
 * The waiting room: who may stay, how long, and in which order they leave.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/overtaken.h"

#include <string.h>

#define MS (CES_SECOND / 1000)

static gboolean
is_below(const ces_segment *segment, gboolean from_client G_GNUC_UNUSED, gconstpointer data)
{
    return segment->sequence > *(const guint32 *)data;
}

static gboolean
add(ces_waiting_room **room, guint32 sequence, gint64 elapsed, guint32 captured)
{
    guint8 *bytes = (guint8 *)g_malloc0(MAX(captured, 1)); /* a header alone may have a place, too */
    ces_segment segment = {.sequence = sequence, .elapsed = elapsed, .captured = captured, .bytes = bytes};
    gboolean added = ces_waiting_add(room, &segment, TRUE);

    g_free(bytes);
    return added;
}

/* The number of the one that leaves, 0 if none does. */
static guint32
take(ces_waiting_room **room, gint64 elapsed, guint32 reached)
{
    ces_waiting taken;

    if (!ces_waiting_take(room, elapsed, is_below, &reached, &taken))
        return 0;
    g_assert_true(taken.from_client);
    g_free((gpointer)taken.segment.bytes);
    return taken.segment.sequence;
}

static void
test_order(void)
{
    ces_waiting_room *room = NULL;

    g_assert_cmpuint(take(&room, 0, 99), ==, 0);
    g_assert_true(add(&room, 3, 0, 5));
    g_assert_true(add(&room, 2, 0, 5));
    g_assert_true(add(&room, 4, 0, 0));
    g_assert_cmpuint(take(&room, 0, 1), ==, 0);
    g_assert_cmpuint(take(&room, 0, 2), ==, 2); /* who may leave does before who came first */
    g_assert_cmpuint(take(&room, 0, 2), ==, 0);
    g_assert_cmpuint(take(&room, 0, 9), ==, 3);
    g_assert_cmpuint(take(&room, 0, 9), ==, 4);
    g_assert_null(room);
}

static void
test_time(void)
{
    ces_waiting_room *room = NULL;

    g_assert_true(add(&room, 7, 100 * MS, 5));
    g_assert_true(add(&room, 8, 110 * MS, 5));
    g_assert_cmpuint(take(&room, 120 * MS, 0), ==, 0);
    g_assert_cmpuint(take(&room, 121 * MS, 0), ==, 7);
    g_assert_cmpuint(take(&room, 121 * MS, 0), ==, 0);
    for (int i = 0; i < CES_WAITING_OTHERS; i++) {
        g_assert_cmpuint(take(&room, 121 * MS, 0), ==, 0);
        ces_waiting_note(room);
    }
    g_assert_cmpuint(take(&room, 121 * MS, 0), ==, 8);
    ces_waiting_note(room);
}

static void
test_bounds(void)
{
    ces_waiting_room *room = NULL;

    g_assert_false(add(&room, 1, 0, CES_WAITING_BYTES + 1));
    g_assert_true(add(&room, 1, 0, CES_WAITING_BYTES));
    g_assert_false(add(&room, 2, 0, 1));
    for (guint32 i = 2; i <= CES_WAITING_KEPT; i++)
        g_assert_true(add(&room, i, 0, 0));
    g_assert_false(add(&room, 99, 0, 0));
    g_assert_cmpuint(take(&room, 0, 1), ==, 1);
    g_assert_true(add(&room, 99, 0, CES_WAITING_BYTES));
    ces_waiting_free(room);
    ces_waiting_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/overtaken/order", test_order);
    g_test_add_func("/core/overtaken/time", test_time);
    g_test_add_func("/core/overtaken/bounds", test_bounds);
    return g_test_run();
}
