/* recent.h
 * The last so many keys that were noted: a set in bounded memory, in which the
 * one noted first makes room. What it holds depends on what was noted and in
 * which order, on nothing else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_RECENT_H
#define CES_RECENT_H

#include <glib.h>

typedef struct ces_recent ces_recent;

/* An empty set of at most `capacity` keys. */
ces_recent *ces_recent_new(guint capacity);
void ces_recent_free(ces_recent *recent); /* takes NULL */

/* Notes a key. One that is there already keeps its place in the order. */
void ces_recent_note(ces_recent *recent, guint64 key);

gboolean ces_recent_holds(const ces_recent *recent, guint64 key);

/* Takes a key out; returns whether it was there. */
gboolean ces_recent_take(ces_recent *recent, guint64 key);

#endif
