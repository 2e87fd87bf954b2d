/* tally.c
 * Counting connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

void
ces_tally_add(ces_tally *tally, const ces_assessment *assessment)
{
    tally->connections++;
    tally->services[assessment->service]++;
    tally->directions[assessment->ruling.direction]++;
    tally->verdicts[assessment->ruling.verdict]++;
    tally->supports[assessment->support_ruling.support]++;
    tally->roles[assessment->roles]++;
    tally->outcomes[assessment->outcome]++;
    tally->findings[assessment->finding]++;
    tally->results[assessment->result]++;
    tally->causes[assessment->cause]++;
    tally->ends[assessment->ended]++;
    tally->sides[assessment->seen_from]++;
}

#define WORD(name, token) [name] = (token),
#define WORDS(name, LIST) static const char *const name[] = {LIST(WORD)};

WORDS(service_words, CES_SERVICES)
WORDS(direction_words, CES_DIRECTIONS)
WORDS(verdict_words, CES_VERDICTS)
WORDS(support_words, CES_SUPPORTS)
WORDS(roles_words, CES_ROLES)
WORDS(outcome_words, CES_OUTCOMES)
WORDS(finding_words, CES_FINDINGS)
WORDS(result_words, CES_RESULTS)
WORDS(cause_words, CES_CAUSES)
WORDS(ended_words, CES_ENDS)
WORDS(side_words, CES_SIDES)

#define BRANCH(title, words, counts)                                          \
    {                                                                         \
        title, words, G_N_ELEMENTS(words), G_STRUCT_OFFSET(ces_tally, counts) \
    }

/* What a reader asks first comes first. */
static const struct {
    const char *title;
    const char *const *words;
    guint word_count;
    gsize counts; /* offset in ces_tally */
} branches[] = {
    BRANCH("Service", service_words, services), BRANCH("Direction", direction_words, directions),
    BRANCH("Verdict", verdict_words, verdicts), BRANCH("Support", support_words, supports),
    BRANCH("Outcome", outcome_words, outcomes), BRANCH("Finding", finding_words, findings),
    BRANCH("Result", result_words, results),    BRANCH("Cause", cause_words, causes),
    BRANCH("Roles", roles_words, roles),        BRANCH("Ended", ended_words, ends),
    BRANCH("Seen from", side_words, sides),
};

G_STATIC_ASSERT(G_N_ELEMENTS(branches) == CES_TALLY_BRANCHES);

gboolean
ces_tally_describe(const ces_tally *tally, guint position, ces_tally_branch *branch)
{
    if (position >= G_N_ELEMENTS(branches))
        return FALSE;
    *branch = (ces_tally_branch){
        .title = branches[position].title,
        .words = branches[position].words,
        .word_count = branches[position].word_count,
        .counts = (const guint *)(const void *)((const char *)tally + branches[position].counts),
    };
    return TRUE;
}
