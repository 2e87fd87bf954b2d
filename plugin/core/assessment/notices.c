/* notices.c
 * Which packet tells what.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/notice.h>

static GString *
begin(const ces_notice_listener *to)
{
    return g_string_truncate(to->scratch, 0);
}

static void
give(const ces_notice_listener *to, ces_notice notice)
{
    to->take(notice, to->scratch->str, to->data);
}

static void
give_said(const ces_notice_listener *to, ces_notice notice, void (*say)(const ces_assessment *, GString *),
          const ces_assessment *assessment)
{
    say(assessment, begin(to));
    give(to, notice);
}

/* --- the connection ------------------------------------------------------------ */

static void
give_verdict(const ces_notice_listener *to, ces_analysis *analysis, const ces_assessment *assessment)
{
    ces_verdict verdict = assessment->ruling.verdict;

    if (verdict == CES_VERDICT_PERMITTED)
        give_said(to, CES_NOTICE_PERMITTED, ces_say_verdict, assessment);
    else if (verdict == CES_VERDICT_BLOCKED)
        give_said(to, CES_NOTICE_BLOCKED, ces_say_verdict, assessment);
    else if (verdict == CES_VERDICT_UNDETERMINED && ces_analysis_says_missing_sites(analysis, assessment->flow))
        give_said(to, CES_NOTICE_UNDETERMINED, ces_say_missing_sites, assessment);
    if (assessment->support_ruling.support == CES_SUPPORT_UNSUPPORTED)
        give_said(to, CES_NOTICE_UNSUPPORTED, ces_say_support, assessment);
}

static void
give_finding(const ces_notice_listener *to, const ces_assessment *assessment)
{
    if (assessment->finding == CES_FINDING_FAILED)
        give_said(to, CES_NOTICE_FAILED, ces_say_finding, assessment);
    else if (assessment->finding == CES_FINDING_CONTRADICTED)
        give_said(to, CES_NOTICE_CONTRADICTED, ces_say_finding, assessment);
}

/* On the first packet of the address for which both are known. */
static void
give_conflict(const ces_notice_listener *to, ces_analysis *analysis, const ces_sighting *sighting,
              const ces_socket *end, const ces_party *party)
{
    if (!ces_party_in_conflict(party) ||
        !ces_analysis_says_conflict(analysis, &end->address, sighting->flow, sighting->ordinal))
        return;
    ces_say_conflict(end, party, begin(to));
    give(to, CES_NOTICE_CONFLICT);
}

void
ces_notices_of_connection(ces_analysis *analysis, const ces_sighting *sighting, const ces_assessment *assessment,
                          const ces_notice_listener *listener)
{
    const ces_flow *flow = sighting->flow;

    if (sighting->ordinal == 1)
        give_verdict(listener, analysis, assessment);
    if (sighting->ordinal == flow->decided_sighting)
        give_finding(listener, assessment);
    give_conflict(listener, analysis, sighting, ces_flow_initiator(flow), &assessment->initiator);
    give_conflict(listener, analysis, sighting, ces_flow_responder(flow), &assessment->responder);
}

/* --- the dialogue ---------------------------------------------------------------- */

/* CES_NOTICE_COUNT for a cause that has no notice of its own. */
static ces_notice
notice_of_cause(ces_cause cause)
{
    switch (cause) {
    case CES_CAUSE_NO_GREETING:
        return CES_NOTICE_NO_GREETING;
    case CES_CAUSE_NO_COMMON_ALGORITHM:
        return CES_NOTICE_NO_COMMON_ALGORITHM;
    case CES_CAUSE_CLOSED_AFTER_BANNER:
        return CES_NOTICE_CLOSED_AFTER_BANNER;
    case CES_CAUSE_NO_BANNER:
        return CES_NOTICE_NO_BANNER;
    case CES_CAUSE_NOT_SSH:
        return CES_NOTICE_NOT_SSH;
    default:
        return CES_NOTICE_COUNT;
    }
}

static gboolean
stays_silent(const ces_sighting *sighting, const ces_assessment *assessment)
{
    return assessment->result == CES_RESULT_SILENT && assessment->ended == CES_ENDED_OPEN &&
           sighting->ordinal == sighting->flow->decided_sighting;
}

/* Port 22 serves the whole world: where no site is known, that is no news. */
static void
give_cause(const ces_notice_listener *to, const ces_analysis *analysis, const ces_assessment *assessment,
           ces_cause cause)
{
    ces_notice notice = notice_of_cause(cause);

    if (notice == CES_NOTICE_COUNT ||
        (assessment->service == CES_SERVICE_SYNC && assessment->ruling.verdict == CES_VERDICT_UNDETERMINED))
        return;
    ces_say_result(assessment, cause, ces_analysis_elapsed(analysis), begin(to));
    give(to, notice);
}

static ces_notice
notice_of_remark(const ces_remark *remark)
{
    switch (remark->kind) {
    case CES_REMARK_REFUSED:
        return remark->code < 500 ? CES_NOTICE_DEFERRED : CES_NOTICE_REFUSED;
    case CES_REMARK_UNKNOWN_VERB:
        return CES_NOTICE_UNKNOWN_VERB;
    case CES_REMARK_STARTTLS_REFUSED:
        return CES_NOTICE_STARTTLS_REFUSED;
    case CES_REMARK_TLS_ALERT:
        return CES_NOTICE_TLS_ALERT;
    case CES_REMARK_REWRITTEN:
        return CES_NOTICE_REWRITTEN;
    default:
        return CES_NOTICE_LMTP;
    }
}

static void
give_remarks(const ces_notice_listener *to, const ces_dialogue *dialogue, const ces_contribution *contribution)
{
    for (guint i = 0; i < contribution->remarks; i++) {
        const ces_remark *remark = ces_dialogue_remark(dialogue, contribution->first_remark + i);
        if (!remark)
            return;
        ces_say_remark(remark, begin(to));
        give(to, notice_of_remark(remark));
    }
}

void
ces_notices_of_dialogue(const ces_analysis *analysis, const ces_sighting *sighting,
                        const ces_contribution *contribution, const ces_assessment *assessment, gboolean all_is_read,
                        const ces_notice_listener *listener)
{
    ces_cause shown = contribution ? (ces_cause)contribution->shows : CES_CAUSE_NONE;

    if (shown == CES_CAUSE_NONE && all_is_read && stays_silent(sighting, assessment))
        shown = assessment->cause;
    give_cause(listener, analysis, assessment, shown);
    if (contribution && contribution->protocol != CES_PROTOCOL_UNKNOWN && contribution->protocol != CES_PROTOCOL_X11)
        give_remarks(listener, sighting->flow->dialogue, contribution);
}

void
ces_say_delivery(const ces_flow *flow, const ces_contribution *contribution, GString *text)
{
    ces_protocol protocol = (ces_protocol)contribution->protocol;

    g_string_append_printf(
        text, "%s, %s", protocol == CES_PROTOCOL_LMTP ? "none" : ces_service_about((ces_service)flow->service)->title,
        ces_protocol_token(protocol));
    if (contribution->encrypted)
        g_string_append(text, ", encrypted");
    if (contribution->message) {
        g_string_append_printf(text, ", message %u ", contribution->message->number);
        ces_say_message(contribution->message, text);
    }
}
