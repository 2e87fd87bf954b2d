/* backlog.h
 * Records of captures whose turn has not come: a few megabytes in memory, the
 * rest in a temporary file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_BACKLOG_H
#define CES_BACKLOG_H

#include <ces/report.h>

/* All of them. */
typedef struct {
    gsize in_memory;    /* bytes */
    int descriptor;     /* of the file, or -1 */
    gint64 file_length; /* of it */
    guint in_file;      /* pieces there that wait */
} ces_backlog;

/* Those of one capture. */
typedef struct {
    GArray *pieces;
} ces_backlog_item;

void ces_backlog_init(ces_backlog *backlog);
void ces_backlog_clear(ces_backlog *backlog);

void ces_backlog_begin(ces_backlog_item *waiting);

/* FALSE and `error` if the file cannot be written. */
gboolean ces_backlog_add(ces_backlog *backlog, ces_backlog_item *waiting, const char *bytes, gsize length,
                         GError **error);

/* Gives them to `output` (unless it is NULL) and forgets them. FALSE if the
 * output took no more, or, with `error`, the file could not be read. */
gboolean ces_backlog_empty(ces_backlog *backlog, ces_backlog_item *waiting, ces_report_output output, gpointer data,
                           GError **error);

#endif
