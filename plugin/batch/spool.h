/* spool.h
 * A temporary file that has no name, so nothing of it stays.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SPOOL_H
#define CES_SPOOL_H

#include <glib.h>

/* Its descriptor, closed on exec, or -1 and `error`, which names the folder. */
int ces_spool_open(GError **error);

/* Writes all of it at the descriptor's place. FALSE: errno tells why. */
gboolean ces_spool_write(int descriptor, const void *bytes, gsize length);

/* The path by which this process opens the file once more. The caller frees it. */
char *ces_spool_path(int descriptor);

#endif
