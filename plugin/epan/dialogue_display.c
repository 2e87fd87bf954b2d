/* dialogue_display.c
 * Fields and expert items of dialogues.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue_display.h"

#include <epan/expert.h>

#include "capture.h"
#include "display.h"
#include "fields.h"

/* --- fields -------------------------------------------------------------------- */

/* The kinds in the words of the services; no other service is a quarantine. */
static const value_string kinds[] = {
    {CES_SERVICE_SPAM_QUARANTINE, "spam"}, {CES_SERVICE_PVO_QUARANTINE, "pvo"}, {0, NULL}};

static const value_string protocols[] = CES_TOKENS(CES_PROTOCOLS);
static const value_string outcomes[] = CES_TOKENS(CES_DELIVERIES);

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
static expert_field ei_no_banner = EI_INIT;
static expert_field ei_not_ssh = EI_INIT;
static expert_field ei_rewritten = EI_INIT;

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
say_summary(const ces_flow *flow, const ces_contribution *contribution, GString *text)
{
    ces_protocol protocol = (ces_protocol)contribution->protocol;

    g_string_append_printf(text, "CES Quarantine: %s, %s",
                           protocol == CES_PROTOCOL_LMTP ? "none"
                                                         : ces_service_about((ces_service)flow->service)->title,
                           ces_protocol_token(protocol));
    if (contribution->encrypted)
        g_string_append(text, ", encrypted");
    if (contribution->message) {
        g_string_append_printf(text, ", message %u ", contribution->message->number);
        ces_say_message(contribution->message, text);
    }
}

/* NULL if nobody looks at the tree. */
static proto_item *
add_tree(proto_tree *tree, tvbuff_t *tvb, const ces_flow *flow, const ces_contribution *contribution)
{
    ces_protocol protocol = (ces_protocol)contribution->protocol;

    if (!tree || !proto_field_is_referenced(tree, hf_quarantine))
        return NULL;
    g_string_truncate(sentence, 0);
    say_summary(flow, contribution, sentence);
    proto_item *item = proto_tree_add_protocol_format(tree, hf_quarantine, tvb, 0, 0, "%s", sentence->str);
    proto_item_set_generated(item);

    proto_tree *subtree = proto_item_add_subtree(item, ett_quarantine);
    if (protocol != CES_PROTOCOL_LMTP)
        ces_add_token(subtree, tvb, &hf_kind, flow->service,
                      flow->service == CES_SERVICE_SPAM_QUARANTINE ? "spam" : "pvo");
    ces_add_token(subtree, tvb, &hf_protocol, protocol, ces_protocol_token(protocol));
    proto_item_set_generated(proto_tree_add_boolean(subtree, hf_encrypted, tvb, 0, 0, contribution->encrypted));
    if (contribution->message)
        add_message(subtree, tvb, contribution->message);
    return item;
}

/* A quarantine's dialogue is not shown while its protocol is disabled. */
static gboolean
is_shown(const ces_flow *flow)
{
    return flow->service == CES_SERVICE_SYNC || proto_is_protocol_enabled(find_protocol_by_id(hf_quarantine));
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
    case CES_REMARK_REWRITTEN:
        return &ei_rewritten;
    default:
        return &ei_lmtp;
    }
}

static void
add_remarks(packet_info *pinfo, proto_item *item, const ces_flow *flow, const ces_contribution *contribution)
{
    for (guint i = 0; i < contribution->remarks; i++) {
        const ces_remark *remark = ces_dialogue_remark(flow->dialogue, contribution->first_remark + i);
        if (!remark)
            return;
        g_string_truncate(sentence, 0);
        ces_say_remark(remark, sentence);
        expert_add_info_format(pinfo, item, expert_of(remark), "%s", sentence->str);
    }
}

static expert_field *
expert_of_cause(ces_cause cause)
{
    switch (cause) {
    case CES_CAUSE_NO_GREETING:
        return &ei_no_greeting;
    case CES_CAUSE_NO_COMMON_ALGORITHM:
        return &ei_key_exchange_failed;
    case CES_CAUSE_CLOSED_AFTER_BANNER:
        return &ei_closed_after_banner;
    case CES_CAUSE_NO_BANNER:
        return &ei_no_banner;
    case CES_CAUSE_NOT_SSH:
        return &ei_not_ssh;
    default:
        return NULL;
    }
}

/* Port 22 serves the whole world: where no site is known, the fields are there
 * to filter on, but no expert item. */
static void
add_cause(packet_info *pinfo, proto_item *item, const ces_assessment *assessment, ces_cause shown)
{
    expert_field *expert = expert_of_cause(shown);

    if (!expert || (assessment->service == CES_SERVICE_SYNC && assessment->ruling.verdict == CES_VERDICT_UNDETERMINED))
        return;
    g_string_truncate(sentence, 0);
    ces_say_result(assessment, shown, ces_analysis_elapsed(ces_capture_analysis()), sentence);
    expert_add_info_format(pinfo, item, expert, "%s", sentence->str);
}

/* Silence that no packet ends is a fact only when all of the capture has been
 * read: it stands on the packet that completed the handshake. */
static gboolean
stays_silent(const packet_info *pinfo, const ces_sighting *sighting, const ces_assessment *assessment)
{
    return pinfo->fd->visited && assessment->result == CES_RESULT_SILENT && assessment->ended == CES_ENDED_OPEN &&
           sighting->ordinal == sighting->flow->decided_sighting;
}

/* --- sync -------------------------------------------------------------------------- */

static void
add_failure(tvbuff_t *tvb, proto_item *ces_item, const ces_assessment *assessment)
{
    proto_tree *tree = proto_item_get_subtree(ces_item);
    const char *failure = try_val_to_str(assessment->cause, failures);
    const char *description = ces_dialogue_disconnect(assessment->flow->dialogue);

    if (assessment->service != CES_SERVICE_SYNC || assessment->result != CES_RESULT_BROKEN || !failure)
        return;
    ces_add_token(tree, tvb, &hf_failure, assessment->cause, failure);
    if (*description)
        ces_add_text(tree, tvb, hf_description, description);
}

/* --- entry point ------------------------------------------------------------------- */

static void
display_delivery(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_flow *flow,
                 const ces_contribution *contribution)
{
    if (flow->service == CES_SERVICE_SYNC || contribution->protocol == CES_PROTOCOL_X11)
        return;
    proto_item *item = add_tree(tree, tvb, flow, contribution);
    if (ces_display_wants_experts(tree))
        add_remarks(pinfo, item, flow, contribution);
}

void
ces_dialogue_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ces_item, guint position,
                     const ces_sighting *sighting, const ces_assessment *assessment)
{
    const ces_flow *flow = sighting->flow;

    if (!flow->dialogue || sighting->refusal || !is_shown(flow))
        return;
    const ces_contribution *contribution = ces_capture_recall_contribution(pinfo, position);
    ces_cause shown = contribution ? (ces_cause)contribution->shows : CES_CAUSE_NONE;

    if (ces_item)
        add_failure(tvb, ces_item, assessment);
    if (shown == CES_CAUSE_NONE && stays_silent(pinfo, sighting, assessment))
        shown = assessment->cause;
    if (ces_display_wants_experts(tree))
        add_cause(pinfo, ces_item, assessment, shown);
    if (contribution && contribution->protocol)
        display_delivery(tvb, pinfo, tree, flow, contribution);
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
    {&ei_rewritten,
     {"ces.quarantine.rewritten", PI_PROTOCOL, PI_WARN, "Mail inspection rewrites the dialogue", EXPFILL}},
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
    {&ei_no_banner,
     {"ces.sync.no_banner", PI_PROTOCOL, PI_WARN, "Connection established, but no SSH banner came", EXPFILL}},
    {&ei_not_ssh, {"ces.sync.not_ssh", PI_PROTOCOL, PI_WARN, "What answers is not SSH", EXPFILL}},
};

static void
free_sentence(void)
{
    g_string_free(sentence, TRUE);
}

void
ces_dialogue_display_register(int proto_ces, int proto_quarantine)
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
