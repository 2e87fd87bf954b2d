/* reporter.c
 * From captures to the report of a run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reporter.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "channel.h"
#include "labels.h"
#include "merge.h"
#include "status.h"

struct ces_reporter {
    const ces_options *options;
    ces_output *output;
    ces_reporter_say say;
    gpointer data;
    ces_merge *merge;   /* of records that are not written as they come; or NULL */
    ces_merge *summary; /* of those that are, for what a report of text ends with; or NULL */
    GString *line;      /* of records, what has come of one */
    ces_explanation explanation;
    ces_status status;
    guint captures, wrong, troubled;
    gboolean has_begun;    /* the report has a head */
    guint unjudged;        /* captures that said that no network is known */
    gboolean merge_failed; /* a record was refused */
};

static gboolean
put(const char *text, gsize length, gpointer data)
{
    return ces_output_put(((ces_reporter *)data)->output, text, length);
}

ces_reporter *
ces_reporter_new(const ces_options *options, const ces_setup *setup, ces_output *output, ces_reporter_say say,
                 gpointer data)
{
    ces_reporter *reporter = g_new0(ces_reporter, 1);

    *reporter = (ces_reporter){.options = options, .output = output, .say = say, .data = data};
    reporter->line = g_string_new(NULL);
    ces_explanation_init(&reporter->explanation);
    if (options->pairs || options->merge) {
        ces_merge_options wanted = {.sites = setup->settings->sites, .keep_pairs = options->pairs};
        wanted.keep_page = options->page;
        wanted.flow_format = options->format;
        wanted.flow_output = options->pairs || options->format == CES_REPORT_JSON ? NULL : put;
        wanted.flow_data = reporter;
        reporter->merge = ces_merge_new(&wanted);
    } else if (options->format == CES_REPORT_TEXT) {
        ces_merge_options wanted = {.sites = setup->settings->sites, .keep_pairs = TRUE};
        reporter->summary = ces_merge_new(&wanted);
    }
    return reporter;
}

void
ces_reporter_free(ces_reporter *reporter)
{
    if (!reporter)
        return;
    ces_merge_free(reporter->merge);
    ces_merge_free(reporter->summary);
    g_string_free(reporter->line, TRUE);
    ces_explanation_clear(&reporter->explanation);
    g_free(reporter);
}

static void say(ces_reporter *reporter, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say(ces_reporter *reporter, const char *format, ...)
{
    va_list arguments;
    GString *line = g_string_new("ces-report: ");

    va_start(arguments, format);
    g_string_append_vprintf(line, format, arguments);
    va_end(arguments);
    if (reporter->options->page)
        ces_merge_trouble(reporter->merge, line->str + strlen("ces-report: "));
    g_string_append_c(line, '\n');
    reporter->say(line->str, reporter->data);
    g_string_free(line, TRUE);
}

/* --- records ------------------------------------------------------------------------- */

static gboolean
add_line(ces_reporter *reporter, ces_merge *merge)
{
    GError *error = NULL;

    if (!ces_merge_add(merge, reporter->line->str, reporter->line->len, &error)) {
        say(reporter, "a record was refused: %s", error->message);
        reporter->merge_failed = TRUE;
    }
    g_clear_error(&error);
    g_string_truncate(reporter->line, 0);
    return TRUE;
}

static gboolean
add_lines(ces_reporter *reporter, const char *text, gsize length)
{
    const char *end = text + length, *next;

    for (; text < end && (next = (const char *)memchr(text, '\n', (gsize)(end - text))); text = next + 1) {
        g_string_append_len(reporter->line, text, next - text);
        add_line(reporter, reporter->merge);
    }
    g_string_append_len(reporter->line, text, end - text);
    return TRUE;
}

/* Puts out the lines of text, and takes those that are records set aside. */
static gboolean
put_text(ces_reporter *reporter, const char *text, gsize length)
{
    const char *end = text + length;
    gboolean good = TRUE;

    while (good && text < end) {
        gboolean aside = *text == CES_RECORD_ASIDE || reporter->line->len > 0;
        const char *stop = (const char *)memchr(text, aside ? '\n' : CES_RECORD_ASIDE, (gsize)(end - text));
        gsize part = (gsize)((stop ? stop : end) - text);
        if (!aside)
            good = put(text, part, reporter);
        else
            g_string_append_len(reporter->line, text, (gssize)part);
        if (aside && stop) {
            g_string_erase(reporter->line, 0, 1);
            add_line(reporter, reporter->summary);
            part++;
        }
        text += part;
    }
    return good;
}

static gboolean
begin(ces_reporter *reporter)
{
    gboolean good = TRUE;

    if (!reporter->has_begun && !reporter->merge && reporter->options->format == CES_REPORT_CSV) {
        GString *header = g_string_new(NULL);
        ces_label_csv_header(header);
        good = put(header->str, header->len, reporter);
        g_string_free(header, TRUE);
    }
    reporter->has_begun = TRUE;
    return good;
}

gboolean
ces_reporter_records(const char *text, gsize length, gpointer data)
{
    ces_reporter *reporter = (ces_reporter *)data;

    if (reporter->merge)
        return add_lines(reporter, text, length);
    if (!begin(reporter))
        return FALSE;
    return reporter->summary ? put_text(reporter, text, length) : put(text, length, reporter);
}

/* --- the end of a capture --------------------------------------------------------------- */

/* What is true of the whole run is told once; the others are counted. */
static void
say_message(ces_reporter *reporter, const char *line, gsize length)
{
    gboolean common = *line == CES_MESSAGE_COMMON;

    if (!common || reporter->unjudged == 0)
        say(reporter, "%.*s", (int)(length - common), line + common);
    reporter->unjudged += common;
}

static void
say_messages(ces_reporter *reporter, const char *messages)
{
    const char *end;

    for (; (end = strchr(messages, '\n')); messages = end + 1)
        say_message(reporter, messages, (gsize)(end - messages));
}

static gboolean
put_closing_record(ces_reporter *reporter, const char *name, const ces_capture_result *result)
{
    static const char *const readers[] = {"none", "native", "both", "tshark"};
    GString *text = g_string_new("{");

    ces_label_json(name, text);
    if (result->read_by == CES_READ_BY_WIRESHARK)
        g_string_append(text, ",\"frames\":null");
    else
        g_string_append_printf(text, ",\"frames\":%" G_GUINT64_FORMAT, result->frames);
    g_string_append_printf(text, ",\"status\":%d,\"engine\":\"%s\",\"why\":", (int)result->status,
                           readers[result->read_by]);
    ces_label_json_string(result->why, text);
    g_string_append(text, "}\n");
    gboolean good = put(text->str, text->len, reporter);
    g_string_free(text, TRUE);
    return good;
}

gboolean
ces_reporter_end_capture(ces_reporter *reporter, const char *name, const ces_capture_result *result,
                         const char *messages)
{
    say_messages(reporter, messages);
    reporter->captures++;
    reporter->wrong += result->is_wrong != FALSE;
    reporter->troubled += result->status == CES_STATUS_TROUBLE;
    reporter->status = ces_status_worse(reporter->status, result->status);
    ces_explanation_add(&reporter->explanation, result);
    if (reporter->options->page && result->status != CES_STATUS_TROUBLE)
        ces_merge_empty_capture(reporter->merge, name);
    g_string_truncate(reporter->line, 0); /* of a worker that died in the middle of one */
    return !reporter->options->closing || put_closing_record(reporter, name, result);
}

/* --- records made elsewhere ------------------------------------------------------------------ */

/* Whether the line closes a capture (--closing); then how that went counts. */
static gboolean
is_closing_record(ces_reporter *reporter, const GString *line)
{
    const char begin[] = "{\"capture\":", mark[] = ",\"frames\":", status[] = ",\"status\":";
    const char *at = g_str_has_prefix(line->str, begin) ? strstr(line->str, mark) : NULL;

    at = at && !strstr(line->str, ",\"start\":") ? strstr(at, status) : NULL;
    if (at && at[strlen(status)] == '0' + CES_STATUS_TROUBLE) {
        reporter->status = CES_STATUS_TROUBLE;
        say(reporter, "not all of this capture was read: %.*s", (int)MIN(line->len, 300u), line->str);
    }
    return at != NULL;
}

static gboolean
merge_line(ces_reporter *reporter, GString *line, const char *file, guint64 number)
{
    GError *error = NULL;
    gboolean as_it_came = reporter->options->format == CES_REPORT_JSON && !reporter->options->pairs;

    if (line->len == 0 || is_closing_record(reporter, line))
        return TRUE;
    gboolean good = ces_merge_add(reporter->merge, line->str, line->len, &error);
    g_string_append_c(line, '\n');
    if (good && as_it_came)
        good = put(line->str, line->len, reporter);
    if (error)
        say(reporter, "%s:%" G_GUINT64_FORMAT ": %s", file, number, error->message);
    g_clear_error(&error);
    return good;
}

/* No more of a line is kept than shows that it is too long. FALSE at the end. */
static gboolean
read_line(FILE *stream, GString *line)
{
    int c;

    g_string_truncate(line, 0);
    while ((c = getc_unlocked(stream)) != EOF && c != '\n')
        if (line->len <= CES_MERGE_LINE)
            g_string_append_c(line, (char)c);
    return c != EOF || line->len > 0;
}

static gboolean
merge_stream(ces_reporter *reporter, FILE *stream, const char *file)
{
    GString *line = g_string_new(NULL);
    gboolean good = TRUE;

    for (guint64 number = 1; !reporter->output->failure && read_line(stream, line); number++)
        good = merge_line(reporter, line, file, number) && good;
    if (ferror(stream)) {
        say(reporter, "%s: %s", file, g_strerror(errno));
        good = FALSE;
    }
    g_string_free(line, TRUE);
    return good;
}

gboolean
ces_reporter_merge(ces_reporter *reporter, const char *file)
{
    gboolean is_input = strcmp(file, "-") == 0;
    FILE *stream = is_input ? stdin : g_fopen(file, "re");

    if (!stream) {
        say(reporter, "%s: %s", file, g_strerror(errno));
        return FALSE;
    }
    gboolean good = merge_stream(reporter, stream, is_input ? "standard input" : file);
    if (!is_input)
        fclose(stream);
    return good;
}

static void
judge_merged(ces_reporter *reporter)
{
    ces_merge_facts facts = ces_merge_facts_now(reporter->merge);
    GString *text = g_string_new(NULL);

    if (facts.undetermined)
        reporter->status = ces_status_worse(reporter->status, CES_STATUS_UNJUDGED);
    if (facts.wrong)
        reporter->status = ces_status_worse(reporter->status, CES_STATUS_WRONG);
    if (reporter->options->format != CES_REPORT_TEXT && ces_merge_missing_sites(reporter->merge, text))
        say(reporter, "%s", text->str);
    g_string_free(text, TRUE);
}

/* --- the end of the run ------------------------------------------------------------------------ */

static gboolean
keep_text(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

/* Of several captures: their pairs, and counts. */
static gboolean
put_sum(ces_reporter *reporter)
{
    if (reporter->options->format != CES_REPORT_TEXT || reporter->captures < 2)
        return TRUE;
    GString *text = g_string_new(NULL);
    if (reporter->summary)
        ces_merge_summary(reporter->summary, keep_text, text);
    if (text->len > 0)
        g_string_prepend(text, "== All captures ==\n");
    g_string_append_printf(
        text,
        "%u captures, %u with something blocked, failed, contradicted, refused, broken or silent; %u not read, "
        "or not to the end.\n",
        reporter->captures, reporter->wrong, reporter->troubled);
    gboolean good = put(text->str, text->len, reporter);
    g_string_free(text, TRUE);
    return good;
}

/* What is made of all records together. */
static gboolean
put_merged(ces_reporter *reporter)
{
    const ces_options *options = reporter->options;

    if (options->page)
        return ces_merge_page(reporter->merge, put, reporter);
    if (options->pairs)
        return ces_merge_pairs(reporter->merge, options->format, put, reporter);
    return ces_merge_end_flows(reporter->merge);
}

static gboolean
finish_report(ces_reporter *reporter, gboolean troubled)
{
    const ces_options *options = reporter->options;

    if (!begin(reporter))
        return FALSE;
    if (options->merge && troubled && ces_merge_facts_now(reporter->merge).connections == 0)
        return TRUE; /* not even a word that there was none */
    if (reporter->merge && !put_merged(reporter))
        return FALSE;
    if (options->merge)
        judge_merged(reporter);
    return (options->merge || put_sum(reporter)) && ces_output_flush(reporter->output);
}

ces_status
ces_reporter_finish(ces_reporter *reporter, gboolean troubled)
{
    GString *text = g_string_new(NULL);

    finish_report(reporter, troubled);
    if (reporter->output->failure && reporter->output->failure != ECANCELED && reporter->output->failure != EPIPE)
        say(reporter, "the report could not be written: %s", g_strerror(reporter->output->failure));
    if (reporter->unjudged > 1)
        say(reporter, "No CES network is known for %u captures", reporter->unjudged);
    if (reporter->options->explain && !reporter->options->merge) {
        ces_explanation_text(&reporter->explanation, text);
        reporter->say(text->str, reporter->data);
    }
    g_string_free(text, TRUE);
    if (troubled || reporter->output->failure || reporter->merge_failed)
        return CES_STATUS_TROUBLE;
    return reporter->status;
}
