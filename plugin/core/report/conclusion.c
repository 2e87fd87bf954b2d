/* conclusion.c
 * What follows from rules and capture for a pair, in sentences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/pairs.h"

#include <string.h>

#include "report/change.h"

/* --- what a connection came to --------------------------------------------------- */

static gboolean
got_through(const ces_carrier *carrier)
{
    return carrier->seen && (carrier->outcome == CES_OUTCOME_ESTABLISHED ||
                             (carrier->outcome == CES_OUTCOME_MIDSTREAM && carrier->finding != CES_FINDING_OPEN));
}

static gboolean
is_vain(ces_outcome outcome)
{
    return outcome == CES_OUTCOME_UNANSWERED || outcome == CES_OUTCOME_REFUSED || outcome == CES_OUTCOME_REJECTED;
}

static gboolean
did_not(const ces_carrier *carrier)
{
    return carrier->seen && is_vain(carrier->outcome) && carrier->finding != CES_FINDING_OPEN;
}

/* An attempt that the capture gives no time to be answered. */
static gboolean
is_pending(const ces_carrier *carrier)
{
    return carrier->seen && is_vain(carrier->outcome) && carrier->finding == CES_FINDING_OPEN;
}

static gboolean
works(const ces_carrier *carrier)
{
    return carrier->result == CES_RESULT_WORKING || carrier->result == CES_RESULT_ENCRYPTED;
}

/* What went wrong, or nothing that did: "" for results that are not known. */
static const char *
trouble(ces_result result, ces_cause cause)
{
    static const char *const causes[CES_CAUSE_COUNT] = {
        [CES_CAUSE_NO_BANNER] = "the server closed without an SSH banner",
        [CES_CAUSE_NOT_SSH] = "what answered was not SSH",
        [CES_CAUSE_NO_COMMON_ALGORITHM] = "the two have no SSH algorithm in common",
        [CES_CAUSE_CLOSED_AFTER_BANNER] = "it was closed after the SSH banner",
        [CES_CAUSE_NO_GREETING] = "no greeting came",
        [CES_CAUSE_REPLY_REFUSED] = "mail was refused",
        [CES_CAUSE_REPLY_DEFERRED] = "mail was deferred",
        [CES_CAUSE_UNKNOWN_COMMAND] = "a command was not understood",
        [CES_CAUSE_REWRITTEN] = "something in the path rewrote what was said",
        [CES_CAUSE_STARTTLS_REFUSED] = "STARTTLS was refused",
        [CES_CAUSE_TLS_ALERT] = "TLS ended with an alert",
        [CES_CAUSE_X11] = "it was X11",
        [CES_CAUSE_LMTP] = "it was LMTP",
    };
    static const char *const results[CES_RESULT_COUNT] = {
        [CES_RESULT_REFUSED] = "mail was refused",
        [CES_RESULT_BROKEN] = "it broke",
        [CES_RESULT_SILENT] = "the server said nothing",
        [CES_RESULT_OTHER_USE] = "the port was put to another use",
    };

    if (!results[result])
        return "";
    return result != CES_RESULT_SILENT && causes[cause] ? causes[cause] : results[result];
}

/* The same for what did get through: " (messages were accepted)". */
static void
append_result(const ces_carrier *carrier, GString *text)
{
    const char *words = carrier->result == CES_RESULT_WORKING     ? "messages were accepted"
                        : carrier->result == CES_RESULT_ENCRYPTED ? "what was said is inside TLS"
                                                                  : trouble(carrier->result, carrier->cause);

    if (*words)
        g_string_append_printf(text, " (%s)", words);
}

/* --- the sync ----------------------------------------------------------------------- */

#define CHECK_THE_PATH \
    "check for a wrong row in the site table, NAT or a VPN in the path, or an exception in the firewall."
#define SUPPORTED "Reporting and Message Tracking are supported"
#define NOTHING_WORKS "without it nothing can work between these two."
#define IN_ITS_STEAD " Something in the path may have answered in its stead."

/* Of one that was permitted and got through. */
static void
conclude_running_sync(const ces_carrier *sync, gboolean to_the_end, GString *text)
{
    const char *wrong = trouble(sync->result, sync->cause);

    if (works(sync) && !to_the_end)
        g_string_append(text, "The sync was seen working, yet not to the end: " SUPPORTED ", and get nothing since.");
    else if (works(sync))
        g_string_append(text, "The sync was seen working: Reporting and Message Tracking can work.");
    else if (*wrong)
        g_string_append_printf(
            text, "The sync was answered, yet it does not work (%s): " SUPPORTED ", but get nothing this way.%s", wrong,
            sync->result == CES_RESULT_SILENT ? IN_ITS_STEAD : "");
    else if (sync->outcome == CES_OUTCOME_ESTABLISHED)
        g_string_append(text, "The sync was seen established: " SUPPORTED ", but this capture does not show whether "
                              "they work.");
    else
        g_string_append(text, "The sync was running before the capture began; its opening was not seen.");
}

/* A cloud SMA and an ESA outside: the sync is permitted. */
static void
conclude_permitted_sync(const ces_carrier *sync, gboolean to_the_end, GString *text)
{
    if (!sync->seen)
        g_string_append(text, "Sync not seen: " SUPPORTED ", but this capture does not show whether they work.");
    else if (got_through(sync))
        conclude_running_sync(sync, to_the_end, text);
    else if (did_not(sync))
        g_string_append_printf(text,
                               "The sync failed (%s), though " SUPPORTED ": check the ESA's address, its listener on "
                               "22, and the firewall before it.",
                               ces_outcome_token(sync->outcome));
    else if (is_pending(sync))
        g_string_append(text, "The sync was tried too shortly before the capture ended to tell.");
    else if (sync->outcome == CES_OUTCOME_HALF_OPEN)
        g_string_append(text, "The sync was answered and not taken up: " SUPPORTED ", yet not seen to work.");
    else
        g_string_append(text, "Of the sync only stray packets were seen, which prove nothing.");
}

/* An SMA outside and a cloud ESA: the sync is blocked. */
static void
conclude_blocked_sync(const ces_carrier *sync, GString *text)
{
    const char *wrong = trouble(sync->result, sync->cause);

    if (!sync->seen)
        g_string_append(text, "Sync not seen, and CES blocks it inbound: " NOTHING_WORKS);
    else if (got_through(sync) && *wrong)
        g_string_append_printf(text, "The sync should be blocked, yet it got through, and does not work (%s): %s%s",
                               wrong, CHECK_THE_PATH, sync->result == CES_RESULT_SILENT ? IN_ITS_STEAD : "");
    else if (got_through(sync))
        g_string_append(text, "The sync should be blocked, yet it got through: " CHECK_THE_PATH);
    else if (did_not(sync))
        g_string_append_printf(text, "The sync is blocked (%s): " NOTHING_WORKS, ces_outcome_token(sync->outcome));
    else if (is_pending(sync))
        g_string_append(text, "The sync was tried too shortly before the capture ended to tell; CES blocks it inbound, "
                              "and " NOTHING_WORKS);
    else if (sync->outcome == CES_OUTCOME_HALF_OPEN)
        g_string_append(text, "The sync should be blocked, yet it was answered, and not taken up: " NOTHING_WORKS);
    else
        g_string_append(text, "Of the sync only stray packets were seen; CES blocks it inbound, and " NOTHING_WORKS);
}

/* --- the quarantines ------------------------------------------------------------------ */

static void
conclude_release(const ces_carrier *release, GString *text)
{
    gboolean permitted = release->verdict == CES_VERDICT_PERMITTED;

    if (got_through(release)) {
        g_string_append(text, permitted ? " A release from the PVO Quarantine got through"
                                        : " A release from the PVO Quarantine should be blocked, yet it got through");
        append_result(release, text);
        g_string_append(text, permitted ? ", which is permitted." : ": " CHECK_THE_PATH);
    } else if (did_not(release)) {
        g_string_append_printf(text, " A release from the PVO Quarantine %s (%s).",
                               permitted ? "failed" : "was blocked", ces_outcome_token(release->outcome));
    } else {
        g_string_append(text, " A release from the PVO Quarantine was not seen to complete.");
    }
}

static void
conclude_delivery(const ces_carrier *delivery, const char *title, gboolean synced, GString *text)
{
    gboolean permitted = delivery->verdict == CES_VERDICT_PERMITTED;

    if (got_through(delivery)) {
        g_string_append_printf(
            text, permitted ? " %s is let out and got through" : " %s should be blocked, yet it got through", title);
        append_result(delivery, text);
        g_string_append(text, !permitted ? ": " CHECK_THE_PATH
                              : synced   ? ", yet it is not supported."
                                         : ", yet it cannot work without the sync.");
    } else if (did_not(delivery)) {
        g_string_append_printf(text, permitted ? " %s is let out by CES, yet it failed (%s)." : " %s was blocked (%s).",
                               title, ces_outcome_token(delivery->outcome));
    } else {
        g_string_append_printf(text, " %s was not seen to complete.", title);
    }
}

/* What was seen of a quarantine that these two cannot share. */
static void
conclude_quarantine(const ces_pair *pair, ces_function function, GString *text)
{
    const ces_carrier *carrier = &pair->carriers[ces_function_carrier(function)];

    if (!carrier->seen)
        return;
    if (carrier->release)
        conclude_release(carrier, text);
    else
        conclude_delivery(carrier, ces_function_title(function), got_through(&pair->carriers[CES_SERVICE_SYNC]), text);
}

static gboolean
delivered(const ces_pair *pair, ces_service service)
{
    return got_through(&pair->carriers[service]) && !pair->carriers[service].release;
}

/* 7025 opened by a host of unknown type reads as a delivery. If the same two
 * hosts sync in the other roles, it was rather a release by the SMA: before
 * one the SMA opens 22 in the same direction (inferred, no document says so),
 * hence a hint and not a rule. */
static void
hint_at_release(const ces_pair_table *table, const ces_pair *pair, GString *text)
{
    const ces_carrier *pvo = &pair->carriers[CES_SERVICE_PVO_QUARANTINE];
    const ces_pair *reverse = ces_pair_table_find(table, &pair->esa.address, &pair->sma.address);
    char address[CES_ADDRESS_TEXT];

    if (!pvo->seen || pvo->release || pair->carriers[CES_SERVICE_SYNC].seen || !reverse ||
        !reverse->carriers[CES_SERVICE_SYNC].seen)
        return;
    g_string_append_printf(text,
                           " But %s also syncs as an SMA, so this was rather a release from its PVO Quarantine: give "
                           "it the type sma in the site table.",
                           ces_address_text(&pair->esa.address, address));
}

/* --- the last change -------------------------------------------------------------------- */

static void
tell_change(const ces_pair *pair, ces_function function, GString *text)
{
    ces_change change = ces_change_of(pair, function);

    if (change.before && !change.mixed) {
        g_string_append_c(text, ' ');
        ces_say_change(&change, function, text);
    }
    if (change.dropped)
        g_string_append_printf(text, " Of its history the %u oldest episodes are left out.", change.dropped);
}

/* --- all of it ---------------------------------------------------------------------------- */

/* Where nothing tells who is who but the services, all that follows hangs on
 * it: of the two the one is named whose type is not known, first the SMA. */
static void
append_assumption(const ces_pair *pair, GString *text)
{
    gboolean about_sma = pair->sma.party.appliance == CES_APPLIANCE_UNKNOWN;
    char address[CES_ADDRESS_TEXT];

    g_string_append(text, "If ");
    g_string_append(text, ces_address_text(about_sma ? &pair->sma.address : &pair->esa.address, address));
    g_string_append(text, about_sma ? " is an SMA: " : " is an ESA: ");
}

static void
append_sync(const ces_pair *pair, GString *text)
{
    const ces_carrier *sync = &pair->carriers[CES_SERVICE_SYNC];

    if (pair->roles == CES_ROLES_ASSUMED)
        append_assumption(pair, text);
    gsize begin = text->len;
    if (pair->sma.party.site == CES_SITE_CLOUD)
        conclude_permitted_sync(sync, ces_change_of(pair, CES_FUNCTION_REPORTING).works, text);
    else
        conclude_blocked_sync(sync, text);
    if (pair->roles == CES_ROLES_ASSUMED) /* in the middle of a sentence */
        text->str[begin] = g_ascii_tolower(text->str[begin]);
}

void
ces_say_conclusion(const ces_pair_table *table, const ces_pair *pair, GString *text)
{
    append_sync(pair, text);
    tell_change(pair, CES_FUNCTION_REPORTING, text);
    conclude_quarantine(pair, CES_FUNCTION_SPAM_QUARANTINE, text);
    tell_change(pair, CES_FUNCTION_SPAM_QUARANTINE, text);
    conclude_quarantine(pair, CES_FUNCTION_PVO_QUARANTINE, text);
    tell_change(pair, CES_FUNCTION_PVO_QUARANTINE, text);
    if (pair->sma.party.site == CES_SITE_CLOUD && !delivered(pair, CES_SERVICE_SPAM_QUARANTINE) &&
        !delivered(pair, CES_SERVICE_PVO_QUARANTINE))
        g_string_append(text, " Spam Quarantine and PVO Quarantine cannot work: CES lets no ESA outside open them.");
    hint_at_release(table, pair, text);
}
