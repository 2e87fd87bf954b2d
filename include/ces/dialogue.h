/* dialogue.h
 * What is said on one connection, and what became of it.
 *
 * On a sync port that is SSH, as far as it is sent in the clear; on a
 * quarantine port SMTP, TLS, or another use of the port. A dialogue is fed
 * with the segments of its connection in the order of the capture, keeps a
 * bounded amount whatever they hold, and after a gap says "unknown" until the
 * dialogue itself shows again where it stands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DIALOGUE_H
#define CES_DIALOGUE_H

#include <ces/flow.h>
#include <ces/protocol.h>

/* --- messages ------------------------------------------------------------- */

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

/* The token; static, "?" for a value outside the enumeration. */
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

/* Appends "from <a@b> to <c@d> and 2 more, 1234 bytes, accepted (250 2.0.0 Ok)". */
void ces_say_message(const ces_message *message, GString *text);

/* --- remarks -------------------------------------------------------------- */

/* Something that an analyst should see, at the packet where it was said. */
typedef enum {
    CES_REMARK_REFUSED,          /* 4xx or 5xx where a delivery needs 2xx or 3xx */
    CES_REMARK_UNKNOWN_VERB,     /* 500 or 502 to a verb that is no public SMTP */
    CES_REMARK_STARTTLS_REFUSED, /* 4xx or 5xx to STARTTLS */
    CES_REMARK_TLS_ALERT,        /* the handshake ended with an alert */
    CES_REMARK_LMTP,             /* the client says LHLO */
    CES_REMARK_REWRITTEN         /* something in the path masks the greeting or a verb */
} ces_remark_kind;

typedef struct {
    ces_remark_kind kind;
    guint16 code; /* reply code, or the alert's description */
    guint8 from_client;
    char *about; /* "recipient"; for an unknown verb the verb itself */
    char *text;  /* text of the reply, "" if there is none */
} ces_remark;

/* Appends the remark as a sentence, what matters first. */
void ces_say_remark(const ces_remark *remark, GString *text);

/* --- what one packet contributed ------------------------------------------ */

/* By value; the message is borrowed from the dialogue, which lives as long as
 * the analysis. All zero if the packet said nothing that matters. */
typedef struct {
    const ces_message *message;    /* the message that was spoken of: decided first, else last; or NULL */
    gint64 waited;                 /* for CES_CAUSE_NO_GREETING and CES_CAUSE_NO_BANNER: after so many nanoseconds */
    guint16 first_remark, remarks; /* numbered from 0 over the connection */
    guint8 protocol;               /* ces_protocol that is known after this packet */
    guint8 shows;                  /* ces_cause that this packet made known, CES_CAUSE_NONE if it did not */
    guint8 encrypted;              /* the payload is encrypted, or was */
    guint8 new_verbs;              /* the client said commands that are no public SMTP ... */
    guint8 no_commands;            /* ... and what is no command: a part of a message, an answer */
} ces_contribution;

/* --- the dialogue --------------------------------------------------------- */

/* Whether dialogues of this service are followed: sync and both quarantines. */
gboolean ces_dialogue_is_followed(ces_service service);

/* Frees it; takes NULL. */
void ces_dialogue_free(ces_dialogue *dialogue);

/* Adds a segment of the flow, which the flow table has taken already, and
 * fills `contribution`. A segment that came before what it follows or answers
 * waits a few moments for that, and contributes with the one that ends its
 * waiting. Makes flow->dialogue when there is something to
 * follow: nothing is kept of attempts, so a scan costs no memory here. */
void ces_dialogue_add(ces_flow *flow, const ces_segment *segment, guint8 sender, ces_contribution *contribution);

/* Adds what somebody decrypted from the TLS of this connection: the next
 * bytes of that end, and what it contributed to `contribution`, which may hold
 * something already. Bytes announced by ces_dialogue_repeat are skipped. */
void ces_dialogue_add_decrypted(ces_flow *flow, gboolean from_client, const guint8 *bytes, gsize length,
                                ces_contribution *contribution);

/* The last `length` decrypted bytes of that end will be handed over once more
 * before what follows them: whoever dissects them waits for the rest of a line. */
void ces_dialogue_repeat(ces_flow *flow, gboolean from_client, gsize length);

/* What is spoken, as far as it is known; unknown for NULL. */
ces_protocol ces_dialogue_protocol(const ces_dialogue *dialogue);

/* What is spoken inside TLS, once it was decrypted; unknown for NULL. */
ces_protocol ces_dialogue_inner_protocol(const ces_dialogue *dialogue);

/* Whether what that end has sent so far is the beginning of more than one
 * protocol, so that whoever dissects it should wait for more. FALSE for NULL,
 * and on sync connections. */
gboolean ces_dialogue_wants_more(const ces_dialogue *dialogue, gboolean from_client);

/* Remark number `index` of the connection, borrowed; NULL beyond the last. */
const ces_remark *ces_dialogue_remark(const ces_dialogue *dialogue, guint position);

/* What the service did on the connection, and why (design: working only with
 * proof, broken, refused, silent; else unknown). `elapsed` is how much of the
 * capture has gone by and `patience` after how long silence counts, both in
 * nanoseconds. Never more certain than the capture: a client that closes by
 * itself within a second, a gap, or one side alone give unknown.
 *
 * Silence is that the handshake completed, the SYN-ACK was captured, and
 * nothing shows a byte of the server behind it: neither its segments nor what
 * the client acknowledges. A server that closes first without a byte is broken
 * (no_banner) on a sync, and silent (no_greeting) on a quarantine, however soon
 * it does; a client that closes later than a second makes it silent, whatever
 * the patience. What the server sends later takes silence back. */
ces_result ces_dialogue_result(const ces_flow *flow, gint64 elapsed, gint64 patience, ces_cause *cause);

/* For the causes that an SSH connection shows, and for silence: appends the
 * facts as one sentence ("The server closes without an SSH banner, 0.2 s after
 * the handshake"; of not_ssh with the words that it said). Nothing for others. */
void ces_say_cause(const ces_flow *flow, ces_cause cause, gint64 elapsed, GString *text);

/* Description text of an SSH DISCONNECT, or "" (borrowed). */
const char *ces_dialogue_disconnect(const ces_dialogue *dialogue);

#endif
