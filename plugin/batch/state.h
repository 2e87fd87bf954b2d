/* state.h
 * What is kept in a folder, so that an interrupted run can go on.
 *
 * Of each capture that was read well there is one file: what it said, and of
 * which file by which options. It comes into being whole. One run at a time
 * owns the folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_STATE_H
#define CES_STATE_H

#include <ces/report.h>

#include "capture_result.h"

typedef struct ces_state ces_state;

/* Makes the folder if need be. `digest` tells by which options and settings
 * captures are read. NULL and `error` if it cannot be used, or another run does. */
ces_state *ces_state_open(const char *folder, const char *digest, GError **error);
void ces_state_close(ces_state *state); /* takes NULL */

/* Whether the capture has been read by the same options, and its size and time
 * are what they were then. */
gboolean ces_state_has(const ces_state *state, const char *capture);

/* The part of one capture. */
typedef struct ces_part ces_part;

/* Begins it: before the capture is read. NULL and `error` if it cannot be written. */
ces_part *ces_part_begin(ces_state *state, const char *capture, GError **error);
gboolean ces_part_put(ces_part *part, const void *bytes, gsize length);

/* Ends it. It is kept only if nothing was wrong with the capture and it is the
 * same file as when it was begun; otherwise it goes when it has been replayed.
 * FALSE and `error` if it could not be written. Frees the part. */
gboolean ces_part_end(ces_part *part, const ces_capture_result *result, const GString *messages, GError **error);

/* Forgets it. Takes NULL. */
void ces_part_drop(ces_part *part);

/* Gives the records of a capture that was ended, or that the state has, to
 * `output`, and fills in the rest. FALSE if it could not be read, or `output` said so. */
gboolean ces_state_replay(ces_state *state, const char *capture, ces_report_output output, gpointer data,
                          ces_capture_result *result, GString *messages);

#endif
