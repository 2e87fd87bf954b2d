/* state.h
 * What became of a connection, in the few states that a page tells by colour,
 * shape and word.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_STATE_H
#define CES_PAGE_STATE_H

#include <ces/report.h>

/* Worst first. The token names the colour and the shape in page.html, the word is
 * for people. */
#define CES_PAGE_STATES(X)                                  \
    X(CES_PAGE_CONTRADICTED, "contradicted", "got through") \
    X(CES_PAGE_FAILED, "failed", "failed")                  \
    X(CES_PAGE_TROUBLED, "troubled", "not working")         \
    X(CES_PAGE_BLOCKED, "blocked", "blocked")               \
    X(CES_PAGE_UNJUDGED, "unjudged", "not judged")          \
    X(CES_PAGE_OPEN, "open", "undecided")                   \
    X(CES_PAGE_CONNECTED, "connected", "connected")         \
    X(CES_PAGE_WORKS, "works", "works")

#define CES_PAGE_ENUMERATOR(name, token, word) name,
typedef enum { CES_PAGE_STATES(CES_PAGE_ENUMERATOR) CES_PAGE_STATE_COUNT } ces_page_state;

/* Static strings: the token, the word, and a sentence on what the state means. */
const char *ces_page_state_token(ces_page_state state);
const char *ces_page_state_word(ces_page_state state);
const char *ces_page_state_meaning(ces_page_state state);

ces_page_state ces_page_state_of(ces_verdict verdict, ces_finding finding, ces_outcome outcome, ces_result result);

/* Whether somebody has to do something about it. */
gboolean ces_page_state_is_wrong(ces_page_state state);

/* What was seen, beside the word of the state: "unanswered", "silent"; static, empty
 * if that says it all. */
const char *ces_page_seen(ces_outcome outcome, ces_result result);

#endif
