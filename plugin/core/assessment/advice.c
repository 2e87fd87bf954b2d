/* advice.c
 * What to do next: one table for what happened to the connection, one for
 * what the service did on it.
 *
 * Advice says what to look at, never what is wrong: most causes are inferred
 * from the look of the packets (the appliances' documents describe symptoms,
 * not captures).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>

/* --- causes --------------------------------------------------------------- */

static const struct {
    const char *words, *advice;
} causes[CES_CAUSE_COUNT] = {
    [CES_CAUSE_NONE] = {"", ""},
    [CES_CAUSE_NO_BANNER] = {"no SSH banner",
                             "Check the ESA's access list for SSH, and whether something in the path answers in its "
                             "stead: capture on the ESA's side."},
    [CES_CAUSE_NOT_SSH] = {"not SSH", "Read what it says: a limit of the ESA's own SSH, or something else that listens "
                                      "there (check address, port and forwarding)."},
    [CES_CAUSE_NO_COMMON_ALGORITHM] = {"no algorithm in common",
                                       "Compare ciphers, MACs, key exchanges and host keys of both ends, above all "
                                       "after an upgrade of one (Cisco 214278, 221658)."},
    [CES_CAUSE_CLOSED_AFTER_BANNER] = {"closed after the SSH banner",
                                       "Check access lists and limits of the end that closes, and firewalls that "
                                       "inspect SSH."},
    [CES_CAUSE_NO_GREETING] = {"no greeting",
                               "Check whether something in the path answers in the listener's stead, or the listener "
                               "is stuck: capture on the responder's side."},
    [CES_CAUSE_REPLY_REFUSED] = {"refused by a reply",
                                 "Read the reply, and the responder's mail log at this time: quarantine, sender, "
                                 "recipient or size may not be accepted."},
    [CES_CAUSE_REPLY_DEFERRED] = {"put off by a reply",
                                  "The sender tries again. If it lasts, read the reply and the responder's mail log: "
                                  "a full disk, a limit, greylisting."},
    [CES_CAUSE_UNKNOWN_COMMAND] = {"a command is not known",
                                   "Check address and port of the quarantine: this looks like an ordinary SMTP "
                                   "listener."},
    [CES_CAUSE_REWRITTEN] = {"rewritten on the way",
                             "Turn off SMTP inspection (fixup) for these ports on the firewalls in the path."},
    [CES_CAUSE_STARTTLS_REFUSED] = {"STARTTLS refused",
                                    "Check the responder's certificate and TLS settings, and firewalls that inspect "
                                    "SMTP."},
    [CES_CAUSE_TLS_ALERT] = {"a TLS alert", "Check protocol versions, ciphers and certificates of both ends."},
    [CES_CAUSE_X11] = {"X11", "An X server uses this port. If the quarantine listens on another one, set its port in "
                              "Preferences > Protocols > CES."},
    [CES_CAUSE_LMTP] = {"LMTP", "This is local mail delivery, as of Zimbra. If the quarantine listens on another port, "
                                "set it in Preferences > Protocols > CES."},
};

const char *
ces_cause_words(ces_cause cause)
{
    return causes[cause].words;
}

const char *
ces_cause_advice(ces_cause cause)
{
    return causes[cause].advice;
}

/* --- findings --------------------------------------------------------------- */

#define CHECK_THE_PATH "a wrong row in the site table, NAT or a VPN in the path, or an exception in the firewall"

/* What to look at when a permitted connection does not come up. */
static const char *
advice_on_failure(ces_outcome outcome)
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

/* An edge may complete handshakes for ports that are closed behind it. */
static const char *
advice_on_contradiction(const ces_assessment *assessment)
{
    const ces_flow *flow = assessment->flow;
    gboolean could_speak = assessment->seen_from != CES_SIDE_INITIATOR &&
                           (assessment->result == CES_RESULT_SILENT || assessment->ended != CES_ENDED_OPEN);

    if (could_speak && flow->bytes[!flow->initiator] == 0)
        return "The responder never said a byte: something in the path may answer in its stead. Else check the site "
               "table, NAT, VPN and firewall exceptions.";
    return "Check for " CHECK_THE_PATH ".";
}

void
ces_say_advice(const ces_assessment *assessment, GString *text)
{
    if (assessment->ruling.verdict == CES_VERDICT_UNDETERMINED)
        g_string_append(text, "Add the CES networks: Preferences > Protocols > CES > Site table, or -o "
                              "'uat:ces_sites:\"203.0.113.0/24\",\"cloud\",\"any\",\"my CES\"'.");
    else if (assessment->finding == CES_FINDING_FAILED)
        g_string_append(text, advice_on_failure(assessment->outcome));
    else if (assessment->finding == CES_FINDING_CONTRADICTED)
        g_string_append(text, advice_on_contradiction(assessment));
    else if (assessment->cause != CES_CAUSE_NONE)
        g_string_append(text, ces_cause_advice(assessment->cause));
    else
        g_string_append(text, assessment->support_ruling.advice);
}
