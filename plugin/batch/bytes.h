/* bytes.h
 * Numbers in network byte order, and spans of a frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_BYTES_H
#define CES_BYTES_H

#include <glib.h>

static inline guint16
ces_read16(const guint8 *bytes)
{
    return (guint16)(bytes[0] << 8 | bytes[1]);
}

static inline guint32
ces_read32(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* A part of a frame: as it was sent, and how much of that was captured.
 * captured <= sent always holds. */
typedef struct {
    const guint8 *at;
    guint32 captured, sent;
} ces_span;

/* What lies behind the first `length` bytes; empty if that is more than was sent. */
static inline ces_span
ces_span_behind(ces_span span, guint32 length)
{
    span.at += MIN(length, span.captured);
    span.captured -= MIN(length, span.captured);
    span.sent -= MIN(length, span.sent);
    return span;
}

/* No more than the first `length` bytes. */
static inline ces_span
ces_span_cut(ces_span span, guint32 length)
{
    span.sent = MIN(span.sent, length);
    span.captured = MIN(span.captured, length);
    return span;
}

#endif
