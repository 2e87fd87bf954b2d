/* state.c
 * Files of a kept state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool.h"

enum { DIGEST = 64, COPY = 1 << 16 };

/* Says in every bit what it is: another build of the program writes others. */
static const char mark[16] = "ces-report 1";

typedef struct {
    char mark[sizeof mark];
    char digest[DIGEST];
    gint64 size, seconds, nanoseconds; /* of the capture; size -1: it is no file that can be known again */
    guint64 records, messages;         /* bytes: they follow */
    ces_capture_result result;
} head;

struct ces_state {
    char *folder;
    char digest[DIGEST];
    int lock;
};

struct ces_part {
    ces_state *state;
    char *capture, *path; /* where it will be */
    char *draft;          /* where it is */
    int descriptor;
    head head;
};

static gboolean
fail(GError **error, const char *path)
{
    int number = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number), "%s: %s", path, g_strerror(number));
    return FALSE;
}

/* --- the folder ------------------------------------------------------------------- */

/* What an interrupted run was writing. */
static void
remove_drafts(const char *folder)
{
    GDir *directory = g_dir_open(folder, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        if (g_str_has_suffix(name, ".draft")) {
            char *path = g_build_filename(folder, name, NULL);
            g_unlink(path);
            g_free(path);
        }
    }
    if (directory)
        g_dir_close(directory);
}

static int
lock_folder(const char *folder, GError **error)
{
    char *path = g_build_filename(folder, "lock", NULL);
    int lock = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

    if (lock < 0) {
        fail(error, path);
    } else if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "%s: another run is using this state", folder);
        else
            fail(error, path);
        close(lock);
        lock = -1;
    }
    g_free(path);
    return lock;
}

ces_state *
ces_state_open(const char *folder, const char *digest, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        fail(error, folder);
        return NULL;
    }
    int lock = lock_folder(folder, error);
    if (lock < 0)
        return NULL;
    remove_drafts(folder);
    ces_state *state = g_new0(ces_state, 1);
    state->folder = g_strdup(folder);
    memcpy(state->digest, digest, MIN(strlen(digest), DIGEST));
    state->lock = lock;
    return state;
}

void
ces_state_close(ces_state *state)
{
    if (!state)
        return;
    close(state->lock);
    g_free(state->folder);
    g_free(state);
}

/* By the name as it was given, which stands in the records, and by what it means. */
static char *
path_of(const ces_state *state, const char *capture)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    char *whole = g_canonicalize_filename(capture, NULL);

    g_checksum_update(sum, (const guchar *)whole, (gssize)strlen(whole) + 1);
    g_checksum_update(sum, (const guchar *)capture, (gssize)strlen(capture));
    char *path = g_build_filename(state->folder, g_checksum_get_string(sum), NULL);
    g_checksum_free(sum);
    g_free(whole);
    return path;
}

/* --- one part ------------------------------------------------------------------------ */

static void
look_at_capture(const char *capture, head *h)
{
    struct stat status;

    h->size = -1;
    if (strcmp(capture, "-") == 0 || g_stat(capture, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    h->size = status.st_size;
    h->seconds = status.st_mtim.tv_sec;
    h->nanoseconds = status.st_mtim.tv_nsec;
}

static gboolean
is_unchanged(const head *h)
{
    return h->size >= 0;
}

static gboolean
is_same_capture(const char *capture, const head *before)
{
    head now;

    look_at_capture(capture, &now);
    return is_unchanged(before) && now.size == before->size && now.seconds == before->seconds &&
           now.nanoseconds == before->nanoseconds;
}

static gboolean
is_of_length(int descriptor, guint64 length)
{
    struct stat status;

    return fstat(descriptor, &status) == 0 && (guint64)status.st_size == length;
}

static gboolean
read_head(int descriptor, head *h)
{
    return read(descriptor, h, sizeof *h) == (gssize)sizeof *h && memcmp(h->mark, mark, sizeof mark) == 0 &&
           is_of_length(descriptor, sizeof *h + h->records + h->messages);
}

gboolean
ces_state_has(const ces_state *state, const char *capture)
{
    char *path = path_of(state, capture);
    int descriptor = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    head h;
    gboolean has = descriptor >= 0 && read_head(descriptor, &h) && memcmp(h.digest, state->digest, DIGEST) == 0 &&
                   is_same_capture(capture, &h);

    if (descriptor >= 0)
        close(descriptor);
    g_free(path);
    return has;
}

ces_part *
ces_part_begin(ces_state *state, const char *capture, GError **error)
{
    ces_part *part = g_new0(ces_part, 1);

    part->state = state;
    part->capture = g_strdup(capture);
    part->path = path_of(state, capture);
    part->draft = g_strconcat(part->path, ".draft", NULL);
    memcpy(part->head.mark, mark, sizeof mark);
    memcpy(part->head.digest, state->digest, DIGEST);
    look_at_capture(capture, &part->head);
    part->descriptor = g_open(part->draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (part->descriptor >= 0 && ces_spool_write(part->descriptor, &part->head, sizeof part->head))
        return part;
    fail(error, part->draft);
    ces_part_drop(part);
    return NULL;
}

gboolean
ces_part_put(ces_part *part, const void *bytes, gsize length)
{
    part->head.records += length;
    return ces_spool_write(part->descriptor, bytes, length);
}

static void
free_part(ces_part *part)
{
    if (part->descriptor >= 0)
        close(part->descriptor);
    g_free(part->capture);
    g_free(part->path);
    g_free(part->draft);
    g_free(part);
}

void
ces_part_drop(ces_part *part)
{
    if (!part)
        return;
    g_unlink(part->draft);
    free_part(part);
}

gboolean
ces_part_end(ces_part *part, const ces_capture_result *result, const GString *messages, GError **error)
{
    gboolean stays = result->status != CES_STATUS_TROUBLE && is_same_capture(part->capture, &part->head);

    part->head.result = *result;
    part->head.messages = messages->len;
    gboolean good = ces_spool_write(part->descriptor, messages->str, messages->len) &&
                    pwrite(part->descriptor, &part->head, sizeof part->head, 0) == (gssize)sizeof part->head &&
                    (!stays || g_rename(part->draft, part->path) == 0);
    if (!good)
        fail(error, part->draft);
    if (!good)
        g_unlink(part->draft);
    free_part(part);
    return good;
}

/* --- replaying -------------------------------------------------------------------------- */

static gboolean
replay_records(int descriptor, guint64 length, ces_report_output output, gpointer data)
{
    char *bytes = g_malloc(COPY);
    gboolean good = TRUE;

    while (good && length > 0) {
        gssize got = read(descriptor, bytes, (gsize)MIN(length, COPY));
        good = got > 0 && output(bytes, (gsize)got, data);
        length -= got > 0 ? (guint64)got : 0;
    }
    g_free(bytes);
    return good;
}

static gboolean
replay(int descriptor, ces_report_output output, gpointer data, ces_capture_result *result, GString *messages)
{
    head h;

    if (!read_head(descriptor, &h) || !replay_records(descriptor, h.records, output, data))
        return FALSE;
    *result = h.result;
    g_string_set_size(messages, (gsize)h.messages);
    return read(descriptor, messages->str, messages->len) == (gssize)messages->len;
}

gboolean
ces_state_replay(ces_state *state, const char *capture, ces_report_output output, gpointer data,
                 ces_capture_result *result, GString *messages)
{
    char *path = path_of(state, capture);
    char *draft = g_strconcat(path, ".draft", NULL);
    int descriptor = g_open(draft, O_RDONLY | O_CLOEXEC, 0);

    if (descriptor >= 0)
        g_unlink(draft);
    else
        descriptor = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    gboolean good = descriptor >= 0 && replay(descriptor, output, data, result, messages);
    if (descriptor >= 0)
        close(descriptor);
    g_free(draft);
    g_free(path);
    return good;
}
