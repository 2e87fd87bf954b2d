/* record.c
 * The members of the records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/record.h"

#include <ces/community_id.h>
#include <ces/rfc3339.h>
#include <ces/text.h>

#include "base/address_text.h"

/* --- names of members ------------------------------------------------------- */

/* Of a connection. */
CES_KEY(stream)
CES_KEY(first_frame)
CES_KEY(last_frame)
CES_KEY(start)
CES_KEY(end)
CES_KEY(duration)
CES_KEY(packets)
CES_KEY(syns)
CES_KEY(service)
CES_KEY(opening)
CES_KEY(direction)
CES_KEY(verdict)
CES_KEY(support)
CES_KEY(roles)
CES_KEY(outcome)
CES_KEY(finding)
CES_KEY(result)
CES_KEY(cause)
CES_KEY(ended)
CES_KEY(seen_from)
CES_KEY(reason)
CES_KEY(advice)
CES_KEY(community_id)
CES_KEY(initiator)
CES_KEY(responder)

/* Of its ends. */
CES_KEY(address)
CES_KEY(port)
CES_KEY(site)
CES_KEY(appliance)
CES_KEY(basis)
CES_KEY(name)
CES_KEY(bytes)

/* Of a pair. */
CES_KEY(sma)
CES_KEY(esa)
CES_KEY(reporting)
CES_KEY(message_tracking)
CES_KEY(spam_quarantine)
CES_KEY(pvo_quarantine)
CES_KEY(seen)
CES_KEY(history)
CES_KEY(conclusion)

/* Of an episode. */
CES_KEY(from)
CES_KEY(to)
CES_KEY(connections)
CES_KEY(capture)
CES_KEY(frame)

/* --- values ------------------------------------------------------------------- */

static inline void
put(ces_writer *writer, const ces_key *key, ces_value_kind kind, const char *value, gsize length)
{
    writer->format->put(writer, key, kind, value, length);
}

static void
put_token(ces_writer *writer, const ces_key *key, const char *token)
{
    put(writer, key, CES_VALUE_TOKEN, token, strlen(token));
}

static void
put_number(ces_writer *writer, const ces_key *key, guint64 number)
{
    writer->format->number(writer, key, number);
}

static void
put_absent(ces_writer *writer, const ces_key *key)
{
    put(writer, key, CES_VALUE_ABSENT, "", 0);
}

static void
put_time(ces_writer *writer, const ces_key *key, ces_time timestamp)
{
    char text[CES_RFC3339_TEXT];
    gsize length = ces_rfc3339(timestamp, text);

    put(writer, key, length ? CES_VALUE_TOKEN : CES_VALUE_ABSENT, text, length);
}

static void
put_duration(ces_writer *writer, const ces_flow *flow)
{
    char text[CES_SECONDS_TEXT];

    if (flow->start == CES_TIME_UNKNOWN || flow->end < flow->start) {
        put_absent(writer, &key_duration);
        return;
    }
    gsize length = ces_seconds((guint64)flow->end - (guint64)flow->start, text);
    put(writer, &key_duration, CES_VALUE_DIGITS, text, length);
}

/* Names come from users and captures, and may hold anything: what is unfit for
 * display becomes a dot in every format. */
static void
put_name(ces_writer *writer, const ces_key *key, const char *name)
{
    gsize length = strlen(name);

    if (ces_text_plain(name, length) == length) {
        put(writer, key, CES_VALUE_PLAIN, name, length);
        return;
    }
    g_string_truncate(writer->scratch, 0);
    ces_text_append_clean(writer->scratch, name, length);
    put(writer, key, CES_VALUE_TEXT, writer->scratch->str, writer->scratch->len);
}

static void
put_address(ces_writer *writer, const ces_address *address)
{
    char text[CES_ADDRESS_TEXT];

    put(writer, &key_address, CES_VALUE_TOKEN, text, (gsize)(ces_put_address(text, address) - text));
}

/* Most connections say what the one before said. */
static void
put_sentences(ces_writer *writer, const ces_key *key, ces_sentence *latest, const ces_assessment *assessment,
              void (*say)(const ces_assessment *, GString *))
{
    GString *said = writer->scratch;

    g_string_truncate(said, 0);
    say(assessment, said);
    if (ces_writer_repeat(writer, latest, said))
        return;
    put(writer, key, CES_VALUE_TEXT, said->str, said->len);
    ces_writer_keep_sentence(writer, latest, said);
}

/* --- members that come again and again ------------------------------------------ */

/* Packs small values into a number that tells them all, and is never 0. */
enum { BITS_A_VALUE = 5, ABOUT_WORDS = 1, ABOUT_PARTY };

static guint64
pack(guint64 about, guint value)
{
    return about << BITS_A_VALUE | value;
}

#define FITS(count) G_STATIC_ASSERT((int)(count) <= 1 << BITS_A_VALUE)
FITS(CES_SERVICE_COUNT);
FITS(CES_DIRECTION_COUNT);
FITS(CES_OUTCOME_COUNT);
FITS(CES_RESULT_COUNT);
FITS(CES_CAUSE_COUNT);
FITS(CES_ENDED_COUNT);
FITS(CES_BASIS_COUNT);

/* Twelve values of five bits beside the four bits that tell what it is about. */
static guint64
about_words(const ces_assessment *a)
{
    const guint values[12] = {
        a->service, a->flow->opening, a->ruling.direction, a->ruling.verdict, a->support_ruling.support,
        a->roles,   a->outcome,       a->finding,          a->result,         a->cause,
        a->ended,   a->seen_from};
    guint64 about = ABOUT_WORDS;

    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        about = pack(about, values[i]);
    return about;
}

static void
put_words(ces_writer *writer, const ces_assessment *assessment)
{
    guint64 about = about_words(assessment);

    if (ces_writer_recall(writer, about))
        return;
    put_token(writer, &key_service, ces_service_token(assessment->service));
    put_token(writer, &key_opening, ces_opening_token((ces_opening)assessment->flow->opening));
    put_token(writer, &key_direction, ces_direction_token(assessment->ruling.direction));
    put_token(writer, &key_verdict, ces_verdict_token(assessment->ruling.verdict));
    put_token(writer, &key_support, ces_support_token(assessment->support_ruling.support));
    put_token(writer, &key_roles, ces_roles_token(assessment->roles));
    put_token(writer, &key_outcome, ces_outcome_token(assessment->outcome));
    put_token(writer, &key_finding, ces_finding_token(assessment->finding));
    put_token(writer, &key_result, ces_result_token(assessment->result));
    put_token(writer, &key_cause, ces_cause_token(assessment->cause));
    put_token(writer, &key_ended, ces_ended_token(assessment->ended));
    put_token(writer, &key_seen_from, ces_seen_from_token(assessment->seen_from));
    ces_writer_keep(writer, about);
}

static void
put_party(ces_writer *writer, const ces_party *party)
{
    guint64 about = pack(pack(pack(ABOUT_PARTY, party->site), party->appliance), party->basis);

    if (!ces_writer_recall(writer, about)) {
        put_token(writer, &key_site, ces_site_token(party->site));
        put_token(writer, &key_appliance, ces_appliance_token(party->appliance));
        put_token(writer, &key_basis, ces_basis_token(party->basis));
        ces_writer_keep(writer, about);
    }
    put_name(writer, &key_name, party->name);
}

/* --- connections ------------------------------------------------------------------- */

static void
put_community_id(ces_writer *writer, const ces_flow *flow)
{
    char text[CES_COMMUNITY_ID_TEXT];

    put(writer, &key_community_id, CES_VALUE_TOKEN, ces_community_id(&flow->ends[0], &flow->ends[1], text),
        CES_COMMUNITY_ID_TEXT - 1);
}

static void
put_end(ces_writer *writer, const ces_key *key, const ces_flow *flow, guint end, const ces_party *party)
{
    writer->format->begin(writer, key);
    put_address(writer, &flow->ends[end].address);
    put_number(writer, &key_port, flow->ends[end].port);
    put_party(writer, party);
    put_number(writer, &key_packets, flow->packets[end]);
    put_number(writer, &key_bytes, flow->bytes[end]);
    writer->format->end(writer);
}

void
ces_record_capture(const char *capture, ces_writer *writer)
{
    put(writer, &key_capture, CES_VALUE_TEXT, capture, strlen(capture));
}

void
ces_record_flow(const ces_assessment *assessment, ces_writer *writer)
{
    const ces_flow *flow = assessment->flow;

    if (flow->stream == CES_NO_STREAM)
        put_absent(writer, &key_stream);
    else
        put_number(writer, &key_stream, flow->stream);
    put_number(writer, &key_first_frame, flow->first_frame);
    put_number(writer, &key_last_frame, flow->last_frame);
    put_time(writer, &key_start, flow->start);
    put_time(writer, &key_end, flow->end);
    put_duration(writer, flow);
    put_number(writer, &key_packets, ces_flow_packets(flow));
    put_number(writer, &key_syns, flow->syns);
    put_words(writer, assessment);
    put_sentences(writer, &key_reason, &writer->reason, assessment, ces_say_reason);
    put_sentences(writer, &key_advice, &writer->advice, assessment, ces_say_advice);
    put_community_id(writer, flow);
    put_end(writer, &key_initiator, flow, flow->initiator, &assessment->initiator);
    put_end(writer, &key_responder, flow, !flow->initiator, &assessment->responder);
}

/* --- pairs --------------------------------------------------------------------------- */

static void
put_member(ces_writer *writer, const ces_key *key, const ces_member *member)
{
    writer->format->begin(writer, key);
    put_address(writer, &member->address);
    put_party(writer, &member->party);
    writer->format->end(writer);
}

static void
put_episode(ces_writer *writer, const ces_episode *episode)
{
    writer->format->begin(writer, NULL);
    put_time(writer, &key_from, episode->from);
    put_time(writer, &key_to, episode->to);
    put_number(writer, &key_connections, episode->connections);
    put_token(writer, &key_outcome, ces_outcome_token(episode->outcome));
    put_token(writer, &key_result, ces_result_token(episode->result));
    ces_record_capture(episode->capture, writer);
    put_number(writer, &key_frame, episode->frame);
    writer->format->end(writer);
}

static void
put_function(ces_writer *writer, const ces_key *key, const ces_pair *pair, ces_function function)
{
    guint count, dropped;
    const ces_episode *episodes = ces_pair_history(pair, function, &count, &dropped);

    writer->format->begin(writer, key);
    put_token(writer, &key_support, ces_support_token(ces_pair_support(pair, function).support));
    put_token(writer, &key_seen, ces_pair_seen(pair, function));
    put_token(writer, &key_result, ces_result_token(ces_pair_result(pair, function)));
    if (writer->format->begin_list(writer, &key_history)) {
        for (guint i = 0; i < count; i++)
            put_episode(writer, &episodes[i]);
        writer->format->end_list(writer);
    }
    writer->format->end(writer);
}

void
ces_record_pair(const ces_pair_table *table, const ces_pair *pair, ces_writer *writer)
{
    put_member(writer, &key_sma, &pair->sma);
    put_member(writer, &key_esa, &pair->esa);
    put_function(writer, &key_reporting, pair, CES_FUNCTION_REPORTING);
    put_function(writer, &key_message_tracking, pair, CES_FUNCTION_MESSAGE_TRACKING);
    put_function(writer, &key_spam_quarantine, pair, CES_FUNCTION_SPAM_QUARANTINE);
    put_function(writer, &key_pvo_quarantine, pair, CES_FUNCTION_PVO_QUARANTINE);
    g_string_truncate(writer->scratch, 0);
    ces_say_conclusion(table, pair, writer->scratch);
    put(writer, &key_conclusion, CES_VALUE_TEXT, writer->scratch->str, writer->scratch->len);
}

/* --- samples ---------------------------------------------------------------------------- */

void
ces_record_sample_flow(ces_writer *writer)
{
    const ces_flow flow = {.service = CES_SERVICE_SYNC};
    const ces_role role = {CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    const ces_assessment assessment = {.flow = &flow,
                                       .service = CES_SERVICE_SYNC,
                                       .initiator = {.name = ""},
                                       .responder = {.name = ""},
                                       .ruling = ces_ruling_of(CES_SERVICE_SYNC, role, role),
                                       .support_ruling = ces_support_of(CES_SERVICE_SYNC, role, role)};

    ces_record_flow(&assessment, writer);
}

void
ces_record_sample_pair(ces_writer *writer)
{
    const ces_pair pair = {.sma = {.party = {.name = ""}}, .esa = {.party = {.name = ""}}};
    ces_pair_table *table = ces_pair_table_new(NULL);

    ces_record_pair(table, &pair, writer);
    ces_pair_table_free(table);
}
