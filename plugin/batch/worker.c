/* worker.c
 * A task after the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "worker.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture_run.h"
#include "channel.h"
#include "labels.h"
#include "status.h"

typedef struct {
    int socket;
    char *room;
    gsize used;
    const ces_options *options;
    ces_runner *runner;
    GString *messages;
} worker;

/* --- to the parent --------------------------------------------------------------------- */

static gboolean
send_records(worker *w)
{
    ces_reply reply = {.records = (guint32)w->used};
    char answer;

    w->used = 0;
    return ces_channel_send(w->socket, &reply, sizeof reply) && ces_channel_receive(w->socket, &answer, sizeof answer);
}

/* Records larger than the room, which are none of connections, go in parts. */
static gboolean
put_records(const char *text, gsize length, gpointer data)
{
    worker *w = (worker *)data;

    if (w->used + length > CES_CHANNEL_ROOM && w->used > 0 && !send_records(w))
        return FALSE;
    while (length > 0) {
        gsize part = MIN(length, CES_CHANNEL_ROOM - w->used);
        memcpy(w->room + w->used, text, part);
        w->used += part;
        text += part;
        length -= part;
        if (length > 0 && !send_records(w))
            return FALSE;
    }
    return TRUE;
}

static void
add_message(const char *name, const char *what, gpointer data)
{
    worker *w = (worker *)data;
    const char *words = *what == CES_MESSAGE_COMMON ? what + 1 : what;

    if (words != what)
        g_string_append_c(w->messages, *what);
    ces_label_text(name, w->messages);
    g_string_append(w->messages, ": ");
    ces_label_text(words, w->messages);
    g_string_append_c(w->messages, '\n');
}

static gboolean
send_end(worker *w, const ces_capture_result *result)
{
    ces_reply reply = {.records = (guint32)w->used,
                       .is_last = TRUE,
                       .is_farewell = ces_runner_is_worn(w->runner),
                       .messages = (guint32)w->messages->len,
                       .result = *result};
    gboolean good = ces_channel_send(w->socket, &reply, sizeof reply) &&
                    ces_channel_send(w->socket, w->messages->str, w->messages->len);

    w->used = 0;
    g_string_truncate(w->messages, 0);
    return good;
}

/* --- a task ------------------------------------------------------------------------------ */

/* For the tests of what a fault in a worker costs: CES_REPORT_FAULT is
 * "abort:NAME", "kill:NAME" or "hang:NAME", where NAME is how the capture's name
 * ends. It is no feature, and may go at any time. */
static void
commit_fault(const char *name)
{
    const char *fault = g_getenv("CES_REPORT_FAULT");
    const char *colon = fault ? strchr(fault, ':') : NULL;

    if (!colon || !g_str_has_suffix(name, colon + 1))
        return;
    if (g_str_has_prefix(fault, "abort:"))
        abort();
    if (g_str_has_prefix(fault, "kill:"))
        raise(SIGKILL);
    while (g_str_has_prefix(fault, "hang:"))
        pause();
}

/* In CSV and JSON there is no place for it. */
static void
say_missing_sites(worker *w, const ces_analysis *analysis, const ces_selection *taken, const char *name)
{
    GString *text = g_string_new(NULL);

    g_string_append_c(text, CES_MESSAGE_COMMON);
    if (w->options->format != CES_REPORT_TEXT && ces_report_missing_sites(analysis, taken, text))
        add_message(name, text->str, w);
    g_string_free(text, TRUE);
}

static void
draw(worker *w, const ces_analysis *analysis, const ces_selection *taken, const char *name)
{
    ces_report_format format = w->options->pairs ? CES_REPORT_JSON : w->options->format;
    ces_labelling labelling;

    ces_labelling_begin(&labelling, format, name, put_records, w);
    ces_report_flows(analysis, format, taken, ces_labelling_take, &labelling);
    ces_labelling_end(&labelling);
}

static gboolean
do_task(worker *w, const char *const *names)
{
    ces_capture_result result;
    ces_selection *taken = NULL;

    commit_fault(names[0]);
    ces_analysis *analysis = ces_runner_read(w->runner, names, &taken, &result);
    if (analysis) {
        ces_status_judge(analysis, taken, &result);
        draw(w, analysis, taken, names[0]);
        if (result.lacks_sites)
            say_missing_sites(w, analysis, taken, names[0]);
    }
    gboolean good = send_end(w, &result) && !ces_runner_is_worn(w->runner);
    ces_selection_free(taken);
    ces_analysis_free(analysis);
    return good;
}

static gboolean
receive_task(int socket, GPtrArray *names, GString *bytes)
{
    ces_task task;

    g_ptr_array_set_size(names, 0);
    if (!ces_channel_receive(socket, &task, sizeof task))
        return FALSE;
    g_string_set_size(bytes, task.length);
    if (!ces_channel_receive(socket, bytes->str, task.length))
        return FALSE;
    for (gsize at = 0; at < bytes->len; at += strlen(bytes->str + at) + 1)
        g_ptr_array_add(names, bytes->str + at);
    g_ptr_array_add(names, NULL);
    return TRUE;
}

void
ces_worker_run(int socket, char *room, const ces_options *options, const ces_setup *setup)
{
    worker w = {.socket = socket, .room = room, .options = options, .messages = g_string_new(NULL)};
    GPtrArray *names = g_ptr_array_new();
    GString *bytes = g_string_new(NULL);

    w.runner = ces_runner_new(options, setup, add_message, &w);
    while (receive_task(socket, names, bytes) && do_task(&w, (const char *const *)names->pdata))
        continue;
    ces_runner_free(w.runner);
    g_ptr_array_free(names, TRUE);
    g_string_free(bytes, TRUE);
    g_string_free(w.messages, TRUE);
}
