/* dns_stream.c
 * DNS over TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/dns_stream.h"

#include <string.h>

#include "dialogue/stream.h"

enum { LENGTH_WIDTH = 2, SHORTEST_MESSAGE = 12 };

/* What one end of a connection sends. */
typedef struct {
    ces_socket source, destination;
    ces_stream placing;
    GByteArray *pending; /* the beginning of a message with its length; NULL: the place is free */
    guint32 skip;        /* bytes of a message that is passed over, still to come */
    gboolean lost;       /* where the next message begins is not known */
    guint64 touched;     /* when a segment came last */
} stream;

struct ces_dns_streams {
    stream kept[CES_DNS_STREAMS_KEPT];
    guint64 clock; /* counts segments */
};

ces_dns_streams *
ces_dns_streams_new(void)
{
    return g_new0(ces_dns_streams, 1);
}

static void
release(stream *s)
{
    if (s->pending)
        g_byte_array_free(s->pending, TRUE);
    *s = (stream){.pending = NULL};
}

void
ces_dns_streams_free(ces_dns_streams *streams)
{
    if (!streams)
        return;
    for (guint i = 0; i < CES_DNS_STREAMS_KEPT; i++)
        release(&streams->kept[i]);
    g_free(streams);
}

/* --- which stream ----------------------------------------------------------------- */

static gboolean
same_socket(const ces_socket *a, const ces_socket *b)
{
    return a->port == b->port && ces_address_equal(&a->address, &b->address);
}

static stream *
find(ces_dns_streams *streams, const ces_segment *segment)
{
    for (guint i = 0; i < CES_DNS_STREAMS_KEPT; i++) {
        stream *s = &streams->kept[i];
        if (s->pending && same_socket(&s->source, &segment->source) &&
            same_socket(&s->destination, &segment->destination))
            return s;
    }
    return NULL;
}

/* The place of a new stream: `old`, if the same ends had one. */
static stream *
begin(ces_dns_streams *streams, const ces_segment *segment, stream *old)
{
    stream *s = old ? old : &streams->kept[0];

    for (guint i = 1; !old && i < CES_DNS_STREAMS_KEPT; i++)
        if (streams->kept[i].touched < s->touched)
            s = &streams->kept[i];
    release(s);
    s->source = segment->source;
    s->destination = segment->destination;
    s->pending = g_byte_array_new();
    s->lost = !(segment->flags & CES_TCP_SYN);
    return s;
}

/* --- its messages -------------------------------------------------------------------- */

static gsize
message_length(const guint8 *bytes)
{
    return (gsize)(bytes[0] << 8 | bytes[1]);
}

/* Whether a message may begin here, where nothing tells for certain: its
 * length holds a head, and the head, if it is there, is that of a question or
 * an answer. */
static gboolean
may_begin(const guint8 *bytes, gsize length)
{
    enum { AT_OPCODE = 4, OPCODE = 0x78, AT_QUESTIONS = 6 };

    if (length < LENGTH_WIDTH)
        return FALSE;
    if (length < LENGTH_WIDTH + SHORTEST_MESSAGE)
        return message_length(bytes) >= SHORTEST_MESSAGE;
    return message_length(bytes) >= SHORTEST_MESSAGE && (bytes[AT_OPCODE] & OPCODE) == 0 &&
           message_length(bytes + AT_QUESTIONS) <= 1;
}

/* Nothing of what is there can be read on. */
static void
lose(stream *s)
{
    g_byte_array_set_size(s->pending, 0);
    s->skip = 0;
    s->lost = TRUE;
}

/* What follows `missing` bytes that were not captured. */
static void
step_over(stream *s, guint32 missing)
{
    if (missing == 0)
        return;
    if (missing <= s->skip)
        s->skip -= missing;
    else
        lose(s);
}

/* How many bytes at this place, of `length`, are a message that is whole; 0:
 * none is, and then `s` knows what to do with what comes. */
static gsize
whole_message(stream *s, const guint8 *bytes, gsize length)
{
    if (length < LENGTH_WIDTH)
        return 0;
    gsize needed = LENGTH_WIDTH + message_length(bytes);
    if (needed < LENGTH_WIDTH + SHORTEST_MESSAGE)
        s->lost = TRUE;
    else if (length >= needed)
        return needed;
    else if (needed > CES_DNS_STREAM_BYTES)
        s->skip = (guint32)(needed - length);
    return 0;
}

/* Hands over what is whole of the pending bytes and drops it. */
static void
take_whole(stream *s, const ces_segment *segment, ces_dns_stream_taker take, gpointer data)
{
    gsize at = 0, message;

    while ((message = whole_message(s, s->pending->data + at, s->pending->len - at)) > 0) {
        take(segment, s->pending->data + at + LENGTH_WIDTH, message - LENGTH_WIDTH, data);
        at += message;
    }
    if (s->lost || s->skip > 0)
        g_byte_array_set_size(s->pending, 0);
    else if (at > 0)
        g_byte_array_remove_range(s->pending, 0, (guint)at);
}

/* Reads bytes that follow those before. There is always room: what fills it is
 * a whole message, or the beginning of one that is passed over. */
static void
read_bytes(stream *s, const guint8 *bytes, gsize length, const ces_segment *segment, ces_dns_stream_taker take,
           gpointer data)
{
    while (length > 0 && !s->lost) {
        gsize skipped = MIN(s->skip, length);
        s->skip -= (guint32)skipped;
        gsize taken = MIN(length - skipped, CES_DNS_STREAM_BYTES - s->pending->len);
        g_byte_array_append(s->pending, bytes + skipped, (guint)taken);
        bytes += skipped + taken;
        length -= skipped + taken;
        take_whole(s, segment, take, data);
    }
}

static stream *
stream_of(ces_dns_streams *streams, const ces_segment *segment)
{
    gboolean opens = (segment->flags & CES_TCP_SYN) != 0;
    stream *s = find(streams, segment);

    if (!s || opens)
        s = begin(streams, segment, s);
    if (opens)
        ces_stream_start(&s->placing, segment->sequence + 1);
    s->touched = ++streams->clock;
    return s;
}

void
ces_dns_streams_add(ces_dns_streams *streams, const ces_segment *segment, ces_dns_stream_taker take, gpointer data)
{
    guint32 first = segment->sequence + ((segment->flags & CES_TCP_SYN) ? 1 : 0);
    ces_piece piece;

    if (!segment->has_flags || !(segment->payload || (segment->flags & CES_TCP_SYN)))
        return;
    stream *s = stream_of(streams, segment);
    if (!ces_stream_add(&s->placing, first, segment->bytes, segment->captured, segment->payload, &piece))
        return;
    step_over(s, piece.missing);
    if (s->lost && may_begin(piece.bytes, piece.length))
        s->lost = FALSE;
    read_bytes(s, piece.bytes, piece.length, segment, take, data);
}
