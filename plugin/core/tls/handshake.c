/* handshake.c
 * TLS handshakes over TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/handshake.h"

#include <string.h>

#include "tls/certificate.h"

typedef struct {
    const void *connection; /* the key */
    char *asked;            /* the client's SNI, not confirmed yet, or NULL */
    guint32 asked_in;       /* ... its frame */
    GByteArray *flight;     /* the server's bytes from its ServerHello on, or NULL */
    guint32 next;           /* sequence number of the byte that continues it */
    GList link;             /* its place in the queue; data points back here */
} handshake;

struct ces_handshakes {
    GHashTable *followed; /* of handshake, by connection */
    GQueue order;         /* tail: began first */
};

static void
handshake_free(gpointer data)
{
    handshake *h = (handshake *)data;

    g_free(h->asked);
    if (h->flight)
        g_byte_array_free(h->flight, TRUE);
    g_free(h);
}

ces_handshakes *
ces_handshakes_new(void)
{
    ces_handshakes *handshakes = g_new0(ces_handshakes, 1);

    handshakes->followed = g_hash_table_new_full(NULL, NULL, NULL, handshake_free);
    return handshakes;
}

void
ces_handshakes_free(ces_handshakes *handshakes)
{
    if (!handshakes)
        return;
    g_hash_table_destroy(handshakes->followed);
    g_free(handshakes);
}

static void
forget(ces_handshakes *handshakes, handshake *h)
{
    g_queue_unlink(&handshakes->order, &h->link);
    g_hash_table_remove(handshakes->followed, h->connection);
}

static handshake *
begin(ces_handshakes *handshakes, const void *connection)
{
    handshake *h = g_new0(handshake, 1);

    if (handshakes->order.length == CES_HANDSHAKES_KEPT)
        forget(handshakes, (handshake *)handshakes->order.tail->data);
    h->connection = connection;
    h->link.data = h;
    g_queue_push_head_link(&handshakes->order, &h->link);
    g_hash_table_insert(handshakes->followed, (gpointer)connection, h);
    return h;
}

/* The first ClientHello counts: a second one after a retry repeats its name. */
static void
add_client(ces_handshakes *handshakes, handshake *h, const ces_handshake_segment *payload)
{
    char name[CES_NAME_SIZE];

    if (h || !ces_tls_server_name(payload->bytes, payload->captured, name))
        return;
    h = begin(handshakes, payload->connection);
    h->asked = g_strdup(name);
    h->asked_in = payload->frame;
}

/* Whoever takes a certificate's names also learns from which frame. */
typedef struct {
    ces_handshake_taker take;
    gpointer data;
    guint32 frame;
} certificate_taker;

static void
take_certificate_name(const char *name, gpointer data)
{
    const certificate_taker *taker = (const certificate_taker *)data;

    taker->take(name, *name == '*' ? CES_SOURCE_WILDCARD : CES_SOURCE_CERTIFICATE, taker->frame, taker->data);
}

/* Appends what is new; FALSE if it does not continue the flight. */
static gboolean
extend(handshake *h, const ces_handshake_segment *payload)
{
    guint32 seen = h->next - payload->sequence; /* how much of it was there before */

    if (seen > payload->sent)
        return seen < G_MAXUINT32 / 2; /* all of it: an old segment sent again */
    if (seen < payload->captured) {
        gsize room = CES_HANDSHAKE_BYTES - h->flight->len;
        g_byte_array_append(h->flight, payload->bytes + seen, (guint)MIN(payload->captured - seen, room));
    }
    h->next = payload->sequence + (guint32)payload->sent;
    return payload->captured == payload->sent && h->flight->len < CES_HANDSHAKE_BYTES;
}

static void
add_server(ces_handshakes *handshakes, handshake *h, const ces_handshake_segment *payload, ces_handshake_taker take,
           gpointer data)
{
    certificate_taker taker = {take, data, payload->frame};

    if (!h || !h->flight) {
        if (!ces_tls_is_server_hello(payload->bytes, payload->captured))
            return;
        h = h ? h : begin(handshakes, payload->connection);
        h->flight = g_byte_array_new();
        h->next = payload->sequence;
        if (h->asked)
            take(h->asked, CES_SOURCE_SNI, h->asked_in, data);
    }
    gboolean goes_on = extend(h, payload);
    if (ces_tls_certificate_names(h->flight->data, h->flight->len, take_certificate_name, &taker) == CES_TLS_DONE ||
        !goes_on)
        forget(handshakes, h);
}

void
ces_handshakes_add(ces_handshakes *handshakes, const ces_handshake_segment *payload, ces_handshake_taker take,
                   gpointer data)
{
    if (!payload->from_server && !ces_tls_is_client_hello(payload->bytes, payload->captured))
        return;
    handshake *h = (handshake *)g_hash_table_lookup(handshakes->followed, payload->connection);
    if (payload->from_server)
        add_server(handshakes, h, payload, take, data);
    else
        add_client(handshakes, h, payload);
}
