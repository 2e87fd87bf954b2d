/* address.h
 * An IP address as a number, and networks of them.
 *
 * IPv4 is held as IPv4-mapped IPv6 (::ffff:0:0/96, RFC 4291 section 2.5.5.2),
 * so that one table serves both families and a row typed in mapped form means
 * the same hosts as the row typed in dotted form.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ADDRESS_H
#define CES_ADDRESS_H

#include <glib.h>

/* The two halves of the 128 bits, each in host byte order. */
typedef struct {
    guint64 high;
    guint64 low;
} ces_address;

/* From the bytes of an IP header, in network byte order. */
ces_address ces_address_from_ipv4(const guint8 bytes[4]);
ces_address ces_address_from_ipv6(const guint8 bytes[16]);

gboolean ces_address_is_ipv4(const ces_address *address);

/* Less than, equal to or greater than zero, like memcmp. */
int ces_address_compare(const ces_address *a, const ces_address *b);

/* Where a hash of what stands in a capture begins. It differs from run to run:
 * whoever writes a capture cannot choose keys that collide. */
guint64 ces_hash_seed(void);

/* For hash tables keyed by ces_address (GHashFunc, GEqualFunc). */
guint ces_address_hash(gconstpointer address);
gboolean ces_address_equal(gconstpointer a, gconstpointer b);

/* Room for any address in text, with the final NUL. */
#define CES_ADDRESS_TEXT 46

/* Writes the address in its usual text form (RFC 5952 for IPv6, dotted for
 * IPv4) into `text`, which must have CES_ADDRESS_TEXT bytes; returns `text`. */
const char *ces_address_text(const ces_address *address, char *text);

/* A network: the prefix with all host bits zero, and its length counted in
 * the 128-bit space (an IPv4 /24 is 120). */
typedef struct {
    ces_address prefix;
    guint8 length;
} ces_network;

/* Parses "192.0.2.0/24", "2001:db8::/32" or a single address, which is a /32
 * or /128. Surrounding blanks are ignored. Host bits must be zero: a row like
 * 192.0.2.7/24 is more likely a typing error than a wish.
 * Returns FALSE and sets `error` (CES_ERROR_NETWORK, quoting `text`) otherwise. */
gboolean ces_network_parse(const char *text, ces_network *network, GError **error);

/* For hash tables keyed by ces_network (GHashFunc, GEqualFunc). */
guint ces_network_hash(gconstpointer network);
gboolean ces_network_equal(gconstpointer a, gconstpointer b);

/* The last address of the network. */
ces_address ces_network_last(const ces_network *network);

#endif
