/* smtp_reply.c
 * The server's lines: what each reply means for the command that it answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_inspection.h"
#include "dialogue/smtp_parts.h"

#include <string.h>

enum { TAKING = 354, AUTH_GOES_ON = 334, TLS_BEGINS = 220, CLOSING = 421 };

static void
refuse(ces_smtp_session *session, const char *about, guint16 code, const char *text)
{
    ces_smtp_remark(session, CES_REMARK_REFUSED, code, FALSE, about, text);
}

static ces_cause
cause_of(guint16 code)
{
    return code < 500 ? CES_CAUSE_REPLY_DEFERRED : CES_CAUSE_REPLY_REFUSED;
}

/* --- replies by command ----------------------------------------------------------------- */

typedef struct {
    ces_smtp_message *message; /* that the command was about, or NULL */
    guint8 command;            /* ces_smtp_command */
    guint16 code;
    const char *text;
} reply;

static void
on_greeting(ces_smtp_session *session, const reply *to)
{
    if (to->code < 400)
        return;
    session->greeting_refused = TRUE;
    ces_smtp_note_cause(session, cause_of(to->code));
    refuse(session, "connection", to->code, to->text);
}

/* RSET, QUIT and greetings end the transaction, unless they are refused. */
static void
on_reset(ces_smtp_session *session, const reply *to)
{
    if (to->code >= 400) {
        ces_smtp_message_take_up(to->message);
        return;
    }
    if (session->open == to->message)
        session->open = NULL;
    ces_smtp_message_abandoned(session, to->message);
}

/* A server that knows no EHLO says so by 500, 502 or 504, and is asked again by
 * HELO; one that wants nobody has other codes. */
static void
on_hello_refused(ces_smtp_session *session, const reply *to)
{
    ces_smtp_exchange *exchange = &session->exchange;

    exchange->greeted_as = exchange->greeted_before;
    if (exchange->greeted_by || to->command == CES_SMTP_LHLO)
        return;
    if (session->cause == CES_CAUSE_NONE)
        session->cause_is_hello = TRUE;
    ces_smtp_note_cause(session, cause_of(to->code));
    if (to->code != 500 && to->code != 502 && to->code != 504)
        refuse(session, "connection", to->code, to->text);
}

static void
on_hello(ces_smtp_session *session, const reply *to)
{
    ces_smtp_exchange *exchange = &session->exchange;

    on_reset(session, to);
    if (to->code >= 400) {
        on_hello_refused(session, to);
    } else {
        if (!exchange->greeted_by)
            exchange->greeted_by = exchange->greeted_as;
        if (session->cause_is_hello)
            session->cause = CES_CAUSE_NONE;
        session->cause_is_hello = FALSE;
    }
    ces_smtp_settle_greeting(session);
    ces_smtp_note_lmtp(session);
}

/* A MAIL that is refused leaves the transaction as it was. */
static void
on_mail(ces_smtp_session *session, const reply *to)
{
    ces_smtp_message *displaced = ces_smtp_message_numbered(session, to->message ? to->message->displaced : 0);

    if (to->code < 400) {
        session->exchange.transactions[session->exchange.greeted_as == CES_PROTOCOL_LMTP]++;
        ces_smtp_settle_greeting(session);
        return;
    }
    if (displaced && session->open == to->message && !displaced->sunk) {
        ces_smtp_message_take_up(displaced);
        session->open = displaced;
    }
    if (ces_smtp_message_sink(session, to->message, to->code, to->text))
        refuse(session, "sender", to->code, to->text);
}

static void
on_rcpt(ces_smtp_session *session, const reply *to)
{
    if (ces_smtp_message_recipient(session, to->message, to->code, to->text) && to->code >= 400)
        refuse(session, "recipient", to->code, to->text);
}

static void
on_content_refused(ces_smtp_session *session, const reply *to)
{
    if (ces_smtp_message_sink(session, to->message, to->code, to->text))
        refuse(session, "message", to->code, to->text);
}

/* --- DATA, BDAT and bodies ------------------------------------------------------------------ */

/* The server takes a message that has no MAIL of its own: it goes on with the
 * addresses of the one whose chunk it refused. */
static void
inherit_addresses(ces_smtp_session *session, ces_smtp_message *message)
{
    const ces_smtp_message *before = ces_smtp_message_numbered(session, session->retryable);

    if (!message || !before || message == before || message->shown.sender || message->shown.recipient_count > 0)
        return;
    message->retry_of = session->retryable;
    message->shown.sender = g_strdup(before->shown.sender);
    message->shown.recipient_count = before->shown.recipient_count;
    message->shown.recipients_accepted = before->shown.recipients_accepted;
    message->shown.recipients_refused = before->shown.recipients_refused;
    for (guint i = 0; i < CES_RECIPIENTS_KEPT; i++)
        message->shown.recipients[i] = g_strdup(before->shown.recipients[i]);
}

static void
on_data_taken(ces_smtp_session *session, ces_smtp_message *message)
{
    session->exchange.taking =
        session->exchange.phase == CES_SMTP_IN_BODY && (!session->open || session->open == message);
    inherit_addresses(session, message);
    session->retryable = 0;
    if (!session->ended)
        ces_smtp_message_take_up(message);
    if (session->exchange.taking && !session->open)
        session->open = message;
}

/* The client may send the body nevertheless; a server then answers each of its
 * lines as if it were a command. */
static void
on_data_not_taken(ces_smtp_session *session, const reply *to)
{
    ces_smtp_exchange *exchange = &session->exchange;

    if (exchange->phase != CES_SMTP_IN_BODY || (to->message && to->message->begun))
        ces_smtp_exchange_lose_pairing(exchange);
    if (exchange->phase == CES_SMTP_IN_BODY) {
        exchange->phase = CES_SMTP_IN_COMMANDS;
        exchange->lines[TRUE].skipping = (guint8)(exchange->end_matched == 0);
    }
    exchange->stray = TRUE;
    exchange->taking = FALSE;
    if (!to->message)
        return;
    to->message->begun = to->message->shown.size_known = FALSE;
    to->message->shown.size = 0;
}

static void
on_data(ces_smtp_session *session, const reply *to)
{
    if (to->code == TAKING) {
        on_data_taken(session, to->message);
        return;
    }
    on_data_not_taken(session, to);
    if (to->code >= 400)
        on_content_refused(session, to);
}

static void
on_chunk(ces_smtp_session *session, const reply *to)
{
    const ces_smtp_exchange *exchange = &session->exchange;

    if (to->code < 400)
        return;
    if (exchange->phase == CES_SMTP_IN_CHUNK && exchange->queue.count == 0)
        session->exchange.chunk_refused = TRUE;
    on_content_refused(session, to);
}

/* In LMTP each recipient that was accepted has its own (RFC 2033 section 4.2). */
static gboolean
is_last_answer(const ces_smtp_session *session, ces_smtp_message *message)
{
    return session->exchange.greeted_as != CES_PROTOCOL_LMTP || !message ||
           ++message->replies >= message->shown.recipients_accepted;
}

static void
on_body(ces_smtp_session *session, const reply *to)
{
    if (!is_last_answer(session, to->message))
        ces_smtp_queue_put_back(&session->exchange.queue,
                                (ces_smtp_pending){to->command, to->message ? (guint16)to->message->shown.number : 0});
    if (to->code >= 400)
        on_content_refused(session, to);
    else if (to->code < 300)
        ces_smtp_message_accept(session, to->message, to->code, to->text);
}

static void
on_last_chunk(ces_smtp_session *session, const reply *to)
{
    on_chunk(session, to);
    if (to->code < 400)
        on_body(session, to);
    else if (to->message)
        session->retryable = (guint16)to->message->shown.number;
}

/* --- the other commands ----------------------------------------------------------------------- */

static void
on_starttls(ces_smtp_session *session, const reply *to)
{
    if (to->code == TLS_BEGINS) {
        ces_smtp_start_tls(session);
        return;
    }
    if (to->code < 400)
        return;
    session->starttls_refused = TRUE;
    ces_smtp_note_cause(session, CES_CAUSE_STARTTLS_REFUSED);
    ces_smtp_remark(session, CES_REMARK_STARTTLS_REFUSED, to->code, FALSE, "STARTTLS", to->text);
}

/* Only 500 and 502 say that the verb is not known. */
static void
on_unknown(ces_smtp_session *session, const reply *to)
{
    gboolean unknown = to->code == 500 || to->code == 502;

    if (to->code < 400)
        return;
    ces_smtp_note_cause(session, unknown ? CES_CAUSE_UNKNOWN_COMMAND : cause_of(to->code));
    if (!unknown)
        refuse(session, to->code == CLOSING ? "connection" : "command", to->code, to->text);
    else if (!session->strange)
        ces_smtp_remark(session, CES_REMARK_UNKNOWN_VERB, to->code, FALSE, session->verb ? session->verb : "",
                        to->text);
    session->strange |= unknown;
}

static void
on_auth(ces_smtp_session *session, const reply *to)
{
    if (to->code == AUTH_GOES_ON) {
        session->exchange.auth_wait = TRUE;
        ces_smtp_queue_put_back(&session->exchange.queue, (ces_smtp_pending){CES_SMTP_AUTH, 0});
        return;
    }
    if (to->code < 400)
        return;
    ces_smtp_note_cause(session, cause_of(to->code));
    refuse(session, to->code == CLOSING ? "connection" : "authentication", to->code, to->text);
}

static void
on_other(ces_smtp_session *session, const reply *to)
{
    if (to->code == CLOSING)
        refuse(session, "connection", to->code, to->text);
}

static void (*const meanings[CES_SMTP_COMMAND_COUNT])(ces_smtp_session *session, const reply *to) = {
    [CES_SMTP_OTHER] = on_other,  [CES_SMTP_GREETING] = on_greeting, [CES_SMTP_HELLO] = on_hello,
    [CES_SMTP_LHLO] = on_hello,   [CES_SMTP_RESET] = on_reset,       [CES_SMTP_UNKNOWN] = on_unknown,
    [CES_SMTP_MASKED] = on_other, [CES_SMTP_MAIL] = on_mail,         [CES_SMTP_RCPT] = on_rcpt,
    [CES_SMTP_DATA] = on_data,    [CES_SMTP_CHUNK] = on_chunk,       [CES_SMTP_LAST_CHUNK] = on_last_chunk,
    [CES_SMTP_BODY] = on_body,    [CES_SMTP_STARTTLS] = on_starttls, [CES_SMTP_AUTH] = on_auth,
};

/* --- the end by 421 ------------------------------------------------------------------------------ */

static void
defer(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text)
{
    if (message && message->shown.outcome == CES_DELIVERY_UNKNOWN)
        ces_smtp_message_sink(session, message, code, text);
}

/* The server closes (RFC 5321 section 3.8): what has no answer so far gets none. */
static void
close_channel(ces_smtp_session *session, guint16 code, const char *text)
{
    ces_smtp_pending left;

    ces_smtp_note_cause(session, CES_CAUSE_REPLY_DEFERRED);
    while (ces_smtp_queue_pop(&session->exchange.queue, &left))
        defer(session, ces_smtp_message_numbered(session, left.message), code, text);
    ces_smtp_message_touch(session, session->open);
    defer(session, session->open, code, text);
    ces_smtp_exchange_lose_pairing(&session->exchange);
}

/* --- pairing --------------------------------------------------------------------------------------- */

/* A reply that answers no command: the server gives up (421), or something is
 * missing in the capture. */
static void
on_unasked(ces_smtp_session *session, guint16 code, const char *text)
{
    if (code == CLOSING)
        refuse(session, "connection", code, text);
    else
        session->exchange.unasked = !session->exchange.unsure;
}

/* Since a server is silent while a body comes, what it says then is the
 * answer to the body, whether or not the end mark was seen, once it has
 * answered DATA itself. */
static void
answer_body_without_end(ces_smtp_session *session)
{
    ces_smtp_exchange *exchange = &session->exchange;

    if (exchange->phase != CES_SMTP_IN_BODY || !exchange->taking || exchange->queue.count > 0)
        return;
    exchange->unsure = FALSE;
    exchange->stray = TRUE;
    exchange->lines[TRUE].skipping = TRUE;
    if (session->open)
        session->open->part_missed = TRUE;
    ces_smtp_exchange_end_body(session);
}

/* Drops what waits before DATA: whatever it was, its answer has gone by. */
static gboolean
skip_to_data(ces_smtp_queue *queue)
{
    const ces_smtp_pending *next;
    ces_smtp_pending dropped;

    while ((next = ces_smtp_queue_peek(queue)) && next->command != CES_SMTP_DATA)
        ces_smtp_queue_pop(queue, &dropped);
    return next != NULL;
}

/* Only DATA is answered with 354: the pairing is sure again. */
static void
find_pairing(ces_smtp_session *session)
{
    ces_smtp_exchange *exchange = &session->exchange;

    if (!exchange->unsure && skip_to_data(&exchange->queue))
        return;
    if (!session->open)
        ces_smtp_message_open(session);
    exchange->unsure = FALSE;
    exchange->unasked = FALSE;
    ces_smtp_exchange_expect(session, CES_SMTP_DATA, session->open);
    if (exchange->phase != CES_SMTP_IN_COMMANDS)
        return;
    exchange->phase = CES_SMTP_IN_BODY;
    exchange->end_matched = 0;
    exchange->headless = TRUE;
}

static void
on_reply(ces_smtp_session *session, guint16 code, const char *text)
{
    ces_smtp_exchange *exchange = &session->exchange;
    ces_smtp_pending answered;

    if (code == TAKING)
        find_pairing(session);
    else
        answer_body_without_end(session);
    if (exchange->unsure || !ces_smtp_queue_pop(&exchange->queue, &answered)) {
        on_unasked(session, code, text);
    } else {
        reply to = {ces_smtp_message_numbered(session, answered.message), answered.command, code, text};
        if (answered.command >= CES_SMTP_MAIL)
            ces_smtp_message_touch(session, to.message);
        meanings[answered.command](session, &to);
    }
    if (code == CLOSING)
        close_channel(session, code, text);
}

/* --- lines ------------------------------------------------------------------------------------------- */

/* How much a line tells. Many a refusal begins with the name of the host, an
 * empty line or a rule; an enhanced code (RFC 3463) comes with the reason. */
static guint8
weight_of(ces_smtp_span text)
{
    gboolean enhanced = text.length > 5 && g_ascii_isdigit(text.text[0]) && text.text[1] == '.' &&
                        g_ascii_isdigit(text.text[2]) && memchr(text.text + 3, '.', MIN(text.length - 3, 3));
    gsize letters = 0, words = 1;

    for (gsize i = 0; i < text.length; i++) {
        letters += g_ascii_isalnum(text.text[i]) || (guchar)text.text[i] > 127;
        words += text.text[i] == ' ';
    }
    return letters == 0 ? 0 : (guint8)(1 + (words > 1) + (enhanced && words > 1 ? 2 : 0));
}

/* Keeps the line that tells most, the first if equal. */
static void
keep_text(ces_smtp_exchange *exchange, guint16 code, ces_smtp_span text)
{
    guint8 weight = weight_of(text);
    gboolean first = code != exchange->reply_code;

    exchange->reply_masked = (guint8)((first || exchange->reply_masked) && ces_smtp_is_masked_greeting(text));
    if (!first && weight <= exchange->reply_weight)
        return;
    g_free(exchange->reply_text);
    exchange->reply_text = ces_smtp_clean(text);
    exchange->reply_weight = weight;
    exchange->reply_code = code;
}

static void
look_for_masks(ces_smtp_session *session, guint16 code, ces_smtp_span text, gboolean last)
{
    if (code == 250 && ces_smtp_is_masked_extension(text))
        ces_smtp_rewritten(session, CES_SMTP_REWRITTEN_EXTENSION, code, ces_smtp_span_word(text));
    if (code == 220 && last && session->exchange.reply_masked)
        ces_smtp_rewritten(session, CES_SMTP_REWRITTEN_GREETING, code, text);
}

/* The code (RFC 5321 section 4.2), 0 for what is none. */
static guint16
code_of(ces_smtp_span line)
{
    guint16 code = 0;

    if (line.length < 3 || line.text[0] < '2' || line.text[0] > '5' ||
        (line.length > 3 && line.text[3] != ' ' && line.text[3] != '-'))
        return 0;
    for (int i = 0; i < 3; i++) {
        if (!g_ascii_isdigit(line.text[i]))
            return 0;
        code = (guint16)(code * 10 + g_ascii_digit_value(line.text[i]));
    }
    return code;
}

/* Of the lines of a reply only the last one counts. */
void
ces_smtp_reply_line(ces_smtp_session *session, ces_smtp_span line)
{
    ces_smtp_exchange *exchange = &session->exchange;
    ces_smtp_span text = ces_smtp_span_after(line, 4);
    gboolean last = line.length < 4 || line.text[3] != '-';
    guint16 code = code_of(line);

    if (code == 0)
        return;
    keep_text(exchange, code, text);
    look_for_masks(session, code, text, last);
    if (!last)
        return;
    char *tells = g_steal_pointer(&exchange->reply_text);
    exchange->reply_code = 0;
    on_reply(session, code, tells);
    g_free(tells);
}
