/* quarantine_display.c
 * Fields and expert items of dialogues.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue_display.h"

#include <epan/expert.h>

#include "fields.h"
#include "quarantine_words.h"

/* --- fields -------------------------------------------------------------------- */

/* The kinds in the words of the services; no other service is a quarantine. */
static const value_string kinds[] = {
    {CES_SERVICE_SPAM_QUARANTINE, "spam"}, {CES_SERVICE_PVO_QUARANTINE, "pvo"}, {0, NULL}};

static const value_string protocols[] = CES_TOKENS(CES_PROTOCOLS);
static const value_string outcomes[] = CES_TOKENS(CES_DELIVERIES);
static const value_string failures[] = CES_TOKENS(CES_SSH_FAILURES);

static ces_token_field hf_kind = CES_TOKEN_FIELD, hf_protocol = CES_TOKEN_FIELD, hf_outcome = CES_TOKEN_FIELD,
                       hf_failure = CES_TOKEN_FIELD;
static int hf_encrypted = -1;
static int hf_message = -1;
static int hf_sender = -1;
static int hf_recipient = -1;
static int hf_recipients = -1;
static int hf_recipients_refused = -1;
static int hf_size = -1;
static int hf_reply_code = -1;
static int hf_reply = -1;
static int hf_description = -1;
static int ett_quarantine = -1;
static int hf_quarantine; /* the protocol itself */

static expert_field ei_refused = EI_INIT;
static expert_field ei_deferred = EI_INIT;
static expert_field ei_no_greeting = EI_INIT;
static expert_field ei_unknown_verb = EI_INIT;
static expert_field ei_starttls_refused = EI_INIT;
static expert_field ei_tls_alert = EI_INIT;
static expert_field ei_lmtp = EI_INIT;
static expert_field ei_key_exchange_failed = EI_INIT;
static expert_field ei_closed_after_banner = EI_INIT;

/* Sentences are written here; Wireshark copies what it is given. */
static GString *sentence;

/* --- tree ---------------------------------------------------------------------- */

static void
add_recipients(proto_tree *tree, tvbuff_t *tvb, const ces_message *message)
{
    for (guint i = 0; i < MIN(message->recipient_count, CES_RECIPIENTS_KEPT); i++)
        ces_add_text(tree, tvb, hf_recipient, message->recipients[i]);
    ces_add_number(tree, tvb, hf_recipients, message->recipient_count);
    if (message->recipients_refused)
        ces_add_number(tree, tvb, hf_recipients_refused, message->recipients_refused);
}

static void
add_message(proto_tree *tree, tvbuff_t *tvb, const ces_message *message)
{
    ces_delivery_outcome outcome = (ces_delivery_outcome)message->outcome;

    ces_add_number(tree, tvb, hf_message, message->number);
    if (message->sender)
        ces_add_text(tree, tvb, hf_sender, message->sender);
    add_recipients(tree, tvb, message);
    if (message->size_known)
        proto_item_set_generated(proto_tree_add_uint64(tree, hf_size, tvb, 0, 0, message->size));
    ces_add_token(tree, tvb, &hf_outcome, outcome, ces_delivery_outcome_token(outcome));
    if (message->code)
        ces_add_number(tree, tvb, hf_reply_code, message->code);
    if (message->reply)
        ces_add_text(tree, tvb, hf_reply, message->reply);
}

static void
say_summary(const ces_words *words, const ces_said *said, ces_protocol protocol, GString *text)
{
    gboolean lmtp = protocol == CES_PROTOCOL_LMTP;

    g_string_append_printf(text, "CES Quarantine: %s, %s", lmtp ? "none" : ces_service_about(words->service)->title,
                           ces_protocol_token(protocol));
    if (said->encrypted)
        g_string_append(text, ", encrypted");
    if (said->message) {
        g_string_append_printf(text, ", message %u ", said->message->number);
        ces_say_message(said->message, text);
    }
}

/* NULL if nobody looks at the tree. */
static proto_item *
add_tree(proto_tree *tree, tvbuff_t *tvb, const ces_words *words, const ces_said *said)
{
    ces_protocol protocol = words->delivery ? ces_smtp_session_protocol(words->delivery) : CES_PROTOCOL_UNKNOWN;

    if (!tree || !proto_field_is_referenced(tree, hf_quarantine))
        return NULL;
    g_string_truncate(sentence, 0);
    say_summary(words, said, protocol, sentence);
    proto_item *item = proto_tree_add_protocol_format(tree, hf_quarantine, tvb, 0, 0, "%s", sentence->str);
    proto_item_set_generated(item);

    proto_tree *subtree = proto_item_add_subtree(item, ett_quarantine);
    if (protocol != CES_PROTOCOL_LMTP)
        ces_add_token(subtree, tvb, &hf_kind, words->service,
                      words->service == CES_SERVICE_SPAM_QUARANTINE ? "spam" : "pvo");
    ces_add_token(subtree, tvb, &hf_protocol, protocol, ces_protocol_token(protocol));
    proto_item_set_generated(proto_tree_add_boolean(subtree, hf_encrypted, tvb, 0, 0, said->encrypted));
    if (said->message)
        add_message(subtree, tvb, said->message);
    return item;
}

/* --- expert information ---------------------------------------------------------- */

static expert_field *
expert_of(const ces_remark *remark)
{
    switch (remark->kind) {
    case CES_REMARK_REFUSED:
        return remark->code < 500 ? &ei_deferred : &ei_refused;
    case CES_REMARK_UNKNOWN_VERB:
        return &ei_unknown_verb;
    case CES_REMARK_STARTTLS_REFUSED:
        return &ei_starttls_refused;
    case CES_REMARK_TLS_ALERT:
        return &ei_tls_alert;
    default:
        return &ei_lmtp;
    }
}

static void
add_remarks(packet_info *pinfo, proto_item *item, const ces_words *words, const ces_said *said)
{
    for (guint i = 0; i < said->remarks; i++) {
        const ces_remark *remark = ces_smtp_session_remark(words->delivery, said->first_remark + i);
        if (!remark)
            return;
        g_string_truncate(sentence, 0);
        ces_say_remark(remark, sentence);
        expert_add_info_format(pinfo, item, expert_of(remark), "%s", sentence->str);
    }
}

static void
add_no_greeting(packet_info *pinfo, proto_item *item, gint64 waited, gboolean closed)
{
    expert_add_info_format(pinfo, item, &ei_no_greeting,
                           "The handshake completed, but no greeting (220) came in %.1f s%s: a middlebox answered for "
                           "the listener, or the listener is stuck",
                           (double)waited / 1e9, closed ? ", then it was closed" : " of this capture");
}

/* Where the end of the connection is not in the capture, silence is a fact
 * only when all of it has been read: on the packet that completed the handshake. */
static void
add_silence(packet_info *pinfo, proto_item *item, const ces_sighting *sighting)
{
    const gint64 second = G_GINT64_CONSTANT(1000000000);
    gint64 waited;

    if (pinfo->fd->visited && sighting->ordinal == sighting->flow->decided_sighting &&
        ces_words_await_greeting(sighting->flow, &waited) && waited >= second)
        add_no_greeting(pinfo, item, waited, FALSE);
}

/* --- sync -------------------------------------------------------------------------- */

static void
add_failure(tvbuff_t *tvb, proto_item *ces_item, const ces_ssh_session *ssh)
{
    proto_tree *tree = proto_item_get_subtree(ces_item);

    ces_add_token(tree, tvb, &hf_failure, ssh->failure, ces_ssh_failure_token((ces_ssh_failure)ssh->failure));
    if (*ssh->description)
        ces_add_text(tree, tvb, hf_description, ssh->description);
}

/* Port 22 serves the whole world: where no site is known, the field is there
 * to filter on, but no expert item. */
static void
display_sync(tvbuff_t *tvb, packet_info *pinfo, proto_item *ces_item, const ces_words *words, const ces_said *said,
             const ces_assessment *assessment)
{
    const ces_ssh_session *ssh = words->ssh;

    if (!ssh || ssh->failure == CES_SSH_NO_FAILURE)
        return;
    if (ces_item)
        add_failure(tvb, ces_item, ssh);
    if (!said || !said->failed || !assessment || assessment->ruling.verdict == CES_VERDICT_UNDETERMINED)
        return;
    g_string_truncate(sentence, 0);
    ces_say_ssh_failure(ssh, sentence);
    expert_add_info_format(pinfo, ces_item,
                           ssh->failure == CES_SSH_KEY_EXCHANGE_FAILED ? &ei_key_exchange_failed
                                                                       : &ei_closed_after_banner,
                           "%s", sentence->str);
}

/* --- entry point ------------------------------------------------------------------- */

static void
display_quarantine(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ces_item, const ces_words *words,
                   const ces_said *said, const ces_sighting *sighting)
{
    if (!said) {
        add_silence(pinfo, ces_item, sighting);
        return;
    }
    if (said->ungreeted)
        add_no_greeting(pinfo, ces_item, said->waited, TRUE);
    if (!words->delivery || ces_smtp_session_protocol(words->delivery) == CES_PROTOCOL_X11)
        return;
    add_remarks(pinfo, add_tree(tree, tvb, words, said), words, said);
}

void
ces_quarantine_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ces_item, guint index,
                       const ces_sighting *sighting, const ces_assessment *assessment)
{
    const ces_words *words = ces_words_of(sighting->flow);

    if (!words || sighting->refusal)
        return;
    const ces_said *said = ces_words_recall(pinfo, index);
    if (words->service == CES_SERVICE_SYNC)
        display_sync(tvb, pinfo, ces_item, words, said, assessment);
    else
        display_quarantine(tvb, pinfo, tree, ces_item, words, said, sighting);
}

/* --- registration -------------------------------------------------------------------- */

static hf_register_info quarantine_fields[] = {
    CES_HF_TOKEN(hf_kind, "Quarantine", "ces.quarantine.kind", kinds, "Which quarantine the port stands for"),
    CES_HF_TOKEN(hf_protocol, "Protocol", "ces.quarantine.protocol", protocols, "What is spoken on the connection"),
    CES_HF_FLAG(hf_encrypted, "Encrypted", "ces.quarantine.encrypted", "This part of the connection is inside TLS"),
    CES_HF_NUMBER(hf_message, FT_UINT32, "Message", "ces.quarantine.message",
                  "Number of the message in the connection"),
    CES_HF_TEXT(hf_sender, "Sender", "ces.quarantine.sender", "Envelope sender; empty for the null sender"),
    CES_HF_TEXT(hf_recipient, "Recipient", "ces.quarantine.recipient",
                "One envelope recipient; the first 16 are shown"),
    CES_HF_NUMBER(hf_recipients, FT_UINT32, "Recipients", "ces.quarantine.recipients", "Number of recipients named"),
    CES_HF_NUMBER(hf_recipients_refused, FT_UINT32, "Recipients refused", "ces.quarantine.recipients_refused",
                  "Number of recipients that the listener did not take"),
    CES_HF_NUMBER(hf_size, FT_UINT64, "Size", "ces.quarantine.size",
                  "Bytes of the message as sent, without the mark that ends it"),
    CES_HF_TOKEN(hf_outcome, "Outcome", "ces.quarantine.outcome", outcomes,
                 "What became of the message: accepted (2xx), deferred (4xx), refused (5xx), abandoned by the client"),
    CES_HF_NUMBER(hf_reply_code, FT_UINT16, "Reply code", "ces.quarantine.reply_code",
                  "Code of the reply that decided"),
    CES_HF_TEXT(hf_reply, "Reply", "ces.quarantine.reply", "Text of the reply that decided"),
};

static hf_register_info sync_fields[] = {
    CES_HF_TOKEN(hf_failure, "SSH failure", "ces.sync.failure", failures,
                 "How the SSH connection failed, where it fails in the clear"),
    CES_HF_TEXT(hf_description, "SSH failure description", "ces.sync.description", "Text of the SSH DISCONNECT"),
};

static ei_register_info quarantine_experts[] = {
    {&ei_refused, {"ces.quarantine.refused", PI_PROTOCOL, PI_WARN, "Delivery refused (5xx)", EXPFILL}},
    {&ei_deferred, {"ces.quarantine.deferred", PI_PROTOCOL, PI_NOTE, "Delivery refused for now (4xx)", EXPFILL}},
    {&ei_unknown_verb,
     {"ces.quarantine.unknown_verb", PI_PROTOCOL, PI_WARN, "The listener does not know a command", EXPFILL}},
    {&ei_starttls_refused, {"ces.quarantine.starttls_refused", PI_PROTOCOL, PI_WARN, "STARTTLS refused", EXPFILL}},
    {&ei_tls_alert, {"ces.quarantine.tls_alert", PI_PROTOCOL, PI_WARN, "TLS handshake failed with an alert", EXPFILL}},
    {&ei_lmtp, {"ces.quarantine.lmtp", PI_PROTOCOL, PI_NOTE, "LMTP, which is no quarantine", EXPFILL}},
};

/* What stands on the item of the protocol "ces" is registered there: a filter
 * on the expert field alone makes Wireshark build that tree only. */
static ei_register_info ces_experts[] = {
    {&ei_no_greeting,
     {"ces.quarantine.no_greeting", PI_PROTOCOL, PI_WARN, "Connection established, but no greeting came", EXPFILL}},
    {&ei_key_exchange_failed,
     {"ces.sync.key_exchange_failed", PI_PROTOCOL, PI_WARN, "SSH key exchange failed", EXPFILL}},
    {&ei_closed_after_banner,
     {"ces.sync.closed_after_banner", PI_PROTOCOL, PI_NOTE, "SSH closed after the banner", EXPFILL}},
};

static void
free_sentence(void)
{
    g_string_free(sentence, TRUE);
}

void
ces_quarantine_display_register(int proto_ces, int proto_quarantine)
{
    static int *subtrees[] = {&ett_quarantine};

    hf_quarantine = proto_quarantine;
    sentence = g_string_sized_new(512);
    register_shutdown_routine(free_sentence);
    proto_register_field_array(proto_quarantine, quarantine_fields, array_length(quarantine_fields));
    proto_register_field_array(proto_ces, sync_fields, array_length(sync_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(expert_register_protocol(proto_quarantine), quarantine_experts,
                                array_length(quarantine_experts));
    expert_register_field_array(expert_register_protocol(proto_ces), ces_experts, array_length(ces_experts));
}
