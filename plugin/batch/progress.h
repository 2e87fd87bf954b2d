/* progress.h
 * How far a run is, on one line of a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PROGRESS_H
#define CES_PROGRESS_H

#include <glib.h>

typedef struct {
    gboolean shown;
    guint captures, captures_done;
    guint64 bytes, bytes_done; /* of their files; those already done in an earlier run left out */
    gint64 begun, latest;      /* monotonic microseconds */
} ces_progress;

void ces_progress_init(ces_progress *progress, gboolean shown, guint captures, guint64 bytes);

/* Shows it, several times a second at most, on standard error. */
void ces_progress_show(ces_progress *progress);

/* Takes the line away: before anything else is said, and at the end. */
void ces_progress_hide(ces_progress *progress);

/* The line, without its end. `elapsed` is in microseconds. */
void ces_progress_text(const ces_progress *progress, gint64 elapsed, GString *text);

#endif
