/* typed.h
 * The plugin's preferences while they are collected: as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TYPED_H
#define CES_TYPED_H

#include <ces/settings.h>

typedef struct {
    char *ports[CES_SERVICE_COUNT]; /* NULL: not typed */
    char *zones;
    guint patience;
    gboolean learn_names;
    GArray *rows;         /* ces_site_row, names owned */
    GHashTable *networks; /* those of the rows */
} ces_typed;

void ces_typed_init(ces_typed *typed);
void ces_typed_clear(ces_typed *typed);

/* Sets the preference of the plugin called `name` ("patience"). FALSE and `error`,
 * which quotes the value, if there is none of that name or the value is wrong. */
gboolean ces_typed_set(ces_typed *typed, const char *name, const char *value, GError **error);

/* Adds a row of the site table. FALSE and `error` if it is wrong or stands there already. */
gboolean ces_typed_add_row(ces_typed *typed, const char *line, GError **error);

/* Parses all of it (see ces_settings_new). */
ces_settings *ces_typed_settings(const ces_typed *typed, GPtrArray *refused);

#endif
