/* input.h
 * The bytes of a file, decompressed on the way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_INPUT_H
#define CES_INPUT_H

#include <glib.h>

typedef struct ces_input ces_input;

/* Takes the descriptor over. Nothing is read yet. */
ces_input *ces_input_new(int descriptor);
void ces_input_free(ces_input *input); /* takes NULL */

/* Reads at least one byte and at most `room` of them into `to`; waits for a
 * pipe. Returns how many, 0 at the end, -1 and `error` (CES_READER_ERROR) if
 * it failed. */
gssize ces_input_read(ces_input *input, guint8 *to, gsize room, GError **error);

/* After the end: whether the compressed file ends in the middle. */
gboolean ces_input_is_cut(const ces_input *input);

/* Whether it is a file that others can open again and read from the start; FALSE for a pipe. */
gboolean ces_input_is_file(const ces_input *input);

#endif
