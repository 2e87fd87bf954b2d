/* captures.h
 * Which captures are meant: files, folders, lists of names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CAPTURES_H
#define CES_CAPTURES_H

#include <glib.h>

/* Told of what is wrong; one line without its end. The name is bytes. */
typedef void (*ces_captures_complaint)(const char *name, const char *what, gpointer data);

/* Appends copies of the names to `captures` (char *): a folder becomes the files
 * in it and below it that are named like captures, in the order of their names
 * as bytes. In there, links to files elsewhere are captures too, links to folders
 * are told and not followed. Whatever else is taken as it is. FALSE if a folder
 * could not be read. */
gboolean ces_captures_add(GPtrArray *captures, const char *name, ces_captures_complaint complain, gpointer data);

/* Adds the names in a file ("-": standard input), one a line or ended by NUL;
 * empty ones are skipped. */
gboolean ces_captures_add_list(GPtrArray *captures, const char *file, gboolean end_with_nul,
                               ces_captures_complaint complain, gpointer data);

/* Whether a file is named like a capture: ".pcapng", ".cap3.gz". */
gboolean ces_captures_is_named(const char *name);

#endif
