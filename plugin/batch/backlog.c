/* backlog.c
 * Keeping what has to wait.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "backlog.h"

#include <errno.h>
#include <unistd.h>

#include "spool.h"

enum { MOST_IN_MEMORY = 16 << 20, COPY = 1 << 16 };

typedef struct {
    char *bytes;   /* NULL: in the file */
    gint64 offset; /* there */
    gsize length;
} piece;

void
ces_backlog_init(ces_backlog *backlog)
{
    *backlog = (ces_backlog){.descriptor = -1};
}

void
ces_backlog_clear(ces_backlog *backlog)
{
    if (backlog->descriptor >= 0)
        close(backlog->descriptor);
}

void
ces_backlog_begin(ces_backlog_item *waiting)
{
    waiting->pieces = g_array_new(FALSE, FALSE, sizeof(piece));
}

static gboolean
write_at(int descriptor, gint64 place, const char *bytes, gsize length)
{
    while (length > 0) {
        gssize written = pwrite(descriptor, bytes, length, place);
        if (written < 0 && errno != EINTR)
            return FALSE;
        if (written > 0) {
            bytes += written;
            place += written;
            length -= (gsize)written;
        }
    }
    return TRUE;
}

static gboolean
put_into_file(ces_backlog *backlog, const char *bytes, gsize length, GError **error)
{
    if (backlog->descriptor < 0)
        backlog->descriptor = ces_spool_open(error);
    if (backlog->descriptor < 0)
        return FALSE;
    if (!write_at(backlog->descriptor, backlog->file_length, bytes, length)) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "the temporary folder %s: %s", g_get_tmp_dir(),
                    g_strerror(errno));
        return FALSE;
    }
    backlog->file_length += (gint64)length;
    backlog->in_file++;
    return TRUE;
}

gboolean
ces_backlog_add(ces_backlog *backlog, ces_backlog_item *waiting, const char *bytes, gsize length, GError **error)
{
    piece next = {.offset = backlog->file_length, .length = length};

    if (length == 0)
        return TRUE;
    if (backlog->in_memory + length <= MOST_IN_MEMORY) {
        next.bytes = g_memdup2(bytes, length);
        backlog->in_memory += length;
    } else if (!put_into_file(backlog, bytes, length, error)) {
        return FALSE;
    }
    g_array_append_val(waiting->pieces, next);
    return TRUE;
}

static gboolean
copy_from_file(const ces_backlog *backlog, const piece *p, ces_report_output output, gpointer data, GError **error)
{
    char *bytes = g_malloc(COPY);
    gboolean good = TRUE;

    for (gsize done = 0; good && done < p->length;) {
        gssize got = pread(backlog->descriptor, bytes, MIN(COPY, p->length - done), p->offset + (gint64)done);
        if (got <= 0)
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "the temporary folder: %s",
                        g_strerror(errno));
        good = got > 0 && output(bytes, (gsize)got, data);
        done += got > 0 ? (gsize)got : 0;
    }
    g_free(bytes);
    return good;
}

/* Where nothing of the file waits any more it begins anew. */
static void
forget(ces_backlog *backlog, piece *p)
{
    if (p->bytes)
        backlog->in_memory -= p->length;
    else if (--backlog->in_file == 0 && ftruncate(backlog->descriptor, 0) == 0)
        backlog->file_length = 0;
    g_free(p->bytes);
}

gboolean
ces_backlog_empty(ces_backlog *backlog, ces_backlog_item *waiting, ces_report_output output, gpointer data,
                  GError **error)
{
    gboolean good = TRUE;

    for (guint i = 0; i < waiting->pieces->len; i++) {
        piece *p = &g_array_index(waiting->pieces, piece, i);
        if (output && good)
            good = p->bytes ? output(p->bytes, p->length, data) : copy_from_file(backlog, p, output, data, error);
        forget(backlog, p);
    }
    g_array_free(waiting->pieces, TRUE);
    waiting->pieces = NULL;
    return good;
}
