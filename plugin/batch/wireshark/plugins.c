/* plugins.c
 * Finding, loading and registering plugins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "plugins.h"

#include <gmodule.h>

#include <string.h>

#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>

/* What Wireshark calls in a plugin; ours is in plugin/epan. */
void plugin_register(void);

#define OWN_FILE "ces." G_MODULE_SUFFIX

static const char *
complaint_about(GModule *plugin)
{
    gpointer major = NULL, minor = NULL, enter = NULL;

    if (!g_module_symbol(plugin, "plugin_want_major", &major) ||
        !g_module_symbol(plugin, "plugin_want_minor", &minor) || !g_module_symbol(plugin, "plugin_register", &enter))
        return "is no plugin of Wireshark";
    if (*(const int *)major != WIRESHARK_VERSION_MAJOR || *(const int *)minor != WIRESHARK_VERSION_MINOR)
        return "was made for another release of Wireshark";
    return NULL;
}

static void
enter_plugin(GModule *plugin)
{
    gpointer enter = NULL;

    if (g_module_symbol(plugin, "plugin_register", &enter))
        ((void (*)(void))enter)();
}

static void
load_plugin(const char *path)
{
    GModule *plugin = g_module_open(path, G_MODULE_BIND_LOCAL);
    const char *complaint = plugin ? complaint_about(plugin) : NULL;

    if (!plugin)
        report_failure("Couldn't load plugin '%s': %s", path, g_module_error());
    else if (complaint)
        report_failure("The plugin '%s' %s", path, complaint);
    else
        enter_plugin(plugin); /* and it stays */
    if (complaint)
        g_module_close(plugin);
}

/* Of two plugins of one name the first counts. */
static void
load_folder(const char *folder, GHashTable *loaded)
{
    char *path = g_build_filename(folder, "epan", NULL);
    GDir *files = g_dir_open(path, 0, NULL);
    const char *name;

    while (files && (name = g_dir_read_name(files))) {
        if (!g_str_has_suffix(name, "." G_MODULE_SUFFIX) || !g_hash_table_add(loaded, g_strdup(name)))
            continue;
        char *file = g_build_filename(path, name, NULL);
        load_plugin(file);
        g_free(file);
    }
    if (files)
        g_dir_close(files);
    g_free(path);
}

void
ces_plugins_register(void)
{
    GHashTable *loaded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    plugin_register();
    g_hash_table_add(loaded, g_strdup(OWN_FILE));
    load_folder(get_plugins_dir_with_version(), loaded);
    if (!started_with_special_privs()) /* as Wireshark itself */
        load_folder(get_plugins_pers_dir_with_version(), loaded);
    g_hash_table_destroy(loaded);
}
