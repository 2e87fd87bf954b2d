/* address.c
 * Addresses and networks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/address.h>

#ifdef _WIN32
#    include <ws2tcpip.h>
#else
#    include <arpa/inet.h>
#endif

#include <string.h>

#include <ces/vocabulary.h>

#include "base/hash.h"

enum { ADDRESS_BITS = 128 };

/* 64:ff9b::/96: the upper half, and what the lower half begins with. */
#define NAT64_HIGH G_GUINT64_CONSTANT(0x0064ff9b00000000)
#define NAT64_LOW 0

static guint64
read_big_endian(const guint8 *bytes)
{
    guint64 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT64_FROM_BE(value);
}

ces_address
ces_address_from_ipv4(const guint8 bytes[4])
{
    guint32 value;
    memcpy(&value, bytes, sizeof value);
    return (ces_address){0, GUINT32_FROM_BE(value), TRUE};
}

ces_address
ces_address_from_ipv6(const guint8 bytes[16])
{
    return (ces_address){read_big_endian(bytes), read_big_endian(bytes + 8), FALSE};
}

gboolean
ces_address_is_ipv4(const ces_address *address)
{
    return address->is_ipv4 != 0;
}

gboolean
ces_address_in_nat64(const ces_address *address, ces_address *ipv4)
{
    if (address->is_ipv4 || address->high != NAT64_HIGH || address->low >> 32 != NAT64_LOW)
        return FALSE;
    *ipv4 = (ces_address){0, address->low & G_MAXUINT32, TRUE};
    return TRUE;
}

int
ces_address_compare(const ces_address *a, const ces_address *b)
{
    if (a->is_ipv4 != b->is_ipv4)
        return a->is_ipv4 ? 1 : -1;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return 0;
}

guint
ces_address_hash(gconstpointer key)
{
    const ces_address *address = (const ces_address *)key;
    return (guint)ces_hash_mix(ces_hash_mix(ces_hash_seed(), address->high ^ address->is_ipv4), address->low);
}

gboolean
ces_address_equal(gconstpointer a, gconstpointer b)
{
    return ces_address_compare((const ces_address *)a, (const ces_address *)b) == 0;
}

gsize
ces_address_bytes(const ces_address *address, guint8 bytes[16])
{
    guint64 halves[2] = {GUINT64_TO_BE(address->high), GUINT64_TO_BE(address->low)};
    gsize skipped = address->is_ipv4 ? 12 : 0;

    memcpy(bytes, (const guint8 *)halves + skipped, sizeof halves - skipped);
    return sizeof halves - skipped;
}

/* Where the bits of an address of this family begin among 128. */
static guint
bits_before(const ces_address *address)
{
    return address->is_ipv4 ? CES_IPV4_BITS_BEFORE : 0;
}

/* The bits of an address that the network's prefix leaves free. */
static ces_address
host_bits(const ces_network *network)
{
    guint8 length = network->length;
    ces_address mask = {0, 0, network->prefix.is_ipv4};

    if (length < 64)
        mask.high = length ? G_MAXUINT64 >> length : G_MAXUINT64;
    if (length < ADDRESS_BITS)
        mask.low = length > 64 ? G_MAXUINT64 >> (length - 64) : G_MAXUINT64;
    return mask;
}

ces_address
ces_network_last(const ces_network *network)
{
    ces_address mask = host_bits(network);
    return (ces_address){network->prefix.high | mask.high, network->prefix.low | mask.low, network->prefix.is_ipv4};
}

/* One to three digits without sign or leading zero, at most `limit`. */
static gboolean
parse_length(const char *text, int limit, guint8 *length)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || text[digits] != '\0' || (digits > 1 && text[0] == '0'))
        return FALSE;
    gint64 value = g_ascii_strtoll(text, NULL, 10);
    if (value > limit)
        return FALSE;
    *length = (guint8)value;
    return TRUE;
}

static gboolean
parse_address(const char *text, ces_address *address)
{
    guint8 bytes[16];

    if (inet_pton(AF_INET, text, bytes) == 1)
        *address = ces_address_from_ipv4(bytes);
    else if (inet_pton(AF_INET6, text, bytes) == 1)
        *address = ces_address_from_ipv6(bytes);
    else
        return FALSE;
    return TRUE;
}

/* NULL, or what is wrong with the text. */
static const char *
parse_network(char *text, ces_network *network)
{
    char *slash = strchr(text, '/');

    if (slash)
        *slash = '\0';
    if (!parse_address(text, &network->prefix))
        return "is not an IPv4 or IPv6 network; write 203.0.113.0/24, 2001:db8::/32 or a single address";
    guint before = bits_before(&network->prefix);
    network->length = (guint8)(ADDRESS_BITS - before);
    if (slash && !parse_length(slash + 1, network->length, &network->length))
        return before ? "has no prefix length from 0 to 32 after the slash"
                      : "has no prefix length from 0 to 128 after the slash";
    network->length = (guint8)(network->length + before);

    ces_address mask = host_bits(network);
    if ((network->prefix.high & mask.high) || (network->prefix.low & mask.low))
        return "has bits set beyond its prefix length";
    return NULL;
}

gboolean
ces_network_parse(const char *text, ces_network *network, GError **error)
{
    char *copy = g_strstrip(g_strdup(text));
    const char *fault = parse_network(copy, network);

    g_free(copy);
    if (fault)
        g_set_error(error, CES_ERROR, CES_ERROR_NETWORK, "\"%s\" %s", text, fault);
    return fault == NULL;
}

guint
ces_network_hash(gconstpointer key)
{
    const ces_network *network = (const ces_network *)key;
    guint64 mixed = (network->prefix.high * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) ^ network->prefix.low;

    mixed ^= network->length;
    return (guint)(mixed ^ (mixed >> 29));
}

gboolean
ces_network_equal(gconstpointer left, gconstpointer right)
{
    const ces_network *a = (const ces_network *)left;
    const ces_network *b = (const ces_network *)right;
    return a->length == b->length && ces_address_compare(&a->prefix, &b->prefix) == 0;
}
