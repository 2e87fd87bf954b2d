/* hash.c
 * The number that hashes begin with.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/hash.h"

guint64
ces_hash_seed(void)
{
    static gsize ready;
    static guint64 seed;

    if (g_once_init_enter(&ready)) {
        seed = ((guint64)g_random_int() << 32) | g_random_int();
        g_once_init_leave(&ready, 1);
    }
    return seed;
}
