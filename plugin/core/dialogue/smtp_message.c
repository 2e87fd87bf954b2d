/* smtp_message.c
 * Messages and remarks of a session.
 *
 * A message comes to its end by the first reply against it. What a pipelining
 * server says to the commands behind that is not counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_parts.h"

#include <ces/text.h>

CES_TOKEN_FUNCTION(ces_delivery_outcome, CES_DELIVERIES)

/* --- messages ----------------------------------------------------------------- */

static void
free_message(gpointer data)
{
    ces_smtp_message *message = (ces_smtp_message *)data;

    g_free(message->shown.sender);
    for (guint i = 0; i < CES_RECIPIENTS_KEPT; i++)
        g_free(message->shown.recipients[i]);
    g_free(message->shown.reply);
    g_free(message);
}

ces_smtp_message *
ces_smtp_message_open(ces_smtp_session *session)
{
    session->open = NULL;
    if (!session->messages)
        session->messages = g_ptr_array_new_with_free_func(free_message);
    if (session->messages->len >= CES_MESSAGES_KEPT)
        return NULL;
    ces_smtp_message *message = g_new0(ces_smtp_message, 1);
    g_ptr_array_add(session->messages, message);
    message->shown.number = session->messages->len;
    message->shown.encrypted = session->inside;
    session->open = message;
    return message;
}

ces_smtp_message *
ces_smtp_message_numbered(const ces_smtp_session *session, guint16 number)
{
    return number && session->messages && number <= session->messages->len
               ? (ces_smtp_message *)g_ptr_array_index(session->messages, number - 1u)
               : NULL;
}

void
ces_smtp_message_touch(ces_smtp_session *session, const ces_smtp_message *message)
{
    if (message && !session->decided && !ces_smtp_is_lmtp(session))
        session->contribution->message = &message->shown;
}

void
ces_smtp_message_give_up(ces_smtp_message *message)
{
    if (!message)
        return;
    message->given_up = TRUE;
    if (message->shown.outcome != CES_DELIVERY_UNKNOWN || message->complete)
        return;
    message->shown.outcome = CES_DELIVERY_ABANDONED;
    message->shown.size_known = message->begun && !message->part_missed;
}

void
ces_smtp_message_abandoned(ces_smtp_session *session, const ces_smtp_message *message)
{
    if (!message || message->shown.outcome != CES_DELIVERY_ABANDONED)
        return;
    ces_smtp_message_touch(session, message);
    session->decided = TRUE;
}

void
ces_smtp_message_take_up(ces_smtp_message *message)
{
    if (!message || !message->given_up)
        return;
    message->given_up = FALSE;
    if (message->shown.outcome != CES_DELIVERY_ABANDONED)
        return;
    message->shown.outcome = CES_DELIVERY_UNKNOWN;
    message->shown.size_known = FALSE;
}

/* --- what replies decide -------------------------------------------------------- */

static void
set_reply(ces_smtp_message *message, guint16 code, const char *text)
{
    message->shown.code = code;
    g_free(message->shown.reply);
    message->shown.reply = g_strdup(text);
}

static void
decide(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text)
{
    message->shown.outcome = code < 400   ? CES_DELIVERY_ACCEPTED
                             : code < 500 ? CES_DELIVERY_DEFERRED
                                          : CES_DELIVERY_REFUSED;
    set_reply(message, code, text);
    ces_smtp_message_touch(session, message);
    session->decided = TRUE;
}

/* Refused or deferred. */
static gboolean
is_lost(const ces_smtp_message *message)
{
    return message->shown.outcome == CES_DELIVERY_DEFERRED || message->shown.outcome == CES_DELIVERY_REFUSED;
}

gboolean
ces_smtp_message_sink(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text)
{
    if (!message)
        return TRUE;
    gboolean first = !message->sunk && !is_lost(message) && message->shown.outcome != CES_DELIVERY_ACCEPTED;
    message->sunk = TRUE;
    if (first)
        decide(session, message, code, text);
    return first;
}

/* It was lost with its recipients; here is one that saves it. */
static void
find_again(ces_smtp_message *message)
{
    if (!is_lost(message))
        return;
    message->shown.outcome = message->given_up ? CES_DELIVERY_ABANDONED : CES_DELIVERY_UNKNOWN;
    set_reply(message, 0, NULL);
}

/* A message is lost with its last recipient. Some deferred: the sender tries
 * again, so that is what counts. */
gboolean
ces_smtp_message_recipient(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text)
{
    if (!message)
        return TRUE;
    if (message->sunk)
        return FALSE;
    if (code < 400) {
        if (message->shown.recipients_accepted++ == 0)
            find_again(message);
        return TRUE;
    }
    message->shown.recipients_refused++;
    if (message->shown.recipients_accepted == 0 && message->shown.outcome != CES_DELIVERY_DEFERRED)
        decide(session, message, code, text);
    return TRUE;
}

void
ces_smtp_message_accept(ces_smtp_session *session, ces_smtp_message *message, guint16 code, const char *text)
{
    ces_smtp_message *before = message ? ces_smtp_message_numbered(session, message->retry_of) : NULL;

    if (!message)
        return;
    message->sunk = FALSE;
    decide(session, message, code, text);
    if (before)
        before->retried = TRUE;
}

/* --- remarks ---------------------------------------------------------------------- */

static void
free_remark(gpointer data)
{
    ces_remark *remark = (ces_remark *)data;

    g_free(remark->about);
    g_free(remark->text);
    g_free(remark);
}

char *
ces_smtp_clean(ces_smtp_span text)
{
    return ces_text_clean(text.length ? text.text : "", text.length, CES_TEXT_KEPT);
}

void
ces_smtp_remark(ces_smtp_session *session, ces_remark_kind kind, guint16 code, gboolean from_client, const char *about,
                const char *text)
{
    if (!session->remarks)
        session->remarks = g_ptr_array_new_with_free_func(free_remark);
    if (session->remarks->len >= CES_REMARKS_KEPT || (ces_smtp_is_lmtp(session) && kind != CES_REMARK_LMTP))
        return;
    ces_remark *made = g_new0(ces_remark, 1);
    *made = (ces_remark){kind, code, (guint8)(from_client != FALSE), g_strdup(about), g_strdup(text ? text : "")};
    if (session->contribution->remarks++ == 0)
        session->contribution->first_remark = (guint16)session->remarks->len;
    g_ptr_array_add(session->remarks, made);
}

void
ces_smtp_rewritten(ces_smtp_session *session, guint8 place, guint16 code, ces_smtp_span text)
{
    static const char *const places[] = {"", "greeting", "extension", "", "command"};

    if (session->rewritten & place)
        return;
    session->rewritten |= place;
    char *clean = ces_smtp_clean(text);
    ces_smtp_remark(session, CES_REMARK_REWRITTEN, code, place == CES_SMTP_REWRITTEN_COMMAND, places[place], clean);
    g_free(clean);
}
