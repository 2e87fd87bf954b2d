/* smtp_state.c
 * Where a session stands: what stood in the way, which protocol the exchange
 * has shown, and the step to TLS (STARTTLS: RFC 3207).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_parts.h"

void
ces_smtp_note_cause(ces_smtp_session *session, ces_cause cause)
{
    if (session->cause == CES_CAUSE_NONE)
        session->cause = (guint8)cause;
}

void
ces_smtp_settle_greeting(ces_smtp_session *session)
{
    session->protocol = (guint8)ces_smtp_exchange_protocol(&session->exchange);
}

void
ces_smtp_note_lmtp(ces_smtp_session *session)
{
    if (session->lmtp || !ces_smtp_is_lmtp(session))
        return;
    session->lmtp = TRUE;
    ces_smtp_remark(session, CES_REMARK_LMTP, 0, TRUE, "LHLO", "");
}

void
ces_smtp_begin_tls(ces_smtp_session *session)
{
    session->tls = TRUE;
    session->contribution->encrypted = TRUE;
    g_free(session->watches);
    session->watches = g_new0(ces_alert_watch, 2);
}

void
ces_smtp_start_tls(ces_smtp_session *session)
{
    ces_smtp_message_give_up(session->open);
    session->open = NULL;
    if (session->inside)
        return;
    ces_smtp_exchange_clear(&session->exchange);
    session->exchange.phase = CES_SMTP_OVER;
    session->verb_passed = FALSE;
    ces_smtp_begin_tls(session);
}
