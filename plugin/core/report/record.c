/* record.c
 * The members of each record, and CSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/record.h"

#include <string.h>

/* --- members -------------------------------------------------------------- */

/* Names come from users and captures, and may hold anything. */
static void
put_text(ces_writer *writer, const char *key, const char *value)
{
    if (g_utf8_validate(value, -1, NULL)) {
        writer->text(writer, key, value);
        return;
    }
    char *valid = g_utf8_make_valid(value, -1);
    writer->text(writer, key, valid);
    g_free(valid);
}

static void
put_address(ces_writer *writer, const ces_address *address)
{
    char text[CES_ADDRESS_TEXT];

    writer->text(writer, "address", ces_address_text(address, text));
}

static void
put_party(ces_writer *writer, const ces_party *party)
{
    writer->text(writer, "site", ces_site_token(party->site));
    writer->text(writer, "appliance", ces_appliance_token(party->appliance));
    writer->text(writer, "basis", ces_basis_token(party->basis));
    put_text(writer, "name", party->name);
}

static void
put_end(ces_writer *writer, const char *key, const ces_socket *socket, const ces_party *party)
{
    writer->begin(writer, key);
    put_address(writer, &socket->address);
    writer->number(writer, "port", socket->port);
    put_party(writer, party);
    writer->end(writer);
}

static void
put_said(ces_writer *writer, const char *key, const GString *sentence)
{
    writer->text(writer, key, sentence->str);
}

void
ces_record_flow(const ces_assessment *assessment, ces_writer *writer)
{
    const ces_flow *flow = assessment->flow;
    GString *reason = g_string_new(NULL);

    ces_say_reason(assessment, reason);
    if (flow->stream == CES_NO_STREAM)
        writer->absent(writer, "stream");
    else
        writer->number(writer, "stream", flow->stream);
    writer->number(writer, "first_frame", flow->first_frame);
    writer->number(writer, "last_frame", flow->last_frame);
    writer->number(writer, "packets", ces_flow_packets(flow));
    writer->number(writer, "syns", flow->syns);
    writer->text(writer, "service", ces_service_token(assessment->service));
    writer->text(writer, "opening", ces_opening_token((ces_opening)flow->opening));
    writer->text(writer, "direction", ces_direction_token(assessment->ruling.direction));
    writer->text(writer, "verdict", ces_verdict_token(assessment->ruling.verdict));
    writer->text(writer, "support", ces_support_token(assessment->support_ruling.support));
    writer->text(writer, "outcome", ces_outcome_token(assessment->outcome));
    writer->text(writer, "finding", ces_finding_token(assessment->finding));
    put_said(writer, "reason", reason);
    put_end(writer, "initiator", ces_flow_initiator(flow), &assessment->initiator);
    put_end(writer, "responder", ces_flow_responder(flow), &assessment->responder);
    g_string_free(reason, TRUE);
}

static void
put_member(ces_writer *writer, const char *key, const ces_member *member)
{
    writer->begin(writer, key);
    put_address(writer, &member->address);
    put_party(writer, &member->party);
    writer->end(writer);
}

void
ces_record_pair(const ces_pair_table *table, const ces_pair *pair, ces_writer *writer)
{
    GString *conclusion = g_string_new(NULL);

    put_member(writer, "sma", &pair->sma);
    put_member(writer, "esa", &pair->esa);
    for (int i = 0; i < CES_FUNCTION_COUNT; i++) {
        ces_function function = (ces_function)i;
        writer->begin(writer, ces_function_token(function));
        writer->text(writer, "support", ces_support_token(ces_pair_support(pair, function).support));
        writer->text(writer, "seen", ces_pair_seen(pair, function));
        writer->end(writer);
    }
    ces_say_conclusion(table, pair, conclusion);
    put_said(writer, "conclusion", conclusion);
    g_string_free(conclusion, TRUE);
}

/* --- CSV ------------------------------------------------------------------ */

static void
append_quoted(GString *line, const char *value)
{
    if (!strpbrk(value, ",\"\r\n")) {
        g_string_append(line, value);
        return;
    }
    g_string_append_c(line, '"');
    for (; *value; value++) {
        if (*value == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *value);
    }
    g_string_append_c(line, '"');
}

static void
csv_text(ces_writer *writer, const char *key, const char *value)
{
    ces_csv *csv = (ces_csv *)writer;

    if (csv->started)
        g_string_append_c(csv->line, ',');
    csv->started = TRUE;
    if (csv->header)
        g_string_append_printf(csv->line, "%s%s", csv->prefix->str, key);
    else
        append_quoted(csv->line, value);
}

static void
csv_number(ces_writer *writer, const char *key, guint32 value)
{
    char digits[16];

    g_snprintf(digits, sizeof digits, "%u", value);
    csv_text(writer, key, digits);
}

static void
csv_absent(ces_writer *writer, const char *key)
{
    csv_text(writer, key, "");
}

static void
csv_begin(ces_writer *writer, const char *key)
{
    g_string_printf(((ces_csv *)writer)->prefix, "%s.", key);
}

/* Objects are nested one deep. */
static void
csv_end(ces_writer *writer)
{
    g_string_truncate(((ces_csv *)writer)->prefix, 0);
}

void
ces_csv_init(ces_csv *csv, GString *line)
{
    *csv = (ces_csv){
        .writer = {csv_begin, csv_end, csv_text, csv_number, csv_absent},
        .line = line,
        .prefix = g_string_new(NULL),
    };
}

void
ces_csv_clear(ces_csv *csv)
{
    g_string_free(csv->prefix, TRUE);
}

void
ces_csv_end_line(ces_csv *csv)
{
    g_string_append_c(csv->line, '\n');
    csv->started = FALSE;
}

/* The keys come from writing a record whose values nobody sees. */
void
ces_csv_flow_header(ces_csv *csv)
{
    const ces_flow flow = {.service = CES_SERVICE_SYNC};
    const ces_party parties[2] = {{.name = ""}, {.name = ""}};
    ces_assessment assessment = ces_assess(&flow, parties);

    csv->header = TRUE;
    ces_record_flow(&assessment, &csv->writer);
    ces_csv_end_line(csv);
    csv->header = FALSE;
}

void
ces_csv_pair_header(ces_csv *csv)
{
    const ces_pair pair = {.sma = {.party = {.name = ""}}, .esa = {.party = {.name = ""}}};
    ces_pair_table *table = ces_pair_table_new(NULL);

    csv->header = TRUE;
    ces_record_pair(table, &pair, &csv->writer);
    ces_csv_end_line(csv);
    csv->header = FALSE;
    ces_pair_table_free(table);
}
