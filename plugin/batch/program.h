/* program.h
 * A program that decompresses, between a file and us.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PROGRAM_H
#define CES_PROGRAM_H

#include <glib.h>

typedef struct ces_program ces_program;

/* Starts it, found in PATH and with no shell between. Its input are the `length`
 * bytes that have been read already and then the rest of `source`, which stays
 * the caller's and is read by a thread until the program is stopped.
 * NULL and `error` if it cannot be run. */
ces_program *ces_program_start(const char *const *arguments, int source, const guint8 *bytes, gsize length,
                               GError **error);

/* Where its output is to be read. */
int ces_program_output(const ces_program *program);

/* Waits for its end, which our end of the pipe brings about if it has more to
 * say. Whether it was content with its input. */
gboolean ces_program_stop(ces_program *program);

#endif
