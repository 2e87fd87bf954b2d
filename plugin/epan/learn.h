/* learn.h
 * Learns from packets, and from Wireshark's own tables, which host has which
 * name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_LEARN_H
#define CES_LEARN_H

#include "flow/flow_table.h"
#include <ces/site.h>

/* Starts without a name, under the zones of the settings, which must not
 * change until the end; and forgets everything. Between the two, and only if
 * the user wants names learned, the other functions do something. */
void ces_learn_begin(void);
void ces_learn_end(void);

/* Whether DNS over this UDP or TCP port is worth handing over. */
gboolean ces_learn_wants_dns(guint16 source_port, guint16 destination_port);

/* One datagram's payload between the two ends. */
void ces_learn_from_datagram(const guint8 *bytes, gsize captured, const ces_socket *source,
                             const ces_socket *destination, guint32 frame);

/* The payload of one TCP segment on the DNS port: learned from if it is one
 * whole message, as nearly every answer is. */
void ces_learn_from_dns_segment(const guint8 *bytes, gsize captured, const ces_socket *source,
                                const ces_socket *destination, guint32 frame);

/* The payload of a segment of a flow on a service port, added to the flow
 * before: greeting and TLS handshake of mail and quarantine services. */
void ces_learn_from_segment(const guint8 *bytes, gsize captured, const ces_segment *segment,
                            const ces_sighting *sighting);

/* The best name known now; FALSE if none is. Its text is valid until the end. */
gboolean ces_learn_name_of(const ces_address *address, ces_learned_name *learned);

#endif
