/* reader.c
 * Opening a file, which format it is, and reading its records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reader.h"

#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { FIRST_ROOM = 1 << 18 };

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
        ces_reader_stop_keeping(reader);
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
    while (reader->is_kept && ces_reader_more(reader, &reason));
    if (reason)
        g_propagate_error(error, reason);
    return reader->is_kept && !reason;
}

gboolean
ces_reader_spool(ces_reader *reader, int descriptor, GError **error)
{
    GError *reason = NULL;

    do {
        if (!ces_reader_write(descriptor, reader->buffer + reader->start, reader->end - reader->start, error))
            return FALSE;
        reader->start = reader->end = 0;
    } while (ces_reader_more(reader, &reason));
    if (reason)
        g_propagate_error(error, reason);
    return reason == NULL;
}
