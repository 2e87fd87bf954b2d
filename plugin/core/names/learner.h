/* learner.h
 * Learns from the packets of a capture which host has which name.
 *
 * What a host says of itself as a client (HELO, EHLO, multicast DNS, LLMNR,
 * NetBIOS) proves nothing and is not read. No name can be forged by one
 * packet, but for those of DNS records that nobody asked for, which every
 * other name beats; of a name that a server has for itself (greeting,
 * certificate, the SNI that it took up) the server's handshake must be in the
 * capture, acknowledged by the client.
 *
 * All memory is bounded, whatever the capture holds, and what is found depends
 * on what was added before and in which order, on nothing else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_LEARNER_H
#define CES_LEARNER_H

#include <ces/flow.h>
#include <ces/name.h>
#include <ces/site.h>

typedef struct ces_learner ces_learner;

/* A learner that knows no name. `zones` must outlive it unchanged. */
ces_learner *ces_learner_new(const ces_zones *zones);
void ces_learner_free(ces_learner *learner); /* takes NULL */

/* Whether DNS that teaches names may be between these ports, of UDP or TCP. */
gboolean ces_learner_wants_dns(guint16 source_port, guint16 destination_port);

/* The payload of one UDP datagram, of which `captured` bytes are there; of one
 * that is not wanted nothing is learned. */
void ces_learner_add_datagram(ces_learner *learner, const ces_socket *source, const ces_socket *destination,
                              const guint8 *bytes, gsize captured, guint32 frame);

/* A TCP segment whose ports are wanted; one without payload too, since the
 * opening tells where messages begin. */
void ces_learner_add_dns_segment(ces_learner *learner, const ces_segment *segment);

/* A segment of a connection on a service port, after the flow table has added
 * it to the flow; one without payload too, since it may acknowledge the
 * server's handshake. Of mail and quarantine services greeting and TLS
 * handshake are read. */
void ces_learner_add_segment(ces_learner *learner, const ces_flow *flow, const ces_segment *segment,
                             gboolean from_server);

/* A name that no packet of the capture taught: of a hosts file, of the capture
 * file's own name records. In any spelling; what is no host name is left out. */
void ces_learner_add_host(ces_learner *learner, const ces_address *address, const char *name);

/* The best name known now; FALSE if none is. Its text is valid as long as the
 * learner. Looking changes nothing of what is found later. */
gboolean ces_learner_find(const ces_learner *learner, const ces_address *address, ces_learned_name *learned);

#endif
