/* smtp_result.c
 * What became of the deliveries of a session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_parts.h"

/* What the messages show. */
typedef struct {
    const ces_message *refused, *deferred; /* the first of each, or NULL */
    gboolean accepted;
} tally;

static tally
count_messages(const ces_smtp_session *session)
{
    tally counted = {NULL, NULL, FALSE};

    for (guint i = 0; session->messages && i < session->messages->len; i++) {
        const ces_smtp_message *message = (const ces_smtp_message *)g_ptr_array_index(session->messages, i);
        guint8 outcome = message->shown.outcome;
        if (outcome == CES_DELIVERY_ACCEPTED)
            counted.accepted = TRUE;
        else if (outcome == CES_DELIVERY_REFUSED && !message->retried && !counted.refused)
            counted.refused = &message->shown;
        else if (outcome == CES_DELIVERY_DEFERRED && !message->retried && !counted.deferred)
            counted.deferred = &message->shown;
    }
    return counted;
}

/* Bytes that are no protocol known here are no proof of another use. */
static gboolean
other_use(ces_protocol protocol, ces_cause *cause)
{
    *cause = protocol == CES_PROTOCOL_X11    ? CES_CAUSE_X11
             : protocol == CES_PROTOCOL_LMTP ? CES_CAUSE_LMTP
                                             : CES_CAUSE_NONE;
    return *cause != CES_CAUSE_NONE;
}

/* What the server wants first, TLS or authentication (RFC 3207 section 4, RFC
 * 4954 section 6), and commands that it does not know: that follows from what
 * was refused, or rewritten, before. */
static gboolean
is_consequence(guint16 code)
{
    return code == 500 || code == 502 || code == 530 || code == 538;
}

static ces_result
refused_by(const ces_smtp_session *session, const ces_message *message, ces_cause *cause)
{
    if (session->greeting_refused) {
        *cause = (ces_cause)session->cause;
    } else if (is_consequence(message->code) && session->rewritten) {
        *cause = CES_CAUSE_REWRITTEN;
        return CES_RESULT_BROKEN;
    } else if (is_consequence(message->code) && session->starttls_refused) {
        *cause = CES_CAUSE_STARTTLS_REFUSED;
    } else {
        *cause = message->code < 500 ? CES_CAUSE_REPLY_DEFERRED : CES_CAUSE_REPLY_REFUSED;
    }
    return CES_RESULT_REFUSED;
}

/* Where no message tells. */
static ces_result
without_message(const ces_smtp_session *session, ces_cause *cause)
{
    if (session->alerted) {
        *cause = CES_CAUSE_TLS_ALERT;
        return CES_RESULT_BROKEN;
    }
    if (session->tls && !session->inside && ces_alert_watch_established(session->watches))
        return CES_RESULT_ENCRYPTED;
    if (session->rewritten) {
        *cause = CES_CAUSE_REWRITTEN;
        return CES_RESULT_BROKEN;
    }
    *cause = (ces_cause)session->cause;
    return session->cause == CES_CAUSE_NONE ? CES_RESULT_UNKNOWN : CES_RESULT_REFUSED;
}

ces_result
ces_smtp_session_result(const ces_smtp_session *session, ces_cause *cause)
{
    tally counted = count_messages(session);

    if (other_use((ces_protocol)session->protocol, cause))
        return CES_RESULT_OTHER_USE;
    if (counted.refused)
        return refused_by(session, counted.refused, cause);
    if (counted.accepted)
        return CES_RESULT_WORKING;
    if (counted.deferred)
        return refused_by(session, counted.deferred, cause);
    return without_message(session, cause);
}
