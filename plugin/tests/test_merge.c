/* test_merge.c
 * Records of many captures: what is taken, what is refused, what counts once, and
 * that the order of captures does not matter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "merge.h"

#include <string.h>

#include <ces/drawing.h>

#include "connections.h"
#include "rows.h"

/* --- records to merge --------------------------------------------------------------- */

static gboolean
take(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

static gboolean
take_nothing(const char *text G_GNUC_UNUSED, gsize length G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
    return FALSE;
}

/* The record as a line, as the core writes it. */
static char *
record_of(const connection *c, const char *capture)
{
    GString *line = g_string_new(NULL);
    ces_drawing *drawing = ces_drawing_new(CES_REPORT_JSON, take, line);

    ces_drawing_name_captures(drawing);
    ces_drawing_begin_capture(drawing, capture);
    ces_drawing_add_flow(drawing, &c->assessment);
    ces_drawing_end(drawing);
    return g_string_free(line, FALSE);
}

/* A sync by an SMA in the cloud, so many seconds after MORNING. */
typedef struct {
    const char *capture;
    guint32 frame;
    gint64 after; /* or TIMELESS */
    guint16 port; /* of the SMA */
    guint16 evidence;
    ces_result result;
    guint packets;
} sync_record;

enum { TIMELESS = -1 };

static char *
record_of_sync(const sync_record *row)
{
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, row->evidence);
    c.flow.ends[0].port = row->port;
    c.flow.start = row->after == TIMELESS ? CES_TIME_UNKNOWN : MORNING + row->after * CES_SECOND;
    c.flow.end = row->after == TIMELESS ? CES_TIME_UNKNOWN : c.flow.start + CES_SECOND;
    c.flow.first_frame = row->frame;
    c.flow.packets[0] = row->packets;
    c.assessment.result = row->result;
    return record_of(&c, row->capture);
}

static void
add(ces_merge *merge, const char *line)
{
    GError *error = NULL;

    if (!ces_merge_add(merge, line, strlen(line), &error))
        g_error("%s: %s", error->message, line);
}

static void
add_sync(ces_merge *merge, const sync_record *row)
{
    char *line = record_of_sync(row);

    add(merge, line);
    g_free(line);
}

static ces_merge *
merge_for_pairs(void)
{
    return ces_merge_new(&(ces_merge_options){.keep_pairs = TRUE});
}

static char *
pairs_of(ces_merge *merge, ces_report_format format)
{
    GString *text = g_string_new(NULL);

    g_assert_true(ces_merge_pairs(merge, format, take, text));
    return g_string_free(text, FALSE);
}

/* --- what is refused -------------------------------------------------------------------- */

/* One thing put for another in a good record. */
static const struct refusal {
    const char *name;
    const char *from, *to; /* `from` NULL: the line as a whole is `to` */
    const char *says;
} refusals[] = {
    {"no JSON", NULL, "Packet  Verdict", "\"Packet  Verdict\" is no record of a connection"},
    {"nothing", NULL, "   ", "is no record of a connection"},
    {"list", NULL, "[1,2]", "is no record of a connection"},
    {"number", NULL, "17", "is no record of a connection"},
    {"brackets that do not match", NULL, "{\"a\":[1}", "is no record of a connection"},
    {"empty object", NULL, "{}", "\"stream\" is missing"},
    {"pair", NULL, "{\"sma\":{\"address\":\"203.0.113.20\"}}", "is the record of a pair"},
    {"two records", "}}", "}}{\"a\":1}", "is no record of a connection"},
    {"something behind it", "}}", "}} []", "is no record of a connection"},
    {"missing member", "\"cause\":\"none\",", "", "\"cause\" is missing: no record of a connection, or one of another"},
    {"missing member of an end", "\"basis\":\"configured\",", "", "\"basis\" is missing in an end"},
    {"no end", "\"initiator\":{", "\"initiator\":7,\"x\":{", "\"7\" is no end of a connection"},
    {"member twice", "\"syns\":1", "\"syns\":1,\"syns\":2", "\"syns\" stands twice"},
    {"end twice", "\"responder\":{", "\"initiator\":{", "\"initiator\" stands twice"},
    {"no key", "\"syns\":1", "1", " is no "},
    {"key without value", "\"syns\":1", "\"syns\"", "is no member of a record"},
    {"word of another version", "\"outcome\":\"established\"", "\"outcome\":\"vanished\"",
     "\"vanished\" as \"outcome\" is no word of this version"},
    {"list as word", "\"outcome\":\"established\"", "\"outcome\":[\"established\"]", "as \"outcome\" is no word"},
    {"number as word", "\"outcome\":\"established\"", "\"outcome\":5", "\"5\" as \"outcome\" is no word"},
    {"verdict of other rules", "\"verdict\":\"permitted\"", "\"verdict\":\"blocked\"",
     "\"blocked\" as \"verdict\" is not what the rules of this version say, \"permitted\""},
    {"support of other rules", "\"support\":\"supported\"", "\"support\":\"unsupported\"", "not what the rules"},
    {"impossible finding", "\"finding\":\"confirmed\"", "\"finding\":\"failed\"",
     "\"failed\" as \"finding\" does not follow from \"permitted\" and \"established\""},
    {"negative number", "\"syns\":1", "\"syns\":-1", "\"-1\" as \"syns\" is no number"},
    {"fraction", "\"syns\":1", "\"syns\":1.5", "\"1.5\" as \"syns\" is no number"},
    {"hexadecimal", "\"syns\":1", "\"syns\":0x1", "is no number"},
    {"number in quotation marks", "\"syns\":1", "\"syns\":\"1\"", "is no number"},
    {"number too large", "\"syns\":1", "\"syns\":4294967296", "\"4294967296\" as \"syns\" is no number"},
    {"port too large", "\"port\":22", "\"port\":65536", "is no number"},
    {"null as number", "\"syns\":1", "\"syns\":null", "\"null\" as \"syns\""},
    {"address with a prefix", "198.51.100.10\"", "198.51.100.10/32\"", "is no address"},
    {"no address", "198.51.100.10\"", "198.51.100.256\"", "\"198.51.100.256\" as \"address\" is no address"},
    {"address in other words", "198.51.100.10\"", "2001:DB8::1\"", "is no address"},
    {"no time", "\"start\":\"2026-11-25T02:13:07.123456Z\"", "\"start\":\"today\"",
     "\"today\" as \"start\" is no time"},
    {"day that is none", "\"start\":\"2026-11-25T", "\"start\":\"2026-11-31T", "is no time"},
    {"time without fraction", "\"start\":\"2026-11-25T02:13:07.123456Z\"", "\"start\":\"2026-11-25T02:13:07Z\"",
     "is no time"},
    {"time that is no number", "07.123456Z", "07nan", "is no time"},
    {"time of another zone", "07.123456Z", "07.123456+01:00", "is no time"},
    {"number as time", "\"start\":\"2026-11-25T02:13:07.123456Z\"", "\"start\":1", "\"1\" as \"start\" is no time"},
    {"year beyond", "\"start\":\"2026", "\"start\":\"9999", "is no time"},
    {"number as name", "\"name\":\"\"", "\"name\":3", "\"3\" as \"name\" is no text"},
    {"half of a pair of surrogates", "\"name\":\"\"", "\"name\":\"\\ud800\"", "is no text in JSON"},
    {"NUL as escape", "\"name\":\"\"", "\"name\":\"a\\u0000b\"", "is no text in JSON"},
    {"no UTF-8", "\"name\":\"\"", "\"name\":\"\377\"", "holds bytes that no record holds"},
    {"list as capture", "\"capture\":\"a.pcap\"", "\"capture\":[]", "as \"capture\" is no text"},
};

static char *
replace_first(const char *line, const char *from, const char *to)
{
    const char *at = strstr(line, from);

    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
}

static const sync_record good = {"a.pcap", 1, 0, 50001, UP, CES_RESULT_WORKING, 5};

static void
expect_refused(ces_merge *merge, const char *line, gsize length, const char *says)
{
    GError *error = NULL;

    g_assert_false(ces_merge_add(merge, line, length, &error));
    g_assert_error(error, CES_MERGE_ERROR, CES_MERGE_REFUSED);
    if (!strstr(error->message, says) || strchr(error->message, '\n') || strlen(error->message) > 300)
        g_error("says \"%s\" instead of \"%s\"", error->message, says);
    g_error_free(error);
}

static void
expect_untouched(ces_merge *merge)
{
    char *text = pairs_of(merge, CES_REPORT_TEXT);

    g_assert_true(g_str_has_prefix(text, "No connection that ties"));
    g_assert_cmpuint(ces_merge_facts_now(merge).connections, ==, 0);
    g_free(text);
}

static void
test_refusal(gconstpointer data)
{
    const struct refusal *row = (const struct refusal *)data;
    ces_merge *merge = merge_for_pairs();
    char *line = record_of_sync(&good);
    char *bad = row->from ? replace_first(line, row->from, row->to) : g_strdup(row->to);

    expect_refused(merge, bad, strlen(bad), row->says);
    expect_untouched(merge);
    g_free(bad);
    g_free(line);
    ces_merge_free(merge);
}

/* Cut anywhere, a record is none. */
static void
test_cut(void)
{
    ces_merge *merge = merge_for_pairs();
    char *line = record_of_sync(&good);

    for (gsize length = 0; length < strlen(line) - 1; length++)
        expect_refused(merge, line, length, length == 0 ? "is no record" : "is cut short");
    expect_untouched(merge);
    g_free(line);
    ces_merge_free(merge);
}

/* Sizes that whoever wrote the record chose. */
static void
test_excess(void)
{
    enum { MEGABYTE = 1 << 20, DEPTH = 10000 };
    ces_merge *merge = merge_for_pairs();
    char *line = record_of_sync(&good), *many = g_strnfill(MEGABYTE, 'a'), *deep = g_strnfill(DEPTH, '[');
    char *name = g_strdup_printf("\"name\":\"%s\"", many);
    char *named = replace_first(line, "\"name\":\"\"", name);
    char *nested = replace_first(line, "\"syns\":1", deep);
    char with_nul[] = "{\"stream\":0\0}";

    expect_refused(merge, named, strlen(named), "is longer than any record");
    many[20000] = '\0';
    g_free(name), g_free(named);
    name = g_strdup_printf("\"name\":\"%s\"", many);
    named = replace_first(line, "\"name\":\"\"", name);
    expect_refused(merge, named, strlen(named), "as \"name\" is too long");
    expect_refused(merge, nested, strlen(nested), "has more members than a record");
    expect_refused(merge, with_nul, sizeof with_nul - 1, "holds bytes that no record holds");
    expect_untouched(merge);
    g_free(name), g_free(named), g_free(nested), g_free(deep), g_free(many), g_free(line);
    ces_merge_free(merge);
}

/* A key that is the last of as many tokens as are read. */
static void
test_last_token(void)
{
    ces_merge *merge = merge_for_pairs();

    for (guint tokens = 1; tokens < 600; tokens++) {
        GString *line = g_string_new("{\"x\":[");
        for (guint i = 3; i + 1 < tokens; i++)
            g_string_append(line, i > 3 ? ",0" : "0");
        g_string_append(line, "],\"stream\"}");
        expect_refused(merge, line->str, line->len, tokens > 512 ? "has more members than a record" : " is ");
        g_string_free(line, TRUE);
    }
    expect_untouched(merge);
    ces_merge_free(merge);
}

/* --- what is taken --------------------------------------------------------------------------- */

static void
expect_flows(const char *line, ces_report_format format, const char *wanted)
{
    GString *text = g_string_new(NULL);
    ces_merge *merge =
        ces_merge_new(&(ces_merge_options){.flow_format = format, .flow_output = take, .flow_data = text});

    add(merge, line);
    g_assert_true(ces_merge_end_flows(merge));
    g_assert_cmpstr(text->str, ==, wanted);
    g_string_free(text, TRUE);
    ces_merge_free(merge);
}

/* Every record that the core writes comes out again byte for byte. */
static void
test_as_written(void)
{
    static const host hosts[] = {{"203.0.113.20", CES_SITE_CLOUD, CES_APPLIANCE_SMA},
                                 {"2001:db8::10", CES_SITE_EXTERNAL, CES_APPLIANCE_ESA},
                                 {"::ffff:192.0.2.1", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN}};
    static const char *const names[] = {"", "a \"quoted\\ name\303\244", "\342\200\256\033"};
    static const ces_time times[] = {CES_TIME_UNKNOWN, 0, MORNING, MORNING + 1, G_MAXINT64 - CES_SECOND};
    static const guint16 evidences[] = {0, CES_SEEN_SYN, UP, CES_SEEN_SYN | CES_SEEN_RST_ANSWER};
    connection c;

    for (guint i = 0; i < 6000; i++) {
        ces_service service = (ces_service)(1 + i % (CES_SERVICE_COUNT - 1));
        connect_hosts(&c, service, &hosts[i / 5 % 3], &hosts[i / 7 % 3], evidences[i / 3 % 4]);
        c.flow.start = times[i % G_N_ELEMENTS(times)];
        c.flow.end = c.flow.start == CES_TIME_UNKNOWN ? c.flow.start : c.flow.start + (gint64)(i % 3);
        c.flow.stream = i % 2 ? i : CES_NO_STREAM;
        c.flow.bytes[0] = i % 4 ? i : G_MAXUINT64;
        c.flow.opening = i % CES_OPENING_COUNT;
        c.assessment.result = (ces_result)(i % CES_RESULT_COUNT);
        c.assessment.cause = (ces_cause)(i / 2 % CES_CAUSE_COUNT);
        c.assessment.ended = (ces_ended)(i % CES_ENDED_COUNT);
        c.assessment.seen_from = (ces_seen_from)(i % CES_SIDE_COUNT);
        ces_assess_rules(&c.assessment);
        c.assessment.initiator.name = names[i % 3];
        char *line = record_of(&c, names[i / 2 % 3]);
        expect_flows(line, CES_REPORT_JSON, line);
        g_free(line);
    }
}

/* Members that a later version adds, and blanks. */
static void
test_tolerated(void)
{
    char *line = record_of_sync(&good);
    char *added = replace_first(line, "\"syns\":1", " \"x\" : [ { \"syns\" : 3 } , null ],\t\"s\\u0079ns\" : 1 ");

    expect_flows(added, CES_REPORT_JSON, line);
    g_free(added);
    g_free(line);
}

/* JSON may have them raw; no report has. */
static void
test_raw_characters(void)
{
    char *line = record_of_sync(&good);
    char *named = replace_first(line, "\"name\":\"\"", "\"name\":\"\033[31m\342\200\256\"");
    char *raw = replace_first(named, "a.pcap", "\033\342\200\256.pcap");
    char *clean = replace_first(line, "\"name\":\"\"", "\"name\":\".[31m.\"");
    char *escaped = replace_first(clean, "a.pcap", "\\u001b\\u202e.pcap");

    expect_flows(raw, CES_REPORT_JSON, escaped);
    g_free(escaped), g_free(clean), g_free(raw), g_free(named), g_free(line);
}

static void
test_flows(void)
{
    GString *text = g_string_new(NULL), *csv = g_string_new(NULL);
    sync_record row = {"=a,\033.pcap", 1, 0, 50001, UP, CES_RESULT_WORKING, 5};
    ces_merge *as_text =
        ces_merge_new(&(ces_merge_options){.flow_format = CES_REPORT_TEXT, .flow_output = take, .flow_data = text});
    ces_merge *as_csv =
        ces_merge_new(&(ces_merge_options){.flow_format = CES_REPORT_CSV, .flow_output = take, .flow_data = csv});

    add_sync(as_text, &row), add_sync(as_csv, &row);
    add_sync(as_text, &row), add_sync(as_csv, &row);
    ces_merge_empty_capture(as_text, "empty.pcap");
    row.capture = "b.pcap";
    add_sync(as_text, &row), add_sync(as_csv, &row);
    g_assert_true(ces_merge_end_flows(as_text));
    g_assert_true(ces_merge_end_flows(as_csv));

    g_assert_true(g_str_has_prefix(text->str, "== =a,..pcap ==\n  Packet  Verdict"));
    g_assert_nonnull(strstr(text->str, "\n2 connections: 2 permitted"));
    g_assert_nonnull(strstr(text->str, "\n\n== empty.pcap ==\nNo connection on a CES port.\n\n== b.pcap ==\n"));
    g_assert_true(g_str_has_suffix(text->str, "\n1 connection: 1 permitted, 0 blocked, 0 out of scope, 0 undetermined; "
                                              "0 failed, 0 contradicted.\n\n"));
    g_assert_true(g_str_has_prefix(csv->str, "capture,stream,first_frame,"));
    g_assert_nonnull(strstr(csv->str, "\n\"'=a,..pcap\",,1,9,2026-11-25T02:13:07.123456Z,"));
    g_assert_nonnull(strstr(csv->str, "\nb.pcap,,1,9,"));
    g_string_free(text, TRUE), g_string_free(csv, TRUE);
    ces_merge_free(as_text), ces_merge_free(as_csv);
}

/* A report without any record is one, too. */
static void
test_nothing(void)
{
    GString *text = g_string_new(NULL);
    ces_merge *merge = ces_merge_new(&(ces_merge_options){
        .keep_pairs = TRUE, .flow_format = CES_REPORT_TEXT, .flow_output = take, .flow_data = text});

    g_assert_true(ces_merge_end_flows(merge));
    g_assert_cmpstr(text->str, ==, "No connection on a CES port.\n");
    g_string_truncate(text, 0);
    g_assert_true(ces_merge_summary(merge, take, text));
    g_assert_cmpstr(text->str, ==, "");
    g_string_free(text, TRUE);
    ces_merge_free(merge);
}

static void
test_full_disk(void)
{
    ces_merge *merge = ces_merge_new(
        &(ces_merge_options){.keep_pairs = TRUE, .flow_format = CES_REPORT_JSON, .flow_output = take_nothing});
    char *line = record_of_sync(&good);
    GError *error = NULL;

    while (ces_merge_add(merge, line, strlen(line), &error)) /* until a buffer is full */
        g_assert_cmpuint(ces_merge_facts_now(merge).connections, <, 1000);
    g_assert_error(error, CES_MERGE_ERROR, CES_MERGE_UNWRITTEN);
    g_assert_false(ces_merge_end_flows(merge));
    g_assert_false(ces_merge_pairs(merge, CES_REPORT_CSV, take_nothing, NULL));
    g_assert_false(ces_merge_summary(merge, take_nothing, NULL));
    g_error_free(error);
    g_free(line);
    ces_merge_free(merge);
}

/* --- streams ------------------------------------------------------------------------------------ */

static void
note_complaint(guint64 line, const GError *error, gpointer data)
{
    g_string_append_printf((GString *)data, "%" G_GUINT64_FORMAT ": %.30s\n", line, error->message);
}

static void
test_stream(void)
{
    ces_merge *merge = merge_for_pairs();
    GString *complaints = g_string_new(NULL);
    char *line = record_of_sync(&good), *huge = g_strnfill(3 * CES_MERGE_LINE, 'x');
    FILE *stream = tmpfile();

    g_assert_nonnull(stream);
    line[strlen(line) - 1] = '\0';
    fprintf(stream, "\n%s\r\nwrong\n%s\n\n{\"stream\":0\n%s", line, huge, line);
    rewind(stream);
    g_assert_false(ces_merge_read(merge, stream, note_complaint, complaints));
    g_assert_cmpstr(complaints->str, ==,
                    "3: \"wrong\" is no record of a conn\n"
                    "4: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
                    "6: \"{\"stream\":0\" is cut short\n");
    g_assert_cmpuint(ces_merge_facts_now(merge).connections, ==, 2);
    rewind(stream);
    g_string_free(complaints, TRUE);
    g_free(line), g_free(huge);
    fclose(stream);
    ces_merge_free(merge);
}

/* --- order and copies ------------------------------------------------------------------------------ */

#define EPISODE(from, to, n, outcome, result, capture, frame)                                                       \
    "{\"from\":\"2026-11-25T02:13:" from ".123456Z\",\"to\":\"2026-11-25T02:13:" to ".123456Z\",\"connections\":" n \
    ",\"outcome\":\"" outcome "\",\"result\":\"" result "\",\"capture\":\"" capture "\",\"frame\":" frame "}"

enum { RECORDS = 8 };

static const struct joining {
    const char *name;
    sync_record records[RECORDS];
    guint count;
    const char *history; /* of Reporting */
} joinings[] = {
    {"captures in any order",
     {{"b.pcap", 1, 10, 50003, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 1},
      {"b.pcap", 2, 20, 50004, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 1},
      {"a.pcap", 1, 0, 50001, UP, CES_RESULT_WORKING, 5},
      {"a.pcap", 2, 5, 50002, UP, CES_RESULT_WORKING, 5},
      {"c.pcap", 1, 12, 50005, CES_SEEN_SYN | CES_SEEN_RST_ANSWER, CES_RESULT_UNKNOWN, 1}},
     5,
     EPISODE("07", "13", "2", "established", "working", "a.pcap", "1") "," EPISODE(
         "17", "18", "1", "unanswered", "unknown", "b.pcap",
         "1") "," EPISODE("19", "20", "1", "refused", "unknown", "c.pcap",
                          "1") "," EPISODE("27", "28", "1", "unanswered", "unknown", "b.pcap", "2")},
    {"a copy counts once, the one that shows more",
     {{"a.pcap", 7, 0, 50001, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 1},
      {"b.pcap", 1, 0, 50001, UP, CES_RESULT_WORKING, 5},
      {"c.pcap", 3, 0, 50001, UP, CES_RESULT_UNKNOWN, 4}},
     3,
     EPISODE("07", "08", "1", "established", "working", "b.pcap", "1")},
    {"the same record twice",
     {{"a.pcap", 7, 0, 50001, UP, CES_RESULT_WORKING, 5}, {"a.pcap", 7, 0, 50001, UP, CES_RESULT_WORKING, 5}},
     2,
     EPISODE("07", "08", "1", "established", "working", "a.pcap", "7")},
    {"twins in one capture are two",
     {{"a.pcap", 7, 0, 50001, UP, CES_RESULT_WORKING, 5},
      {"a.pcap", 8, 0, 50001, UP, CES_RESULT_WORKING, 5},
      {"b.pcap", 1, 0, 50001, UP, CES_RESULT_WORKING, 5},
      {"b.pcap", 2, 0, 50001, UP, CES_RESULT_WORKING, 5},
      {"c.pcap", 1, 0, 50001, UP, CES_RESULT_WORKING, 5}},
     5,
     EPISODE("07", "08", "2", "established", "working", "a.pcap", "7")},
    {"other ends are another connection",
     {{"a.pcap", 7, 0, 50001, UP, CES_RESULT_WORKING, 5}, {"b.pcap", 7, 0, 50002, UP, CES_RESULT_WORKING, 5}},
     2,
     EPISODE("07", "08", "2", "established", "working", "a.pcap", "7")},
    {"without a time, one capture after the other",
     {{"b.pcap", 1, TIMELESS, 50001, UP, CES_RESULT_WORKING, 5},
      {"a.pcap", 1, TIMELESS, 50001, UP, CES_RESULT_WORKING, 5},
      {"a.pcap", 1, TIMELESS, 50001, UP, CES_RESULT_WORKING, 5}},
     3,
     "{\"from\":null,\"to\":null,\"connections\":2,\"outcome\":\"established\",\"result\":\"working\","
     "\"capture\":\"a.pcap\",\"frame\":1}"},
};

static char *
join_rotated(const struct joining *row, guint rotation, gboolean backwards)
{
    ces_merge *merge = merge_for_pairs();

    for (guint i = 0; i < row->count; i++) {
        guint nth = (i + rotation) % row->count;
        add_sync(merge, &row->records[backwards ? row->count - 1 - nth : nth]);
    }
    g_free(pairs_of(merge, CES_REPORT_TEXT)); /* reading changes nothing */
    char *json = pairs_of(merge, CES_REPORT_JSON);
    ces_merge_free(merge);
    return json;
}

static void
test_joining(gconstpointer data)
{
    const struct joining *row = (const struct joining *)data;
    char *first = join_rotated(row, 0, FALSE);
    char *wanted = g_strdup_printf("\"reporting\":{\"support\":\"supported\",\"seen\":\"established\",\"result\":"
                                   "\"working\",\"history\":[%s]}",
                                   row->history);

    if (!strstr(first, wanted))
        g_error("%s is not in %s", wanted, first);
    for (guint rotation = 0; rotation < 2 * row->count; rotation++) {
        char *other = join_rotated(row, rotation / 2, rotation % 2);
        g_assert_cmpstr(other, ==, first);
        g_free(other);
    }
    g_free(wanted);
    g_free(first);
}

/* Pairs come in the order of time, whatever the order of captures; in one capture
 * in its own, whatever its clock did. */
static void
test_order_of_pairs(void)
{
    static const struct {
        const char *capture;
        guint32 frame, host;
        gint64 after;
    } rows[] = {{"b.pcap", 1, 13, 30}, {"b.pcap", 2, 14, 20}, {"a.pcap", 1, 12, 25}, {"a.pcap", 2, 11, 10}};
    static const char *const order[] = {"198.51.100.12", "198.51.100.11", "198.51.100.13", "198.51.100.14"};
    ces_merge *merge = merge_for_pairs();
    connection c;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
        c.flow.ends[1].address.low += rows[i].host - 10;
        c.flow.start = MORNING + rows[i].after * CES_SECOND;
        c.flow.end = c.flow.start;
        c.flow.first_frame = rows[i].frame;
        char *line = record_of(&c, rows[i].capture);
        add(merge, line);
        g_free(line);
    }
    char *csv = pairs_of(merge, CES_REPORT_CSV);
    char **lines = g_strsplit(csv, "\n", -1);
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        if (!strstr(lines[i + 1], order[i]))
            g_error("%s is not in %s", order[i], lines[i + 1]);
    g_strfreev(lines);
    g_free(csv);
    ces_merge_free(merge);
}

/* --- facts --------------------------------------------------------------------------------------------- */

static void
test_facts(void)
{
    static const host nobody = {"192.0.2.1", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    static const host nobody_else = {"192.0.2.2", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    ces_merge *merge = merge_for_pairs();
    GString *text = g_string_new(NULL);
    connection c;

    add_sync(merge, &good);
    g_assert_false(ces_merge_missing_sites(merge, text));
    g_assert_cmpuint(ces_merge_facts_now(merge).wrong, ==, 0);
    add_sync(merge, &(sync_record){"a.pcap", 2, 1, 50002, UP, CES_RESULT_SILENT, 5});
    add_sync(merge, &(sync_record){"a.pcap", 3, 2, 50003, CES_SEEN_SYN, CES_RESULT_UNKNOWN, 5});
    connect_hosts(&c, CES_SERVICE_SMTP, &nobody, &nobody_else, UP);
    char *line = record_of(&c, "a.pcap");
    add(merge, line);
    ces_merge_facts facts = ces_merge_facts_now(merge);
    g_assert_cmpuint(facts.connections, ==, 4);
    g_assert_cmpuint(facts.wrong, ==, 2);
    g_assert_cmpuint(facts.undetermined, ==, 1);
    g_assert_true(ces_merge_missing_sites(merge, text));
    g_assert_nonnull(strstr(text->str, "192.0.2.1:50001"));
    char *pairs = pairs_of(merge, CES_REPORT_TEXT);
    g_assert_nonnull(strstr(pairs, "*** NOT JUDGED: 1 of 4 connections."));
    g_free(pairs), g_free(line);
    g_string_free(text, TRUE);
    ces_merge_free(merge);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("merge/refusal", refusals, test_refusal);
    g_test_add_func("/core/merge/cut", test_cut);
    g_test_add_func("/core/merge/excess", test_excess);
    g_test_add_func("/core/merge/last token", test_last_token);
    g_test_add_func("/core/merge/as written", test_as_written);
    g_test_add_func("/core/merge/tolerated", test_tolerated);
    g_test_add_func("/core/merge/raw characters", test_raw_characters);
    g_test_add_func("/core/merge/flows", test_flows);
    g_test_add_func("/core/merge/nothing", test_nothing);
    g_test_add_func("/core/merge/full disk", test_full_disk);
    g_test_add_func("/core/merge/stream", test_stream);
    ROWS_ADD("merge/joining", joinings, test_joining);
    g_test_add_func("/core/merge/order of pairs", test_order_of_pairs);
    g_test_add_func("/core/merge/facts", test_facts);
    return g_test_run();
}
