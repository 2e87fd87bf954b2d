/* overtaken.h
 * Segments that came into the capture before what they answer or follow.
 *
 * Mirror ports and network cards with several queues let packets change places
 * within some milliseconds. Such a segment waits, in bounded memory and for a
 * bounded time, until those that it overtook have come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_OVERTAKEN_H
#define CES_OVERTAKEN_H

#include <ces/flow.h>

/* So many segments of a connection wait, with so much payload, so long, and for
 * so many others of the connection at most. What was lost never comes, so these
 * are no more than it takes. */
enum { CES_WAITING_KEPT = 8, CES_WAITING_BYTES = 16384, CES_WAITING_OTHERS = 4 };
#define CES_WAITING_TIME (20 * (CES_SECOND / 1000))

typedef struct {
    ces_segment segment; /* its bytes are owned */
    guint8 from_client;
    guint8 others; /* segments of the connection that came since */
} ces_waiting;

/* NULL: nobody waits. */
typedef struct ces_waiting_room ces_waiting_room;

void ces_waiting_free(ces_waiting_room *room); /* takes NULL */

/* Keeps a copy; FALSE if there is no room. */
gboolean ces_waiting_add(ces_waiting_room **room, const ces_segment *segment, gboolean from_client);

/* Notes that another segment of the connection came. */
void ces_waiting_note(ces_waiting_room *room);

/* Whether the segment must wait still. */
typedef gboolean (*ces_waiting_test)(const ces_segment *segment, gboolean from_client, gconstpointer data);

/* Takes out the first that need not wait any more, or else the first of all if
 * it has waited too long at `elapsed` (`elapsed` as of ces_segment). FALSE if
 * there is none. What is taken is the caller's: free its bytes. */
gboolean ces_waiting_take(ces_waiting_room **room, gint64 elapsed, ces_waiting_test must_wait, gconstpointer data,
                          ces_waiting *taken);

#endif
