/* assessment.c
 * Assessing a flow and putting it into words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>

ces_assessment
ces_assess(const ces_flow *flow, const ces_party parties[2])
{
    const ces_party *initiator = &parties[flow->initiator];
    const ces_party *responder = &parties[!flow->initiator];
    ces_role opener = {initiator->site, initiator->appliance};
    ces_role answerer = {responder->site, responder->appliance};
    ces_service service = (ces_service)flow->service;
    ces_ruling ruling = ces_ruling_of(service, opener, answerer);
    ces_outcome outcome = ces_flow_outcome(flow);

    return (ces_assessment){
        .flow = flow,
        .service = service,
        .initiator = *initiator,
        .responder = *responder,
        .ruling = ruling,
        .support_ruling = ces_support_of(service, opener, answerer),
        .outcome = outcome,
        .finding = ces_finding_of(ruling.verdict, outcome, ces_flow_proven(flow)),
    };
}

void
ces_say_socket(const ces_socket *socket, GString *text)
{
    char address[CES_ADDRESS_TEXT];

    ces_address_text(&socket->address, address);
    g_string_append_printf(text, ces_address_is_ipv4(&socket->address) ? "%s:%u" : "[%s]:%u", address, socket->port);
}

static void
say_party(const ces_socket *socket, const ces_party *party, GString *text)
{
    if (party->site != CES_SITE_UNKNOWN)
        g_string_append_printf(text, "%s ", ces_site_token(party->site));
    ces_say_socket(socket, text);
    if (*party->name)
        g_string_append_printf(text, " (%s)", party->name);
}

static void
say_ends(const ces_assessment *assessment, GString *text)
{
    say_party(ces_flow_initiator(assessment->flow), &assessment->initiator, text);
    g_string_append(text, " -> ");
    say_party(ces_flow_responder(assessment->flow), &assessment->responder, text);
}

/* "inbound", "between unknown sites": the direction as a reader's words. */
static const char *
direction_words(ces_direction direction)
{
    static const char *const words[CES_DIRECTION_COUNT] = {
        [CES_DIRECTION_UNKNOWN] = "direction unknown",
        [CES_DIRECTION_INBOUND] = "inbound",
        [CES_DIRECTION_OUTBOUND] = "outbound",
        [CES_DIRECTION_WITHIN_CLOUD] = "within the cloud",
        [CES_DIRECTION_OUTSIDE_CLOUD] = "outside the cloud",
    };
    return words[direction];
}

static const char *
verdict_words(ces_verdict verdict)
{
    return verdict == CES_VERDICT_OUT_OF_SCOPE ? "out of scope" : ces_verdict_token(verdict);
}

void
ces_say_attempts(const ces_flow *flow, GString *text)
{
    g_string_append_printf(text, "%u attempt%s", flow->syns, flow->syns == 1 ? "" : "s");
    if (flow->syns > 1)
        g_string_append_printf(text, " over %.1f s", (double)(flow->last_attempt - flow->first_attempt) / 1e9);
}

void
ces_say_outcome(const ces_assessment *assessment, GString *text)
{
    switch (assessment->outcome) {
    case CES_OUTCOME_UNANSWERED:
        g_string_append(text, "unanswered after ");
        ces_say_attempts(assessment->flow, text);
        break;
    case CES_OUTCOME_REFUSED:
        g_string_append(text, "refused by a RST");
        break;
    case CES_OUTCOME_REJECTED:
        g_string_append(text, "rejected by an ICMP error");
        break;
    case CES_OUTCOME_HALF_OPEN:
        g_string_append(text, "half-open: answered, and not taken up");
        break;
    case CES_OUTCOME_ESTABLISHED:
        g_string_append(text, "established");
        break;
    default:
        g_string_append(text, ces_flow_proven(assessment->flow) ? "midstream: its opening is not in the capture"
                                                                : "midstream: a stray packet that proves nothing");
    }
}

/* An outcome that the verdict does not let expect. A single SYN may still be
 * answered: in the first pass every connection begins like that. */
static gboolean
surprises(const ces_assessment *assessment)
{
    if (assessment->outcome == CES_OUTCOME_UNANSWERED && assessment->flow->syns == 1)
        return FALSE;
    return assessment->finding == CES_FINDING_CONTRADICTED || assessment->finding == CES_FINDING_FAILED;
}

void
ces_say_summary(const ces_assessment *assessment, GString *text)
{
    gboolean in_vain = assessment->ruling.verdict == CES_VERDICT_PERMITTED &&
                       assessment->support_ruling.support == CES_SUPPORT_UNSUPPORTED;

    g_string_append_printf(text, "%s, %s, %s%s%s", ces_service_about(assessment->service)->title,
                           direction_words(assessment->ruling.direction), verdict_words(assessment->ruling.verdict),
                           in_vain ? " but unsupported" : "", surprises(assessment) ? ", yet " : "; ");
    ces_say_outcome(assessment, text);
}

void
ces_say_reason(const ces_assessment *assessment, GString *text)
{
    g_string_append(text, assessment->ruling.reason);
    if (*assessment->support_ruling.reason)
        g_string_append_printf(text, " %s", assessment->support_ruling.reason);
}

/* Who with whom stands last: Wireshark cuts long texts, and the ends are what
 * a reader finds in the packet anyway. */
void
ces_say_verdict(const ces_assessment *assessment, GString *text)
{
    g_string_append_printf(text, "%s, %s, %s: %s ", ces_service_about(assessment->service)->title,
                           direction_words(assessment->ruling.direction), verdict_words(assessment->ruling.verdict),
                           assessment->ruling.reason);
    say_ends(assessment, text);
}

/* What to look at when a permitted connection does not come up. */
static const char *
advice_for_failure(ces_outcome outcome)
{
    switch (outcome) {
    case CES_OUTCOME_REFUSED:
        return "A host or firewall answered: check the listener, its port and interface, and rules that reset.";
    case CES_OUTCOME_REJECTED:
        return "Check the router or firewall that sent the ICMP error, then address and route.";
    default:
        return "Check the other side: a firewall that drops, a wrong address, a host that is down.";
    }
}

void
ces_say_finding(const ces_assessment *assessment, GString *text)
{
    const char *title = ces_service_about(assessment->service)->title;

    if (assessment->finding == CES_FINDING_FAILED) {
        g_string_append_printf(text, "%s is permitted by CES, yet ", title);
        ces_say_outcome(assessment, text);
        g_string_append_printf(text, ". %s ", advice_for_failure(assessment->outcome));
    } else if (assessment->finding == CES_FINDING_CONTRADICTED) {
        g_string_append_printf(text,
                               "%s should be blocked, yet got through. Check for a wrong row in the site table, NAT or "
                               "a VPN in the path, or an exception in the firewall. ",
                               title);
    } else {
        return;
    }
    say_ends(assessment, text);
}

void
ces_say_conflict(const ces_socket *socket, const ces_party *party, GString *text)
{
    char address[CES_ADDRESS_TEXT];

    g_string_append_printf(text, "The site table says that %s is external, yet its name is %s (%s",
                           ces_address_text(&socket->address, address), party->learned.name,
                           ces_basis_token(party->learned.basis));
    if (party->learned.frame)
        g_string_append_printf(text, ", packet %u", party->learned.frame);
    g_string_append(text, "), a name of the CES cloud. The table counts: check its row, or who gave that name.");
}

void
ces_say_missing_sites(const ces_assessment *assessment, GString *text)
{
    g_string_append(text,
                    "No CES network is known, so no verdict (said once). Add yours in Preferences > Protocols > CES > "
                    "Site table, or -o 'uat:ces_sites:\"203.0.113.0/24\",\"cloud\",\"any\",\"my CES\"'. First: ");
    say_ends(assessment, text);
}
