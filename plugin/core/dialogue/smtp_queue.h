/* smtp_queue.h
 * Commands that wait for their replies, the oldest first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SMTP_QUEUE_H
#define CES_SMTP_QUEUE_H

#include <glib.h>

/* Postfix pipelines what fits into 4 kB. */
enum { CES_SMTP_QUEUE_MOST = 256 };

/* What a reply answers. */
typedef enum {
    CES_SMTP_OTHER,
    CES_SMTP_GREETING, /* no command: the server speaks first */
    CES_SMTP_HELLO,    /* EHLO or HELO */
    CES_SMTP_LHLO,
    CES_SMTP_RESET,   /* RSET or QUIT */
    CES_SMTP_UNKNOWN, /* a verb that is no public SMTP */
    CES_SMTP_MASKED,  /* a verb that something in the path made unreadable */
    CES_SMTP_MAIL,    /* from here on they are about a message */
    CES_SMTP_RCPT,
    CES_SMTP_DATA,
    CES_SMTP_CHUNK,      /* BDAT without LAST */
    CES_SMTP_LAST_CHUNK, /* ... and with it */
    CES_SMTP_BODY,       /* the end mark of a message */
    CES_SMTP_STARTTLS,
    CES_SMTP_AUTH,
    CES_SMTP_COMMAND_COUNT
} ces_smtp_command;

typedef struct {
    guint8 command;  /* ces_smtp_command */
    guint16 message; /* number of the message that it is about, or 0 */
} ces_smtp_pending;

/* Zeroed is an empty one. */
typedef struct {
    ces_smtp_pending *entries; /* a ring of `room`, which is a power of two; NULL while nothing has waited */
    guint16 head, count, room;
} ces_smtp_queue;

/* FALSE, and nothing is added, if CES_SMTP_QUEUE_MOST wait already. */
gboolean ces_smtp_queue_push(ces_smtp_queue *queue, ces_smtp_pending added);

/* Takes the oldest; FALSE if there is none. */
gboolean ces_smtp_queue_pop(ces_smtp_queue *queue, ces_smtp_pending *taken);

/* Puts back what was popped last: its reply was not the final one. */
void ces_smtp_queue_put_back(ces_smtp_queue *queue, ces_smtp_pending again);

/* The oldest, borrowed until the queue changes; NULL if there is none. */
const ces_smtp_pending *ces_smtp_queue_peek(const ces_smtp_queue *queue);

/* Forgets all that wait, and frees the ring. */
void ces_smtp_queue_clear(ces_smtp_queue *queue);

#endif
