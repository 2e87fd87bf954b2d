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

/* What is typed now, parsed: whatever way a setting took (preferences, -o,
 * sharkd's setconf), it is in force for who asks after it. The caller owns one
 * reference. Rows and ports that must be left out are named to the user, the
 * same ones once. */
ces_settings *ces_preferences_settings(void);

gboolean ces_preferences_info_column(void);

#endif
