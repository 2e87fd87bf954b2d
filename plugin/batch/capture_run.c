/* capture_run.c
 * Reading natively, handing frames over, and beginning anew with Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture_run.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader.h"
#include "spool.h"

/* No more is kept of a pipe that may still bring secrets. */
static const guint64 most_kept = G_GUINT64_CONSTANT(1) << 30;

struct ces_runner {
    const ces_options *options;
    const ces_setup *setup;
    ces_capture_say say;
    gpointer data;
    ces_engine *engine;
    char *engine_failure; /* it was started in vain */
    const char *name;     /* of the capture for which it works */
};

/* The captures that are being read as one. */
typedef struct {
    ces_runner *runner;
    const char *name;
    ces_capture_result *result;
    ces_analysis *analysis;
    ces_decoder decoder;
    ces_name_records *names;
    ces_selection *taken;
    guint32 frames_before;           /* in the captures before this one */
    guint64 left_out;                /* frames that Wireshark should have read */
    gboolean hands_over;             /* the engine has the analysis */
    gboolean is_whole_for_wireshark; /* a frame came that it reads in its file only */
    gboolean is_first, is_only;
} run;

ces_runner *
ces_runner_new(const ces_options *options, const ces_setup *setup, ces_capture_say say, gpointer data)
{
    ces_runner *runner = g_new0(ces_runner, 1);

    *runner = (ces_runner){.options = options, .setup = setup, .say = say, .data = data};
    return runner;
}

void
ces_runner_free(ces_runner *runner)
{
    if (!runner)
        return;
    ces_engine_stop(runner->engine);
    g_free(runner->engine_failure);
    g_free(runner);
}

gboolean
ces_runner_is_worn(const ces_runner *runner)
{
    return runner->engine && ces_engine_is_worn(runner->engine);
}

static void say(const run *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say(const run *r, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    r->runner->say(r->name, what, r->runner->data);
    g_free(what);
}

static void
trouble(run *r, const char *what)
{
    say(r, "%s", what);
    r->result->status = CES_STATUS_TROUBLE;
}

static void
note_why(run *r, const char *why)
{
    if (!r->result->why[0])
        g_strlcpy(r->result->why, why, sizeof r->result->why);
}

/* --- Wireshark ------------------------------------------------------------------------ */

/* What Wireshark says while it starts or reads. */
static void
say_of_engine(const char *line, gpointer data)
{
    const ces_runner *runner = (const ces_runner *)data;

    runner->say(runner->name, line, runner->data);
}

static ces_engine *
start_engine(run *r)
{
    ces_runner *runner = r->runner;
    const ces_options *options = runner->options;
    GError *error = NULL;

    if (runner->engine || runner->engine_failure)
        return runner->engine;
    ces_engine_options wanted = {.profile = options->profile,
                                 .preferences = (const char *const *)options->preferences,
                                 .hosts_files = (const char *const *)options->hosts_files,
                                 .name_resolving = options->name_resolving,
                                 .no_names = options->no_names,
                                 .filter = options->filter,
                                 .say = say_of_engine,
                                 .data = runner};
    runner->engine = ces_engine_start(&wanted, &error);
    if (!runner->engine)
        runner->engine_failure = g_strdup(error ? error->message : "Wireshark could not be started");
    g_clear_error(&error);
    return runner->engine;
}

static ces_engine *
need_engine(run *r)
{
    if (r->runner->options->engine != CES_ENGINE_NATIVE && start_engine(r))
        r->result->wireshark_runs = TRUE;
    return r->runner->engine;
}

static void
forget_analysis(run *r)
{
    ces_name_records_free(r->names);
    ces_analysis_free(r->analysis);
    r->names = NULL;
    r->analysis = NULL;
}

/* The whole capture, through a path that Wireshark can open. */
static void
capture_by_engine(run *r, const char *path)
{
    GError *error = NULL;
    ces_engine *engine = need_engine(r);

    r->result->read_by = CES_READ_BY_WIRESHARK;
    if (!engine) {
        r->result->read_by = CES_READ_BY_NOBODY;
        r->result->is_hopeless = r->runner->setup->needs_wireshark || r->runner->options->engine == CES_ENGINE_TSHARK;
        trouble(r, r->runner->engine_failure);
        if (r->result->is_hopeless)
            g_strlcpy(r->result->why, r->runner->engine_failure, sizeof r->result->why);
        forget_analysis(r);
        return;
    }
    if (r->runner->options->filter && !r->taken)
        r->taken = ces_selection_new();
    ces_read answer = ces_engine_capture(engine, path, r->analysis, r->taken, &error);
    if (answer != CES_READ_END)
        trouble(r, error ? error->message : "it could not be read to its end");
    if (answer == CES_READ_FAILED && ces_analysis_count(r->analysis) == 0)
        forget_analysis(r); /* not even a word that it holds nothing */
    g_clear_error(&error);
}

static void
let_go(run *r)
{
    if (r->hands_over)
        ces_engine_end(r->runner->engine);
    r->hands_over = FALSE;
}

static void
begin_anew(run *r)
{
    let_go(r);
    forget_analysis(r);
    r->analysis = ces_analysis_new(r->runner->setup->settings);
    memset(r->result->reasons, 0, sizeof r->result->reasons);
    r->left_out = r->frames_before = 0;
    r->is_whole_for_wireshark = FALSE;
}

/* What can be read only once, or only by us, is copied first. */
static void
copy_for_engine(run *r, ces_reader *reader)
{
    GError *error = NULL;
    int copy = ces_spool_open(&error);

    ces_reader_keep(reader, -1, 0);
    if (copy >= 0 && ces_reader_spool(reader, copy, &error)) {
        char *path = ces_spool_path(copy);
        begin_anew(r);
        capture_by_engine(r, path);
        g_free(path);
    } else {
        trouble(r, error->message);
    }
    g_clear_error(&error);
    if (copy >= 0)
        close(copy);
}

/* --- opening ------------------------------------------------------------------------------ */

/* How a capture can be read again from its start. */
typedef enum { AGAIN_BY_ANYBODY, AGAIN_BY_US, NEVER_AGAIN } again;

static again
look_at_file(const char *name)
{
    static const char *const magic[] = {"\xfd"
                                        "7zXZ",
                                        "BZh"};
    struct stat status;
    char bytes[6] = "";
    int descriptor;
    again answer = AGAIN_BY_ANYBODY;

    if (strcmp(name, "-") == 0)
        return NEVER_AGAIN;
    if (g_stat(name, &status) != 0)
        return AGAIN_BY_ANYBODY;
    if (!S_ISREG(status.st_mode))
        return NEVER_AGAIN;
    descriptor = g_open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
    if (descriptor < 0)
        return AGAIN_BY_ANYBODY;
    if (read(descriptor, bytes, sizeof bytes) == (gssize)sizeof bytes)
        for (gsize i = 0; i < G_N_ELEMENTS(magic); i++)
            if (memcmp(bytes, magic[i], strlen(magic[i])) == 0)
                answer = AGAIN_BY_US;
    close(descriptor);
    return answer;
}

static ces_reader *
open_reader(run *r)
{
    GError *error = NULL;
    ces_reader *reader;

    if (strcmp(r->name, "-") == 0) {
        int descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        reader = descriptor < 0 ? NULL : ces_reader_open_descriptor(descriptor);
        if (!reader)
            trouble(r, g_strerror(errno));
        return reader;
    }
    reader = ces_reader_open(r->name, &error);
    if (!reader)
        trouble(r, error->message);
    g_clear_error(&error);
    return reader;
}

/* --- frames --------------------------------------------------------------------------------- */

static void
hand_over(run *r, const ces_frame *frame)
{
    ces_name_records_before_unknown(r->names);
    gboolean reads = need_engine(r) && frame->is_packet && ces_engine_reads(r->runner->engine, frame->link_type);
    r->is_whole_for_wireshark |= r->is_only && r->runner->engine && frame->is_packet && !reads;
    if (!reads) {
        r->left_out += frame->is_packet != FALSE;
        ces_analysis_note_time(r->analysis, frame->timestamp);
        return;
    }
    if (!r->hands_over)
        ces_engine_begin(r->runner->engine, r->analysis);
    r->hands_over = TRUE;
    if (ces_engine_frame(r->runner->engine, frame))
        ces_name_records_taught(r->names);
}

static inline void
read_frame(run *r, ces_frame *frame, gboolean all_handed_over)
{
    ces_decoded decoded = ces_decoder_read(&r->decoder, frame);

    frame->number += r->frames_before;
    r->result->reasons[decoded.reason]++;
    if (G_UNLIKELY(all_handed_over || ces_reason_hands_over(decoded.reason))) {
        hand_over(r, frame);
        return;
    }
    ces_name_records_before_frame(r->names, decoded.teaches);
    ces_decoded_feed(&decoded, frame, r->analysis);
}

static void
note_end(run *r, ces_read answer, GError *error)
{
    if (answer == CES_READ_CUT)
        trouble(r, "it ends in the middle of a packet; what stands before that counts");
    else if (answer == CES_READ_FAILED)
        trouble(r, error ? error->message : "it is damaged");
}

/* Secrets change what there is to be seen: from the start. */
static gboolean
must_begin_anew(run *r, const ces_reader *reader, gboolean *said)
{
    if (G_UNLIKELY(r->is_whole_for_wireshark))
        return TRUE;
    if (G_LIKELY(!ces_reader_has_secrets(reader)) || *said)
        return FALSE;
    if (r->is_only && need_engine(r))
        return TRUE;
    *said = TRUE;
    if (r->is_only && !r->runner->engine_failure)
        say(r, "it brings decryption secrets, which only Wireshark uses: read without them");
    else if (r->is_only)
        trouble(r, "it brings decryption secrets, and Wireshark, which alone uses them, could not be started");
    else
        trouble(r, "it brings decryption secrets, which are not used with --as-one");
    return FALSE;
}

static ces_read
read_frames(run *r, ces_reader *reader, GError **error)
{
    const gboolean all = r->runner->setup->needs_wireshark || r->runner->options->engine == CES_ENGINE_TSHARK;
    ces_frame frame;
    ces_read answer;
    guint32 latest = 0;
    gboolean said = FALSE;

    ces_reader_tell_names(reader, ces_name_records_add, r->names);
    while ((answer = ces_reader_next(reader, &frame, error)) == CES_READ_FRAME) {
        if (G_UNLIKELY(must_begin_anew(r, reader, &said)))
            return answer;
        latest = frame.number;
        read_frame(r, &frame, all);
    }
    if (answer != CES_READ_OTHER_FORMAT && must_begin_anew(r, reader, &said))
        return CES_READ_FRAME;
    r->frames_before += latest;
    return answer;
}

/* --- one capture ------------------------------------------------------------------------------- */

static void
begin(run *r)
{
    r->analysis = ces_analysis_new(r->runner->setup->settings);
    r->decoder = ces_decoder_of(r->analysis);
    r->names = ces_name_records_new(r->runner->setup->hosts, r->analysis);
}

/* `reader` stands at the start. */
static void
read_again(run *r, ces_reader *reader, again a)
{
    if (a != AGAIN_BY_ANYBODY) {
        copy_for_engine(r, reader);
        return;
    }
    begin_anew(r);
    capture_by_engine(r, r->name);
}

static void
other_format(run *r, ces_reader *reader, again a)
{
    if (!r->is_only) {
        trouble(r, "it is neither pcap nor pcapng, which --as-one needs");
    } else if (r->runner->options->engine == CES_ENGINE_NATIVE) {
        trouble(r, "it is neither pcap nor pcapng: only Wireshark may read it");
    } else {
        note_why(r, "another format");
        read_again(r, reader, a);
    }
}

/* A pipe has gone by: what was kept of it is read again. */
static void
reread_pipe(run *r, ces_reader *reader, int keeper)
{
    GError *error = NULL;

    if (ces_reader_keep_rest(reader, &error)) {
        char *path = ces_spool_path(keeper);
        begin_anew(r);
        capture_by_engine(r, path);
        g_free(path);
    } else {
        trouble(r, error ? error->message
                         : "what only Wireshark reads came after more than could be kept for reading it again; "
                           "what stands behind it is left out");
    }
    g_clear_error(&error);
}

static void
reread(run *r, ces_reader *reader, again a, int keeper)
{
    note_why(r, ces_reader_has_secrets(reader) ? "decryption secrets in the file" : "a link type of Wireshark's own");
    if (a == NEVER_AGAIN) {
        reread_pipe(r, reader, keeper);
        return;
    }
    ces_reader *once_more = open_reader(r);
    if (once_more)
        read_again(r, once_more, a);
    ces_reader_free(once_more);
}

static void
read_natively(run *r)
{
    again a = look_at_file(r->name);
    GError *error = NULL;
    ces_reader *reader = open_reader(r);
    int keeper = -1;

    if (!reader)
        return;
    if (r->is_first)
        begin(r);
    if (a == NEVER_AGAIN && r->is_only && r->runner->options->engine != CES_ENGINE_NATIVE)
        keeper = ces_spool_open(NULL);
    if (keeper >= 0)
        ces_reader_keep(reader, keeper, most_kept);
    r->result->read_by = MAX(r->result->read_by, CES_READ_NATIVELY);
    ces_read answer = read_frames(r, reader, &error);
    if (answer == CES_READ_OTHER_FORMAT)
        other_format(r, reader, a);
    else if (answer == CES_READ_FRAME)
        reread(r, reader, a, keeper);
    else
        note_end(r, answer, error);
    g_clear_error(&error);
    ces_reader_free(reader);
    if (keeper >= 0)
        close(keeper);
}

/* By the options all of it is Wireshark's. */
static void
read_by_engine(run *r, const char *why)
{
    again a = look_at_file(r->name);
    gboolean by_path = a == AGAIN_BY_ANYBODY || (a == NEVER_AGAIN && !r->runner->options->filter);
    ces_reader *reader;

    note_why(r, why);
    if (by_path) {
        begin_anew(r);
        capture_by_engine(r, r->name);
        return;
    }
    reader = open_reader(r);
    if (reader)
        copy_for_engine(r, reader);
    ces_reader_free(reader);
}

/* --- all of it ------------------------------------------------------------------------------------ */

static void
say_what_was_left_out(run *r)
{
    if (r->left_out == 0)
        return;
    if (r->runner->options->engine == CES_ENGINE_NATIVE) {
        say(r, "%" G_GUINT64_FORMAT " frames left out that only Wireshark reads for certain", r->left_out);
        return;
    }
    say(r, "%" G_GUINT64_FORMAT " frames could not be read: %s", r->left_out, r->runner->engine_failure);
    r->result->status = CES_STATUS_TROUBLE;
    note_why(r, r->runner->engine_failure);
}

static void
sum_up(run *r)
{
    for (guint i = 0; i < CES_REASON_COUNT; i++)
        r->result->frames += r->result->reasons[i];
    for (guint i = 0; i < CES_REASON_COUNT && r->result->read_by != CES_READ_BY_WIRESHARK; i++)
        if (ces_reason_hands_over((ces_reason)i) && r->result->reasons[i])
            note_why(r, ces_reason_text((ces_reason)i));
    if (r->hands_over)
        r->result->read_by = CES_READ_BY_BOTH;
    let_go(r);
    if (r->names)
        ces_name_records_at_end(r->names);
    say_what_was_left_out(r);
}

static const char *
why_all_by_engine(const run *r)
{
    if (r->runner->options->engine == CES_ENGINE_TSHARK)
        return "--engine tshark";
    return r->runner->options->engine == CES_ENGINE_AUTO ? r->runner->setup->needs_wireshark : NULL;
}

ces_analysis *
ces_runner_read(ces_runner *runner, const char *const *names, ces_selection **taken, ces_capture_result *result)
{
    run r = {.runner = runner, .result = result, .is_first = TRUE, .is_only = names[0] && !names[1]};
    const char *why = why_all_by_engine(&r);

    memset(result, 0, sizeof *result);
    for (; *names; names++) {
        r.name = runner->name = *names;
        if (why && r.is_only)
            read_by_engine(&r, why);
        else
            read_natively(&r);
        r.is_first = r.analysis == NULL;
    }
    sum_up(&r);
    ces_name_records_free(r.names);
    *taken = r.taken;
    return r.analysis;
}
