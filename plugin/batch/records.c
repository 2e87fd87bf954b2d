/* records.c
 * A reader's buffer, and the copy that is kept of what went through it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "records.h"

#include <errno.h>
#include <unistd.h>

G_DEFINE_QUARK(ces - reader - error - quark, ces_reader_error)

/* --- the copy ---------------------------------------------------------------------- */

gboolean
ces_reader_write(int descriptor, const guint8 *bytes, gsize length, GError **error)
{
    while (length > 0) {
        gssize written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_READ, "%s", g_strerror(errno));
            return FALSE;
        }
        bytes += written;
        length -= (gsize)written;
    }
    return TRUE;
}

void
ces_reader_stop_keeping(ces_reader *reader)
{
    reader->is_kept = FALSE;
    if (reader->keeper < 0)
        return;
    if (ftruncate(reader->keeper, 0) != 0)
        errno = 0; /* it is of no use all the same, and goes when it is closed */
    reader->keeper = -1;
}

static void
keep(ces_reader *reader, const guint8 *bytes, gsize length)
{
    if (length > reader->keeper_room || !ces_reader_write(reader->keeper, bytes, length, NULL))
        ces_reader_stop_keeping(reader);
    else
        reader->keeper_room -= length;
}

/* --- the buffer ----------------------------------------------------------------- */

/* Room behind the bytes that wait: by moving them to the front, and if that is
 * not enough for `length`, by doubling what has been filled. So no number in
 * the file alone makes the buffer grow. */
static void
make_room(ces_reader *reader)
{
    if (reader->start > 0) {
        memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->end == reader->room) {
        reader->room *= 2;
        reader->buffer = g_realloc(reader->buffer, reader->room);
    }
}

gboolean
ces_reader_more(ces_reader *reader, GError **error)
{
    if (reader->start == reader->end)
        reader->start = reader->end = 0;
    if (reader->end == reader->room)
        make_room(reader);
    gssize length = ces_input_read(reader->input, reader->buffer + reader->end, reader->room - reader->end, error);
    if (length > 0 && reader->keeper >= 0)
        keep(reader, reader->buffer + reader->end, (gsize)length);
    if (length > 0)
        reader->end += (gsize)length;
    return length > 0;
}

gboolean
ces_reader_wait(ces_reader *reader, gsize length, GError **error)
{
    while (reader->end - reader->start < length)
        if (!ces_reader_more(reader, error))
            return FALSE;
    return TRUE;
}

gboolean
ces_reader_skip(ces_reader *reader, guint64 length, GError **error)
{
    while (length > 0) {
        gsize step = (gsize)MIN(length, reader->end - reader->start);
        reader->start += step;
        length -= step;
        if (length > 0 && !ces_reader_more(reader, error))
            return FALSE;
    }
    return TRUE;
}

/* --- what the formats share -------------------------------------------------------- */

guint32
ces_reader_largest(guint32 link_type)
{
    enum { DBUS = 231, USBPCAP = 249, EBHSCR = 279 };

    switch (link_type) {
    case DBUS:
    case USBPCAP:
        return 128u << 20;
    case EBHSCR:
        return 8u << 20;
    default:
        return 256u << 10;
    }
}

ces_read
ces_reader_damaged(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(CES_READER_ERROR, CES_READER_ERROR_DAMAGED, format, arguments));
    va_end(arguments);
    return CES_READ_FAILED;
}
