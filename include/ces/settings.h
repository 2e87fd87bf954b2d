/* settings.h
 * What the user sets, from text to tables that are looked up.
 *
 * The plugin's preferences and a batch program's options hand over the same
 * texts, so both understand, refuse and say the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SETTINGS_H
#define CES_SETTINGS_H

#include <ces/name.h>
#include <ces/service.h>
#include <ces/site.h>
#include <ces/time.h>

/* As typed. All strings are borrowed during the call that takes them. */
typedef struct {
    const char *ports[CES_SERVICE_COUNT]; /* by ces_service: "22", "6025,7000-7010"; NULL: the default ports */
    const char *zones;                    /* domains separated by commas or blanks; NULL: the default zones */
    const ces_site_row *rows;             /* the site table */
    gsize row_count;
    guint patience; /* seconds */
    gboolean learn_names;
} ces_settings_text;

/* What is typed when nobody has typed anything. */
ces_settings_text ces_settings_text_default(void);

#define CES_PATIENCE_DEFAULT 3u

/* As parsed. Never changes; shared by reference counting. */
typedef struct {
    ces_ports ports;
    ces_site_table *sites;
    ces_zones *zones;
    gint64 patience; /* nanoseconds */
    gboolean learn_names;
} ces_settings;

/* Parses. What is bad is left out; for each such thing a GError that quotes it
 * is appended to `refused`, an array with g_error_free as its free function,
 * or NULL if no one listens. Never NULL; the caller owns one reference. */
ces_settings *ces_settings_new(const ces_settings_text *text, GPtrArray *refused);
ces_settings *ces_settings_ref(ces_settings *settings);
void ces_settings_unref(ces_settings *settings); /* takes NULL */

/* What may stand in a column of the site table; ends with a name of NULL. */
typedef struct {
    const char *name;
    guint value;
} ces_choice;

extern const ces_choice ces_site_choices[], ces_appliance_choices[];

/* Looks `text` up. FALSE and `error`, which quotes it and names the choices, if it is none of them. */
gboolean ces_settings_parse_choice(const char *column, const ces_choice *choices, const char *text, guint *value,
                                   GError **error);

/* Parses one row of the site table as Wireshark keeps it in the file "ces_sites" and takes it after "uat:ces_sites:":
 * "network","site","appliance","name" with C-like escapes (\x22 for a quotation mark) in each. Fills `row`; row->name
 * is owned by the caller. FALSE and `error`, which quotes what is wrong and names the choices, otherwise. */
gboolean ces_settings_parse_site(const char *line, ces_site_row *row, GError **error);

#endif
