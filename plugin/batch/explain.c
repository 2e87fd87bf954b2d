/* explain.c
 * Counting and telling how frames were read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "explain.h"

void
ces_explanation_init(ces_explanation *explanation)
{
    *explanation = (ces_explanation){.whys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
}

void
ces_explanation_clear(ces_explanation *explanation)
{
    g_hash_table_destroy(explanation->whys);
}

static void
count_why(GHashTable *whys, const char *why)
{
    guint64 *count = (guint64 *)g_hash_table_lookup(whys, why);

    if (!count) {
        count = g_new0(guint64, 1);
        g_hash_table_insert(whys, g_strdup(why), count);
    }
    ++*count;
}

void
ces_explanation_add(ces_explanation *explanation, const ces_capture_result *result)
{
    explanation->captures++;
    explanation->frames += result->frames;
    for (guint i = 0; i < CES_REASON_COUNT; i++)
        explanation->reasons[i] += result->reasons[i];
    explanation->wireshark_ran |= result->wireshark_runs;
    if (result->read_by != CES_READ_BY_WIRESHARK)
        return;
    explanation->by_wireshark++;
    count_why(explanation->whys, result->why);
}

/* --- telling --------------------------------------------------------------------- */

static void
append_reasons(const ces_explanation *explanation, gboolean handed_over, GString *text)
{
    guint64 sum = 0;

    for (guint i = 0; i < CES_REASON_COUNT; i++)
        if (!ces_reason_hands_over((ces_reason)i) == !handed_over)
            sum += explanation->reasons[i];
    g_string_append_printf(text, "%14" G_GUINT64_FORMAT " frames %s\n", sum,
                           handed_over ? "for Wireshark, one by one" : "read natively");
    for (guint i = 0; i < CES_REASON_COUNT; i++)
        if (explanation->reasons[i] && !ces_reason_hands_over((ces_reason)i) == !handed_over)
            g_string_append_printf(text, "%18" G_GUINT64_FORMAT " %s\n", explanation->reasons[i],
                                   ces_reason_text((ces_reason)i));
}

static void
append_whole(const ces_explanation *explanation, GString *text)
{
    GList *whys = g_list_sort(g_hash_table_get_keys(explanation->whys), (GCompareFunc)g_strcmp0);

    g_string_append_printf(text, "%14" G_GUINT64_FORMAT " captures by Wireshark from the start\n",
                           explanation->by_wireshark);
    for (GList *why = whys; why; why = why->next)
        g_string_append_printf(text, "%18" G_GUINT64_FORMAT " %s\n",
                               *(const guint64 *)g_hash_table_lookup(explanation->whys, why->data),
                               (const char *)why->data);
    g_list_free(whys);
}

void
ces_explanation_text(const ces_explanation *explanation, GString *text)
{
    g_string_append_printf(text, "How %" G_GUINT64_FORMAT " captures were read:\n", explanation->captures);
    append_reasons(explanation, FALSE, text);
    append_reasons(explanation, TRUE, text);
    append_whole(explanation, text);
    g_string_append_printf(text, "libwireshark was %sstarted\n", explanation->wireshark_ran ? "" : "not ");
}
