/* smtp_sentences.c
 * Messages and remarks as sentences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/dialogue.h>

#include <string.h>

#include "tls/alert.h"

/* --- remarks ------------------------------------------------------------------ */

static void
say_reply(guint16 code, const char *reply, GString *text)
{
    g_string_append_printf(text, "%u%s%s", code, *reply ? " " : "", reply);
}

static void
say_refused(const ces_remark *remark, GString *text)
{
    g_string_append_printf(text, "%s of the %s: ", remark->code < 500 ? "Temporary refusal" : "Refusal", remark->about);
    say_reply(remark->code, remark->text, text);
}

static void
say_unknown_verb(const ces_remark *remark, GString *text)
{
    say_reply(remark->code, remark->text, text);
    g_string_append_printf(text,
                           " (in answer to %s): the listener does not know a command that no public standard "
                           "names, so this looks like an ordinary SMTP listener and no quarantine",
                           remark->about);
}

static void
say_starttls_refused(const ces_remark *remark, GString *text)
{
    g_string_append(text, "STARTTLS refused: ");
    say_reply(remark->code, remark->text, text);
}

static void
say_tls_alert(const ces_remark *remark, GString *text)
{
    g_string_append_printf(text,
                           "The TLS handshake fails: the %s sends alert %u (%s). Check protocol versions, "
                           "ciphers and certificates of both ends.",
                           remark->from_client ? "client" : "server", remark->code,
                           ces_alert_words((guint8)remark->code));
}

static void
say_lmtp(const ces_remark *remark G_GNUC_UNUSED, GString *text)
{
    g_string_append(text, "The client speaks LMTP (LHLO): local mail delivery, as of Zimbra, and no quarantine.");
}

static void
say_rewritten(const ces_remark *remark, GString *text)
{
    if (g_str_equal(remark->about, "greeting"))
        g_string_append_printf(text, "The greeting is masked%s", strchr(remark->text, '*') ? " with asterisks" : "");
    else
        g_string_append_printf(text, "%s is masked as %s",
                               g_str_equal(remark->about, "command") ? "A command" : "An extension", remark->text);
    g_string_append(text, ": a firewall in the path rewrites mail. Look for SMTP or ESMTP inspection (fixup) there "
                          "and turn it off for these ports.");
}

void
ces_say_remark(const ces_remark *remark, GString *text)
{
    static void (*const say[])(const ces_remark *remark, GString *text) = {
        [CES_REMARK_REFUSED] = say_refused,
        [CES_REMARK_UNKNOWN_VERB] = say_unknown_verb,
        [CES_REMARK_STARTTLS_REFUSED] = say_starttls_refused,
        [CES_REMARK_TLS_ALERT] = say_tls_alert,
        [CES_REMARK_LMTP] = say_lmtp,
        [CES_REMARK_REWRITTEN] = say_rewritten,
    };

    say[remark->kind](remark, text);
}

/* --- messages ------------------------------------------------------------------- */

static void
say_addresses(const ces_message *message, GString *text)
{
    if (message->sender)
        g_string_append_printf(text, "from <%s>", message->sender);
    else
        g_string_append(text, "from an unknown sender");
    if (message->recipient_count > 0)
        g_string_append_printf(text, " to <%s>", message->recipients[0]);
    if (message->recipient_count > 1)
        g_string_append_printf(text, " and %u more", message->recipient_count - 1);
}

static void
say_outcome(const ces_message *message, GString *text)
{
    if (message->outcome == CES_DELIVERY_UNKNOWN)
        g_string_append(text, ", outcome not known");
    else
        g_string_append_printf(text, ", %s", ces_delivery_outcome_token((ces_delivery_outcome)message->outcome));
    if (!message->code)
        return;
    g_string_append(text, " (");
    say_reply(message->code, message->reply ? message->reply : "", text);
    g_string_append_c(text, ')');
}

void
ces_say_message(const ces_message *message, GString *text)
{
    say_addresses(message, text);
    if (message->size_known)
        g_string_append_printf(text, ", %" G_GUINT64_FORMAT " %s", message->size,
                               message->size == 1 ? "byte" : "bytes");
    say_outcome(message, text);
}
