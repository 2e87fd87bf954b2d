/* delivery.c
 * An SMTP dialogue, line by line (RFC 5321; pipelining: RFC 2920; chunks:
 * RFC 3030; STARTTLS: RFC 3207).
 *
 * Commands wait in a queue until their replies come, so a pipelining client
 * is paired rightly. When something is missing, the pairing is unsure and
 * replies count for nothing, until a reply 354 shows that a message is being
 * taken: only DATA is answered so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_session.h"

#include "tls/alert.h"
#include <ces/text.h>

#include <string.h>

/* RFC 5321 section 4.5.3.1 allows 512 for commands and replies; extensions
 * add to it. What is longer keeps its beginning. */
#define LINE_KEPT 1024
/* Postfix pipelines what fits into 4 kB. */
#define QUEUE_LENGTH 256

typedef enum {
    CMD_OTHER,
    CMD_GREETING, /* not a command: the server speaks first */
    CMD_UNKNOWN,  /* a verb that is no public SMTP */
    CMD_MAIL,
    CMD_RCPT,
    CMD_DATA,
    CMD_CHUNK, /* BDAT without LAST */
    CMD_BODY,  /* the end of a message */
    CMD_STARTTLS,
    CMD_AUTH
} command;

/* A command that waits for its reply. */
typedef struct {
    guint8 what;     /* command */
    guint16 message; /* number of the message it is about, or 0 */
} pending;

typedef struct {
    guint16 length;
    guint8 skipping; /* its beginning is missing: no line until the next one */
    char text[LINE_KEPT];
} line_buffer;

typedef enum {
    IN_COMMANDS,
    IN_BODY,  /* after DATA: up to a dot alone on a line */
    IN_CHUNK, /* after BDAT: a number of bytes */
    IN_SILENCE
} client_phase;

/* Everything that a TLS layer hides, or a new TLS layer starts afresh. */
typedef struct {
    line_buffer lines[2]; /* by speaker: 0 server, 1 client */
    pending queue[QUEUE_LENGTH];
    guint16 queue_head, queue_count;
    guint8 unsure;      /* which reply belongs to which command is not known */
    guint8 unasked;     /* a reply came that no command had asked for */
    guint8 phase;       /* client_phase */
    guint8 end_matched; /* how much of the end mark of a body was seen */
    guint8 auth_wait;   /* the client's next line answers a 334 */
    guint8 taking;      /* a 354 has come for the body */
    guint8 headless;    /* the beginning of the body was not seen */
    guint8 last_chunk;
    guint64 chunk_left;
    guint16 reply_code; /* of the reply being read, 0 between replies */
    char *reply_text;   /* its first line */
} dialogue;

typedef struct {
    guint8 bytes[CES_PROTOCOL_LOOK];
    guint8 length;
    guint8 spoken; /* something came from this end */
} opening_bytes;

struct ces_smtp_session {
    gboolean from_start;
    guint8 protocol;   /* ces_protocol */
    guint8 tls;        /* TLS has begun */
    guint8 alerted;    /* an alert was remarked */
    guint8 strange;    /* an unknown verb was remarked */
    guint8 inside_tls; /* what is being contribution was decrypted */
    guint8 ended;
    opening_bytes opening[2];
    ces_alert_watch alerts[2];
    dialogue *talk;
    GPtrArray *messages;
    ces_message *open; /* the message that RCPT and DATA are about, or NULL */
    GPtrArray *remarks;
    char verb[32];                  /* the last unknown verb */
    ces_contribution *contribution; /* during a call: what to report to */
};

/* --- texts ------------------------------------------------------------------ */

static char *
clean(const char *text, gsize length)
{
    return ces_text_clean(text, length, CES_TEXT_KEPT);
}

CES_TOKEN_FUNCTION(ces_delivery_outcome, CES_DELIVERIES)

/* --- life ------------------------------------------------------------------- */

static void
free_message(gpointer data)
{
    ces_message *message = (ces_message *)data;

    g_free(message->sender);
    for (guint i = 0; i < CES_RECIPIENTS_KEPT; i++)
        g_free(message->recipients[i]);
    g_free(message->reply);
    g_free(message);
}

static void
free_remark(gpointer data)
{
    ces_remark *remark = (ces_remark *)data;

    g_free(remark->about);
    g_free(remark->text);
    g_free(remark);
}

static void
free_talk(ces_smtp_session *delivery)
{
    if (delivery->talk)
        g_free(delivery->talk->reply_text);
    g_free(delivery->talk);
    delivery->talk = NULL;
}

ces_smtp_session *
ces_smtp_session_new(gboolean from_start)
{
    ces_smtp_session *delivery = g_new0(ces_smtp_session, 1);

    delivery->from_start = from_start;
    delivery->messages = g_ptr_array_new_with_free_func(free_message);
    delivery->remarks = g_ptr_array_new_with_free_func(free_remark);
    return delivery;
}

void
ces_smtp_session_free(ces_smtp_session *delivery)
{
    if (!delivery)
        return;
    free_talk(delivery);
    g_ptr_array_free(delivery->messages, TRUE);
    g_ptr_array_free(delivery->remarks, TRUE);
    g_free(delivery);
}

ces_protocol
ces_smtp_session_protocol(const ces_smtp_session *delivery)
{
    return (ces_protocol)delivery->protocol;
}

gboolean
ces_smtp_session_encrypted(const ces_smtp_session *delivery)
{
    return delivery->tls;
}

const ces_remark *
ces_smtp_session_remark(const ces_smtp_session *delivery, guint index)
{
    return index < delivery->remarks->len ? (const ces_remark *)g_ptr_array_index(delivery->remarks, index) : NULL;
}

/* --- remarks ---------------------------------------------------------------- */

static void
remark(ces_smtp_session *delivery, ces_remark_kind kind, guint16 code, gboolean from_client, const char *about,
       const char *text)
{
    if (delivery->remarks->len >= CES_REMARKS_KEPT)
        return;
    ces_remark *made = g_new0(ces_remark, 1);
    *made = (ces_remark){kind, code, (guint8)(from_client != FALSE), g_strdup(about), g_strdup(text ? text : "")};
    if (delivery->contribution->remarks++ == 0)
        delivery->contribution->first_remark = (guint16)delivery->remarks->len;
    g_ptr_array_add(delivery->remarks, made);
}

/* --- the queue of commands ---------------------------------------------------- */

static void
lose_pairing(dialogue *talk)
{
    talk->queue_count = 0;
    talk->unsure = TRUE;
    talk->unasked = FALSE;
    talk->auth_wait = FALSE;
}

/* A reply that nothing had asked for may be the one to this command: packets
 * change places on their way into a capture. */
static void
push(dialogue *talk, command what, const ces_message *message)
{
    if (talk->unsure)
        return;
    if (talk->queue_count == QUEUE_LENGTH || talk->unasked) {
        lose_pairing(talk);
        return;
    }
    talk->queue[(talk->queue_head + talk->queue_count++) % QUEUE_LENGTH] =
        (pending){(guint8)what, message ? (guint16)message->number : 0};
}

static gboolean
pop(dialogue *talk, pending *taken)
{
    if (talk->queue_count == 0)
        return FALSE;
    *taken = talk->queue[talk->queue_head];
    talk->queue_head = (guint16)((talk->queue_head + 1) % QUEUE_LENGTH);
    talk->queue_count--;
    return TRUE;
}

/* Puts back what was popped last: its reply was not the final one. */
static void
push_back(dialogue *talk, pending again)
{
    talk->queue_head = (guint16)((talk->queue_head + QUEUE_LENGTH - 1) % QUEUE_LENGTH);
    talk->queue[talk->queue_head] = again;
    talk->queue_count++;
}

/* --- messages ----------------------------------------------------------------- */

static ces_message *
speak_of(ces_smtp_session *delivery, ces_message *message)
{
    if (message)
        delivery->contribution->message = message;
    return message;
}

static ces_message *
message_numbered(const ces_smtp_session *delivery, guint16 number)
{
    return number && number <= delivery->messages->len
               ? (ces_message *)g_ptr_array_index(delivery->messages, number - 1u)
               : NULL;
}

/* The client starts something else. What it did not complete, it gave up,
 * unless all that is known is that something is missing. */
static void
close_message(ces_smtp_session *delivery)
{
    ces_message *message = delivery->open;

    delivery->open = NULL;
    if (message && message->outcome == CES_DELIVERY_UNKNOWN && !delivery->talk->unsure)
        message->outcome = CES_DELIVERY_ABANDONED;
}

static void
open_message(ces_smtp_session *delivery)
{
    close_message(delivery);
    if (delivery->messages->len >= CES_MESSAGES_KEPT)
        return;
    ces_message *message = g_new0(ces_message, 1);
    message->encrypted = delivery->inside_tls;
    g_ptr_array_add(delivery->messages, message);
    message->number = delivery->messages->len;
    delivery->open = message;
}

static void
decide(ces_message *message, guint16 code, const char *text)
{
    if (!message)
        return;
    message->outcome = code < 400 ? CES_DELIVERY_ACCEPTED : code < 500 ? CES_DELIVERY_DEFERRED : CES_DELIVERY_REFUSED;
    message->code = code;
    g_free(message->reply);
    message->reply = g_strdup(text);
}

/* A message is lost with its last recipient, and found again with the next
 * one that is accepted. Some deferred: the sender tries again. */
static void
decide_recipient(ces_message *message, guint16 code, const char *text)
{
    if (!message)
        return;
    if (code < 400) {
        if (message->recipients_accepted++ == 0) {
            message->outcome = CES_DELIVERY_UNKNOWN;
            message->code = 0;
            g_clear_pointer(&message->reply, g_free);
        }
        return;
    }
    message->recipients_refused++;
    if (message->recipients_accepted == 0 && message->outcome != CES_DELIVERY_DEFERRED)
        decide(message, code, text);
}

/* --- commands ------------------------------------------------------------------- */

/* The address between < and >, or up to a blank where a client leaves them
 * out; of a path with a source route (RFC 5321 appendix F.2) all of it. */
static char *
address_in(const char *argument)
{
    const char *colon = strchr(argument, ':');
    const char *from = colon ? colon + 1 : argument;

    while (*from == ' ')
        from++;
    const char *to = *from == '<' ? strchr(++from, '>') : strchr(from, ' ');
    return clean(from, to ? (gsize)(to - from) : strlen(from));
}

static void
on_mail(ces_smtp_session *delivery, const char *argument)
{
    open_message(delivery);
    if (delivery->open)
        delivery->open->sender = address_in(argument);
    push(delivery->talk, CMD_MAIL, speak_of(delivery, delivery->open));
}

static void
on_rcpt(ces_smtp_session *delivery, const char *argument)
{
    ces_message *message = speak_of(delivery, delivery->open);

    if (message && message->recipient_count++ < CES_RECIPIENTS_KEPT)
        message->recipients[message->recipient_count - 1] = address_in(argument);
    push(delivery->talk, CMD_RCPT, message);
}

/* The body is expected at once: in a capture of the client alone no 354 will
 * come. Another reply takes this back. */
static void
on_data(ces_smtp_session *delivery, const char *argument G_GNUC_UNUSED)
{
    if (!delivery->open)
        open_message(delivery); /* its MAIL is missing */
    push(delivery->talk, CMD_DATA, speak_of(delivery, delivery->open));
    delivery->talk->taking = FALSE;
    delivery->talk->headless = FALSE;
    delivery->talk->phase = IN_BODY;
    delivery->talk->end_matched = 2; /* a body may begin with the dot */
    if (delivery->open) {
        delivery->open->size = 0;
        delivery->open->size_known = FALSE;
    }
}

static void
on_bdat(ces_smtp_session *delivery, const char *argument)
{
    char *rest = NULL;
    guint64 size = g_ascii_strtoull(argument, &rest, 10);
    gboolean last = rest && g_ascii_strncasecmp(rest, " LAST", 5) == 0;
    ces_message *message = speak_of(delivery, delivery->open);

    delivery->talk->chunk_left = size;
    delivery->talk->last_chunk = last;
    if (size > 0)
        delivery->talk->phase = IN_CHUNK;
    if (message) {
        message->size += MIN(size, G_MAXUINT32);
        message->size_known = last && !delivery->talk->unsure; /* or a chunk may be missing */
    }
    push(delivery->talk, last ? CMD_BODY : CMD_CHUNK, message);
    if (last && size == 0)
        delivery->open = NULL;
}

static void
on_closing(ces_smtp_session *delivery, const char *argument G_GNUC_UNUSED)
{
    close_message(delivery);
    push(delivery->talk, CMD_OTHER, NULL);
}

static void
on_starttls(ces_smtp_session *delivery, const char *argument G_GNUC_UNUSED)
{
    close_message(delivery);
    push(delivery->talk, CMD_STARTTLS, NULL);
}

static void
on_auth(ces_smtp_session *delivery, const char *argument G_GNUC_UNUSED)
{
    push(delivery->talk, CMD_AUTH, NULL);
}

/* Local delivery is no business of ours: nothing more is followed. */
static void
on_lhlo(ces_smtp_session *delivery, const char *argument G_GNUC_UNUSED)
{
    delivery->protocol = CES_PROTOCOL_LMTP;
    delivery->talk->phase = IN_SILENCE;
    remark(delivery, CES_REMARK_LMTP, 0, TRUE, "LHLO", "");
}

static const struct {
    const char *verb;
    void (*act)(ces_smtp_session *delivery, const char *argument);
} actions[] = {
    {"MAIL", on_mail},         {"RCPT", on_rcpt},    {"DATA", on_data},    {"BDAT", on_bdat},
    {"RSET", on_closing},      {"EHLO", on_closing}, {"HELO", on_closing}, {"QUIT", on_closing},
    {"STARTTLS", on_starttls}, {"AUTH", on_auth},    {"LHLO", on_lhlo},
};

/* Verbs that are not in the table: a public one needs nothing but its reply;
 * any other is remembered in case the server does not know it either. */
static void
on_other(ces_smtp_session *delivery, const char *verb, gsize length)
{
    if (length == 0 || ces_protocol_is_smtp_verb(verb, length)) {
        push(delivery->talk, CMD_OTHER, NULL);
        return;
    }
    char *word = ces_text_clean(verb, length, sizeof delivery->verb - 1);
    g_strlcpy(delivery->verb, word, sizeof delivery->verb);
    g_free(word);
    delivery->contribution->new_verbs = TRUE;
    push(delivery->talk, CMD_UNKNOWN, NULL);
}

static void
on_command(ces_smtp_session *delivery, const char *line)
{
    gsize length = strcspn(line, " ");
    const char *argument = line + length + (line[length] == ' ');

    if (delivery->talk->auth_wait) {
        delivery->talk->auth_wait = FALSE;
        delivery->contribution->no_commands = TRUE;
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
        if (strlen(actions[i].verb) == length && g_ascii_strncasecmp(line, actions[i].verb, length) == 0) {
            actions[i].act(delivery, argument);
            return;
        }
    on_other(delivery, line, length);
}

/* --- replies ---------------------------------------------------------------------- */

static void
end_of_body(ces_smtp_session *delivery)
{
    push(delivery->talk, CMD_BODY, speak_of(delivery, delivery->open));
    delivery->talk->phase = IN_COMMANDS;
    delivery->talk->taking = FALSE;
    delivery->open = NULL;
}

/* The server takes the message, or does not. */
static void
on_data_reply(ces_smtp_session *delivery, ces_message *message, guint16 code, const char *text)
{
    delivery->talk->taking = code == 354;
    if (code == 354)
        return;
    if (delivery->talk->phase == IN_BODY)
        delivery->talk->phase = IN_COMMANDS;
    if (code < 400)
        return;
    decide(message, code, text);
    remark(delivery, CES_REMARK_REFUSED, code, FALSE, "message", text);
}

static void
start_tls(ces_smtp_session *delivery)
{
    delivery->tls = TRUE;
    delivery->contribution->encrypted = TRUE;
    if (!delivery->inside_tls)
        delivery->talk->phase = IN_SILENCE;
}

/* What the reply means for the command it answers, and what was refused. */
static const char *
on_reply_to(ces_smtp_session *delivery, pending *answered, guint16 code, const char *text)
{
    ces_message *message = speak_of(delivery, message_numbered(delivery, answered->message));

    switch (answered->what) {
    case CMD_GREETING:
        return "connection";
    case CMD_MAIL:
        if (code >= 400)
            decide(message, code, text);
        return "sender";
    case CMD_RCPT:
        decide_recipient(message, code, text);
        return "recipient";
    case CMD_DATA:
        on_data_reply(delivery, message, code, text);
        return NULL;
    case CMD_CHUNK:
        if (code >= 400)
            decide(message, code, text);
        return "message";
    case CMD_BODY:
        decide(message, code, text);
        return "message";
    default:
        return code == 421 ? "connection" : NULL;
    }
}

static void
on_unknown_verb_reply(ces_smtp_session *delivery, guint16 code, const char *text)
{
    if ((code != 500 && code != 502) || delivery->strange)
        return;
    delivery->strange = TRUE;
    remark(delivery, CES_REMARK_UNKNOWN_VERB, code, FALSE, delivery->verb, text);
}

static void
on_starttls_reply(ces_smtp_session *delivery, guint16 code, const char *text)
{
    if (code == 220)
        start_tls(delivery);
    else if (code >= 400)
        remark(delivery, CES_REMARK_STARTTLS_REFUSED, code, FALSE, "STARTTLS", text);
}

/* A reply that answers no command: the server gives up (421), or something is
 * missing in the capture. */
static void
on_unasked(ces_smtp_session *delivery, guint16 code, const char *text)
{
    if (code != 421) {
        delivery->talk->unasked = !delivery->talk->unsure;
        return;
    }
    if (delivery->open && delivery->open->outcome == CES_DELIVERY_UNKNOWN)
        decide(speak_of(delivery, delivery->open), code, text);
    remark(delivery, CES_REMARK_REFUSED, code, FALSE, "connection", text);
}

/* Since a server is silent while a body comes, what it says then is the
 * answer to the body, whether or not the end mark was seen, once it has
 * answered DATA itself. */
static void
answer_body_without_end(dialogue *talk, ces_smtp_session *delivery)
{
    if (talk->phase != IN_BODY || !talk->taking || talk->queue_count > 0)
        return;
    talk->unsure = FALSE;
    talk->lines[TRUE].skipping = TRUE;
    end_of_body(delivery);
}

/* Only DATA is answered with 354: the pairing is sure again. */
static void
find_pairing(dialogue *talk, ces_smtp_session *delivery)
{
    if (!delivery->open)
        open_message(delivery);
    talk->unsure = FALSE;
    talk->unasked = FALSE;
    push(talk, CMD_DATA, delivery->open);
    if (talk->phase == IN_COMMANDS) {
        talk->phase = IN_BODY;
        talk->end_matched = 0;
        talk->headless = TRUE;
    }
}

static void
on_reply(ces_smtp_session *delivery, guint16 code, const char *text)
{
    dialogue *talk = delivery->talk;
    pending answered;

    if (code == 354 && (talk->unsure || talk->queue_count == 0))
        find_pairing(talk, delivery);
    else if (code != 354)
        answer_body_without_end(talk, delivery);
    if (talk->unsure || !pop(talk, &answered)) {
        on_unasked(delivery, code, text);
        return;
    }
    if (answered.what == CMD_AUTH && code == 334) {
        talk->auth_wait = TRUE;
        push_back(talk, answered);
    } else if (answered.what == CMD_STARTTLS) {
        on_starttls_reply(delivery, code, text);
    } else if (answered.what == CMD_UNKNOWN && code != 421) {
        on_unknown_verb_reply(delivery, code, text);
    } else {
        const char *refused = on_reply_to(delivery, &answered, code, text);
        if (refused && code >= 400)
            remark(delivery, CES_REMARK_REFUSED, code, FALSE, refused, text);
    }
}

/* One line of a reply (RFC 5321 section 4.2.1); only the last one counts, and
 * the first one's text says most. */
static void
on_reply_line(ces_smtp_session *delivery, const char *line)
{
    dialogue *talk = delivery->talk;

    if (!g_ascii_isdigit(line[0]) || !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]) ||
        (line[3] && line[3] != ' ' && line[3] != '-'))
        return;
    guint16 code = (guint16)(g_ascii_digit_value(line[0]) * 100 + g_ascii_digit_value(line[1]) * 10 +
                             g_ascii_digit_value(line[2]));
    const char *text = line[3] ? line + 4 : "";
    if (code != talk->reply_code) {
        g_free(talk->reply_text);
        talk->reply_text = clean(text, strlen(text));
        talk->reply_code = code;
    }
    if (line[3] == '-')
        return;
    char *first = g_steal_pointer(&talk->reply_text);
    talk->reply_code = 0;
    on_reply(delivery, code, first);
    g_free(first);
}

/* --- from bytes to lines ------------------------------------------------------------ */

/* Behind a gap only what starts with a public verb is surely the beginning of
 * a line. */
static void
on_line(ces_smtp_session *delivery, gboolean from_client, line_buffer *line)
{
    gsize length = line->length;

    if (length > 0 && line->text[length - 1] == '\r')
        length--;
    line->text[length] = '\0';
    line->length = 0;
    gboolean whole =
        !line->skipping || (from_client && ces_protocol_is_smtp_verb(line->text, strcspn(line->text, " ")));
    line->skipping = FALSE;
    if (whole && !from_client)
        on_reply_line(delivery, line->text);
    else if (whole && (length > 0 || delivery->talk->auth_wait))
        on_command(delivery, line->text);
}

/* Takes bytes up to the end of a line; returns how many. */
static guint32
take_line(ces_smtp_session *delivery, gboolean from_client, const guint8 *bytes, guint32 length)
{
    line_buffer *line = &delivery->talk->lines[from_client];
    const guint8 *end = (const guint8 *)memchr(bytes, '\n', length);
    guint32 taken = end ? (guint32)(end - bytes) : length;
    guint32 kept = MIN(taken, (guint32)(LINE_KEPT - 1 - line->length));

    memcpy(line->text + line->length, bytes, kept);
    line->length = (guint16)(line->length + kept);
    if (!end)
        return taken;
    on_line(delivery, from_client, line);
    return taken + 1;
}

/* The end mark of a body, CR LF dot CR LF: how much of it is matched after
 * one more byte. */
static guint8
match_end(guint8 matched, guint8 byte)
{
    static const char mark[] = "\r\n.\r\n";

    if (byte == (guint8)mark[matched])
        return matched + 1;
    return byte == '\r' ? 1 : 0;
}

enum { END_MARK = 5, DOT_LINE = 3 };

static guint32
take_body(ces_smtp_session *delivery, const guint8 *bytes, guint32 length)
{
    dialogue *talk = delivery->talk;
    ces_message *message = speak_of(delivery, delivery->open);
    guint32 at = 0;

    delivery->contribution->no_commands = TRUE;
    while (at < length && talk->end_matched < END_MARK) {
        if (talk->end_matched == 0) {
            const guint8 *next = (const guint8 *)memchr(bytes + at, '\r', length - at);
            at = next ? (guint32)(next - bytes) : length;
        }
        if (at < length)
            talk->end_matched = match_end(talk->end_matched, bytes[at++]);
    }
    if (message)
        message->size += at;
    if (talk->end_matched < END_MARK)
        return at;
    if (message) {
        message->size -= MIN(message->size, DOT_LINE);
        message->size_known = !talk->headless;
    }
    end_of_body(delivery);
    return at;
}

static guint32
take_chunk(ces_smtp_session *delivery, guint32 length)
{
    dialogue *talk = delivery->talk;
    guint32 taken = (guint32)MIN(talk->chunk_left, length);

    speak_of(delivery, delivery->open);
    delivery->contribution->no_commands = TRUE;
    talk->chunk_left -= taken;
    if (talk->chunk_left == 0) {
        talk->phase = IN_COMMANDS;
        if (talk->last_chunk)
            delivery->open = NULL;
    }
    return taken;
}

/* A reply is missing: to the body, or to DATA. In the latter case, if the
 * client has gone on, it did with the body, or with commands if DATA was
 * refused. */
static void
leave_doubtful_body(ces_smtp_session *delivery)
{
    dialogue *talk = delivery->talk;

    if (talk->phase != IN_BODY || (!talk->taking && delivery->open && delivery->open->size == 0))
        return;
    talk->phase = IN_COMMANDS;
    talk->lines[TRUE].skipping = TRUE;
    delivery->open = NULL;
}

/* Bytes are missing. In a body or a chunk they are counted; elsewhere a line
 * is cut, and a command or a reply may be gone. */
static void
skip_missing(ces_smtp_session *delivery, gboolean from_client, guint32 missing)
{
    dialogue *talk = delivery->talk;

    if (from_client && talk->phase == IN_CHUNK && missing <= talk->chunk_left) {
        take_chunk(delivery, missing);
    } else if (from_client && talk->phase == IN_BODY) {
        if (delivery->open)
            delivery->open->size += missing;
        talk->end_matched = 0;
    } else {
        lose_pairing(talk);
        talk->lines[from_client].length = 0;
        talk->lines[from_client].skipping = TRUE;
        talk->reply_code = 0;
        if (from_client && talk->phase == IN_CHUNK)
            talk->phase = IN_COMMANDS;
        leave_doubtful_body(delivery);
    }
}

static guint32
take(ces_smtp_session *delivery, gboolean from_client, const guint8 *bytes, guint32 length)
{
    if (from_client && delivery->talk->phase == IN_BODY)
        return take_body(delivery, bytes, length);
    if (from_client && delivery->talk->phase == IN_CHUNK)
        return take_chunk(delivery, length);
    return take_line(delivery, from_client, bytes, length);
}

/* Reads on as long as it is SMTP; returns how many bytes were. */
static guint32
read_dialogue(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece)
{
    guint32 at = 0;

    if (piece->missing > 0 && delivery->talk->phase != IN_SILENCE)
        skip_missing(delivery, from_client, piece->missing);
    while (at < piece->length && delivery->talk->phase != IN_SILENCE)
        at += take(delivery, from_client, piece->bytes + at, piece->length - at);
    return at;
}

/* --- what is spoken ------------------------------------------------------------------- */

static void
start_talk(ces_smtp_session *delivery, gboolean greeted)
{
    free_talk(delivery);
    delivery->talk = g_new0(dialogue, 1);
    delivery->open = NULL;
    if (greeted)
        push(delivery->talk, CMD_GREETING, NULL);
    else
        delivery->talk->unsure = TRUE;
}

/* The dialogue inside TLS begins without a greeting (RFC 3207 section 4.2),
 * but for TLS at once. */
static void
start_talk_inside_tls(ces_smtp_session *delivery)
{
    gboolean at_once = delivery->protocol == CES_PROTOCOL_TLS;

    start_talk(delivery, at_once);
    delivery->talk->unsure = FALSE;
    delivery->inside_tls = TRUE;
}

static void
watch_tls(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece)
{
    guint8 description;

    delivery->contribution->encrypted = TRUE;
    if (!ces_alert_watch_piece(&delivery->alerts[from_client], piece, &description) || delivery->alerted)
        return;
    delivery->alerted = TRUE;
    remark(delivery, CES_REMARK_TLS_ALERT, description, from_client, "TLS", "");
}

static void
hear_known(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece)
{
    ces_piece rest = *piece;

    if (!delivery->tls && delivery->talk) {
        guint32 read = read_dialogue(delivery, from_client, piece);
        rest = (ces_piece){piece->bytes + read, piece->length - read, 0};
    }
    if (delivery->tls && (rest.length > 0 || rest.missing > 0))
        watch_tls(delivery, from_client, &rest);
}

/* What was held back while it was not known what is spoken, the server first. */
static void
hear_openings(ces_smtp_session *delivery)
{
    for (int from_client = FALSE; from_client <= TRUE; from_client++) {
        opening_bytes *opening = &delivery->opening[from_client];
        ces_piece piece = {opening->bytes, opening->length, 0};
        if (opening->length > 0)
            hear_known(delivery, from_client, &piece);
        opening->length = 0;
    }
}

static void
settle(ces_smtp_session *delivery, ces_protocol protocol)
{
    delivery->protocol = (guint8)protocol;
    if (protocol == CES_PROTOCOL_SMTP || protocol == CES_PROTOCOL_LMTP)
        start_talk(delivery, delivery->from_start);
    else if (protocol == CES_PROTOCOL_TLS)
        delivery->tls = TRUE;
    hear_openings(delivery);
}

/* Collects the first bytes of an end until they tell. Returns how many of the
 * piece were taken into the collection. */
static guint32
hear_opening(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece)
{
    opening_bytes *opening = &delivery->opening[from_client];
    guint from = from_client ? CES_FROM_CLIENT : 0;
    gboolean more;

    if (piece->missing > 0) {
        delivery->from_start = FALSE;
        opening->length = 0;
    }
    if (delivery->from_start && (!opening->spoken || opening->length > 0))
        from |= CES_FIRST_BYTES;
    guint32 taken = MIN(piece->length, (guint32)(CES_PROTOCOL_LOOK - opening->length));
    memcpy(opening->bytes + opening->length, piece->bytes, taken);
    opening->length = (guint8)(opening->length + taken);
    opening->spoken = TRUE;

    ces_protocol protocol = ces_protocol_classify(opening->bytes, opening->length, from, &more);
    if (protocol != CES_PROTOCOL_UNKNOWN)
        settle(delivery, protocol);
    else if (!more || opening->length == CES_PROTOCOL_LOOK)
        opening->length = 0; /* it told nothing; perhaps the next does */
    return taken;
}

void
ces_smtp_session_add(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece,
                     ces_contribution *contribution)
{
    ces_piece rest = *piece;

    from_client = from_client != FALSE;
    *contribution = (ces_contribution){.encrypted = FALSE};
    delivery->contribution = contribution;
    if (delivery->protocol == CES_PROTOCOL_UNKNOWN) {
        guint32 taken = hear_opening(delivery, from_client, piece);
        rest = (ces_piece){piece->bytes + taken, piece->length - taken, 0};
    }
    if (delivery->protocol != CES_PROTOCOL_UNKNOWN && (rest.length > 0 || rest.missing > 0))
        hear_known(delivery, from_client, &rest);
    delivery->contribution = NULL;
}

void
ces_smtp_session_add_decrypted(ces_smtp_session *delivery, gboolean from_client, const ces_piece *piece,
                               ces_contribution *contribution)
{
    *contribution = (ces_contribution){.encrypted = TRUE};
    if (!delivery->tls)
        return;
    delivery->contribution = contribution;
    if (!delivery->inside_tls)
        start_talk_inside_tls(delivery);
    read_dialogue(delivery, from_client != FALSE, piece);
    delivery->contribution = NULL;
}

void
ces_smtp_session_end(ces_smtp_session *delivery, gboolean whole)
{
    ces_message *message = delivery->open;

    if (delivery->ended)
        return;
    delivery->ended = TRUE;
    if (message && whole && message->outcome == CES_DELIVERY_UNKNOWN && delivery->talk && !delivery->talk->unsure &&
        delivery->tls == delivery->inside_tls)
        message->outcome = CES_DELIVERY_ABANDONED;
}

/* --- in words --------------------------------------------------------------------------- */

static void
say_reply(guint16 code, const char *text, GString *to)
{
    g_string_append_printf(to, "%u%s%s", code, *text ? " " : "", text);
}

void
ces_say_remark(const ces_remark *said, GString *text)
{
    switch (said->kind) {
    case CES_REMARK_REFUSED:
        g_string_append_printf(text, "%s of the %s: ", said->code < 500 ? "Temporary refusal" : "Refusal", said->about);
        say_reply(said->code, said->text, text);
        break;
    case CES_REMARK_UNKNOWN_VERB:
        say_reply(said->code, said->text, text);
        g_string_append_printf(text,
                               " (in answer to %s): the listener does not know a command that no public standard "
                               "names, so this looks like an ordinary SMTP listener and no quarantine",
                               said->about);
        break;
    case CES_REMARK_STARTTLS_REFUSED:
        g_string_append(text, "STARTTLS refused: ");
        say_reply(said->code, said->text, text);
        break;
    case CES_REMARK_TLS_ALERT:
        g_string_append_printf(text,
                               "The TLS handshake fails: the %s sends alert %u (%s). Check protocol versions, "
                               "ciphers and certificates of both ends.",
                               said->from_client ? "client" : "server", said->code,
                               ces_alert_words((guint8)said->code));
        break;
    case CES_REMARK_REWRITTEN:
        break;
    case CES_REMARK_LMTP:
        g_string_append(text,
                        "The client speaks LMTP (LHLO): local mail delivery, as of Zimbra, and no quarantine. The "
                        "connection gets no service and no verdict.");
        break;
    }
}

static void
say_recipients(const ces_message *message, GString *text)
{
    if (message->recipient_count == 0)
        return;
    g_string_append_printf(text, " to <%s>", message->recipients[0]);
    if (message->recipient_count > 1)
        g_string_append_printf(text, " and %u more", message->recipient_count - 1);
}

void
ces_say_message(const ces_message *message, GString *text)
{
    if (message->sender)
        g_string_append_printf(text, "from <%s>", message->sender);
    else
        g_string_append(text, "from an unknown sender");
    say_recipients(message, text);
    if (message->size_known)
        g_string_append_printf(text, ", %" G_GUINT64_FORMAT " bytes", message->size);
    g_string_append_printf(text, ", %s",
                           message->outcome == CES_DELIVERY_UNKNOWN
                               ? "outcome not known"
                               : ces_delivery_outcome_token((ces_delivery_outcome)message->outcome));
    if (message->code) {
        g_string_append(text, " (");
        say_reply(message->code, message->reply ? message->reply : "", text);
        g_string_append_c(text, ')');
    }
}

ces_result
ces_smtp_session_result(const ces_smtp_session *session G_GNUC_UNUSED, ces_cause *cause)
{
    *cause = CES_CAUSE_NONE;
    return CES_RESULT_UNKNOWN;
}
