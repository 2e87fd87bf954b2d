/* smtp_session.h
 * Follows what is sent on one connection to a quarantine port: which messages
 * were handed over, and what became of them.
 *
 * A session is fed with pieces of the two streams in the order of the capture.
 * It keeps a bounded amount whatever they hold, and little while nothing goes
 * wrong; after a gap it says "unknown" until the exchange itself shows again
 * where it stands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SMTP_SESSION_H
#define CES_SMTP_SESSION_H

#include <ces/dialogue.h>

#include "dialogue/stream.h"

typedef struct ces_smtp_session ces_smtp_session;

/* A session in which nothing was sent. `from_start`: the opening of the
 * connection was captured, so the first bytes are the first that were sent.
 * Free it with ces_smtp_session_free, which takes NULL. */
ces_smtp_session *ces_smtp_session_new(gboolean from_start);
void ces_smtp_session_free(ces_smtp_session *session);

/* Adds what one end sent next, and fills `contribution`, whatever it held:
 * message, remarks, protocol, encrypted, new_verbs and no_commands. */
void ces_smtp_session_add(ces_smtp_session *session, gboolean from_client, const ces_piece *piece,
                          ces_contribution *contribution);

/* The same for what came out of TLS, once somebody could decrypt it. Nothing
 * happens where no TLS has begun. */
void ces_smtp_session_add_decrypted(ces_smtp_session *session, gboolean from_client, const ces_piece *piece,
                                    ces_contribution *contribution);

/* One end has closed. What the client has not completed, it abandons, if
 * `whole`: nothing is missing before the end. After a half-close the other end
 * may go on, and what it sends is still to be added. Only the first call counts. */
void ces_smtp_session_end(ces_smtp_session *session, gboolean whole);

/* What is spoken, as far as it is known: by what was sent first, and longest.
 * TLS where it began at once; where it began by STARTTLS, what was spoken
 * before. X11 and other data give way to SMTP that shows later. */
ces_protocol ces_smtp_session_protocol(const ces_smtp_session *session);

/* What is spoken inside TLS: SMTP, LMTP or DATA; UNKNOWN while nothing was
 * decrypted, or too little of it. */
ces_protocol ces_smtp_session_inner_protocol(const ces_smtp_session *session);

/* Whether what that end has sent so far could be the beginning of more than
 * one protocol, and a few more bytes will tell. Inside TLS that means the
 * decrypted bytes. */
gboolean ces_smtp_session_wants_more(const ces_smtp_session *session, gboolean from_client);

/* Whether TLS has begun, at once or by STARTTLS. */
gboolean ces_smtp_session_encrypted(const ces_smtp_session *session);

/* Borrowed; NULL beyond the last one. Valid as long as the session. */
const ces_remark *ces_smtp_session_remark(const ces_smtp_session *session, guint position);

/* What became of the deliveries so far, and why (design, "The result"):
 * working, refused, broken, encrypted, other_use or unknown. Silence is not
 * told here: that is a matter of time, which a session does not know. */
ces_result ces_smtp_session_result(const ces_smtp_session *session, ces_cause *cause);

#endif
