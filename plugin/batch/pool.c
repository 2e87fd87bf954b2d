/* pool.c
 * Handing out captures, taking in records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#    include <sys/prctl.h>
#endif

#include "backlog.h"
#include "channel.h"
#include "labels.h"
#include "signals.h"
#include "worker.h"

enum { TENTH = 100 };

/* A capture, or with --as-one all of them. */
typedef struct {
    enum { JOB_WAITS, JOB_RUNS, JOB_IS_DONE, JOB_IS_KEPT } stage; /* kept: the state has it */
    char **names;                                                 /* borrowed; `count` of them */
    guint count;
    ces_backlog_item waiting; /* its records, while others come first */
    ces_part *part;           /* or where the state gets them */
    ces_capture_result result;
    GString *messages;
} job;

typedef struct {
    pid_t process; /* 0: there is none */
    int socket;
    char *room;
    job *job; /* NULL: it is idle */
    gint64 begun;
    gboolean is_late; /* it was stopped for that */
} worker;

typedef struct {
    const ces_options *options;
    const ces_setup *setup;
    ces_state *state;
    ces_reporter *reporter;
    ces_progress *progress;
    ces_reporter_say say;
    gpointer data;
    job *jobs;
    guint job_count, next, head; /* to hand out; whose turn it is */
    worker *workers;
    guint worker_count;
    struct pollfd *polls;
    ces_backlog backlog;
    GHashTable *met; /* names that the state keeps in this run */
    ces_pool_end end;
    gboolean has_ended;
} pool;

static void
end_pool(pool *p, ces_pool_end end)
{
    if (!p->has_ended)
        p->end = end;
    p->has_ended = TRUE;
}

/* Something without which no report can be. */
static void
break_off(pool *p, const char *why)
{
    GString *line = g_string_new("ces-report: ");

    g_string_append_printf(line, "%s\n", why);
    if (!p->has_ended)
        p->say(line->str, p->data);
    g_string_free(line, TRUE);
    end_pool(p, CES_POOL_BROKEN);
}

static void
break_off_by(pool *p, GError *error)
{
    break_off(p, error ? error->message : "out of order");
    g_clear_error(&error);
}

/* --- workers ------------------------------------------------------------------------ */

static void
be_worker(pool *p, const worker *w, int socket)
{
    int nowhere = g_open("/dev/null", O_WRONLY | O_CLOEXEC, 0);

#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    for (guint i = 0; i < p->worker_count; i++)
        if (p->workers[i].process)
            close(p->workers[i].socket);
    if (nowhere >= 0)
        dup2(nowhere, STDOUT_FILENO); /* the report is the parent's */
    ces_signals_of_worker();
    ces_worker_run(socket, w->room, p->options, p->setup);
    _exit(EXIT_SUCCESS);
}

static gboolean
start_worker(pool *p, worker *w)
{
    int sockets[2];

    if (!w->room) {
        w->room = mmap(NULL, CES_CHANNEL_ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (w->room == MAP_FAILED) {
            w->room = NULL;
            return FALSE;
        }
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return FALSE;
    pid_t process = fork();
    if (process == 0) {
        close(sockets[0]);
        be_worker(p, w, sockets[1]);
    }
    close(sockets[1]);
    if (process < 0) {
        close(sockets[0]);
        return FALSE;
    }
    *w = (worker){.process = process, .socket = sockets[0], .room = w->room};
    return TRUE;
}

/* How it ended. */
static int
bury(worker *w)
{
    int status = 0;

    close(w->socket);
    while (waitpid(w->process, &status, 0) < 0 && errno == EINTR)
        continue;
    w->process = 0;
    return status;
}

static void
stop_workers(pool *p)
{
    for (guint i = 0; i < p->worker_count; i++)
        if (p->workers[i].process)
            kill(p->workers[i].process, SIGKILL);
    for (guint i = 0; i < p->worker_count; i++) {
        if (p->workers[i].process)
            bury(&p->workers[i]);
        if (p->workers[i].room)
            munmap(p->workers[i].room, CES_CHANNEL_ROOM);
    }
}

/* --- handing out ---------------------------------------------------------------------- */

/* The same capture a second time is none of the state's. */
static void
begin_job(pool *p, job *j)
{
    GError *error = NULL;

    ces_backlog_begin(&j->waiting);
    j->messages = g_string_new(NULL);
    if (!p->state || !g_hash_table_add(p->met, j->names[0]))
        return;
    if (ces_state_has(p->state, j->names[0])) {
        j->stage = JOB_IS_KEPT;
        return;
    }
    j->part = ces_part_begin(p->state, j->names[0], &error);
    if (!j->part)
        break_off_by(p, error);
}

static gboolean
send_task(worker *w, const job *j)
{
    GString *names = g_string_new(NULL);

    for (guint i = 0; i < j->count; i++)
        g_string_append_len(names, j->names[i], (gssize)strlen(j->names[i]) + 1);
    ces_task task = {(guint32)names->len};
    gboolean good =
        ces_channel_send(w->socket, &task, sizeof task) && ces_channel_send(w->socket, names->str, names->len);
    g_string_free(names, TRUE);
    return good;
}

/* The next one that somebody has to read. */
static job *
next_job(pool *p)
{
    while (p->next < p->job_count && !p->has_ended) {
        job *j = &p->jobs[p->next++];
        begin_job(p, j);
        if (j->stage == JOB_WAITS)
            return p->has_ended ? NULL : j;
    }
    return NULL;
}

/* A worker that is dead already is noticed by its silence. */
static void
hand_out(pool *p)
{
    for (guint i = 0; i < p->worker_count && !p->has_ended; i++) {
        worker *w = &p->workers[i];
        if (w->process && w->job)
            continue;
        job *j = next_job(p);
        if (!j)
            return;
        if (!w->process && !start_worker(p, w)) {
            break_off(p, "no process can be started");
            return;
        }
        j->stage = JOB_RUNS;
        w->job = j;
        w->begun = g_get_monotonic_time();
        send_task(w, j);
    }
}

/* --- taking in --------------------------------------------------------------------------- */

static gboolean
is_its_turn(const pool *p, const job *j)
{
    return j == &p->jobs[p->head];
}

static void
take_records(pool *p, job *j, const char *bytes, gsize length)
{
    GError *error = NULL;

    if (j->part) {
        if (!ces_part_put(j->part, bytes, length)) {
            char *why = g_strdup_printf("%s: %s", p->options->state, g_strerror(errno));
            break_off(p, why);
            g_free(why);
        }
    } else if (!is_its_turn(p, j)) {
        if (!ces_backlog_add(&p->backlog, &j->waiting, bytes, length, &error))
            break_off_by(p, error);
    } else if (!ces_reporter_records(bytes, length, p->reporter)) {
        end_pool(p, CES_POOL_UNWRITTEN);
    }
}

static void
end_job(pool *p, job *j)
{
    GError *error = NULL;

    j->stage = JOB_IS_DONE;
    if (j->part) {
        ces_part *part = g_steal_pointer(&j->part);
        if (ces_part_end(part, &j->result, j->messages, &error))
            j->stage = JOB_IS_KEPT;
        else
            break_off_by(p, error);
    }
}

static guint64
size_of(const char *name)
{
    struct stat status;

    return strcmp(name, "-") != 0 && g_stat(name, &status) == 0 && S_ISREG(status.st_mode) ? (guint64)status.st_size
                                                                                           : 0;
}

static void
count_done(pool *p, const job *j)
{
    p->progress->captures_done += j->count;
    for (guint i = 0; i < j->count; i++)
        p->progress->bytes_done += size_of(j->names[i]);
}

static void say_of_job(job *j, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say_of_job(job *j, const char *format, ...)
{
    va_list arguments;

    ces_label_text(j->names[0], j->messages);
    g_string_append(j->messages, ": ");
    va_start(arguments, format);
    g_string_append_vprintf(j->messages, format, arguments);
    va_end(arguments);
    g_string_append_c(j->messages, '\n');
}

/* It costs the capture, and no other. */
static void
lose_worker(pool *p, worker *w)
{
    job *j = w->job;
    gboolean is_late = w->is_late;
    int status = bury(w);

    w->job = NULL;
    if (!j)
        return;
    memset(&j->result, 0, sizeof j->result);
    j->result.status = CES_STATUS_TROUBLE;
    if (is_late)
        say_of_job(j, "it took longer than %u s and was given up", p->options->timeout);
    else if (WIFSIGNALED(status))
        say_of_job(j, "the process that read it died of signal %d (%s)", WTERMSIG(status),
                   g_strsignal(WTERMSIG(status)));
    else
        say_of_job(j, "the process that read it ended with status %d", WEXITSTATUS(status));
    g_strlcpy(j->result.why, is_late ? "it took too long" : "the process that read it died", sizeof j->result.why);
    count_done(p, j);
    end_job(p, j);
}

static void
take_end(pool *p, worker *w, const ces_reply *reply)
{
    job *j = w->job;

    j->result = reply->result;
    j->result.why[CES_WHY_ROOM - 1] = '\0';
    g_string_set_size(j->messages, reply->messages);
    if (!ces_channel_receive(w->socket, j->messages->str, reply->messages)) {
        g_string_truncate(j->messages, 0);
        lose_worker(p, w);
        return;
    }
    w->job = NULL;
    if (reply->is_farewell)
        bury(w);
    if (j->result.is_hopeless)
        break_off(p, j->result.why);
    count_done(p, j);
    end_job(p, j);
}

static void
take_reply(pool *p, worker *w)
{
    const char answer = CES_CHANNEL_GO_ON;
    ces_reply reply;

    if (!ces_channel_receive(w->socket, &reply, sizeof reply) || !w->job || reply.records > CES_CHANNEL_ROOM) {
        kill(w->process, SIGKILL); /* dead already, or it makes no sense */
        lose_worker(p, w);
        return;
    }
    take_records(p, w->job, w->room, reply.records);
    if (reply.is_last)
        take_end(p, w, &reply);
    else
        ces_channel_send(w->socket, &answer, sizeof answer);
}

static void
wait_for_replies(pool *p)
{
    for (guint i = 0; i < p->worker_count; i++)
        p->polls[i] = (struct pollfd){.fd = p->workers[i].process ? p->workers[i].socket : -1, .events = POLLIN};
    if (poll(p->polls, p->worker_count, TENTH) <= 0)
        return;
    for (guint i = 0; i < p->worker_count && !p->has_ended; i++)
        if (p->polls[i].revents)
            take_reply(p, &p->workers[i]);
}

/* Who has something to say is not late: we were. */
static void
stop_late_workers(pool *p)
{
    gint64 limit = (gint64)p->options->timeout * G_USEC_PER_SEC;

    for (guint i = 0; i < p->worker_count && limit > 0; i++) {
        worker *w = &p->workers[i];
        struct pollfd ready = {.fd = w->process ? w->socket : -1, .events = POLLIN};
        if (!w->process || !w->job || w->is_late || g_get_monotonic_time() - w->begun < limit)
            continue;
        if (poll(&ready, 1, 0) == 0) {
            w->is_late = TRUE;
            kill(w->process, SIGKILL);
        }
    }
}

/* --- in the order of the captures ------------------------------------------------------------ */

static gboolean
report_kept(pool *p, job *j)
{
    gboolean good = ces_state_replay(p->state, j->names[0], ces_reporter_records, p->reporter, &j->result, j->messages);

    if (!good)
        break_off(p, "what the state kept cannot be read");
    return good;
}

static void
report_job(pool *p, job *j)
{
    gboolean good = j->stage == JOB_IS_DONE || report_kept(p, j);

    ces_progress_hide(p->progress);
    if (good && !ces_reporter_end_capture(p->reporter, j->names[0], &j->result, j->messages->str))
        end_pool(p, CES_POOL_UNWRITTEN);
    g_string_free(j->messages, TRUE);
    j->messages = NULL;
}

/* What waits of the one whose turn it is goes out, even while it is being read. */
static void
advance(pool *p)
{
    GError *error = NULL;

    while (p->head < p->next && !p->has_ended) {
        job *j = &p->jobs[p->head];
        if (!ces_backlog_empty(&p->backlog, &j->waiting, ces_reporter_records, p->reporter, &error)) {
            if (error)
                break_off_by(p, error);
            end_pool(p, CES_POOL_UNWRITTEN);
            return;
        }
        ces_backlog_begin(&j->waiting);
        if (j->stage == JOB_WAITS || j->stage == JOB_RUNS)
            return;
        report_job(p, j);
        ces_backlog_empty(&p->backlog, &j->waiting, NULL, NULL, NULL);
        p->head++;
    }
}

/* --- the whole ---------------------------------------------------------------------------------- */

static void
prepare_jobs(pool *p, GPtrArray *captures)
{
    p->job_count = p->options->as_one ? 1 : captures->len;
    p->jobs = g_new0(job, p->job_count);
    for (guint i = 0; i < p->job_count; i++) {
        p->jobs[i].names = (char **)captures->pdata + i;
        p->jobs[i].count = p->options->as_one ? captures->len : 1;
    }
    p->worker_count = MIN(p->options->jobs ? p->options->jobs : g_get_num_processors(), p->job_count);
    p->workers = g_new0(worker, p->worker_count);
    p->polls = g_new0(struct pollfd, p->worker_count);
}

static void
run_jobs(pool *p)
{
    while (p->head < p->job_count && !p->has_ended) {
        hand_out(p);
        advance(p);
        if (p->head == p->job_count || p->has_ended)
            break;
        wait_for_replies(p);
        stop_late_workers(p);
        ces_progress_show(p->progress);
        if (ces_signals_waiting())
            end_pool(p, CES_POOL_STOPPED);
    }
}

static void
free_jobs(pool *p)
{
    for (guint i = p->head; i < p->next; i++) {
        job *j = &p->jobs[i];
        if (j->waiting.pieces)
            ces_backlog_empty(&p->backlog, &j->waiting, NULL, NULL, NULL);
        ces_part_drop(j->part);
        if (j->messages)
            g_string_free(j->messages, TRUE);
    }
    g_free(p->jobs);
    g_free(p->workers);
    g_free(p->polls);
    g_hash_table_destroy(p->met);
    ces_backlog_clear(&p->backlog);
}

ces_pool_end
ces_pool_run(const ces_options *options, const ces_setup *setup, GPtrArray *captures, ces_state *state,
             ces_reporter *reporter, ces_progress *progress, ces_reporter_say say, gpointer data)
{
    pool p = {.options = options,
              .setup = setup,
              .state = state,
              .reporter = reporter,
              .progress = progress,
              .say = say,
              .data = data,
              .met = g_hash_table_new(g_str_hash, g_str_equal),
              .end = CES_POOL_DONE};

    ces_backlog_init(&p.backlog);
    prepare_jobs(&p, captures);
    run_jobs(&p);
    ces_progress_hide(progress);
    stop_workers(&p);
    free_jobs(&p);
    return p.end;
}
