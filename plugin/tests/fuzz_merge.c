/* fuzz_merge.c
 * Fuzz target: whatever stands in a line is refused or is a record, and what comes
 * out of a record is the same record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "merge.h"

#include <string.h>

#include "fuzz.h"

static gboolean
take(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

/* JSON of the records taken among the lines. */
static char *
merge_lines(const char *lines, gsize length, guint *refused)
{
    GString *text = g_string_new(NULL);
    ces_merge *merge =
        ces_merge_new(&(ces_merge_options){.flow_format = CES_REPORT_JSON, .flow_output = take, .flow_data = text});

    for (const char *end = lines + length; lines < end;) {
        const char *newline = (const char *)memchr(lines, '\n', (gsize)(end - lines));
        gsize line = newline ? (gsize)(newline - lines) : (gsize)(end - lines);
        GError *error = NULL;
        if (!ces_merge_add(merge, lines, line, &error)) {
            g_assert_error(error, CES_MERGE_ERROR, CES_MERGE_REFUSED);
            g_assert_null(strchr(error->message, '\n'));
            g_error_free(error);
            ++*refused;
        }
        lines += line + (newline != NULL);
    }
    g_assert_true(ces_merge_end_flows(merge));
    ces_merge_free(merge);
    return g_string_free(text, FALSE);
}

static void
make_pairs(const char *lines, gsize length)
{
    GString *text = g_string_new(NULL);
    ces_merge *merge = ces_merge_new(&(ces_merge_options){.keep_pairs = TRUE});

    for (gsize at = 0; at < length; at += strcspn(lines + at, "\n") + 1)
        g_assert_true(ces_merge_add(merge, lines + at, strcspn(lines + at, "\n"), NULL));
    for (int format = 0; format < CES_REPORT_FORMAT_COUNT; format++)
        g_assert_true(ces_merge_pairs(merge, (ces_report_format)format, take, text));
    g_assert_true(ces_merge_summary(merge, take, text));
    g_string_free(text, TRUE);
    ces_merge_free(merge);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint refused = 0;

    if (size == 0)
        return 0;
    char *exact = (char *)g_memdup2(data, size); /* not terminated, so that reading on is seen */
    char *once = merge_lines(exact, size, &refused);

    refused = 0;
    char *again = merge_lines(once, strlen(once), &refused);
    g_assert_cmpuint(refused, ==, 0);
    g_assert_cmpstr(again, ==, once);
    make_pairs(once, strlen(once));
    g_free(again);
    g_free(once);
    g_free(exact);
    return 0;
}
