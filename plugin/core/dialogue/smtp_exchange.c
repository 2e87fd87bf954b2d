/* smtp_exchange.c
 * What one exchange keeps: which commands wait for their replies (pipelining:
 * RFC 2920), what is spoken, and whether a body comes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_parts.h"

/* --- the pairing of commands and replies -------------------------------------------- */

void
ces_smtp_exchange_lose_pairing(ces_smtp_exchange *exchange)
{
    ces_smtp_queue_clear(&exchange->queue);
    exchange->unsure = TRUE;
    exchange->unasked = FALSE;
    exchange->auth_wait = FALSE;
}

/* A reply that nothing had asked for may be the one to this command: packets
 * change places on their way into a capture. */
void
ces_smtp_exchange_expect(ces_smtp_session *session, ces_smtp_command command, const ces_smtp_message *message)
{
    ces_smtp_exchange *exchange = &session->exchange;
    ces_smtp_pending added = {(guint8)command, message ? (guint16)message->shown.number : 0};

    if (exchange->unsure)
        return;
    if (exchange->unasked || !ces_smtp_queue_push(&exchange->queue, added))
        ces_smtp_exchange_lose_pairing(exchange);
}

/* --- life ---------------------------------------------------------------------------- */

void
ces_smtp_exchange_clear(ces_smtp_exchange *exchange)
{
    ces_smtp_line_clear(&exchange->lines[FALSE]);
    ces_smtp_line_clear(&exchange->lines[TRUE]);
    ces_smtp_queue_clear(&exchange->queue);
    g_clear_pointer(&exchange->reply_text, g_free);
}

void
ces_smtp_exchange_begin(ces_smtp_session *session, gboolean greeting, gboolean sure)
{
    ces_smtp_exchange *exchange = &session->exchange;

    ces_smtp_exchange_clear(exchange);
    *exchange = (ces_smtp_exchange){.unsure = (guint8)!sure, .stray = (guint8)!sure};
    exchange->lines[TRUE].skipping = (guint8)!sure;
    session->open = NULL;
    if (greeting)
        ces_smtp_exchange_expect(session, CES_SMTP_GREETING, NULL);
}

/* --- what is spoken -------------------------------------------------------------------- */

ces_protocol
ces_smtp_exchange_protocol(const ces_smtp_exchange *exchange)
{
    guint8 first = exchange->greeted_by ? exchange->greeted_by : exchange->greeted_as;

    if (exchange->transactions[FALSE] != exchange->transactions[TRUE])
        return exchange->transactions[TRUE] > exchange->transactions[FALSE] ? CES_PROTOCOL_LMTP : CES_PROTOCOL_SMTP;
    return first == CES_PROTOCOL_LMTP ? CES_PROTOCOL_LMTP : CES_PROTOCOL_SMTP;
}

/* --- bodies ---------------------------------------------------------------------------------- */

void
ces_smtp_exchange_begin_body(ces_smtp_exchange *exchange)
{
    exchange->phase = CES_SMTP_IN_BODY;
    exchange->taking = FALSE;
    exchange->headless = FALSE;
    exchange->end_matched = CES_SMTP_LINE_END; /* a body may begin with the dot */
}

void
ces_smtp_exchange_complete(ces_smtp_session *session)
{
    ces_smtp_message *message = session->open;

    session->open = NULL;
    if (!message)
        return;
    message->complete = TRUE;
    message->shown.size_known = message->begun && !message->part_missed;
}

void
ces_smtp_exchange_end_body(ces_smtp_session *session)
{
    ces_smtp_message_touch(session, session->open);
    ces_smtp_exchange_expect(session, CES_SMTP_BODY, session->open);
    session->exchange.phase = CES_SMTP_IN_COMMANDS;
    session->exchange.taking = FALSE;
    ces_smtp_exchange_complete(session);
}
