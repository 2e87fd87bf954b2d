/* dns.h
 * What a DNS message says of addresses (RFC 1035, RFC 3596), and whether it
 * answers a question that was seen.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DNS_H
#define CES_DNS_H

#include <ces/address.h>
#include <ces/name.h>

/* The head of a message and its question. Valid as long as the bytes
 * it was read from. */
typedef struct {
    const guint8 *bytes;
    gsize captured;
    guint16 id;
    gboolean is_response;
    gboolean is_query;            /* opcode 0: a plain question or the answer to one */
    guint8 status;                /* RCODE, 0 for success */
    guint16 records[3];           /* how many the message announces: answer, authority, additional */
    guint16 type;                 /* of the question */
    char question[CES_NAME_SIZE]; /* empty if there is none */
    gsize records_at;             /* offset of the first record */
} ces_dns_message;

/* Reads the head of a message without its transport (over TCP: behind the two
 * bytes of length) of which `captured` bytes are there. FALSE if it is cut off
 * before the end of the question, has more than one question (RFC 9619), or
 * asks for something that is no host name. */
gboolean ces_dns_read(const guint8 *bytes, gsize captured, ces_dns_message *message);

/* Takes one address with one name, as ces_name_write writes it. `was_asked`:
 * the record answers the question; it does not if its owner has nothing to do
 * with the question, or if it stands in the additional section. */
typedef void (*ces_dns_taker)(const ces_address *address, const char *name, gboolean was_asked, gpointer data);

/* Hands over every A and AAAA record of a response that are whole in the
 * captured bytes: with the name asked for, each name on the chain of CNAMEs
 * behind it, and the record's owner. A response that reports an error holds
 * nothing to believe; of a truncated one that counts which is there. Takes
 * time in proportion to the captured bytes: records beyond a fixed number and
 * chains beyond a fixed length are left out. */
void ces_dns_addresses(const ces_dns_message *message, ces_dns_taker take, gpointer data);

/* The questions waiting for their answers: a fixed number, of more the oldest
 * make room. */
typedef struct ces_dns_ledger ces_dns_ledger;

ces_dns_ledger *ces_dns_ledger_new(void);
void ces_dns_ledger_free(ces_dns_ledger *ledger); /* takes NULL */

/* Notes a question from `client` (address and port) to `server`. */
void ces_dns_ledger_ask(ces_dns_ledger *ledger, const ces_dns_message *query, const ces_address *client,
                        guint16 client_port, const ces_address *server);

/* Whether this response answers a question noted before: same ends, number,
 * name and type. It does so once: who answers later did not win the race. */
gboolean ces_dns_ledger_answer(ces_dns_ledger *ledger, const ces_dns_message *response, const ces_address *client,
                               guint16 client_port, const ces_address *server);

#endif
