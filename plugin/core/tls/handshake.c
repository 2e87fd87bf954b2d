/* handshake.c
 * TLS handshakes over TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/handshake.h"

#include "tls/certificate.h"
#include "tls/hello.h"
#include "tls/record.h"

/* The first bytes of one end's handshake, joined while they come in order. */
typedef struct {
    GByteArray *bytes; /* NULL while there are none, or no more are wanted */
    guint32 next;      /* sequence number of the byte that continues them */
} flight;

typedef struct {
    const void *connection; /* the key */
    flight client, server;
    char *asked;      /* the client's SNI, not confirmed yet, or NULL */
    guint32 asked_in; /* ... its frame */
    gboolean taken;   /* the server has sent a ServerHello */
    GList link;       /* its place in the queue; data points back here */
} handshake;

struct ces_handshakes {
    GHashTable *followed; /* of handshake, by connection */
    GQueue order;         /* tail: began first */
};

/* --- life ------------------------------------------------------------------------ */

static void
flight_end(flight *f)
{
    if (f->bytes)
        g_byte_array_free(f->bytes, TRUE);
    f->bytes = NULL;
}

static void
handshake_free(gpointer data)
{
    handshake *h = (handshake *)data;

    g_free(h->asked);
    flight_end(&h->client);
    flight_end(&h->server);
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

/* --- joining ----------------------------------------------------------------------- */

static void
flight_begin(flight *f, const ces_handshake_segment *payload)
{
    f->bytes = g_byte_array_new();
    f->next = payload->sequence;
}

/* Appends what is new, up to `most` bytes in all; FALSE if nothing can follow. */
static gboolean
flight_extend(flight *f, const ces_handshake_segment *payload, gsize most)
{
    guint32 seen = f->next - payload->sequence; /* how much of it was there before */

    if (seen > payload->sent)
        return seen < G_MAXUINT32 / 2; /* all of it: an old segment sent again */
    if (seen < payload->captured) {
        gsize room = most - f->bytes->len;
        g_byte_array_append(f->bytes, payload->bytes + seen, (guint)MIN(payload->captured - seen, room));
    }
    f->next = payload->sequence + (guint32)payload->sent;
    return payload->captured == payload->sent && f->bytes->len < most;
}

static ces_tls_answer
begins_with(const flight *f, guint8 hello)
{
    return ces_tls_check_hello(f->bytes->data, f->bytes->len, hello);
}

static gboolean
may_begin(const ces_handshake_segment *payload, guint8 hello)
{
    return payload->captured > 0 && ces_tls_check_hello(payload->bytes, payload->captured, hello) != CES_TLS_NO;
}

/* --- the client ---------------------------------------------------------------------- */

/* The first ClientHello counts: a second one after a retry repeats its name. */
static void
add_client(ces_handshakes *handshakes, handshake *h, const ces_handshake_segment *payload)
{
    char name[CES_NAME_SIZE];
    gboolean more;

    if (!h && may_begin(payload, CES_TLS_CLIENT_HELLO)) {
        h = begin(handshakes, payload->connection);
        flight_begin(&h->client, payload);
    }
    if (!h || !h->client.bytes)
        return;
    gboolean goes_on = flight_extend(&h->client, payload, CES_HELLO_BYTES);
    if (ces_tls_server_name(h->client.bytes->data, h->client.bytes->len, name, &more)) {
        h->asked = g_strdup(name);
        h->asked_in = payload->frame;
    } else if (more && goes_on) {
        return;
    }
    flight_end(&h->client);
    if (!h->asked && !h->server.bytes)
        forget(handshakes, h);
}

/* --- the server ------------------------------------------------------------------------ */

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

/* Whether the server takes up the handshake, as far as its bytes go; if so for
 * the first time, the name that was asked for is its own. */
static ces_tls_answer
take_up(handshake *h, ces_handshake_taker take, gpointer data)
{
    ces_tls_answer answer = begins_with(&h->server, CES_TLS_SERVER_HELLO);

    if (answer == CES_TLS_YES && !h->taken) {
        h->taken = TRUE;
        if (h->asked)
            take(h->asked, CES_SOURCE_SNI, h->asked_in, data);
    }
    return answer;
}

static void
add_server(ces_handshakes *handshakes, handshake *h, const ces_handshake_segment *payload, ces_handshake_taker take,
           gpointer data)
{
    certificate_taker taker = {take, data, payload->frame};

    if (!h || !h->server.bytes) {
        if (!may_begin(payload, CES_TLS_SERVER_HELLO))
            return;
        h = h ? h : begin(handshakes, payload->connection);
        flight_begin(&h->server, payload);
    }
    gboolean goes_on = flight_extend(&h->server, payload, CES_HANDSHAKE_BYTES);
    ces_tls_answer answer = take_up(h, take, data);
    if (answer == CES_TLS_MAYBE && goes_on)
        return;
    if (answer != CES_TLS_YES ||
        ces_tls_certificate_names(h->server.bytes->data, h->server.bytes->len, take_certificate_name, &taker) ==
            CES_TLS_DONE ||
        !goes_on)
        forget(handshakes, h);
}

void
ces_handshakes_add(ces_handshakes *handshakes, const ces_handshake_segment *payload, ces_handshake_taker take,
                   gpointer data)
{
    handshake *h = (handshake *)g_hash_table_lookup(handshakes->followed, payload->connection);

    if (payload->from_server)
        add_server(handshakes, h, payload, take, data);
    else
        add_client(handshakes, h, payload);
}
