/* report_text.c
 * Reports for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/report_text.h"

#include "base/digits.h"

#include <string.h>

#include <ces/text.h>

#include <ces/rfc3339.h>

/* --- lines ---------------------------------------------------------------- */

static void
append_blanks(GString *text, guint count)
{
    while (count-- > 0)
        g_string_append_c(text, ' ');
}

static void
break_line(GString *text, guint indent)
{
    g_string_append_c(text, '\n');
    append_blanks(text, indent);
}

/* Columns that a terminal gives to it (Unicode Standard Annex 11); marks that
 * stand on another letter are counted too, so lines may be shorter, never longer. */
static guint
width_of(const char *character)
{
    return (guchar)*character >= 0x80 && g_unichar_iswide(g_utf8_get_char(character)) ? 2 : 1;
}

static guint
word_width(const char *word, gsize length)
{
    guint width = 0;

    for (const char *at = word; at < word + length; at = g_utf8_next_char(at))
        width += width_of(at);
    return width;
}

/* Appends a word of `length` bytes that is too wide for any line, broken where
 * lines end; returns the column after it. */
static guint
append_wide_word(const char *word, gsize length, guint column, guint indent, GString *text)
{
    for (const char *at = word; at < word + length; at = g_utf8_next_char(at)) {
        guint width = width_of(at);
        if (column + width > CES_REPORT_TEXT_WIDTH) {
            break_line(text, indent);
            column = indent;
        }
        g_string_append_len(text, at, g_utf8_next_char(at) - at);
        column += width;
    }
    return column;
}

void
ces_report_text_wrap(const char *words, guint indent, GString *text)
{
    GString *clean = g_string_new(NULL);
    guint column = indent;

    ces_text_append_clean(clean, words, strlen(words));
    for (const char *word = clean->str; *word;) {
        gsize length = strcspn(word, " ");
        guint width = word_width(word, length);
        if (column > indent && column + 1 + width > CES_REPORT_TEXT_WIDTH) {
            break_line(text, indent);
            column = indent;
        } else if (column > indent) {
            g_string_append_c(text, ' ');
            column++;
        }
        if (column + width > CES_REPORT_TEXT_WIDTH) {
            column = append_wide_word(word, length, column, indent, text);
        } else {
            g_string_append_len(text, word, (gssize)length);
            column += width;
        }
        word += length;
        word += strspn(word, " ");
    }
    g_string_append_c(text, '\n');
    g_string_free(clean, TRUE);
}

/* --- connections ---------------------------------------------------------- */

enum { FLOW_INDENT = 10 };

static const struct column {
    const char *title;
    guint width;
} columns[] = {{"Verdict", 12}, {"Outcome", 11},   {"Finding", 12}, {"Result", 9},
               {"Service", 15}, {"Direction", 13}, {"Support", 14}};

static void
append_columns(GString *text, const char *packet, const char *const values[G_N_ELEMENTS(columns)])
{
    enum { PACKET_WIDTH = 8 };
    gsize width = strlen(packet);

    append_blanks(text, width < PACKET_WIDTH ? (guint)(PACKET_WIDTH - width) : 0);
    g_string_append(text, packet);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_string_append(text, "  ");
        g_string_append(text, values[i]);
        if (i + 1 < G_N_ELEMENTS(columns))
            append_blanks(text, columns[i].width - (guint)strlen(values[i]));
    }
    g_string_append_c(text, '\n');
}

void
ces_report_text_flow_head(GString *text)
{
    const char *titles[G_N_ELEMENTS(columns)];

    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        titles[i] = columns[i].title;
    append_columns(text, "Packet", titles);
}

/* " (cloud, esa, esa1.example.com)": what is known, if anything is. */
static void
say_party(const ces_party *party, GString *text)
{
    g_string_append(text, " (");
    g_string_append(text, ces_site_token(party->site));
    if (party->appliance != CES_APPLIANCE_UNKNOWN) {
        g_string_append(text, ", ");
        g_string_append(text, ces_appliance_token(party->appliance));
    }
    if (*party->name) {
        g_string_append(text, ", ");
        g_string_append(text, party->name);
    }
    g_string_append_c(text, ')');
}

static void
say_ends(const ces_assessment *assessment, GString *words)
{
    ces_say_socket(ces_flow_initiator(assessment->flow), words);
    say_party(&assessment->initiator, words);
    g_string_append(words, " -> ");
    ces_say_socket(ces_flow_responder(assessment->flow), words);
    say_party(&assessment->responder, words);
}

/* "2026-11-25 02:13:07.123456 UTC, 1.5 s" */
static void
say_time(const ces_flow *flow, GString *words)
{
    enum { DAY = 10 };
    char start[CES_RFC3339_TEXT], duration[CES_SECONDS_TEXT];
    gsize length = ces_rfc3339(flow->start, start);

    if (length == 0 || flow->end < flow->start) {
        g_string_append(words, "Time unknown");
        return;
    }
    start[DAY] = ' ';
    g_string_append_len(words, start, (gssize)length - 1);
    ces_seconds((guint64)flow->end - (guint64)flow->start, duration);
    g_string_append_printf(words, " UTC, %s s", duration);
}

static const char *
ended_words(ces_ended ended)
{
    static const char *const words[CES_ENDED_COUNT] = {
        [CES_ENDED_OPEN] = "",
        [CES_ENDED_INITIATOR_FIN] = ", closed by the initiator",
        [CES_ENDED_RESPONDER_FIN] = ", closed by the responder",
        [CES_ENDED_INITIATOR_RST] = ", reset by the initiator",
        [CES_ENDED_RESPONDER_RST] = ", reset by the responder",
    };
    return words[ended];
}

static const char *
seen_from_words(ces_seen_from seen_from)
{
    static const char *const words[CES_SIDE_COUNT] = {
        [CES_SIDE_BOTH] = "",
        [CES_SIDE_INITIATOR] = ", only the initiator's packets seen",
        [CES_SIDE_RESPONDER] = ", only the responder's packets seen",
    };
    return words[seen_from];
}

/* When, how much, how it ended, and why the result is what it is. */
static void
say_course(const ces_assessment *assessment, GString *words)
{
    const ces_flow *flow = assessment->flow;
    guint packets = ces_flow_packets(flow);

    say_time(flow, words);
    g_string_append_printf(words, ", %u packet%s", packets, packets == 1 ? "" : "s");
    if (flow->syns > 1 || assessment->outcome == CES_OUTCOME_UNANSWERED) {
        g_string_append(words, ", ");
        ces_say_attempts(flow, words);
    }
    g_string_append(words, ended_words(assessment->ended));
    if (assessment->outcome != CES_OUTCOME_UNANSWERED) /* then it goes without saying */
        g_string_append(words, seen_from_words(assessment->seen_from));
    if (assessment->cause != CES_CAUSE_NONE)
        g_string_append_printf(words, "; cause: %s", ces_cause_token(assessment->cause));
}

/* One paragraph below the columns; nothing if there is nothing to say. */
static void
append_paragraph(const ces_assessment *assessment, const char *title, void (*say)(const ces_assessment *, GString *),
                 GString *text)
{
    GString *words = g_string_new(NULL);

    say(assessment, words);
    if (words->len > 0) {
        append_blanks(text, FLOW_INDENT);
        g_string_append(text, title);
        ces_report_text_wrap(words->str, FLOW_INDENT + (guint)strlen(title), text);
    }
    g_string_free(words, TRUE);
}

void
ces_report_text_flow(const ces_assessment *assessment, GString *text)
{
    char packet[16];
    const char *const values[G_N_ELEMENTS(columns)] = {ces_verdict_token(assessment->ruling.verdict),
                                                       ces_outcome_token(assessment->outcome),
                                                       ces_finding_token(assessment->finding),
                                                       ces_result_token(assessment->result),
                                                       ces_service_about(assessment->service)->title,
                                                       ces_direction_token(assessment->ruling.direction),
                                                       ces_support_token(assessment->support_ruling.support)};

    *ces_put_number(packet, assessment->flow->first_frame) = '\0';
    append_columns(text, packet, values);
    append_paragraph(assessment, "", say_ends, text);
    append_paragraph(assessment, "", say_course, text);
    append_paragraph(assessment, "Why:  ", ces_say_reason, text);
    append_paragraph(assessment, "Next: ", ces_say_advice, text);
}

/* "; 3 refused, 1 silent": results that are no good, if there are any. */
static void
append_bad_results(const ces_tally *tally, GString *text)
{
    static const ces_result bad[] = {CES_RESULT_REFUSED, CES_RESULT_BROKEN, CES_RESULT_SILENT, CES_RESULT_OTHER_USE};
    const char *separator = "; service ";

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        if (tally->results[bad[i]] == 0)
            continue;
        g_string_append_printf(text, "%s%s on %u", separator, ces_result_token(bad[i]), tally->results[bad[i]]);
        separator = ", ";
    }
}

void
ces_report_text_flow_sum(const ces_tally *tally, GString *text)
{
    if (tally->connections == 0) {
        g_string_append(text, "No connection on a CES port.\n");
        return;
    }
    GString *words = g_string_new(NULL);
    g_string_append_printf(words,
                           "%u connection%s: %u permitted, %u blocked, %u out of scope, %u undetermined; "
                           "%u failed, %u contradicted",
                           tally->connections, tally->connections == 1 ? "" : "s",
                           tally->verdicts[CES_VERDICT_PERMITTED], tally->verdicts[CES_VERDICT_BLOCKED],
                           tally->verdicts[CES_VERDICT_OUT_OF_SCOPE], tally->verdicts[CES_VERDICT_UNDETERMINED],
                           tally->findings[CES_FINDING_FAILED], tally->findings[CES_FINDING_CONTRADICTED]);
    append_bad_results(tally, words);
    g_string_append_c(words, '.');
    g_string_append_c(text, '\n');
    ces_report_text_wrap(words->str, 0, text);
    g_string_free(words, TRUE);
}

void
ces_report_text_missing_sites(const char *words, guint count, guint of, GString *text)
{
    g_string_append_printf(text, "\n*** NOT JUDGED: %u of %u connections. This report is no good news for them. ***\n",
                           count, of);
    ces_report_text_wrap(words, 0, text);
}

/* --- pairs ---------------------------------------------------------------- */

enum { PAIR_INDENT = 2, BECAUSE_COLUMN = 55 };

void
ces_report_text_members(const ces_pair *pair, GString *text)
{
    GString *words = g_string_new("SMA ");
    char address[CES_ADDRESS_TEXT];

    g_string_append(words, ces_address_text(&pair->sma.address, address));
    say_party(&pair->sma.party, words);
    g_string_append(words, " and ESA ");
    g_string_append(words, ces_address_text(&pair->esa.address, address));
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
append_row(GString *text, const char *title, const char *supported, const char *seen, const char *result)
{
    g_string_append_printf(text, "%*s%-16s  %-9s  %-11s  %-9s  ", PAIR_INDENT, "", title, supported, seen, result);
}

static void
append_function(const ces_pair *pair, ces_function function, GString *text)
{
    ces_support_ruling support_ruling = ces_pair_support(pair, function);
    gboolean seen = pair->carriers[ces_function_carrier(function)].seen;

    append_row(text, ces_function_title(function), support_word(support_ruling.support), ces_pair_seen(pair, function),
               seen ? ces_result_token(ces_pair_result(pair, function)) : "-");
    /* Reporting has just said it: both stand on the sync. */
    if (function == CES_FUNCTION_MESSAGE_TRACKING) {
        g_string_append(text, "As for Reporting.\n");
        return;
    }
    char *because = g_strconcat(ces_pair_ruling(pair, function).reason, " ", support_ruling.reason, NULL);
    ces_report_text_wrap(because, BECAUSE_COLUMN, text);
    g_free(because);
}

void
ces_report_text_pair(const ces_pair_table *table, const ces_pair *pair, GString *text)
{
    GString *conclusion = g_string_new(NULL);

    ces_report_text_members(pair, text);
    append_row(text, "", "Supported", "Seen", "Result");
    g_string_append(text, "Because\n");
    for (int function = 0; function < CES_FUNCTION_COUNT; function++)
        append_function(pair, (ces_function)function, text);
    ces_say_conclusion(table, pair, conclusion);
    append_blanks(text, PAIR_INDENT);
    ces_report_text_wrap(conclusion->str, PAIR_INDENT, text);
    g_string_free(conclusion, TRUE);
}

void
ces_report_text_no_pair(GString *text)
{
    g_string_append(text, "No connection that ties an SMA to an ESA across the edge of a CES data centre.\n");
}
