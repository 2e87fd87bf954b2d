/* test_page.c
 * The page: what becomes of text from captures, of numbers, and of very many
 * connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/page.h>

#include <math.h>
#include <string.h>

#include <ces/text.h>

#include "page/escape.h"
#include "page/pairs.h"
#include "page/scale.h"
#include "page/state.h"
#include "page/svg.h"
#include "page/template.h"
#include "page/words.h"

#include "connections.h"
#include "rows.h"

/* --- text ------------------------------------------------------------------------ */

static const struct escaping {
    const char *name;
    const char *text, *escaped;
} escapings[] = {
    {"nothing", "", ""},
    {"plain", "esa1.example.com", "esa1.example.com"},
    {"an element", "<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"},
    {"an attribute", "\" onload='x", "&quot; onload=&#39;x"},
    {"an entity", "&lt;", "&amp;lt;"},
    {"a placeholder", "{{name}}", "{{name}}"},
    {"control characters", "a\033[2J\r\nb\177", "a.[2J..b."},
    {"marks of direction", "a\342\200\256b\342\201\246c", "a.b.c"},
    {"no width", "a\342\200\213b\357\273\277c", "a.b.c"},
    {"not UTF-8", "a\377b", "a\357\277\275b"},
    {"other scripts", "\327\251\327\234\327\225\327\235", "\327\251\327\234\327\225\327\235"},
};

static void
test_escaping(gconstpointer data)
{
    const struct escaping *row = (const struct escaping *)data;
    GString *page = g_string_new(NULL);

    ces_page_escape(page, row->text, strlen(row->text));
    g_assert_cmpstr(page->str, ==, row->escaped);
    g_string_free(page, TRUE);
}

/* Whole characters, whatever stands at the bound. */
static void
test_long_text_is_cut(void)
{
    char *text = g_strnfill(1 << 20, '<');
    GString *page = g_string_new(NULL);

    ces_page_escape(page, text, 1 << 20);
    g_assert_cmpuint(page->len, ==, CES_PAGE_TEXT * strlen("&lt;") + strlen("..."));
    for (gsize length = CES_PAGE_TEXT - 4; length < CES_PAGE_TEXT + 4; length++) {
        g_string_truncate(page, 0);
        memcpy(text + length - 3, "\346\235\261", 3);
        ces_page_escape(page, text, length);
        g_assert_true(g_utf8_validate(page->str, (gssize)page->len, NULL));
    }
    g_string_free(page, TRUE);
    g_free(text);
}

static const struct quoting {
    const char *name;
    const char *word, *quoted;
} quotings[] = {
    {"plain", "night.pcap", "'night.pcap'"},
    {"blanks", "my night.pcap", "'my night.pcap'"},
    {"a command", "$(reboot);`x`&", "'$(reboot);`x`&'"},
    {"an apostrophe", "it's", "'it'\\''s'"},
    {"an option", "-rf", "'-rf'"},
    {"a line break", "a\nb", "$'a\\012b'"},
    {"an escape", "a\033'\\b", "$'a\\033\\047\\134b'"},
    {"no UTF-8", "a\3779", "$'a\\3779'"},
    {"a mark of direction", "a\342\200\256b", "$'a\\342\\200\\256b'"},
};

static void
test_quoting(gconstpointer data)
{
    const struct quoting *row = (const struct quoting *)data;
    GString *command = g_string_new(NULL);

    ces_page_quote(command, row->word);
    g_assert_cmpstr(command->str, ==, row->quoted);
    if (*command->str == '\'') {
        char *read = g_shell_unquote(command->str, NULL);
        g_assert_cmpstr(read, ==, row->word);
        g_free(read);
    }
    g_string_free(command, TRUE);
}

static const struct command {
    const char *name;
    const char *capture, *command;
} commands[] = {
    {"a file", "a/b.pcap", "wireshark -r 'a/b.pcap' -g 7"},
    {"no name", "", ""},
    {"standard input", "-", ""},
    {"a name whose bytes are lost", "a\357\277\275b", ""},
};

static void
test_command(gconstpointer data)
{
    const struct command *row = (const struct command *)data;
    GString *text = g_string_new(NULL);

    ces_page_say_command(row->capture, 7, text);
    g_assert_cmpstr(text->str, ==, row->command);
    g_string_free(text, TRUE);
}

/* A command that is cut would be another one. */
static void
test_no_command_is_cut(void)
{
    char *name = g_strnfill(CES_PAGE_TEXT, 'n');
    GString *text = g_string_new(NULL);

    ces_page_say_command(name, 7, text);
    g_assert_cmpstr(text->str, ==, "");
    g_string_free(text, TRUE);
    g_free(name);
}

/* --- the template ---------------------------------------------------------------- */

static const struct filling {
    const char *name;
    const char *html, *page;
} fillings[] = {
    {"text", "<p>{{text}}</p>", "<p>a &lt; b {{text}}</p>"},
    {"a drawing", "{{{drawing}}}", "<svg/>"},
    {"a drawing is no text", "[{{drawing}}]", "[]"},
    {"a text is no drawing", "[{{{text}}}]", "[]"},
    {"not there", "[{{nothing}}{{{nothing}}}{{#nothing}}x{{/nothing}}]", "[]"},
    {"a list", "{{#items}}<b>{{own}}{{text}}</b>{{/items}}", "<b>1a &lt; b {{text}}</b><b>2a &lt; b {{text}}</b>"},
    {"a section of text", "{{#text}}x{{/text}}{{#empty}}y{{/empty}}", "x"},
    {"otherwise", "{{^text}}x{{/text}}{{^empty}}y{{/empty}}{{^nothing}}z{{/nothing}}{{^items}}i{{/items}}", "yz"},
    {"a remark", "a{{! b }}c", "ac"},
    {"lines", "<p>\n\n    <b>\n  {{empty}}\n</p>\n", "<p>\n<b>\n</p>\n"},
    {"the same name within", "{{#items}}{{#items}}x{{/items}}{{/items}}", "xxxx"},
    {"no end", "a{{text", "a{{text"},
};

static void
test_filling(gconstpointer data)
{
    const struct filling *row = (const struct filling *)data;
    ces_values *values = ces_values_new();
    GString *page = g_string_new(NULL);

    ces_values_put(values, "text", "a < b {{text}}");
    ces_values_put(values, "empty", "");
    g_string_append(ces_values_drawing(values, "drawing"), "<svg/>");
    ces_values_number(ces_values_add(values, "items"), "own", 1);
    ces_values_number(ces_values_add(values, "items"), "own", 2);
    ces_template_fill(row->html, values, page);
    g_assert_cmpstr(page->str, ==, row->page);
    g_string_free(page, TRUE);
    ces_values_free(values);
}

static void
test_template_is_whole(void)
{
    g_assert_true(ces_template_is_whole(ces_page_html));
    g_assert_true(ces_template_is_whole("{{#a}}{{b}}{{/a}}"));
    g_assert_false(ces_template_is_whole("{{#a}}{{b}}"));
    g_assert_false(ces_template_is_whole("{{#a}}{{#b}}{{/a}}{{/b}}"));
    g_assert_false(ces_template_is_whole("{{/a}}"));
    g_assert_false(ces_template_is_whole("{{a"));
}

/* --- numbers --------------------------------------------------------------------- */

static void
test_drawings_have_numbers(void)
{
    static const double places[] = {NAN, INFINITY, -INFINITY, -1, 0, 50, 100, 1e300};
    GString *svg = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(places); j++) {
            ces_svg_bar(svg, "bar", "works", places[i], places[j], 0, 1, "<b>");
            ces_svg_line(svg, "line", "works", places[i], 0, places[j], 1);
            ces_svg_mark(svg, "works", places[i], 1, NULL);
        }
    g_assert_null(strstr(svg->str, "nan"));
    g_assert_null(strstr(svg->str, "inf"));
    g_assert_null(strstr(svg->str, "\"-"));
    g_assert_null(strstr(svg->str, "e+"));
    g_assert_null(strstr(svg->str, "<b>"));
    g_string_free(svg, TRUE);
}

static ces_scale
scale_of(const ces_time *times, guint count, ces_time length)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(ces_span));

    for (guint i = 0; i < count; i++) {
        ces_span span = {times[i], times[i] > G_MAXINT64 - length ? G_MAXINT64 : times[i] + length};
        g_array_append_val(spans, span);
    }
    ces_scale scale = ces_scale_of(spans);
    g_array_free(spans, TRUE);
    return scale;
}

static void
assert_in_order(const ces_scale *scale, const ces_time *times, guint count)
{
    double before = 0;

    for (guint i = 0; i < count; i++) {
        double place = ces_scale_place(scale, times[i]);
        g_assert_true(isfinite(place) && place >= before && place <= 100);
        before = place;
    }
}

static void
test_scale_keeps_order(void)
{
    static const ces_time ends[] = {0, 1, CES_SECOND, MORNING, G_MAXINT64 - 1, G_MAXINT64};
    static const ces_time once[] = {MORNING};
    ces_time ticks[CES_SCALE_TICKS];

    for (guint count = 1; count <= G_N_ELEMENTS(ends); count++) {
        ces_scale scale = scale_of(ends, count, CES_SECOND);
        assert_in_order(&scale, ends, G_N_ELEMENTS(ends));
        g_assert_cmpuint(ces_scale_ticks(&scale, ticks), <=, CES_SCALE_TICKS);
    }
    ces_scale scale = scale_of(once, 1, 0);
    assert_in_order(&scale, once, 1);
    scale = scale_of(NULL, 0, 0);
    g_assert_cmpuint(scale.count, ==, 0);
    g_assert_cmpfloat(ces_scale_place(&scale, MORNING), ==, 0);
}

/* Days with nothing in them break the scale; an hour in which a sync was not tried
 * does not. */
static void
test_scale_breaks(void)
{
    const ces_time day = 86400 * CES_SECOND;
    ces_time days[30], minutes[30];

    for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
        days[i] = MORNING + i / 10 * day + i % 10 * 10 * CES_SECOND;
        minutes[i] = MORNING + (i + (i > 15) * 6) * 600 * CES_SECOND;
    }
    ces_scale scale = scale_of(days, G_N_ELEMENTS(days), CES_SECOND);
    g_assert_cmpuint(scale.count, ==, 3);
    assert_in_order(&scale, days, G_N_ELEMENTS(days));
    g_assert_false(ces_scale_in_one_day(&scale));
    scale = scale_of(minutes, G_N_ELEMENTS(minutes), CES_SECOND);
    g_assert_cmpuint(scale.count, ==, 1);
}

/* --- states ------------------------------------------------------------------------ */

static const struct judging {
    const char *name;
    ces_verdict verdict;
    ces_finding finding;
    ces_outcome outcome;
    ces_result result;
    ces_page_state state;
} judgings[] = {
    {"not judged", CES_VERDICT_UNDETERMINED, CES_FINDING_OPEN, CES_OUTCOME_ESTABLISHED, CES_RESULT_WORKING,
     CES_PAGE_UNJUDGED},
    {"got through", CES_VERDICT_BLOCKED, CES_FINDING_CONTRADICTED, CES_OUTCOME_ESTABLISHED, CES_RESULT_WORKING,
     CES_PAGE_CONTRADICTED},
    {"blocked", CES_VERDICT_BLOCKED, CES_FINDING_CONFIRMED, CES_OUTCOME_UNANSWERED, CES_RESULT_UNKNOWN,
     CES_PAGE_BLOCKED},
    {"perhaps blocked", CES_VERDICT_BLOCKED, CES_FINDING_OPEN, CES_OUTCOME_HALF_OPEN, CES_RESULT_UNKNOWN,
     CES_PAGE_OPEN},
    {"failed", CES_VERDICT_PERMITTED, CES_FINDING_FAILED, CES_OUTCOME_REFUSED, CES_RESULT_UNKNOWN, CES_PAGE_FAILED},
    {"silent", CES_VERDICT_PERMITTED, CES_FINDING_CONFIRMED, CES_OUTCOME_ESTABLISHED, CES_RESULT_SILENT,
     CES_PAGE_TROUBLED},
    {"works", CES_VERDICT_PERMITTED, CES_FINDING_CONFIRMED, CES_OUTCOME_ESTABLISHED, CES_RESULT_ENCRYPTED,
     CES_PAGE_WORKS},
    {"connected", CES_VERDICT_OUT_OF_SCOPE, CES_FINDING_OPEN, CES_OUTCOME_ESTABLISHED, CES_RESULT_UNKNOWN,
     CES_PAGE_CONNECTED},
    {"a stray packet", CES_VERDICT_PERMITTED, CES_FINDING_OPEN, CES_OUTCOME_MIDSTREAM, CES_RESULT_UNKNOWN,
     CES_PAGE_OPEN},
};

static void
test_judging(gconstpointer data)
{
    const struct judging *row = (const struct judging *)data;

    g_assert_cmpint(ces_page_state_of(row->verdict, row->finding, row->outcome, row->result), ==, row->state);
}

/* Each has its colour and its shape. */
static void
test_states_are_drawn(void)
{
    for (int state = 0; state < CES_PAGE_STATE_COUNT; state++) {
        const char *token = ces_page_state_token((ces_page_state)state);
        char *look = g_strdup_printf(".s-%s {", token), *mark = g_strdup_printf("id=\"m-%s\"", token);
        g_assert_nonnull(strstr(ces_page_html, look));
        g_assert_nonnull(strstr(ces_page_html, mark));
        g_assert_cmpstr(ces_page_state_word((ces_page_state)state), !=, "");
        g_assert_cmpstr(ces_page_state_meaning((ces_page_state)state), !=, "");
        g_free(look);
        g_free(mark);
    }
}

/* --- pages ------------------------------------------------------------------------- */

typedef struct {
    ces_page *page;
    ces_pair_table *pairs;
} made;

static made
make(void)
{
    return (made){ces_page_new(), ces_pair_table_new(NULL)};
}

static void
add(made *m, const connection *c, const char *capture)
{
    ces_contact contact = ces_contact_of(&c->assessment, capture);

    ces_page_add(m->page, &c->assessment, capture);
    ces_pair_table_add(m->pairs, &contact);
}

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

static GString *
finish(made *m)
{
    GString *page = g_string_new(NULL);

    g_assert_false(ces_page_write(m->page, m->pairs, take_nothing, NULL));
    g_assert_true(ces_page_write(m->page, m->pairs, take, page));
    ces_page_free(m->page);
    ces_pair_table_free(m->pairs);
    return page;
}

static guint
count_of(const GString *page, const char *what)
{
    guint count = 0;

    for (const char *at = page->str; (at = strstr(at, what)); at += strlen(what))
        count++;
    return count;
}

/* Fit for display, and nothing that loads or runs. */
static void
assert_harmless(const GString *page)
{
    static const char *const active[] = {"<script",  "<img",    "<iframe", "<object",  "<embed",      "<link",
                                         "<form",    "<input",  "<base",   "src=",     "http://",     "https://",
                                         "url(",     "@import", " onload", " onclick", "javascript:", "<foreignObject",
                                         "<animate", "xlink",   "{{",      "}}}"};

    g_assert_true(g_utf8_validate(page->str, (gssize)page->len, NULL));
    g_assert_cmpuint(strlen(page->str), ==, page->len);
    for (const char *at = page->str; *at; at = g_utf8_next_char(at))
        g_assert_true(*at == '\n' || !ces_text_is_unfit(g_utf8_get_char(at)));
    for (gsize i = 0; i < G_N_ELEMENTS(active); i++)
        if (strstr(page->str, active[i]))
            g_error("the page has %s", active[i]);
}

/* Of every kind, by hosts and in captures of that name. */
static GString *
page_with_names(const char *name)
{
    static const guint16 evidences[] = {0, CES_SEEN_SYN, UP, ANSWERED, CES_SEEN_DATA};
    made m = make();

    for (guint i = 0; i < 4 * G_N_ELEMENTS(evidences) * CES_SERVICE_COUNT; i++) {
        static const host *const hosts[] = {&cloud_sma, &outer_esa, &outer_sma, &cloud_esa};
        ces_service service = (ces_service)(i % CES_SERVICE_COUNT);
        guint of_host = i / CES_SERVICE_COUNT % 4;
        connection c;
        if (service == CES_SERVICE_NONE)
            continue;
        connect_hosts(&c, service, hosts[of_host], hosts[of_host ^ 1], evidences[i % G_N_ELEMENTS(evidences)]);
        c.assessment.initiator.name = c.assessment.responder.name = name;
        c.flow.start += i * CES_SECOND;
        c.flow.end += i * CES_SECOND;
        add(&m, &c, name);
    }
    ces_page_add_capture(m.page, "empty.pcap");
    ces_page_add_trouble(m.page, name);
    return finish(&m);
}

static const struct hostile {
    const char *name;
    const char *text;
} hostiles[] = {
    {"elements", "</bdi></title></svg></style><script>alert(1)</script><img src=x onerror=y>"},
    {"attributes", "\" onload=\"x\" x='"},
    {"comments", "--><!--<![CDATA["},
    {"placeholders", "{{sentence}}{{#pairs}}{{{drawing}}}"},
    {"direction and width", "a\342\200\256\342\200\213\342\201\246\357\273\277b"},
    {"control characters", "\033]0;x\007\001\r\n"},
};

/* As many elements as with a name that does no harm. */
static void
test_hostile_names(gconstpointer data)
{
    const struct hostile *row = (const struct hostile *)data;
    GString *page = page_with_names(row->text), *plain = page_with_names("plain");

    g_assert_cmpuint(count_of(page, "<"), ==, count_of(plain, "<"));
    g_assert_cmpuint(count_of(page, "id=\""), ==, count_of(plain, "id=\""));
    assert_harmless(plain);
    if (!strstr(row->text, "{{") && !strstr(row->text, "src=") && !strstr(row->text, " onload"))
        assert_harmless(page);
    g_string_free(page, TRUE);
    g_string_free(plain, TRUE);
}

static void
test_megabyte_of_name(void)
{
    char *name = g_strnfill(1 << 20, '<');
    GString *page = page_with_names(name), *plain = page_with_names("plain");

    assert_harmless(page);
    /* The command is left out, which has two elements of its own. */
    g_assert_cmpuint(count_of(page, "<"), <, count_of(plain, "<"));
    g_assert_cmpuint(page->len, <, 4 << 20);
    g_string_free(page, TRUE);
    g_string_free(plain, TRUE);
    g_free(name);
}

/* The sentence tells when it stopped, not what it was like last before it was so. */
static void
test_sentence(void)
{
    static const guint16 evidences[] = {UP, UP, CES_SEEN_SYN, CES_SEEN_SYN, CES_SEEN_SYN | CES_SEEN_RST_ANSWER};
    made m = make();

    for (guint i = 0; i < G_N_ELEMENTS(evidences); i++) {
        connection c;
        connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &outer_esa, evidences[i]);
        c.assessment.result = evidences[i] == UP ? CES_RESULT_WORKING : CES_RESULT_UNKNOWN;
        c.flow.start += i * 10 * CES_SECOND;
        c.flow.end += i * 10 * CES_SECOND;
        c.flow.first_frame = i + 1;
        add(&m, &c, "night.pcap");
    }
    GString *page = finish(&m);
    g_assert_nonnull(strstr(page->str, "<h1>SMA 203.0.113.20 and ESA 198.51.100.10: the sync worked until 02:13:18; "
                                       "since 02:13:27 it failed: unanswered, then refused by a RST (3 connections, "
                                       "from packet 3 of night.pcap on).</h1>"));
    g_string_free(page, TRUE);
}

static void
test_empty_page(void)
{
    made m = make();
    GString *page = finish(&m);

    assert_harmless(page);
    g_assert_nonnull(strstr(page->str, "No connection on a CES port was seen."));
    g_string_free(page, TRUE);
}

static void
test_nothing_known(void)
{
    static const host nowhere = {"192.0.2.1", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    static const host elsewhere = {"192.0.2.2", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN};
    made m = make();
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &nowhere, &elsewhere, UP);
    add(&m, &c, "a.pcap");
    GString *page = finish(&m);
    g_assert_nonnull(strstr(page->str, "Nothing could be judged: no CES network is known."));
    g_assert_nonnull(strstr(page->str, "class=\"notice\">No CES network is known"));
    g_string_free(page, TRUE);
}

/* --- very many -------------------------------------------------------------------------- */

enum { MANY = 10000 };

/* Each from a host of its own, in a capture of its own, so that none is alike. */
static void
add_many(made *m, gboolean alike)
{
    for (guint i = 0; i < MANY; i++) {
        char *address = g_strdup_printf("198.51.%u.%u", alike ? 100 : i / 200, alike ? 10 : i % 200);
        char *capture = g_strdup_printf("capture-%u.pcap", alike ? 0 : i);
        host esa = {address, CES_SITE_EXTERNAL, CES_APPLIANCE_ESA};
        connection c;
        connect_hosts(&c, CES_SERVICE_SYNC, &cloud_sma, &esa, i % 3 ? CES_SEEN_SYN : UP);
        c.flow.start += i * CES_SECOND;
        c.flow.end += i * CES_SECOND;
        c.flow.first_frame = i + 1;
        add(m, &c, capture);
        g_free(address);
        g_free(capture);
    }
}

static void
test_many_connections(void)
{
    made m = make();

    add_many(&m, FALSE);
    GString *page = finish(&m);
    assert_harmless(page);
    g_assert_cmpuint(page->len, <, 4 << 20);
    g_assert_nonnull(strstr(page->str, "10000 connections"));
    g_assert_nonnull(strstr(page->str, "the worst 1000 and the latest 100"));
    g_assert_nonnull(strstr(page->str, "9960 more pairs"));
    g_assert_nonnull(strstr(page->str, "9900 more captures"));
    g_assert_cmpuint(count_of(page, "<article"), ==, CES_PAGE_PAIRS);
    g_assert_cmpuint(count_of(page, "<tr class=\"kin\">"), <=, CES_PAGE_WORST + CES_PAGE_LATEST);
    g_assert_cmpuint(count_of(page, "<tr class=\"kin\">"), >, CES_PAGE_WORST);
    g_string_free(page, TRUE);
}

/* A service that comes and goes all the time. */
static void
test_many_alike(void)
{
    made m = make();

    add_many(&m, TRUE);
    GString *page = finish(&m);
    assert_harmless(page);
    g_assert_cmpuint(page->len, <, 1 << 19);
    g_assert_nonnull(strstr(page->str, "like these"));
    g_assert_nonnull(strstr(page->str, "earlier states"));
    g_string_free(page, TRUE);
}

/* The worst and the latest are there, whenever they came. */
static void
test_worst_are_chosen(void)
{
    made m = make();
    connection c;

    connect_hosts(&c, CES_SERVICE_SYNC, &outer_sma, &cloud_esa, UP);
    c.flow.first_frame = 4711;
    add(&m, &c, "worst.pcap");
    add_many(&m, FALSE);
    connect_hosts(&c, CES_SERVICE_SMTP, &outer_host, &cloud_host, UP);
    c.flow.start = c.flow.end = MORNING + (gint64)MANY * CES_SECOND;
    c.flow.first_frame = 4712;
    add(&m, &c, "latest.pcap");
    GString *page = finish(&m);
    const char *worst = strstr(page->str, "packet 4711 of worst.pcap</bdi><code");
    const char *latest = strstr(page->str, "packet 4712 of latest.pcap</bdi><code");
    g_assert_true(worst && latest && worst < latest);
    g_string_free(page, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("page/escape", escapings, test_escaping);
    ROWS_ADD("page/quote", quotings, test_quoting);
    ROWS_ADD("page/command", commands, test_command);
    ROWS_ADD("page/template", fillings, test_filling);
    ROWS_ADD("page/state", judgings, test_judging);
    ROWS_ADD("page/hostile", hostiles, test_hostile_names);
    g_test_add_func("/core/page/long-text-is-cut", test_long_text_is_cut);
    g_test_add_func("/core/page/no-command-is-cut", test_no_command_is_cut);
    g_test_add_func("/core/page/template-is-whole", test_template_is_whole);
    g_test_add_func("/core/page/drawings-have-numbers", test_drawings_have_numbers);
    g_test_add_func("/core/page/scale-keeps-order", test_scale_keeps_order);
    g_test_add_func("/core/page/scale-breaks", test_scale_breaks);
    g_test_add_func("/core/page/states-are-drawn", test_states_are_drawn);
    g_test_add_func("/core/page/megabyte-of-name", test_megabyte_of_name);
    g_test_add_func("/core/page/sentence", test_sentence);
    g_test_add_func("/core/page/empty", test_empty_page);
    g_test_add_func("/core/page/nothing-known", test_nothing_known);
    g_test_add_func("/core/page/many-connections", test_many_connections);
    g_test_add_func("/core/page/many-alike", test_many_alike);
    g_test_add_func("/core/page/worst-are-chosen", test_worst_are_chosen);
    return g_test_run();
}
