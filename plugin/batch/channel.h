/* channel.h
 * What passes between the parent and a worker.
 *
 * Down a socket goes a task: which captures to read. Records come back in a room
 * of memory that both share, a whole number of them at a time; the socket tells
 * how many bytes, and the parent's answer frees the room.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CHANNEL_H
#define CES_CHANNEL_H

#include "capture_result.h"

/* Only what is written costs memory. */
enum { CES_CHANNEL_ROOM = 4 << 20 };

/* Then the names of the captures follow, each with its NUL. */
typedef struct {
    guint32 length;
} ces_task;

typedef struct {
    guint32 records;      /* bytes in the room */
    gboolean is_last;     /* of this task; the members below are filled in */
    gboolean is_farewell; /* the worker ends; it is no fault */
    guint32 messages;     /* bytes that follow: lines for standard error */
    ces_capture_result result;
} ces_reply;

/* A message that is the same for many captures begins with this character. */
#define CES_MESSAGE_COMMON '\x1e'

/* The parent's answer to a reply that is not the last. */
enum { CES_CHANNEL_GO_ON = 'g' };

/* Whole or not at all: FALSE at the end of the other process. */
gboolean ces_channel_send(int socket, const void *bytes, gsize length);
gboolean ces_channel_receive(int socket, void *bytes, gsize length);

#endif
