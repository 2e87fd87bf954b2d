/* preferences.h
 * What the user sets: the ports of each service, the site table, the zones, and how much
 * is shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PREFERENCES_H
#define CES_PREFERENCES_H

#include "compat.h"

#include <ces/settings.h>

/* Registers the preferences and the table "ces_sites". */
void ces_preferences_register(int proto_ces);

/* What is typed now, parsed; borrowed, valid until the next call. Call it when
 * a capture is opened. Rows and ports that must be left out are named to the
 * user, once for each change. */
ces_settings *ces_preferences_settings(void);

gboolean ces_preferences_info_column(void);

#endif
