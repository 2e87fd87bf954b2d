/* report_text.c
 * Reports for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/report_text.h"

#include <string.h>

/* --- lines ---------------------------------------------------------------- */

static void
break_line(GString *text, guint indent)
{
    g_string_append_printf(text, "\n%*s", (int)indent, "");
}

/* Appends a word of `length` bytes; returns the column after it. A word too
 * wide for any line is broken where the line ends. */
static guint
append_word(const char *word, gsize length, guint column, guint indent, GString *text)
{
    for (const char *at = word; at < word + length; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (column == CES_REPORT_TEXT_WIDTH) {
            break_line(text, indent);
            column = indent;
        }
        g_string_append_unichar(text, g_unichar_isprint(character) ? character : '?');
        column++;
    }
    return column;
}

void
ces_report_text_wrap(const char *words, guint indent, GString *text)
{
    char *valid = g_utf8_make_valid(words, -1);
    guint column = indent;

    for (const char *word = valid; *word;) {
        gsize length = strcspn(word, " ");
        glong width = g_utf8_strlen(word, (gssize)length);
        if (column > indent && (glong)column + 1 + width > CES_REPORT_TEXT_WIDTH) {
            break_line(text, indent);
            column = indent;
        } else if (column > indent) {
            g_string_append_c(text, ' ');
            column++;
        }
        column = append_word(word, length, column, indent, text);
        word += length;
        word += strspn(word, " ");
    }
    g_string_append_c(text, '\n');
    g_free(valid);
}

/* --- connections ---------------------------------------------------------- */

enum { FLOW_INDENT = 10 };

static void
append_columns(GString *text, const char *packet, const char *service, const char *direction, const char *verdict,
               const char *outcome, const char *finding, const char *support)
{
    g_string_append_printf(text, "%8s  %-15s  %-13s  %-12s  %-11s  %-12s  %s\n", packet, service, direction, verdict,
                           outcome, finding, support);
}

void
ces_report_text_flow_head(GString *text)
{
    append_columns(text, "Packet", "Service", "Direction", "Verdict", "Outcome", "Finding", "Support");
}

/* " (cloud, esa, esa1.example.com)": what is known, if anything is. */
static void
say_party(const ces_party *party, GString *text)
{
    g_string_append_printf(text, " (%s", ces_site_token(party->site));
    if (party->appliance != CES_APPLIANCE_UNKNOWN)
        g_string_append_printf(text, ", %s", ces_appliance_token(party->appliance));
    if (*party->name)
        g_string_append_printf(text, ", %s", party->name);
    g_string_append_c(text, ')');
}

static void
append_ends(const ces_assessment *assessment, GString *text)
{
    GString *words = g_string_new(NULL);

    ces_say_socket(ces_flow_initiator(assessment->flow), words);
    say_party(&assessment->initiator, words);
    g_string_append(words, " -> ");
    ces_say_socket(ces_flow_responder(assessment->flow), words);
    say_party(&assessment->responder, words);
    if (assessment->outcome == CES_OUTCOME_UNANSWERED) {
        g_string_append(words, ", ");
        ces_say_attempts(assessment->flow, words);
    }
    g_string_append_printf(text, "%*s", FLOW_INDENT, "");
    ces_report_text_wrap(words->str, FLOW_INDENT, text);
    g_string_free(words, TRUE);
}

static void
append_reason(const ces_assessment *assessment, GString *text)
{
    GString *words = g_string_new(NULL);

    ces_say_reason(assessment, words);
    g_string_append_printf(text, "%*s", FLOW_INDENT, "");
    ces_report_text_wrap(words->str, FLOW_INDENT, text);
    g_string_free(words, TRUE);
}

void
ces_report_text_flow(const ces_assessment *assessment, GString *text)
{
    char packet[16];

    g_snprintf(packet, sizeof packet, "%u", assessment->flow->first_frame);
    append_columns(text, packet, ces_service_about(assessment->service)->title,
                   ces_direction_token(assessment->ruling.direction), ces_verdict_token(assessment->ruling.verdict),
                   ces_outcome_token(assessment->outcome), ces_finding_token(assessment->finding),
                   ces_support_token(assessment->support_ruling.support));
    append_ends(assessment, text);
    append_reason(assessment, text);
}

void
ces_report_text_flow_sum(const ces_tally *tally, GString *text)
{
    if (tally->connections == 0) {
        g_string_append(text, "No connection on a CES port.\n");
        return;
    }
    g_string_append_printf(text,
                           "\n%u connection%s: %u permitted, %u blocked, %u out of scope, %u undetermined; "
                           "%u failed, %u contradicted.\n",
                           tally->connections, tally->connections == 1 ? "" : "s",
                           tally->verdicts[CES_VERDICT_PERMITTED], tally->verdicts[CES_VERDICT_BLOCKED],
                           tally->verdicts[CES_VERDICT_OUT_OF_SCOPE], tally->verdicts[CES_VERDICT_UNDETERMINED],
                           tally->findings[CES_FINDING_FAILED], tally->findings[CES_FINDING_CONTRADICTED]);
}

void
ces_report_text_missing_sites(const ces_assessment *first, GString *text)
{
    GString *words = g_string_new(NULL);

    ces_say_missing_sites(first, words);
    ces_report_text_wrap(words->str, 0, text);
    g_string_free(words, TRUE);
}

/* --- pairs ---------------------------------------------------------------- */

enum { PAIR_INDENT = 2, BECAUSE_COLUMN = 44 };

static void
append_members(const ces_pair *pair, GString *text)
{
    GString *words = g_string_new("SMA ");
    char address[CES_ADDRESS_TEXT];

    g_string_append(words, ces_address_text(&pair->sma.address, address));
    say_party(&pair->sma.party, words);
    g_string_append_printf(words, " and ESA %s", ces_address_text(&pair->esa.address, address));
    say_party(&pair->esa.party, words);
    ces_report_text_wrap(words->str, 0, text);
    g_string_free(words, TRUE);
}

static const char *
support_word(ces_support support)
{
    static const char *const words[CES_SUPPORT_COUNT] = {
        [CES_SUPPORT_NOT_APPLICABLE] = "-", [CES_SUPPORT_SUPPORTED] = "yes", [CES_SUPPORT_UNSUPPORTED] = "no"};
    return words[support];
}

static void
append_function(const ces_pair *pair, ces_function function, GString *text)
{
    ces_support_ruling support_ruling = ces_pair_support(pair, function);

    g_string_append_printf(text, "%*s%-16s  %-9s  %-11s  ", PAIR_INDENT, "", ces_function_title(function),
                           support_word(support_ruling.support), ces_pair_seen(pair, function));
    /* Reporting has just said it: both stand on the sync. */
    if (function == CES_FUNCTION_MESSAGE_TRACKING) {
        g_string_append(text, "As for Reporting.\n");
        return;
    }
    char *because = g_strdup_printf("%s %s", ces_pair_ruling(pair, function).reason, support_ruling.reason);
    ces_report_text_wrap(because, BECAUSE_COLUMN, text);
    g_free(because);
}

void
ces_report_text_pair(const ces_pair_table *table, const ces_pair *pair, GString *text)
{
    GString *conclusion = g_string_new(NULL);

    append_members(pair, text);
    g_string_append_printf(text, "%*s%-16s  %-9s  %-11s  %s\n", PAIR_INDENT, "", "", "Supported", "Seen", "Because");
    for (int function = 0; function < CES_FUNCTION_COUNT; function++)
        append_function(pair, (ces_function)function, text);
    ces_say_conclusion(table, pair, conclusion);
    g_string_append_printf(text, "%*s", PAIR_INDENT, "");
    ces_report_text_wrap(conclusion->str, PAIR_INDENT, text);
    g_string_free(conclusion, TRUE);
}

void
ces_report_text_no_pair(GString *text)
{
    g_string_append(text, "No connection that ties an SMA to an ESA across the edge of a CES data centre.\n");
}
