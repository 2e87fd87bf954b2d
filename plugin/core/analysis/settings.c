/* settings.c
 * From typed text to tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/settings.h>

#include <string.h>

ces_settings_text
ces_settings_text_default(void)
{
    return (ces_settings_text){.patience = CES_PATIENCE_DEFAULT, .learn_names = TRUE};
}

/* --- ports ------------------------------------------------------------------ */

/* One number; leaves `*at` behind it. FALSE if there is none up to `G_MAXUINT16`. */
static gboolean
parse_port(const char **at, guint *port)
{
    char *end;
    guint64 number = g_ascii_isdigit(**at) ? g_ascii_strtoull(*at, &end, 10) : G_MAXUINT64;

    if (number > G_MAXUINT16)
        return FALSE;
    *port = (guint)number;
    *at = end;
    return TRUE;
}

/* "22", "7000-7010", "-1023" or "50000-", as in Wireshark's ranges. */
static gboolean
parse_range(const char *text, guint *low, guint *high)
{
    const char *at = text;
    gboolean from = parse_port(&at, low);

    if (!from)
        *low = 1;
    while (*at == ' ')
        at++;
    if (*at != '-') {
        *high = *low;
        return from && *at == '\0';
    }
    at++;
    while (*at == ' ')
        at++;
    if (*at == '\0') {
        *high = G_MAXUINT16;
        return from;
    }
    return parse_port(&at, high) && *at == '\0' && *low <= *high;
}

static void
refuse(GPtrArray *refused, GError *error)
{
    if (refused)
        g_ptr_array_add(refused, error);
    else
        g_error_free(error);
}

static void
assign_ports(ces_ports *ports, ces_service service, const char *list, GPtrArray *refused)
{
    gchar **parts = g_strsplit(list, ",", -1);

    for (gchar **part = parts; *part; part++) {
        guint low, high;
        GError *error = NULL;
        g_strstrip(*part);
        if (**part == '\0')
            continue;
        if (!parse_range(*part, &low, &high))
            refuse(refused, g_error_new(CES_ERROR, CES_ERROR_PORT, "\"%s\" is no port or range of ports for %s", *part,
                                        ces_service_token(service)));
        else if (!ces_ports_assign(ports, service, (guint16)low, (guint16)high, &error))
            refuse(refused, error);
    }
    g_strfreev(parts);
}

/* --- the whole ---------------------------------------------------------------- */

ces_settings *
ces_settings_new(const ces_settings_text *text, GPtrArray *refused)
{
    ces_settings *settings = g_rc_box_new0(ces_settings);

    ces_ports_clear(&settings->ports);
    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++) {
        const char *list = text->ports[service];
        assign_ports(&settings->ports, (ces_service)service,
                     list ? list : ces_service_about((ces_service)service)->default_ports, refused);
    }
    settings->sites = ces_site_table_new(text->rows, text->row_count, refused);
    settings->zones = ces_zones_new(text->zones ? text->zones : CES_ZONES_DEFAULT, refused);
    settings->patience = (gint64)text->patience * CES_SECOND;
    settings->learn_names = text->learn_names;
    return settings;
}

ces_settings *
ces_settings_ref(ces_settings *settings)
{
    return (ces_settings *)g_rc_box_acquire(settings);
}

static void
clear_settings(gpointer data)
{
    ces_settings *settings = (ces_settings *)data;

    ces_site_table_free(settings->sites);
    ces_zones_free(settings->zones);
}

void
ces_settings_unref(ces_settings *settings)
{
    if (settings)
        g_rc_box_release_full(settings, clear_settings);
}

/* --- a row of the site table ------------------------------------------------------ */

enum { NETWORK, SITE, APPLIANCE, NAME, COLUMN_COUNT };

static const char *const column_names[COLUMN_COUNT] = {"network", "site", "appliance", "name"};

/* Appends what \" \\ or \xHH at `from` stands for; returns its last character. */
static const char *
skip_escape(const char *from, GString *value)
{
    enum { HEX_ESCAPE = 3 };

    if (from[1] != 'x' || !g_ascii_isxdigit(from[2]) || !g_ascii_isxdigit(from[3])) {
        g_string_append_c(value, from[1]);
        return from + 1;
    }
    g_string_append_c(value, (char)(g_ascii_xdigit_value(from[2]) * 16 + g_ascii_xdigit_value(from[3])));
    return from + HEX_ESCAPE;
}

/* Reads one column in quotation marks, with \" \\ and \xHH in it (as Wireshark
 * writes them), from `*at`. NULL if there is none; else the caller frees it. */
static char *
parse_column(const char **at)
{
    GString *value = g_string_new(NULL);
    const char *from = *at;

    if (*from++ != '"')
        return g_string_free(value, TRUE);
    for (; *from && *from != '"'; from++) {
        if (*from == '\\' && from[1])
            from = skip_escape(from, value);
        else
            g_string_append_c(value, *from);
    }
    if (*from != '"')
        return g_string_free(value, TRUE);
    *at = from + 1;
    return g_string_free(value, FALSE);
}

static const char *
skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')
        at++;
    return at;
}

static gboolean
split_row(const char *line, char *columns[COLUMN_COUNT], GError **error)
{
    const char *at = skip_blanks(line);

    for (int i = 0; i < COLUMN_COUNT; i++) {
        columns[i] = parse_column(&at);
        at = skip_blanks(at);
        if (columns[i] && (i == NAME ? *at == '\0' : *at == ',')) {
            at = skip_blanks(at + (i != NAME));
            continue;
        }
        g_set_error(error, CES_ERROR, CES_ERROR_ROW,
                    columns[i] ? "%s: behind the column %s comes what does not belong there"
                               : "%s: the column %s is missing, or not in quotation marks",
                    line, column_names[i]);
        return FALSE;
    }
    return TRUE;
}

gboolean
ces_settings_parse_choice(const char *column, const ces_choice *choices, const char *text, guint *value, GError **error)
{
    GString *names = g_string_new(NULL);

    for (const ces_choice *choice = choices; choice->name; choice++) {
        if (strcmp(choice->name, text) == 0) {
            *value = choice->value;
            g_string_free(names, TRUE);
            return TRUE;
        }
        g_string_append_printf(names, "%s%s", names->len == 0 ? "" : choice[1].name ? ", " : " or ", choice->name);
    }
    g_set_error(error, CES_ERROR, CES_ERROR_ROW, "%s \"%s\" is not %s", column, text, names->str);
    g_string_free(names, TRUE);
    return FALSE;
}

const ces_choice ces_site_choices[] = {{"cloud", CES_SITE_CLOUD}, {"external", CES_SITE_EXTERNAL}, {NULL, 0}};
const ces_choice ces_appliance_choices[] = {
    {"any", CES_APPLIANCE_UNKNOWN}, {"esa", CES_APPLIANCE_ESA}, {"sma", CES_APPLIANCE_SMA}, {NULL, 0}};

static gboolean
fill_row(char *columns[COLUMN_COUNT], ces_site_row *row, GError **error)
{
    guint site, appliance;

    if (!ces_site_network_parse(columns[NETWORK], &row->network, error) ||
        !ces_settings_parse_choice(column_names[SITE], ces_site_choices, columns[SITE], &site, error) ||
        !ces_settings_parse_choice(column_names[APPLIANCE], ces_appliance_choices, columns[APPLIANCE], &appliance,
                                   error))
        return FALSE;
    row->site = (ces_site)site;
    row->appliance = (ces_appliance)appliance;
    row->name = g_steal_pointer(&columns[NAME]);
    return TRUE;
}

gboolean
ces_settings_parse_site(const char *line, ces_site_row *row, GError **error)
{
    char *columns[COLUMN_COUNT] = {NULL};
    gboolean good = split_row(line, columns, error) && fill_row(columns, row, error);

    for (int i = 0; i < COLUMN_COUNT; i++)
        g_free(columns[i]);
    return good;
}
