/* preference_file.h
 * Wireshark's file of preferences: lines of "name: value".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PREFERENCE_FILE_H
#define CES_PREFERENCE_FILE_H

#include <glib.h>

/* Told of each preference; both are borrowed. */
typedef void (*ces_preference)(const char *name, const char *value, gpointer data);

/* Goes through the text of such a file. A line that begins with a blank goes on
 * with the value of the line before; one that begins with anything but a letter
 * or a digit is a remark. */
void ces_preference_file_read(const char *text, ces_preference tell, gpointer data);

#endif
