/* reader.c
 * The buffer before the formats, and which format it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

G_DEFINE_QUARK(ces - reader - error - quark, ces_reader_error)

enum { FIRST_ROOM = 1 << 18 };

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

static gboolean write_all(int descriptor, const guint8 *bytes, gsize length, GError **error);

static void
stop_keeping(ces_reader *reader)
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
    if (length > reader->keeper_room || !write_all(reader->keeper, bytes, length, NULL))
        stop_keeping(reader);
    else
        reader->keeper_room -= length;
}

static gboolean
read_more(ces_reader *reader, GError **error)
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
        if (!read_more(reader, error))
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
        if (length > 0 && !read_more(reader, error))
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

/* --- opening ---------------------------------------------------------------------- */

/* Whether the compression is cut off before anything can be told. */
static gboolean
is_cut_at_once(const ces_reader *reader)
{
    enum { ENOUGH = 24 };

    return ces_input_is_cut(reader->input) && reader->end - reader->start < ENOUGH;
}

/* The first call: which format it is. An empty file is none. */
static ces_read
open_format(ces_reader *reader, ces_frame *frame, GError **error)
{
    ces_read answer = ces_pcap_open(reader, error);

    if (answer != CES_READ_OTHER_FORMAT)
        stop_keeping(reader);
    else
        answer = is_cut_at_once(reader) ? CES_READ_CUT : ces_pcapng_open(reader, error);
    return answer == CES_READ_FRAME ? reader->next(reader, frame, error) : answer;
}

ces_reader *
ces_reader_open_descriptor(int descriptor)
{
    ces_reader *reader = g_new0(ces_reader, 1);

    reader->input = ces_input_new(descriptor);
    reader->room = FIRST_ROOM;
    reader->buffer = g_malloc(reader->room);
    reader->interfaces = g_array_new(FALSE, FALSE, sizeof(ces_interface));
    reader->next = open_format;
    reader->keeper = -1;
    return reader;
}

ces_reader *
ces_reader_open(const char *path, GError **error)
{
    int descriptor = g_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);

    if (descriptor >= 0)
        return ces_reader_open_descriptor(descriptor);
    g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_READ, "%s", g_strerror(errno));
    return NULL;
}

void
ces_reader_free(ces_reader *reader)
{
    if (!reader)
        return;
    ces_input_free(reader->input);
    g_array_free(reader->interfaces, TRUE);
    g_free(reader->buffer);
    g_free(reader);
}

void
ces_reader_tell_names(ces_reader *reader, ces_reader_name name, gpointer data)
{
    reader->name = name;
    reader->name_data = data;
}

gboolean
ces_reader_has_secrets(const ces_reader *reader)
{
    return reader->has_secrets;
}

/* --- reading ------------------------------------------------------------------------ */

/* A file that ends after a whole record ends well, unless its compression goes on. */
static ces_read
judge_end(const ces_reader *reader, ces_read answer)
{
    return answer == CES_READ_END && ces_input_is_cut(reader->input) ? CES_READ_CUT : answer;
}

ces_read
ces_reader_next(ces_reader *reader, ces_frame *frame, GError **error)
{
    GError *reason = NULL;

    if (reader->final != CES_READ_FRAME && reader->final != CES_READ_FAILED)
        return reader->final;
    if (reader->final == CES_READ_FAILED)
        return ces_reader_damaged(error, "read to where it failed before");
    ces_read answer = reader->next(reader, frame, &reason);
    if (G_LIKELY(answer == CES_READ_FRAME))
        return answer;
    reader->final = judge_end(reader, answer);
    if (reason)
        g_propagate_error(error, reason);
    return reader->final;
}

static gboolean
write_all(int descriptor, const guint8 *bytes, gsize length, GError **error)
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
ces_reader_keep(ces_reader *reader, int descriptor, guint64 most)
{
    reader->keeper = descriptor;
    reader->keeper_room = most;
    reader->is_kept = TRUE;
}

gboolean
ces_reader_keep_rest(ces_reader *reader, GError **error)
{
    GError *reason = NULL;

    do
        reader->start = reader->end = 0;
    while (reader->is_kept && read_more(reader, &reason));
    if (reason)
        g_propagate_error(error, reason);
    return reader->is_kept && !reason;
}

gboolean
ces_reader_spool(ces_reader *reader, int descriptor, GError **error)
{
    GError *reason = NULL;

    do {
        if (!write_all(descriptor, reader->buffer + reader->start, reader->end - reader->start, error))
            return FALSE;
        reader->start = reader->end = 0;
    } while (read_more(reader, &reason));
    if (reason)
        g_propagate_error(error, reason);
    return reason == NULL;
}
