/* flow_record.c
 * The record of a connection, read back from JSON.
 *
 * The JSON is wsutil's to parse, into a fixed number of tokens, so that depth and
 * size cost nothing. What a record tells twice (the duration, the sentences) is
 * not read again but follows from the rest; what follows from the rules is
 * compared with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_record.h"

#include <stdarg.h>
#include <string.h>

#include <wsutil/wsjson.h>

#include <ces/rfc3339.h>
#include <ces/text.h>

#include "merge.h"

/* --- what is refused --------------------------------------------------------------- */

/* Quotes no more than this of the input, made fit for display. */
enum { QUOTED = 60 };

static gboolean refuse(GError **error, const char *quoted, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* "QUOTED" and what the format says of it. Always FALSE. */
static gboolean
refuse(GError **error, const char *quoted, const char *format, ...)
{
    gsize length = strlen(quoted);
    char *shown = ces_text_clean(quoted, length, QUOTED);
    va_list arguments;

    va_start(arguments, format);
    char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, CES_MERGE_ERROR, CES_MERGE_REFUSED, "\"%s%s\" %s", shown, length > QUOTED ? "..." : "", words);
    g_free(words);
    g_free(shown);
    return FALSE;
}

/* --- members ------------------------------------------------------------------------- */

/* A value as it stands in the line, ended by a NUL; `text` is NULL if there is none. */
typedef struct {
    const char *text;
    jsmntype_t type;
} value;

enum {
    CAPTURE,
    STREAM,
    FIRST_FRAME,
    LAST_FRAME,
    START,
    END,
    SYNS,
    SERVICE,
    OPENING,
    DIRECTION,
    VERDICT,
    SUPPORT,
    ROLES,
    OUTCOME,
    FINDING,
    RESULT,
    CAUSE,
    ENDED,
    SEEN_FROM,
    INITIATOR,
    RESPONDER,
    MEMBERS
};

static const char *const member_names[MEMBERS] = {
    "capture", "stream",  "first_frame", "last_frame", "start",     "end",       "syns",
    "service", "opening", "direction",   "verdict",    "support",   "roles",     "outcome",
    "finding", "result",  "cause",       "ended",      "seen_from", "initiator", "responder"};

enum { ADDRESS, PORT, SITE, APPLIANCE, BASIS, NAME, PACKETS, BYTES, END_MEMBERS };

static const char *const end_member_names[END_MEMBERS] = {"address", "port", "site",    "appliance",
                                                          "basis",   "name", "packets", "bytes"};

/* All members of a record. */
typedef struct {
    value members[MEMBERS];
    value ends[2][END_MEMBERS]; /* of the initiator, of the responder */
} record_values;

/* --- from tokens to members -------------------------------------------------------------- */

/* A record has about a hundred. */
enum { TOKENS = 512 };

typedef struct {
    char *line;
    jsmntok_t tokens[TOKENS];
    int count;
} parsed;

/* The token behind this one and all in it. */
static int
skip(const parsed *p, int token)
{
    int end = p->tokens[token].end;

    for (token++; token < p->count && p->tokens[token].start < end; token++)
        continue;
    return token;
}

/* Ends the token's text, and takes its escapes away. NULL if they are none of JSON's. */
static const char *
text_of(const parsed *p, int token)
{
    char *text = p->line + p->tokens[token].start;

    p->line[p->tokens[token].end] = '\0';
    if (p->tokens[token].type == JSMN_STRING && strchr(text, '\\') && !json_decode_string_inplace(text))
        return NULL;
    return text;
}

/* Records have their members in the same order: looked for behind `latest` first. */
static int
position_of(const char *name, const char *const *names, int count, int latest)
{
    for (int i = 1; i <= count; i++)
        if (strcmp(name, names[(latest + i) % count]) == 0)
            return (latest + i) % count;
    return -1;
}

static gboolean read_end(const parsed *p, int token, value *members, GError **error);

/* Takes the value of a known member; of an unknown one there is nothing to take. */
static gboolean
take_value(const parsed *p, int token, const char *name, value *known, GError **error)
{
    if (!known)
        return TRUE;
    if (known->type != JSMN_UNDEFINED)
        return refuse(error, name, "stands twice in the record");
    known->type = p->tokens[token].type;
    if (known->type == JSMN_OBJECT || known->type == JSMN_ARRAY)
        return TRUE;
    known->text = text_of(p, token);
    return known->text || refuse(error, p->line + p->tokens[token].start, "is no text in JSON");
}

/* Reads the object at `token` into `values`, by their names. Where `ends` is not
 * NULL, initiator and responder are read into it. */
static gboolean
read_object(const parsed *p, int token, const char *const *names, int count, value *values, value (*ends)[END_MEMBERS],
            GError **error)
{
    int end = p->tokens[token].end, latest = -1;

    for (int key = token + 1; key < p->count && p->tokens[key].start < end;) {
        if (key + 1 >= p->count || p->tokens[key].type != JSMN_STRING || p->tokens[key].size != 1)
            return refuse(error, p->line + p->tokens[key].start, "is no member of a record");
        int behind = skip(p, key + 1);
        const char *name = text_of(p, key);
        int known = name ? position_of(name, names, count, latest) : -1;
        latest = known < 0 ? latest : known;
        if (!take_value(p, key + 1, name, known < 0 ? NULL : &values[known], error))
            return FALSE;
        if (ends && (known == INITIATOR || known == RESPONDER) &&
            !read_end(p, key + 1, ends[known == RESPONDER], error))
            return FALSE;
        key = behind;
    }
    return TRUE;
}

static gboolean
read_end(const parsed *p, int token, value *members, GError **error)
{
    if (p->tokens[token].type != JSMN_OBJECT)
        return refuse(error, text_of(p, token), "is no end of a connection");
    return read_object(p, token, end_member_names, END_MEMBERS, members, NULL, error);
}

static const char *
skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Whether the line is one object, and nothing else. */
static gboolean
parse(char *line, gsize length, parsed *p, GError **error)
{
    static const char other[] = "is no record of a connection: not a JSON object";

    if (!g_utf8_validate(line, (gssize)length, NULL)) /* nor does that take a NUL */
        return refuse(error, line, "holds bytes that no record holds");
    if (*skip_blanks(line) != '{')
        return refuse(error, line, "%s", other);
    p->line = line;
    p->count = json_parse(line, p->tokens, TOKENS);
    if (p->count == JSMN_ERROR_NOMEM)
        return refuse(error, line, "has more members than a record");
    if (p->count == JSMN_ERROR_PART)
        return refuse(error, line, "is cut short");
    if (p->count < 1 || skip(p, 0) != p->count || *skip_blanks(line + p->tokens[0].end) != '\0')
        return refuse(error, line, "%s", other);
    return TRUE;
}

/* --- from members to values -------------------------------------------------------------- */

static gboolean
require(const value *values, const char *const *names, int first, int count, const char *of, GError **error)
{
    for (int i = first; i < count; i++)
        if (values[i].type == JSMN_UNDEFINED)
            return refuse(error, names[i], "is missing%s: no record of a connection, or one of another version", of);
    return TRUE;
}

static gboolean
read_number(const value *v, const char *name, guint64 most, guint64 *number, GError **error)
{
    if (v->type == JSMN_PRIMITIVE && g_ascii_string_to_unsigned(v->text, 10, 0, most, number, NULL) &&
        g_ascii_isdigit(*v->text))
        return TRUE;
    return refuse(error, v->text ? v->text : "", "as \"%s\" is no number of a record", name);
}

static gboolean
read_number32(const value *v, const char *name, guint32 *number, GError **error)
{
    guint64 wide = 0;
    gboolean read = read_number(v, name, G_MAXUINT32, &wide, error);

    *number = (guint32)wide;
    return read;
}

static gboolean
is_null(const value *v)
{
    return v->type == JSMN_PRIMITIVE && strcmp(v->text, "null") == 0;
}

/* The longest path there is in bytes, each of them three where it is no UTF-8; no
 * name of a host or of a network comes near. */
enum { LONGEST_TEXT = 3 * 4096 };

static gboolean
read_text(const value *v, const char *name, const char **text, GError **error)
{
    if (v->type != JSMN_STRING)
        return refuse(error, v->text ? v->text : "", "as \"%s\" is no text", name);
    if (strlen(v->text) > LONGEST_TEXT)
        return refuse(error, v->text, "as \"%s\" is too long", name);
    *text = v->text;
    return TRUE;
}

enum { SECONDS = 19, MOST_DIGITS = 9 };

/* "2026-11-25T02:13:07" by GLib, and what stands behind the point. */
static ces_time
time_of(const char *text)
{
    gsize digits = strspn(text + SECONDS + 1, "0123456789");
    char *whole = g_strdup_printf("%.*sZ", SECONDS, text);
    GDateTime *read = g_date_time_new_from_iso8601(whole, NULL);
    ces_time timestamp = CES_TIME_UNKNOWN;

    g_free(whole);
    if (!read)
        return timestamp;
    if (text[SECONDS] == '.' && digits > 0 && digits <= MOST_DIGITS) {
        gint64 nanoseconds = g_ascii_strtoll(text + SECONDS + 1, NULL, 10);
        for (; digits < MOST_DIGITS; digits++)
            nanoseconds *= 10;
        timestamp = ces_time_from(g_date_time_to_unix(read), nanoseconds);
    }
    g_date_time_unref(read);
    return timestamp;
}

/* What was read is written once more: what then differs is no time of a record. */
static gboolean
read_time(const value *v, const char *name, ces_time *timestamp, GError **error)
{
    char again[CES_RFC3339_TEXT];

    *timestamp = CES_TIME_UNKNOWN;
    if (is_null(v))
        return TRUE;
    if (v->type == JSMN_STRING && strlen(v->text) > SECONDS + 1) {
        *timestamp = time_of(v->text);
        if (ces_rfc3339(*timestamp, again) && strcmp(again, v->text) == 0)
            return TRUE;
    }
    return refuse(error, v->text ? v->text : "", "as \"%s\" is no time of a record", name);
}

/* --- words ---------------------------------------------------------------------------------- */

#define WORD(name, token) [name] = (token),
#define WORDS(name, LIST) static const char *const name[] = {LIST(WORD)};

WORDS(services, CES_SERVICES)
WORDS(openings, CES_OPENINGS)
WORDS(directions, CES_DIRECTIONS)
WORDS(verdicts, CES_VERDICTS)
WORDS(supports, CES_SUPPORTS)
WORDS(roles, CES_ROLES)
WORDS(outcomes, CES_OUTCOMES)
WORDS(findings, CES_FINDINGS)
WORDS(results, CES_RESULTS)
WORDS(causes, CES_CAUSES)
WORDS(ends, CES_ENDS)
WORDS(sides, CES_SIDES)
WORDS(sites, CES_SITES)
WORDS(appliances, CES_APPLIANCES)
WORDS(bases, CES_BASES)

typedef struct {
    const char *const *words; /* by value; NULL where a value has none */
    guint count;
} vocabulary;

#define VOCABULARY(words)          \
    {                              \
        words, G_N_ELEMENTS(words) \
    }

/* Of the members from SERVICE on. */
static const vocabulary vocabularies[] = {VOCABULARY(services), VOCABULARY(openings), VOCABULARY(directions),
                                          VOCABULARY(verdicts), VOCABULARY(supports), VOCABULARY(roles),
                                          VOCABULARY(outcomes), VOCABULARY(findings), VOCABULARY(results),
                                          VOCABULARY(causes),   VOCABULARY(ends),     VOCABULARY(sides)};
G_STATIC_ASSERT(G_N_ELEMENTS(vocabularies) == SEEN_FROM - SERVICE + 1);

/* Of an end's members from SITE on. */
static const vocabulary end_vocabularies[] = {VOCABULARY(sites), VOCABULARY(appliances), VOCABULARY(bases)};
G_STATIC_ASSERT(G_N_ELEMENTS(end_vocabularies) == BASIS - SITE + 1);

static gboolean
read_word(const value *v, const char *name, const vocabulary *words, guint *word, GError **error)
{
    for (guint i = 0; v->type == JSMN_STRING && i < words->count; i++) {
        if (!words->words[i] || strcmp(words->words[i], v->text) != 0)
            continue;
        *word = i;
        return TRUE;
    }
    return refuse(error, v->text ? v->text : "", "as \"%s\" is no word of this version", name);
}

/* --- ends ------------------------------------------------------------------------------------- */

static gboolean
read_address(const value *v, ces_address *address, GError **error)
{
    char text[CES_ADDRESS_TEXT];
    ces_network network;

    if (v->type == JSMN_STRING && strlen(v->text) < CES_ADDRESS_TEXT && ces_network_parse(v->text, &network, NULL) &&
        strcmp(ces_address_text(&network.prefix, text), v->text) == 0) {
        *address = network.prefix;
        return TRUE;
    }
    return refuse(error, v->text ? v->text : "", "as \"address\" is no address of a record");
}

static gboolean
take_end(const value *members, ces_flow *flow, guint end, ces_party *party, GError **error)
{
    guint words[G_N_ELEMENTS(end_vocabularies)] = {0};
    guint64 port = 0;

    if (!require(members, end_member_names, 0, END_MEMBERS, " in an end", error) ||
        !read_address(&members[ADDRESS], &flow->ends[end].address, error) ||
        !read_number(&members[PORT], "port", G_MAXUINT16, &port, error) ||
        !read_number32(&members[PACKETS], "packets", &flow->packets[end], error) ||
        !read_number(&members[BYTES], "bytes", G_MAXUINT64, &flow->bytes[end], error) ||
        !read_text(&members[NAME], "name", &party->name, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (!read_word(&members[SITE + i], end_member_names[SITE + i], &end_vocabularies[i], &words[i], error))
            return FALSE;
    flow->ends[end].port = (guint16)port;
    party->site = (ces_site)words[0];
    party->appliance = (ces_appliance)words[1];
    party->basis = (ces_basis)words[2];
    return TRUE;
}

/* --- the connection ----------------------------------------------------------------------------- */

static gboolean
take_numbers(const value *members, ces_flow *flow, GError **error)
{
    if (is_null(&members[STREAM]))
        flow->stream = CES_NO_STREAM;
    else if (!read_number32(&members[STREAM], "stream", &flow->stream, error))
        return FALSE;
    return read_number32(&members[FIRST_FRAME], "first_frame", &flow->first_frame, error) &&
           read_number32(&members[LAST_FRAME], "last_frame", &flow->last_frame, error) &&
           read_number32(&members[SYNS], "syns", &flow->syns, error) &&
           read_time(&members[START], "start", &flow->start, error) &&
           read_time(&members[END], "end", &flow->end, error);
}

/* Of an attempt that nothing answered a record tells how long it was tried, if all
 * packets are attempts. */
static void
guess_attempts(ces_flow *flow, ces_outcome outcome)
{
    if (outcome == CES_OUTCOME_UNANSWERED && flow->syns == ces_flow_packets(flow) && flow->start != CES_TIME_UNKNOWN)
        flow->last_attempt = flow->end - flow->start;
}

/* Evidence that shows this outcome. */
static guint16
evidence_of(ces_outcome outcome)
{
    static const guint16 evidence[CES_OUTCOME_COUNT] = {
        [CES_OUTCOME_UNANSWERED] = CES_SEEN_SYN,
        [CES_OUTCOME_REJECTED] = CES_SEEN_SYN | CES_SEEN_ICMP_REFUSAL,
        [CES_OUTCOME_REFUSED] = CES_SEEN_SYN | CES_SEEN_RST_ANSWER,
        [CES_OUTCOME_HALF_OPEN] = CES_SEEN_SYN | CES_SEEN_SYN_ACK,
        [CES_OUTCOME_ESTABLISHED] = CES_SEEN_SYN | CES_SEEN_SYN_ACK | CES_SEEN_COMPLETION,
    };
    return evidence[outcome];
}

static gboolean
is_possible(ces_verdict verdict, ces_outcome outcome, ces_finding finding)
{
    return (finding == CES_FINDING_OPEN && outcome == CES_OUTCOME_UNANSWERED) ||
           finding == ces_finding_of(verdict, outcome, TRUE) || finding == ces_finding_of(verdict, outcome, FALSE);
}

/* What the rules say of the rest is what the record says. */
static gboolean
obeys_rules(const ces_assessment *a, const guint *words, GError **error)
{
    const struct {
        int member;
        guint follows;
    } derived[] = {{DIRECTION, a->ruling.direction},
                   {VERDICT, a->ruling.verdict},
                   {SUPPORT, a->support_ruling.support},
                   {ROLES, a->roles}};

    for (gsize i = 0; i < G_N_ELEMENTS(derived); i++) {
        const char *const *known = vocabularies[derived[i].member - SERVICE].words;
        guint said = words[derived[i].member - SERVICE];
        if (said != derived[i].follows)
            return refuse(error, known[said], "as \"%s\" is not what the rules of this version say, \"%s\"",
                          member_names[derived[i].member], known[derived[i].follows]);
    }
    return is_possible(a->ruling.verdict, a->outcome, a->finding) ||
           refuse(error, findings[a->finding], "as \"finding\" does not follow from \"%s\" and \"%s\"",
                  verdicts[a->ruling.verdict], outcomes[a->outcome]);
}

static gboolean
take_words(const value *members, ces_flow *flow, ces_assessment *a, GError **error)
{
    guint words[G_N_ELEMENTS(vocabularies)] = {0};

    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (!read_word(&members[SERVICE + i], member_names[SERVICE + i], &vocabularies[i], &words[i], error))
            return FALSE;
    a->service = (ces_service)words[0];
    a->outcome = (ces_outcome)words[OUTCOME - SERVICE];
    a->finding = (ces_finding)words[FINDING - SERVICE];
    a->result = (ces_result)words[RESULT - SERVICE];
    a->cause = (ces_cause)words[CAUSE - SERVICE];
    a->ended = (ces_ended)words[ENDED - SERVICE];
    a->seen_from = (ces_seen_from)words[SEEN_FROM - SERVICE];
    flow->service = (guint8)a->service;
    flow->opening = words[OPENING - SERVICE] & 3;
    flow->evidence = evidence_of(a->outcome);
    ces_assess_rules(a);
    return obeys_rules(a, words, error);
}

/* A record of a pair is a likely mistake. */
static gboolean
require_members(const value *members, const char *line, GError **error)
{
    if (members[SERVICE].type == JSMN_UNDEFINED && g_str_has_prefix(line, "{\"sma"))
        return refuse(error, line, "is the record of a pair; pairs are made of the records of connections");
    return require(members, member_names, STREAM, MEMBERS, "", error);
}

gboolean
ces_flow_record_read(char *line, gsize length, ces_flow_record *record, GError **error)
{
    parsed p = {.count = 0};
    record_values values = {.members = {{NULL, JSMN_UNDEFINED}}};
    ces_assessment *a = &record->assessment;

    *record = (ces_flow_record){.capture = ""};
    a->flow = &record->flow;
    if (!parse(line, length, &p, error) ||
        !read_object(&p, 0, member_names, MEMBERS, values.members, values.ends, error) ||
        !require_members(values.members, line, error) ||
        !take_end(values.ends[0], &record->flow, 0, &a->initiator, error) ||
        !take_end(values.ends[1], &record->flow, 1, &a->responder, error) ||
        !take_numbers(values.members, &record->flow, error) || !take_words(values.members, &record->flow, a, error) ||
        (values.members[CAPTURE].type != JSMN_UNDEFINED &&
         !read_text(&values.members[CAPTURE], "capture", &record->capture, error)))
        return FALSE;
    guess_attempts(&record->flow, a->outcome);
    return TRUE;
}
