/* output.c
 * Writing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FULL = 1 << 18, TENTH = 100 };

#ifndef PIPE_BUF
enum { PIPE_BUF = 512 };
#endif

/* A pipe or a terminal. */
static gboolean
may_block(int descriptor)
{
    struct stat status;

    return fstat(descriptor, &status) != 0 || S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
           isatty(descriptor);
}

void
ces_output_init(ces_output *output, int descriptor, gboolean (*must_stop)(gpointer data), gpointer data)
{
    *output = (ces_output){
        .descriptor = descriptor, .buffer = g_string_sized_new(FULL), .must_stop = must_stop, .data = data};
    output->may_block = may_block(descriptor);
}

void
ces_output_clear(ces_output *output)
{
    g_string_free(output->buffer, TRUE);
}

/* What fits into a pipe that can be written to does not block. */
static gssize
write_some(ces_output *output, const char *bytes, gsize length)
{
    struct pollfd ready = {.fd = output->descriptor, .events = POLLOUT};

    if (!output->may_block)
        return write(output->descriptor, bytes, length);
    while (poll(&ready, 1, TENTH) == 0)
        if (output->must_stop(output->data)) {
            errno = ECANCELED;
            return -1;
        }
    return write(output->descriptor, bytes, MIN(length, PIPE_BUF));
}

static gboolean
write_all(ces_output *output, const char *bytes, gsize length)
{
    while (length > 0 && !output->failure) {
        gssize written = write_some(output, bytes, length);
        if (written > 0) {
            bytes += written;
            length -= (gsize)written;
        } else if (written == 0 || errno != EINTR) {
            output->failure = written == 0 ? EIO : errno;
        }
    }
    return !output->failure;
}

gboolean
ces_output_flush(ces_output *output)
{
    gboolean good = write_all(output, output->buffer->str, output->buffer->len);

    g_string_truncate(output->buffer, 0);
    return good;
}

gboolean
ces_output_put(ces_output *output, const void *bytes, gsize length)
{
    if (output->failure)
        return FALSE;
    if (output->buffer->len + length > FULL && !ces_output_flush(output))
        return FALSE;
    if (length >= FULL)
        return write_all(output, (const char *)bytes, length);
    g_string_append_len(output->buffer, (const char *)bytes, (gssize)length);
    return TRUE;
}
