/* folders.c
 * The one place that asks Wireshark's own library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "folders.h"

#include <string.h>

#include <wireshark.h>
#include <ws_version.h>

#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>

#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 6)
#    define ces_configuration_init(program) configuration_init(program)
#else
#    define ces_configuration_init(program) configuration_init(program, NULL)
#endif

/* A file's folder. */
static char *
folder_of(char *path)
{
    char *folder = g_path_get_dirname(path);

    g_free(path);
    return folder;
}

static char *
global_profile(const char *profile)
{
    char *all = get_global_profiles_dir();
    char *folder = g_build_filename(all, profile, NULL);

    g_free(all);
    return folder;
}

gboolean
ces_folders_find(ces_folders *folders, const char *profile, GError **error)
{
    gboolean is_personal;

    ws_log_set_level(LOG_LEVEL_WARNING);
    init_process_policies();
    g_free(ces_configuration_init(CES_WIRESHARK_PROGRAM));
    is_personal = profile && profile_exists(profile, FALSE);
    if (profile && !is_personal && !profile_exists(profile, TRUE)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "-C \"%s\": there is no such profile", profile);
        return FALSE;
    }
    if (is_personal)
        set_profile_name(profile);
    folders->global = folder_of(get_datafile_path("preferences"));
    folders->personal = folder_of(get_persconffile_path("preferences", FALSE));
    folders->profile =
        profile && !is_personal ? global_profile(profile) : folder_of(get_persconffile_path("preferences", TRUE));
    return TRUE;
}

void
ces_folders_clear(ces_folders *folders)
{
    g_free(folders->global);
    g_free(folders->personal);
    g_free(folders->profile);
}
