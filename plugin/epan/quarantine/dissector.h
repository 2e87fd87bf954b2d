/* dissector.h
 * The quarantine ports read as what they carry: SMTP, TLS, X11 or none of
 * these, decided by the first payload of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_QUARANTINE_DISSECTOR_H
#define CES_QUARANTINE_DISSECTOR_H

#include <ces/service.h>

/* Call once when protocols are registered, and once at handoff; the first
 * returns the protocol that stands for what is said there. While the
 * protocol "ces" or its part "ces.quarantine" is disabled the ports read as
 * they do without the plugin. */
int ces_quarantine_register(int proto_ces);
void ces_quarantine_register_handoff(void);

/* Takes the ports that now carry a quarantine, and gives back the others. What
 * the user set for a port (Decode As, another protocol's ports) stays. */
void ces_quarantine_take_ports(const ces_ports *ports);

#endif
