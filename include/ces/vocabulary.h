/* vocabulary.h
 * The words in which the product speaks: every enumeration with its tokens.
 *
 * One list per enumeration. The enum, the token function below and the value
 * strings of the display fields all expand the same list, so a token cannot
 * differ between a filter, a report and the code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_VOCABULARY_H
#define CES_VOCABULARY_H

#include <glib.h>

/* Which CES service a connection carries, by the responder's port. */
#define CES_SERVICES(X)                               \
    X(CES_SERVICE_SYNC, "sync")                       \
    X(CES_SERVICE_SPAM_QUARANTINE, "spam_quarantine") \
    X(CES_SERVICE_PVO_QUARANTINE, "pvo_quarantine")   \
    X(CES_SERVICE_SMTP, "smtp")                       \
    X(CES_SERVICE_SUBMISSION, "submission")

/* Where an appliance stands. */
#define CES_SITES(X)               \
    X(CES_SITE_UNKNOWN, "unknown") \
    X(CES_SITE_CLOUD, "cloud")     \
    X(CES_SITE_EXTERNAL, "external")

/* What kind of host it is. */
#define CES_APPLIANCES(X)               \
    X(CES_APPLIANCE_UNKNOWN, "unknown") \
    X(CES_APPLIANCE_ESA, "esa")         \
    X(CES_APPLIANCE_SMA, "sma")         \
    X(CES_APPLIANCE_SSH_PROXY, "ssh_proxy")

/* How a site is known. */
#define CES_BASES(X)                      \
    X(CES_BASIS_NONE, "none")             \
    X(CES_BASIS_CONFIGURED, "configured") \
    X(CES_BASIS_DNS, "dns")               \
    X(CES_BASIS_TLS, "tls")               \
    X(CES_BASIS_SMTP, "smtp")             \
    X(CES_BASIS_HOSTS, "hosts")           \
    X(CES_BASIS_UNLISTED, "unlisted")

/* How the initiator is known. */
#define CES_OPENINGS(X)           \
    X(CES_OPENING_PORTS, "ports") \
    X(CES_OPENING_SYN, "syn")     \
    X(CES_OPENING_SYN_ACK, "syn_ack")

/* Who opened the connection, seen from the CES data centre. */
#define CES_DIRECTIONS(X)                         \
    X(CES_DIRECTION_UNKNOWN, "unknown")           \
    X(CES_DIRECTION_INBOUND, "inbound")           \
    X(CES_DIRECTION_OUTBOUND, "outbound")         \
    X(CES_DIRECTION_WITHIN_CLOUD, "within_cloud") \
    X(CES_DIRECTION_OUTSIDE_CLOUD, "outside_cloud")

/* Whether that direction is permitted. */
#define CES_VERDICTS(X)                         \
    X(CES_VERDICT_UNDETERMINED, "undetermined") \
    X(CES_VERDICT_PERMITTED, "permitted")       \
    X(CES_VERDICT_BLOCKED, "blocked")           \
    X(CES_VERDICT_OUT_OF_SCOPE, "out_of_scope")

/* Whether the centralized service can work between these two at all. */
#define CES_SUPPORTS(X)                             \
    X(CES_SUPPORT_NOT_APPLICABLE, "not_applicable") \
    X(CES_SUPPORT_SUPPORTED, "supported")           \
    X(CES_SUPPORT_UNSUPPORTED, "unsupported")

/* What the capture shows. The order is that of growing evidence: an outcome
 * never goes back to an earlier one while packets are added. */
#define CES_OUTCOMES(X)                     \
    X(CES_OUTCOME_MIDSTREAM, "midstream")   \
    X(CES_OUTCOME_UNANSWERED, "unanswered") \
    X(CES_OUTCOME_REJECTED, "rejected")     \
    X(CES_OUTCOME_REFUSED, "refused")       \
    X(CES_OUTCOME_HALF_OPEN, "half_open")   \
    X(CES_OUTCOME_ESTABLISHED, "established")

/* The verdict held against the outcome. */
#define CES_FINDINGS(X)                         \
    X(CES_FINDING_OPEN, "open")                 \
    X(CES_FINDING_CONFIRMED, "confirmed")       \
    X(CES_FINDING_CONTRADICTED, "contradicted") \
    X(CES_FINDING_FAILED, "failed")

/* What the service itself did on the connection, as far as the capture shows. */
#define CES_RESULTS(X)                   \
    X(CES_RESULT_UNKNOWN, "unknown")     \
    X(CES_RESULT_WORKING, "working")     \
    X(CES_RESULT_ENCRYPTED, "encrypted") \
    X(CES_RESULT_REFUSED, "refused")     \
    X(CES_RESULT_BROKEN, "broken")       \
    X(CES_RESULT_SILENT, "silent")       \
    X(CES_RESULT_OTHER_USE, "other_use")

/* Why the result is what it is. */
#define CES_CAUSES(X)                                       \
    X(CES_CAUSE_NONE, "none")                               \
    X(CES_CAUSE_NO_BANNER, "no_banner")                     \
    X(CES_CAUSE_NOT_SSH, "not_ssh")                         \
    X(CES_CAUSE_NO_COMMON_ALGORITHM, "no_common_algorithm") \
    X(CES_CAUSE_CLOSED_AFTER_BANNER, "closed_after_banner") \
    X(CES_CAUSE_NO_GREETING, "no_greeting")                 \
    X(CES_CAUSE_REPLY_REFUSED, "reply_refused")             \
    X(CES_CAUSE_REPLY_DEFERRED, "reply_deferred")           \
    X(CES_CAUSE_UNKNOWN_COMMAND, "unknown_command")         \
    X(CES_CAUSE_REWRITTEN, "rewritten")                     \
    X(CES_CAUSE_STARTTLS_REFUSED, "starttls_refused")       \
    X(CES_CAUSE_TLS_ALERT, "tls_alert")                     \
    X(CES_CAUSE_X11, "x11")                                 \
    X(CES_CAUSE_LMTP, "lmtp")

/* Who closed first, and how. */
#define CES_ENDS(X)                             \
    X(CES_ENDED_OPEN, "open")                   \
    X(CES_ENDED_INITIATOR_FIN, "initiator_fin") \
    X(CES_ENDED_RESPONDER_FIN, "responder_fin") \
    X(CES_ENDED_INITIATOR_RST, "initiator_rst") \
    X(CES_ENDED_RESPONDER_RST, "responder_rst")

/* Which ends' packets the capture holds. */
#define CES_SIDES(X)                   \
    X(CES_SIDE_BOTH, "both")           \
    X(CES_SIDE_INITIATOR, "initiator") \
    X(CES_SIDE_RESPONDER, "responder")

/* Whether who is the SMA and who the ESA is known, inferred from the service
 * alone, or nothing of the kind. */
#define CES_ROLES(X)            \
    X(CES_ROLES_NONE, "none")   \
    X(CES_ROLES_KNOWN, "known") \
    X(CES_ROLES_ASSUMED, "assumed")

#define CES_ENUMERATOR(name, token) name,

/* CES_SERVICE_NONE marks a port that carries no CES service; it has no token
 * because such a connection is never shown. */
typedef enum { CES_SERVICE_NONE, CES_SERVICES(CES_ENUMERATOR) CES_SERVICE_COUNT } ces_service;
typedef enum { CES_SITES(CES_ENUMERATOR) CES_SITE_COUNT } ces_site;
typedef enum { CES_APPLIANCES(CES_ENUMERATOR) CES_APPLIANCE_COUNT } ces_appliance;
typedef enum { CES_BASES(CES_ENUMERATOR) CES_BASIS_COUNT } ces_basis;
typedef enum { CES_OPENINGS(CES_ENUMERATOR) CES_OPENING_COUNT } ces_opening;
typedef enum { CES_DIRECTIONS(CES_ENUMERATOR) CES_DIRECTION_COUNT } ces_direction;
typedef enum { CES_VERDICTS(CES_ENUMERATOR) CES_VERDICT_COUNT } ces_verdict;
typedef enum { CES_SUPPORTS(CES_ENUMERATOR) CES_SUPPORT_COUNT } ces_support;
typedef enum { CES_OUTCOMES(CES_ENUMERATOR) CES_OUTCOME_COUNT } ces_outcome;
typedef enum { CES_FINDINGS(CES_ENUMERATOR) CES_FINDING_COUNT } ces_finding;
typedef enum { CES_RESULTS(CES_ENUMERATOR) CES_RESULT_COUNT } ces_result;
typedef enum { CES_CAUSES(CES_ENUMERATOR) CES_CAUSE_COUNT } ces_cause;
typedef enum { CES_ENDS(CES_ENUMERATOR) CES_ENDED_COUNT } ces_ended;
typedef enum { CES_SIDES(CES_ENUMERATOR) CES_SIDE_COUNT } ces_seen_from;
typedef enum { CES_ROLES(CES_ENUMERATOR) CES_ROLES_COUNT } ces_roles;

/* The token of a value: a static string, never NULL. A value outside its
 * enumeration gives "?" so that a report can never print stray memory. */
const char *ces_service_token(ces_service service);
const char *ces_site_token(ces_site site);
const char *ces_appliance_token(ces_appliance appliance);
const char *ces_basis_token(ces_basis basis);
const char *ces_opening_token(ces_opening opening);
const char *ces_direction_token(ces_direction direction);
const char *ces_verdict_token(ces_verdict verdict);
const char *ces_support_token(ces_support support);
const char *ces_outcome_token(ces_outcome outcome);
const char *ces_finding_token(ces_finding finding);
const char *ces_result_token(ces_result result);
const char *ces_cause_token(ces_cause cause);
const char *ces_ended_token(ces_ended ended);
const char *ces_seen_from_token(ces_seen_from seen_from);
const char *ces_roles_token(ces_roles roles);

/* Defines such a function, for these and for lists elsewhere. */
#define CES_TOKEN_OR(name, token) value == (name) ? (token):
#define CES_TOKEN_FUNCTION(type, LIST)   \
    const char *type##_token(type value) \
    {                                    \
        return LIST(CES_TOKEN_OR) "?";   \
    }

/* Errors of the core. Every message quotes the value it refuses. */
#define CES_ERROR (ces_error_quark())
typedef enum { CES_ERROR_NETWORK, CES_ERROR_DUPLICATE, CES_ERROR_PORT, CES_ERROR_ZONE, CES_ERROR_ROW } ces_error;
GQuark ces_error_quark(void);

#endif
