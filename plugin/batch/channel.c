/* channel.c
 * Sending and receiving.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "channel.h"

#include <errno.h>
#include <sys/socket.h>

gboolean
ces_channel_send(int socket, const void *bytes, gsize length)
{
    const char *at = (const char *)bytes;

    while (length > 0) {
        gssize sent = send(socket, at, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return FALSE;
        at += sent;
        length -= (gsize)sent;
    }
    return TRUE;
}

gboolean
ces_channel_receive(int socket, void *bytes, gsize length)
{
    char *at = (char *)bytes;

    while (length > 0) {
        gssize received = recv(socket, at, length, MSG_WAITALL);
        if (received < 0 && errno == EINTR)
            continue;
        if (received <= 0)
            return FALSE;
        at += received;
        length -= (gsize)received;
    }
    return TRUE;
}
