/* display.c
 * Fields, expert items and the Info column.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "display.h"

#include <epan/column-utils.h>
#include <epan/expert.h>
#include <epan/tap.h>

#include <ces/community_id.h>
#include <ces/rfc3339.h>

#include "capture.h"
#include "fields.h"
#include "preferences.h"
#include "taps/taps.h"

/* --- the vocabulary as value strings --------------------------------------- */

static const value_string service_tokens[] = CES_TOKENS(CES_SERVICES);
static const value_string site_tokens[] = CES_TOKENS(CES_SITES);
static const value_string appliance_tokens[] = CES_TOKENS(CES_APPLIANCES);
static const value_string basis_tokens[] = CES_TOKENS(CES_BASES);
static const value_string opening_tokens[] = CES_TOKENS(CES_OPENINGS);
static const value_string direction_tokens[] = CES_TOKENS(CES_DIRECTIONS);
static const value_string verdict_tokens[] = CES_TOKENS(CES_VERDICTS);
static const value_string support_tokens[] = CES_TOKENS(CES_SUPPORTS);
static const value_string outcome_tokens[] = CES_TOKENS(CES_OUTCOMES);
static const value_string finding_tokens[] = CES_TOKENS(CES_FINDINGS);
static const value_string result_tokens[] = CES_TOKENS(CES_RESULTS);
static const value_string cause_tokens[] = CES_TOKENS(CES_CAUSES);
static const value_string ended_tokens[] = CES_TOKENS(CES_ENDS);
static const value_string side_tokens[] = CES_TOKENS(CES_SIDES);
static const value_string roles_tokens[] = CES_TOKENS(CES_ROLES);

/* --- fields --------------------------------------------------------------- */

static ces_token_field hf_service = CES_TOKEN_FIELD, hf_direction = CES_TOKEN_FIELD, hf_verdict = CES_TOKEN_FIELD,
                       hf_support = CES_TOKEN_FIELD, hf_outcome = CES_TOKEN_FIELD, hf_finding = CES_TOKEN_FIELD,
                       hf_opening = CES_TOKEN_FIELD, hf_result = CES_TOKEN_FIELD, hf_cause = CES_TOKEN_FIELD,
                       hf_ended = CES_TOKEN_FIELD, hf_seen_from = CES_TOKEN_FIELD, hf_roles = CES_TOKEN_FIELD;
static int hf_return = -1;
static int hf_reason = -1;
static int hf_advice = -1;
static int hf_start = -1;
static int hf_duration = -1;
static int hf_community_id = -1;
static int hf_functions = -1;
static int hf_syns = -1;
static int hf_first_frame = -1;
static int hf_decided_frame = -1;

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
static int hf_ces;

static expert_field ei_permitted = EI_INIT;
static expert_field ei_blocked = EI_INIT;
static expert_field ei_unsupported = EI_INIT;
static expert_field ei_failed = EI_INIT;
static expert_field ei_contradicted = EI_INIT;
static expert_field ei_undetermined = EI_INIT;
static expert_field ei_conflict = EI_INIT;

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

/* --- tree ----------------------------------------------------------------- */

/* A filter builds a tree for every packet, of which Wireshark keeps only the
 * fields it names: what takes long to say is said only if somebody hears it. */

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

/* What happened, why, and what to do next: what a reader looks for first. */
static void
add_answer(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment)
{
    if (proto_field_is_referenced(tree, hf_outcome.number))
        ces_add_token_as(tree, tvb, &hf_outcome, assessment->outcome, ces_outcome_token(assessment->outcome),
                         say(ces_say_outcome, assessment));
    else
        ces_add_token(tree, tvb, &hf_outcome, assessment->outcome, ces_outcome_token(assessment->outcome));
    ces_add_text(tree, tvb, hf_reason,
                 proto_field_is_referenced(tree, hf_reason) ? say(ces_say_reason, assessment) : "");
    if (proto_field_is_referenced(tree, hf_advice) && *say(ces_say_advice, assessment))
        ces_add_text(tree, tvb, hf_advice, sentence->str);
}

static void
add_judgement(proto_tree *tree, tvbuff_t *tvb, const ces_assessment *assessment)
{
    const ces_flow *flow = assessment->flow;
    ces_service service = assessment->service;
    const ces_ruling *ruling = &assessment->ruling;
    ces_support support = assessment->support_ruling.support;

    ces_add_token(tree, tvb, &hf_service, service, ces_service_token(service));
    ces_add_text(tree, tvb, hf_functions, ces_service_about(service)->functions);
    ces_add_token(tree, tvb, &hf_direction, ruling->direction, ces_direction_token(ruling->direction));
    ces_add_token(tree, tvb, &hf_verdict, ruling->verdict, ces_verdict_token(ruling->verdict));
    ces_add_token(tree, tvb, &hf_support, support, ces_support_token(support));
    ces_add_token(tree, tvb, &hf_roles, assessment->roles, ces_roles_token(assessment->roles));
    ces_add_token(tree, tvb, &hf_finding, assessment->finding, ces_finding_token(assessment->finding));
    ces_add_token(tree, tvb, &hf_result, assessment->result, ces_result_token(assessment->result));
    ces_add_token(tree, tvb, &hf_cause, assessment->cause, ces_cause_token(assessment->cause));
    ces_add_token(tree, tvb, &hf_ended, assessment->ended, ces_ended_token(assessment->ended));
    ces_add_token(tree, tvb, &hf_seen_from, assessment->seen_from, ces_seen_from_token(assessment->seen_from));
    ces_add_token(tree, tvb, &hf_opening, flow->opening, ces_opening_token((ces_opening)flow->opening));
}

static void
add_times(proto_tree *tree, tvbuff_t *tvb, const ces_flow *flow)
{
    char start[CES_RFC3339_TEXT], hash[CES_COMMUNITY_ID_TEXT];

    if (ces_rfc3339(flow->start, start) > 0) {
        ces_add_text(tree, tvb, hf_start, start);
        proto_item_set_generated(
            proto_tree_add_double(tree, hf_duration, tvb, 0, 0, (double)(flow->end - flow->start) / CES_SECOND));
    }
    if (proto_field_is_referenced(tree, hf_community_id))
        ces_add_text(tree, tvb, hf_community_id, ces_community_id(&flow->ends[0], &flow->ends[1], hash));
}

static void
add_history(proto_tree *tree, tvbuff_t *tvb, const ces_sighting *sighting)
{
    const ces_flow *flow = sighting->flow;

    if (!sighting->refusal)
        proto_item_set_generated(
            proto_tree_add_boolean(tree, hf_return, tvb, 0, 0, sighting->sender != flow->initiator));
    ces_add_number(tree, tvb, hf_syns, flow->syns);
    ces_add_number(tree, tvb, hf_first_frame, flow->first_frame);
    if (flow->decided_frame)
        ces_add_number(tree, tvb, hf_decided_frame, flow->decided_frame);
    add_times(tree, tvb, flow);
}

/* NULL if nobody looks at the tree. */
static proto_item *
add_tree(proto_tree *tree, tvbuff_t *tvb, const ces_sighting *sighting, const ces_assessment *assessment)
{
    if (!tree || !proto_field_is_referenced(tree, hf_ces))
        return NULL;
    proto_item *item =
        proto_tree_add_protocol_format(tree, hf_ces, tvb, 0, 0, "CES: %s", say(ces_say_summary, assessment));
    proto_item_set_generated(item);

    proto_tree *subtree = proto_item_add_subtree(item, ett_ces);
    add_answer(subtree, tvb, assessment);
    proto_item *details_item;
    proto_tree *details = proto_tree_add_subtree(subtree, tvb, 0, 0, ett_details, &details_item, "Details");
    proto_item_set_generated(details_item);
    add_judgement(details, tvb, assessment);
    add_end(details, tvb, &initiator_fields, ces_flow_initiator(sighting->flow), &assessment->initiator);
    add_end(details, tvb, &responder_fields, ces_flow_responder(sighting->flow), &assessment->responder);
    add_history(details, tvb, sighting);
    return item;
}

/* --- expert information ----------------------------------------------------- */

/* On the first packet of the flow. */
static void
add_verdict_experts(packet_info *pinfo, proto_item *item, const ces_assessment *assessment)
{
    switch (assessment->ruling.verdict) {
    case CES_VERDICT_PERMITTED:
        expert_add_info_format(pinfo, item, &ei_permitted, "%s", say(ces_say_verdict, assessment));
        break;
    case CES_VERDICT_BLOCKED:
        expert_add_info_format(pinfo, item, &ei_blocked, "%s", say(ces_say_verdict, assessment));
        break;
    case CES_VERDICT_UNDETERMINED:
        if (ces_analysis_says_missing_sites(ces_capture_analysis(), assessment->flow))
            expert_add_info_format(pinfo, item, &ei_undetermined, "%s", say(ces_say_missing_sites, assessment));
        break;
    default:
        break;
    }
    if (assessment->support_ruling.support == CES_SUPPORT_UNSUPPORTED)
        expert_add_info_format(pinfo, item, &ei_unsupported, "%s", say(ces_say_support, assessment));
}

/* On the packet that decided. */
static void
add_finding_expert(packet_info *pinfo, proto_item *item, const ces_assessment *assessment)
{
    if (assessment->finding == CES_FINDING_FAILED)
        expert_add_info_format(pinfo, item, &ei_failed, "%s", say(ces_say_finding, assessment));
    else if (assessment->finding == CES_FINDING_CONTRADICTED)
        expert_add_info_format(pinfo, item, &ei_contradicted, "%s", say(ces_say_finding, assessment));
}

/* On the first packet of the address for which both are known. */
static void
add_conflict_expert(packet_info *pinfo, proto_item *item, const ces_sighting *sighting, const ces_socket *end,
                    const ces_party *party)
{
    if (!ces_party_in_conflict(party) ||
        !ces_analysis_says_conflict(ces_capture_analysis(), &end->address, sighting->flow, sighting->ordinal))
        return;
    g_string_truncate(sentence, 0);
    ces_say_conflict(end, party, sentence);
    expert_add_info_format(pinfo, item, &ei_conflict, "%s", sentence->str);
}

static void
add_experts(packet_info *pinfo, proto_item *item, const ces_sighting *sighting, const ces_assessment *assessment)
{
    if (sighting->ordinal == 1)
        add_verdict_experts(pinfo, item, assessment);
    if (sighting->ordinal == sighting->flow->decided_sighting)
        add_finding_expert(pinfo, item, assessment);
    add_conflict_expert(pinfo, item, sighting, ces_flow_initiator(sighting->flow), &assessment->initiator);
    add_conflict_expert(pinfo, item, sighting, ces_flow_responder(sighting->flow), &assessment->responder);
}

/* Texts for the expert information cost more than all else, and tshark mostly
 * throws them away. Elsewhere the worst severity of a capture is shown. */
gboolean
ces_display_wants_experts(const proto_tree *tree)
{
    static int expert_tap; /* not there yet when protocols are registered */

    if (!expert_tap)
        expert_tap = find_tap_id("expert");
    return tree || !ces_taps_in_tshark() || have_tap_listener(expert_tap);
}

/* --- Info column ------------------------------------------------------------ */

gboolean
ces_display_wants_info(const packet_info *pinfo)
{
    return ces_preferences_info_column() && pinfo->cinfo && col_get_writable(pinfo->cinfo, COL_INFO);
}

static void
add_info(packet_info *pinfo, const ces_assessment *assessment)
{
    ces_verdict verdict = assessment->ruling.verdict;

    if (!ces_display_wants_info(pinfo) || (verdict != CES_VERDICT_PERMITTED && verdict != CES_VERDICT_BLOCKED))
        return;
    col_append_fstr(pinfo->cinfo, COL_INFO, " [CES %s %s: %s]", ces_service_about(assessment->service)->title,
                    ces_direction_token(assessment->ruling.direction), ces_verdict_token(verdict));
}

proto_item *
ces_display(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_sighting *sighting,
            const ces_assessment *assessment)
{
    proto_item *item = add_tree(tree, tvb, sighting, assessment);

    if (ces_display_wants_experts(tree))
        add_experts(pinfo, item, sighting, assessment);
    add_info(pinfo, assessment);
    return item;
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

static hf_register_info fields[] = {
    CES_HF_TOKEN(hf_service, "Service", "ces.service", service_tokens, "CES service, by the responder's port"),
    CES_HF_TEXT(hf_functions, "Functions", "ces.functions", "What the service carries"),
    CES_HF_TOKEN(hf_direction, "Direction", "ces.direction", direction_tokens,
                 "Who opened the connection, seen from the CES data centre"),
    CES_HF_TOKEN(hf_verdict, "Verdict", "ces.verdict", verdict_tokens, "Whether that direction is permitted"),
    CES_HF_TOKEN(hf_support, "Support", "ces.support", support_tokens,
                 "Whether the centralized service can work between these two at all"),
    CES_HF_TEXT(hf_reason, "Why", "ces.reason", "Why the verdict and the support are what they are"),
    CES_HF_TEXT(hf_advice, "What next", "ces.advice", "What to do next, where something needs doing"),
    CES_HF_TOKEN(hf_outcome, "What happened", "ces.outcome", outcome_tokens,
                 "What the capture shows of the connection"),
    CES_HF_TOKEN(hf_result, "Result", "ces.result", result_tokens, "What the service itself did on the connection"),
    CES_HF_TOKEN(hf_cause, "Cause", "ces.cause", cause_tokens, "Why the result is what it is"),
    CES_HF_TOKEN(hf_ended, "Ended", "ces.ended", ended_tokens, "Who closed the connection first, and how"),
    CES_HF_TOKEN(hf_seen_from, "Seen from", "ces.seen_from", side_tokens, "Which ends' packets the capture holds"),
    CES_HF_TOKEN(hf_roles, "Roles", "ces.roles", roles_tokens,
                 "Whether it is known which end is the SMA and which the ESA"),
    CES_HF_TOKEN(hf_finding, "Finding", "ces.finding", finding_tokens, "The verdict held against the outcome"),
    CES_HF_TOKEN(hf_opening, "Opening", "ces.opening", opening_tokens, "How the initiator is known"),
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

static ei_register_info experts[] = {
    {&ei_permitted, {"ces.permitted", PI_SECURITY, PI_CHAT, "CES permits this direction", EXPFILL}},
    {&ei_blocked, {"ces.blocked", PI_SECURITY, PI_WARN, "CES blocks this direction", EXPFILL}},
    {&ei_unsupported,
     {"ces.unsupported", PI_SECURITY, PI_NOTE, "The centralized service is not supported between these two", EXPFILL}},
    {&ei_failed, {"ces.failed", PI_SECURITY, PI_WARN, "Permitted by CES, yet not established", EXPFILL}},
    {&ei_contradicted, {"ces.contradicted", PI_SECURITY, PI_ERROR, "Blocked by CES, yet it got through", EXPFILL}},
    {&ei_undetermined, {"ces.undetermined", PI_SECURITY, PI_WARN, "No CES network is known", EXPFILL}},
    {&ei_conflict, {"ces.conflict", PI_SECURITY, PI_NOTE, "The site table says external, a name says cloud", EXPFILL}},
};

static void
free_sentence(void)
{
    g_string_free(sentence, TRUE);
}

void
ces_display_register(int proto_ces)
{
    static int *subtrees[] = {&ett_ces, &ett_details, &initiator_fields.ett, &responder_fields.ett};
    expert_module_t *module = expert_register_protocol(proto_ces);

    hf_ces = proto_ces;
    sentence = g_string_sized_new(512);
    register_shutdown_routine(free_sentence);
    proto_register_field_array(proto_ces, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(module, experts, array_length(experts));
}
