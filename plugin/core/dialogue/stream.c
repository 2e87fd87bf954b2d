/* stream.c
 * Placing segments in a stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/stream.h"

/* A number farther ahead is no part of this stream: the largest window that
 * TCP allows (RFC 7323 section 2.3). */
#define LARGEST_WINDOW (1u << 30)

/* More than can be counted stays more than nothing. */
static void
add_missing(ces_stream *stream, guint32 bytes)
{
    stream->missing += MIN(bytes, G_MAXUINT32 - stream->missing);
}

void
ces_stream_start(ces_stream *stream, guint32 sequence)
{
    if (stream->placed)
        return;
    stream->next = sequence;
    stream->placed = TRUE;
    stream->from_start = TRUE;
}

/* Moves to the first new byte. FALSE if the segment holds none. Numbers wrap,
 * so they are compared by their distance (RFC 1982). */
static gboolean
skip_known(ces_stream *stream, guint32 sequence, guint32 sent, guint32 *known)
{
    guint32 ahead = sequence - stream->next;
    guint32 behind = stream->next - sequence;

    *known = 0;
    if (ahead < LARGEST_WINDOW) {
        add_missing(stream, ahead);
        if (ahead > 0)
            stream->from_start = FALSE;
        return TRUE;
    }
    if (behind >= sent)
        return FALSE;
    *known = behind;
    return TRUE;
}

gboolean
ces_stream_add(ces_stream *stream, guint32 sequence, const guint8 *bytes, guint32 captured, guint32 sent,
               ces_piece *piece)
{
    guint32 known;

    if (sent == 0 || captured > sent)
        return FALSE;
    if (!stream->placed) {
        stream->next = sequence;
        stream->placed = TRUE;
    }
    if (!skip_known(stream, sequence, sent, &known))
        return FALSE;
    stream->next = sequence + sent;
    stream->any = TRUE;
    if (captured < sent)
        stream->from_start = FALSE;
    if (captured <= known) {
        add_missing(stream, sent - known);
        return FALSE;
    }
    *piece = (ces_piece){bytes + known, captured - known, stream->missing};
    stream->missing = sent - captured;
    return TRUE;
}

gboolean
ces_stream_whole(const ces_stream *stream, guint32 sequence)
{
    return stream->from_start && stream->next == sequence;
}
