/* smtp_session.h
 * Follows what is said on one connection to a quarantine port, line by line:
 * which messages were handed over, and what became of them.
 *
 * It hears pieces of the two streams in the order of the capture. It keeps a
 * bounded amount whatever it hears, and after a gap it says "unknown" until
 * the dialogue itself shows again where it stands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SMTP_SESSION_H
#define CES_SMTP_SESSION_H

#include <ces/dialogue.h>

#include "dialogue/stream.h"

typedef struct ces_smtp_session ces_smtp_session;

/* `from_start`: the opening of the connection was captured, so the first
 * bytes are the first that were said. */
ces_smtp_session *ces_smtp_session_new(gboolean from_start);
void ces_smtp_session_free(ces_smtp_session *session);

/* Hears what one end said next. */
void ces_smtp_session_add(ces_smtp_session *session, gboolean from_client, const ces_piece *piece,
                          ces_contribution *contribution);

/* The same for what came out of TLS, once somebody could decrypt it. */
void ces_smtp_session_add_decrypted(ces_smtp_session *session, gboolean from_client, const ces_piece *piece,
                                    ces_contribution *contribution);

/* The connection has ended; nothing is said after this. `whole`: nothing is
 * missing before the end. */
void ces_smtp_session_end(ces_smtp_session *session, gboolean whole);

/* What is spoken, as far as it is known. */
ces_protocol ces_smtp_session_protocol(const ces_smtp_session *session);

/* Whether TLS has begun, at once or by STARTTLS. */
gboolean ces_smtp_session_encrypted(const ces_smtp_session *session);

/* Borrowed; NULL beyond the last one. Valid as long as the session. */
const ces_remark *ces_smtp_session_remark(const ces_smtp_session *session, guint index);

/* What became of the deliveries so far, and why (design, "The result"):
 * working, refused, broken, encrypted, other_use or unknown. Silence is not
 * told here: that is a matter of time, which a session does not know. */
ces_result ces_smtp_session_result(const ces_smtp_session *session, ces_cause *cause);

#endif
