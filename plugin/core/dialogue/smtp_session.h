/* delivery.h
 * Follows what is said on one connection to a quarantine port, line by line:
 * which messages were handed over, and what became of them.
 *
 * It hears pieces of the two streams in the order of the capture. It keeps a
 * bounded amount whatever it hears, and after a gap it says "unknown" until
 * the dialogue itself shows again where it stands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DELIVERY_H
#define CES_DELIVERY_H

#include <ces/protocol.h>
#include "dialogue/stream.h"

/* What became of a message. */
#define CES_DELIVERIES(X)                \
    X(CES_DELIVERY_UNKNOWN, "unknown")   \
    X(CES_DELIVERY_ACCEPTED, "accepted") \
    X(CES_DELIVERY_DEFERRED, "deferred") \
    X(CES_DELIVERY_REFUSED, "refused")   \
    X(CES_DELIVERY_ABANDONED, "abandoned")

/* accepted: 2xx for the whole message. deferred: 4xx, the sender will try
 * again. refused: 5xx. abandoned: the client gave up before the message was
 * complete. */
typedef enum { CES_DELIVERIES(CES_ENUMERATOR) CES_DELIVERY_COUNT } ces_delivery_outcome;

const char *ces_delivery_outcome_token(ces_delivery_outcome outcome);

/* Bounds for one connection. What lies beyond is counted where it can be. */
enum { CES_RECIPIENTS_KEPT = 16, CES_MESSAGES_KEPT = 1000, CES_REMARKS_KEPT = 64, CES_TEXT_KEPT = 256 };

/* One message. Texts are valid UTF-8 without control characters. */
typedef struct {
    guint32 number;                        /* 1 for the first of the connection */
    char *sender;                          /* NULL while unknown, "" for the null sender */
    char *recipients[CES_RECIPIENTS_KEPT]; /* the first ones */
    guint32 recipient_count;               /* all of them */
    guint32 recipients_accepted, recipients_refused;
    guint64 size; /* bytes as sent, without the end mark */
    char *reply;  /* text of the reply that decided, or NULL */
    guint16 code; /* its code, or 0 */
    guint8 size_known;
    guint8 outcome; /* ces_delivery_outcome */
    guint8 encrypted;
} ces_message;

/* Something that an analyst should see, at the packet where it was said. */
typedef enum {
    CES_REMARK_REFUSED,          /* 4xx or 5xx where a delivery needs 2xx or 3xx */
    CES_REMARK_UNKNOWN_VERB,     /* 500 or 502 to a verb that is no public SMTP */
    CES_REMARK_STARTTLS_REFUSED, /* 4xx or 5xx to STARTTLS */
    CES_REMARK_TLS_ALERT,        /* the handshake ended with an alert */
    CES_REMARK_LMTP              /* the client says LHLO */
} ces_remark_kind;

typedef struct {
    ces_remark_kind kind;
    guint16 code; /* reply code, or the alert's description */
    guint8 from_client;
    char *about; /* "recipient"; for an unknown verb the verb itself */
    char *text;  /* text of the reply, "" if there is none */
} ces_remark;

typedef struct ces_smtp_session ces_smtp_session;

/* `from_start`: the opening of the connection was captured, so the first
 * bytes are the first that were said. */
ces_smtp_session *ces_smtp_session_new(gboolean from_start);
void ces_smtp_session_free(ces_smtp_session *delivery);

/* What one piece added. Remarks are numbered from 0 over the connection. */
typedef struct {
    const ces_message *message; /* the message that was spoken of last, or NULL */
    guint16 first_remark, remarks;
    guint8 encrypted;   /* the piece is encrypted, or was */
    guint8 new_verbs;   /* the client said commands that are no public SMTP ... */
    guint8 no_commands; /* ... and what is no command: a part of a message, an answer */
} ces_contribution;

/* Hears what one end said next. */
void ces_smtp_session_add(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece, ces_contribution *contribution);

/* The same for what came out of TLS, once somebody could decrypt it. */
void ces_smtp_session_add_decrypted(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece,
                                 ces_contribution *contribution);

/* The connection has ended; nothing is said after this. `whole`: nothing is
 * missing before the end. */
void ces_smtp_session_end(ces_smtp_session *delivery, gboolean whole);

/* What is spoken, as far as it is known. */
ces_protocol ces_smtp_session_protocol(const ces_smtp_session *delivery);

/* Whether TLS has begun, at once or by STARTTLS. */
gboolean ces_smtp_session_encrypted(const ces_smtp_session *delivery);

/* Borrowed; NULL beyond the last one. Valid as long as the delivery. */
const ces_remark *ces_smtp_session_remark(const ces_smtp_session *delivery, guint index);

/* The remark as a sentence, what matters first. */
void ces_say_remark(const ces_remark *remark, GString *text);

/* "from <a@b> to <c@d> and 2 more, 1234 bytes, accepted (250 2.0.0 Ok)" */
void ces_say_message(const ces_message *message, GString *text);

#endif
