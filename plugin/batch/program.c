/* program.c
 * Programs that decompress.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "program.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"

struct ces_program {
    GPid pid;
    int output;
    GThread *feeder;
    int input, source;
    guint8 *bytes; /* to be fed before the rest of `source` */
    gsize length;
};

static gboolean
write_all(int to, const guint8 *bytes, gsize length)
{
    while (length > 0) {
        gssize written = write(to, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return FALSE;
        bytes += written;
        length -= (gsize)written;
    }
    return TRUE;
}

/* Waits until there is something to read, and whether somebody still wants it:
 * a pipe may stay silent for hours after the program has gone. */
static gboolean
is_wanted(const ces_program *program)
{
    struct pollfd ends[] = {{.fd = program->source, .events = POLLIN}, {.fd = program->input}};

    while (poll(ends, G_N_ELEMENTS(ends), -1) < 0 && errno == EINTR)
        ;
    return !(ends[1].revents & POLLERR);
}

/* The next piece of the source. FALSE at its end. */
static gboolean
feed_more(ces_program *program)
{
    guint8 buffer[16384];
    gssize length = read(program->source, buffer, sizeof buffer);

    if (length < 0)
        return errno == EINTR;
    return length > 0 && write_all(program->input, buffer, (gsize)length);
}

/* The program may leave before the end: the signal that tells of it is not for
 * this process. */
static gpointer
feed(gpointer data)
{
    ces_program *program = data;
    sigset_t pipe_signal;

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    gboolean goes_on = write_all(program->input, program->bytes, program->length);
    while (goes_on)
        goes_on = is_wanted(program) && feed_more(program);
    close(program->input);
    return NULL;
}

ces_program *
ces_program_start(const char *const *arguments, int source, const guint8 *bytes, gsize length, GError **error)
{
    ces_program *program = g_new0(ces_program, 1);
    GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL;
    GError *reason = NULL;
    char **copy = g_strdupv((char **)arguments);
    gboolean is_running = g_spawn_async_with_pipes(NULL, copy, NULL, flags, NULL, NULL, &program->pid, &program->input,
                                                   &program->output, NULL, &reason);

    g_strfreev(copy);
    if (!is_running) {
        g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_PROGRAM, "%s cannot be run: %s", arguments[0],
                    reason->message);
        g_error_free(reason);
        g_free(program);
        return NULL;
    }
    program->source = source;
    program->bytes = g_malloc(length);
    memcpy(program->bytes, bytes, length);
    program->length = length;
    program->feeder = g_thread_new("feeder", feed, program);
    return program;
}

int
ces_program_output(const ces_program *program)
{
    return program->output;
}

gboolean
ces_program_stop(ces_program *program)
{
    int status = -1;

    close(program->output);
    while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR)
        ;
    g_thread_join(program->feeder);
    g_spawn_close_pid(program->pid);
    g_free(program->bytes);
    g_free(program);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
