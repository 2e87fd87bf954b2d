/* setup.c
 * From Wireshark's files and the options to settings, or to the insight that
 * only Wireshark itself can follow them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "setup.h"

#include <errno.h>
#include <string.h>

#include "folders.h"
#include "preference_file.h"
#include "typed.h"

typedef struct {
    ces_setup *setup;
    ces_typed typed;
    ces_folders folders;
    GChecksum *digest;
    gboolean looks_up, asks_resolver; /* names of hosts; and of whom */
    gboolean only_profile_hosts;
    const char *file; /* being read, for complaints */
    ces_setup_complaint complain;
    gpointer data;
} setting_up;

static void complain(const setting_up *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
complain(const setting_up *s, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    s->complain(what, s->data);
    g_free(what);
}

/* The first reason is enough. */
static void need_wireshark(setting_up *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
need_wireshark(setting_up *s, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (!s->setup->needs_wireshark)
        s->setup->needs_wireshark = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* With its end, so that two texts are never one. */
static void
note(setting_up *s, const char *text)
{
    if (text)
        g_checksum_update(s->digest, (const guchar *)text, (gssize)strlen(text) + 1);
    else
        g_checksum_update(s->digest, (const guchar *)"\xff", 1);
}

/* The text of a file, NULL if there is none. */
static char *
read_file(setting_up *s, const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    GError *error = NULL;

    if (!g_file_get_contents(path, &text, NULL, &error) && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
        !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
        complain(s, "%s", error->message);
    g_clear_error(&error);
    g_free(path);
    note(s, text);
    return text;
}

/* --- preferences --------------------------------------------------------------------- */

/* What moves no dissector, by the beginnings of its names. */
static gboolean
is_harmless(const char *name)
{
    static const char *const beginnings[] = {
        "gui.",        "column.", "columns.", "capture.", "print.", "console.", "filter_expressions.",
        "statistics.", "stats.",  "taps.",    "extcap."};
    static const char *const names[] = {
        "nameres.mac_name",     "nameres.transport_name",          "nameres.vlan_name",
        "nameres.ss7_pc_name",  "nameres.dns_pkt_addr_resolution", "nameres.name_resolve_concurrency",
        "nameres.maxmind_geoip"};

    for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++)
        if (g_str_has_prefix(name, beginnings[i]))
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return TRUE;
    return FALSE;
}

/* Those on names of hosts. FALSE: it is none. */
static gboolean
set_name_resolving(setting_up *s, const char *name, const char *value)
{
    gboolean on = g_ascii_strcasecmp(value, "true") == 0;

    if (strcmp(name, "nameres.network_name") == 0)
        s->looks_up = on;
    else if (strcmp(name, "nameres.use_external_name_resolver") == 0)
        s->asks_resolver = on;
    else if (strcmp(name, "nameres.hosts_file_handling") == 0)
        s->only_profile_hosts = on;
    else
        return FALSE;
    return TRUE;
}

static gboolean
set_preference(setting_up *s, const char *name, const char *value, const char *where, GError **error)
{
    const char prefix[] = "ces.";

    if (g_ascii_strncasecmp(name, prefix, strlen(prefix)) == 0)
        return ces_typed_set(&s->typed, name + strlen(prefix), value, error);
    if (!set_name_resolving(s, name, value) && !is_harmless(name))
        need_wireshark(s, "%s sets %s", where, name);
    return TRUE;
}

static void
take_preference(const char *name, const char *value, gpointer data)
{
    setting_up *s = (setting_up *)data;
    GError *error = NULL;
    char *where = g_strdup_printf("%s/preferences", s->file);

    if (!set_preference(s, name, value, where, &error))
        complain(s, "%s: %s: %s", where, name, error->message);
    g_clear_error(&error);
    g_free(where);
}

static void
read_preferences(setting_up *s, const char *folder)
{
    char *text = read_file(s, folder, "preferences");

    s->file = folder;
    if (text)
        ces_preference_file_read(text, take_preference, s);
    g_free(text);
}

/* --- the site table ------------------------------------------------------------------- */

static gboolean
is_remark(const char *line)
{
    while (g_ascii_isspace(*line))
        line++;
    return *line == '\0' || *line == '#';
}

static void
read_site_rows(setting_up *s, const char *folder, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    GError *error = NULL;

    for (guint i = 0; lines[i]; i++) {
        if (!is_remark(lines[i]) && !ces_typed_add_row(&s->typed, lines[i], &error))
            complain(s, "row left out: %s/ces_sites:%u: %s", folder, i + 1, error->message);
        g_clear_error(&error);
    }
    g_strfreev(lines);
}

/* The profile's, otherwise the one beside Wireshark's own files. */
static void
read_sites(setting_up *s)
{
    const char *folder = s->folders.profile;
    char *text = read_file(s, folder, "ces_sites");

    if (!text) {
        folder = s->folders.global;
        text = read_file(s, folder, "ces_sites");
    }
    if (text)
        read_site_rows(s, folder, text);
    g_free(text);
}

/* --- other files ------------------------------------------------------------------------ */

static gboolean
says_anything(const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    gboolean says = FALSE;

    for (char **line = lines; *line && !says; line++)
        says = !is_remark(*line);
    g_strfreev(lines);
    return says;
}

static void
look_at_file(setting_up *s, const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);

    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        char *text = read_file(s, folder, name);
        if (text && says_anything(text))
            need_wireshark(s, "%s may change how frames are read", path);
        g_free(text);
    }
    g_free(path);
}

/* Whatever a user's folder holds beside what only the window uses: tables, keys,
 * protocols switched off or decoded as others. */
static void
look_at_folder(setting_up *s, const char *folder)
{
    static const char *const harmless[] = {
        "preferences",   "ces_sites",      "hosts",          "ethers",         "manuf",
        "wka",           "services",       "vlans",          "ipxnets",        "recent",
        "recent_common", "colorfilters",   "cfilters",       "dfilters",       "dfilter_buttons",
        "dmacros",       "dfilter_macros", "io_graphs",      "language",       "maxmind_db_paths",
        "packet_range",  "subnets",        "ss7pcs",         "plots",          "import_hexdump.json",
        "endpoints",     "conversations",  "profile_filter", "follow_streams", NULL};
    GDir *directory = g_dir_open(folder, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory)))
        if (!g_strv_contains(harmless, name))
            look_at_file(s, folder, name);
    if (directory)
        g_dir_close(directory);
}

static void
look_at_other_files(setting_up *s)
{
    static const char *const telling[] = {"disabled_protos", "enabled_protos", "heuristic_protos", "decode_as_entries",
                                          "user_dlts",       "esp_sa",         "ssl_keys",         "80211_keys"};

    look_at_folder(s, s->folders.profile);
    if (strcmp(s->folders.personal, s->folders.profile) != 0)
        look_at_folder(s, s->folders.personal);
    for (gsize i = 0; i < G_N_ELEMENTS(telling); i++)
        look_at_file(s, s->folders.global, telling[i]);
}

/* --- names of hosts ------------------------------------------------------------------------ */

static void
read_hosts(setting_up *s, const char *folder)
{
    char *text = read_file(s, folder, "hosts");

    if (text)
        ces_hosts_add_file(s->setup->hosts, text);
    g_free(text);
}

static gboolean
read_named_hosts(setting_up *s, const char *file, GError **error)
{
    char *text = NULL;

    if (!g_file_get_contents(file, &text, NULL, error)) {
        g_prefix_error(error, "-H \"%s\": ", file);
        return FALSE;
    }
    note(s, text);
    ces_hosts_add_file(s->setup->hosts, text);
    g_free(text);
    return TRUE;
}

static gboolean
take_flags(setting_up *s, const char *flags, GError **error)
{
    s->looks_up = s->asks_resolver = FALSE;
    for (const char *flag = flags; *flag; flag++) {
        s->looks_up |= *flag == 'n';
        s->asks_resolver |= *flag == 'N';
        if (!strchr("dgmnNstv", *flag)) {
            g_set_error(error, CES_OPTIONS_ERROR, CES_OPTIONS_ERROR_USAGE,
                        "-N \"%s\": '%c' is none of d, g, m, n, N, s, t, v", flags, *flag);
            return FALSE;
        }
    }
    return TRUE;
}

/* In the order in which Wireshark reads them: of an address the last name counts. */
static gboolean
read_names(setting_up *s, const ces_options *options, GError **error)
{
    if (options->name_resolving && !take_flags(s, options->name_resolving, error))
        return FALSE;
    if (options->no_names)
        s->looks_up = FALSE;
    if (s->looks_up && s->asks_resolver)
        need_wireshark(s, "names are asked of a resolver");
    if (!s->only_profile_hosts)
        read_hosts(s, s->folders.global);
    read_hosts(s, s->folders.profile);
    for (char **file = options->hosts_files; file && *file; file++)
        if (!read_named_hosts(s, *file, error))
            return FALSE;
    return TRUE;
}

/* --- -o --------------------------------------------------------------------------------------- */

static gboolean
take_table_row(setting_up *s, const char *rest, GError **error)
{
    const char table[] = "ces_sites:";

    if (g_str_has_prefix(rest, table))
        return ces_typed_add_row(&s->typed, rest + strlen(table), error);
    need_wireshark(s, "-o adds a row to a table");
    return TRUE;
}

static gboolean
take_option(setting_up *s, const char *option, GError **error)
{
    const char *colon = strchr(option, ':');
    gboolean good = FALSE;

    if (!colon) {
        g_set_error(error, CES_OPTIONS_ERROR, CES_OPTIONS_ERROR_USAGE, "it is not NAME:VALUE");
    } else {
        char *name = g_strndup(option, (gsize)(colon - option));
        const char *value = colon + 1;
        while (g_ascii_isspace(*value))
            value++;
        good = strcmp(name, "uat") == 0 ? take_table_row(s, value, error) : set_preference(s, name, value, "-o", error);
        g_free(name);
    }
    if (!good)
        g_prefix_error(error, "-o \"%s\": ", option);
    return good;
}

/* --- the whole --------------------------------------------------------------------------------- */

static void
finish_settings(setting_up *s)
{
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);

    s->setup->settings = ces_typed_settings(&s->typed, refused);
    for (guint i = 0; i < refused->len; i++)
        complain(s, "left out: %s", ((const GError *)g_ptr_array_index(refused, i))->message);
    g_ptr_array_free(refused, TRUE);
}

static void
note_options(setting_up *s, const ces_options *options)
{
    char *choices = g_strdup_printf("%d %d %d %d %s", options->format, options->pairs, options->no_names,
                                    options->engine, CES_VERSION);

    note(s, choices);
    g_free(choices);
    note(s, options->filter);
    note(s, options->profile);
    note(s, options->name_resolving);
    for (char **each = options->preferences; each && *each; each++)
        note(s, *each);
}

static gboolean
read_all(setting_up *s, const ces_options *options, GError **error)
{
    note_options(s, options);
    if (!ces_folders_find(&s->folders, options->profile, error))
        return FALSE;
    read_preferences(s, s->folders.global);
    if (strcmp(s->folders.global, s->folders.profile) != 0)
        read_preferences(s, s->folders.profile);
    read_sites(s);
    look_at_other_files(s);
    for (char **option = options->preferences; option && *option; option++)
        if (!take_option(s, *option, error))
            return FALSE;
    if (options->filter)
        need_wireshark(s, "a display filter is given");
    return read_names(s, options, error);
}

ces_setup *
ces_setup_new(const ces_options *options, ces_setup_complaint complaint, gpointer data, GError **error)
{
    setting_up s = {.setup = g_new0(ces_setup, 1),
                    .digest = g_checksum_new(G_CHECKSUM_SHA256),
                    .asks_resolver = TRUE,
                    .complain = complaint,
                    .data = data};

    s.setup->hosts = ces_hosts_new();
    ces_typed_init(&s.typed);
    gboolean good = read_all(&s, options, error);
    if (good) {
        finish_settings(&s);
        s.setup->digest = g_strdup(g_checksum_get_string(s.digest));
    }
    ces_typed_clear(&s.typed);
    ces_folders_clear(&s.folders);
    g_checksum_free(s.digest);
    if (good)
        return s.setup;
    ces_setup_free(s.setup);
    return NULL;
}

void
ces_setup_free(ces_setup *setup)
{
    if (!setup)
        return;
    ces_settings_unref(setup->settings);
    ces_hosts_free(setup->hosts);
    g_free(setup->needs_wireshark);
    g_free(setup->digest);
    g_free(setup);
}
