/* reporter.h
 * The report of a run: captures come one after the other, in the order given.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_REPORTER_H
#define CES_REPORTER_H

#include "explain.h"
#include "output.h"
#include "setup.h"

typedef struct ces_reporter ces_reporter;

/* All is borrowed. `say` gets lines for standard error, each with its end. */
typedef void (*ces_reporter_say)(const char *text, gpointer data);
ces_reporter *ces_reporter_new(const ces_options *options, const ces_setup *setup, ces_output *output,
                               ces_reporter_say say, gpointer data);
void ces_reporter_free(ces_reporter *reporter); /* takes NULL */

/* Records of the capture whose turn it is (ces_report_output; `data` is the
 * ces_reporter). FALSE if they could not be written. */
gboolean ces_reporter_records(const char *text, gsize length, gpointer data);

/* Its end: what was said about it, lines with their ends, and how it went. */
gboolean ces_reporter_end_capture(ces_reporter *reporter, const char *name, const ces_capture_result *result,
                                  const char *messages);

/* Records from files (--merge). */
gboolean ces_reporter_merge(ces_reporter *reporter, const char *file);

/* After the last; `troubled`: something else was wrong. Returns the status of the run. */
ces_status ces_reporter_finish(ces_reporter *reporter, gboolean troubled);

#endif
