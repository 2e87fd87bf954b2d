/* address_text.c
 * Addresses as text (RFC 5952).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/address_text.h"

#include "base/digits.h"

enum { GROUPS = 8, NO_RUN = -1 };

static char *
put_octet(char *at, guint octet)
{
    if (octet >= 100) {
        *at++ = (char)('0' + octet / 100);
        return ces_put_two(at, octet % 100);
    }
    if (octet >= 10)
        return ces_put_two(at, octet);
    *at++ = (char)('0' + octet);
    return at;
}

static char *
put_ipv4(char *at, const guint8 bytes[4])
{
    at = put_octet(at, bytes[0]), *at++ = '.';
    at = put_octet(at, bytes[1]), *at++ = '.';
    at = put_octet(at, bytes[2]), *at++ = '.';
    return put_octet(at, bytes[3]);
}

/* A run of groups that are zero. */
typedef struct {
    int first, length;
} run;

/* The longest one of at least two groups, of several the first (section 4.2.3). */
static run
longest_run(const guint16 groups[GROUPS])
{
    run longest = {NO_RUN, 1}, here = {0, 0};

    for (int i = 0; i < GROUPS; i++) {
        here = groups[i] ? (run){i + 1, 0} : (run){here.first, here.length + 1};
        if (here.length > longest.length)
            longest = here;
    }
    return longest;
}

static char *
put_group(char *at, guint group)
{
    static const char digits[] = "0123456789abcdef";

    if (group > 0xfff)
        *at++ = digits[group >> 12];
    if (group > 0xff)
        *at++ = digits[group >> 8 & 0xf];
    if (group > 0xf)
        *at++ = digits[group >> 4 & 0xf];
    *at++ = digits[group & 0xf];
    return at;
}

/* Whether the last two groups are an IPv4 address: ::192.0.2.1, ::ffff:192.0.2.1
 * (section 5). */
static gboolean
ends_in_ipv4(run zeros, const guint16 groups[GROUPS])
{
    return zeros.first == 0 && (zeros.length == 6 || (zeros.length == 5 && groups[5] == 0xffff));
}

static char *
put_ipv6(char *at, const guint8 bytes[16])
{
    guint16 groups[GROUPS];
    const guint8 *next = bytes;

    for (int i = 0; i < GROUPS; i++, next += 2)
        groups[i] = (guint16)(next[0] << 8 | next[1]);
    run zeros = longest_run(groups);
    int end = ends_in_ipv4(zeros, groups) ? 6 : GROUPS;

    for (int i = 0; i < end; i++) {
        if (i == zeros.first) {
            *at++ = ':';
            i += zeros.length - 1;
            if (i == GROUPS - 1)
                *at++ = ':';
            continue;
        }
        if (i > 0)
            *at++ = ':';
        at = put_group(at, groups[i]);
    }
    if (end == GROUPS)
        return at;
    *at++ = ':';
    return put_ipv4(at, bytes + 12);
}

char *
ces_put_address(char *at, const ces_address *address)
{
    guint8 bytes[16];

    return ces_address_bytes(address, bytes) == 4 ? put_ipv4(at, bytes) : put_ipv6(at, bytes);
}

const char *
ces_address_text(const ces_address *address, char *text)
{
    *ces_put_address(text, address) = '\0';
    return text;
}

const char *
ces_network_text(const ces_network *network, char *text)
{
    char *at = ces_put_address(text, &network->prefix);

    *at++ = '/';
    *ces_put_number(at, network->length - (network->prefix.is_ipv4 ? CES_IPV4_BITS_BEFORE : 0u)) = '\0';
    return text;
}
