/* smtp_queue.c
 * A ring that grows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_queue.h"

enum { FIRST_ROOM = 4 };

static guint
place(const ces_smtp_queue *queue, guint position)
{
    return (queue->head + position) & (queue->room - 1u);
}

static void
grow(ces_smtp_queue *queue)
{
    guint room = queue->room ? queue->room * 2u : FIRST_ROOM;
    ces_smtp_pending *entries = g_new(ces_smtp_pending, room);

    for (guint i = 0; i < queue->count; i++)
        entries[i] = queue->entries[place(queue, i)];
    g_free(queue->entries);
    *queue = (ces_smtp_queue){entries, 0, queue->count, (guint16)room};
}

gboolean
ces_smtp_queue_push(ces_smtp_queue *queue, ces_smtp_pending added)
{
    if (queue->count == CES_SMTP_QUEUE_MOST)
        return FALSE;
    if (queue->count == queue->room)
        grow(queue);
    queue->entries[place(queue, queue->count++)] = added;
    return TRUE;
}

gboolean
ces_smtp_queue_pop(ces_smtp_queue *queue, ces_smtp_pending *taken)
{
    if (queue->count == 0)
        return FALSE;
    *taken = queue->entries[queue->head];
    queue->head = (guint16)place(queue, 1);
    queue->count--;
    return TRUE;
}

void
ces_smtp_queue_put_back(ces_smtp_queue *queue, ces_smtp_pending again)
{
    queue->head = (guint16)place(queue, queue->room - 1u);
    queue->entries[queue->head] = again;
    queue->count++;
}

const ces_smtp_pending *
ces_smtp_queue_peek(const ces_smtp_queue *queue)
{
    return queue->count ? &queue->entries[queue->head] : NULL;
}

void
ces_smtp_queue_clear(ces_smtp_queue *queue)
{
    g_free(queue->entries);
    *queue = (ces_smtp_queue){NULL, 0, 0, 0};
}
