/* three_ways.c
 * three_ways [-C PROFILE] [-o PREFERENCE] [-N FLAGS] [-n] [-H FILE] [-F FILTER] [-t] CAPTURE... FOLDER
 *
 * The connections of each capture (JSON), read in three ways by one process:
 * FOLDER/NAME.whole by ces_engine_capture, .frames by handing every frame over,
 * and .mixed by the native decoder, which hands over what it cannot read. A way
 * that cannot go through with the capture leaves a file that says why. -t says
 * on standard output how long the parts took, and how many frames were handed
 * over. For tests: test-captures/engine holds them against tshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ces/report.h>

#include "decoder.h"
#include "engine.h"

typedef struct {
    ces_engine_options options;
    GPtrArray *preferences, *hosts_files;
    GArray *rows;
    ces_settings_text text;
    ces_settings *settings;
    ces_engine *engine;
    gboolean is_timed;
    guint64 frames, handed_over;
} reading;

static void
fail(const char *what, const char *why)
{
    fprintf(stderr, "three_ways: %s: %s\n", what, why);
    exit(2);
}

/* --- settings -------------------------------------------------------------------- */

static void
take_site(reading *r, const char *line)
{
    ces_site_row row;
    GError *error = NULL;

    if (!ces_settings_parse_site(line, &row, &error))
        fail(line, error->message);
    g_array_append_val(r->rows, row);
}

/* "ces.NAME_ports:...": the service of that name. */
static void
take_ports(reading *r, const char *name, const char *ports)
{
    for (guint service = CES_SERVICE_NONE + 1; service < CES_SERVICE_COUNT; service++) {
        char *key = g_strdup_printf("%s_ports", ces_service_token((ces_service)service));
        if (strcmp(key, name) == 0)
            r->text.ports[service] = ports;
        g_free(key);
    }
}

static void
take_preference(reading *r, char *setting)
{
    static const char sites[] = "uat:ces_sites:";
    char **parts = g_strsplit(setting, ":", 2);

    g_ptr_array_add(r->preferences, setting);
    if (g_str_has_prefix(setting, sites))
        take_site(r, setting + strlen(sites));
    else if (g_str_has_prefix(parts[0], "ces.") && parts[1])
        take_ports(r, parts[0] + 4, setting + strlen(parts[0]) + 1);
    g_strfreev(parts);
}

static void
take_options(reading *r, int argc, char **argv)
{
    int option;

    r->text = ces_settings_text_default();
    r->preferences = g_ptr_array_new();
    r->hosts_files = g_ptr_array_new();
    r->rows = g_array_new(FALSE, FALSE, sizeof(ces_site_row));
    while ((option = getopt(argc, argv, "C:o:N:nH:F:t")) != -1)
        switch (option) {
        case 'C':
            r->options.profile = optarg;
            break;
        case 'o':
            take_preference(r, optarg);
            break;
        case 'N':
            r->options.name_resolving = optarg;
            break;
        case 'n':
            r->options.no_names = TRUE;
            break;
        case 'H':
            g_ptr_array_add(r->hosts_files, optarg);
            break;
        case 'F':
            r->options.filter = optarg;
            break;
        case 't':
            r->is_timed = TRUE;
            break;
        default:
            exit(2);
        }
    g_ptr_array_add(r->preferences, NULL);
    g_ptr_array_add(r->hosts_files, NULL);
    r->options.preferences = (const char *const *)r->preferences->pdata;
    r->options.hosts_files = (const char *const *)r->hosts_files->pdata;
    r->text.rows = (const ces_site_row *)(void *)r->rows->data;
    r->text.row_count = r->rows->len;
    r->settings = ces_settings_new(&r->text, NULL);
}

static void
say(const char *line, gpointer unused G_GNUC_UNUSED)
{
    fprintf(stderr, "three_ways: Wireshark says: %s\n", line);
}

static void
start(reading *r)
{
    GError *error = NULL;

    r->options.say = say;
    r->engine = ces_engine_start(&r->options, &error);
    if (!r->engine)
        fail("the engine does not start", error->message);
}

/* --- writing ---------------------------------------------------------------------- */

static gboolean
write_text(const char *text, gsize length, gpointer file)
{
    return fwrite(text, 1, length, (FILE *)file) == length;
}

static void
write_report(const ces_analysis *analysis, const ces_selection *taken, ces_read answer, GError *error, const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        fail(path, "cannot be written");
    if (answer == CES_READ_OTHER_FORMAT)
        fprintf(file, "other format\n");
    else
        ces_report_flows(analysis, CES_REPORT_JSON, taken, write_text, file);
    if (error)
        fprintf(file, "%s: %s\n", answer == CES_READ_CUT ? "cut" : "failed", error->message);
    if (fclose(file) != 0)
        fail(path, "cannot be written");
    g_clear_error(&error);
}

/* --- the three ways ------------------------------------------------------------------ */

static void
read_whole(reading *r, const char *capture, const char *path)
{
    ces_analysis *analysis = ces_analysis_new(r->settings);
    ces_selection *taken = r->options.filter ? ces_selection_new() : NULL;
    GError *error = NULL;
    ces_read answer = ces_engine_capture(r->engine, capture, analysis, taken, &error);

    write_report(analysis, taken, answer, error, path);
    ces_selection_free(taken);
    ces_analysis_free(analysis);
}

/* Names of the file count until a packet can have taught one. */
typedef struct {
    ces_analysis *analysis;
    gboolean is_over;
} names;

static void
take_name(const ces_address *address, const char *name, gpointer data)
{
    names *n = (names *)data;

    if (!n->is_over)
        ces_analysis_add_host(n->analysis, address, name);
}

static gboolean
read_frame(reading *r, const ces_decoder *decoder, const ces_frame *frame, ces_analysis *analysis)
{
    ces_decoded decoded = {.reason = CES_HAND_OVER_FOUND};

    r->frames++;
    if (!frame->is_packet)
        return FALSE;
    if (decoder)
        decoded = ces_decoder_read(decoder, frame);
    if (!ces_reason_hands_over(decoded.reason)) {
        ces_decoded_feed(&decoded, frame, analysis);
        return decoded.teaches;
    }
    r->handed_over++;
    return ces_engine_frame(r->engine, frame);
}

static ces_read
read_frames(reading *r, ces_reader *reader, ces_analysis *analysis, gboolean natively, GError **error)
{
    ces_decoder decoder = ces_decoder_of(analysis);
    names n = {analysis, FALSE};
    ces_frame frame;
    ces_read answer;

    ces_reader_tell_names(reader, take_name, &n);
    ces_engine_begin(r->engine, analysis);
    while ((answer = ces_reader_next(reader, &frame, error)) == CES_READ_FRAME) {
        if (ces_reader_has_secrets(reader) || !ces_engine_reads(r->engine, frame.link_type)) {
            answer = CES_READ_OTHER_FORMAT;
            break;
        }
        n.is_over |= read_frame(r, natively ? &decoder : NULL, &frame, analysis);
    }
    ces_engine_end(r->engine);
    return answer;
}

static void
read_by_frames(reading *r, const char *capture, gboolean natively, const char *path)
{
    ces_analysis *analysis = ces_analysis_new(r->settings);
    GError *error = NULL;
    ces_read answer = CES_READ_FAILED;
    ces_reader *reader = ces_reader_open(capture, &error);

    r->frames = r->handed_over = 0;
    if (reader)
        answer = read_frames(r, reader, analysis, natively, &error);
    write_report(analysis, NULL, answer, error, path);
    ces_reader_free(reader);
    ces_analysis_free(analysis);
}

static void
tell_time(const reading *r, const char *what, gint64 since)
{
    if (r->is_timed)
        printf("%s %.1f ms\n", what, (double)(g_get_monotonic_time() - since) / 1000);
}

static void
read_three_ways(reading *r, const char *capture, const char *folder)
{
    char *name = g_path_get_basename(capture);
    char *whole = g_strdup_printf("%s/%s.whole", folder, name);
    char *frames = g_strdup_printf("%s/%s.frames", folder, name);
    char *mixed = g_strdup_printf("%s/%s.mixed", folder, name);
    gint64 began = g_get_monotonic_time();

    read_whole(r, capture, whole);
    tell_time(r, "whole", began);
    began = g_get_monotonic_time();
    read_by_frames(r, capture, FALSE, frames);
    tell_time(r, "frames", began);
    began = g_get_monotonic_time();
    read_by_frames(r, capture, TRUE, mixed);
    tell_time(r, "mixed", began);
    if (r->is_timed)
        printf("handed over %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT "\n", r->handed_over, r->frames);
    g_free(name);
    g_free(whole);
    g_free(frames);
    g_free(mixed);
}

int
main(int argc, char **argv)
{
    reading r = {.frames = 0};

    take_options(&r, argc, argv);
    if (argc - optind < 2)
        fail("usage",
             "three_ways [-C PROFILE] [-o PREFERENCE] [-N FLAGS] [-n] [-H FILE] [-F FILTER] [-t] CAPTURE... FOLDER");
    gint64 began = g_get_monotonic_time();
    start(&r);
    tell_time(&r, "start", began);
    for (int i = optind; i < argc - 1; i++)
        read_three_ways(&r, argv[i], argv[argc - 1]);
    ces_engine_stop(r.engine);
    return 0;
}
