/* report.h
 * What is reported of an analysis: connections, pairs of appliances, counts.
 *
 * A report is drawn from what the analysis knows at that moment, so it shows
 * the final state. Nothing here keeps state while packets come, but for the set
 * of flows that a listener has seen.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_REPORT_H
#define CES_REPORT_H

#include <ces/assessment.h>

/* --- which connections -------------------------------------------------------- */

/* A set of flows of one analysis: those that passed a filter. Flows are only
 * compared, never touched, so the set may outlive them. */
typedef struct ces_selection ces_selection;

ces_selection *ces_selection_new(void);
void ces_selection_free(ces_selection *selection); /* takes NULL */

/* Empties it. */
void ces_selection_reset(ces_selection *selection);

/* TRUE if the flow is new to the set. */
gboolean ces_selection_add(ces_selection *selection, const ces_flow *flow);

/* NULL stands for the set of all flows. */
gboolean ces_selection_contains(const ces_selection *selection, const ces_flow *flow);

/* Visits what is now known of every flow in the set that carries a service, in
 * the order of their first packets, until the visitor returns FALSE. Returns
 * whether it never did. */
typedef gboolean (*ces_visitor)(const ces_assessment *assessment, gpointer data);
gboolean ces_report_visit(const ces_analysis *analysis, const ces_selection *selection, ces_visitor visitor,
                          gpointer data);

/* --- counts --------------------------------------------------------------------- */

/* Connections by the words of the vocabulary. Starts zeroed. */
typedef struct {
    guint connections;
    guint services[CES_SERVICE_COUNT];
    guint directions[CES_DIRECTION_COUNT];
    guint verdicts[CES_VERDICT_COUNT];
    guint supports[CES_SUPPORT_COUNT];
    guint roles[CES_ROLES_COUNT];
    guint outcomes[CES_OUTCOME_COUNT];
    guint findings[CES_FINDING_COUNT];
    guint results[CES_RESULT_COUNT];
    guint causes[CES_CAUSE_COUNT];
    guint ends[CES_ENDED_COUNT];
    guint sides[CES_SIDE_COUNT];
} ces_tally;

void ces_tally_add(ces_tally *tally, const ces_assessment *assessment);

/* Adds every flow in the set. */
void ces_tally_all(const ces_analysis *analysis, const ces_selection *selection, ces_tally *tally);

/* How many enumerations a tally counts. */
enum { CES_TALLY_BRANCHES = 11 };

/* One enumeration in a tally. */
typedef struct {
    const char *title;        /* "Service" */
    const char *const *words; /* tokens by value; NULL where a value has none */
    guint word_count;
    const guint *counts; /* by value, in the tally */
} ces_tally_branch;

/* Describes the enumeration of that index; FALSE beyond the last. */
gboolean ces_tally_describe(const ces_tally *tally, guint position, ces_tally_branch *branch);

/* --- reports as text -------------------------------------------------------------- */

#define CES_REPORT_FORMATS(X)  \
    X(CES_REPORT_TEXT, "text") \
    X(CES_REPORT_CSV, "csv")   \
    X(CES_REPORT_JSON, "json")

typedef enum { CES_REPORT_FORMATS(CES_ENUMERATOR) CES_REPORT_FORMAT_COUNT } ces_report_format;

const char *ces_report_format_token(ces_report_format format);

/* FALSE if the `length` bytes at `token` name no format. */
gboolean ces_report_format_parse(const char *token, gsize length, ces_report_format *format);

/* Parses what follows the name of a report in an argument: "[,FORMAT[,FILTER]]".
 * An empty format is text, an empty filter none (NULL). The filter, which
 * points into `rest`, keeps its commas. FALSE if the format is none. */
gboolean ces_report_argument_parse(const char *rest, ces_report_format *format, const char **filter);

/* Lines of text for people are no wider. */
#define CES_REPORT_TEXT_WIDTH 120

/* Takes a piece of the report: whole records, never a part of one. FALSE: it
 * could not be written, and the report ends. */
typedef gboolean (*ces_report_output)(const char *text, gsize length, gpointer data);

/* One record a connection, in the order of their first packets. FALSE if the
 * output said so. */
gboolean ces_report_flows(const ces_analysis *analysis, ces_report_format format, const ces_selection *selection,
                          ces_report_output output, gpointer data);

/* One record a pair, in the order of their first connections. `capture` is what
 * a history calls the capture; NULL for "". */
gboolean ces_report_pairs(const ces_analysis *analysis, ces_report_format format, const ces_selection *selection,
                          const char *capture, ces_report_output output, gpointer data);

/* If no verdict was possible on a connection of the set since no CES network is
 * known: appends in one line, without its end, that this is so and what to do,
 * and returns TRUE. JSON and CSV have no place for it, so their caller says it
 * elsewhere: no report may look like "all is well" then. */
gboolean ces_report_missing_sites(const ces_analysis *analysis, const ces_selection *selection, GString *text);

/* --- pairs: facts ------------------------------------------------------------------- */

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

/* The service whose connection carries the function. */
ces_service ces_function_carrier(ces_function function);

/* What a pair wants to know of one connection. All of it stands in a record
 * too, so that pairs can be made of records read back. */
typedef struct {
    ces_service service;
    ces_address addresses[2]; /* of the initiator and the responder; index as in ces_end */
    ces_party parties[2];     /* their names are copied */
    ces_verdict verdict;
    ces_roles roles;
    ces_outcome outcome;
    ces_finding finding;
    ces_result result;
    ces_cause cause;
    ces_time start, end;
    guint32 frame;       /* the first of the connection */
    const char *capture; /* where that is counted; copied, NULL for "" */
} ces_contact;

/* A contact of this capture, which may be NULL; everything in it is borrowed. */
ces_contact ces_contact_of(const ces_assessment *assessment, const char *capture);

/* What was seen of one service between the two: the connection that shows
 * most. A delivery into the PVO Quarantine counts before a release from it,
 * since without deliveries there is no quarantine. */
typedef struct {
    gboolean seen;
    gboolean release; /* a PVO connection that the SMA opened (Cisco 200068) */
    ces_verdict verdict;
    ces_outcome outcome;
    ces_finding finding; /* of a midstream outcome: open means no more than a stray packet */
    ces_result result;
    ces_cause cause;
} ces_carrier;

typedef struct {
    ces_address address; /* of several, the one met first */
    ces_party party;
} ces_member;

typedef struct ces_history ces_history;

typedef struct {
    ces_member sma, esa;
    ces_roles roles;                           /* known if any connection tells who is who */
    ces_carrier carriers[CES_SERVICE_COUNT];   /* the three centralized services */
    ces_history *histories[CES_SERVICE_COUNT]; /* theirs, NULL while nothing was seen */
} ces_pair;

typedef struct ces_pair_table ces_pair_table;

/* A table without pairs. `sites` tells which addresses are one appliance: those
 * with rows of their own (a /32 or /128) that have the same site and the same
 * name, so that an appliance with IPv4 and IPv6 is one. A name given to a
 * whole network names no appliance. `sites` must outlive the table; it may be
 * NULL. */
ces_pair_table *ces_pair_table_new(const ces_site_table *sites);
void ces_pair_table_free(ces_pair_table *table); /* takes NULL */

/* Whether the connection ties an SMA to an ESA: not mail, nor a role that cannot
 * be played, nor a connection that does not cross the edge of a data centre. */
gboolean ces_contact_ties(const ces_contact *contact);

/* Adds a connection; returns the index of its pair, or -1 if it ties no SMA
 * to an ESA. Takes time logarithmic in the pairs. */
int ces_pair_table_add(ces_pair_table *table, const ces_contact *contact);

/* Pairs in the order of their first connection; index below the count. Valid
 * until the next one is added. */
guint ces_pair_table_count(const ces_pair_table *table);
const ces_pair *ces_pair_table_get(const ces_pair_table *table, guint position);

/* What the rules say of the function between these two: whether it can work,
 * and whether the connection that carries it may be opened. */
ces_support_ruling ces_pair_support(const ces_pair *pair, ces_function function);
ces_ruling ces_pair_ruling(const ces_pair *pair, ces_function function);

/* What the capture shows of the connection that carries the function: the
 * token of an outcome, or "not_seen"; and of its result. */
const char *ces_pair_seen(const ces_pair *pair, ces_function function);
ces_result ces_pair_result(const ces_pair *pair, ces_function function);

/* --- pairs: history ------------------------------------------------------------------- */

/* A run of neighbouring connections, in the order of their starts, with the same
 * outcome and result. */
typedef struct {
    ces_time from, to; /* start of the first connection, latest end of any; or CES_TIME_UNKNOWN */
    guint connections;
    guint releases; /* how many of them are such, see ces_carrier */
    ces_outcome outcome;
    ces_result result;
    gboolean proven;     /* of a midstream outcome: more than stray packets */
    const char *capture; /* where it began; "" without a name, valid as long as the table */
    guint32 frame;
} ces_episode;

/* No more are kept of one service between two; the oldest are dropped. */
enum { CES_EPISODES_KEPT = 1000 };

/* The episodes of the function in order, `*count` of them; `*dropped` is how many
 * older ones there were. Valid until a connection is added. */
const ces_episode *ces_pair_history(const ces_pair *pair, ces_function function, guint *count, guint *dropped);

/* One connection of a history. */
typedef struct {
    ces_time start, end; /* or CES_TIME_UNKNOWN */
    ces_outcome outcome;
    ces_result result;
    gboolean proven;     /* its finding was not open, see ces_contact */
    gboolean release;    /* see ces_carrier */
    const char *capture; /* as in ces_episode */
    guint32 frame;
} ces_attempt;

/* Visits every connection of the function, dropped episodes included, in order. */
typedef void (*ces_attempt_visitor)(const ces_attempt *attempt, gpointer data);
void ces_pair_visit_attempts(const ces_pair *pair, ces_function function, ces_attempt_visitor visitor, gpointer data);

/* --- pairs: conclusion ------------------------------------------------------------------ */

/* Appends what follows from the facts, and from what is missing: a quarantine
 * whose connection is let out is no good without a sync. Nothing is said to be
 * able to work unless its result was working or encrypted. Then the last change,
 * "The sync worked until 02:13:07; since 02:14:11 it was unanswered (12
 * connections)", times in UTC, and where to look if captures have names. Never a
 * line break. */
void ces_say_conclusion(const ces_pair_table *table, const ces_pair *pair, GString *text);

/* For a terminal, behind other reports: each pair in a few lines of text with
 * the latest state of its services, since when, and where to look. What does not
 * work comes first, and of that what changed last. No more pairs than fit on a
 * screen; the others are counted. Nothing for an empty table. FALSE if the output
 * said so. */
gboolean ces_report_summary(const ces_pair_table *table, ces_report_output output, gpointer data);

/* --- records as cells ---------------------------------------------------------------------- */

/* Takes one member of a record: the CSV's name of its column, and its value as
 * text that is fit for display, "" if it is not known. */
typedef void (*ces_cell)(const char *column, const char *value, gboolean is_number, gpointer data);

/* The members of a record in the order of the CSV's columns, for windows. */
void ces_report_flow_cells(const ces_assessment *assessment, ces_cell cell, gpointer data);
void ces_report_pair_cells(const ces_pair_table *table, const ces_pair *pair, ces_cell cell, gpointer data);

#endif
