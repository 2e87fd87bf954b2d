/* smtp_command.c
 * The client's lines: what each command does before its reply is known.
 *
 * A command that ends a transaction takes effect when it is accepted. Until
 * then the message counts as given up, and a refusal takes that back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_inspection.h"
#include "dialogue/smtp_parts.h"
#include <ces/text.h>

#include <string.h>

/* Of an unknown verb. */
enum { VERB_KEPT = 31 };

/* --- transactions ----------------------------------------------------------------- */

/* The address between < and >, or up to a blank where a client leaves them
 * out; of a path with a source route (RFC 5321 appendix F.2) all of it. */
static char *
address_in(ces_smtp_span argument)
{
    const char *colon = argument.length ? (const char *)memchr(argument.text, ':', argument.length) : NULL;
    ces_smtp_span rest = colon ? ces_smtp_span_after(argument, (gsize)(colon + 1 - argument.text)) : argument;

    while (rest.length > 0 && *rest.text == ' ')
        rest = ces_smtp_span_after(rest, 1);
    gboolean bracket = rest.length > 0 && *rest.text == '<';
    rest = ces_smtp_span_after(rest, bracket);
    const char *end = rest.length ? (const char *)memchr(rest.text, bracket ? '>' : ' ', rest.length) : NULL;
    return ces_smtp_clean((ces_smtp_span){rest.text, end ? (gsize)(end - rest.text) : rest.length});
}

/* While the pairing is unsure nothing is known of what became of the message. */
static void
give_up_open(ces_smtp_session *session)
{
    if (session->exchange.unsure)
        session->open = NULL;
    else
        ces_smtp_message_give_up(session->open);
}

static void
on_mail(ces_smtp_session *session, ces_smtp_span argument)
{
    give_up_open(session);
    ces_smtp_message *before = session->open, *message = ces_smtp_message_open(session);
    if (message) {
        message->shown.sender = address_in(argument);
        message->displaced = before ? (guint16)before->shown.number : 0;
    }
    session->retryable = 0;
    ces_smtp_message_touch(session, message);
    ces_smtp_exchange_expect(session, CES_SMTP_MAIL, message);
}

static void
on_rcpt(ces_smtp_session *session, ces_smtp_span argument)
{
    ces_smtp_message *message = session->open;

    if (message && message->shown.recipient_count++ < CES_RECIPIENTS_KEPT)
        message->shown.recipients[message->shown.recipient_count - 1] = address_in(argument);
    ces_smtp_message_touch(session, message);
    ces_smtp_exchange_expect(session, CES_SMTP_RCPT, message);
}

/* Where its MAIL is missing, a message begins with its content. */
static ces_smtp_message *
open_for_content(ces_smtp_session *session)
{
    ces_smtp_message *message = session->open ? session->open : ces_smtp_message_open(session);

    ces_smtp_message_touch(session, message);
    return message;
}

/* The body is expected at once: in a capture of the client alone no 354 will
 * come. Another reply takes this back. */
static void
on_data(ces_smtp_session *session, ces_smtp_span argument G_GNUC_UNUSED)
{
    ces_smtp_message *message = open_for_content(session);

    ces_smtp_exchange_expect(session, CES_SMTP_DATA, message);
    ces_smtp_exchange_begin_body(&session->exchange);
    if (!message)
        return;
    message->shown.size = 0;
    message->shown.size_known = message->begun = message->part_missed = FALSE;
}

static void
on_reset(ces_smtp_session *session, ces_smtp_span argument G_GNUC_UNUSED)
{
    give_up_open(session);
    session->retryable = 0;
    ces_smtp_exchange_expect(session, CES_SMTP_RESET, session->open);
}

/* --- chunks ------------------------------------------------------------------------- */

/* What BDAT announces (RFC 3030 section 2). */
typedef struct {
    guint64 size;
    gboolean last;
    gboolean valid; /* the size is a number that a chunk can have */
} chunk;

static chunk
parse_chunk(ces_smtp_span argument)
{
    chunk parsed = {.valid = FALSE};
    ces_smtp_span number = ces_smtp_span_word(ces_smtp_span_trimmed(argument));
    ces_smtp_span rest = ces_smtp_span_after(ces_smtp_span_trimmed(argument), number.length);

    while (rest.length > 0 && *rest.text == ' ')
        rest = ces_smtp_span_after(rest, 1);
    parsed.last = ces_smtp_span_is(rest, "LAST");
    parsed.valid = number.length > 0 && number.length < 20; /* 2^64 has 20 digits */
    for (gsize i = 0; i < number.length && parsed.valid; i++) {
        parsed.valid = g_ascii_isdigit(number.text[i]);
        parsed.size = parsed.size * 10 + (guint64)g_ascii_digit_value(number.text[i]);
    }
    return parsed;
}

/* Behind a size that is none comes no chunk. */
static void
on_bdat(ces_smtp_session *session, ces_smtp_span argument)
{
    ces_smtp_exchange *exchange = &session->exchange;
    chunk announced = parse_chunk(argument);
    ces_smtp_message *message = open_for_content(session);

    ces_smtp_exchange_expect(session, announced.last ? CES_SMTP_LAST_CHUNK : CES_SMTP_CHUNK, message);
    exchange->last_chunk = (guint8)announced.last;
    exchange->chunk_left = announced.valid ? announced.size : 0;
    exchange->chunk_refused = FALSE;
    if (exchange->chunk_left > 0)
        exchange->phase = CES_SMTP_IN_CHUNK;
    if (message) {
        message->begun |= announced.valid;
        message->part_missed |= exchange->unsure || !announced.valid;
    }
    if (announced.last && exchange->chunk_left == 0)
        ces_smtp_exchange_complete(session);
}

/* --- greetings and the rest ------------------------------------------------------------ */

static void
greet(ces_smtp_session *session, ces_protocol as, ces_smtp_command command)
{
    ces_smtp_exchange *exchange = &session->exchange;

    give_up_open(session);
    session->retryable = 0;
    exchange->greeted_before = exchange->greeted_as;
    exchange->greeted_as = (guint8)as;
    ces_smtp_settle_greeting(session);
    ces_smtp_exchange_expect(session, command, session->open);
}

static void
on_hello(ces_smtp_session *session, ces_smtp_span argument G_GNUC_UNUSED)
{
    greet(session, CES_PROTOCOL_SMTP, CES_SMTP_HELLO);
}

static void
on_lhlo(ces_smtp_session *session, ces_smtp_span argument G_GNUC_UNUSED)
{
    greet(session, CES_PROTOCOL_LMTP, CES_SMTP_LHLO);
    if (session->exchange.unsure) /* else its reply tells whether it is heeded */
        ces_smtp_note_lmtp(session);
}

static void
on_starttls(ces_smtp_session *session, ces_smtp_span argument G_GNUC_UNUSED)
{
    ces_smtp_exchange_expect(session, CES_SMTP_STARTTLS, NULL);
}

static void
on_auth(ces_smtp_session *session, ces_smtp_span argument G_GNUC_UNUSED)
{
    ces_smtp_exchange_expect(session, CES_SMTP_AUTH, NULL);
}

static const struct {
    const char *verb;
    void (*act)(ces_smtp_session *session, ces_smtp_span argument);
} actions[] = {
    {"MAIL", on_mail},         {"RCPT", on_rcpt},  {"DATA", on_data},  {"BDAT", on_bdat},
    {"RSET", on_reset},        {"QUIT", on_reset}, {"EHLO", on_hello}, {"HELO", on_hello},
    {"STARTTLS", on_starttls}, {"AUTH", on_auth},  {"LHLO", on_lhlo},
};

/* --- verbs that nobody has published ------------------------------------------------------- */

static gboolean
is_word(ces_smtp_span word)
{
    if (word.length == 0 || word.length > VERB_KEPT || !g_ascii_isalpha(*word.text))
        return FALSE;
    for (gsize i = 1; i < word.length; i++)
        if (!g_ascii_isalnum(word.text[i]) && word.text[i] != '-' && word.text[i] != '_')
            return FALSE;
    return TRUE;
}

static void
on_unknown(ces_smtp_session *session, ces_smtp_span word)
{
    gboolean masked = ces_smtp_is_masked_verb(word);

    session->contribution->new_verbs = TRUE;
    ces_smtp_exchange_expect(session, masked ? CES_SMTP_MASKED : CES_SMTP_UNKNOWN, NULL);
    if (masked) {
        ces_smtp_rewritten(session, CES_SMTP_REWRITTEN_COMMAND, 0, word);
        return;
    }
    g_free(session->verb);
    session->verb = ces_smtp_clean(word);
}

/* A public verb that is not in the table needs nothing but its reply. What is
 * no word at all is no command that the server could have been meant to know. */
static void
on_other(ces_smtp_session *session, ces_smtp_span word)
{
    if (!ces_protocol_is_smtp_verb(word.text, word.length) && is_word(word)) {
        on_unknown(session, word);
        return;
    }
    if (!is_word(word))
        session->contribution->no_commands = TRUE;
    ces_smtp_exchange_expect(session, CES_SMTP_OTHER, NULL);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* What follows the verb in every command of that kind; NULL: nothing does. */
static const struct {
    const char *verb, *argument;
} forms[] = {
    {"MAIL", "FROM:"}, {"RCPT", "TO:"}, {"DATA", NULL}, {"RSET", NULL},     {"QUIT", NULL},
    {"NOOP", NULL},    {"EHLO", ""},    {"HELO", ""},   {"STARTTLS", NULL}, {"LHLO", ""},
};

gboolean
ces_smtp_is_surely_command(ces_smtp_span line)
{
    ces_smtp_span trimmed = ces_smtp_span_trimmed(line);
    ces_smtp_span verb = ces_smtp_span_word(trimmed);
    ces_smtp_span argument = ces_smtp_span_after(trimmed, verb.length + 1);

    if (ces_smtp_span_is(verb, "BDAT"))
        return parse_chunk(argument).valid;
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
        if (ces_smtp_span_is(verb, forms[i].verb))
            return !forms[i].argument   ? argument.length == 0
                   : *forms[i].argument ? ces_smtp_span_starts(argument, forms[i].argument)
                                        : ces_smtp_span_word(argument).length == argument.length;
    return FALSE;
}

/* Text where a command could be: a client that sends the message though it was
 * refused, or the rest of one whose beginning is not known. How many replies
 * that gets is anyone's guess. */
static gboolean
is_stray(ces_smtp_session *session, ces_smtp_span line)
{
    ces_smtp_exchange *exchange = &session->exchange;

    if (!exchange->stray)
        return FALSE;
    exchange->stray = !ces_smtp_is_surely_command(line);
    if (!exchange->stray)
        return FALSE;
    session->contribution->no_commands = TRUE;
    ces_smtp_exchange_lose_pairing(exchange);
    return TRUE;
}

void
ces_smtp_command_line(ces_smtp_session *session, ces_smtp_span line)
{
    ces_smtp_span word = ces_smtp_span_word(line);

    if (session->exchange.auth_wait) {
        session->exchange.auth_wait = FALSE;
        session->contribution->no_commands = TRUE;
        return;
    }
    if (line.length == 0 || is_stray(session, line))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
        if (ces_smtp_span_is(word, actions[i].verb)) {
            actions[i].act(session, ces_smtp_span_after(line, word.length + 1));
            return;
        }
    on_other(session, word);
}
