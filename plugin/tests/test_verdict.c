/* test_verdict.c
 * The rules, stated a second time as nested conditions that follow the report_text
 * of Cisco 215674, and compared with the core for every combination of
 * service, sites and appliances; then the same rules as examples by hand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/verdict.h>

#include <string.h>

#include "rows.h"

static gboolean
is_centralized(ces_service service)
{
    return service != CES_SERVICE_SMTP && service != CES_SERVICE_SUBMISSION;
}

static ces_direction
direction_by_prose(ces_site initiator, ces_site responder)
{
    if (initiator == CES_SITE_UNKNOWN || responder == CES_SITE_UNKNOWN)
        return CES_DIRECTION_UNKNOWN;
    if (initiator == CES_SITE_CLOUD) {
        if (responder == CES_SITE_CLOUD)
            return CES_DIRECTION_WITHIN_CLOUD;
        return CES_DIRECTION_OUTBOUND;
    }
    if (responder == CES_SITE_CLOUD)
        return CES_DIRECTION_INBOUND;
    return CES_DIRECTION_OUTSIDE_CLOUD;
}

static ces_verdict
verdict_by_prose(ces_service service, ces_role initiator, ces_role responder)
{
    if (initiator.site == CES_SITE_UNKNOWN || responder.site == CES_SITE_UNKNOWN)
        return CES_VERDICT_UNDETERMINED;
    if (initiator.site == responder.site)
        return CES_VERDICT_OUT_OF_SCOPE; /* does not cross the border of the data centre */
    if (initiator.site == CES_SITE_CLOUD)
        return CES_VERDICT_PERMITTED; /* rule 2: what is opened from inside */
    if (!is_centralized(service))
        return CES_VERDICT_PERMITTED; /* rule 1: 25 and 587 */
    if (service == CES_SERVICE_SYNC && responder.appliance == CES_APPLIANCE_SSH_PROXY)
        return CES_VERDICT_OUT_OF_SCOPE; /* 214281: the jump hosts are there to be reached */
    return CES_VERDICT_BLOCKED;
}

/* Which of the two plays the SMA; FALSE when one of them is known to be
 * something else than its part. */
static gboolean
sma_end_by_prose(ces_service service, ces_appliance initiator, ces_appliance responder, ces_end *sma)
{
    ces_appliance sma_type, esa_type;

    if (!is_centralized(service))
        return FALSE;
    *sma = CES_END_RESPONDER; /* the ESA delivers to a quarantine */
    if (service == CES_SERVICE_SYNC)
        *sma = CES_END_INITIATOR;
    else if (service == CES_SERVICE_PVO_QUARANTINE && initiator == CES_APPLIANCE_SMA)
        *sma = CES_END_INITIATOR; /* 200068: a release */
    sma_type = *sma == CES_END_INITIATOR ? initiator : responder;
    esa_type = *sma == CES_END_INITIATOR ? responder : initiator;
    if (sma_type == CES_APPLIANCE_ESA || sma_type == CES_APPLIANCE_SSH_PROXY)
        return FALSE;
    return esa_type != CES_APPLIANCE_SMA && esa_type != CES_APPLIANCE_SSH_PROXY;
}

static ces_support
support_by_prose(ces_service service, ces_role initiator, ces_role responder)
{
    ces_end sma = CES_END_INITIATOR;
    ces_site sma_site;

    if (initiator.site == CES_SITE_UNKNOWN || responder.site == CES_SITE_UNKNOWN)
        return CES_SUPPORT_NOT_APPLICABLE;
    if (initiator.site == responder.site)
        return CES_SUPPORT_NOT_APPLICABLE;
    if (!sma_end_by_prose(service, initiator.appliance, responder.appliance, &sma))
        return CES_SUPPORT_NOT_APPLICABLE;
    sma_site = sma == CES_END_INITIATOR ? initiator.site : responder.site;
    if (sma_site == CES_SITE_CLOUD && service == CES_SERVICE_SYNC)
        return CES_SUPPORT_SUPPORTED; /* opened from inside: Reporting and Message Tracking */
    return CES_SUPPORT_UNSUPPORTED;
}

static ces_finding
finding_by_prose(ces_verdict verdict, ces_outcome outcome, gboolean proven)
{
    gboolean works, fails;

    if (verdict == CES_VERDICT_OUT_OF_SCOPE || verdict == CES_VERDICT_UNDETERMINED)
        return CES_FINDING_OPEN;
    works = outcome == CES_OUTCOME_ESTABLISHED || (outcome == CES_OUTCOME_MIDSTREAM && proven);
    fails = outcome == CES_OUTCOME_UNANSWERED || outcome == CES_OUTCOME_REFUSED || outcome == CES_OUTCOME_REJECTED;
    if (works)
        return verdict == CES_VERDICT_PERMITTED ? CES_FINDING_CONFIRMED : CES_FINDING_CONTRADICTED;
    if (fails)
        return verdict == CES_VERDICT_PERMITTED ? CES_FINDING_FAILED : CES_FINDING_CONFIRMED;
    return CES_FINDING_OPEN;
}

/* The question in words: a failing comparison shows it beside the answers. */
static char *
in_words(ces_service service, ces_role initiator, ces_role responder, const char *answer, const char *detail)
{
    return g_strdup_printf("%s from %s at %s to %s at %s: %s %s", ces_service_token(service),
                           ces_appliance_token(initiator.appliance), ces_site_token(initiator.site),
                           ces_appliance_token(responder.appliance), ces_site_token(responder.site), answer, detail);
}

static void
assert_same(char *actual, char *expected)
{
    g_assert_cmpstr(actual, ==, expected);
    g_free(actual);
    g_free(expected);
}

static void
assert_sentence(const char *sentence)
{
    g_assert_nonnull(sentence);
    g_assert_cmpuint(strlen(sentence), >, 10);
    g_assert_true(g_utf8_validate(sentence, -1, NULL));
    g_assert_true(g_str_has_suffix(sentence, "."));
    g_assert_false(g_str_has_suffix(sentence, ".."));
    g_assert_null(strchr(sentence, '%'));
    g_assert_null(strchr(sentence, '\n'));
    g_assert_true(g_ascii_isupper(sentence[0]) || g_ascii_isdigit(sentence[0]));
}

typedef struct {
    ces_service service;
    ces_site initiator, responder;
} crossing;

typedef void (*role_check)(ces_service service, ces_role initiator, ces_role responder);

static void
check_ruling(ces_service service, ces_role initiator, ces_role responder)
{
    ces_ruling ruling = ces_ruling_of(service, initiator, responder);

    assert_same(in_words(service, initiator, responder, ces_direction_token(ruling.direction),
                         ces_verdict_token(ruling.verdict)),
                in_words(service, initiator, responder,
                         ces_direction_token(direction_by_prose(initiator.site, responder.site)),
                         ces_verdict_token(verdict_by_prose(service, initiator, responder))));
    assert_sentence(ruling.reason);
    g_assert_nonnull(ruling.rule);
    if (ruling.verdict == CES_VERDICT_UNDETERMINED) { /* it says what to do about it */
        g_assert_nonnull(strstr(ruling.reason, "networks"));
        g_assert_nonnull(strstr(ruling.reason, "site table"));
    }
}

static void
check_backing(ces_service service, ces_role initiator, ces_role responder)
{
    ces_support_ruling support_ruling = ces_support_of(service, initiator, responder);
    ces_support support = support_by_prose(service, initiator, responder);
    ces_direction direction = direction_by_prose(initiator.site, responder.site);
    ces_end sma;

    assert_same(in_words(service, initiator, responder, ces_support_token(support_ruling.support), ""),
                in_words(service, initiator, responder, ces_support_token(support), ""));
    g_assert_nonnull(support_ruling.reason);
    g_assert_nonnull(support_ruling.rule);
    if (support != CES_SUPPORT_NOT_APPLICABLE) {
        assert_sentence(support_ruling.reason);
    } else if (direction == CES_DIRECTION_INBOUND || direction == CES_DIRECTION_OUTBOUND) {
        if (is_centralized(service) && !sma_end_by_prose(service, initiator.appliance, responder.appliance, &sma))
            assert_sentence(support_ruling.reason);
    }
    if (*support_ruling.reason != '\0')
        assert_sentence(support_ruling.reason);
}

static void
check_sma_end(ces_service service, ces_role initiator, ces_role responder)
{
    ces_end actual = CES_END_INITIATOR, expected = CES_END_INITIATOR;
    gboolean answered = ces_sma_end(service, initiator.appliance, responder.appliance, &actual);
    gboolean awaited = sma_end_by_prose(service, initiator.appliance, responder.appliance, &expected);
    static const char *const names[] = {"initiator", "responder"};

    assert_same(in_words(service, initiator, responder, answered ? names[actual] : "none", ""),
                in_words(service, initiator, responder, awaited ? names[expected] : "none", ""));
}

static void
for_all_appliances(const crossing *across, role_check check)
{
    for (int i = 0; i < CES_APPLIANCE_COUNT; i++) {
        for (int j = 0; j < CES_APPLIANCE_COUNT; j++) {
            ces_role initiator = {across->initiator, (ces_appliance)i};
            ces_role responder = {across->responder, (ces_appliance)j};

            check(across->service, initiator, responder);
        }
    }
}

static void
test_ruling(gconstpointer data)
{
    for_all_appliances(data, check_ruling);
}

static void
test_backing(gconstpointer data)
{
    for_all_appliances(data, check_backing);
}

static void
test_sma_end(gconstpointer data)
{
    for_all_appliances(data, check_sma_end);
}

static void
add_crossing(ces_service service, ces_site initiator, ces_site responder)
{
    crossing *across = g_new(crossing, 1);
    char *name = g_strdup_printf("%s/%s-to-%s", ces_service_token(service), ces_site_token(initiator),
                                 ces_site_token(responder));
    char *path = g_strconcat("/core/verdict/support/", name, NULL);

    *across = (crossing){service, initiator, responder};
    rows_add("verdict/ruling", name, across, test_ruling);
    rows_add("verdict/sma-end", name, across, test_sma_end);
    g_test_add_data_func_full(path, across, test_backing, g_free); /* the last of the three owns the row */
    g_free(path);
    g_free(name);
}

static void
add_crossings(void)
{
    for (int service = CES_SERVICE_SYNC; service < CES_SERVICE_COUNT; service++) {
        for (int initiator = 0; initiator < CES_SITE_COUNT; initiator++) {
            for (int responder = 0; responder < CES_SITE_COUNT; responder++)
                add_crossing((ces_service)service, (ces_site)initiator, (ces_site)responder);
        }
    }
}

static void
test_directions(void)
{
    for (int i = 0; i < CES_SITE_COUNT; i++) {
        for (int j = 0; j < CES_SITE_COUNT; j++)
            g_assert_cmpstr(ces_direction_token(ces_direction_between((ces_site)i, (ces_site)j)), ==,
                            ces_direction_token(direction_by_prose((ces_site)i, (ces_site)j)));
    }
}

static void
test_findings(gconstpointer data)
{
    ces_verdict verdict = (ces_verdict)GPOINTER_TO_INT(data);

    for (int i = 0; i < CES_OUTCOME_COUNT; i++) {
        for (int proven = FALSE; proven <= TRUE; proven++) {
            ces_outcome outcome = (ces_outcome)i;
            const char *outcome_token = ces_outcome_token(outcome);
            ces_finding actual = ces_finding_of(verdict, outcome, proven);
            ces_finding expected = finding_by_prose(verdict, outcome, proven);

            assert_same(g_strdup_printf("%s, proven %d: %s", outcome_token, proven, ces_finding_token(actual)),
                        g_strdup_printf("%s, proven %d: %s", outcome_token, proven, ces_finding_token(expected)));
        }
    }
}

static void
add_findings(void)
{
    for (int verdict = 0; verdict < CES_VERDICT_COUNT; verdict++)
        rows_add("verdict/finding", ces_verdict_token((ces_verdict)verdict), GINT_TO_POINTER(verdict), test_findings);
}

typedef struct {
    const char *name;
    ces_service service;
    ces_role initiator, responder;
    const char *verdict, *support;
    const char *word; /* that the reason for the support must contain, or NULL */
} example;

#define CLOUD(type)                          \
    {                                        \
        CES_SITE_CLOUD, CES_APPLIANCE_##type \
    }
#define EXTERNAL(type)                          \
    {                                           \
        CES_SITE_EXTERNAL, CES_APPLIANCE_##type \
    }
#define NOWHERE(type)                          \
    {                                          \
        CES_SITE_UNKNOWN, CES_APPLIANCE_##type \
    }

static const example examples[] = {
    {"cloud-sma-syncs-with-external-esa", CES_SERVICE_SYNC, CLOUD(SMA), EXTERNAL(ESA), "permitted", "supported",
     "Message Tracking"},
    {"cloud-host-opens-22", CES_SERVICE_SYNC, CLOUD(UNKNOWN), EXTERNAL(UNKNOWN), "permitted", "supported", "Reporting"},
    {"external-sma-adds-cloud-esa", CES_SERVICE_SYNC, EXTERNAL(SMA), CLOUD(ESA), "blocked", "unsupported", NULL},
    {"external-esa-delivers-spam", CES_SERVICE_SPAM_QUARANTINE, EXTERNAL(ESA), CLOUD(SMA), "blocked", "unsupported",
     NULL},
    {"external-esa-delivers-pvo", CES_SERVICE_PVO_QUARANTINE, EXTERNAL(ESA), CLOUD(SMA), "blocked", "unsupported",
     NULL},
    {"cloud-esa-delivers-spam", CES_SERVICE_SPAM_QUARANTINE, CLOUD(ESA), EXTERNAL(SMA), "permitted", "unsupported",
     "sync"},
    {"cloud-esa-delivers-pvo", CES_SERVICE_PVO_QUARANTINE, CLOUD(ESA), EXTERNAL(SMA), "permitted", "unsupported",
     "sync"},
    {"cloud-sma-releases", CES_SERVICE_PVO_QUARANTINE, CLOUD(SMA), EXTERNAL(ESA), "permitted", "unsupported", NULL},
    {"external-sma-releases", CES_SERVICE_PVO_QUARANTINE, EXTERNAL(SMA), CLOUD(ESA), "blocked", "unsupported", NULL},
    {"pvo-to-a-known-esa-is-no-release", CES_SERVICE_PVO_QUARANTINE, CLOUD(UNKNOWN), EXTERNAL(ESA), "permitted",
     "not_applicable", NULL},
    {"esa-pushes-logs", CES_SERVICE_SYNC, CLOUD(ESA), EXTERNAL(UNKNOWN), "permitted", "not_applicable", "log"},
    {"sma-backs-up-to-sma", CES_SERVICE_SYNC, CLOUD(SMA), EXTERNAL(SMA), "permitted", "not_applicable", "backup"},
    {"administrator-uses-the-jump-host", CES_SERVICE_SYNC, EXTERNAL(UNKNOWN), CLOUD(SSH_PROXY), "out_of_scope",
     "not_applicable", NULL},
    {"quarantine-to-the-jump-host", CES_SERVICE_SPAM_QUARANTINE, EXTERNAL(ESA), CLOUD(SSH_PROXY), "blocked",
     "not_applicable", NULL},
    {"spam-delivery-by-an-sma", CES_SERVICE_SPAM_QUARANTINE, CLOUD(SMA), EXTERNAL(UNKNOWN), "permitted",
     "not_applicable", NULL},
    {"mail-from-the-internet", CES_SERVICE_SMTP, EXTERNAL(UNKNOWN), CLOUD(ESA), "permitted", "not_applicable", NULL},
    {"submission-from-the-internet", CES_SERVICE_SUBMISSION, EXTERNAL(UNKNOWN), CLOUD(ESA), "permitted",
     "not_applicable", NULL},
    {"mail-to-the-internet", CES_SERVICE_SMTP, CLOUD(ESA), EXTERNAL(UNKNOWN), "permitted", "not_applicable", NULL},
    {"both-in-the-data-centre", CES_SERVICE_SPAM_QUARANTINE, CLOUD(ESA), CLOUD(SMA), "out_of_scope", "not_applicable",
     NULL},
    {"both-outside", CES_SERVICE_SYNC, EXTERNAL(SMA), EXTERNAL(ESA), "out_of_scope", "not_applicable", NULL},
    {"nothing-known", CES_SERVICE_SYNC, NOWHERE(UNKNOWN), NOWHERE(UNKNOWN), "undetermined", "not_applicable", NULL},
    {"one-side-known", CES_SERVICE_SMTP, NOWHERE(UNKNOWN), CLOUD(ESA), "undetermined", "not_applicable", NULL},
};

static void
test_example(gconstpointer data)
{
    const example *row = data;
    ces_ruling ruling = ces_ruling_of(row->service, row->initiator, row->responder);
    ces_support_ruling support_ruling = ces_support_of(row->service, row->initiator, row->responder);

    g_assert_cmpstr(ces_verdict_token(ruling.verdict), ==, row->verdict);
    g_assert_cmpstr(ces_support_token(support_ruling.support), ==, row->support);
    if (row->word != NULL && strstr(support_ruling.reason, row->word) == NULL)
        g_error("the reason \"%s\" does not mention \"%s\"", support_ruling.reason, row->word);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one bad row must not hide the others */
    g_test_add_func("/core/verdict/directions", test_directions);
    add_crossings();
    add_findings();
    ROWS_ADD("verdict/example", examples, test_example);
    return g_test_run();
}
