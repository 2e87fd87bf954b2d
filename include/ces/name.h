/* name.h
 * Host names: their one written form, the zones of the cloud, and what a name
 * says of the kind of host.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_NAME_H
#define CES_NAME_H

#include <ces/vocabulary.h>

/* Room for any host name in text (RFC 1035 section 2.3.4: 255 bytes on the
 * wire are 253 characters), with the final NUL. */
#define CES_NAME_SIZE 254

/* Writes a name as every other function here expects it: lower-case, without
 * the trailing dot. `text` need not be terminated and may hold any bytes.
 * FALSE, and `name` undefined, if they are no host name: labels of 1 to 63
 * letters, digits, '-' and '_', the last one not a number, the first one
 * perhaps "*" (as in certificates). So a name never brings control characters
 * into a display, nor a dot or NUL that a label was made to contain. */
gboolean ces_name_write(const void *text, gsize length, char name[CES_NAME_SIZE]);

/* The zones under which the cloud's hosts have their names. */
typedef struct ces_zones ces_zones;

/* Default of the setting (Cisco 214281, 225361). */
#define CES_ZONES_DEFAULT "iphmx.com, ces.cisco.com"

/* From a list separated by commas or blanks. For a bad zone, one GError
 * (CES_ERROR_ZONE, quoting it) is appended to `refused`, an array with
 * g_error_free as its free function, or NULL if no one listens; the others
 * count. Never NULL; free with ces_zones_free, which takes NULL too. */
ces_zones *ces_zones_new(const char *list, GPtrArray *refused);
void ces_zones_free(ces_zones *zones);

/* Whether the name, as written above, is one of the zones or below one:
 * whole labels are compared, so "notiphmx.com" is not in "iphmx.com". */
gboolean ces_zones_hold(const ces_zones *zones, const char *name);

/* What the first label says of the host. It means something only for names
 * that a zone holds: mx1.example.org may be anything. */
ces_appliance ces_appliance_by_name(const char *name);

#endif
