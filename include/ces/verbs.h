/* verbs.h
 * Which lines of a client are commands that everybody knows.
 *
 * The PVO Quarantine has commands that no standard names. A reader of SMTP
 * knows a command by its length of four letters or from a list, and takes any
 * other line for a part of a message, which spoils the message that follows:
 * it should get the other lines only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_VERBS_H
#define CES_VERBS_H

#include <glib.h>

/* A line of a text, by offsets. Zeroed stands before the first one. */
typedef struct {
    gsize start, length; /* without its end: LF, CR LF, or CR before anything else */
    gsize next;          /* where the next one starts */
    gsize word;          /* length of the verb */
} ces_verb_line;

/* Goes to the next line. FALSE, and `line` unchanged, at the end and before a
 * line that has not ended. */
gboolean ces_verb_line_next(const guint8 *text, gsize length, ces_verb_line *line);

/* The lines that a reader of SMTP would take for commands, if they are one
 * stretch, empty if there are none. FALSE if they are not, or the last line has
 * not ended. */
gboolean ces_verbs_known(const guint8 *text, gsize length, gsize *start, gsize *end);

#endif
