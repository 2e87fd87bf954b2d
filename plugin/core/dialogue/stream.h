/* stream.h
 * The bytes that one end of a TCP connection sends, as far as a capture shows
 * them: which part of a segment is new, and what is missing before it.
 *
 * Nothing is kept here for later: a segment that comes after one with a larger
 * number is old, and what it could have filled stays missing (what changed
 * places within moments, overtaken.h puts right before). Whoever reads the
 * stream must be able to say "unknown".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_STREAM_H
#define CES_STREAM_H

#include <glib.h>

/* Zeroed is a stream of which nothing is known. */
typedef struct {
    guint32 next;      /* the sequence number that continues the stream */
    guint32 missing;   /* bytes that were sent before `next` and not captured, G_MAXUINT32 if more */
    guint8 placed;     /* `next` holds a number */
    guint8 from_start; /* the stream is known from its first byte */
    guint8 any;        /* something was sent */
} ces_stream;

/* What is new in a segment. Borrowed from the segment. */
typedef struct {
    const guint8 *bytes;
    guint32 length;
    guint32 missing; /* bytes sent between the piece before and this one, and not captured */
} ces_piece;

/* Says that the stream starts at this sequence number: that of the opening
 * plus one. Nothing happens if the stream has begun. */
void ces_stream_start(ces_stream *stream, guint32 sequence);

/* Adds a segment of `sent` bytes, the first `captured` of which are at
 * `bytes`. TRUE, and `piece` filled, if some of them are new. */
gboolean ces_stream_add(ces_stream *stream, guint32 sequence, const guint8 *bytes, guint32 captured, guint32 sent,
                        ces_piece *piece);

/* Whether everything that was sent up to this sequence number was captured,
 * from the first byte on. */
gboolean ces_stream_whole(const ces_stream *stream, guint32 sequence);

#endif
