/* report.h
 * What the reports count, and what they conclude of a pair of appliances.
 *
 * Both are fed with assessments, one a connection, at the moment a report is
 * drawn: they hold no state of their own while packets come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_REPORT_H
#define CES_REPORT_H

#include <ces/assessment.h>

/* --- counting ------------------------------------------------------------- */

/* Connections by every word of the vocabulary. Starts zeroed. */
typedef struct {
    guint connections;
    guint services[CES_SERVICE_COUNT];
    guint directions[CES_DIRECTION_COUNT];
    guint verdicts[CES_VERDICT_COUNT];
    guint outcomes[CES_OUTCOME_COUNT];
    guint findings[CES_FINDING_COUNT];
} ces_tally;

void ces_tally_add(ces_tally *tally, const ces_assessment *assessment);

/* --- pairs ---------------------------------------------------------------- */

/* What an SMA does for an ESA, with the keys of the reports. Reporting and
 * Message Tracking share one connection, the sync (Cisco 215674). */
#define CES_FUNCTIONS(X)                                 \
    X(CES_FUNCTION_REPORTING, "reporting")               \
    X(CES_FUNCTION_MESSAGE_TRACKING, "message_tracking") \
    X(CES_FUNCTION_SPAM_QUARANTINE, "spam_quarantine")   \
    X(CES_FUNCTION_PVO_QUARANTINE, "pvo_quarantine")

typedef enum { CES_FUNCTIONS(CES_ENUMERATOR) CES_FUNCTION_COUNT } ces_function;

/* Static strings: the key in reports, and the name for people. */
const char *ces_function_token(ces_function function);
const char *ces_function_title(ces_function function);

/* What was seen of one service between the two: the connection that shows
 * most. A delivery into the PVO Quarantine counts before a release from it,
 * since without deliveries there is no quarantine. */
typedef struct {
    gboolean seen;
    ces_outcome outcome;
    gboolean proven;  /* of a midstream outcome: more than a stray packet */
    gboolean release; /* a PVO connection that the SMA opened (Cisco 200068) */
    ces_verdict verdict;
} ces_carrier;

typedef struct {
    ces_address address; /* of several, the one met first */
    ces_party party;     /* its name is borrowed from the assessment */
} ces_member;

typedef struct {
    ces_member sma, esa;
    ces_carrier carriers[CES_SERVICE_COUNT]; /* the three centralized services */
} ces_pair;

typedef struct ces_pair_table ces_pair_table;

/* A table without pairs. `sites` tells which addresses are one appliance: those
 * with rows of their own (a /32 or /128) that have the same site and the same
 * name, so that an appliance with IPv4 and IPv6 is one. A name given to a
 * whole network names no appliance. `sites` and the names in the assessments
 * must outlive the table; `sites` may be NULL. */
ces_pair_table *ces_pair_table_new(const ces_site_table *sites);
void ces_pair_table_free(ces_pair_table *table);

/* Adds a connection; returns the index of its pair, or -1 if it ties no SMA
 * to an ESA: mail, a role that cannot be played, or a connection that does
 * not cross the edge of a data centre. Takes time logarithmic in the pairs. */
int ces_pair_table_add(ces_pair_table *table, const ces_assessment *assessment);

/* Pairs in the order of their first connection; index below the count. Valid
 * until the next one is added. */
guint ces_pair_table_count(const ces_pair_table *table);
const ces_pair *ces_pair_table_get(const ces_pair_table *table, guint index);

/* What the rules say of the function between these two: whether it can work,
 * and whether the connection that carries it may be opened. */
ces_support_ruling ces_pair_support(const ces_pair *pair, ces_function function);
ces_ruling ces_pair_ruling(const ces_pair *pair, ces_function function);

/* What the capture shows of the connection that carries the function: the
 * token of an outcome, or "not_seen". */
const char *ces_pair_seen(const ces_pair *pair, ces_function function);

/* Appends what follows from both, and from what is missing: a quarantine
 * whose connection is let out is no good without a sync. Nothing is said to
 * work unless its connection was seen established. Never a line break. */
void ces_say_conclusion(const ces_pair_table *table, const ces_pair *pair, GString *text);

#endif
