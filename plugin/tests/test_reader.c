/* test_reader.c
 * Capture files of every kind that is read, whole, cut and damaged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reader.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* --- writing captures ----------------------------------------------------------- */

typedef struct {
    GByteArray *bytes;
    gboolean is_big; /* numbers in network byte order */
} capture;

static capture
capture_new(gboolean is_big)
{
    return (capture){g_byte_array_new(), is_big};
}

static void
put(capture *c, guint64 number, guint width)
{
    for (guint i = 0; i < width; i++) {
        guint place = c->is_big ? width - 1 - i : i;
        guint8 byte = place < 8 ? (guint8)(number >> 8 * place) : 0;
        g_byte_array_append(c->bytes, &byte, 1);
    }
}

static void
put_bytes(capture *c, const void *bytes, gsize length)
{
    g_byte_array_append(c->bytes, bytes, (guint)length);
    while (c->bytes->len % 4)
        g_byte_array_append(c->bytes, (const guint8 *)"", 1);
}

/* A number somewhere before, again. */
static void
put_at(capture *c, gsize at, guint64 number, guint width)
{
    capture again = capture_new(c->is_big);

    put(&again, number, width);
    memcpy(c->bytes->data + at, again.bytes->data, width);
    g_byte_array_free(again.bytes, TRUE);
}

enum { MICRO = 0xa1b2c3d4, NANO = 0xa1b23c4d };

static void
put_pcap_header(capture *c, guint32 magic, guint32 link_type)
{
    put(c, magic, 4);
    put(c, 2, 2);
    put(c, 4, 2);
    put(c, 0, 8);
    put(c, 65535, 4);
    put(c, link_type, 4);
}

static void
put_pcap_record(capture *c, guint32 seconds, guint32 fraction, const char *text, guint32 sent)
{
    put(c, seconds, 4);
    put(c, fraction, 4);
    put(c, strlen(text), 4);
    put(c, sent, 4);
    g_byte_array_append(c->bytes, (const guint8 *)text, (guint)strlen(text));
}

/* A block: begin, its body, end. */
static gsize
begin_block(capture *c, guint32 type)
{
    gsize at = c->bytes->len;

    put(c, type, 4);
    put(c, 0, 4);
    return at;
}

static void
end_block(capture *c, gsize at)
{
    guint32 length = (guint32)(c->bytes->len - at + 4);

    put(c, length, 4);
    put_at(c, at + 4, length, 4);
}

static void
put_section(capture *c)
{
    gsize at = begin_block(c, 0x0a0d0d0a);

    put(c, 0x1a2b3c4d, 4);
    put(c, 1, 2);
    put(c, 0, 2);
    put(c, G_MAXUINT64, 8);
    end_block(c, at);
}

static void
put_option(capture *c, guint16 code, guint64 value, guint width)
{
    put(c, code, 2);
    put(c, width, 2);
    put(c, value, width);
    put_bytes(c, "", 0);
}

typedef struct {
    guint32 link_type, snapshot;
    int resolution; /* -1: none */
    gint64 offset;
    guint8 check_length;
} interface;

static void
put_interface(capture *c, interface what)
{
    gsize at = begin_block(c, 1);

    put(c, what.link_type, 2);
    put(c, 0, 2);
    put(c, what.snapshot, 4);
    if (what.resolution >= 0)
        put_option(c, 9, (guint64)what.resolution, 1);
    if (what.offset)
        put_option(c, 14, (guint64)what.offset, 8);
    if (what.check_length)
        put_option(c, 13, what.check_length, 1);
    put_option(c, 0, 0, 0);
    end_block(c, at);
}

static const interface ethernet = {1, 0, -1, 0, 0};

static void
put_packet(capture *c, guint32 number, guint64 time, const char *text, guint32 sent)
{
    gsize at = begin_block(c, 6);

    put(c, number, 4);
    put(c, time >> 32, 4);
    put(c, time & G_MAXUINT32, 4);
    put(c, strlen(text), 4);
    put(c, sent, 4);
    put_bytes(c, text, strlen(text));
    end_block(c, at);
}

/* --- reading them ------------------------------------------------------------------ */

/* A file of these bytes, with some other character in its name. */
static char *
file_of(const void *bytes, gsize length)
{
    static guint count;
    char *name = g_strdup_printf("captur\xe9-%u", count++);
    char *path = g_build_filename(g_get_tmp_dir(), name, NULL);

    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    g_free(name);
    return path;
}

static ces_reader *
open_bytes(const void *bytes, gsize length)
{
    GError *error = NULL;
    char *path = file_of(bytes, length);
    ces_reader *reader = ces_reader_open(path, &error);

    g_assert_no_error(error);
    g_unlink(path);
    g_free(path);
    return reader;
}

static ces_reader *
open_capture(const capture *c)
{
    return open_bytes(c->bytes->data, c->bytes->len);
}

static ces_frame
next_frame(ces_reader *reader)
{
    GError *error = NULL;
    ces_frame frame;
    ces_read answer = ces_reader_next(reader, &frame, &error);

    g_assert_no_error(error);
    g_assert_cmpint(answer, ==, CES_READ_FRAME);
    return frame;
}

static void
check_text(const ces_frame *frame, const char *text)
{
    g_assert_cmpmem(frame->bytes, frame->captured, text, strlen(text));
}

/* The end, which stays the end. */
static void
check_end(ces_reader *reader, ces_read expected)
{
    ces_frame frame;

    for (int i = 0; i < 2; i++) {
        GError *error = NULL;
        g_assert_cmpint(ces_reader_next(reader, &frame, &error), ==, expected);
        g_assert_true((error != NULL) == (expected == CES_READ_FAILED));
        g_clear_error(&error);
    }
    ces_reader_free(reader);
}

static void
close_capture(capture *c)
{
    g_byte_array_free(c->bytes, TRUE);
}

/* --- pcap ---------------------------------------------------------------------------- */

static void
test_pcap(void)
{
    static const struct {
        gboolean is_big;
        guint32 magic;
        gint64 time;
    } rows[] = {
        {FALSE, MICRO, 1767225600 * CES_SECOND + 123456000},
        {TRUE, MICRO, 1767225600 * CES_SECOND + 123456000},
        {FALSE, NANO, 1767225600 * CES_SECOND + 123456},
        {TRUE, NANO, 1767225600 * CES_SECOND + 123456},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        capture c = capture_new(rows[i].is_big);
        put_pcap_header(&c, rows[i].magic, 101);
        put_pcap_record(&c, 1767225600, 123456, "first", 60);
        put_pcap_record(&c, 1767225601, 0, "", 0);
        ces_reader *reader = open_capture(&c);
        ces_frame frame = next_frame(reader);
        check_text(&frame, "first");
        g_assert_cmpuint(frame.number, ==, 1);
        g_assert_true(frame.is_packet);
        g_assert_cmpuint(frame.sent, ==, 60);
        g_assert_cmpuint(frame.link_type, ==, 101);
        g_assert_cmpuint(frame.check_bytes, ==, 0);
        g_assert_cmpint(frame.timestamp, ==, rows[i].time);
        frame = next_frame(reader);
        g_assert_cmpuint(frame.number, ==, 2);
        g_assert_cmpuint(frame.captured, ==, 0);
        check_end(reader, CES_READ_END);
        close_capture(&c);
    }
}

static void
test_pcap_check_sequence(void)
{
    capture c = capture_new(FALSE);

    put_pcap_header(&c, MICRO, 0x24000001);
    put_pcap_record(&c, 1, 0, "frame", 5);
    ces_reader *reader = open_capture(&c);
    ces_frame frame = next_frame(reader);
    g_assert_cmpuint(frame.link_type, ==, 1);
    g_assert_cmpuint(frame.check_bytes, ==, 4);
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

/* Fractions of a second that are none: no time, and the frame counts. */
static void
test_pcap_time(void)
{
    capture c = capture_new(FALSE);

    put_pcap_header(&c, NANO, 1);
    put_pcap_record(&c, 1, 1000000000, "frame", 5);
    put_pcap_record(&c, 1, G_MAXUINT32, "frame", 5);
    put_pcap_record(&c, G_MAXUINT32, 999999999, "frame", 5);
    ces_reader *reader = open_capture(&c);
    g_assert_cmpint(next_frame(reader).timestamp, ==, CES_TIME_UNKNOWN);
    g_assert_cmpint(next_frame(reader).timestamp, ==, CES_TIME_UNKNOWN);
    g_assert_cmpint(next_frame(reader).timestamp, ==, G_MAXUINT32 * CES_SECOND + 999999999);
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

/* Cut at every byte: what is whole counts, and only an end between records is one. */
static void
test_pcap_cut(void)
{
    capture c = capture_new(FALSE);

    put_pcap_header(&c, MICRO, 1);
    put_pcap_record(&c, 1, 0, "first", 5);
    guint first = c.bytes->len;
    put_pcap_record(&c, 2, 0, "second", 6);
    for (guint length = 24; length < c.bytes->len; length++) {
        ces_reader *reader = open_bytes(c.bytes->data, length);
        if (length >= first)
            g_assert_cmpuint(next_frame(reader).number, ==, 1);
        check_end(reader, length == 24 || length == first ? CES_READ_END : CES_READ_CUT);
    }
    close_capture(&c);
}

static void
test_pcap_too_large(void)
{
    capture c = capture_new(FALSE);

    put_pcap_header(&c, NANO, 1);
    put_pcap_record(&c, 1, 0, "first", 5);
    put(&c, 0, 8);
    put(&c, 262145, 4);
    put(&c, 262145, 4);
    ces_reader *reader = open_capture(&c);
    next_frame(reader);
    check_end(reader, CES_READ_FAILED);
    close_capture(&c);
}

static void
test_other_formats(void)
{
    capture c = capture_new(FALSE);

    check_end(open_bytes("", 0), CES_READ_OTHER_FORMAT);
    check_end(open_bytes("no capture at all, only some text", 33), CES_READ_OTHER_FORMAT);
    put_pcap_header(&c, 0xa1b2cd34, 1); /* with more fields in a record */
    check_end(open_capture(&c), CES_READ_OTHER_FORMAT);
    put_at(&c, 0, MICRO, 4);
    put_at(&c, 6, 2, 2); /* version 2.2 */
    check_end(open_capture(&c), CES_READ_OTHER_FORMAT);
    put_at(&c, 6, 4, 2);
    put_pcap_record(&c, 1, 1000000, "frame", 5); /* more microseconds than there are */
    check_end(open_capture(&c), CES_READ_OTHER_FORMAT);
    put_at(&c, 28, 0, 4);
    put_at(&c, 36, 4, 4); /* more captured than sent */
    check_end(open_capture(&c), CES_READ_OTHER_FORMAT);
    put_at(&c, 36, 5, 4);
    ces_reader *reader = open_capture(&c);
    next_frame(reader);
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

/* --- pcapng ---------------------------------------------------------------------------- */

static void
test_pcapng(void)
{
    for (int is_big = 0; is_big < 2; is_big++) {
        capture c = capture_new(is_big != 0);
        put_section(&c);
        put_interface(&c, ethernet);
        put_interface(&c, (interface){101, 0, 9, 0, 0});
        put_packet(&c, 0, G_GUINT64_CONSTANT(1767225600123456), "first", 60);
        put_packet(&c, 1, G_GUINT64_CONSTANT(1767225600123456789), "second!", 7);
        ces_reader *reader = open_capture(&c);
        ces_frame frame = next_frame(reader);
        check_text(&frame, "first");
        g_assert_cmpuint(frame.number, ==, 1);
        g_assert_cmpuint(frame.link_type, ==, 1);
        g_assert_cmpuint(frame.sent, ==, 60);
        g_assert_cmpint(frame.timestamp, ==, 1767225600 * CES_SECOND + 123456000);
        frame = next_frame(reader);
        check_text(&frame, "second!");
        g_assert_cmpuint(frame.number, ==, 2);
        g_assert_cmpuint(frame.link_type, ==, 101);
        g_assert_cmpint(frame.timestamp, ==, 1767225600 * CES_SECOND + 123456789);
        check_end(reader, CES_READ_END);
        close_capture(&c);
    }
}

static void
test_pcapng_times(void)
{
    static const struct {
        int resolution;
        gint64 offset;
        guint64 time;
        gint64 expected;
    } rows[] = {
        {0, 0, 7, 7 * CES_SECOND},
        {3, 0, 7001, 7 * CES_SECOND + 1000000},
        {12, 0, G_GUINT64_CONSTANT(7000001000000), 7 * CES_SECOND + 1000},
        {0x80, 0, 7, 7 * CES_SECOND},
        {0x8a, 0, 7 * 1024 + 512, 7 * CES_SECOND + CES_SECOND / 2},
        {0x97, 0, (7 << 23) + (1 << 20), 7 * CES_SECOND + CES_SECOND / 8},
        {6, 100, 7000000, 107 * CES_SECOND},
        {6, -5, 7000000, 2 * CES_SECOND},
        {6, -8, 7000000, CES_TIME_UNKNOWN},                        /* before 1970 */
        {6, G_MAXINT64, 7000000, CES_TIME_UNKNOWN},                /* more than can be counted */
        {0, 0, G_GUINT64_CONSTANT(10000000000), CES_TIME_UNKNOWN}, /* beyond 2262 */
        {20, 0, 7, 0},                                             /* finer than 64 bits tell */
        {0xff, 0, 7, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        capture c = capture_new(FALSE);
        put_section(&c);
        put_interface(&c, (interface){1, 0, rows[i].resolution, rows[i].offset, 0});
        put_packet(&c, 0, rows[i].time, "frame", 5);
        ces_reader *reader = open_capture(&c);
        g_assert_cmpint(next_frame(reader).timestamp, ==, rows[i].expected);
        check_end(reader, CES_READ_END);
        close_capture(&c);
    }
}

/* The older blocks: without a time, and with half of a number. */
static void
test_pcapng_old_blocks(void)
{
    capture c = capture_new(FALSE);

    put_section(&c);
    put_interface(&c, (interface){1, 4, -1, 0, 0});
    gsize at = begin_block(&c, 3);
    put(&c, 6, 4);
    put_bytes(&c, "simp", 4);
    end_block(&c, at);
    at = begin_block(&c, 2);
    put(&c, 0, 2);
    put(&c, 17, 2); /* dropped */
    put(&c, 0, 4);
    put(&c, 5000000, 4);
    put(&c, 3, 4);
    put(&c, 9, 4);
    put_bytes(&c, "old", 3);
    end_block(&c, at);
    ces_reader *reader = open_capture(&c);
    ces_frame frame = next_frame(reader);
    check_text(&frame, "simp");
    g_assert_cmpuint(frame.sent, ==, 6);
    g_assert_cmpint(frame.timestamp, ==, CES_TIME_UNKNOWN);
    frame = next_frame(reader);
    check_text(&frame, "old");
    g_assert_cmpint(frame.timestamp, ==, 5 * CES_SECOND);
    g_assert_cmpuint(frame.sent, ==, 9);
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

/* Each section has its byte order and its interfaces; blocks that are unknown
 * are skipped, and some that are no packets have a number. */
static void
test_pcapng_sections(void)
{
    capture c = capture_new(FALSE);

    put_section(&c);
    put_interface(&c, ethernet);
    gsize at = begin_block(&c, 0x4242);
    put_bytes(&c, "whatever", 8);
    end_block(&c, at);
    at = begin_block(&c, 0xbad);
    put(&c, 32473, 4);
    put_bytes(&c, "custom", 6);
    end_block(&c, at);
    put_packet(&c, 0, 1000000, "little", 6);
    at = begin_block(&c, 5);
    put(&c, 0, 12);
    end_block(&c, at);
    c.is_big = TRUE;
    put_section(&c);
    put_interface(&c, (interface){101, 0, -1, 0, 0});
    put_packet(&c, 0, 2000000, "big", 3);
    ces_reader *reader = open_capture(&c);
    ces_frame frame = next_frame(reader);
    g_assert_false(frame.is_packet);
    g_assert_cmpuint(frame.number, ==, 1);
    frame = next_frame(reader);
    check_text(&frame, "little");
    g_assert_cmpuint(frame.number, ==, 2);
    frame = next_frame(reader);
    check_text(&frame, "big");
    g_assert_cmpuint(frame.number, ==, 3);
    g_assert_cmpuint(frame.link_type, ==, 101);
    g_assert_cmpint(frame.timestamp, ==, 2 * CES_SECOND);
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

static void
test_pcapng_secrets(void)
{
    capture c = capture_new(FALSE);

    put_section(&c);
    put_interface(&c, ethernet);
    put_packet(&c, 0, 1, "frame", 5);
    gsize at = begin_block(&c, 10);
    put(&c, 0x544c534b, 4);
    put(&c, 4, 4);
    put_bytes(&c, "keys", 4);
    end_block(&c, at);
    put_packet(&c, 0, 2, "frame", 5);
    ces_reader *reader = open_capture(&c);
    next_frame(reader);
    g_assert_false(ces_reader_has_secrets(reader));
    next_frame(reader);
    g_assert_true(ces_reader_has_secrets(reader));
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

static void
test_pcapng_check_sequence(void)
{
    static const struct {
        guint8 of_interface;
        guint32 flags;
        guint32 expected;
    } rows[] = {{0, 0, 0}, {4, 0, 4}, {32, 0, 4}, {4, 2 << 5, 2}, {0, 4 << 5, 4}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        capture c = capture_new(TRUE);
        put_section(&c);
        put_interface(&c, (interface){1, 0, -1, 0, rows[i].of_interface});
        gsize at = begin_block(&c, 6);
        put(&c, 0, 12);
        put(&c, 5, 4);
        put(&c, 5, 4);
        put_bytes(&c, "frame", 5);
        put_option(&c, 2, rows[i].flags, 4);
        put_option(&c, 0, 0, 0);
        end_block(&c, at);
        ces_reader *reader = open_capture(&c);
        g_assert_cmpuint(next_frame(reader).check_bytes, ==, rows[i].expected);
        check_end(reader, CES_READ_END);
        close_capture(&c);
    }
}

/* --- names --------------------------------------------------------------------------------- */

static void
note_name(const ces_address *address, const char *name, gpointer data)
{
    char text[CES_ADDRESS_TEXT];

    g_string_append_printf(data, "%s=%s ", ces_address_text(address, text), name);
}

static void
put_name(capture *c, guint16 type, const void *record, guint16 length)
{
    put(c, type, 2);
    put(c, length, 2);
    put_bytes(c, record, length);
}

static void
test_pcapng_names(void)
{
    capture c = capture_new(TRUE);
    GString *names = g_string_new("");

    put_section(&c);
    put_interface(&c, ethernet);
    gsize at = begin_block(&c, 4);
    put_name(&c, 1,
             "\xcb\0\x71\x14"
             "one\0two",
             12);
    put_name(&c, 77, "something else", 14);
    put_name(&c, 2,
             "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
             "six",
             20);
    put_name(&c, 1, "\xcb\0\x71\x15", 4); /* no name at all */
    put_name(&c, 0, "", 0);
    put_option(&c, 2, 0x616263, 3);
    end_block(&c, at);
    put_packet(&c, 0, 1, "frame", 5);
    ces_reader *reader = open_capture(&c);
    ces_reader_tell_names(reader, note_name, names);
    next_frame(reader);
    g_assert_cmpstr(names->str, ==, "203.0.113.20=one 203.0.113.20=two 2001:db8::1=six ");
    check_end(reader, CES_READ_END);
    close_capture(&c);
    g_string_free(names, TRUE);
}

static void
test_pcapng_bad_names(void)
{
    static const struct {
        guint16 type, length;
        const char *record;
    } rows[] = {{1, 3, "\xcb\0\x71"},
                {2, 15, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0"},
                {1, 8,
                 "\xcb\0\x71\x14"
                 "open"}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        capture c = capture_new(FALSE);
        put_section(&c);
        gsize at = begin_block(&c, 4);
        put_name(&c, rows[i].type, rows[i].record, rows[i].length);
        end_block(&c, at);
        check_end(open_capture(&c), CES_READ_FAILED);
        /* Longer than its block. */
        put_at(&c, at + 10, 400, 2);
        check_end(open_capture(&c), CES_READ_FAILED);
        close_capture(&c);
    }
}

/* --- damage --------------------------------------------------------------------------------- */

/* A capture of one packet: the section, the interface, the packet. */
enum { SECTION_LENGTH = 28, INTERFACE_LENGTH = 24, PACKET_AT = SECTION_LENGTH + INTERFACE_LENGTH };

static capture
one_packet(void)
{
    capture c = capture_new(FALSE);

    put_section(&c);
    put_interface(&c, ethernet);
    g_assert_cmpuint(c.bytes->len, ==, PACKET_AT);
    put_packet(&c, 0, 1, "frame", 5);
    return c;
}

static void
test_pcapng_damaged(void)
{
    static const struct {
        gsize at;
        guint32 number;
    } rows[] = {
        {4, 24},                           /* a section too short */
        {4, 0x7fffffff},                   /* too long */
        {24, 32},                          /* its two lengths differ */
        {12, 0x00000002},                  /* version 2 */
        {SECTION_LENGTH + 4, 0},           /* an interface of no length */
        {SECTION_LENGTH + 4, 0xfffffffc},  /* of too much */
        {SECTION_LENGTH + 16, 0x00640009}, /* with an option longer than its block */
        {PACKET_AT + 8, 1},                /* an interface that is not there */
        {PACKET_AT + 20, 9},               /* more captured than the block holds */
        {PACKET_AT + 20, 0xffffffff},      /* much more */
        {PACKET_AT + 36, 44},              /* its two lengths differ */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        capture c = one_packet();
        put_at(&c, rows[i].at, rows[i].number, 4);
        check_end(open_capture(&c), CES_READ_FAILED);
        close_capture(&c);
    }
}

/* Behind four bytes of a packet an option stands: one that fits, or not. */
static void
test_pcapng_packet_options(void)
{
    capture c = one_packet();

    put_at(&c, PACKET_AT + 20, 4, 4);
    put_at(&c, PACKET_AT + 32, 0x00000065, 4);
    ces_reader *reader = open_capture(&c);
    g_assert_cmpuint(next_frame(reader).captured, ==, 4);
    check_end(reader, CES_READ_END);
    put_at(&c, PACKET_AT + 32, 0x00640065, 4);
    check_end(open_capture(&c), CES_READ_FAILED);
    close_capture(&c);
}

static void
test_pcapng_cut(void)
{
    capture c = one_packet();

    for (guint length = 12; length < c.bytes->len; length++)
        check_end(open_bytes(c.bytes->data, length),
                  length == SECTION_LENGTH || length == PACKET_AT ? CES_READ_END : CES_READ_CUT);
    close_capture(&c);
}

/* Block lengths that leave out the padding (some programs wrote them). */
static void
test_pcapng_unpadded(void)
{
    capture c = one_packet();

    put_at(&c, PACKET_AT + 4, 37, 4);
    put_at(&c, PACKET_AT + 36, 37, 4);
    ces_reader *reader = open_capture(&c);
    ces_frame frame = next_frame(reader);
    check_text(&frame, "frame");
    check_end(reader, CES_READ_END);
    close_capture(&c);
}

/* --- compressed -------------------------------------------------------------------------- */

/* What the program makes of the bytes; NULL if it is not installed. */
static GByteArray *
compressed(const char *program, const guint8 *bytes, gsize length)
{
    char *found = g_find_program_in_path(program), *path = file_of(bytes, length), *quoted, *command;
    gchar *output = NULL;
    GByteArray *result = NULL;

    if (found) {
        quoted = g_shell_quote(path);
        command = g_strdup_printf("sh -c \"%s -c < %s | od -An -v -tx1 | tr -d ' \\n'\"", program, quoted);
        g_assert_true(g_spawn_command_line_sync(command, &output, NULL, NULL, NULL));
        result = g_byte_array_new();
        for (const char *digit = output; digit[0] && digit[1]; digit += 2) {
            guint8 byte = (guint8)(g_ascii_xdigit_value(digit[0]) << 4 | g_ascii_xdigit_value(digit[1]));
            g_byte_array_append(result, &byte, 1);
        }
        g_free(quoted);
        g_free(command);
    }
    g_unlink(path);
    g_free(found);
    g_free(path);
    g_free(output);
    return result;
}

static const char *const programs[] = {"gzip", "zstd", "lz4", "xz", "bzip2"};

/* Enough of them that a cut loses some and keeps some. */
static capture
many_packets(guint count)
{
    capture c = capture_new(FALSE);
    GRand *random = g_rand_new_with_seed(215674);

    put_pcap_header(&c, MICRO, 1);
    for (guint i = 0; i < count; i++) {
        char text[200];
        for (gsize at = 0; at < sizeof text - 1; at++)
            text[at] = (char)g_rand_int_range(random, 1, 127);
        text[sizeof text - 1] = '\0';
        put_pcap_record(&c, i, 0, text, 199);
    }
    g_rand_free(random);
    return c;
}

static guint
count_frames(ces_reader *reader, ces_read expected)
{
    ces_frame frame;
    guint count = 0;
    ces_read answer;
    GError *error = NULL;

    while ((answer = ces_reader_next(reader, &frame, &error)) == CES_READ_FRAME)
        g_assert_cmpuint(frame.number, ==, ++count);
    g_assert_cmpint(answer, ==, expected);
    g_clear_error(&error);
    ces_reader_free(reader);
    return count;
}

static void
test_compressed(void)
{
    enum { PACKETS = 6000 }; /* more than all buffers between */
    capture c = many_packets(PACKETS);

    for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
        GByteArray *small = compressed(programs[i], c.bytes->data, c.bytes->len);
        if (!small)
            continue;
        g_test_message("%s", programs[i]);
        g_assert_cmpuint(small->len, <, c.bytes->len);
        g_assert_cmpuint(count_frames(open_bytes(small->data, small->len), CES_READ_END), ==, PACKETS);
        guint cut = count_frames(open_bytes(small->data, small->len / 2), CES_READ_CUT);
        g_assert_cmpuint(cut, <, PACKETS);
        if (i < 2) /* the others compress all of it in one block */
            g_assert_cmpuint(cut, >, PACKETS / 4);
        g_byte_array_free(small, TRUE);
    }
    close_capture(&c);
}

/* Two files one behind the other are one file, in all of these formats. */
static void
test_members(void)
{
    capture c = many_packets(1000);
    guint half = 24 + 500 * (16 + 199);

    for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
        GByteArray *first = compressed(programs[i], c.bytes->data, half);
        if (!first)
            continue;
        GByteArray *second = compressed(programs[i], c.bytes->data + half, c.bytes->len - half);
        g_byte_array_append(first, second->data, second->len);
        g_assert_cmpuint(count_frames(open_bytes(first->data, first->len), CES_READ_END), ==, 1000);
        g_byte_array_free(first, TRUE);
        g_byte_array_free(second, TRUE);
    }
    close_capture(&c);
}

static void
test_compression_damaged(void)
{
    capture c = many_packets(6000);

    for (gsize i = 0; i < 3; i++) {
        GByteArray *small = compressed(programs[i], c.bytes->data, c.bytes->len);
        if (!small)
            continue;
        memset(small->data + small->len / 2, 0x5a, 64);
        ces_reader *reader = open_bytes(small->data, small->len);
        ces_frame frame;
        GError *error = NULL;
        ces_read answer;
        while ((answer = ces_reader_next(reader, &frame, &error)) == CES_READ_FRAME)
            ;
        g_assert_cmpint(answer, ==, CES_READ_FAILED);
        g_assert_error(error, CES_READER_ERROR, CES_READER_ERROR_DAMAGED);
        g_clear_error(&error);
        ces_reader_free(reader);
        g_byte_array_free(small, TRUE);
    }
    close_capture(&c);
}

/* --- pipes ---------------------------------------------------------------------------------- */

typedef struct {
    int descriptor;
    const guint8 *bytes;
    gsize length, piece;
} writer;

static gpointer
write_pieces(gpointer data)
{
    const writer *w = data;
    sigset_t pipe_signal; /* that nobody reads any more is no trouble of this thread */

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    for (gsize at = 0; at < w->length;) {
        gssize written = write(w->descriptor, w->bytes + at, MIN(w->piece, w->length - at));
        if (written <= 0)
            break;
        at += (gsize)written;
    }
    close(w->descriptor);
    return NULL;
}

static guint
count_through_pipe(const guint8 *bytes, gsize length, gsize piece)
{
    int ends[2];
    writer w = {.bytes = bytes, .length = length, .piece = piece};

    g_assert_cmpint(pipe(ends), ==, 0);
    w.descriptor = ends[1];
    g_assert_cmpint(fcntl(ends[1], F_SETFD, FD_CLOEXEC), ==, 0);
    GThread *thread = g_thread_new("writer", write_pieces, &w);
    guint count = count_frames(ces_reader_open_descriptor(ends[0]), CES_READ_END);
    g_thread_join(thread);
    return count;
}

static void
test_pipe(void)
{
    static const gsize pieces[] = {1, 7, 4096, 1 << 20};
    capture c = many_packets(300);

    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_assert_cmpuint(count_through_pipe(c.bytes->data, c.bytes->len, pieces[i]), ==, 300);
        for (gsize p = 0; p < G_N_ELEMENTS(programs); p++) {
            GByteArray *small = compressed(programs[p], c.bytes->data, c.bytes->len);
            if (!small)
                continue;
            g_assert_cmpuint(count_through_pipe(small->data, small->len, pieces[i]), ==, 300);
            g_byte_array_free(small, TRUE);
        }
    }
    close_capture(&c);
}

/* Nobody waits for a program, or for a pipe that stays open, when the reader is closed early. */
static void
test_close_early(void)
{
    capture c = many_packets(6000);

    for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
        GByteArray *small = compressed(programs[i], c.bytes->data, c.bytes->len);
        int ends[2];
        if (!small)
            continue;
        ces_reader *reader = open_bytes(small->data, small->len);
        next_frame(reader);
        ces_reader_free(reader);
        g_assert_cmpint(pipe(ends), ==, 0);
        g_assert_cmpint(fcntl(ends[1], F_SETFD, FD_CLOEXEC), ==, 0);
        reader = ces_reader_open_descriptor(ends[0]);
        writer w = {ends[1], small->data, small->len, small->len};
        GThread *thread = g_thread_new("writer", write_pieces, &w);
        next_frame(reader);
        ces_reader_free(reader);
        g_thread_join(thread);
        g_byte_array_free(small, TRUE);
    }
    close_capture(&c);
}

/* --- others ------------------------------------------------------------------------------------ */

static void
test_not_there(void)
{
    GError *error = NULL;

    g_assert_null(ces_reader_open("/nonexistent/capture", &error));
    g_assert_error(error, CES_READER_ERROR, CES_READER_ERROR_READ);
    g_clear_error(&error);
    ces_reader *reader = ces_reader_open(g_get_tmp_dir(), &error); /* a folder opens, and cannot be read */
    g_assert_no_error(error);
    check_end(reader, CES_READ_FAILED);
}

/* The whole file, decompressed, from its first byte on. */
static void
test_spool(void)
{
    GByteArray *text = g_byte_array_new();

    for (guint i = 0; i < 100000; i++)
        g_byte_array_append(text, (const guint8 *)&i, sizeof i);
    GByteArray *small = compressed("gzip", text->data, text->len);
    char *path = file_of("", 0), *copy;
    gsize length;
    ces_reader *reader = open_bytes(small->data, small->len);
    ces_frame frame;
    GError *error = NULL;
    g_assert_cmpint(ces_reader_next(reader, &frame, &error), ==, CES_READ_OTHER_FORMAT);
    int descriptor = open(path, O_WRONLY);
    g_assert_true(ces_reader_spool(reader, descriptor, &error));
    g_assert_no_error(error);
    close(descriptor);
    g_assert_true(g_file_get_contents(path, &copy, &length, NULL));
    g_assert_cmpmem(copy, length, text->data, text->len);
    ces_reader_free(reader);
    g_unlink(path);
    g_free(path);
    g_free(copy);
    g_byte_array_free(small, TRUE);
    g_byte_array_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reader/pcap", test_pcap);
    g_test_add_func("/reader/pcap-check-sequence", test_pcap_check_sequence);
    g_test_add_func("/reader/pcap-time", test_pcap_time);
    g_test_add_func("/reader/pcap-cut", test_pcap_cut);
    g_test_add_func("/reader/pcap-too-large", test_pcap_too_large);
    g_test_add_func("/reader/other-formats", test_other_formats);
    g_test_add_func("/reader/pcapng", test_pcapng);
    g_test_add_func("/reader/pcapng-times", test_pcapng_times);
    g_test_add_func("/reader/pcapng-old-blocks", test_pcapng_old_blocks);
    g_test_add_func("/reader/pcapng-sections", test_pcapng_sections);
    g_test_add_func("/reader/pcapng-secrets", test_pcapng_secrets);
    g_test_add_func("/reader/pcapng-check-sequence", test_pcapng_check_sequence);
    g_test_add_func("/reader/pcapng-names", test_pcapng_names);
    g_test_add_func("/reader/pcapng-bad-names", test_pcapng_bad_names);
    g_test_add_func("/reader/pcapng-damaged", test_pcapng_damaged);
    g_test_add_func("/reader/pcapng-packet-options", test_pcapng_packet_options);
    g_test_add_func("/reader/pcapng-cut", test_pcapng_cut);
    g_test_add_func("/reader/pcapng-unpadded", test_pcapng_unpadded);
    g_test_add_func("/reader/compressed", test_compressed);
    g_test_add_func("/reader/members", test_members);
    g_test_add_func("/reader/compression-damaged", test_compression_damaged);
    g_test_add_func("/reader/pipe", test_pipe);
    g_test_add_func("/reader/close-early", test_close_early);
    g_test_add_func("/reader/not-there", test_not_there);
    g_test_add_func("/reader/spool", test_spool);
    return g_test_run();
}
