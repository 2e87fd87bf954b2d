/* sentences.c
 * An assessment in words.
 *
 * Who with whom stands last in a sentence: Wireshark cuts long texts, and the
 * ends are what a reader finds in the packet anyway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>

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

/* --- verdict -------------------------------------------------------------- */

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

/* "Sync, outbound, permitted"; where nothing is known, that must not read like good news. */
static void
say_ruling(const ces_assessment *assessment, GString *text)
{
    const char *title = ces_service_about(assessment->service)->title;

    if (assessment->ruling.verdict == CES_VERDICT_UNDETERMINED)
        g_string_append_printf(text, "%s, NO VERDICT: no CES network is known", title);
    else
        g_string_append_printf(text, "%s, %s, %s", title, direction_words(assessment->ruling.direction),
                               verdict_words(assessment->ruling.verdict));
}

/* The end whose part is only assumed from the service; the SMA if it is both. */
static void
say_assumption(const ces_assessment *assessment, GString *text)
{
    char address[CES_ADDRESS_TEXT];
    ces_end sma;

    if (assessment->roles != CES_ROLES_ASSUMED ||
        !ces_sma_end(assessment->service, assessment->initiator.appliance, assessment->responder.appliance, &sma))
        return;
    gboolean initiator_is_sma = sma == CES_END_INITIATOR;
    ces_appliance known = initiator_is_sma ? assessment->initiator.appliance : assessment->responder.appliance;
    gboolean about_sma = known == CES_APPLIANCE_UNKNOWN;
    const ces_socket *end =
        about_sma == initiator_is_sma ? ces_flow_initiator(assessment->flow) : ces_flow_responder(assessment->flow);

    g_string_append(text, "If ");
    g_string_append(text, ces_address_text(&end->address, address));
    g_string_append(text, about_sma ? " is an SMA: " : " is an ESA: ");
}

void
ces_say_support_reason(const ces_assessment *assessment, GString *text)
{
    if (assessment->support_ruling.support != CES_SUPPORT_NOT_APPLICABLE)
        say_assumption(assessment, text);
    g_string_append(text, assessment->support_ruling.reason);
}

void
ces_say_reason(const ces_assessment *assessment, GString *text)
{
    g_string_append(text, assessment->ruling.reason);
    if (!*assessment->support_ruling.reason)
        return;
    g_string_append_c(text, ' ');
    ces_say_support_reason(assessment, text);
}

void
ces_say_verdict(const ces_assessment *assessment, GString *text)
{
    say_ruling(assessment, text);
    g_string_append_printf(text, ": %s ", assessment->ruling.reason);
    say_ends(assessment, text);
}

void
ces_say_support(const ces_assessment *assessment, GString *text)
{
    g_string_append_printf(text, "%s: ", ces_service_about(assessment->service)->title);
    ces_say_support_reason(assessment, text);
    if (*assessment->support_ruling.advice)
        g_string_append_printf(text, " %s", assessment->support_ruling.advice);
}

/* --- what happened ---------------------------------------------------------- */

void
ces_say_attempts(const ces_flow *flow, GString *text)
{
    g_string_append_printf(text, "%u attempt%s", flow->syns, flow->syns == 1 ? "" : "s");
    gint64 span;

    if (ces_flow_attempts_span(flow, &span))
        g_string_append_printf(text, " over %.1f s", (double)span / CES_SECOND);
    else if (flow->evidence & CES_SEEN_CLOCK_SET_BACK)
        g_string_append(text, " (the recorder's clock was set back between them)");
}

/* One end's packets alone show less; of an attempt nobody expects more. */
static void
say_seen_from(const ces_assessment *assessment, GString *text)
{
    if (assessment->seen_from != CES_SIDE_BOTH)
        g_string_append_printf(text, " (seen from the %s's side only)", ces_seen_from_token(assessment->seen_from));
}

static void
say_bare_outcome(const ces_assessment *assessment, GString *text)
{
    switch (assessment->outcome) {
    case CES_OUTCOME_UNANSWERED:
        g_string_append(text, assessment->finding == CES_FINDING_OPEN &&
                                      assessment->ruling.verdict != CES_VERDICT_UNDETERMINED &&
                                      assessment->ruling.verdict != CES_VERDICT_OUT_OF_SCOPE
                                  ? "unanswered so far, after "
                                  : "unanswered after ");
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
        say_seen_from(assessment, text);
        break;
    default:
        if (ces_flow_proven(assessment->flow)) {
            g_string_append(text, "midstream: its opening is not in the capture");
            say_seen_from(assessment, text);
        } else {
            g_string_append(text, "midstream: a stray packet that proves nothing");
        }
    }
}

static gboolean
is_no_good(ces_result result)
{
    return result == CES_RESULT_REFUSED || result == CES_RESULT_BROKEN || result == CES_RESULT_SILENT;
}

/* `joint` stands before a result that is no good. */
static void
say_outcome(const ces_assessment *assessment, const char *joint, GString *text)
{
    say_bare_outcome(assessment, text);
    if (assessment->result == CES_RESULT_UNKNOWN)
        return;
    g_string_append_printf(text, ", %s%s", is_no_good(assessment->result) ? joint : "",
                           assessment->result == CES_RESULT_OTHER_USE ? "another use of the port"
                                                                      : ces_result_token(assessment->result));
    if (assessment->cause != CES_CAUSE_NONE)
        g_string_append_printf(text, " (%s)", ces_cause_words(assessment->cause));
}

void
ces_say_outcome(const ces_assessment *assessment, GString *text)
{
    say_outcome(assessment, "yet ", text);
}

/* An outcome that the verdict does not let expect. A single SYN may still be
 * answered: in the first pass every connection begins like that. */
static gboolean
surprises(const ces_assessment *assessment)
{
    return assessment->finding == CES_FINDING_CONTRADICTED || assessment->finding == CES_FINDING_FAILED;
}

void
ces_say_summary(const ces_assessment *assessment, GString *text)
{
    gboolean in_vain = assessment->ruling.verdict == CES_VERDICT_PERMITTED &&
                       assessment->support_ruling.support == CES_SUPPORT_UNSUPPORTED;

    say_ruling(assessment, text);
    g_string_append_printf(text, "%s%s", in_vain ? " but unsupported" : "", surprises(assessment) ? ", yet " : "; ");
    say_outcome(assessment, surprises(assessment) ? "and " : "yet ", text);
}

/* --- findings and results ------------------------------------------------------- */

void
ces_say_finding(const ces_assessment *assessment, GString *text)
{
    const char *title = ces_service_about(assessment->service)->title;

    if (assessment->finding == CES_FINDING_FAILED) {
        g_string_append_printf(text, "%s is permitted by CES, yet ", title);
        say_bare_outcome(assessment, text);
        g_string_append(text, ". ");
    } else if (assessment->finding == CES_FINDING_CONTRADICTED) {
        g_string_append_printf(text, "%s should be blocked, yet got through. ", title);
    } else {
        return;
    }
    ces_say_advice(assessment, text);
    g_string_append_c(text, ' ');
    say_ends(assessment, text);
}

void
ces_say_result(const ces_assessment *assessment, ces_cause shown, gint64 elapsed, GString *text)
{
    ces_say_cause(assessment->flow, shown, elapsed, text);
    g_string_append_printf(text, ". %s", ces_cause_advice(shown));
}

/* --- said once --------------------------------------------------------------------- */

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
