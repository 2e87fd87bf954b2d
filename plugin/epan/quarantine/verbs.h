/* verbs.h
 * Commands of the PVO Quarantine that no standard names, shown as what they
 * are (see ces/verbs.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_QUARANTINE_VERBS_H
#define CES_QUARANTINE_VERBS_H

#include "compat.h"

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
