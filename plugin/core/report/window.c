/* window.c
 * What stands in the columns of windows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/window.h>

#include <string.h>

static const ces_column of_flows[] = {
    {"Verdict", "verdict", CES_COLUMN_TEXT},
    {"Finding", "finding", CES_COLUMN_TEXT},
    {"Result", "result", CES_COLUMN_TEXT},
    {"Cause", "cause", CES_COLUMN_TEXT},
    {"Outcome", "outcome", CES_COLUMN_TEXT},
    {"Service", "service", CES_COLUMN_TEXT},
    {"Initiator", "initiator.address", CES_COLUMN_TEXT},
    {"Initiator site", "initiator.site", CES_COLUMN_TEXT},
    {"Responder", "responder.address", CES_COLUMN_TEXT},
    {"Responder site", "responder.site", CES_COLUMN_TEXT},
    {"First packet", "first_frame", CES_COLUMN_NUMBER},
    {"Attempts", "syns", CES_COLUMN_NUMBER},
    {"Duration (ms)", "duration", CES_COLUMN_MILLISECONDS},
    {"Start", "start", CES_COLUMN_TEXT},
    {"Ended", "ended", CES_COLUMN_TEXT},
    {"Packets", "packets", CES_COLUMN_NUMBER},
    {"Initiator bytes", "initiator.bytes", CES_COLUMN_NUMBER},
    {"Responder bytes", "responder.bytes", CES_COLUMN_NUMBER},
    {"Initiator port", "initiator.port", CES_COLUMN_NUMBER},
    {"Initiator name", "initiator.name", CES_COLUMN_TEXT},
    {"Responder port", "responder.port", CES_COLUMN_NUMBER},
    {"Responder name", "responder.name", CES_COLUMN_TEXT},
    {"Direction", "direction", CES_COLUMN_TEXT},
    {"Support", "support", CES_COLUMN_TEXT},
    {"What next", "advice", CES_COLUMN_TEXT},
    {"Why", "reason", CES_COLUMN_TEXT},
};

static const ces_column of_pairs[] = {
    {"SMA", "sma.address", CES_COLUMN_TEXT},
    {"SMA site", "sma.site", CES_COLUMN_TEXT},
    {"ESA", "esa.address", CES_COLUMN_TEXT},
    {"ESA site", "esa.site", CES_COLUMN_TEXT},
    {"Conclusion", "conclusion", CES_COLUMN_LINES},
    {"Sync result", "reporting.result", CES_COLUMN_TEXT},
    {"Spam Quarantine result", "spam_quarantine.result", CES_COLUMN_TEXT},
    {"PVO Quarantine result", "pvo_quarantine.result", CES_COLUMN_TEXT},
    {"Sync seen", "reporting.seen", CES_COLUMN_TEXT},
    {"Spam Quarantine seen", "spam_quarantine.seen", CES_COLUMN_TEXT},
    {"PVO Quarantine seen", "pvo_quarantine.seen", CES_COLUMN_TEXT},
    {"Sync support", "reporting.support", CES_COLUMN_TEXT},
    {"Spam Quarantine support", "spam_quarantine.support", CES_COLUMN_TEXT},
    {"PVO Quarantine support", "pvo_quarantine.support", CES_COLUMN_TEXT},
    {"SMA name", "sma.name", CES_COLUMN_TEXT},
    {"ESA name", "esa.name", CES_COLUMN_TEXT},
};

G_STATIC_ASSERT(G_N_ELEMENTS(of_flows) <= CES_COLUMNS_AT_MOST && G_N_ELEMENTS(of_pairs) <= CES_COLUMNS_AT_MOST);

const ces_column *
ces_window_flow_columns(guint *count)
{
    *count = G_N_ELEMENTS(of_flows);
    return of_flows;
}

const ces_column *
ces_window_pair_columns(guint *count)
{
    *count = G_N_ELEMENTS(of_pairs);
    return of_pairs;
}

/* --- cells ------------------------------------------------------------------------ */

/* All rows of a window are as high as its first one: each gets the same number
 * of lines, and what is left over stays on the last. */
enum { LINES = 5, LINE_WIDTH = 120 };

static char *
break_lines(const char *value)
{
    GString *text = g_string_new(value);
    gsize begin = 0;
    guint lines = 1;

    for (char *blank = strchr(text->str, ' '); blank && lines < LINES; blank = strchr(blank + 1, ' ')) {
        gsize end = (gsize)(blank - text->str) + 1 + strcspn(blank + 1, " ");
        if (end - begin > LINE_WIDTH) {
            *blank = '\n';
            begin = (gsize)(blank - text->str) + 1;
            lines++;
        }
    }
    for (; lines < LINES; lines++)
        g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

static ces_window_cell
make_cell(ces_column_kind kind, const char *value)
{
    gdouble number = g_ascii_strtod(value, NULL) * (kind == CES_COLUMN_MILLISECONDS ? 1000 : 1);

    if (kind == CES_COLUMN_LINES)
        return (ces_window_cell){break_lines(value), 0};
    if (kind == CES_COLUMN_TEXT || *value == '\0')
        return (ces_window_cell){g_strdup(value), 0};
    return (ces_window_cell){NULL, (guint)CLAMP(number + 0.5, 0, G_MAXUINT)};
}

/* A row being filled. */
typedef struct {
    const ces_column *columns;
    guint count;
    ces_window_cell *cells;
} row;

static void
fill_cell(const char *member, const char *value, gboolean is_number G_GNUC_UNUSED, gpointer data)
{
    const row *r = (const row *)data;

    for (guint i = 0; i < r->count; i++)
        if (strcmp(r->columns[i].member, member) == 0)
            r->cells[i] = make_cell(r->columns[i].kind, value);
}

void
ces_window_flow_row(const ces_assessment *assessment, ces_window_cell *cells)
{
    row r = {of_flows, G_N_ELEMENTS(of_flows), cells};

    ces_report_flow_cells(assessment, fill_cell, &r);
}

void
ces_window_pair_row(const ces_pair_table *table, const ces_pair *pair, ces_window_cell *cells)
{
    row r = {of_pairs, G_N_ELEMENTS(of_pairs), cells};

    ces_report_pair_cells(table, pair, fill_cell, &r);
}
