/* overtaken.c
 * The waiting room: an array, in the order of the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/overtaken.h"

#include <string.h>

struct ces_waiting_room {
    ces_waiting waiting[CES_WAITING_KEPT];
    guint count;
    guint32 bytes;
};

void
ces_waiting_free(ces_waiting_room *room)
{
    if (!room)
        return;
    for (guint i = 0; i < room->count; i++)
        g_free((gpointer)room->waiting[i].segment.bytes);
    g_free(room);
}

gboolean
ces_waiting_add(ces_waiting_room **room, const ces_segment *segment, gboolean from_client)
{
    if (!*room)
        *room = g_new0(ces_waiting_room, 1);
    ces_waiting_room *r = *room;
    if (r->count == CES_WAITING_KEPT || segment->captured > CES_WAITING_BYTES - r->bytes)
        return FALSE;
    ces_waiting *added = &r->waiting[r->count++];
    *added = (ces_waiting){*segment, (guint8)(from_client != FALSE), 0};
    guint8 *bytes = segment->captured > 0 ? (guint8 *)g_malloc(segment->captured) : NULL;
    if (bytes)
        memcpy(bytes, segment->bytes, segment->captured);
    added->segment.bytes = bytes;
    r->bytes += segment->captured;
    return TRUE;
}

void
ces_waiting_note(ces_waiting_room *room)
{
    for (guint i = 0; room && i < room->count; i++)
        room->waiting[i].others++;
}

static gboolean
has_waited(const ces_waiting *waiting, gint64 elapsed)
{
    return waiting->others >= CES_WAITING_OTHERS || elapsed - waiting->segment.elapsed > CES_WAITING_TIME;
}

static void
take_out(ces_waiting_room **room, guint position, ces_waiting *taken)
{
    ces_waiting_room *r = *room;

    *taken = r->waiting[position];
    r->bytes -= taken->segment.captured;
    r->count--;
    memmove(&r->waiting[position], &r->waiting[position + 1], (r->count - position) * sizeof *r->waiting);
    if (r->count == 0)
        g_clear_pointer(room, g_free);
}

gboolean
ces_waiting_take(ces_waiting_room **room, gint64 elapsed, ces_waiting_test must_wait, gconstpointer data,
                 ces_waiting *taken)
{
    const ces_waiting_room *r = *room;

    for (guint i = 0; r && i < r->count; i++)
        if (!must_wait(&r->waiting[i].segment, r->waiting[i].from_client, data)) {
            take_out(room, i, taken);
            return TRUE;
        }
    if (!r || r->count == 0 || !has_waited(&r->waiting[0], elapsed))
        return FALSE;
    take_out(room, 0, taken);
    return TRUE;
}
