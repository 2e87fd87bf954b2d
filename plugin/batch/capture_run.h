/* capture_run.h
 * One capture from its name to an analysis that has seen all of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CAPTURE_RUN_H
#define CES_CAPTURE_RUN_H

#include "capture_result.h"
#include "engine.h"
#include "setup.h"

/* Told of trouble with a capture; one line without its end. */
typedef void (*ces_capture_say)(const char *name, const char *what, gpointer data);

/* What reads one capture after the other. */
typedef struct ces_runner ces_runner;

/* Options and setup are borrowed for as long as it lives. */
ces_runner *ces_runner_new(const ces_options *options, const ces_setup *setup, ces_capture_say say, gpointer data);
void ces_runner_free(ces_runner *runner);

/* Whether the process had better end now, and another one go on (see ces_engine_is_worn). */
gboolean ces_runner_is_worn(const ces_runner *runner);

/* Reads captures, in this order, into one analysis: NULL-terminated names, "-"
 * for standard input. Returns the analysis, which the caller frees; NULL if
 * nothing could be read. `*taken` becomes the connections that the filter lets
 * pass, or NULL for all; the caller frees it. Fills `result`, but for what
 * follows from the connections. */
ces_analysis *ces_runner_read(ces_runner *runner, const char *const *names, ces_selection **taken,
                              ces_capture_result *result);

#endif
