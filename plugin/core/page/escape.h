/* escape.h
 * The one place where text becomes part of a page, or of a command on it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_ESCAPE_H
#define CES_PAGE_ESCAPE_H

#include <glib.h>

/* No text of a page is longer, in bytes; a longer one is cut and ends in "...". */
enum { CES_PAGE_TEXT = 1000 };

/* Appends text from anywhere so that it is shown in HTML and SVG, in elements and
 * in quoted attributes, and is never more than text: markup is escaped, what
 * controls, reorders or hides text becomes a dot (see ces/text.h), what is no UTF-8
 * becomes U+FFFD. At most CES_PAGE_TEXT bytes of it are taken. */
void ces_page_escape(GString *page, const char *text, gsize length);

/* A copy of no more than it takes to show it, and that it is longer: g_free. */
char *ces_page_strdup(const char *text);

/* Appends a word that a shell takes as exactly these bytes: between apostrophes if
 * all of it can be shown, otherwise in the form $'...' that bash, ksh and zsh know.
 * What is appended is fit for display. */
void ces_page_quote(GString *command, const char *word);

#endif
