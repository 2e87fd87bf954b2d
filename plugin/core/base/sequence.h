/* sequence.h
 * Arithmetic of TCP sequence numbers, which wrap (RFC 9293 section 3.4, RFC 1982).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SEQUENCE_H
#define CES_SEQUENCE_H

#include <glib.h>

/* The largest window that TCP allows (RFC 7323 section 2.3): a number farther
 * away is no part of the connection. */
#define CES_LARGEST_WINDOW (1u << 30)

/* TRUE if `number` lies behind `start`, by `reach` at most. */
static inline gboolean
ces_sequence_follows(guint32 number, guint32 start, guint32 reach)
{
    return number - start - 1 < reach;
}

/* How far two numbers lie apart, in either direction. */
static inline guint32
ces_sequence_distance(guint32 a, guint32 b)
{
    return MIN(a - b, b - a);
}

/* The later of two numbers. */
static inline guint32
ces_sequence_later(guint32 a, guint32 b)
{
    return a - b < G_MAXUINT32 / 2 ? a : b;
}

#endif
