/* module.h
 * What the module offers to the program that loads it: the functions of
 * engine.h, as a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_MODULE_H
#define CES_MODULE_H

#include "../engine.h"

/* Structures of the core pass between program and module, so both are of one
 * build: `build` is CES_BUILD_MARK in both. */
#define CES_BUILD_MARK CES_VERSION

typedef struct ces_wireshark ces_wireshark;

typedef struct {
    const char *build;
    ces_wireshark *(*start)(const ces_engine_options *options, GError **error);
    void (*stop)(ces_wireshark *wireshark);
    gboolean (*reads)(ces_wireshark *wireshark, guint32 link_type);
    void (*begin)(ces_wireshark *wireshark, ces_analysis *analysis);
    gboolean (*frame)(ces_wireshark *wireshark, const ces_frame *frame);
    void (*end)(ces_wireshark *wireshark);
    ces_read (*capture)(ces_wireshark *wireshark, const char *path, ces_analysis *analysis, ces_selection *taken,
                        GError **error);
    gboolean (*is_worn)(const ces_wireshark *wireshark);
} ces_module;

/* The table is the symbol of this name; of type const ces_module. */
#define CES_MODULE_SYMBOL "ces_wireshark_module"

#endif
