/* hash.h
 * Hashes of what stands in a capture. Whoever writes a capture cannot choose
 * keys that collide, since every run begins with another number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_HASH_H
#define CES_HASH_H

#include <glib.h>

/* Where a hash begins. The same during one run. */
guint64 ces_hash_seed(void);

/* Mixes a value into a hash: every bit of it reaches the upper and the lower half. */
static inline guint64
ces_hash_mix(guint64 hash, guint64 value)
{
    hash = (hash ^ value) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

#endif
