/* typed.c
 * Collecting the plugin's preferences: the same names, values and refusals.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "typed.h"

#include <string.h>

void
ces_typed_init(ces_typed *typed)
{
    *typed = (ces_typed){.patience = CES_PATIENCE_DEFAULT, .learn_names = TRUE};
    typed->rows = g_array_new(FALSE, FALSE, sizeof(ces_site_row));
    typed->networks = g_hash_table_new_full(ces_network_hash, ces_network_equal, g_free, NULL);
}

void
ces_typed_clear(ces_typed *typed)
{
    for (guint i = 0; i < CES_SERVICE_COUNT; i++)
        g_free(typed->ports[i]);
    g_free(typed->zones);
    for (guint i = 0; i < typed->rows->len; i++)
        g_free((gpointer)g_array_index(typed->rows, ces_site_row, i).name);
    g_array_free(typed->rows, TRUE);
    g_hash_table_destroy(typed->networks);
}

/* --- values ------------------------------------------------------------------------ */

static gboolean
set_text(char **to, const char *value)
{
    g_free(*to);
    *to = g_strdup(value);
    return TRUE;
}

/* A list that no port can be read from is wrong as typed; ports that another
 * service has are left out later. */
static gboolean
set_ports(ces_typed *typed, ces_service service, const char *value, GError **error)
{
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_settings_text text = ces_settings_text_default();
    gboolean good = TRUE;

    text.ports[service] = value;
    ces_settings_unref(ces_settings_new(&text, refused));
    for (guint i = 0; good && i < refused->len; i++) {
        const GError *refusal = (const GError *)g_ptr_array_index(refused, i);
        if (g_str_has_suffix(refusal->message, ces_service_token(service)) && strstr(refusal->message, " is no port")) {
            g_propagate_error(error, g_error_copy(refusal));
            good = FALSE;
        }
    }
    g_ptr_array_free(refused, TRUE);
    return good && set_text(&typed->ports[service], value);
}

static gboolean
set_patience(ces_typed *typed, const char *value, GError **error)
{
    guint64 seconds;

    if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT32, &seconds, NULL)) {
        g_set_error(error, CES_ERROR, CES_ERROR_ROW, "\"%s\" is no number of seconds", value);
        return FALSE;
    }
    typed->patience = (guint)seconds;
    return TRUE;
}

static gboolean
is_unused(const char *name)
{
    static const char *const names[] = {"info_column", "where", "services", "time", "list", "sites"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return TRUE;
    return FALSE;
}

gboolean
ces_typed_set(ces_typed *typed, const char *name, const char *value, GError **error)
{
    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++) {
        const char *token = ces_service_token((ces_service)service);
        if (g_str_has_prefix(name, token) && strcmp(name + strlen(token), "_ports") == 0)
            return set_ports(typed, (ces_service)service, value, error);
    }
    if (strcmp(name, "cloud_zones") == 0)
        return set_text(&typed->zones, value);
    if (strcmp(name, "patience") == 0)
        return set_patience(typed, value, error);
    if (strcmp(name, "learn_names") == 0) {
        typed->learn_names = g_ascii_strcasecmp(value, "true") == 0; /* as Wireshark reads it */
        return TRUE;
    }
    if (is_unused(name))
        return TRUE;
    g_set_error(error, CES_ERROR, CES_ERROR_ROW, "there is no preference \"ces.%s\"", name);
    return FALSE;
}

gboolean
ces_typed_add_row(ces_typed *typed, const char *line, GError **error)
{
    ces_site_row row;
    char text[CES_NETWORK_TEXT];

    if (!ces_settings_parse_site(line, &row, error))
        return FALSE;
    if (g_hash_table_contains(typed->networks, &row.network)) {
        g_set_error(error, CES_ERROR, CES_ERROR_DUPLICATE, "network \"%s\" stands in the table already",
                    ces_network_text(&row.network, text));
        g_free((gpointer)row.name);
        return FALSE;
    }
    g_hash_table_add(typed->networks, g_memdup2(&row.network, sizeof row.network));
    g_array_append_val(typed->rows, row);
    return TRUE;
}

ces_settings *
ces_typed_settings(const ces_typed *typed, GPtrArray *refused)
{
    ces_settings_text text = {.zones = typed->zones,
                              .rows = (const ces_site_row *)(const void *)typed->rows->data,
                              .row_count = typed->rows->len,
                              .patience = typed->patience,
                              .learn_names = typed->learn_names};

    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++)
        text.ports[service] = typed->ports[service];
    return ces_settings_new(&text, refused);
}
