/* dialogue_display.c
 * Fields of dialogues.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "display.h"

#include <ces/notice.h>

#include "fields.h"

/* --- fields -------------------------------------------------------------------- */

/* The kinds in the words of the services; no other service is a quarantine. */
static const value_string kinds[] = {
    {CES_SERVICE_SPAM_QUARANTINE, "spam"}, {CES_SERVICE_PVO_QUARANTINE, "pvo"}, {0, NULL}};

CES_DECLARE_TOKENS(protocol, CES_PROTOCOLS)
CES_DECLARE_TOKENS(outcome, CES_DELIVERIES)

/* How SSH failed, in words from before there was ces.cause. */
static const value_string failures[] = {
    {CES_CAUSE_NONE, "none"},
    {CES_CAUSE_NO_COMMON_ALGORITHM, "key_exchange_failed"},
    {CES_CAUSE_CLOSED_AFTER_BANNER, "closed_after_banner"},
    {CES_CAUSE_NO_BANNER, "no_banner"},
    {CES_CAUSE_NOT_SSH, "not_ssh"},
    {0, NULL},
};

static ces_token_field hf_kind = CES_TOKEN_FIELD, hf_protocol = CES_TOKEN_FIELD, hf_outcome = CES_TOKEN_FIELD,
                       hf_failure = CES_TOKEN_FIELD;
static int hf_encrypted = -1, hf_message = -1, hf_sender = -1, hf_recipient = -1, hf_recipients = -1;
static int hf_recipients_refused = -1, hf_size = -1, hf_reply_code = -1, hf_reply = -1, hf_description = -1;
static int ett_quarantine = -1;
static int hf_quarantine; /* the protocol itself */

/* --- tree ---------------------------------------------------------------------- */

static void
add_message(proto_tree *tree, tvbuff_t *tvb, const ces_message *message)
{
    ces_delivery_outcome outcome = (ces_delivery_outcome)message->outcome;

    ces_add_number(tree, tvb, hf_message, message->number);
    if (message->sender)
        ces_add_text(tree, tvb, hf_sender, message->sender);
    for (guint i = 0; i < MIN(message->recipient_count, CES_RECIPIENTS_KEPT); i++)
        ces_add_text(tree, tvb, hf_recipient, message->recipients[i]);
    ces_add_number(tree, tvb, hf_recipients, message->recipient_count);
    if (message->recipients_refused)
        ces_add_number(tree, tvb, hf_recipients_refused, message->recipients_refused);
    if (message->size_known)
        proto_item_set_generated(proto_tree_add_uint64(tree, hf_size, tvb, 0, 0, message->size));
    ces_add_token(tree, tvb, &hf_outcome, outcome, ces_delivery_outcome_token(outcome));
    if (message->code)
        ces_add_number(tree, tvb, hf_reply_code, message->code);
    if (message->reply)
        ces_add_text(tree, tvb, hf_reply, message->reply);
}

proto_item *
ces_dialogue_display_delivery(proto_tree *tree, tvbuff_t *tvb, const ces_flow *flow,
                              const ces_contribution *contribution, GString *text)
{
    ces_protocol protocol = (ces_protocol)contribution->protocol;

    if (flow->service == CES_SERVICE_SYNC || protocol == CES_PROTOCOL_UNKNOWN || protocol == CES_PROTOCOL_X11)
        return NULL;
    g_string_truncate(text, 0);
    ces_say_delivery(flow, contribution, text);
    proto_item *item = proto_tree_add_protocol_format(tree, hf_quarantine, tvb, 0, 0, "CES Quarantine: %s", text->str);
    proto_item_set_generated(item);

    proto_tree *subtree = proto_item_add_subtree(item, ett_quarantine);
    if (protocol != CES_PROTOCOL_LMTP)
        ces_add_token(subtree, tvb, &hf_kind, flow->service, val_to_str_const(flow->service, kinds, "?"));
    ces_add_token(subtree, tvb, &hf_protocol, protocol, ces_protocol_token(protocol));
    proto_item_set_generated(proto_tree_add_boolean(subtree, hf_encrypted, tvb, 0, 0, contribution->encrypted));
    if (contribution->message)
        add_message(subtree, tvb, contribution->message);
    return item;
}

void
ces_dialogue_display_failure(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment)
{
    const char *failure = try_val_to_str(assessment->cause, failures);
    const char *description = ces_dialogue_disconnect(assessment->flow->dialogue);

    if (assessment->service != CES_SERVICE_SYNC || assessment->result != CES_RESULT_BROKEN || !failure)
        return;
    ces_add_token(tree, tvb, &hf_failure, assessment->cause, failure);
    if (*description)
        ces_add_text(tree, tvb, hf_description, description);
}

/* --- registration -------------------------------------------------------------------- */

static hf_register_info quarantine_fields[] = {
    CES_HF_TOKEN(hf_kind, "Quarantine", "ces.quarantine.kind", kinds, "Which quarantine the port stands for"),
    CES_HF_TOKEN(hf_protocol, "Protocol", "ces.quarantine.protocol", protocol_tokens,
                 "What is spoken on the connection"),
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
    CES_HF_TOKEN(hf_outcome, "Outcome", "ces.quarantine.outcome", outcome_tokens,
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

void
ces_dialogue_display_register(int proto_ces, int proto_quarantine)
{
    static int *subtrees[] = {&ett_quarantine};

    hf_quarantine = proto_quarantine;
    proto_register_field_array(proto_quarantine, quarantine_fields, array_length(quarantine_fields));
    proto_register_field_array(proto_ces, sync_fields, array_length(sync_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
