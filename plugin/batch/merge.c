/* merge.c
 * Reports on many captures, made of the records of their connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "merge.h"

#include <errno.h>
#include <string.h>

#include <ces/drawing.h>
#include <ces/page.h>
#include <ces/text.h>

#include "contacts.h"
#include "flow_record.h"

struct ces_merge {
    const ces_site_table *sites;
    GString *line;
    ces_contacts *contacts; /* NULL: pairs are not wanted */
    ces_page *page;         /* NULL: it is not wanted */
    ces_drawing *flows;     /* NULL: connections are not wanted */
    gboolean in_capture;    /* the report of connections is inside one, whose name is: */
    GString *capture;
    gboolean stopped; /* the report of connections is full or has ended */
    ces_tally tally;
    ces_merge_facts facts;
    GString *missing_sites; /* what is said of the first connection without a verdict */
};

G_DEFINE_QUARK(ces - merge - error, ces_merge_error)

ces_merge *
ces_merge_new(const ces_merge_options *options)
{
    ces_merge *merge = g_new0(ces_merge, 1);

    merge->sites = options->sites;
    merge->line = g_string_new(NULL);
    merge->capture = g_string_new(NULL);
    merge->missing_sites = g_string_new(NULL);
    if (options->keep_pairs || options->keep_page)
        merge->contacts = ces_contacts_new();
    if (options->keep_page)
        merge->page = ces_page_new();
    if (options->flow_output) {
        merge->flows = ces_drawing_new(options->flow_format, options->flow_output, options->flow_data);
        ces_drawing_name_captures(merge->flows);
        ces_drawing_head_of_flows(merge->flows);
    }
    return merge;
}

void
ces_merge_free(ces_merge *merge)
{
    if (!merge)
        return;
    if (merge->flows)
        ces_drawing_end(merge->flows);
    ces_contacts_free(merge->contacts);
    ces_page_free(merge->page);
    g_string_free(merge->line, TRUE);
    g_string_free(merge->capture, TRUE);
    g_string_free(merge->missing_sites, TRUE);
    g_free(merge);
}

/* --- the report of connections ------------------------------------------------------ */

static void
leave_capture(ces_merge *merge)
{
    if (merge->in_capture)
        ces_drawing_foot_of_flows(merge->flows);
    merge->in_capture = FALSE;
}

static void
enter_capture(ces_merge *merge, const char *capture)
{
    if (merge->in_capture && strcmp(merge->capture->str, capture) == 0)
        return;
    leave_capture(merge);
    ces_drawing_begin_capture(merge->flows, capture);
    g_string_assign(merge->capture, capture);
    merge->in_capture = TRUE;
}

void
ces_merge_empty_capture(ces_merge *merge, const char *capture)
{
    if (merge->page)
        ces_page_add_capture(merge->page, capture);
    if (!merge->flows)
        return;
    leave_capture(merge);
    enter_capture(merge, capture);
    leave_capture(merge);
}

gboolean
ces_merge_end_flows(ces_merge *merge)
{
    if (!merge->flows)
        return TRUE;
    if (!merge->in_capture && merge->facts.connections == 0 && merge->capture->len == 0)
        enter_capture(merge, ""); /* text says that there was nothing */
    leave_capture(merge);
    gboolean written = ces_drawing_end(merge->flows);
    merge->flows = NULL;
    return written;
}

/* --- records --------------------------------------------------------------------------- */

static gboolean
is_wrong(const ces_assessment *a)
{
    return a->ruling.verdict == CES_VERDICT_BLOCKED || a->finding == CES_FINDING_FAILED ||
           a->finding == CES_FINDING_CONTRADICTED || a->result == CES_RESULT_REFUSED ||
           a->result == CES_RESULT_BROKEN || a->result == CES_RESULT_SILENT;
}

static void
count(ces_merge *merge, const ces_assessment *a)
{
    ces_tally_add(&merge->tally, a);
    merge->facts.connections++;
    merge->facts.wrong += is_wrong(a);
    if (a->ruling.verdict != CES_VERDICT_UNDETERMINED)
        return;
    if (merge->facts.undetermined++ == 0)
        ces_say_missing_sites(a, merge->missing_sites);
}

static gboolean
write_flow(ces_merge *merge, const ces_flow_record *record, GError **error)
{
    if (!merge->flows)
        return TRUE;
    enter_capture(merge, record->capture);
    merge->stopped = !ces_drawing_add_flow(merge->flows, &record->assessment);
    if (merge->stopped)
        g_set_error(error, CES_MERGE_ERROR, CES_MERGE_UNWRITTEN, "The report could not be written");
    return !merge->stopped;
}

static gboolean
refuse_long(const char *line, GError **error)
{
    enum { QUOTED = 60 };
    char *shown = ces_text_clean(line, QUOTED, QUOTED);

    g_set_error(error, CES_MERGE_ERROR, CES_MERGE_REFUSED, "\"%s...\" is longer than any record", shown);
    g_free(shown);
    return FALSE;
}

gboolean
ces_merge_add(ces_merge *merge, const char *line, gsize length, GError **error)
{
    ces_flow_record record;

    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (length > CES_MERGE_LINE)
        return refuse_long(line, error);
    g_string_truncate(merge->line, 0);
    g_string_append_len(merge->line, line, (gssize)length);
    if (!ces_flow_record_read(merge->line->str, length, &record, error))
        return FALSE;
    count(merge, &record.assessment);
    if (merge->contacts)
        ces_contacts_add(merge->contacts, &record);
    if (merge->page)
        ces_page_add(merge->page, &record.assessment, record.capture);
    return write_flow(merge, &record, error);
}

/* --- streams ------------------------------------------------------------------------------ */

enum { CHUNK = 1 << 16 };

/* Lines of a stream, one at a time. */
typedef struct {
    FILE *stream;
    GString *line; /* no more than shows that it is too long */
    guint64 number;
    gsize at, filled; /* in the chunk: what has not become lines yet */
    char chunk[CHUNK];
} lines;

static void
append_bounded(GString *line, const char *bytes, gsize length)
{
    gsize room = line->len <= CES_MERGE_LINE ? CES_MERGE_LINE + 1 - line->len : 0;

    g_string_append_len(line, bytes, (gssize)MIN(length, room));
}

/* FALSE at the end. */
static gboolean
next_line(lines *l)
{
    g_string_truncate(l->line, 0);
    l->number++;
    for (;;) {
        const char *from = l->chunk + l->at;
        const char *newline = (const char *)memchr(from, '\n', l->filled - l->at);
        gsize length = newline ? (gsize)(newline - from) : l->filled - l->at;
        append_bounded(l->line, from, length);
        l->at += length + (newline != NULL);
        if (newline)
            return TRUE;
        l->at = 0;
        l->filled = fread(l->chunk, 1, sizeof l->chunk, l->stream);
        if (l->filled == 0)
            return l->line->len > 0;
    }
}

static gboolean
add_line(ces_merge *merge, const lines *l, ces_merge_complaint complain, gpointer data)
{
    GError *error = NULL;

    if (l->line->len == 0 || ces_merge_add(merge, l->line->str, l->line->len, &error))
        return TRUE;
    complain(l->number, error, data);
    g_error_free(error);
    return FALSE;
}

static gboolean
reading_failed(FILE *stream, ces_merge_complaint complain, gpointer data)
{
    if (!ferror(stream))
        return FALSE;
    GError *error = g_error_new(CES_MERGE_ERROR, CES_MERGE_REFUSED, "reading failed: %s", g_strerror(errno));
    complain(0, error, data);
    g_error_free(error);
    return TRUE;
}

gboolean
ces_merge_read(ces_merge *merge, FILE *stream, ces_merge_complaint complain, gpointer data)
{
    lines *l = g_new0(lines, 1);
    gboolean well = TRUE;

    l->stream = stream;
    l->line = g_string_new(NULL);
    while (!merge->stopped && next_line(l))
        well = add_line(merge, l, complain, data) && well;
    well = !reading_failed(stream, complain, data) && well;
    g_string_free(l->line, TRUE);
    g_free(l);
    return well;
}

/* --- pairs ----------------------------------------------------------------------------------- */

static ces_pair_table *
make_pairs(ces_merge *merge)
{
    ces_pair_table *table = ces_pair_table_new(merge->sites);

    if (merge->contacts)
        ces_contacts_join(merge->contacts, table);
    return table;
}

gboolean
ces_merge_pairs(ces_merge *merge, ces_report_format format, ces_report_output output, gpointer data)
{
    ces_pair_table *table = make_pairs(merge);
    ces_drawing *drawing = ces_drawing_new(format, output, data);

    ces_drawing_count_many(drawing, &merge->tally, merge->missing_sites->str);
    ces_drawing_add_pairs(drawing, table);
    ces_pair_table_free(table);
    return ces_drawing_end(drawing);
}

/* --- the page ------------------------------------------------------------------------------------ */

gboolean
ces_merge_page(ces_merge *merge, ces_report_output output, gpointer data)
{
    ces_pair_table *table = make_pairs(merge);
    gboolean written = ces_page_write(merge->page, table, output, data);

    ces_pair_table_free(table);
    return written;
}

void
ces_merge_trouble(ces_merge *merge, const char *line)
{
    if (merge->page)
        ces_page_add_trouble(merge->page, line);
}

/* --- a summary ------------------------------------------------------------------------------------ */

gboolean
ces_merge_summary(ces_merge *merge, ces_report_output output, gpointer data)
{
    ces_pair_table *table = make_pairs(merge);
    gboolean written = ces_report_summary(table, output, data);

    ces_pair_table_free(table);
    return written;
}

/* --- facts ------------------------------------------------------------------------------------- */

ces_merge_facts
ces_merge_facts_now(const ces_merge *merge)
{
    return merge->facts;
}

gboolean
ces_merge_missing_sites(const ces_merge *merge, GString *text)
{
    ces_text_append_clean(text, merge->missing_sites->str, merge->missing_sites->len);
    return merge->facts.undetermined > 0;
}
