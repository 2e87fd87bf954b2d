/* dns.c
 * DNS messages.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/dns.h"

#include <string.h>

#include "base/hash.h"

#include "names/recent.h"

/* RFC 1035 section 4.1: the head's length, and types and classes used here. */
enum { HEAD_LENGTH = 12, CLASS_INTERNET = 1, TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28 };

/* Multicast DNS uses the highest bit of the class for itself (RFC 6762
 * sections 5.4 and 10.2). */
#define CLASS_MASK 0x7fff

/* Records looked at in one message, and names on one chain: several times
 * what resolvers accept (BIND and Unbound give up after 11 or 16 CNAMEs). */
#define RECORDS_READ 128
#define CHAIN_LENGTH 16

static guint16
read_16(const guint8 *bytes)
{
    return (guint16)(bytes[0] << 8 | bytes[1]);
}

/* --- names ------------------------------------------------------------------ */

/* A name's text while it is collected, label by label. */
typedef struct {
    char text[CES_NAME_SIZE];
    gsize length;
    gboolean fits; /* every label so far is part of a name that could be a host's */
} spelling;

static void
spell(spelling *name, const guint8 *label, gsize length)
{
    gsize dot = name->length > 0;

    name->fits = name->fits && name->length + dot + length < CES_NAME_SIZE && !memchr(label, '.', length);
    if (!name->fits)
        return;
    if (dot)
        name->text[name->length++] = '.';
    memcpy(name->text + name->length, label, length);
    name->length += length;
}

/* Reads the name at `at` into `name`, unless that is NULL; returns the offset
 * behind it, or 0 if it is not whole or not well-formed. A pointer must lead to before the place that the
 * last one led to, as those of honest senders do (RFC 1035 section 4.1.4
 * speaks of a prior occurrence), so the walk ends. */
static gsize
read_labels(const ces_dns_message *message, gsize at, spelling *name)
{
    enum { POINTER = 0xc0, LABELS_AT_MOST = 127 };
    gsize behind = 0, limit = at;

    for (guint steps = 0; steps < 2 * LABELS_AT_MOST && at < message->captured; steps++) {
        guint8 length = message->bytes[at++];
        if ((length & POINTER) == POINTER) {
            if (at == message->captured)
                return 0;
            gsize target = (gsize)(length & ~POINTER) << 8 | message->bytes[at++];
            behind = behind ? behind : at;
            if (target >= limit)
                return 0;
            at = limit = target;
        } else if (length & POINTER || length > message->captured - at) {
            return 0;
        } else if (length == 0) {
            return behind ? behind : at;
        } else {
            if (name)
                spell(name, message->bytes + at, length);
            at += length;
        }
    }
    return 0;
}

/* The same; `text` is empty if the name is no host name. */
static gsize
read_name(const ces_dns_message *message, gsize at, char text[CES_NAME_SIZE])
{
    spelling name = {.length = 0, .fits = TRUE};
    gsize behind = read_labels(message, at, &name);

    if (!behind || !name.fits || !ces_name_write(name.text, name.length, text))
        text[0] = '\0';
    return behind;
}

/* --- the head --------------------------------------------------------------- */

static gboolean
read_question(ces_dns_message *message)
{
    enum { TYPE_AND_CLASS = 4 };
    gsize at = read_name(message, HEAD_LENGTH, message->question);

    if (!at || !*message->question || message->captured - at < TYPE_AND_CLASS)
        return FALSE;
    message->type = read_16(message->bytes + at);
    message->records_at = at + TYPE_AND_CLASS;
    return (read_16(message->bytes + at + 2) & CLASS_MASK) == CLASS_INTERNET;
}

gboolean
ces_dns_read(const guint8 *bytes, gsize captured, ces_dns_message *message)
{
    enum { RESPONSE = 0x80, OPCODE = 0x78, STATUS = 0x0f };

    if (captured < HEAD_LENGTH || read_16(bytes + 4) > 1)
        return FALSE;
    *message = (ces_dns_message){
        .bytes = bytes,
        .captured = captured,
        .id = read_16(bytes),
        .is_response = (bytes[2] & RESPONSE) != 0,
        .is_query = (bytes[2] & OPCODE) == 0,
        .status = bytes[3] & STATUS,
        .records = {read_16(bytes + 6), read_16(bytes + 8), read_16(bytes + 10)},
        .records_at = HEAD_LENGTH,
    };
    return read_16(bytes + 4) == 0 || read_question(message);
}

/* --- records ---------------------------------------------------------------- */

typedef struct {
    gsize owner_at; /* offset of its owner's name */
    guint16 type, class;
    gsize data_at, data_length; /* all of it captured */
} record;

/* Reads the record at `at`; returns the offset behind it, or 0 at the end of
 * what is captured. */
static gsize
read_record(const ces_dns_message *message, gsize at, record *r)
{
    enum { FIXED_PART = 10 };

    r->owner_at = at;
    at = read_labels(message, at, NULL);
    if (!at || message->captured - at < FIXED_PART)
        return 0;
    const guint8 *fixed = message->bytes + at;
    r->type = read_16(fixed);
    r->class = read_16(fixed + 2) & CLASS_MASK;
    r->data_at = at + FIXED_PART;
    r->data_length = read_16(fixed + 8);
    return message->captured - r->data_at < r->data_length ? 0 : r->data_at + r->data_length;
}

/* The names that lead from the question to the addresses, in order. */
typedef struct {
    char names[CHAIN_LENGTH][CES_NAME_SIZE];
    guint length;
} chain;

typedef struct {
    char from[CES_NAME_SIZE], to[CES_NAME_SIZE];
} alias;

/* How many names lead up to this one, itself included; 0: none. */
static guint
chain_reaches(const chain *c, const char *name)
{
    for (guint i = 0; i < c->length; i++)
        if (strcmp(c->names[i], name) == 0)
            return i + 1;
    return 0;
}

/* The CNAMEs of the answer section; returns how many. */
static guint
read_aliases(const ces_dns_message *message, alias aliases[CHAIN_LENGTH])
{
    record r;
    guint count = 0;
    gsize at = message->records_at;

    for (guint i = 0; i < MIN(message->records[0], RECORDS_READ) && count < CHAIN_LENGTH; i++) {
        at = read_record(message, at, &r);
        if (!at)
            break;
        if (r.type != TYPE_CNAME || r.class != CLASS_INTERNET)
            continue;
        read_name(message, r.owner_at, aliases[count].from);
        read_name(message, r.data_at, aliases[count].to);
        if (*aliases[count].from && *aliases[count].to)
            count++;
    }
    return count;
}

/* CNAMEs mostly stand in order, but no rule says so, hence the search. */
static void
build_chain(const ces_dns_message *message, chain *c)
{
    alias aliases[CHAIN_LENGTH];
    guint count = read_aliases(message, aliases);
    guint i = 0;

    c->length = *message->question != '\0';
    g_strlcpy(c->names[0], message->question, CES_NAME_SIZE);
    while (c->length > 0 && c->length < CHAIN_LENGTH && i < count) {
        if (strcmp(aliases[i].from, c->names[c->length - 1]) == 0 && !chain_reaches(c, aliases[i].to)) {
            g_strlcpy(c->names[c->length++], aliases[i].to, CES_NAME_SIZE);
            i = 0;
        } else {
            i++;
        }
    }
}

static gboolean
record_address(const ces_dns_message *message, const record *r, ces_address *address)
{
    const guint8 *data = message->bytes + r->data_at;

    if (r->class != CLASS_INTERNET)
        return FALSE;
    if (r->type == TYPE_A && r->data_length == 4)
        *address = ces_address_from_ipv4(data);
    else if (r->type == TYPE_AAAA && r->data_length == 16)
        *address = ces_address_from_ipv6(data);
    else
        return FALSE;
    return TRUE;
}

/* The name of the record's owner. Mostly it points to the question, which has been read. */
static const char *
owner_of(const ces_dns_message *message, const record *r, char text[CES_NAME_SIZE])
{
    static const guint8 question[] = {0xc0, HEAD_LENGTH};

    if (*message->question && memcmp(message->bytes + r->owner_at, question, sizeof question) == 0)
        return message->question;
    read_name(message, r->owner_at, text);
    return text;
}

/* `c` is NULL for a record that answers nothing. */
static void
take_names(const ces_dns_message *message, const record *r, const ces_address *address, const chain *c,
           ces_dns_taker take, gpointer data)
{
    char text[CES_NAME_SIZE];
    const char *owner = owner_of(message, r, text);

    guint names = c ? chain_reaches(c, owner) : 0;
    for (guint name = 0; name < names; name++)
        take(address, c->names[name], TRUE, data);
    if (names == 0 && *owner)
        take(address, owner, FALSE, data);
}

void
ces_dns_addresses(const ces_dns_message *message, ces_dns_taker take, gpointer data)
{
    chain c;
    record r;
    ces_address address;
    gsize at = message->records_at;
    guint answers = message->records[0], unneeded = answers + message->records[1];
    guint all = unneeded + message->records[2];

    if (!message->is_response || !message->is_query || message->status != 0)
        return;
    build_chain(message, &c);
    for (guint i = 0; i < MIN(all, RECORDS_READ) && (at = read_record(message, at, &r)); i++)
        if ((i < answers || i >= unneeded) && record_address(message, &r, &address))
            take_names(message, &r, &address, i < answers ? &c : NULL, take, data);
}

/* --- questions and answers --------------------------------------------------- */

/* At a thousand questions a second each has four seconds to be answered. */
#define QUESTIONS_KEPT 4096

struct ces_dns_ledger {
    guint64 seed; /* nobody who writes a capture knows what collides */
    ces_recent *questions;
};

ces_dns_ledger *
ces_dns_ledger_new(void)
{
    ces_dns_ledger *ledger = g_new0(ces_dns_ledger, 1);

    ledger->seed = ces_hash_seed();
    ledger->questions = ces_recent_new(QUESTIONS_KEPT);
    return ledger;
}

void
ces_dns_ledger_free(ces_dns_ledger *ledger)
{
    if (!ledger)
        return;
    ces_recent_free(ledger->questions);
    g_free(ledger);
}

static guint64
hash_question(const ces_dns_ledger *ledger, const ces_dns_message *message, const ces_address *client,
              guint16 client_port, const ces_address *server)
{
    guint64 hash = ces_hash_mix(ledger->seed + (guint64)2 * client->is_ipv4 + server->is_ipv4, client->high);

    hash = ces_hash_mix(ces_hash_mix(hash, client->low),
                        (guint64)client_port << 32 | (guint64)message->id << 16 | message->type);
    hash = ces_hash_mix(ces_hash_mix(hash, server->high), server->low);
    for (gsize i = 0, length = strlen(message->question); i < length; i += sizeof(guint64)) {
        guint64 letters = 0;
        memcpy(&letters, message->question + i, MIN(length - i, sizeof letters));
        hash = ces_hash_mix(hash, letters);
    }
    return hash;
}

void
ces_dns_ledger_ask(ces_dns_ledger *ledger, const ces_dns_message *query, const ces_address *client, guint16 client_port,
                   const ces_address *server)
{
    ces_recent_note(ledger->questions, hash_question(ledger, query, client, client_port, server));
}

gboolean
ces_dns_ledger_answer(ces_dns_ledger *ledger, const ces_dns_message *response, const ces_address *client,
                      guint16 client_port, const ces_address *server)
{
    return ces_recent_take(ledger->questions, hash_question(ledger, response, client, client_port, server));
}
