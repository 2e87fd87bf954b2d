/* assessment.h
 * All that can be said of one connection, and the sentences that say it.
 *
 * The end of the chain inside the core: a flow (what happened) and the two
 * parties (who they are) meet the rules (what should be). Displays, expert
 * items and reports read an assessment and decide nothing themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ASSESSMENT_H
#define CES_ASSESSMENT_H

#include <ces/analysis.h>
#include <ces/site.h>
#include <ces/verdict.h>

typedef struct {
    const ces_flow *flow;
    ces_service service;
    ces_party initiator, responder;
    ces_ruling ruling;                 /* direction, verdict and its reason */
    ces_support_ruling support_ruling; /* support and its reason */
    ces_roles roles;
    ces_outcome outcome;
    ces_finding finding;
    ces_result result;
    ces_cause cause;
    ces_ended ended;
    ces_seen_from seen_from;
} ces_assessment;

/* The tokens of an assessment `a` but for service, support and outcome, which are told
 * with more than a token: name, list, where it stands, title, what it means. */
/* clang-format off */
#define CES_JUDGEMENTS(X) \
    X(direction, CES_DIRECTIONS, a->ruling.direction, "Direction", \
      "Who opened the connection, seen from the CES data centre") \
    X(verdict, CES_VERDICTS, a->ruling.verdict, "Verdict", "Whether that direction is permitted") \
    X(roles, CES_ROLES, a->roles, "Roles", "Whether it is known which end is the SMA and which the ESA") \
    X(finding, CES_FINDINGS, a->finding, "Finding", "The verdict held against the outcome") \
    X(result, CES_RESULTS, a->result, "Result", "What the service itself did on the connection") \
    X(cause, CES_CAUSES, a->cause, "Cause", "Why the result is what it is") \
    X(ended, CES_ENDS, a->ended, "Ended", "Who closed the connection first, and how") \
    X(seen_from, CES_SIDES, a->seen_from, "Seen from", "Which ends' packets the capture holds") \
    X(opening, CES_OPENINGS, a->flow->opening, "Opening", "How the initiator is known")
/* clang-format on */

/* Assesses a flow that carries a service, by all that the analysis knows now.
 * The names in it live as long as the analysis. */
ces_assessment ces_assess(const ces_analysis *analysis, const ces_flow *flow);

/* The same of a flow alone. `parties` belong to flow->ends[0] and flow->ends[1];
 * their names must live as long as the assessment. `elapsed` is how much of the
 * capture has gone by, `patience` how long an attempt or a silence must last to
 * count, both in nanoseconds. */
ces_assessment ces_assess_flow(const ces_flow *flow, const ces_party parties[2], gint64 elapsed, gint64 patience);

/* The part of it that follows from the rules: fills ruling, support_ruling and
 * roles by the service, the parties and the result, which stand in it already. */
void ces_assess_rules(ces_assessment *assessment);

/* Each of the following appends to `text` and never a line break.
 *
 * "Spam Quarantine, inbound, blocked; unanswered after 4 attempts", with "yet"
 * where the outcome is not what the verdict lets expect; behind an outcome the
 * result: "Sync, outbound, permitted; established, yet broken (no SSH banner)" */
void ces_say_summary(const ces_assessment *assessment, GString *text);

/* What happened: "unanswered after 4 attempts over 7.0 s", "established (seen
 * from the initiator's side only), working" */
void ces_say_outcome(const ces_assessment *assessment, GString *text);

/* How often the initiator tried: "4 attempts over 7.0 s" */
void ces_say_attempts(const ces_flow *flow, GString *text);

/* Why: the sentence of the verdict, and that of the support if it has one. Of
 * roles that are only assumed it says so: "If 203.0.113.20 is an SMA: ..." */
void ces_say_reason(const ces_assessment *assessment, GString *text);

/* What to do next, a sentence or two; nothing where nothing needs doing. The
 * weightiest comes first and alone: no network known, a finding that calls for
 * action, a result that is no good, a service that is not supported. */
void ces_say_advice(const ces_assessment *assessment, GString *text);

/* The verdict for the expert information: what, why, between whom. */
void ces_say_verdict(const ces_assessment *assessment, GString *text);

/* For a finding that calls for action (failed, contradicted): what was seen
 * and what to check next. Appends nothing for other findings. */
void ces_say_finding(const ces_assessment *assessment, GString *text);

/* For a result that is no good: what was seen (`shown`: the cause that it is
 * about) and what to check next. */
void ces_say_result(const ces_assessment *assessment, ces_cause shown, gint64 elapsed, GString *text);

/* The second half of that: why it is supported or not; empty where there is nothing to say. */
void ces_say_support_reason(const ces_assessment *assessment, GString *text);

/* That the service is not supported between these two, and what to do instead. */
void ces_say_support(const ces_assessment *assessment, GString *text);

/* What to look at for a cause: a sentence; static, empty for none. */
const char *ces_cause_advice(ces_cause cause);

/* The cause in a few words: "no SSH banner"; static, empty for none. */
const char *ces_cause_words(ces_cause cause);

/* For a party in conflict (ces_party_in_conflict), at this end: what says
 * what, and which of them counts. */
void ces_say_conflict(const ces_socket *socket, const ces_party *party, GString *text);

/* What to do when no site is known: the setting, ready to be typed. */
void ces_say_missing_sites(const ces_assessment *assessment, GString *text);

/* How to set the cloud networks in Wireshark and on its command line: lines of
 * up to 70 characters for a window; static. */
const char *ces_networks_help(void);

/* "192.0.2.1:22", "[2001:db8::1]:22" */
void ces_say_socket(const ces_socket *socket, GString *text);

#endif
