/* names.h
 * The best name learned for each address, in bounded memory.
 *
 * An IPv4 host behind NAT64 (64:ff9b::/96, RFC 6052) is the host whose address
 * is in it: what is learned of the one is learned of the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_NAMES_H
#define CES_NAMES_H

#include <ces/address.h>
#include <ces/name.h>
#include <ces/site.h>

/* What taught a name, the least trusted first. */
typedef enum {
    CES_SOURCE_DNS_UNASKED, /* a DNS record that answers no question seen: anyone can send one */
    CES_SOURCE_BANNER,      /* the server's SMTP banner: an administrator may write anything there */
    CES_SOURCE_WILDCARD,    /* the server's certificate, a name with "*": the zone is known, the host is not */
    CES_SOURCE_SNI,         /* the name asked for in a TLS handshake that the server took up */
    CES_SOURCE_CERTIFICATE, /* the server's certificate, not checked by signature */
    CES_SOURCE_HOSTS,       /* hosts file, name records of the capture file: no packet */
    CES_SOURCE_DNS,         /* a DNS answer to a question seen */
    CES_SOURCE_COUNT
} ces_name_source;

/* The word for it in fields and reports. */
ces_basis ces_basis_of_source(ces_name_source source);

/* How many addresses are remembered, those of the cloud and others apart:
 * enough for every appliance of an organisation, and at most some 16 MB when a
 * capture holds millions of DNS answers. Hosts, what was seen to be asked for
 * or answered, and what nobody asked for are kept apart, so that none of them
 * displaces another. */
#define CES_NAMES_KEPT 16384
#define CES_NAMES_UNASKED_KEPT 4096

typedef struct ces_names ces_names;

/* A store without names. `zones` must outlive it unchanged. */
ces_names *ces_names_new(const ces_zones *zones);
void ces_names_free(ces_names *names);

/* Learns a name, as ces_name_write writes it, for an address. `frame` taught
 * it, 0 if no packet did. A name of a single label is not learned: it means
 * something to its own network alone.
 *
 * Of several names an address has the best: any before those that nobody asked
 * for; then one under a cloud zone before others; then by source, then one
 * that tells the kind of host, then the first. Of too many addresses that is
 * forgotten which was taught longest ago; of hosts too many are not learned. */
void ces_names_learn(ces_names *names, const ces_address *address, const char *name, ces_name_source source,
                     guint32 frame);

/* The best name of the address; FALSE if there is none. learned->name stays
 * valid as long as `names`. Looking changes nothing of what is found later. */
gboolean ces_names_find(const ces_names *names, const ces_address *address, ces_learned_name *learned);

/* How many addresses are remembered: once for each of the three kinds that
 * knows the address. */
guint ces_names_count(const ces_names *names);

#endif
