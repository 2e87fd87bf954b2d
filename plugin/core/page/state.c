/* state.c
 * States for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/state.h"

#define TOKEN(name, token, word) [name] = (token),
#define WORD(name, token, word) [name] = (word),

const char *
ces_page_state_token(ces_page_state state)
{
    static const char *const tokens[CES_PAGE_STATE_COUNT] = {CES_PAGE_STATES(TOKEN)};
    return tokens[state];
}

const char *
ces_page_state_word(ces_page_state state)
{
    static const char *const words[CES_PAGE_STATE_COUNT] = {CES_PAGE_STATES(WORD)};
    return words[state];
}

const char *
ces_page_state_meaning(ces_page_state state)
{
    static const char *const meanings[CES_PAGE_STATE_COUNT] = {
        [CES_PAGE_CONTRADICTED] = "The rules of CES block it, yet it got through.",
        [CES_PAGE_FAILED] = "The rules permit it, yet it was not answered, or was refused or rejected.",
        [CES_PAGE_TROUBLED] = "It was answered, yet the service refused, broke off or said nothing.",
        [CES_PAGE_BLOCKED] = "The rules of CES block it, and nothing got through.",
        [CES_PAGE_UNJUDGED] = "No CES network is known that would tell on which side the ends stand.",
        [CES_PAGE_OPEN] = "What was captured is too little to tell.",
        [CES_PAGE_CONNECTED] = "It was answered; whether the service worked was not seen.",
        [CES_PAGE_WORKS] = "The service was seen working, or running inside TLS.",
    };
    return meanings[state];
}

static gboolean
is_no_good(ces_result result)
{
    return result == CES_RESULT_REFUSED || result == CES_RESULT_BROKEN || result == CES_RESULT_SILENT;
}

static gboolean
is_up(ces_outcome outcome, ces_finding finding)
{
    return outcome == CES_OUTCOME_ESTABLISHED || (outcome == CES_OUTCOME_MIDSTREAM && finding != CES_FINDING_OPEN);
}

ces_page_state
ces_page_state_of(ces_verdict verdict, ces_finding finding, ces_outcome outcome, ces_result result)
{
    if (verdict == CES_VERDICT_UNDETERMINED)
        return CES_PAGE_UNJUDGED;
    if (finding == CES_FINDING_CONTRADICTED)
        return CES_PAGE_CONTRADICTED;
    if (finding == CES_FINDING_FAILED)
        return CES_PAGE_FAILED;
    if (is_no_good(result))
        return CES_PAGE_TROUBLED;
    if (verdict == CES_VERDICT_BLOCKED)
        return finding == CES_FINDING_CONFIRMED ? CES_PAGE_BLOCKED : CES_PAGE_OPEN;
    if (result == CES_RESULT_WORKING || result == CES_RESULT_ENCRYPTED)
        return CES_PAGE_WORKS;
    return is_up(outcome, finding) ? CES_PAGE_CONNECTED : CES_PAGE_OPEN;
}

gboolean
ces_page_state_is_wrong(ces_page_state state)
{
    return state <= CES_PAGE_BLOCKED;
}

const char *
ces_page_seen(ces_outcome outcome, ces_result result)
{
    static const char *const results[CES_RESULT_COUNT] = {
        [CES_RESULT_WORKING] = "",      [CES_RESULT_ENCRYPTED] = "inside TLS", [CES_RESULT_REFUSED] = "mail refused",
        [CES_RESULT_BROKEN] = "broken", [CES_RESULT_SILENT] = "silent",        [CES_RESULT_OTHER_USE] = "other use",
    };
    static const char *const outcomes[CES_OUTCOME_COUNT] = {
        [CES_OUTCOME_MIDSTREAM] = "running before the capture",
        [CES_OUTCOME_UNANSWERED] = "unanswered",
        [CES_OUTCOME_REJECTED] = "rejected by an ICMP error",
        [CES_OUTCOME_REFUSED] = "refused by a RST",
        [CES_OUTCOME_HALF_OPEN] = "half-open",
        [CES_OUTCOME_ESTABLISHED] = "established",
    };

    return results[result] ? results[result] : outcomes[outcome];
}
