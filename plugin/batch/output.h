/* output.h
 * The report's way out: many records at a time, and each fault noticed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_OUTPUT_H
#define CES_OUTPUT_H

#include <glib.h>

typedef struct {
    int descriptor;
    gboolean may_block; /* a pipe or a terminal, whose reader may not read */
    GString *buffer;
    int failure; /* errno of what could not be written, 0: all is well */
    gboolean (*must_stop)(gpointer data);
    gpointer data;
} ces_output;

/* While a reader does not read, `must_stop` is asked several times a second
 * whether to give up (EINTR). */
void ces_output_init(ces_output *output, int descriptor, gboolean (*must_stop)(gpointer data), gpointer data);
void ces_output_clear(ces_output *output);

/* Both are FALSE if it could not be written, now or before. */
gboolean ces_output_put(ces_output *output, const void *bytes, gsize length);
gboolean ces_output_flush(ces_output *output);

#endif
