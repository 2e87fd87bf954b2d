/* engine.c
 * Loads the module that holds the engine, when it is started, and passes on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "engine.h"

#include <gmodule.h>

#include <string.h>

#include "wireshark/module.h"

#define MODULE_FILE "ces_wireshark." G_MODULE_SUFFIX

GQuark
ces_engine_error_quark(void)
{
    return g_quark_from_static_string("ces-engine-error");
}

struct ces_engine {
    const ces_module *module;
    ces_wireshark *wireshark;
};

/* --- finding the module ---------------------------------------------------------- */

/* The folder of the program; or NULL. */
static char *
program_folder(void)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = program ? g_path_get_dirname(program) : NULL;

    g_free(program);
    return folder;
}

/* Beside the program, as in a build folder; where it is seen from the program, so
 * that both can be moved together; or where it was to be installed. */
static char *
module_path(void)
{
    char *folder = program_folder();
    char *paths[] = {
        folder ? g_build_filename(folder, MODULE_FILE, NULL) : NULL,
        folder ? g_build_filename(folder, CES_MODULE_FROM_PROGRAM, MODULE_FILE, NULL) : NULL,
        g_build_filename(CES_MODULE_FOLDER, MODULE_FILE, NULL),
    };
    gsize chosen = 0, last = G_N_ELEMENTS(paths) - 1;

    while (chosen < last && (!paths[chosen] || !g_file_test(paths[chosen], G_FILE_TEST_EXISTS)))
        chosen++;
    char *path = g_steal_pointer(&paths[chosen]);
    for (gsize i = 0; i <= last; i++)
        g_free(paths[i]);
    g_free(folder);
    return path;
}

static void
refuse(GError **error, const char *path, const char *reason)
{
    g_set_error(error, CES_ENGINE_ERROR, CES_ENGINE_ERROR_MODULE,
                "Wireshark %s is needed here, but \"%s\", which brings it in, cannot be loaded: %s",
                CES_WIRESHARK_SERIES, path, reason);
}

static const ces_module *
load(const char *path, GError **error)
{
    GModule *library = g_module_open(path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
    gpointer symbol = NULL;

    if (!library) {
        refuse(error, path, g_file_test(path, G_FILE_TEST_EXISTS) ? g_module_error() : "there is no such file");
        return NULL;
    }
    if (g_module_symbol(library, CES_MODULE_SYMBOL, &symbol) &&
        strcmp(((const ces_module *)symbol)->build, CES_BUILD_MARK) == 0) {
        g_module_make_resident(library); /* what libwireshark has registered with GLib stays for ever */
        return (const ces_module *)symbol;
    }
    refuse(error, path, "it belongs to another version of ces-report than " CES_VERSION);
    g_module_close(library);
    return NULL;
}

/* --- engine.h ------------------------------------------------------------------------ */

ces_engine *
ces_engine_start(const ces_engine_options *options, GError **error)
{
    char *path = module_path();
    const ces_module *module = load(path, error);
    ces_wireshark *wireshark = module ? module->start(options, error) : NULL;

    g_free(path);
    if (!wireshark)
        return NULL;
    ces_engine *engine = g_new(ces_engine, 1);
    *engine = (ces_engine){module, wireshark};
    return engine;
}

void
ces_engine_stop(ces_engine *engine)
{
    if (!engine)
        return;
    engine->module->stop(engine->wireshark);
    g_free(engine);
}

gboolean
ces_engine_reads(ces_engine *engine, guint32 link_type)
{
    return engine->module->reads(engine->wireshark, link_type);
}

void
ces_engine_begin(ces_engine *engine, ces_analysis *analysis)
{
    engine->module->begin(engine->wireshark, analysis);
}

gboolean
ces_engine_frame(ces_engine *engine, const ces_frame *frame)
{
    return engine->module->frame(engine->wireshark, frame);
}

void
ces_engine_end(ces_engine *engine)
{
    engine->module->end(engine->wireshark);
}

ces_read
ces_engine_capture(ces_engine *engine, const char *path, ces_analysis *analysis, ces_selection *taken, GError **error)
{
    return engine->module->capture(engine->wireshark, path, analysis, taken, error);
}

gboolean
ces_engine_is_worn(const ces_engine *engine)
{
    return engine->module->is_worn(engine->wireshark);
}
