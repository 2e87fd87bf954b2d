/* test_state.c
 * What a run keeps for the next one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

#include <string.h>

#include <glib/gstdio.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder, *capture;
    ces_state *state;
} place;

static ces_state *
open_state(const place *p, const char *digest)
{
    char *folder = g_build_filename(p->folder, "state", NULL);
    ces_state *state = ces_state_open(folder, digest, NULL);

    g_free(folder);
    return state;
}

static void
set_up(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    p->folder = g_dir_make_tmp("ces-state-XXXXXX", NULL);
    p->capture = g_build_filename(p->folder, "a.pcap", NULL);
    g_assert_true(g_file_set_contents(p->capture, "1234", 4, NULL));
    p->state = open_state(p, "options");
    g_assert_nonnull(p->state);
}

static void
remove_folder(const char *folder)
{
    GDir *directory = g_dir_open(folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(directory))) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            remove_folder(path);
        g_remove(path);
        g_free(path);
    }
    g_dir_close(directory);
    g_rmdir(folder);
}

static void
tear_down(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    ces_state_close(p->state);
    remove_folder(p->folder);
    g_free(p->folder);
    g_free(p->capture);
}

static void
keep(place *p, ces_status status)
{
    ces_capture_result result = {.status = status, .frames = 7};
    GString *messages = g_string_new("said\n");
    ces_part *part = ces_part_begin(p->state, p->capture, NULL);

    g_assert_nonnull(part);
    g_assert_true(ces_part_put(part, "one\n", 4));
    g_assert_true(ces_part_put(part, "two\n", 4));
    g_assert_true(ces_part_end(part, &result, messages, NULL));
    g_string_free(messages, TRUE);
}

static gboolean
append(const char *text, gsize length, gpointer data)
{
    g_string_append_len((GString *)data, text, (gssize)length);
    return TRUE;
}

static gboolean
replay(place *p)
{
    GString *records = g_string_new(NULL), *messages = g_string_new(NULL);
    ces_capture_result result;
    gboolean good = ces_state_replay(p->state, p->capture, append, records, &result, messages);

    if (good) {
        g_assert_cmpstr(records->str, ==, "one\ntwo\n");
        g_assert_cmpstr(messages->str, ==, "said\n");
        g_assert_cmpuint(result.frames, ==, 7);
    }
    g_string_free(records, TRUE);
    g_string_free(messages, TRUE);
    return good;
}

static void
test_kept(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    g_assert_false(ces_state_has(p->state, p->capture));
    keep(p, CES_STATUS_WRONG);
    g_assert_true(ces_state_has(p->state, p->capture));
    g_assert_true(replay(p));
    g_assert_true(replay(p));
    ces_state_close(p->state);
    p->state = open_state(p, "other options");
    g_assert_false(ces_state_has(p->state, p->capture));
    ces_state_close(p->state);
    p->state = open_state(p, "options");
    g_assert_true(ces_state_has(p->state, p->capture));
}

/* The size or the nanosecond of the time tell that it is another file. */
static void
test_changed(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    struct stat before;

    keep(p, CES_STATUS_GOOD);
    g_assert_cmpint(stat(p->capture, &before), ==, 0);
    struct timespec times[2] = {before.st_atim, before.st_mtim};
    times[1].tv_nsec = (times[1].tv_nsec + 1) % 1000000000;
    g_assert_cmpint(utimensat(AT_FDCWD, p->capture, times, 0), ==, 0);
    g_assert_false(ces_state_has(p->state, p->capture));
    keep(p, CES_STATUS_GOOD);
    g_assert_true(ces_state_has(p->state, p->capture));
    g_assert_true(g_file_set_contents(p->capture, "12345", 5, NULL));
    g_assert_cmpint(utimensat(AT_FDCWD, p->capture, times, 0), ==, 0);
    g_assert_false(ces_state_has(p->state, p->capture));
}

/* It was written to while it was read. */
static void
test_growing(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    ces_capture_result result = {.status = CES_STATUS_GOOD};
    GString *messages = g_string_new(NULL);
    ces_part *part = ces_part_begin(p->state, p->capture, NULL);

    g_assert_true(g_file_set_contents(p->capture, "123456", 6, NULL));
    g_assert_true(ces_part_end(part, &result, messages, NULL));
    g_assert_false(ces_state_has(p->state, p->capture));
    g_string_free(messages, TRUE);
}

/* Of a capture with trouble the records are there once. */
static void
test_trouble(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    keep(p, CES_STATUS_TROUBLE);
    g_assert_false(ces_state_has(p->state, p->capture));
    g_assert_true(replay(p));
    g_assert_false(replay(p));
}

/* What is cut off, or never ended, is none. */
static void
test_half(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    char *folder = g_build_filename(p->folder, "state", NULL);
    ces_part *part = ces_part_begin(p->state, p->capture, NULL);
    GDir *directory;
    const char *name;

    g_assert_true(ces_part_put(part, "one\n", 4));
    ces_part_drop(part);
    g_assert_false(ces_state_has(p->state, p->capture));
    keep(p, CES_STATUS_GOOD);
    directory = g_dir_open(folder, 0, NULL);
    while ((name = g_dir_read_name(directory))) {
        char *path = g_build_filename(folder, name, NULL);
        if (strcmp(name, "lock") != 0)
            g_assert_cmpint(truncate(path, 300), ==, 0);
        g_free(path);
    }
    g_dir_close(directory);
    g_free(folder);
    g_assert_false(ces_state_has(p->state, p->capture));
}

static void
test_lock(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    char *folder = g_build_filename(p->folder, "state", NULL);
    GError *error = NULL;

    g_assert_null(ces_state_open(folder, "options", &error));
    g_assert_nonnull(strstr(error->message, "another run"));
    g_assert_nonnull(strstr(error->message, folder));
    g_clear_error(&error);
    g_free(folder);
}

static void
test_pipe(place *p, gconstpointer unused G_GNUC_UNUSED)
{
    g_unlink(p->capture);
    g_assert_cmpint(mkfifo(p->capture, 0600), ==, 0);
    keep(p, CES_STATUS_GOOD);
    g_assert_false(ces_state_has(p->state, p->capture));
    g_assert_true(replay(p));
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(place *, gconstpointer);
    } tests[] = {{"/state/kept", test_kept},       {"/state/changed", test_changed}, {"/state/growing", test_growing},
                 {"/state/trouble", test_trouble}, {"/state/half", test_half},       {"/state/lock", test_lock},
                 {"/state/pipe", test_pipe}};

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, place, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
