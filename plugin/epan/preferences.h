/* preferences.h
 * What the user sets: the ports of each service, the site table, the zones, and how much
 * is shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PREFERENCES_H
#define CES_PREFERENCES_H

#include "compat.h"

#include <ces/name.h>
#include <ces/service.h>
#include <ces/site.h>

/* Registers the preferences and the table "ces_sites". */
void ces_preferences_register(int proto_ces);

/* Rebuilds what is derived from settings that changed. Call it before a
 * capture is read: the derived tables do not change while one is open.
 * Rows and ports that must be left out are named to the user. */
void ces_preferences_refresh(void);

/* The derived tables; valid until the next refresh. */
const ces_ports *ces_preferences_ports(void);
const ces_site_table *ces_preferences_sites(void);

const ces_zones *ces_preferences_zones(void);

gboolean ces_preferences_info_column(void);
gboolean ces_preferences_learn_names(void);

#endif
