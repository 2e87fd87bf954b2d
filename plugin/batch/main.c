/* main.c
 * ces-report: one report on the connections between ESAs and SMAs in many
 * captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures.h"
#include "labels.h"
#include "pool.h"
#include "signals.h"

typedef struct {
    ces_options *options;
    ces_setup *setup;
    GPtrArray *captures;
    ces_state *state;
    ces_output output;
    ces_reporter *reporter;
    ces_progress progress;
    gboolean troubled;
} program;

/* --- saying ------------------------------------------------------------------------ */

static void
say_text(const char *text, gpointer data)
{
    ces_progress_hide(&((program *)data)->progress);
    fputs(text, stderr);
}

static void
say(const char *what)
{
    GString *text = g_string_new(NULL);

    ces_label_text(what, text);
    fprintf(stderr, "ces-report: %s\n", text->str);
    g_string_free(text, TRUE);
}

static void
say_of(const char *name, const char *what, gpointer unused G_GNUC_UNUSED)
{
    char *line = g_strdup_printf("%s: %s", name, what);

    say(line);
    g_free(line);
}

static void
say_of_settings(const char *what, gpointer unused G_GNUC_UNUSED)
{
    say(what);
}

/* --- before -------------------------------------------------------------------------- */

static gboolean
stop_waits(gpointer unused G_GNUC_UNUSED)
{
    return ces_signals_waiting() != 0;
}

static gboolean
collect(program *p)
{
    const ces_options *options = p->options;
    gboolean good = TRUE;

    p->captures = g_ptr_array_new_with_free_func(g_free);
    for (char **input = options->inputs; *input; input++)
        good = ces_captures_add(p->captures, *input, say_of, NULL) && good;
    if (options->files_from)
        good =
            ces_captures_add_list(p->captures, options->files_from, options->files_end_with_nul, say_of, NULL) && good;
    p->troubled = !good;
    if (p->captures->len == 0)
        say("no capture found");
    return p->captures->len > 0;
}

static guint64
size_of_all(const GPtrArray *captures)
{
    guint64 size = 0;

    for (guint i = 0; i < captures->len; i++) {
        struct stat status;
        if (g_stat((const char *)g_ptr_array_index(captures, i), &status) == 0 && S_ISREG(status.st_mode))
            size += (guint64)status.st_size;
    }
    return size;
}

static gboolean
prepare(program *p)
{
    GError *error = NULL;

    p->setup = ces_setup_new(p->options, say_of_settings, NULL, &error);
    if (p->setup && p->options->state)
        p->state = ces_state_open(p->options->state, p->setup->digest, &error);
    if (error)
        say(error->message);
    g_clear_error(&error);
    if (p->options->does_nothing)
        say("--fast and --two-passes do nothing any more: every capture is read fast and to its end");
    if (p->setup && p->options->engine == CES_ENGINE_NATIVE && p->setup->needs_wireshark)
        say_of("without Wireshark this counts for nothing", p->setup->needs_wireshark, NULL);
    return p->setup && (p->state || !p->options->state);
}

/* --- the run --------------------------------------------------------------------------- */

static void
say_how_to_go_on(const program *p)
{
    if (p->state)
        say("stopped; the same command goes on from here");
    else
        say("stopped; with --state FOLDER the same command would go on");
}

static int
read_captures(program *p)
{
    gboolean shown = p->options->progress || isatty(STDERR_FILENO);

    ces_progress_init(&p->progress, shown, p->captures->len, shown ? size_of_all(p->captures) : 0);
    ces_signals_hold();
    ces_pool_end end =
        ces_pool_run(p->options, p->setup, p->captures, p->state, p->reporter, &p->progress, say_text, p);
    if (end == CES_POOL_STOPPED || (end == CES_POOL_UNWRITTEN && ces_signals_waiting())) {
        ces_output_flush(&p->output);
        say_how_to_go_on(p);
        ces_signals_die(ces_signals_waiting());
    }
    if (end == CES_POOL_BROKEN) {
        ces_output_flush(&p->output);
        return CES_STATUS_TROUBLE;
    }
    int status = (int)ces_reporter_finish(p->reporter, p->troubled);
    if (p->output.failure == EPIPE)
        ces_signals_die(SIGPIPE);
    return status;
}

static int
read_records(program *p)
{
    ces_signals_hold();
    for (char **input = p->options->inputs; *input; input++)
        p->troubled |= !ces_reporter_merge(p->reporter, *input);
    if (p->options->files_from)
        p->troubled |= !ces_reporter_merge(p->reporter, p->options->files_from);
    return (int)ces_reporter_finish(p->reporter, p->troubled);
}

static int
run(program *p)
{
    if (!prepare(p) || (!p->options->merge && !collect(p)))
        return CES_STATUS_TROUBLE;
    ces_output_init(&p->output, STDOUT_FILENO, stop_waits, NULL);
    p->reporter = ces_reporter_new(p->options, p->setup, &p->output, say_text, p);
    int status = p->options->merge ? read_records(p) : read_captures(p);
    ces_reporter_free(p->reporter);
    ces_output_clear(&p->output);
    return status;
}

static int
show_version(void)
{
    printf("CES for Wireshark %s\nreads frames by Wireshark %s where it must\n", CES_VERSION, CES_WIRESHARK_VERSION);
    return fflush(stdout) == 0 ? CES_STATUS_GOOD : CES_STATUS_TROUBLE;
}

int
main(int argc, char **argv)
{
    program p = {.troubled = FALSE};
    GError *error = NULL;
    int status = CES_STATUS_TROUBLE;

    p.options = ces_options_parse(argc, argv, &error);
    if (!p.options) {
        say(error->message);
        fputs("Try 'ces-report --help'.\n", stderr);
        g_clear_error(&error);
        return CES_STATUS_TROUBLE;
    }
    status = p.options->show_version ? show_version() : run(&p);
    ces_state_close(p.state);
    ces_setup_free(p.setup);
    if (p.captures)
        g_ptr_array_free(p.captures, TRUE);
    ces_options_free(p.options);
    return status;
}
