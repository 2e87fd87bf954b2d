/* text.h
 * Texts from a capture, made fit for display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TEXT_H
#define CES_TEXT_H

#include <glib.h>

/* A copy in valid UTF-8, of at most `most` bytes and whole characters: control
 * characters, also those above 127, become dots. Free it with g_free. */
char *ces_text_clean(const char *text, gsize length, gsize most);

#endif
