/* digits.h
 * Numbers in text, where printf would cost more than all else.
 *
 * Each function writes at `at` without a final NUL and returns where it ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DIGITS_H
#define CES_DIGITS_H

#include <string.h>

#include <glib.h>

/* Room for the digits of any guint64. */
enum { CES_DIGITS = 20 };

/* "00" to "99", one after the other. */
extern const char ces_digit_pairs[];

/* Two digits of a number below 100. */
static inline char *
ces_put_two(char *at, guint number)
{
    memcpy(at, ces_digit_pairs + (gsize)2 * number, 2);
    return at + 2;
}

static inline char *
ces_put_number(char *at, guint64 number)
{
    if (number < 10) {
        *at++ = (char)('0' + number);
        return at;
    }
    char *end = at + 2;
    for (guint64 rest = number / 10; rest >= 10; rest /= 10)
        end++;
    for (at = end; number >= 100; number /= 100)
        ces_put_two(at -= 2, (guint)(number % 100));
    if (number >= 10)
        ces_put_two(at - 2, (guint)number);
    else
        at[-1] = (char)('0' + number);
    return end;
}

#endif
