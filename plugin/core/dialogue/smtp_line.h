/* smtp_line.h
 * Lines out of the pieces of one end's stream.
 *
 * A line that lies whole in a piece is lent out where it is; only one that
 * goes over the edge of a piece is copied.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SMTP_LINE_H
#define CES_SMTP_LINE_H

#include <glib.h>

/* RFC 5321 section 4.5.3.1 allows 512 bytes for commands and replies;
 * extensions add to it. What is longer keeps its beginning. */
enum { CES_SMTP_LINE_KEPT = 1024 };

/* Borrowed text that does not end with NUL, and may hold any byte. */
typedef struct {
    const char *text;
    gsize length;
} ces_smtp_span;

/* Zeroed is one at the beginning of a line. */
typedef struct {
    char *text; /* the beginning of a line, or NULL; grows up to CES_SMTP_LINE_KEPT */
    guint16 length, room;
    guint8 skipping; /* the beginning of the line is missing */
} ces_smtp_line;

/* Takes bytes up to and with the end of the line; returns how many. Once the
 * line is whole, `whole` is its text without the end, valid until the next
 * call; else its text is NULL. */
guint32 ces_smtp_line_take(ces_smtp_line *line, const guint8 *bytes, guint32 length, ces_smtp_span *whole);

/* Forgets what has come of the line, which is missing a part from now on. */
void ces_smtp_line_cut(ces_smtp_line *line);

/* Frees what it keeps, and is at the beginning of a line again. */
void ces_smtp_line_clear(ces_smtp_line *line);

/* The text up to the first blank. */
ces_smtp_span ces_smtp_span_word(ces_smtp_span text);

/* What is left behind the first `length` bytes; empty if there is less. */
ces_smtp_span ces_smtp_span_after(ces_smtp_span text, gsize length);

/* Whether it is, or begins with, this word in letters of either case. */
gboolean ces_smtp_span_is(ces_smtp_span text, const char *word);
gboolean ces_smtp_span_starts(ces_smtp_span text, const char *word);

/* Without the blanks and tabs at its end. */
ces_smtp_span ces_smtp_span_trimmed(ces_smtp_span text);

#endif
