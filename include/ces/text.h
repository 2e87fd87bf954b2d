/* text.h
 * Texts from a capture, from settings and from file names, made fit for display.
 *
 * Whoever writes them must neither command a terminal nor make a line read
 * otherwise than it is. A character is unfit if it controls, reorders or hides
 * text: control characters, marks of direction, what has no width, separators
 * of lines and paragraphs, surrogates, and what Unicode leaves private or
 * unassigned. Letters and digits of every script stay.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TEXT_H
#define CES_TEXT_H

#include <glib.h>

/* Whether the character is unfit. */
gboolean ces_text_is_unfit(gunichar character);

/* How many of the first bytes are printable ASCII, the quotation mark and the
 * backslash left out: they mean the same in every format. Reads no byte beyond
 * `length`. */
gsize ces_text_plain(const char *text, gsize length);

/* A copy in valid UTF-8, of at most `most` bytes and whole characters: each
 * unfit character becomes a dot, what is no UTF-8 becomes U+FFFD. `text` need
 * not be terminated and may hold NULs. Free it with g_free. */
char *ces_text_clean(const char *text, gsize length, gsize most);

/* Appends the same, of any length. */
void ces_text_append_clean(GString *to, const char *text, gsize length);

#endif
