/* site.h
 * Which side an address stands on: the site table, and what follows from it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SITE_H
#define CES_SITE_H

#include <ces/address.h>
#include <ces/vocabulary.h>

/* One row of the table: every address in the network is at this site. */
typedef struct {
    ces_network network;
    ces_site site;
    ces_appliance appliance; /* CES_APPLIANCE_UNKNOWN for "any" */
    const char *name;        /* may be empty, never NULL */
} ces_site_row;

/* Parses the network of a row, as ces_network_parse does. What is typed in the
 * form that maps IPv4 into IPv6 ("::ffff:203.0.113.0/120") means the network of
 * IPv4: no appliance is reached at such an IPv6 address. */
gboolean ces_site_network_parse(const char *text, ces_network *network, GError **error);

typedef struct ces_site_table ces_site_table;

/* Builds a table. Rows are copied, and names made fit for display (text.h): a
 * table may come from others as a capture does. Of rows with the same network
 * the first wins; for every other one a GError (CES_ERROR_DUPLICATE, quoting
 * the network and the row that holds it) is appended to `refused`, an array
 * with g_error_free as its free function, or NULL if no one listens.
 * The table never changes after this; free it with ces_site_table_free. */
ces_site_table *ces_site_table_new(const ces_site_row *rows, gsize count, GPtrArray *refused);
void ces_site_table_free(ces_site_table *table);

/* The row with the longest prefix that holds the address, or NULL. A row holds
 * addresses of its own family only, but for an IPv4 host behind NAT64: to
 * 64:ff9b::203.0.113.9 rows of IPv4 apply as they would under 64:ff9b::/96
 * (203.0.113.0/24 has 120 bits there). Valid as long as the table. Takes a number of steps that grows with the
 * logarithm of the number of rows. */
const ces_site_row *ces_site_table_find(const ces_site_table *table, const ces_address *address);

/* Whether some row says cloud: only then does absence from the table mean
 * anything. */
gboolean ces_site_table_has_cloud(const ces_site_table *table);

/* A name learned for an address, from best to worst source. */
typedef struct {
    const char *name;        /* NULL when nothing was learned */
    ces_basis basis;         /* what taught it */
    gboolean in_cloud_zone;  /* under one of the cloud zones */
    ces_appliance appliance; /* what the name says of the kind of host */
    guint32 frame;           /* the packet that taught it, 0 if none did */
} ces_learned_name;

/* All that is known of one end of a connection. */
typedef struct {
    ces_site site;
    ces_appliance appliance;
    ces_basis basis;
    const char *name;         /* never NULL, may be empty; borrowed from the row or the learned name */
    ces_learned_name learned; /* as it was given, its name NULL if nothing was learned */
} ces_party;

/* Whether the table says external and a learned name says cloud. The table
 * counts, but who reads the verdict should know. */
gboolean ces_party_in_conflict(const ces_party *party);

/* Decides the site of both ends together, since one end can follow from the
 * other: table row, else learned name under a cloud zone, else external if
 * the other end is cloud, else external if the table names cloud networks,
 * else unknown. Index 0 and 1 may be in any order; rows and names may be NULL. */
void ces_parties_resolve(const ces_site_row *const rows[2], const ces_learned_name *const names[2],
                         gboolean table_has_cloud, ces_party parties[2]);

#endif
