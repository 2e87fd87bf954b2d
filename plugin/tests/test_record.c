/* test_record.c
 * The records that scripts read: every member, in each format.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/record.h"

#include <string.h>

#include <ces/text.h>

#include "report/csv.h"
#include "report/json.h"

#include "connections.h"
#include "rows.h"

/* --- a record in each format ------------------------------------------------------ */

/* Twice, since what is remembered from the first must make the second the same. */
static char *
json_of(const ces_assessment *assessment)
{
    GString *text = g_string_new(NULL);
    ces_writer json;

    ces_writer_init(&json, &ces_json, text, TRUE);
    ces_json_begin(text);
    ces_record_flow(assessment, &json);
    ces_json_end(text);
    gsize length = text->len;
    ces_json_begin(text);
    ces_record_flow(assessment, &json);
    ces_json_end(text);
    ces_writer_clear(&json);
    g_assert_cmpuint(text->len, ==, 2 * length);
    g_assert_cmpint(memcmp(text->str, text->str + length, length), ==, 0);
    g_string_truncate(text, length);
    return g_string_free(text, FALSE);
}

static char *
csv_of(const ces_assessment *assessment, void (*sample)(ces_writer *))
{
    GString *text = g_string_new(NULL);
    ces_csv csv;

    ces_csv_init(&csv, text, sample != NULL);
    if (sample)
        sample(&csv.writer);
    else
        ces_record_flow(assessment, &csv.writer);
    ces_csv_end_line(&csv);
    ces_csv_clear(&csv);
    return g_string_free(text, FALSE);
}

static void
expect(char *text, const char *wanted)
{
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
}

/* --- whole records ------------------------------------------------------------------ */

#define PERMITTED "Opened from inside the CES data centre, from where every port is permitted outbound."
#define SUPPORTED "A cloud SMA pulls Reporting and Message Tracking from an external ESA this way."

static void
test_json(void)
{
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.flow.stream = 7;
    c.assessment.result = CES_RESULT_WORKING;
    c.assessment.ended = CES_ENDED_INITIATOR_FIN;
    c.assessment.initiator.name = "sma1";
    expect(json_of(&c.assessment),
           "{\"stream\":7,\"first_frame\":1,\"last_frame\":9,\"start\":\"2026-11-25T02:13:07.123456Z\","
           "\"end\":\"2026-11-25T02:13:08.623456Z\",\"duration\":1.5,\"packets\":9,\"syns\":1,\"service\":\"sync\","
           "\"opening\":\"syn\",\"direction\":\"outbound\",\"verdict\":\"permitted\",\"support\":\"supported\","
           "\"roles\":\"known\",\"outcome\":\"established\",\"finding\":\"confirmed\",\"result\":\"working\","
           "\"cause\":\"none\",\"ended\":\"initiator_fin\",\"seen_from\":\"both\",\"reason\":\"" PERMITTED " " SUPPORTED
           "\",\"advice\":\"\",\"community_id\":\"1:2XQnIDJltPPBhJY3/2cfptkWnUw=\","
           "\"initiator\":{\"address\":\"203.0.113.20\",\"port\":50001,\"site\":\"cloud\",\"appliance\":\"sma\","
           "\"basis\":\"configured\",\"name\":\"sma1\",\"packets\":5,\"bytes\":812},"
           "\"responder\":{\"address\":\"198.51.100.10\",\"port\":22,\"site\":\"external\",\"appliance\":\"esa\","
           "\"basis\":\"configured\",\"name\":\"\",\"packets\":4,\"bytes\":5000000000}}\n");
}

/* The initiator is the second end, an address is IPv6, what is not known is null. */
static void
test_json_of_unknown(void)
{
    static const host responder = {"2001:db8::20", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN};
    static const host initiator = {"2001:db8:0:1::7", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN};
    connection c;

    connect_hosts(&c, CES_SERVICE_SPAM_QUARANTINE, &initiator, &responder, CES_SEEN_SYN);
    ces_socket opener = c.flow.ends[0];
    c.flow.ends[0] = c.flow.ends[1];
    c.flow.ends[1] = opener;
    c.flow.initiator = 1;
    c.flow.packets[0] = 0, c.flow.packets[1] = 4;
    c.flow.bytes[0] = c.flow.bytes[1] = 0;
    c.flow.start = c.flow.end = CES_TIME_UNKNOWN;
    c.assessment.seen_from = CES_SIDE_INITIATOR;
    char *json = json_of(&c.assessment);
    g_assert_true(g_str_has_prefix(
        json, "{\"stream\":null,\"first_frame\":1,\"last_frame\":9,\"start\":null,\"end\":null,\"duration\":null,"
              "\"packets\":4,\"syns\":1,\"service\":\"spam_quarantine\",\"opening\":\"syn\",\"direction\":\"inbound\","
              "\"verdict\":\"blocked\",\"support\":\"unsupported\",\"roles\":\"assumed\",\"outcome\":\"unanswered\","
              "\"finding\":\"confirmed\",\"result\":\"unknown\",\"cause\":\"none\",\"ended\":\"open\","
              "\"seen_from\":\"initiator\",\"reason\":\""));
    g_assert_true(g_str_has_suffix(
        json, "\"initiator\":{\"address\":\"2001:db8:0:1::7\",\"port\":50001,\"site\":\"external\","
              "\"appliance\":\"unknown\",\"basis\":\"configured\",\"name\":\"\",\"packets\":4,\"bytes\":0},"
              "\"responder\":{\"address\":\"2001:db8::20\",\"port\":6025,\"site\":\"cloud\",\"appliance\":\"unknown\","
              "\"basis\":\"configured\",\"name\":\"\",\"packets\":0,\"bytes\":0}}\n"));
    g_free(json);
}

static void
test_csv_header(void)
{
    expect(csv_of(NULL, ces_record_sample_flow),
           "stream,first_frame,last_frame,start,end,duration,packets,syns,service,opening,direction,verdict,support,"
           "roles,outcome,finding,result,cause,ended,seen_from,reason,advice,community_id,initiator.address,"
           "initiator.port,initiator.site,initiator.appliance,initiator.basis,initiator.name,initiator.packets,"
           "initiator.bytes,responder.address,responder.port,responder.site,responder.appliance,responder.basis,"
           "responder.name,responder.packets,responder.bytes\n");
}

static void
test_csv(void)
{
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.assessment.initiator.name = "a \"b\", c";
    c.assessment.responder.name = "two\nlines";
    expect(csv_of(&c.assessment, NULL),
           ",1,9,2026-11-25T02:13:07.123456Z,2026-11-25T02:13:08.623456Z,1.5,9,1,sync,syn,outbound,permitted,supported,"
           "known,established,confirmed,unknown,none,open,both,\"" PERMITTED " " SUPPORTED
           "\",,1:2XQnIDJltPPBhJY3/2cfptkWnUw=,"
           "203.0.113.20,50001,cloud,sma,configured,\"a \"\"b\"\", c\",5,812,"
           "198.51.100.10,22,external,esa,configured,two.lines,4,5000000000\n");
}

/* --- times ----------------------------------------------------------------------------- */

static const struct span {
    const char *name;
    ces_time start, end;
    const char *members;
} spans[] = {
    {"nothing gone by", MORNING, MORNING,
     "\"start\":\"2026-11-25T02:13:07.123456Z\",\"end\":\"2026-11-25T02:13:07.123456Z\",\"duration\":0,"},
    {"nanoseconds", MORNING + 1, MORNING + 1000,
     "\"start\":\"2026-11-25T02:13:07.123456001Z\",\"end\":\"2026-11-25T02:13:07.123457Z\",\"duration\":0.000000999,"},
    {"all of time", 0, G_MAXINT64,
     "\"start\":\"1970-01-01T00:00:00.000000Z\",\"end\":\"2262-04-11T23:47:16.854775807Z\","
     "\"duration\":9223372036.854775807,"},
    {"an end that is not known", MORNING, CES_TIME_UNKNOWN,
     "\"start\":\"2026-11-25T02:13:07.123456Z\",\"end\":null,\"duration\":null,"},
    {"backwards", MORNING, MORNING - 1,
     "\"start\":\"2026-11-25T02:13:07.123456Z\",\"end\":\"2026-11-25T02:13:07.123455999Z\",\"duration\":null,"},
};

static void
test_span(gconstpointer data)
{
    const struct span *row = (const struct span *)data;
    connection c;

    connect_hosts(&c, CES_SERVICE_SMTP, &outer_esa, &cloud_esa, UP);
    c.flow.start = row->start;
    c.flow.end = row->end;
    char *json = json_of(&c.assessment);
    if (!strstr(json, row->members))
        g_error("%s is missing in: %s", row->members, json);
    g_free(json);
}

/* --- hostile names ----------------------------------------------------------------------- */

static const struct naming {
    const char *name;
    const char *given;
    const char *json, *csv; /* as they are written */
} namings[] = {
    {"quotation marks", "a\"b\\c,d", "a\\\"b\\\\c,d", "\"a\"\"b\\c,d\""},
    {"not UTF-8", "a\377b", "a\357\277\275b", "a\357\277\275b"},
    {"control characters", "\033[31m\r\nx\177\302\233", ".[31m..x..", ".[31m..x.."},
    {"marks of direction", "\342\200\256evil\342\201\246\330\234", ".evil..", ".evil.."},
    {"without width", "a\342\200\213b\357\273\277", "a.b.", "a.b."},
    {"separators of lines", "a\342\200\250b\342\200\251", "a.b.", "a.b."},
    {"script", "<script>", "<script>", "<script>"},
    {"Hebrew", "\327\251\327\234", "\327\251\327\234", "\327\251\327\234"},
    {"Japanese", "\346\235\261\344\272\254", "\346\235\261\344\272\254", "\346\235\261\344\272\254"},
    {"a formula", "=cmd|x", "=cmd|x", "'=cmd|x"},
    {"a sum", "+1", "+1", "'+1"},
    {"a difference", "-1", "-1", "'-1"},
    {"a function", "@SUM(A1,\"x\")", "@SUM(A1,\\\"x\\\")", "\"'@SUM(A1,\"\"x\"\")\""},
    {"a tab", "\t=1", ".=1", ".=1"},
    {"a return", "\r=1", ".=1", ".=1"},
    {"a formula behind a blank", " =1", " =1", " =1"},
};

static void
test_naming(gconstpointer data)
{
    const struct naming *row = (const struct naming *)data;
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.assessment.responder.name = row->given;
    char *json = json_of(&c.assessment), *csv = csv_of(&c.assessment, NULL);
    char *json_end = g_strconcat(",\"name\":\"", row->json, "\",\"packets\":4,\"bytes\":5000000000}}\n", NULL);
    char *csv_end = g_strconcat(",configured,", row->csv, ",4,5000000000\n", NULL);
    g_assert_cmpstr(json + strlen(json) - MIN(strlen(json), strlen(json_end)), ==, json_end);
    g_assert_cmpstr(csv + strlen(csv) - MIN(strlen(csv), strlen(csv_end)), ==, csv_end);
    g_free(json), g_free(csv), g_free(json_end), g_free(csv_end);
}

/* --- the writers alone ------------------------------------------------------------------- */

CES_KEY(key)

static const struct value {
    const char *name;
    const char *bytes;
    gsize length;
    const char *json;
} values[] = {
#define VALUE(name, bytes, json)             \
    {                                        \
        name, bytes, sizeof(bytes) - 1, json \
    }
    VALUE("nothing", "", "{\"key\":\"\"}\n"),
    VALUE("plain", "abc def 123 ~", "{\"key\":\"abc def 123 ~\"}\n"),
    VALUE("marks", "\"\\/", "{\"key\":\"\\\"\\\\/\"}\n"),
    VALUE("control characters", "\b\t\n\f\r\037\177",
          "{\"key\":\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u001f\\u007f\"}\n"),
    VALUE("NUL", "a\0b", "{\"key\":\"a\357\277\275b\"}\n"),
    VALUE("separators of lines", "\342\200\250\342\200\251", "{\"key\":\"\\u2028\\u2029\"}\n"),
    VALUE("beyond the basic plane", "\360\235\205\263\364\217\277\277", "{\"key\":\"\\ud834\\udd73\\udbff\\udfff\"}\n"),
    VALUE("letters beyond the basic plane", "\360\240\200\213", "{\"key\":\"\360\240\200\213\"}\n"),
    VALUE("not UTF-8", "\377", "{\"key\":\"\357\277\275\"}\n"),
};

static void
test_value(gconstpointer data)
{
    const struct value *row = (const struct value *)data;
    GString *text = g_string_new(NULL);
    ces_writer json;

    ces_writer_init(&json, &ces_json, text, FALSE);
    ces_json_begin(text);
    ces_json.put(&json, &key_key, CES_VALUE_TEXT, row->bytes, row->length);
    ces_json_end(text);
    g_assert_cmpstr(text->str, ==, row->json);
    ces_writer_clear(&json);
    g_string_free(text, TRUE);
}

/* A text that is escaped from end to end, as long as may be: nothing is cut. */
static void
test_long_value(void)
{
    enum { LENGTH = 100000, ESCAPED = 6 };
    char *bytes = g_strnfill(LENGTH, '\001');
    GString *text = g_string_new(NULL);
    ces_writer json;

    ces_writer_init(&json, &ces_json, text, FALSE);
    ces_json.put(&json, &key_key, CES_VALUE_TEXT, bytes, LENGTH);
    g_assert_cmpuint(text->len, ==, strlen("\"key\":\"\"") + (gsize)LENGTH * ESCAPED);
    g_assert_cmpuint(strlen(text->str), ==, text->len);
    ces_writer_clear(&json);
    g_string_free(text, TRUE);
    g_free(bytes);
}

/* Any bytes: what comes out is UTF-8 without anything unfit, in every format. */
static void
test_any_bytes(void)
{
    static const char *const pieces[] = {
        "\"", "\\", "\n", "\033",     "\342\200\256",     "\342\200", "\355\240\200", "\364\217\277\277",
        "=",  ",",  "a",  "\303\244", "\360\235\205\263", "\377",     "\357\273\277", "12345678"};
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    for (guint i = 0; i < 5000; i++) {
        GString *name = g_string_new(NULL);
        for (int left = g_test_rand_int_range(0, 20); left > 0; left--)
            g_string_append(name, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
        c.assessment.initiator.name = name->str;
        char *written[] = {json_of(&c.assessment), csv_of(&c.assessment, NULL)};
        for (gsize w = 0; w < G_N_ELEMENTS(written); w++) {
            g_assert_true(g_utf8_validate(written[w], -1, NULL));
            g_assert_true(g_str_has_suffix(written[w], "\n"));
            written[w][strlen(written[w]) - 1] = '\0';
            for (const char *at = written[w]; *at; at = g_utf8_next_char(at))
                g_assert_false(ces_text_is_unfit(g_utf8_get_char(at)));
            g_free(written[w]);
        }
        g_string_free(name, TRUE);
    }
}

/* More words and parties than are remembered: none is taken for another. */
static void
test_many_words(void)
{
    GString *text = g_string_new(NULL);
    ces_writer json;
    connection c;

    ces_writer_init(&json, &ces_json, text, TRUE);
    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    for (guint i = 0; i < 4 * CES_CAUSE_COUNT * CES_RESULT_COUNT * CES_ENDED_COUNT; i++) {
        c.assessment.cause = (ces_cause)(i % CES_CAUSE_COUNT);
        c.assessment.result = (ces_result)(i / CES_CAUSE_COUNT % CES_RESULT_COUNT);
        c.assessment.ended = (ces_ended)(i / CES_CAUSE_COUNT / CES_RESULT_COUNT % CES_ENDED_COUNT);
        c.assessment.initiator.basis = (ces_basis)(i % CES_BASIS_COUNT);
        char *words = g_strdup_printf(",\"result\":\"%s\",\"cause\":\"%s\",\"ended\":\"%s\",",
                                      ces_result_token(c.assessment.result), ces_cause_token(c.assessment.cause),
                                      ces_ended_token(c.assessment.ended));
        char *basis = g_strdup_printf("\"sma\",\"basis\":\"%s\",", ces_basis_token(c.assessment.initiator.basis));
        g_string_truncate(text, 0);
        ces_json_begin(text);
        ces_record_flow(&c.assessment, &json);
        g_assert_nonnull(strstr(text->str, words));
        g_assert_nonnull(strstr(text->str, basis));
        g_free(words), g_free(basis);
    }
    ces_writer_clear(&json);
    g_string_free(text, TRUE);
}

/* --- cells ---------------------------------------------------------------------------------- */

static void
note_cell(const char *column, const char *value, gboolean is_number, gpointer data)
{
    g_string_append_printf((GString *)data, "%s=%s%s;", column, value, is_number ? "#" : "");
}

static void
test_cells(void)
{
    connection c;
    GString *text = g_string_new(NULL);

    connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, UP);
    c.assessment.initiator.name = "=a\033";
    ces_report_flow_cells(&c.assessment, note_cell, text);
    g_assert_true(
        g_str_has_prefix(text->str, "stream=;first_frame=1#;last_frame=9#;start=2026-11-25T02:13:07.123456Z;"));
    g_assert_nonnull(strstr(text->str, ";initiator.port=50001#;initiator.site=cloud;"));
    g_assert_nonnull(strstr(text->str, ";initiator.name==a.;"));
    g_assert_true(g_str_has_suffix(text->str, ";responder.packets=4#;responder.bytes=5000000000#;"));
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/record/json", test_json);
    g_test_add_func("/core/record/json of unknown", test_json_of_unknown);
    g_test_add_func("/core/record/csv header", test_csv_header);
    g_test_add_func("/core/record/csv", test_csv);
    ROWS_ADD("record/span", spans, test_span);
    ROWS_ADD("record/name", namings, test_naming);
    ROWS_ADD("record/value", values, test_value);
    g_test_add_func("/core/record/long value", test_long_value);
    g_test_add_func("/core/record/any bytes", test_any_bytes);
    g_test_add_func("/core/record/many words", test_many_words);
    g_test_add_func("/core/record/cells", test_cells);
    return g_test_run();
}
