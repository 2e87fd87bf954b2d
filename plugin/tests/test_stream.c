/* test_stream.c
 * What is new in a segment, and what is missing before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/stream.h"

#include "rows.h"

/* One segment, and what it adds: from the byte `first` on, `length` bytes,
 * behind `missing` ones. No length: nothing. */
typedef struct {
    guint32 sequence, captured, sent;
    guint32 first, length, missing;
} segment_row;

#define FAR (1u << 30) /* no window is that large */

static const struct scenario {
    const char *name;
    gboolean started; /* the opening was seen, and said that the stream starts at `start` */
    guint32 start;
    segment_row segments[8]; /* up to one that was not sent */
    guint32 end;             /* where the stream is whole, if it is */
    gboolean whole;
} scenarios[] = {
    {"in order", TRUE, 100, {{100, 5, 5, 0, 5, 0}, {105, 7, 7, 0, 7, 0}}, 112, TRUE},
    {"nothing sent", TRUE, 100, {{0}}, 100, TRUE},
    {"nothing sent, other numbers", TRUE, 100, {{0}}, 101, FALSE},
    {"first byte missing", TRUE, 100, {{101, 5, 5, 0, 5, 1}}, 106, FALSE},
    {"beginning not seen", FALSE, 0, {{100, 5, 5, 0, 5, 0}, {105, 1, 1, 0, 1, 0}}, 106, FALSE},
    {"numbers wrap", TRUE, 0xfffffffd, {{0xfffffffd, 9, 9, 0, 9, 0}, {6, 2, 2, 0, 2, 0}}, 8, TRUE},
    {"sent again", TRUE, 100, {{100, 9, 9, 0, 9, 0}, {100, 9, 9, 0, 0, 0}, {103, 2, 2, 0, 0, 0}}, 109, TRUE},
    {"sent again across the wrap",
     TRUE,
     0xfffffffd,
     {{0xfffffffd, 9, 9, 0, 9, 0}, {0xffffffff, 4, 4, 0, 0, 0}},
     6,
     TRUE},
    {"overlap", TRUE, 100, {{100, 9, 9, 0, 9, 0}, {106, 9, 9, 3, 6, 0}}, 115, TRUE},
    {"old one in a larger one", TRUE, 100, {{105, 5, 5, 0, 5, 5}, {100, 20, 20, 10, 10, 0}}, 120, FALSE},
    {"out of order", TRUE, 100, {{105, 5, 5, 0, 5, 5}, {100, 5, 5, 0, 0, 0}, {110, 5, 5, 0, 5, 0}}, 115, FALSE},
    {"gap", TRUE, 100, {{100, 5, 5, 0, 5, 0}, {108, 5, 5, 0, 5, 3}, {113, 1, 1, 0, 1, 0}}, 114, FALSE},
    {"two gaps", TRUE, 100, {{103, 5, 5, 0, 5, 3}, {110, 5, 5, 0, 5, 2}}, 115, FALSE},
    {"cut by the capture", TRUE, 100, {{100, 4, 10, 0, 4, 0}, {110, 5, 5, 0, 5, 6}}, 115, FALSE},
    {"cut, then a gap", TRUE, 100, {{100, 4, 10, 0, 4, 0}, {115, 5, 5, 0, 5, 11}}, 120, FALSE},
    {"cut at the end", TRUE, 100, {{100, 4, 10, 0, 4, 0}}, 110, FALSE},
    {"cut to nothing", TRUE, 100, {{100, 0, 10, 0, 0, 0}, {110, 0, 10, 0, 0, 0}, {120, 1, 1, 0, 1, 20}}, 121, FALSE},
    {"cut to what is known", TRUE, 100, {{100, 5, 5, 0, 5, 0}, {102, 3, 9, 0, 0, 0}, {111, 1, 1, 0, 1, 6}}, 112, FALSE},
    {"no part of it", TRUE, 100, {{100, 5, 5, 0, 5, 0}, {105 + FAR, 5, 5, 0, 0, 0}, {105, 1, 1, 0, 1, 0}}, 106, TRUE},
    {"no payload", TRUE, 100, {{150, 0, 0, 0, 0, 0}}, 100, TRUE},
    {"more captured than sent", TRUE, 100, {{100, 6, 5, 0, 0, 0}}, 100, TRUE},
    /* 2^32 bytes, and not 0. */
    {"more missing than can be counted",
     TRUE,
     0,
     {{FAR - 1, 0, 1, 0, 0, 0},
      {2 * FAR - 1, 0, 1, 0, 0, 0},
      {3 * FAR - 1, 0, 1, 0, 0, 0},
      {4 * (FAR - 1) + 3, 0, 1, 0, 0, 0},
      {0, 1, 1, 0, 1, G_MAXUINT32}},
     1,
     FALSE},
};

static void
test_scenario(gconstpointer data)
{
    const struct scenario *row = (const struct scenario *)data;
    static const guint8 bytes[32];
    ces_stream stream = {.any = FALSE};

    if (row->started)
        ces_stream_start(&stream, row->start);
    for (const segment_row *segment = row->segments; segment->sequence || segment->sent; segment++) {
        ces_piece piece = {NULL, 0, 0};
        gboolean added = ces_stream_add(&stream, segment->sequence, bytes, segment->captured, segment->sent, &piece);
        g_assert_cmpint(added, ==, segment->length > 0);
        g_assert_cmpuint(piece.length, ==, segment->length);
        g_assert_cmpuint(piece.missing, ==, segment->missing);
        g_assert_true(!added || piece.bytes == bytes + segment->first);
    }
    g_assert_cmpint(ces_stream_whole(&stream, row->end), ==, row->whole);
}

/* A second opening does not move a stream that has begun. */
static void
test_start_again(void)
{
    ces_stream stream = {.any = FALSE};
    ces_piece piece;
    const guint8 byte = 'x';

    ces_stream_start(&stream, 100);
    ces_stream_start(&stream, 500);
    g_assert_true(ces_stream_whole(&stream, 100));
    g_assert_false(stream.any);
    g_assert_true(ces_stream_add(&stream, 100, &byte, 1, 1, &piece));
    g_assert_true(stream.any);
    ces_stream_start(&stream, 500);
    g_assert_true(ces_stream_whole(&stream, 101));
}

/* Known midstream, it has no first byte. */
static void
test_start_too_late(void)
{
    ces_stream stream = {.any = FALSE};
    ces_piece piece;
    const guint8 byte = 'x';

    g_assert_true(ces_stream_add(&stream, 100, &byte, 1, 1, &piece));
    ces_stream_start(&stream, 100);
    g_assert_false(ces_stream_whole(&stream, 101));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("stream", scenarios, test_scenario);
    g_test_add_func("/core/stream/start again", test_start_again);
    g_test_add_func("/core/stream/start too late", test_start_too_late);
    return g_test_run();
}
