/* spool.c
 * Temporary files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Where no file without a name can be made, its name is taken away at once. */
static int
open_and_unlink(const char *folder)
{
    char *path = g_build_filename(folder, "ces-report.XXXXXX", NULL);
    int descriptor = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);

    if (descriptor >= 0)
        g_unlink(path);
    g_free(path);
    return descriptor;
}

int
ces_spool_open(GError **error)
{
    const char *folder = g_get_tmp_dir();
    int descriptor = -1;

#ifdef O_TMPFILE
    descriptor = g_open(folder, O_RDWR | O_CLOEXEC | O_TMPFILE, 0600);
#endif
    if (descriptor < 0)
        descriptor = open_and_unlink(folder);
    if (descriptor < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "no temporary file in %s: %s", folder,
                    g_strerror(errno));
    return descriptor;
}

gboolean
ces_spool_write(int descriptor, const void *bytes, gsize length)
{
    const char *at = (const char *)bytes;

    while (length > 0) {
        gssize written = write(descriptor, at, length);
        if (written < 0 && errno != EINTR)
            return FALSE;
        if (written > 0) {
            at += written;
            length -= (gsize)written;
        }
    }
    return TRUE;
}

char *
ces_spool_path(int descriptor)
{
    return g_strdup_printf("/dev/fd/%d", descriptor);
}
