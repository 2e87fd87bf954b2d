/* dissector.h
 * The quarantine ports read as what they carry: SMTP, TLS, X11 or none of
 * these, decided by the first payload of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_QUARANTINE_DISSECTOR_H
#define CES_QUARANTINE_DISSECTOR_H

#include "compat.h"

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

/* --- commands of the PVO Quarantine that no standard names, see ces/verbs.h and verbs.c */

/* Call at handoff: finds the fields of SMTP. */
void ces_verbs_register_handoff(int proto_smtp);

/* Dissects what was said on a quarantine connection: with `call_smtp`, but for the
 * lines that are commands and would not be read as such. `call_verbs` is called
 * for these where there is nothing else; it ends in ces_verbs_show. */
int ces_verbs_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, dissector_t call_smtp,
                      dissector_t call_verbs);

/* Shows every line as a command of SMTP. A dissector_t. */
int ces_verbs_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

#endif
