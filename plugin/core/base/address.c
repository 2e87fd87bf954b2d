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

#define IPV4_MAPPED G_GUINT64_CONSTANT(0x0000ffff00000000)
#define IPV4_BITS_BEFORE 96
#define ADDRESS_BITS 128

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
    return (ces_address){0, IPV4_MAPPED | GUINT32_FROM_BE(value)};
}

ces_address
ces_address_from_ipv6(const guint8 bytes[16])
{
    return (ces_address){read_big_endian(bytes), read_big_endian(bytes + 8)};
}

gboolean
ces_address_is_ipv4(const ces_address *address)
{
    return address->high == 0 && (address->low >> 32) == (IPV4_MAPPED >> 32);
}

int
ces_address_compare(const ces_address *a, const ces_address *b)
{
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return 0;
}

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

guint
ces_address_hash(gconstpointer key)
{
    const ces_address *address = (const ces_address *)key;
    guint64 mixed = (address->high ^ ces_hash_seed()) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

    mixed = ((mixed ^ (mixed >> 32)) + address->low) * G_GUINT64_CONSTANT(0xd6e8feb86659fd93);
    return (guint)(mixed >> 32);
}

gboolean
ces_address_equal(gconstpointer a, gconstpointer b)
{
    return ces_address_compare((const ces_address *)a, (const ces_address *)b) == 0;
}

const char *
ces_address_text(const ces_address *address, char *text)
{
    guint64 bytes[2] = {GUINT64_TO_BE(address->high), GUINT64_TO_BE(address->low)};

    if (ces_address_is_ipv4(address))
        inet_ntop(AF_INET, (const guint8 *)bytes + 12, text, CES_ADDRESS_TEXT);
    else
        inet_ntop(AF_INET6, bytes, text, CES_ADDRESS_TEXT);
    return text;
}

/* The bits of the address that a prefix of this length leaves free. */
static ces_address
host_bits(guint8 length)
{
    ces_address mask = {0, 0};

    if (length < 64)
        mask.high = length ? G_MAXUINT64 >> length : G_MAXUINT64;
    if (length < 128)
        mask.low = length > 64 ? G_MAXUINT64 >> (length - 64) : G_MAXUINT64;
    return mask;
}

ces_address
ces_network_last(const ces_network *network)
{
    ces_address free_bits = host_bits(network->length);
    return (ces_address){network->prefix.high | free_bits.high, network->prefix.low | free_bits.low};
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

/* `length` is what the text may say at most: 32 or 128. */
static gboolean
parse_address(const char *text, ces_address *address, int *length)
{
    guint8 bytes[16];

    if (inet_pton(AF_INET, text, bytes) == 1) {
        *address = ces_address_from_ipv4(bytes);
        *length = ADDRESS_BITS - IPV4_BITS_BEFORE;
        return TRUE;
    }
    if (inet_pton(AF_INET6, text, bytes) == 1) {
        *address = ces_address_from_ipv6(bytes);
        *length = ADDRESS_BITS;
        return TRUE;
    }
    return FALSE;
}

/* NULL, or what is wrong with the text. */
static const char *
parse_network(char *text, ces_network *network)
{
    int most;
    char *slash = strchr(text, '/');

    if (slash)
        *slash = '\0';
    if (!parse_address(text, &network->prefix, &most))
        return "is not an IPv4 or IPv6 network; write 203.0.113.0/24, 2001:db8::/32 or a single address";
    network->length = (guint8)most;
    if (slash && !parse_length(slash + 1, most, &network->length))
        return most == ADDRESS_BITS ? "has no prefix length from 0 to 128 after the slash"
                                    : "has no prefix length from 0 to 32 after the slash";
    network->length = (guint8)(network->length + ADDRESS_BITS - most);

    ces_address free_bits = host_bits(network->length);
    if ((network->prefix.high & free_bits.high) || (network->prefix.low & free_bits.low))
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
