/* test_dns_stream.c
 * DNS messages put together from segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/dns_stream.h"

#include <string.h>

#include "rows.h"

enum { SYN = CES_TCP_SYN, ACK = CES_TCP_ACK };

typedef struct {
    ces_dns_streams *streams;
    GString *taken; /* of each message its first letter behind the head, its length, and the frame */
} reader;

static reader
reader_new(void)
{
    return (reader){ces_dns_streams_new(), g_string_new("")};
}

static void
reader_free(reader *r)
{
    ces_dns_streams_free(r->streams);
    g_string_free(r->taken, TRUE);
}

static void
take(const ces_segment *last, const guint8 *message, gsize length, gpointer data)
{
    g_string_append_printf((GString *)data, "%c%u@%u ", length > 12 ? message[12] : '-', (guint)length, last->frame);
}

/* From end `from` of connection number `connection`; bytes beyond `captured`
 * were sent only. The bytes are read from memory that ends where they end. */
static void
add(reader *r, guint connection, gboolean from, guint8 flags, guint32 sequence, const guint8 *bytes, guint32 sent,
    guint32 captured)
{
    ces_socket ends[2] = {{{0, 0xc0000201 + connection, TRUE}, 40000}, {{0, 0xc0000235, TRUE}, 53}};
    guint8 *exact = captured ? (guint8 *)g_memdup2(bytes, captured) : NULL;
    ces_segment segment = {.source = ends[from],
                           .destination = ends[!from],
                           .frame = 1 + (sequence & 0xff),
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = flags,
                           .sequence = sequence,
                           .payload = sent,
                           .captured = captured,
                           .bytes = exact};

    ces_dns_streams_add(r->streams, &segment, take, r->taken);
    g_free(exact);
}

/* A message of this length, its length in front; it says `letter` behind its head. */
static GByteArray *
message_new(gsize length, char letter)
{
    static const guint8 head[12] = {0x12, 0x34, 0x81, 0x80, 0, 1};
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_set_size(bytes, (guint)length + 2);
    memset(bytes->data, letter, bytes->len);
    bytes->data[0] = (guint8)(length >> 8);
    bytes->data[1] = (guint8)length;
    memcpy(bytes->data + 2, head, MIN(length, sizeof head));
    return bytes;
}

static GByteArray *
messages_new(const gsize *lengths)
{
    GByteArray *all = g_byte_array_new();

    for (char letter = 'a'; *lengths; lengths++, letter++) {
        GByteArray *one = message_new(*lengths, letter);
        g_byte_array_append(all, one->data, one->len);
        g_byte_array_free(one, TRUE);
    }
    return all;
}

/* --- rows: which parts of "a" (20 bytes), "b" (30) and "c" (40) come --------------- */

typedef struct {
    guint32 from, to, captured; /* of the 96 bytes; `captured` 0: all of them */
} part;

static const struct parts_row {
    const char *name;
    gboolean opened;
    part parts[6];
    const char *taken; /* without frames */
} parts_rows[] = {
    {"all-at-once", TRUE, {{0, 96, 0}}, "a20 b30 c40 "},
    {"one-by-one", TRUE, {{0, 22, 0}, {22, 54, 0}, {54, 96, 0}}, "a20 b30 c40 "},
    {"two-segments", TRUE, {{0, 9, 0}, {9, 22, 0}}, "a20 "},
    {"length-alone", TRUE, {{0, 2, 0}, {2, 22, 0}}, "a20 "},
    {"half-a-length", TRUE, {{0, 1, 0}, {1, 22, 0}}, "a20 "},
    {"across-messages", TRUE, {{0, 23, 0}, {23, 60, 0}, {60, 96, 0}}, "a20 b30 c40 "},
    {"sent-again", TRUE, {{0, 9, 0}, {0, 9, 0}, {0, 22, 0}, {22, 54, 0}, {22, 54, 0}}, "a20 b30 "},
    {"overlap", TRUE, {{0, 15, 0}, {10, 40, 0}, {30, 96, 0}}, "a20 b30 c40 "},
    {"unfinished", TRUE, {{0, 21, 0}}, ""},
    {"gap-then-a-beginning", TRUE, {{0, 9, 0}, {22, 54, 0}, {54, 96, 0}}, "b30 c40 "},
    {"gap-then-a-middle", TRUE, {{0, 9, 0}, {30, 54, 0}, {54, 96, 0}}, "c40 "},
    {"late", TRUE, {{9, 22, 0}, {0, 9, 0}, {22, 54, 0}}, "b30 "},
    {"cut-by-the-capture", TRUE, {{0, 54, 30}, {54, 96, 0}}, "a20 c40 "},
    {"cut-to-nothing", TRUE, {{0, 22, 1}, {22, 54, 0}}, "b30 "},
    {"opening-not-seen", FALSE, {{0, 96, 0}}, "a20 b30 c40 "},
    {"opening-not-seen-two-segments", FALSE, {{0, 9, 0}, {9, 22, 0}}, "a20 "},
    {"opening-not-seen-middle", FALSE, {{9, 22, 0}, {22, 54, 0}}, "b30 "},
};

static void
test_parts(gconstpointer data)
{
    const struct parts_row *row = (const struct parts_row *)data;
    const gsize lengths[] = {20, 30, 40, 0};

    for (guint round = 0; round < 2; round++) {
        guint32 start = round ? 100 : 0xfffffff0; /* where the numbers wrap */
        GByteArray *all = messages_new(lengths);
        reader r = reader_new();

        g_assert_cmpuint(all->len, ==, 96);
        if (row->opened)
            add(&r, 0, TRUE, SYN | ACK, start - 1, NULL, 0, 0);
        for (const part *p = row->parts; p->to; p++)
            add(&r, 0, TRUE, ACK, start + p->from, all->data + p->from, p->to - p->from,
                p->captured ? p->captured : p->to - p->from);
        GString *without_frames = g_string_new("");
        for (const char *c = r.taken->str; *c; c++) {
            if (*c == '@')
                c += strcspn(c, " ");
            g_string_append_c(without_frames, *c);
        }
        g_assert_cmpstr(without_frames->str, ==, row->taken);
        g_string_free(without_frames, TRUE);
        reader_free(&r);
        g_byte_array_free(all, TRUE);
    }
}

/* Cut anywhere into two or single bytes, it is the same message. */
static void
test_every_cut(void)
{
    const gsize lengths[] = {20, 30, 40, 0};
    GByteArray *all = messages_new(lengths);

    for (guint32 step = 1; step < all->len; step++) {
        reader r = reader_new();
        add(&r, 0, TRUE, SYN | ACK, 99, NULL, 0, 0);
        for (guint32 at = 0; at < all->len; at += step)
            add(&r, 0, TRUE, ACK, 100 + at, all->data + at, MIN(step, all->len - at), MIN(step, all->len - at));
        g_assert_nonnull(strstr(r.taken->str, "a20"));
        g_assert_nonnull(strstr(r.taken->str, "b30"));
        g_assert_nonnull(strstr(r.taken->str, "c40"));
        reader_free(&r);
    }
    g_byte_array_free(all, TRUE);
}

/* Both directions of two connections at once. */
static void
test_streams_apart(void)
{
    GByteArray *bytes[4];
    reader r = reader_new();

    for (guint i = 0; i < 4; i++)
        bytes[i] = message_new(20 + i, (char)('a' + i));
    for (guint i = 0; i < 4; i++)
        add(&r, i / 2, i % 2, ACK, 0, bytes[i]->data, 9, 9);
    for (guint i = 0; i < 4; i++)
        add(&r, i / 2, i % 2, ACK, 9, bytes[i]->data + 9, bytes[i]->len - 9, bytes[i]->len - 9);
    g_assert_cmpstr(r.taken->str, ==, "a20@10 b21@10 c22@10 d23@10 ");
    for (guint i = 0; i < 4; i++)
        g_byte_array_free(bytes[i], TRUE);
    reader_free(&r);
}

/* A message too long to keep is passed over, and the next one read. */
static void
test_too_long(void)
{
    const gsize lengths[] = {65535, 20, CES_DNS_STREAM_BYTES - 2, CES_DNS_STREAM_BYTES - 1, 30, 0};
    GByteArray *all = messages_new(lengths);
    const guint32 steps[] = {1, 7, 1460, 65000};

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        reader r = reader_new();
        add(&r, 0, TRUE, SYN, 99, NULL, 0, 0);
        for (guint32 at = 0; at < all->len; at += steps[i])
            add(&r, 0, TRUE, ACK, 100 + at, all->data + at, MIN(steps[i], all->len - at), MIN(steps[i], all->len - at));
        g_assert_null(strstr(r.taken->str, "a65535"));
        g_assert_nonnull(strstr(r.taken->str, "b20@"));
        g_assert_nonnull(strstr(r.taken->str, "c16382@"));
        g_assert_null(strstr(r.taken->str, "d16383@"));
        g_assert_nonnull(strstr(r.taken->str, "e30@"));
        reader_free(&r);
    }
    g_byte_array_free(all, TRUE);
}

/* Of too many streams that makes room which was silent longest. */
static void
test_too_many(void)
{
    GByteArray *bytes = message_new(20, 'a');

    for (guint kept = 0; kept <= 1; kept++) {
        reader r = reader_new();
        for (guint i = 0; i < CES_DNS_STREAMS_KEPT + (kept ? 0 : 1); i++)
            add(&r, i, TRUE, ACK, 0, bytes->data, 9, 9);
        add(&r, 0, TRUE, ACK, 9, bytes->data + 9, bytes->len - 9, bytes->len - 9);
        g_assert_cmpstr(r.taken->str, ==, kept ? "a20@10 " : "");
        reader_free(&r);
    }
    g_byte_array_free(bytes, TRUE);
}

/* The same ends once more: what the older connection left unfinished is gone. */
static void
test_opened_again(void)
{
    GByteArray *bytes = message_new(20, 'a');
    reader r = reader_new();

    add(&r, 0, TRUE, SYN | ACK, 99, NULL, 0, 0);
    add(&r, 0, TRUE, ACK, 100, bytes->data, 9, 9);
    add(&r, 0, TRUE, SYN | ACK, 4999, NULL, 0, 0);
    add(&r, 0, TRUE, ACK, 5000, bytes->data, bytes->len, bytes->len);
    g_assert_cmpstr(r.taken->str, ==, "a20@137 ");
    g_byte_array_free(bytes, TRUE);
    reader_free(&r);
}

/* Data in the SYN (RFC 7413) is the beginning. */
static void
test_data_in_syn(void)
{
    GByteArray *bytes = message_new(20, 'a');
    reader r = reader_new();

    add(&r, 0, FALSE, SYN, 99, bytes->data, 9, 9);
    add(&r, 0, FALSE, ACK, 109, bytes->data + 9, bytes->len - 9, bytes->len - 9);
    g_assert_cmpstr(r.taken->str, ==, "a20@110 ");
    g_byte_array_free(bytes, TRUE);
    reader_free(&r);
}

/* No message is shorter than its head: what says so is not DNS. */
static void
test_no_dns(void)
{
    static const guint8 nothing[4000] = {0};
    GByteArray *bytes = message_new(20, 'a');
    reader r = reader_new();

    add(&r, 0, TRUE, SYN | ACK, 99, NULL, 0, 0);
    add(&r, 0, TRUE, ACK, 100, nothing, sizeof nothing, sizeof nothing);
    g_assert_cmpstr(r.taken->str, ==, "");
    add(&r, 0, TRUE, ACK, 4100, bytes->data, bytes->len, bytes->len);
    g_assert_cmpstr(r.taken->str, ==, "a20@5 ");
    g_byte_array_free(bytes, TRUE);
    reader_free(&r);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("dns-stream/parts", parts_rows, test_parts);
    g_test_add_func("/core/dns-stream/every-cut", test_every_cut);
    g_test_add_func("/core/dns-stream/streams-apart", test_streams_apart);
    g_test_add_func("/core/dns-stream/too-long", test_too_long);
    g_test_add_func("/core/dns-stream/too-many", test_too_many);
    g_test_add_func("/core/dns-stream/opened-again", test_opened_again);
    g_test_add_func("/core/dns-stream/data-in-syn", test_data_in_syn);
    g_test_add_func("/core/dns-stream/no-dns", test_no_dns);
    return g_test_run();
}
