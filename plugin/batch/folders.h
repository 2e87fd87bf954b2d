/* folders.h
 * Where Wireshark's files are: the personal, the global, and those of a profile.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FOLDERS_H
#define CES_FOLDERS_H

#include <glib.h>

typedef struct {
    char *global;   /* what comes with Wireshark, or the administrator put beside it */
    char *personal; /* the user's, profiles aside */
    char *profile;  /* of the profile in use: without one the same as personal */
} ces_folders;

/* Finds them as Wireshark does; `profile` is a name or NULL. FALSE and `error`,
 * which quotes it, if there is no such profile. Once a process. */
gboolean ces_folders_find(ces_folders *folders, const char *profile, GError **error);
void ces_folders_clear(ces_folders *folders);

#endif
