/* address.h
 * An IP address: its family and its number, and networks of them.
 *
 * The two families are two spaces. An IPv6 packet may carry any of the 2^128
 * numbers, IPv4-mapped ones (::ffff:0:0/96, RFC 4291 section 2.5.5.2) too, so
 * no range of them can stand for IPv4: who sends ::ffff:192.0.2.1 as IPv6 is
 * not 192.0.2.1, and a network of one family holds no address of the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ADDRESS_H
#define CES_ADDRESS_H

#include <glib.h>

/* The two halves of an IPv6 address, or 0 and the IPv4 address, each in host
 * byte order. Packed to 20 bytes, so that with its port it takes no more than
 * the number alone would: every connection holds two. */
#pragma pack(push, 4)
typedef struct {
    guint64 high;
    guint64 low;
    guint32 is_ipv4; /* 0 or 1 */
} ces_address;
#pragma pack(pop)

/* From the bytes of an IP header, in network byte order. */
ces_address ces_address_from_ipv4(const guint8 bytes[4]);
ces_address ces_address_from_ipv6(const guint8 bytes[16]);

gboolean ces_address_is_ipv4(const ces_address *address);

/* The other way round: the bytes as they stand in the header. Returns how many
 * they are, 4 or 16. */
gsize ces_address_bytes(const ces_address *address, guint8 bytes[16]);

/* Whether it is an IPv4 host as seen through NAT64 under the well-known prefix
 * 64:ff9b::/96 (RFC 6052 section 2.1); then `ipv4` is that host. */
gboolean ces_address_in_nat64(const ces_address *address, ces_address *ipv4);

/* Less than, equal to or greater than zero, like memcmp; all of IPv6 before
 * all of IPv4. */
int ces_address_compare(const ces_address *a, const ces_address *b);

/* For hash tables keyed by ces_address (GHashFunc, GEqualFunc). */
guint ces_address_hash(gconstpointer address);
gboolean ces_address_equal(gconstpointer a, gconstpointer b);

/* Room for any address in text, with the final NUL. */
#define CES_ADDRESS_TEXT 46

/* Writes the address in its usual text form (RFC 5952 for IPv6, with the last
 * four bytes dotted where it is IPv4-mapped; dotted for IPv4) into `text`, which
 * must have CES_ADDRESS_TEXT bytes; returns `text`. */
const char *ces_address_text(const ces_address *address, char *text);

/* A network: the prefix with all host bits zero, and its length counted in
 * 128 bits for both families (an IPv4 /24 is 120, one host is 128). */
typedef struct {
    ces_address prefix;
    guint8 length;
} ces_network;
/* Bits that an IPv4 prefix has in front of its own. */
enum { CES_IPV4_BITS_BEFORE = 96 };

/* Parses "192.0.2.0/24", "2001:db8::/32" or a single address, which is a /32
 * or /128. Surrounding blanks are ignored. Host bits must be zero: a row like
 * 192.0.2.7/24 is more likely a typing error than a wish. What is typed as
 * IPv6 is IPv6: "::ffff:192.0.2.0/120" is a network of IPv4-mapped addresses
 * as they are shown where packets carry them, and holds no IPv4 host.
 * Returns FALSE and sets `error` (CES_ERROR_NETWORK, quoting `text`) otherwise. */
gboolean ces_network_parse(const char *text, ces_network *network, GError **error);

/* Room for any network in text, with the final NUL. */
#define CES_NETWORK_TEXT (CES_ADDRESS_TEXT + 4)

/* Writes it as "192.0.2.0/24" into `text`, which must have CES_NETWORK_TEXT
 * bytes; returns `text`. */
const char *ces_network_text(const ces_network *network, char *text);

/* For hash tables keyed by ces_network (GHashFunc, GEqualFunc). */
guint ces_network_hash(gconstpointer network);
gboolean ces_network_equal(gconstpointer a, gconstpointer b);

/* The last address of the network. */
ces_address ces_network_last(const ces_network *network);

#endif
