/* labels.c
 * Names of captures in records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "labels.h"

#include <string.h>

#include <ces/text.h>

/* --- names ---------------------------------------------------------------------- */

static void
append_escape(GString *to, gunichar character)
{
    enum { BEYOND = 0x10000, HIGH = 0xd800, LOW = 0xdc00, TEN_BITS = 0x3ff };

    if (character >= BEYOND) {
        guint above = character - BEYOND;
        g_string_append_printf(to, "\\u%04x\\u%04x", HIGH + (above >> 10), LOW + (above & TEN_BITS));
    } else {
        g_string_append_printf(to, "\\u%04x", character);
    }
}

static void
append_character(GString *to, gunichar character)
{
    if (character == '"' || character == '\\') {
        g_string_append_c(to, '\\');
        g_string_append_c(to, (char)character);
    } else if (ces_text_is_unfit(character)) {
        append_escape(to, character);
    } else {
        g_string_append_unichar(to, character);
    }
}

void
ces_label_json_string(const char *text, GString *to)
{
    char *valid = g_utf8_make_valid(text, -1);

    g_string_append_c(to, '"');
    for (const char *at = valid; *at; at = g_utf8_next_char(at))
        append_character(to, g_utf8_get_char(at));
    g_string_append_c(to, '"');
    g_free(valid);
}

void
ces_label_json(const char *name, GString *to)
{
    g_string_append(to, "\"capture\":");
    ces_label_json_string(name, to);
    if (!g_utf8_validate(name, -1, NULL)) {
        char *bytes = g_base64_encode((const guchar *)name, strlen(name));
        g_string_append_printf(to, ",\"capture_bytes\":\"%s\"", bytes);
        g_free(bytes);
    }
}

void
ces_label_text(const char *name, GString *to)
{
    ces_text_append_clean(to, name, strlen(name));
}

/* No cell begins a formula. */
void
ces_label_csv(const char *name, GString *to)
{
    GString *cell = g_string_new(NULL);

    if (*name && strchr("=+-@\t", *name))
        g_string_append_c(cell, '\'');
    ces_label_text(name, cell);
    if (strpbrk(cell->str, ",\"")) {
        g_string_replace(cell, "\"", "\"\"", 0);
        g_string_append_c(g_string_prepend_c(cell, '"'), '"');
    }
    g_string_append_len(to, cell->str, (gssize)cell->len);
    g_string_free(cell, TRUE);
}

/* --- the header of CSV -------------------------------------------------------------- */

static gboolean
append_header(const char *text, gsize length, gpointer to)
{
    g_string_append_len((GString *)to, text, (gssize)length);
    return TRUE;
}

void
ces_label_csv_header(GString *to)
{
    ces_settings_text text = ces_settings_text_default();
    ces_settings *settings = ces_settings_new(&text, NULL);
    ces_analysis *nothing = ces_analysis_new(settings);

    g_string_append(to, "capture,");
    ces_report_flows(nothing, CES_REPORT_CSV, NULL, append_header, to);
    ces_analysis_free(nothing);
    ces_settings_unref(settings);
}

/* --- a report ----------------------------------------------------------------------- */

void
ces_labelling_begin(ces_labelling *labelling, ces_report_format format, const char *name, ces_report_output output,
                    gpointer data)
{
    *labelling = (ces_labelling){
        .format = format, .label = g_string_new(NULL), .text = g_string_new(NULL), .output = output, .data = data};
    switch (format) {
    case CES_REPORT_JSON:
        g_string_append_c(labelling->label, '{');
        ces_label_json(name, labelling->label);
        g_string_append_c(labelling->label, ',');
        break;
    case CES_REPORT_CSV:
        ces_label_csv(name, labelling->label);
        g_string_append_c(labelling->label, ',');
        break;
    default:
        g_string_append(labelling->label, "== ");
        ces_label_text(name, labelling->label);
        g_string_append(labelling->label, " ==\n");
    }
}

/* Each line, without its first `skipped` bytes, behind the label. */
static void
label_lines(ces_labelling *labelling, const char *text, gsize length, gsize skipped)
{
    const char *end = text + length;

    while (text < end) {
        const char *next = (const char *)memchr(text, '\n', (gsize)(end - text));
        next = next ? next + 1 : end;
        g_string_append_len(labelling->text, labelling->label->str, (gssize)labelling->label->len);
        g_string_append_len(labelling->text, text + skipped, next - text - (gssize)skipped);
        text = next;
    }
}

/* Without the line that heads it, which comes once for all captures. */
static void
label_csv(ces_labelling *labelling, const char *text, gsize length)
{
    const char *line = labelling->has_begun ? NULL : (const char *)memchr(text, '\n', length);
    gsize head = line ? (gsize)(line + 1 - text) : 0;

    label_lines(labelling, text + head, length - head, 0);
}

gboolean
ces_labelling_take(const char *text, gsize length, gpointer data)
{
    ces_labelling *labelling = (ces_labelling *)data;

    g_string_truncate(labelling->text, 0);
    switch (labelling->format) {
    case CES_REPORT_JSON:
        label_lines(labelling, text, length, 1);
        break;
    case CES_REPORT_CSV:
        label_csv(labelling, text, length);
        break;
    default:
        if (!labelling->has_begun)
            g_string_append_len(labelling->text, labelling->label->str, (gssize)labelling->label->len);
        g_string_append_len(labelling->text, text, (gssize)length);
    }
    labelling->has_begun = TRUE;
    return labelling->text->len == 0 || labelling->output(labelling->text->str, labelling->text->len, labelling->data);
}

gboolean
ces_labelling_end(ces_labelling *labelling)
{
    gboolean good = TRUE;

    if (labelling->format == CES_REPORT_TEXT && labelling->has_begun)
        good = labelling->output("\n", 1, labelling->data);
    g_string_free(labelling->label, TRUE);
    g_string_free(labelling->text, TRUE);
    return good;
}
