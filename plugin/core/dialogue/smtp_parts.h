/* smtp_parts.h
 * What the parts of an SMTP session share: the session itself, and what each
 * part offers to the others. Nothing here is for anybody else.
 *
 * From the top down; none calls one above it.
 *
 * smtp_session.c   what is spoken, and the layer of TLS
 * smtp_reading.c   bytes into lines and bodies, over gaps
 * smtp_command.c   what a command does
 * smtp_reply.c     what a reply means for the command that it answers
 * smtp_state.c     where the session stands
 * smtp_exchange.c  which command waits for its reply, and whether a body comes
 * smtp_message.c   messages, remarks, and what a packet contributes
 *
 * smtp_result.c    what became of it all
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SMTP_PARTS_H
#define CES_SMTP_PARTS_H

#include "dialogue/smtp_line.h"
#include "dialogue/smtp_queue.h"
#include "dialogue/smtp_session.h"
#include "tls/alert.h"

/* --- messages --------------------------------------------------------------- */

/* A message, and what is known of it beyond what is shown. */
typedef struct {
    ces_message shown;  /* first: what is lent out is this */
    guint16 displaced;  /* number of the message whose place its MAIL took, or 0 */
    guint16 retry_of;   /* ... of the refused one whose addresses it goes on with, or 0 */
    guint16 replies;    /* replies to its body: LMTP has one for each recipient */
    guint8 sunk;        /* a reply was its end: no recipient that is accepted saves it */
    guint8 given_up;    /* the client went on to something else */
    guint8 complete;    /* all of it was sent */
    guint8 begun;       /* some of its content was sent */
    guint8 part_missed; /* some of its content may be missing in the capture */
    guint8 retried;     /* it was accepted at another attempt */
} ces_smtp_message;

/* Begins a message, which RCPT and DATA are about from then on. NULL once
 * CES_MESSAGES_KEPT are kept. */
ces_smtp_message *ces_smtp_message_open(ces_smtp_session *session);

/* Borrowed; NULL for 0 and beyond the last. */
ces_smtp_message *ces_smtp_message_numbered(const ces_smtp_session *session, guint16 number);

/* The packet speaks of it, unless it has decided an earlier one. Takes NULL. */
void ces_smtp_message_touch(ces_smtp_session *session, const ces_smtp_message *message);

/* The client starts something else. What it has not completed, it abandons.
 * Takes NULL, here and below. */
void ces_smtp_message_give_up(ces_smtp_message *message);

/* The server has agreed: the packet tells of a message that is abandoned. */
void ces_smtp_message_abandoned(ces_smtp_session *session, const ces_smtp_message *message);

/* It did not, after all: the server would not have it. */
void ces_smtp_message_take_up(ces_smtp_message *message);

/* A reply that is the end of the message. FALSE if it had come to its end
 * before, so that the reply only follows from that. */
gboolean ces_smtp_message_sink(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text);

/* The answer to one recipient; FALSE as above. */
gboolean ces_smtp_message_recipient(ces_smtp_session *session, ces_smtp_message *message, guint16 code,
                                    const char *text);

/* The server has taken the message. */
void ces_smtp_message_accept(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text);

/* --- remarks ---------------------------------------------------------------- */

/* Text of a capture, fit for display and at most CES_TEXT_KEPT bytes; free it. */
char *ces_smtp_clean(ces_smtp_span text);

/* Adds a remark to the packet, as far as CES_REMARKS_KEPT allows. */
void ces_smtp_remark(ces_smtp_session *session, ces_remark_kind kind, guint16 code, gboolean from_client,
                     const char *about, const char *text);

/* Something in the path rewrites the exchange: `place` is a bit of
 * session->rewritten, remarked once. */
void ces_smtp_rewritten(ces_smtp_session *session, guint8 place, guint16 code, ces_smtp_span text);

/* --- the exchange ----------------------------------------------------------- */

typedef enum {
    CES_SMTP_IN_COMMANDS,
    CES_SMTP_IN_BODY,  /* after DATA: up to a dot alone on a line */
    CES_SMTP_IN_CHUNK, /* after BDAT: a number of bytes */
    CES_SMTP_OVER      /* nothing more is read: TLS */
} ces_smtp_phase;

/* What a TLS layer hides, and a new TLS layer starts afresh. */
typedef struct {
    ces_smtp_line lines[2]; /* by from_client */
    ces_smtp_queue queue;
    guint64 chunk_left;
    char *reply_text;        /* of the reply being read, the line that tells most; or NULL */
    guint32 transactions[2]; /* MAIL accepted: 0 in SMTP, 1 in LMTP */
    guint16 reply_code;      /* of the reply being read, 0 between replies */
    guint8 reply_weight;     /* how much its text tells */
    guint8 reply_masked;     /* all its lines so far were masked */
    guint8 unsure;           /* which reply belongs to which command is not known */
    guint8 unasked;          /* a reply came that no command had asked for */
    guint8 phase;            /* ces_smtp_phase */
    guint8 end_matched;      /* how much of the end mark of a body was seen */
    guint8 auth_wait;        /* the client's next line answers a 334 */
    guint8 taking;           /* a 354 has come for the body */
    guint8 headless;         /* the beginning of the body was not seen */
    guint8 last_chunk;
    guint8 chunk_refused; /* before it was all sent */
    guint8 stray;         /* lines may be text of a message: only what surely is a command is */
    guint8 greeted_as, greeted_before, greeted_by; /* ces_protocol: now; before that; first with success */
} ces_smtp_exchange;

/* Begins afresh. `greeting`: the server's greeting comes first; `sure`: what
 * comes first is the first that is sent. */
void ces_smtp_exchange_begin(ces_smtp_session *session, gboolean greeting, gboolean sure);

/* A command waits for its reply. */
void ces_smtp_exchange_expect(ces_smtp_session *session, ces_smtp_command command, const ces_smtp_message *message);

/* Which reply belongs to which command is not known any more. */
void ces_smtp_exchange_lose_pairing(ces_smtp_exchange *exchange);

/* How much of the end mark of a body the end of the line before it is. */
enum { CES_SMTP_LINE_END = 2 };

/* What the client sends from here on is a message. */
void ces_smtp_exchange_begin_body(ces_smtp_exchange *exchange);

/* The end of the body was sent, or must have been: its reply comes next. */
void ces_smtp_exchange_end_body(ces_smtp_session *session);

/* All of the open message was sent. */
void ces_smtp_exchange_complete(ces_smtp_session *session);

/* SMTP or LMTP, whichever the exchange has used most, the first if equal. */
ces_protocol ces_smtp_exchange_protocol(const ces_smtp_exchange *exchange);

/* Frees what it keeps. */
void ces_smtp_exchange_clear(ces_smtp_exchange *exchange);

/* --- reading ------------------------------------------------------------------ */

/* Reads on as long as it is SMTP; returns how many bytes were. */
guint32 ces_smtp_read(ces_smtp_session *session, gboolean from_client, const ces_piece *piece);

/* One line of the client, and of the server. */
void ces_smtp_command_line(ces_smtp_session *session, ces_smtp_span line);
void ces_smtp_reply_line(ces_smtp_session *session, ces_smtp_span line);

/* Whether a line is a command by all of its form, not by its first word alone,
 * as a line of a letter could be. */
gboolean ces_smtp_is_surely_command(ces_smtp_span line);

/* --- the session ------------------------------------------------------------ */

/* Places where something in the path was seen to rewrite. */
enum { CES_SMTP_REWRITTEN_GREETING = 0x1, CES_SMTP_REWRITTEN_EXTENSION = 0x2, CES_SMTP_REWRITTEN_COMMAND = 0x4 };

/* The first bytes of one end, while they could be more than one thing. */
typedef struct {
    guint8 *bytes; /* CES_PROTOCOL_LOOK of them, or NULL */
    guint8 length;
    guint8 told; /* this end has sent something that told, or never will */
} ces_smtp_opening;

struct ces_smtp_session {
    ces_smtp_exchange exchange;
    ces_smtp_opening openings[2];   /* by from_client */
    ces_alert_watch *watches;       /* two, by from_client, once TLS has begun; or NULL */
    GPtrArray *messages;            /* ces_smtp_message; NULL while there are none */
    GPtrArray *remarks;             /* ces_remark; likewise */
    ces_smtp_message *open;         /* the message that RCPT and DATA are about, or NULL */
    ces_contribution *contribution; /* during a call: what to report to */
    char *verb;                     /* the last unknown verb, or NULL */
    guint16 retryable;   /* number of the message whose last chunk was refused, while its addresses may still hold */
    guint8 protocol;     /* ces_protocol of the layer that is read */
    guint8 outer;        /* ... of the layer outside TLS, once the inside is read */
    guint8 from_start;   /* nothing is missing so far, and the first bytes are the first */
    guint8 lines_passed; /* the client has sent whole lines before it was known that this is SMTP */
    guint8 verb_passed;  /* ... and something that begins like a command */
    guint8 tls;          /* TLS has begun */
    guint8 inside;       /* what is read was decrypted */
    guint8 alerted;      /* an alert was remarked */
    guint8 strange;      /* an unknown verb was remarked */
    guint8 lmtp;         /* LMTP was */
    guint8 rewritten;    /* bits: see above */
    guint8 decided;      /* during a call: contribution->message was decided in it */
    guint8 ended;
    guint8 starttls_refused;
    guint8 greeting_refused; /* by the greeting itself */
    guint8 cause;            /* ces_cause: what first stood in the way, message aside */
    guint8 cause_is_hello;   /* ... a refused EHLO, which another may make good */
};

/* Something stands in the way of messages; the first one counts. */
void ces_smtp_note_cause(ces_smtp_session *session, ces_cause cause);

/* What comes from here on is TLS. */
void ces_smtp_begin_tls(ces_smtp_session *session);

/* The server has agreed to STARTTLS. */
void ces_smtp_start_tls(ces_smtp_session *session);

/* Brings the protocol of the layer in line with its exchange. */
void ces_smtp_settle_greeting(ces_smtp_session *session);

/* Remarks LMTP, once, if that is what is spoken. */
void ces_smtp_note_lmtp(ces_smtp_session *session);

/* Whether what is read is local delivery: then no message and no remark is reported. */
static inline gboolean
ces_smtp_is_lmtp(const ces_smtp_session *session)
{
    return session->protocol == CES_PROTOCOL_LMTP;
}

#endif
