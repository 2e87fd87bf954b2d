/* values.c
 * Texts, drawings and lists by their names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/values.h"

#include <string.h>

typedef struct {
    const char *name;
    GString *text; /* or NULL: a list */
    GPtrArray *items;
    gboolean is_drawing;
} entry;

struct ces_values {
    GArray *entries;
    const ces_values *around; /* whose list this is an item of, or NULL */
};

ces_values *
ces_values_new(void)
{
    ces_values *values = g_new(ces_values, 1);

    *values = (ces_values){.entries = g_array_new(FALSE, FALSE, sizeof(entry))};
    return values;
}

static void
free_item(gpointer item)
{
    ces_values_free((ces_values *)item);
}

void
ces_values_free(ces_values *values)
{
    if (!values)
        return;
    for (guint i = 0; i < values->entries->len; i++) {
        entry *e = &g_array_index(values->entries, entry, i);
        if (e->text)
            g_string_free(e->text, TRUE);
        if (e->items)
            g_ptr_array_free(e->items, TRUE);
    }
    g_array_free(values->entries, TRUE);
    g_free(values);
}

/* --- putting ------------------------------------------------------------------- */

static GString *
add_text(ces_values *values, const char *name, gboolean is_drawing)
{
    entry e = {name, g_string_new(NULL), NULL, is_drawing};

    g_array_append_val(values->entries, e);
    return e.text;
}

GString *
ces_values_text(ces_values *values, const char *name)
{
    return add_text(values, name, FALSE);
}

GString *
ces_values_drawing(ces_values *values, const char *name)
{
    return add_text(values, name, TRUE);
}

void
ces_values_put(ces_values *values, const char *name, const char *text)
{
    g_string_append(ces_values_text(values, name), text);
}

void
ces_values_number(ces_values *values, const char *name, guint64 number)
{
    g_string_append_printf(ces_values_text(values, name), "%" G_GUINT64_FORMAT, number);
}

/* --- finding ------------------------------------------------------------------- */

static entry *
find(const ces_values *values, const char *name, gsize length)
{
    for (guint i = 0; i < values->entries->len; i++) {
        entry *e = &g_array_index(values->entries, entry, i);
        if (strlen(e->name) == length && memcmp(e->name, name, length) == 0)
            return e;
    }
    return NULL;
}

ces_values *
ces_values_add(ces_values *values, const char *name)
{
    entry *list = find(values, name, strlen(name));
    ces_values *item = ces_values_new();

    if (!list) {
        entry added = {name, NULL, g_ptr_array_new_with_free_func(free_item), FALSE};
        g_array_append_val(values->entries, added);
        list = &g_array_index(values->entries, entry, values->entries->len - 1);
    }
    item->around = values;
    g_ptr_array_add(list->items, item);
    return item;
}

ces_value
ces_values_get(const ces_values *values, const char *name, gsize length)
{
    for (; values; values = values->around) {
        const entry *e = find(values, name, length);
        if (e)
            return (ces_value){e->is_drawing ? NULL : e->text, e->is_drawing ? e->text : NULL, e->items};
    }
    return (ces_value){NULL, NULL, NULL};
}
