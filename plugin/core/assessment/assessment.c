/* assessment.c
 * A flow and its parties, held against the rules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>

/* Whether the capture went on long enough for an answer to an attempt. */
static gboolean
may_still_be_answered(const ces_flow *flow, ces_outcome outcome, gint64 elapsed, gint64 patience)
{
    return outcome == CES_OUTCOME_UNANSWERED && !ces_flow_gave_up(flow, elapsed, patience);
}

/* What is said does not change verdict and finding, but X11 or LMTP is no service of ours to support. */
static ces_support_ruling
support_of(ces_service service, ces_role initiator, ces_role responder, ces_result result)
{
    static const ces_support_ruling other_use = {
        CES_SUPPORT_NOT_APPLICABLE, "What is spoken on it is no delivery to a quarantine.", "", "facts: look-alikes"};

    return result == CES_RESULT_OTHER_USE ? other_use : ces_support_of(service, initiator, responder);
}

void
ces_assess_rules(ces_assessment *assessment)
{
    const ces_party *initiator = &assessment->initiator, *responder = &assessment->responder;
    ces_role opener = {initiator->site, initiator->appliance};
    ces_role answerer = {responder->site, responder->appliance};

    assessment->ruling = ces_ruling_of(assessment->service, opener, answerer);
    assessment->support_ruling = support_of(assessment->service, opener, answerer, assessment->result);
    assessment->roles = ces_roles_of(assessment->service, initiator->appliance, responder->appliance);
}

ces_assessment
ces_assess_flow(const ces_flow *flow, const ces_party parties[2], gint64 elapsed, gint64 patience)
{
    ces_outcome outcome = ces_flow_outcome(flow);
    ces_assessment assessment = {
        .flow = flow,
        .service = (ces_service)flow->service,
        .initiator = parties[flow->initiator],
        .responder = parties[!flow->initiator],
        .outcome = outcome,
        .ended = ces_flow_ended(flow),
        .seen_from = ces_flow_seen_from(flow),
    };

    assessment.result = ces_dialogue_result(flow, elapsed, patience, &assessment.cause);
    ces_assess_rules(&assessment);
    assessment.finding = may_still_be_answered(flow, outcome, elapsed, patience)
                             ? CES_FINDING_OPEN
                             : ces_finding_of(assessment.ruling.verdict, outcome, ces_flow_proven(flow));
    return assessment;
}

ces_assessment
ces_assess(const ces_analysis *analysis, const ces_flow *flow)
{
    ces_party parties[2];

    ces_analysis_parties(analysis, flow, parties);
    return ces_assess_flow(flow, parties, ces_analysis_elapsed(analysis), ces_analysis_settings(analysis)->patience);
}
