/* handshake.h
 * Follows TLS handshakes over the segments of TCP connections, in bounded
 * memory, until they have named the server.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_HANDSHAKE_H
#define CES_HANDSHAKE_H

#include "names/names.h"

/* Handshakes followed at a time; when one more begins, the one that began
 * first is given up. They last a few packets, so few overlap. */
#define CES_HANDSHAKES_KEPT 256

/* Bytes of a server's flight looked at: chains of three or four certificates
 * fit, and the server's own comes first. */
#define CES_HANDSHAKE_BYTES 16384

/* Bytes of a client's looked at: a ClientHello with the keys of an algorithm
 * that resists quantum computers takes 2 kB, which is more than a segment. */
#define CES_HELLO_BYTES 4096

typedef struct ces_handshakes ces_handshakes;

ces_handshakes *ces_handshakes_new(void);
void ces_handshakes_free(ces_handshakes *handshakes);

/* The payload of one segment, `captured` of the `sent` bytes that begin at
 * this sequence number. */
typedef struct {
    const void *connection; /* its identity; never looked into */
    gboolean from_server;
    guint32 sequence, frame;
    const guint8 *bytes;
    gsize captured, sent;
} ces_handshake_segment;

/* Takes one name of the server. */
typedef void (*ces_handshake_taker)(const char *name, ces_name_source source, guint32 frame, gpointer data);

/* Adds a segment with payload; segments that belong to no handshake are left
 * alone at the cost of a glance. The name that the client asks for (SNI) is
 * handed over once the server takes up the handshake: a ClientHello that lies
 * in the body of a message gets no ServerHello. Segments of each end are
 * joined while they come in order; behind a gap nothing is read. */
void ces_handshakes_add(ces_handshakes *handshakes, const ces_handshake_segment *payload, ces_handshake_taker take,
                        gpointer data);

#endif
