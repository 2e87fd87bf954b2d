/* names.h
 * The best name learned for each address, in bounded memory.
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
    CES_SOURCE_CLAIM,       /* a host's word on itself (mDNS): teaches nothing, see ces_names_is_in_dns */
    CES_SOURCE_DNS_UNASKED, /* a DNS record that answers no question seen: anyone can send one */
    CES_SOURCE_BANNER,      /* the server's SMTP banner: an administrator may write anything there */
    CES_SOURCE_WILDCARD,    /* the server's certificate, a name with "*": the zone is known, the host is not */
    CES_SOURCE_SNI,         /* the name asked for in a TLS handshake that the server took up */
    CES_SOURCE_CERTIFICATE, /* the server's certificate, not checked by signature */
    CES_SOURCE_HOSTS,       /* hosts file, name records of the capture file, Wireshark's resolver */
    CES_SOURCE_DNS,         /* a DNS answer to a question seen */
    CES_SOURCE_COUNT
} ces_name_source;

/* The word for it in fields and reports. */
ces_basis ces_basis_of_source(ces_name_source source);

/* How many addresses are remembered, cloud's and others apart: enough for
 * every appliance of an organisation, and at most some 8 MB when a capture
 * holds millions of DNS answers. The one whose name was not asked for longest
 * goes first; names of others never displace names of the cloud. */
#define CES_NAMES_KEPT 16384

typedef struct ces_names ces_names;

/* A store without names. `zones` must outlive it unchanged. */
ces_names *ces_names_new(const ces_zones *zones);
void ces_names_free(ces_names *names);

/* Learns a name, as ces_name_write writes it, for an address. `frame` taught
 * it, 0 if no packet did. A name of a single label is not learned: it means
 * something to its own network alone. Of several names the address keeps the
 * best: under a cloud zone before others, then by source, then one that tells
 * the kind of host, then the first. Returns whether this one is kept now. */
gboolean ces_names_learn(ces_names *names, const ces_address *address, const char *name, ces_name_source source,
                         guint32 frame);

/* The best name of the address; FALSE if there is none. learned->name stays
 * valid as long as `names`. */
gboolean ces_names_find(ces_names *names, const ces_address *address, ces_learned_name *learned);

/* Whether a DNS record or a claim spoke of the address, even if a better name
 * is known. What others made of the same packet is then no second witness. */
gboolean ces_names_is_in_dns(const ces_names *names, const ces_address *address);

/* How many addresses are remembered. */
guint ces_names_count(const ces_names *names);

#endif
