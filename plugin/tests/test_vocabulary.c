/* test_vocabulary.c
 * The tokens are a contract with filters and scripts: every one of them stands
 * here a second time, typed by hand, so that a change of the list is noticed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_session.h"
#include <ces/report.h>

#include "rows.h"

#define MOST_TOKENS 14

/* The token functions take different enumerations; a test of all of them needs
 * one type. */
#define NUMBERED(word)                                \
    static const char *word##_by_number(int value)    \
    {                                                 \
        return ces_##word##_token((ces_##word)value); \
    }
NUMBERED(service)
NUMBERED(site)
NUMBERED(appliance)
NUMBERED(basis)
NUMBERED(opening)
NUMBERED(direction)
NUMBERED(verdict)
NUMBERED(support)
NUMBERED(outcome)
NUMBERED(finding)
NUMBERED(function)
NUMBERED(protocol)
NUMBERED(delivery_outcome)
NUMBERED(result)
NUMBERED(cause)
NUMBERED(ended)
NUMBERED(seen_from)
NUMBERED(roles)
NUMBERED(report_format)

typedef struct {
    int value;
    const char *token;
} token_row;

typedef struct {
    const char *name;
    const char *(*token)(int value);
    int first, count; /* the values that have a token: first <= value < count */
    token_row tokens[MOST_TOKENS];
} enumeration;

/* clang-format off */
static const enumeration enumerations[] = {
    {"service", service_by_number, 1, CES_SERVICE_COUNT,
     {{CES_SERVICE_SYNC, "sync"},
      {CES_SERVICE_SPAM_QUARANTINE, "spam_quarantine"},
      {CES_SERVICE_PVO_QUARANTINE, "pvo_quarantine"},
      {CES_SERVICE_SMTP, "smtp"},
      {CES_SERVICE_SUBMISSION, "submission"}}},
    {"site", site_by_number, 0, CES_SITE_COUNT,
     {{CES_SITE_CLOUD, "cloud"}, {CES_SITE_EXTERNAL, "external"}, {CES_SITE_UNKNOWN, "unknown"}}},
    {"appliance", appliance_by_number, 0, CES_APPLIANCE_COUNT,
     {{CES_APPLIANCE_ESA, "esa"},
      {CES_APPLIANCE_SMA, "sma"},
      {CES_APPLIANCE_SSH_PROXY, "ssh_proxy"},
      {CES_APPLIANCE_UNKNOWN, "unknown"}}},
    {"basis", basis_by_number, 0, CES_BASIS_COUNT,
     {{CES_BASIS_CONFIGURED, "configured"},
      {CES_BASIS_DNS, "dns"},
      {CES_BASIS_TLS, "tls"},
      {CES_BASIS_SMTP, "smtp"},
      {CES_BASIS_HOSTS, "hosts"},
      {CES_BASIS_UNLISTED, "unlisted"},
      {CES_BASIS_NONE, "none"}}},
    {"opening", opening_by_number, 0, CES_OPENING_COUNT,
     {{CES_OPENING_SYN, "syn"}, {CES_OPENING_SYN_ACK, "syn_ack"}, {CES_OPENING_PORTS, "ports"}}},
    {"direction", direction_by_number, 0, CES_DIRECTION_COUNT,
     {{CES_DIRECTION_INBOUND, "inbound"},
      {CES_DIRECTION_OUTBOUND, "outbound"},
      {CES_DIRECTION_WITHIN_CLOUD, "within_cloud"},
      {CES_DIRECTION_OUTSIDE_CLOUD, "outside_cloud"},
      {CES_DIRECTION_UNKNOWN, "unknown"}}},
    {"verdict", verdict_by_number, 0, CES_VERDICT_COUNT,
     {{CES_VERDICT_PERMITTED, "permitted"},
      {CES_VERDICT_BLOCKED, "blocked"},
      {CES_VERDICT_OUT_OF_SCOPE, "out_of_scope"},
      {CES_VERDICT_UNDETERMINED, "undetermined"}}},
    {"support", support_by_number, 0, CES_SUPPORT_COUNT,
     {{CES_SUPPORT_SUPPORTED, "supported"},
      {CES_SUPPORT_UNSUPPORTED, "unsupported"},
      {CES_SUPPORT_NOT_APPLICABLE, "not_applicable"}}},
    {"outcome", outcome_by_number, 0, CES_OUTCOME_COUNT,
     {{CES_OUTCOME_UNANSWERED, "unanswered"},
      {CES_OUTCOME_REFUSED, "refused"},
      {CES_OUTCOME_REJECTED, "rejected"},
      {CES_OUTCOME_HALF_OPEN, "half_open"},
      {CES_OUTCOME_ESTABLISHED, "established"},
      {CES_OUTCOME_MIDSTREAM, "midstream"}}},
    {"finding", finding_by_number, 0, CES_FINDING_COUNT,
     {{CES_FINDING_CONFIRMED, "confirmed"},
      {CES_FINDING_CONTRADICTED, "contradicted"},
      {CES_FINDING_FAILED, "failed"},
      {CES_FINDING_OPEN, "open"}}},
    {"function", function_by_number, 0, CES_FUNCTION_COUNT,
     {{CES_FUNCTION_REPORTING, "reporting"},
      {CES_FUNCTION_MESSAGE_TRACKING, "message_tracking"},
      {CES_FUNCTION_SPAM_QUARANTINE, "spam_quarantine"},
      {CES_FUNCTION_PVO_QUARANTINE, "pvo_quarantine"}}},
    {"protocol", protocol_by_number, 0, CES_PROTOCOL_COUNT,
     {{CES_PROTOCOL_UNKNOWN, "unknown"},
      {CES_PROTOCOL_SMTP, "smtp"},
      {CES_PROTOCOL_LMTP, "lmtp"},
      {CES_PROTOCOL_TLS, "tls"},
      {CES_PROTOCOL_X11, "x11"},
      {CES_PROTOCOL_DATA, "data"}}},
    {"delivery outcome", delivery_outcome_by_number, 0, CES_DELIVERY_COUNT,
     {{CES_DELIVERY_UNKNOWN, "unknown"},
      {CES_DELIVERY_ACCEPTED, "accepted"},
      {CES_DELIVERY_DEFERRED, "deferred"},
      {CES_DELIVERY_REFUSED, "refused"},
      {CES_DELIVERY_ABANDONED, "abandoned"}}},
    {"result", result_by_number, 0, CES_RESULT_COUNT,
     {{CES_RESULT_WORKING, "working"},
      {CES_RESULT_ENCRYPTED, "encrypted"},
      {CES_RESULT_REFUSED, "refused"},
      {CES_RESULT_BROKEN, "broken"},
      {CES_RESULT_SILENT, "silent"},
      {CES_RESULT_OTHER_USE, "other_use"},
      {CES_RESULT_UNKNOWN, "unknown"}}},
    {"cause", cause_by_number, 0, CES_CAUSE_COUNT,
     {{CES_CAUSE_NONE, "none"},
      {CES_CAUSE_NO_BANNER, "no_banner"},
      {CES_CAUSE_NOT_SSH, "not_ssh"},
      {CES_CAUSE_NO_COMMON_ALGORITHM, "no_common_algorithm"},
      {CES_CAUSE_CLOSED_AFTER_BANNER, "closed_after_banner"},
      {CES_CAUSE_NO_GREETING, "no_greeting"},
      {CES_CAUSE_REPLY_REFUSED, "reply_refused"},
      {CES_CAUSE_REPLY_DEFERRED, "reply_deferred"},
      {CES_CAUSE_UNKNOWN_COMMAND, "unknown_command"},
      {CES_CAUSE_REWRITTEN, "rewritten"},
      {CES_CAUSE_STARTTLS_REFUSED, "starttls_refused"},
      {CES_CAUSE_TLS_ALERT, "tls_alert"},
      {CES_CAUSE_X11, "x11"},
      {CES_CAUSE_LMTP, "lmtp"}}},
    {"ended", ended_by_number, 0, CES_ENDED_COUNT,
     {{CES_ENDED_OPEN, "open"},
      {CES_ENDED_INITIATOR_FIN, "initiator_fin"},
      {CES_ENDED_RESPONDER_FIN, "responder_fin"},
      {CES_ENDED_INITIATOR_RST, "initiator_rst"},
      {CES_ENDED_RESPONDER_RST, "responder_rst"}}},
    {"seen from", seen_from_by_number, 0, CES_SIDE_COUNT,
     {{CES_SIDE_BOTH, "both"}, {CES_SIDE_INITIATOR, "initiator"}, {CES_SIDE_RESPONDER, "responder"}}},
    {"roles", roles_by_number, 0, CES_ROLES_COUNT,
     {{CES_ROLES_KNOWN, "known"}, {CES_ROLES_ASSUMED, "assumed"}, {CES_ROLES_NONE, "none"}}},
    {"report format", report_format_by_number, 0, CES_REPORT_FORMAT_COUNT,
     {{CES_REPORT_TEXT, "text"}, {CES_REPORT_CSV, "csv"}, {CES_REPORT_JSON, "json"}}},
};
/* clang-format on */

static void
test_tokens(gconstpointer data)
{
    const enumeration *words = data;
    int typed = 0;

    for (gsize i = 0; i < MOST_TOKENS && words->tokens[i].token != NULL; i++) {
        g_assert_cmpstr(words->token(words->tokens[i].value), ==, words->tokens[i].token);
        typed++;
    }
    g_assert_cmpint(typed, ==, words->count - words->first);
}

static void
test_outside(gconstpointer data)
{
    const enumeration *words = data;
    const int outside[] = {words->first - 1, words->count, words->count + 1, 99, 255, 256, 65536, G_MAXINT, G_MININT};

    for (gsize i = 0; i < G_N_ELEMENTS(outside); i++)
        g_assert_cmpstr(words->token(outside[i]), ==, "?");
}

/* Outcomes are ordered by growing evidence; the flow machine relies on it. */
static void
test_outcome_order(void)
{
    g_assert_cmpint(CES_OUTCOME_MIDSTREAM, <, CES_OUTCOME_UNANSWERED);
    g_assert_cmpint(CES_OUTCOME_UNANSWERED, <, CES_OUTCOME_REJECTED);
    g_assert_cmpint(CES_OUTCOME_REJECTED, <, CES_OUTCOME_REFUSED);
    g_assert_cmpint(CES_OUTCOME_REFUSED, <, CES_OUTCOME_HALF_OPEN);
    g_assert_cmpint(CES_OUTCOME_HALF_OPEN, <, CES_OUTCOME_ESTABLISHED);
}

static void
test_error_domain(void)
{
    g_assert_cmpuint(CES_ERROR, !=, 0);
    g_assert_cmpuint(CES_ERROR, ==, ces_error_quark());
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one bad row must not hide the others */
    ROWS_ADD("vocabulary/tokens", enumerations, test_tokens);
    ROWS_ADD("vocabulary/outside", enumerations, test_outside);
    g_test_add_func("/core/vocabulary/outcome-order", test_outcome_order);
    g_test_add_func("/core/vocabulary/error-domain", test_error_domain);
    return g_test_run();
}
