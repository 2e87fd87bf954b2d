/* capture_maker.h
 * Packets of a made-up capture, handed to an analysis as a front end would.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TESTS_CAPTURE_MAKER_H
#define CES_TESTS_CAPTURE_MAKER_H

#include <ces/analysis.h>

#include <string.h>

enum { SYN = CES_TCP_SYN, ACK = CES_TCP_ACK, FIN = CES_TCP_FIN, RST = CES_TCP_RST };

/* A capture being made: who is fed, and how far it has come. */
typedef struct {
    ces_analysis *analysis;
    guint32 frame;
    ces_time timestamp;
} capture_maker;

/* One connection in it. */
typedef struct {
    capture_maker *capture;
    ces_socket client, server;
    guint32 client_next, server_next;
    ces_addition latest; /* what the newest segment added */
} conversation;

static inline ces_socket
maker_socket(const char *address, guint16 port)
{
    ces_network network;

    g_assert_true(ces_network_parse(address, &network, NULL));
    return (ces_socket){network.prefix, port};
}

static inline capture_maker
capture_of(ces_analysis *analysis)
{
    return (capture_maker){analysis, 0, G_GINT64_CONSTANT(1764000000) * CES_SECOND};
}

/* The next packet comes so much later. */
static inline void
wait_for(capture_maker *capture, double seconds)
{
    capture->timestamp += (gint64)(seconds * CES_SECOND);
}

static inline gint64
next_packet(capture_maker *capture)
{
    capture->frame++;
    wait_for(capture, 0.01);
    return ces_analysis_note_time(capture->analysis, capture->timestamp);
}

static inline void
send_segment(conversation *c, gboolean from_client, guint8 flags, const void *bytes, gsize length)
{
    guint32 *next = from_client ? &c->client_next : &c->server_next;
    gint64 elapsed = next_packet(c->capture);
    ces_segment segment = {.source = from_client ? c->client : c->server,
                           .destination = from_client ? c->server : c->client,
                           .frame = c->capture->frame,
                           .timestamp = c->capture->timestamp,
                           .elapsed = elapsed,
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = flags,
                           .sequence = *next,
                           .acknowledgment = flags & ACK ? (from_client ? c->server_next : c->client_next) : 0,
                           .payload = (guint32)length,
                           .captured = (guint32)length,
                           .bytes = length ? (const guint8 *)bytes : NULL};

    c->latest = ces_analysis_add_segment(c->capture->analysis, &segment);
    *next += (guint32)length + ((flags & SYN) != 0) + ((flags & FIN) != 0);
}

static inline void
send_text(conversation *c, gboolean from_client, const char *text)
{
    send_segment(c, from_client, ACK, text, strlen(text));
}

static inline conversation
attempt(capture_maker *capture, const char *client, guint16 client_port, const char *server, guint16 server_port)
{
    conversation c = {capture, maker_socket(client, client_port), maker_socket(server, server_port), 1000,
                      5000,    {.sighting = {.flow = NULL}}};

    send_segment(&c, TRUE, SYN, NULL, 0);
    return c;
}

static inline conversation
converse(capture_maker *capture, const char *client, guint16 client_port, const char *server, guint16 server_port)
{
    conversation c = attempt(capture, client, client_port, server, server_port);

    send_segment(&c, FALSE, SYN | ACK, NULL, 0);
    send_segment(&c, TRUE, ACK, NULL, 0);
    return c;
}

/* A packet of somebody else, so much later: the capture goes on. */
static inline void
time_passes(capture_maker *capture, double seconds)
{
    wait_for(capture, seconds);
    next_packet(capture);
}

#endif
