/* preferences.c
 * Preferences and the site table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "preferences.h"

#include <epan/prefs.h>
#include <epan/range.h>
#include <epan/uat.h>
#include <wsutil/report_message.h>

#include <string.h>

/* --- the site table as the user types it ---------------------------------- */

typedef struct {
    char *network;
    guint site;      /* ces_site */
    guint appliance; /* ces_appliance */
    char *name;
    ces_network parsed; /* set when the network is checked */
    gboolean in_table;  /* a copy that the table keeps, not the row being read */
} site_record;

/* The columns with choices: what the core knows of them, as Wireshark wants it. */
static value_string site_values[4], appliance_values[4];

static struct {
    range_t *ports[CES_SERVICE_COUNT];
    site_record *records;
    guint record_count;
    const char *zones;
    guint patience;
    ws_bool learn_names;
    ws_bool info_column;
} typed = {.zones = CES_ZONES_DEFAULT, .patience = CES_PATIENCE_DEFAULT, .learn_names = TRUE, .info_column = TRUE};

UAT_CSTRING_CB_DEF(site_records, network, site_record)
UAT_VS_DEF(site_records, site, site_record, guint, CES_SITE_CLOUD, "cloud")
UAT_VS_DEF(site_records, appliance, site_record, guint, CES_APPLIANCE_UNKNOWN, "any")
UAT_CSTRING_CB_DEF(site_records, name, site_record)

/* --- accepting a row ------------------------------------------------------ */

/* The networks of the first `count` accepted rows. It grows with the table
 * while a file is read, so that reading n rows costs n steps, not n squared. */
static struct {
    GHashTable *networks;
    guint count;
} accepted;

static void
forget_accepted(void)
{
    g_hash_table_remove_all(accepted.networks);
    accepted.count = 0;
}

static gboolean
is_accepted(const ces_network *network)
{
    if (accepted.count > typed.record_count)
        forget_accepted();
    for (; accepted.count < typed.record_count; accepted.count++)
        g_hash_table_add(accepted.networks, g_memdup2(&typed.records[accepted.count].parsed, sizeof(ces_network)));
    return g_hash_table_contains(accepted.networks, network);
}

/* Why rows were refused while a table was read: of all faults in a file
 * Wireshark tells the last one only. */
static GPtrArray *refused_rows;

static ws_bool
refuse(const site_record *row, GError *error, char **fault)
{
    *fault = g_strdup(error->message);
    if (row->in_table)
        g_error_free(error);
    else
        g_ptr_array_add(refused_rows, error);
    return FALSE;
}

/* Checks the network of a row. Wireshark keeps a row with a bad column out of
 * the table and goes on with the next one; a row refused as a whole (its update
 * callback) would end the reading of the file and stay in the table.
 * A row that stands in the table already is being edited: its old self is
 * among the accepted ones, so what it duplicates is found when it is parsed. */
static ws_bool
site_network_check(void *record, const char *text, unsigned length, const void *unused _U_, const void *unused_too _U_,
                   char **fault)
{
    site_record *row = (site_record *)record;
    char *network = g_strndup(text ? text : "", length);
    GError *error = NULL;

    *fault = NULL;
    if (!ces_site_network_parse(network, &row->parsed, &error))
        g_prefix_error(&error, "network ");
    else if (!row->in_table && is_accepted(&row->parsed))
        error = g_error_new(CES_ERROR, CES_ERROR_DUPLICATE, "network \"%s\" stands in the table already", network);
    g_free(network);
    return error ? refuse(row, error, fault) : TRUE;
}

/* Like the network: a word that is none of the choices is refused where it was
 * typed, with the choices. Which column it is its value strings tell: Wireshark
 * gives those, and nothing else, to check and setter alike. */
static ws_bool
choice_check(void *record, const char *text, unsigned length, const void *values, const void *unused _U_, char **fault)
{
    gboolean site = values == site_values;
    char *word = g_strndup(text ? text : "", length);
    GError *error = NULL;
    guint value;

    *fault = NULL;
    ces_settings_parse_choice(site ? "site" : "appliance", site ? ces_site_choices : ces_appliance_choices, word,
                              &value, &error);
    g_free(word);
    return error ? refuse((const site_record *)record, error, fault) : TRUE;
}

static void *
site_record_copy(void *to, const void *from, size_t length _U_)
{
    site_record *copy = (site_record *)to;
    const site_record *row = (const site_record *)from;

    *copy = *row;
    copy->network = g_strdup(row->network);
    copy->name = g_strdup(row->name);
    copy->in_table = TRUE;
    return copy;
}

static void
site_record_free(void *record)
{
    site_record *row = (site_record *)record;

    g_free(row->network);
    g_free(row->name);
}

/* --- what follows from the settings ---------------------------------------- */

static void
tell(const GPtrArray *faults, const char *what)
{
    for (guint i = 0; i < faults->len; i++)
        report_failure("ces: %s%s", what, ((const GError *)g_ptr_array_index(faults, i))->message);
}

/* The faults of rows are told when the rows were typed; those found when all is
 * put together once, however many captures are opened. */
static void
tell_news(const GPtrArray *faults)
{
    static guint told;
    guint hash = 0;

    tell(refused_rows, "row of ces_sites left out: ");
    g_ptr_array_set_size(refused_rows, 0);
    for (guint i = 0; i < faults->len; i++)
        hash = hash * 31 + g_str_hash(((const GError *)g_ptr_array_index(faults, i))->message);
    if (hash != told)
        tell(faults, "left out: ");
    told = hash;
}

static ces_site_row *
typed_rows(void)
{
    ces_site_row *rows = g_new(ces_site_row, typed.record_count);

    for (guint i = 0; i < typed.record_count; i++) {
        const site_record *record = &typed.records[i];
        rows[i] = (ces_site_row){record->parsed, (ces_site)record->site, (ces_appliance)record->appliance,
                                 record->name ? record->name : ""};
    }
    return rows;
}

ces_settings *
ces_preferences_settings(void)
{
    GPtrArray *faults = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_site_row *rows = typed_rows();
    ces_settings_text text = {.zones = typed.zones,
                              .rows = rows,
                              .row_count = typed.record_count,
                              .patience = typed.patience,
                              .learn_names = typed.learn_names};

    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++)
        text.ports[service] = range_convert_range(NULL, typed.ports[service]);
    ces_settings *settings = ces_settings_new(&text, faults);
    tell_news(faults);
    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++)
        wmem_free(NULL, (char *)text.ports[service]);
    g_free(rows);
    g_ptr_array_free(faults, TRUE);
    return settings;
}

gboolean
ces_preferences_info_column(void)
{
    return typed.info_column;
}

/* --- registration --------------------------------------------------------- */

static void
register_ports(module_t *module)
{
    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++) {
        const ces_service_facts *about = ces_service_about((ces_service)service);
        const char *name = wmem_strdup_printf(wmem_epan_scope(), "%s_ports", ces_service_token((ces_service)service));
        const char *title = wmem_strdup_printf(wmem_epan_scope(), "%s ports", about->title);
        range_convert_str(wmem_epan_scope(), &typed.ports[service], about->default_ports, G_MAXUINT16);
        prefs_register_range_preference(module, name, title, about->ports, &typed.ports[service], G_MAXUINT16);
    }
}

/* As UAT_FLD_VS, whose own check does not name the choices. */
/* clang-format off */
#define SITE_CHOICE(field, title, values, text) \
    {#field, title, PT_TXTMOD_ENUM, \
     {choice_check, site_records_##field##_set_cb, site_records_##field##_tostr_cb}, \
     {&(values), &(values), &(values)}, &(values), text, FLDFILL}
/* clang-format on */

static void
list_choices(const ces_choice *choices, value_string *values)
{
    for (; choices->name; choices++)
        *values++ = (value_string){choices->value, choices->name};
}

static void
register_sites(module_t *module)
{
    static uat_field_t columns[] = {
        UAT_FLD_CSTRING_OTHER(site_records, network, "Network", site_network_check,
                              "An IPv4 or IPv6 network (203.0.113.0/24, 2001:db8::/32) or a single address"),
        SITE_CHOICE(site, "Site", site_values, "cloud: in a CES data centre; external: anywhere else"),
        SITE_CHOICE(appliance, "Appliance", appliance_values,
                    "What stands there: esa, sma, or any if it may be either"),
        UAT_FLD_CSTRING(site_records, name, "Name", "A name for the network or host, for display"), UAT_END_FIELDS};

    list_choices(ces_site_choices, site_values);
    list_choices(ces_appliance_choices, appliance_values);
    refused_rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    accepted.networks = g_hash_table_new_full(ces_network_hash, ces_network_equal, g_free, NULL);
    uat_t *sites =
        uat_new("CES sites", sizeof(site_record), "ces_sites", TRUE, &typed.records, &typed.record_count,
                UAT_AFFECTS_DISSECTION, NULL, site_record_copy, NULL, site_record_free, forget_accepted, NULL, columns);

    prefs_register_uat_preference(module, "sites", "Site table",
                                  "Which networks are in a CES data centre, and which are not. The longest prefix "
                                  "counts. With one row that says cloud, every address in no row is external.",
                                  sites);
}

static void
register_names(module_t *module)
{
    prefs_register_bool_preference(module, "learn_names", "Learn names from the capture",
                                   "Tell cloud hosts by their names: from DNS answers, hosts files and name records, "
                                   "TLS handshakes and SMTP banners. The site table goes before every name.",
                                   &typed.learn_names);
    prefs_register_string_preference(module, "cloud_zones", "Cloud zones",
                                     "Domains under which hosts in CES data centres have their names, separated by "
                                     "commas or blanks",
                                     &typed.zones);
}

/* Wireshark knows no groups on the page of a protocol: a line of text heads each. */
void
ces_preferences_register(int proto_ces)
{
    module_t *module = prefs_register_protocol(proto_ces, NULL);

    prefs_register_static_text_preference(module, "where", "Where each host stands: no verdict without it", NULL);
    register_sites(module);
    register_names(module);
    prefs_register_static_text_preference(module, "services",
                                          "Which service a connection carries, by the port that answers", NULL);
    register_ports(module);
    prefs_register_static_text_preference(module, "time", "How long a silence must last to count", NULL);
    prefs_register_uint_preference(module, "patience", "Patience (seconds)",
                                   "An attempt is called unanswered, and a service silent, once this much of the "
                                   "capture has gone by",
                                   10, &typed.patience);
    prefs_register_static_text_preference(module, "list", "In the packet list", NULL);
    prefs_register_bool_preference(module, "info_column", "Tag the Info column",
                                   "Add service, direction and verdict of permitted and blocked connections to the "
                                   "Info column",
                                   &typed.info_column);
}
