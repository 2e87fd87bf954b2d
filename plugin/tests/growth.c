/* growth.c
 * growth CAPTURE ROUNDS LOST: opens a capture, reads it in two passes, changes the
 * settings while it is open, and closes it, again and again, as a window does
 * that is never shut. Prints by how many bytes of heap each round grows, counted
 * to the byte. Without the plugin it is what Wireshark itself loses. LOST bytes
 * are lost each round on purpose, to see that it would be noticed.
 *
 * The plugin comes in by WIRESHARK_PLUGIN_DIR. For Wireshark before 4.6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <wireshark.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/tap.h>
#include <epan/timestamp.h>
#include <epan/uat.h>
#include <wiretap/wtap.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>

/* Rounds after which every cache is as full as it gets. */
enum { SETTLING = 20 };

/* --- one open capture -------------------------------------------------------- */

#define MOST_FRAMES 100000
static frame_data frames[MOST_FRAMES];
static guint32 frame_count;

static const nstime_t *
time_of_frame(struct packet_provider_data *provider _U_, guint32 number)
{
    return number > 0 && number <= frame_count ? &frames[number - 1].abs_ts : NULL;
}

static epan_t *
open_session(void)
{
    static const struct packet_provider_funcs provider = {time_of_frame, NULL, NULL, NULL};

    return epan_new(NULL, &provider);
}

static wtap *
open_file(const char *path)
{
    int error;
    char *info = NULL;
    wtap *file = wtap_open_offline(path, WTAP_TYPE_AUTO, &error, &info, FALSE);

    if (!file) {
        fprintf(stderr, "growth: cannot open %s: %s\n", path, info ? info : wtap_strerror(error));
        exit(2);
    }
    return file;
}

static gboolean
dissect(epan_t *session, wtap *file, wtap_rec *record, Buffer *bytes, frame_data *frame, int field)
{
    epan_dissect_t *edt = epan_dissect_new(session, TRUE, TRUE);
    tvbuff_t *tvb = tvb_new_real_data(ws_buffer_start_ptr(bytes), record->rec_header.packet_header.caplen,
                                      (int)record->rec_header.packet_header.len);

    if (field > 0)
        epan_dissect_prime_with_hfid(edt, field);
    epan_dissect_run(edt, wtap_file_type_subtype(file), record, tvb, frame, NULL);
    frame_data_set_after_dissect(frame, &(guint32){0});
    GPtrArray *found = field > 0 ? proto_get_finfo_ptr_array(edt->tree, field) : NULL;
    gboolean shown = found && found->len > 0;
    epan_dissect_free(edt);
    return shown;
}

/* Every frame once; returns how many show the field. */
static guint
read_frames(epan_t *session, const char *path, gboolean again, int field)
{
    wtap *file = open_file(path);
    wtap_rec record;
    Buffer bytes;
    gint64 offset;
    int error;
    char *info;
    guint shown = 0, number = 0;

    wtap_rec_init(&record);
    ws_buffer_init(&bytes, 1514);
    while (number < MOST_FRAMES && wtap_read(file, &record, &bytes, &error, &info, &offset)) {
        if (record.rec_type != REC_TYPE_PACKET)
            continue;
        frame_data *frame = &frames[number++];
        if (!again) {
            frame_data_init(frame, number, &record, offset, 0);
            frame_count = number;
        }
        shown += dissect(session, file, &record, &bytes, frame, field);
        wtap_rec_reset(&record);
    }
    ws_buffer_free(&bytes);
    wtap_rec_cleanup(&record);
    wtap_close(file);
    return shown;
}

static void
forget_frames(void)
{
    for (guint32 i = 0; i < frame_count; i++)
        frame_data_destroy(&frames[i]);
    frame_count = 0;
}

/* --- settings ------------------------------------------------------------------ */

static void
set(const char *setting)
{
    char *text = g_strdup(setting), *error = NULL;

    if (prefs_set_pref(text, &error) != PREFS_SET_OK) {
        fprintf(stderr, "growth: %s is refused: %s\n", setting, error ? error : "");
        exit(2);
    }
    g_free(text);
}

/* Exported, though its header is not installed. */
void uat_clear(uat_t *table);

static void
set_sites(const char *rows)
{
    uat_t *sites = uat_get_table_by_name("CES sites");
    char *path, *error = NULL;
    int file = g_file_open_tmp("ces.XXXXXX", &path, NULL);

    if (file < 0 || !g_file_set_contents(path, rows, -1, NULL))
        exit(2);
    close(file);
    uat_clear(sites);
    gboolean loaded = uat_load(sites, path, &error);
    unlink(path);
    g_free(path);
    if (!loaded) {
        fprintf(stderr, "growth: %s is refused: %s\n", rows, error);
        exit(2);
    }
}

static void
change_settings(guint round)
{
    static const char *const sites[] = {"\"203.0.113.0/24\",\"cloud\",\"any\",\"DC\"\n",
                                        "\"198.51.100.0/24\",\"cloud\",\"esa\",\"another\"\n"};

    set_sites(sites[round % 2]);
    set(round % 2 ? "ces.smtp_ports:25,2525" : "ces.smtp_ports:25");
    set(round % 2 ? "ces.spam_quarantine_ports:6025,6026" : "ces.spam_quarantine_ports:6025");
    set(round % 2 ? "ces.cloud_zones:iphmx.com, example.org" : "ces.cloud_zones:iphmx.com");
    set(round % 4 == 3 ? "ces.learn_names:FALSE" : "ces.learn_names:TRUE");
    prefs_apply_all();
}

/* --- rounds ----------------------------------------------------------------------- */

static void
play(const char *path, guint round, int field)
{
    epan_t *session = open_session();

    guint shown = read_frames(session, path, FALSE, field);
    if (field > 0) {
        if (shown == 0) {
            fprintf(stderr, "growth: blind: no packet of %s is the plugin's\n", path);
            exit(2);
        }
        change_settings(round);
    }
    read_frames(session, path, TRUE, field);
    forget_frames();
    epan_free(session);
}

static void
lose(gsize bytes)
{
    static void *volatile lost;

    if (bytes > 0)
        lost = g_malloc(bytes);
    (void)lost;
}

static gsize
allocated(void)
{
    struct mallinfo2 heap = mallinfo2();

    return heap.uordblks + heap.hblkhd;
}

static void
start(const char *program)
{
    ws_log_init("growth", NULL);
    ws_log_set_level(LOG_LEVEL_CRITICAL);
    init_process_policies();
    g_free(configuration_init(program, NULL));
    timestamp_set_type(TS_RELATIVE);
    timestamp_set_precision(TS_PREC_AUTO);
    wtap_init(FALSE);
    if (!epan_init(NULL, NULL, TRUE))
        exit(2);
    epan_load_settings();
    prefs_apply_all();
}

int
main(int argc, char **argv)
{
    int rounds = argc == 4 ? atoi(argv[2]) : 0;
    gsize before = 0;

    if (rounds <= SETTLING) {
        fprintf(stderr, "usage: growth CAPTURE ROUNDS LOST, with more than %d rounds\n", SETTLING);
        return 2;
    }
    start(argv[0]);
    int field = proto_registrar_get_id_byname("ces.verdict");
    /* Settings alternate, so both ends of the measure are of the same kind. */
    for (int round = 0; round < rounds / 4 * 4; round++) {
        if (round == SETTLING)
            before = allocated();
        play(argv[1], (guint)round, field);
        lose((gsize)atoi(argv[3]));
    }
    double grown = (double)allocated() - (double)before;
    printf("%s %.1f\n", field > 0 ? "with" : "without", grown / (rounds / 4 * 4 - SETTLING));
    return 0;
}
