/* start.c
 * The order in which tshark starts libwireshark, without what only a program
 * that captures or prints packets needs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "start.h"

#include <errno.h>
#include <string.h>

#include <epan/prefs.h>
#include <epan/timestamp.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>

#include "plugins.h"
#include "record.h"
#include "say.h"

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *line = ces_one_line(g_strdup_vprintf(format, arguments));
    va_end(arguments);
    g_set_error_literal(error, CES_ENGINE_ERROR, CES_ENGINE_ERROR_OPTIONS, line);
    g_free(line);
    return FALSE;
}

/* --- before there are dissectors ------------------------------------------------------ */

/* A profile that only the system has is copied into the user's folder first,
 * since tables of plugins are read there only. */
static gboolean
copy_profile(const char *profile, GError **error)
{
    char *made = NULL, *file = NULL, *from = NULL, *to = NULL;
    gboolean copied = FALSE;

    if (create_persconffile_profile(profile, &made) == -1)
        refuse(error, "the folder \"%s\" of the profile cannot be made: %s", made, g_strerror(errno));
    else if (copy_persconffile_profile(profile, profile, TRUE, &file, &from, &to) == -1)
        refuse(error, "\"%s\" of the profile cannot be copied from \"%s\" to \"%s\": %s", file, from, to,
               g_strerror(errno));
    else
        copied = TRUE;
    g_free(made);
    g_free(file);
    g_free(from);
    g_free(to);
    return copied;
}

static gboolean
choose_profile(const char *profile, GError **error)
{
    if (!profile)
        return TRUE;
    if (!profile_exists(profile, FALSE)) {
        if (!profile_exists(profile, TRUE))
            return refuse(error, "there is no profile \"%s\"", profile);
        if (!copy_profile(profile, error))
            return FALSE;
    }
    set_profile_name(profile);
    return TRUE;
}

static void
start_libraries(void)
{
    ces_log_init("ces-report");
    ws_log_set_level(LOG_LEVEL_CRITICAL); /* warnings are of dissectors to those who write them */
    init_process_policies();
    g_free(ces_configuration_init(g_get_prgname() ? g_get_prgname() : "ces-report"));
    timestamp_set_type(TS_RELATIVE);
    timestamp_set_precision(TS_PREC_AUTO);
    timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
}

static gboolean
start_dissectors(GError **error)
{
    wtap_init(TRUE);
    ces_plugins_register();
    return epan_init(NULL, NULL, FALSE) || refuse(error, "libwireshark does not start");
}

/* --- what the user wants ----------------------------------------------------------------- */

static gboolean
set_preference(const char *setting, GError **error)
{
    char *copy = g_strdup(setting), *fault = NULL;
    prefs_set_pref_e answer = prefs_set_pref(copy, &fault);

    g_free(copy);
    if (answer == PREFS_SET_OK)
        return TRUE;
    if (answer == PREFS_SET_NO_SUCH_PREF)
        refuse(error, "-o \"%s\" specifies unknown preference", setting);
    else if (answer == PREFS_SET_OBSOLETE)
        refuse(error, "-o \"%s\" specifies obsolete preference", setting);
    else
        refuse(error, "-o \"%s\" is invalid%s%s", setting, fault ? ": " : "", fault ? fault : "");
    g_free(fault);
    return FALSE;
}

static gboolean
set_preferences(const char *const *settings, GError **error)
{
    for (; settings && *settings; settings++)
        if (!set_preference(*settings, error))
            return FALSE;
    return TRUE;
}

static gboolean
add_hosts_files(const char *const *files, GError **error)
{
    for (; files && *files; files++)
        if (!add_hosts_file(*files))
            return refuse(error, "-H \"%s\": no hosts can be read from it", *files);
    return TRUE;
}

static gboolean
set_name_resolving(const ces_engine_options *options, GError **error)
{
    char bad = '\0';

    if (options->no_names)
        disable_name_resolution();
    if (options->name_resolving)
        bad = string_to_name_resolve(options->name_resolving, &gbl_resolv_flags);
    return bad == '\0' || refuse(error, "-N \"%s\": there is no name resolving '%c'", options->name_resolving, bad);
}

static gboolean
compile_filter(const char *text, ces_started *started, GError **error)
{
#if CES_WIRESHARK_AT_LEAST(4, 4)
    df_error_t *fault = NULL;
    gboolean compiled = dfilter_compile(text, &started->filter, &fault);
    const char *reason = fault ? fault->msg : "";
#else
    char *fault = NULL;
    gboolean compiled = dfilter_compile(text, &started->filter, &fault);
    const char *reason = fault ? fault : "";
#endif

    if (!compiled)
        refuse(error, "-F \"%s\" is no display filter: %s", text, reason);
#if CES_WIRESHARK_AT_LEAST(4, 4)
    df_error_free(&fault);
    started->has_columns = compiled && started->filter && dfilter_requires_columns(started->filter);
#else
    g_free(fault);
#endif
    return compiled;
}

/* --- all of it ------------------------------------------------------------------------------ */

gboolean
ces_start(const ces_engine_options *options, ces_started *started, GError **error)
{
    *started = (ces_started){.filter = NULL};
    start_libraries();
    if (!choose_profile(options->profile, error) || !start_dissectors(error))
        return FALSE;
    const e_prefs *preferences = epan_load_settings();
    if (!set_name_resolving(options, error) || !set_preferences(options->preferences, error) ||
        !add_hosts_files(options->hosts_files, error))
        return FALSE;
    prefs_apply_all();
    build_column_format_array(&started->columns, preferences->num_cols, TRUE);
    return !options->filter || !*options->filter || compile_filter(options->filter, started, error);
}
