/* display.c
 * Fields, expert items and the Info column.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "display.h"

#include <epan/column-info.h>
#include <epan/column-utils.h>
#include <epan/expert.h>
#include <epan/tap.h>

#include <ces/community_id.h>
#include <ces/notice.h>
#include <ces/rfc3339.h>

#include "capture.h"
#include "fields.h"
#include "preferences.h"
#include "taps/taps.h"

/* --- fields --------------------------------------------------------------- */

/* clang-format off */
#define DECLARE_TOKEN(name, LIST, value, title, help) CES_DECLARE_TOKEN_FIELD(name, LIST)
#define ADD_TOKEN(name, LIST, value, title, help) \
    ces_add_token(tree, tvb, &hf_##name, value, ces_##name##_token((ces_##name)(value)));
#define REGISTER_TOKEN(name, LIST, value, title, help) \
    CES_HF_TOKEN(hf_##name, title, "ces." #name, name##_tokens, help),
/* clang-format on */

CES_JUDGEMENTS(DECLARE_TOKEN)
CES_DECLARE_TOKEN_FIELD(outcome, CES_OUTCOMES)
CES_DECLARE_TOKEN_FIELD(service, CES_SERVICES)
CES_DECLARE_TOKEN_FIELD(support, CES_SUPPORTS)
static int hf_return = -1, hf_reason = -1, hf_advice = -1, hf_functions = -1, hf_syns = -1;
static int hf_start = -1, hf_duration = -1, hf_community_id = -1, hf_first_frame = -1, hf_decided_frame = -1;

CES_DECLARE_TOKENS(site, CES_SITES)
CES_DECLARE_TOKENS(appliance, CES_APPLIANCES)
CES_DECLARE_TOKENS(basis, CES_BASES)

typedef struct {
    int socket;
    ces_token_field site, appliance, basis;
    int name;
    int learned_in;
    int ett;
} end_fields;

/* clang-format off */
#define END_FIELDS {-1, CES_TOKEN_FIELD, CES_TOKEN_FIELD, CES_TOKEN_FIELD, -1, -1, -1}
/* clang-format on */

static end_fields initiator_fields = END_FIELDS;
static end_fields responder_fields = END_FIELDS;

static int ett_ces = -1;
static int ett_details = -1;
static int hf_ces, hf_quarantine; /* the two protocols, and that of all expert items */
static int hf_expert = -1;
static int expert_tap = 0;

/* Sentences are written here; Wireshark copies what it is given. One buffer
 * for all, so that an exception while a tree grows leaks none. */
static GString *sentence;

static const char *
say(void (*speaker)(const ces_assessment *, GString *), const ces_assessment *assessment)
{
    g_string_truncate(sentence, 0);
    speaker(assessment, sentence);
    return sentence->str;
}

/* --- who looks ---------------------------------------------------------------- */

/* Every filter and many taps have a tree built for each packet, of which
 * Wireshark keeps only the fields that somebody names. */
static gboolean
is_item_wanted(proto_tree *tree, int protocol)
{
    return proto_field_is_referenced(tree, protocol) || proto_field_is_referenced(tree, hf_expert);
}

/* Texts for the expert information cost more than all else, and tshark mostly
 * throws them away. Elsewhere the worst severity of a capture is shown. */
static gboolean
are_experts_wanted(const packet_info *pinfo, proto_tree *tree)
{
    return have_tap_listener(expert_tap) || is_item_wanted(tree, hf_ces) || is_item_wanted(tree, hf_quarantine) ||
           (pinfo->cinfo && pinfo->cinfo->col_first[COL_EXPERT] >= 0) || !ces_taps_in_tshark();
}

static gboolean
is_info_wanted(const packet_info *pinfo)
{
    return pinfo->cinfo && ces_preferences_info_column() && col_get_writable(pinfo->cinfo, COL_INFO);
}

gboolean
ces_display_is_wanted(const packet_info *pinfo, proto_tree *tree)
{
    return is_info_wanted(pinfo) || are_experts_wanted(pinfo, tree);
}

/* --- tree ----------------------------------------------------------------- */

/* What takes long to say is said only if somebody hears it. */

static void
add_end(proto_tree *tree, tvbuff_t *tvb, const end_fields *fields, const ces_socket *socket, const ces_party *party)
{
    g_string_truncate(sentence, 0);
    if (proto_field_is_referenced(tree, fields->socket))
        ces_say_socket(socket, sentence);
    proto_item *item = ces_add_text(tree, tvb, fields->socket, sentence->str);
    proto_item_append_text(item, " (%s)", ces_site_token(party->site));

    proto_tree *subtree = proto_item_add_subtree(item, fields->ett);
    ces_add_token(subtree, tvb, &fields->site, party->site, ces_site_token(party->site));
    ces_add_token(subtree, tvb, &fields->appliance, party->appliance, ces_appliance_token(party->appliance));
    ces_add_token(subtree, tvb, &fields->basis, party->basis, ces_basis_token(party->basis));
    if (*party->name)
        ces_add_text(subtree, tvb, fields->name, party->name);
    if (party->learned.frame && party->name == party->learned.name) /* not if the table named it */
        ces_add_number(subtree, tvb, fields->learned_in, party->learned.frame);
}

/* The value of the field is the whole reason; shown are its halves, each short
 * enough for a window: that of the verdict, and that of the support. */
static void
add_reason(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment)
{
    ces_support support = assessment->support_ruling.support;
    const char *token = ces_support_token(support);

    if (!proto_field_is_referenced(tree, hf_reason) && !proto_field_is_referenced(tree, hf_support.number)) {
        ces_add_text(tree, tvb, hf_reason, "");
        ces_add_token(tree, tvb, &hf_support, support, token);
        return;
    }
    proto_item_set_generated(proto_tree_add_string_format_value(
        tree, hf_reason, tvb, 0, 0, say(ces_say_reason, assessment), "%s", assessment->ruling.reason));
    if (*say(ces_say_support_reason, assessment))
        g_string_prepend(sentence, ": ");
    ces_add_token_as(tree, tvb, &hf_support, support, token, g_string_prepend(sentence, token)->str);
}

/* What happened, why, and what to do next: what a reader looks for first. */
static void
add_answer(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment)
{
    const char *outcome = ces_outcome_token(assessment->outcome);

    ces_add_token_as(tree, tvb, &hf_outcome, assessment->outcome, outcome,
                     proto_field_is_referenced(tree, hf_outcome.number) ? say(ces_say_outcome, assessment) : outcome);
    add_reason(tree, tvb, assessment);
    if (proto_field_is_referenced(tree, hf_advice) && *say(ces_say_advice, assessment))
        ces_add_text(tree, tvb, hf_advice, sentence->str);
}

static void
add_details(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *a)
{
    ces_add_token(tree, tvb, &hf_service, a->service, ces_service_token(a->service));
    ces_add_text(tree, tvb, hf_functions, ces_service_about(a->service)->functions);
    CES_JUDGEMENTS(ADD_TOKEN)
}

static void
add_history(proto_tree *tree, tvbuff_t *tvb, const ces_sighting *sighting)
{
    const ces_flow *flow = sighting->flow;
    char start[CES_RFC3339_TEXT], hash[CES_COMMUNITY_ID_TEXT];

    if (!sighting->refusal)
        proto_item_set_generated(
            proto_tree_add_boolean(tree, hf_return, tvb, 0, 0, sighting->sender != flow->initiator));
    ces_add_number(tree, tvb, hf_syns, flow->syns);
    ces_add_number(tree, tvb, hf_first_frame, flow->first_frame);
    if (flow->decided_frame)
        ces_add_number(tree, tvb, hf_decided_frame, flow->decided_frame);
    if (ces_rfc3339(flow->start, start) > 0) {
        ces_add_text(tree, tvb, hf_start, start);
        proto_item_set_generated(
            proto_tree_add_double(tree, hf_duration, tvb, 0, 0, (double)(flow->end - flow->start) / CES_SECOND));
    }
    if (proto_field_is_referenced(tree, hf_community_id))
        ces_add_text(tree, tvb, hf_community_id, ces_community_id(&flow->ends[0], &flow->ends[1], hash));
}

/* NULL if nobody looks at the tree. */
static proto_item *
add_connection(proto_tree *tree, tvbuff_t *tvb, const ces_sighting *sighting, const ces_assessment *assessment,
               gboolean with_dialogue)
{
    if (!is_item_wanted(tree, hf_ces))
        return NULL;
    proto_item *item =
        proto_tree_add_protocol_format(tree, hf_ces, tvb, 0, 0, "CES: %s", say(ces_say_summary, assessment));
    proto_item_set_generated(item);

    proto_tree *subtree = proto_item_add_subtree(item, ett_ces);
    add_answer(subtree, tvb, assessment);
    proto_item *details_item;
    proto_tree *details = proto_tree_add_subtree(subtree, tvb, 0, 0, ett_details, &details_item, "Details");
    proto_item_set_generated(details_item);
    add_details(details, tvb, assessment);
    add_end(details, tvb, &initiator_fields, ces_flow_initiator(sighting->flow), &assessment->initiator);
    add_end(details, tvb, &responder_fields, ces_flow_responder(sighting->flow), &assessment->responder);
    add_history(details, tvb, sighting);
    if (with_dialogue)
        ces_dialogue_display_failure(subtree, tvb, assessment);
    return item;
}

/* --- expert information ----------------------------------------------------- */

/* clang-format off */
#define EXPERT_FIELD(notice, token, severity, summary) EI_INIT,
#define EXPERT_ROW(notice, token, severity, summary) \
    {NULL, {"ces." token, (notice) < CES_NOTICE_NO_GREETING ? PI_SECURITY : PI_PROTOCOL, PI_##severity, summary, EXPFILL}},
/* clang-format on */

static expert_field expert_fields[] = {CES_NOTICES(EXPERT_FIELD)};
static ei_register_info experts[] = {CES_NOTICES(EXPERT_ROW)};

/* Where notices go: those of a delivery to the item of that. */
typedef struct {
    packet_info *pinfo;
    proto_item *connection, *delivery; /* NULL if nobody looks at the tree */
} expert_place;

static void
add_expert(ces_notice notice, const char *text, gpointer data)
{
    const expert_place *place = (const expert_place *)data;

    expert_add_info_format(place->pinfo, notice >= CES_NOTICE_FIRST_OF_DELIVERY ? place->delivery : place->connection,
                           &expert_fields[notice], "%s", text);
}

static void
add_experts(expert_place *place, const ces_sighting *sighting, const ces_contribution *contribution,
            const ces_assessment *assessment, gboolean with_dialogue)
{
    const ces_notice_listener listener = {add_expert, place, sentence};

    ces_notices_of_connection(ces_capture_analysis(), sighting, assessment, &listener);
    if (with_dialogue)
        ces_notices_of_dialogue(ces_capture_analysis(), sighting, contribution, assessment, place->pinfo->fd->visited,
                                &listener);
}

/* --- Info column ------------------------------------------------------------ */

static void
add_info(packet_info *pinfo, const ces_assessment *assessment)
{
    ces_verdict verdict = assessment->ruling.verdict;

    if (!is_info_wanted(pinfo) || (verdict != CES_VERDICT_PERMITTED && verdict != CES_VERDICT_BLOCKED))
        return;
    col_append_fstr(pinfo->cinfo, COL_INFO, " [CES %s %s: %s]", ces_service_about(assessment->service)->title,
                    ces_direction_token(assessment->ruling.direction), ces_verdict_token(verdict));
}

/* --- entry point ------------------------------------------------------------ */

/* A quarantine's dialogue is not shown while its protocol is disabled. */
static gboolean
has_dialogue(const ces_sighting *sighting)
{
    const ces_flow *flow = sighting->flow;

    return flow->dialogue && !sighting->refusal &&
           (flow->service == CES_SERVICE_SYNC || proto_is_protocol_enabled(find_protocol_by_id(hf_quarantine)));
}

void
ces_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_sighting *sighting)
{
    gboolean with_dialogue = has_dialogue(sighting);
    const ces_contribution *contribution = with_dialogue ? ces_capture_contribution(sighting) : NULL;
    ces_assessment assessment = ces_assess(ces_capture_analysis(), sighting->flow);
    expert_place place = {pinfo, add_connection(tree, tvb, sighting, &assessment, with_dialogue), NULL};

    if (contribution && is_item_wanted(tree, hf_quarantine))
        place.delivery = ces_dialogue_display_delivery(tree, tvb, sighting->flow, contribution, sentence);
    if (are_experts_wanted(pinfo, tree))
        add_experts(&place, sighting, contribution, &assessment, with_dialogue);
    add_info(pinfo, &assessment);
}

/* --- registration ----------------------------------------------------------- */

/* clang-format off */
#define HF_END(fields, title, end) \
    CES_HF_TEXT((fields).socket, title, "ces." end, "Address and port of the " end), \
    CES_HF_TOKEN((fields).site, "Site", "ces." end ".site", site_tokens, "On which side the " end " stands"), \
    CES_HF_TOKEN((fields).appliance, "Appliance", "ces." end ".appliance", appliance_tokens, \
                 "What kind of host the " end " is"), \
    CES_HF_TOKEN((fields).basis, "Basis", "ces." end ".basis", basis_tokens, "How the site of the " end " is known"), \
    CES_HF_TEXT((fields).name, "Name", "ces." end ".name", "Name of the " end ", from the site table or learned"), \
    CES_HF_FRAME((fields).learned_in, "Name learned in", "ces." end ".learned_in", \
                 "Packet that taught the best name known of the " end)
/* clang-format on */

/* clang-format off */
static hf_register_info fields[] = {
    CES_HF_TOKEN(hf_service, "Service", "ces.service", service_tokens, "CES service, by the responder's port"),
    CES_HF_TEXT(hf_functions, "Functions", "ces.functions", "What the service carries"),
    CES_JUDGEMENTS(REGISTER_TOKEN)
    CES_HF_TOKEN(hf_support, "Support", "ces.support", support_tokens,
                 "Whether the centralized service can work between these two at all"),
    CES_HF_TOKEN(hf_outcome, "What happened", "ces.outcome", outcome_tokens,
                 "What the capture shows of the connection"),
    CES_HF_TEXT(hf_reason, "Why", "ces.reason", "Why the verdict and the support are what they are"),
    CES_HF_TEXT(hf_advice, "What next", "ces.advice", "What to do next, where something needs doing"),
    HF_END(initiator_fields, "Initiator", "initiator"),
    HF_END(responder_fields, "Responder", "responder"),
    CES_HF_FLAG(hf_return, "Return traffic", "ces.return",
                "From the responder: let back in because the other side opened the connection"),
    CES_HF_NUMBER(hf_syns, FT_UINT32, "Opening attempts", "ces.syns", "SYNs from the initiator in this capture"),
    CES_HF_TEXT(hf_start, "Start", "ces.start", "Time of the connection's first packet (RFC 3339, UTC)"),
    {&hf_duration,
     {"Duration (seconds)", "ces.duration", FT_DOUBLE, BASE_NONE, NULL, 0, "From its first packet to its latest",
      HFILL}},
    CES_HF_TEXT(hf_community_id, "Community ID", "ces.community_id",
                "Hash of the connection that Zeek, Suricata and others write as well (version 1, seed 0)"),
    CES_HF_FRAME(hf_first_frame, "First packet", "ces.first_frame", "First packet of the connection"),
    CES_HF_FRAME(hf_decided_frame, "Deciding packet", "ces.decided_frame",
                 "Packet that decided the outcome; of an unanswered connection the last attempt"),
};
/* clang-format on */

static void
free_sentence(void)
{
    g_string_free(sentence, TRUE);
}

/* All of Wireshark is there only when a capture is opened. */
static void
find_expert(void)
{
    hf_expert = proto_get_id_by_filter_name("_ws.expert");
    expert_tap = find_tap_id("expert");
}

void
ces_display_register(int proto_ces, int proto_quarantine)
{
    const int first = CES_NOTICE_FIRST_OF_DELIVERY;
    static int *subtrees[] = {&ett_ces, &ett_details, &initiator_fields.ett, &responder_fields.ett};

    hf_ces = proto_ces;
    hf_quarantine = proto_quarantine;
    sentence = g_string_sized_new(512);
    register_shutdown_routine(free_sentence);
    proto_register_field_array(proto_ces, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    for (int notice = 0; notice < CES_NOTICE_COUNT; notice++)
        experts[notice].ids = &expert_fields[notice];
    /* An expert item belongs to the protocol on whose item it stands: a filter on it alone makes Wireshark build that
     * tree only. */
    expert_register_field_array(expert_register_protocol(proto_ces), experts, first);
    expert_register_field_array(expert_register_protocol(proto_quarantine), experts + first, CES_NOTICE_COUNT - first);
    register_init_routine(find_expert);
    ces_dialogue_display_register(proto_ces, proto_quarantine);
}
