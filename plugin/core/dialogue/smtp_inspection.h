/* smtp_inspection.h
 * The marks that a firewall's inspection of SMTP leaves: Cisco's "fixup
 * protocol smtp" and "inspect esmtp" replace what they do not allow, byte for
 * byte, so that sequence numbers stay right.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SMTP_INSPECTION_H
#define CES_SMTP_INSPECTION_H

#include "dialogue/smtp_line.h"

/* Whether one line of a greeting, behind its code, is masked: asterisks (or X,
 * or #, as other makers do), among which only the digits 2 and 0 were left. */
gboolean ces_smtp_is_masked_greeting(ces_smtp_span text);

/* Whether a verb was made unreadable: four or more X and nothing else. */
gboolean ces_smtp_is_masked_verb(ces_smtp_span word);

/* Whether an extension in the reply to EHLO was: the X may end in another
 * capital letter. */
gboolean ces_smtp_is_masked_extension(ces_smtp_span text);

#endif
