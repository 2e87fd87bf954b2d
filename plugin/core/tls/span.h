/* span.h
 * Reading from the front of a stretch of bytes that may end anywhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SPAN_H
#define CES_SPAN_H

#include <glib.h>

/* A stretch of bytes of which the front is used up. */
typedef struct {
    const guint8 *at;
    gsize left;
} span;

/* Takes `length` bytes from the front; FALSE, and nothing taken, if there are
 * fewer. */
static inline gboolean
take_bytes(span *from, gsize length, span *taken)
{
    if (from->left < length)
        return FALSE;
    *taken = (span){from->at, length};
    from->at += length;
    from->left -= length;
    return TRUE;
}

/* A big-endian number of 1 to 3 bytes. */
static inline gboolean
take_number(span *from, gsize width, gsize *number)
{
    span digits;

    if (!take_bytes(from, width, &digits))
        return FALSE;
    *number = 0;
    for (gsize i = 0; i < width; i++)
        *number = *number << 8 | digits.at[i];
    return TRUE;
}

/* A vector: its length in `width` bytes, then that many (RFC 8446 section 3.4). */
static inline gboolean
take_vector(span *from, gsize width, span *vector)
{
    gsize length;
    return take_number(from, width, &length) && take_bytes(from, length, vector);
}

/* The same, but what is cut off at the end is left out. */
static inline gboolean
take_vector_so_far(span *from, gsize width, span *vector)
{
    gsize length;
    return take_number(from, width, &length) && take_bytes(from, MIN(length, from->left), vector);
}

#endif
