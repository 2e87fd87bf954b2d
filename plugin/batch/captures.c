/* captures.c
 * Walking folders.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "captures.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- names --------------------------------------------------------------------- */

/* Takes one of the endings off `name`; its new length, or 0 if it has none. */
static gsize
without_ending(const char *name, gsize length, const char *const *endings)
{
    for (; *endings; endings++) {
        gsize ending = strlen(*endings);
        if (length > ending && g_ascii_strncasecmp(name + length - ending, *endings, ending) == 0)
            return length - ending;
    }
    return 0;
}

gboolean
ces_captures_is_named(const char *name)
{
    static const char *const compressed[] = {".gz", ".zst", ".lz4", ".xz", ".bz2", NULL};
    static const char *const formats[] = {".pcap", ".pcapng", ".cap", ".dmp", ".ntar", NULL};
    gsize length = strlen(name);
    gsize plain = without_ending(name, length, compressed);

    if (plain > 0)
        length = plain;
    while (length > 0 && g_ascii_isdigit(name[length - 1]))
        length--;
    return without_ending(name, length, formats) > 0;
}

/* --- folders ---------------------------------------------------------------------- */

/* One that is being read, or was. */
typedef struct {
    dev_t device;
    ino_t number;
} identity;

static guint
hash_identity(gconstpointer key)
{
    return (guint)((const identity *)key)->number;
}

static gboolean
equal_identities(gconstpointer left, gconstpointer right)
{
    const identity *a = (const identity *)left, *b = (const identity *)right;

    return a->device == b->device && a->number == b->number;
}

typedef struct {
    GPtrArray *found, *links; /* files, and links to files */
    GPtrArray *waiting;       /* folders still to be read */
    GHashTable *met;          /* identity, of files and folders */
    ces_captures_complaint complain;
    gpointer data;
    gboolean good;
} walk;

static void
complain(walk *w, const char *name, int number)
{
    w->complain(name, g_strerror(number), w->data);
    w->good = FALSE;
}

/* FALSE: it has been met before. */
static gboolean
meet(walk *w, const struct stat *status)
{
    identity key = {status->st_dev, status->st_ino};

    return g_hash_table_add(w->met, g_memdup2(&key, sizeof key));
}

/* A link to a folder may lead anywhere, in circles too. */
static void
look_at_link(walk *w, const char *path, const char *name)
{
    struct stat status;

    if (g_stat(path, &status) != 0) {
        if (ces_captures_is_named(name))
            complain(w, path, errno);
    } else if (S_ISDIR(status.st_mode)) {
        w->complain(path, "a link to a folder, which is not followed", w->data);
    } else if (S_ISREG(status.st_mode) && ces_captures_is_named(name)) {
        g_ptr_array_add(w->links, g_strdup(path));
    }
}

static void
look_at(walk *w, const char *path, const char *name)
{
    struct stat status;

    if (g_lstat(path, &status) != 0) {
        complain(w, path, errno);
    } else if (S_ISLNK(status.st_mode)) {
        look_at_link(w, path, name);
    } else if (S_ISDIR(status.st_mode)) {
        if (meet(w, &status))
            g_ptr_array_add(w->waiting, g_strdup(path));
    } else if (S_ISREG(status.st_mode) && ces_captures_is_named(name)) {
        meet(w, &status);
        g_ptr_array_add(w->found, g_strdup(path));
    }
}

/* Links to what is not in the folder itself. */
static void
add_links(walk *w)
{
    for (guint i = 0; i < w->links->len; i++) {
        char *path = (char *)g_ptr_array_index(w->links, i);
        struct stat status;
        if (g_stat(path, &status) == 0 && meet(w, &status))
            g_ptr_array_add(w->found, path);
        else
            g_free(path);
    }
    g_ptr_array_free(w->links, TRUE);
}

static void
read_folder(walk *w, const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    gsize length = strlen(path);

    if (!folder) {
        complain(w, path, errno);
        return;
    }
    while ((entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *below =
            g_strconcat(path, length > 0 && path[length - 1] == '/' ? "" : G_DIR_SEPARATOR_S, entry->d_name, NULL);
        look_at(w, below, entry->d_name);
        g_free(below);
    }
    closedir(folder);
}

static int
compare_names(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static gboolean
walk_folder(GPtrArray *captures, const char *name, const struct stat *status, ces_captures_complaint complaint,
            gpointer data)
{
    walk w = {.found = g_ptr_array_new(),
              .links = g_ptr_array_new(),
              .waiting = g_ptr_array_new(),
              .met = g_hash_table_new_full(hash_identity, equal_identities, g_free, NULL),
              .complain = complaint,
              .data = data,
              .good = TRUE};

    meet(&w, status);
    g_ptr_array_add(w.waiting, g_strdup(name));
    while (w.waiting->len > 0) {
        char *path = (char *)g_ptr_array_steal_index(w.waiting, w.waiting->len - 1);
        read_folder(&w, path);
        g_free(path);
    }
    g_ptr_array_sort(w.links, compare_names);
    add_links(&w);
    if (w.found->len == 0)
        complaint(name, "no capture in this folder", data);
    g_ptr_array_sort(w.found, compare_names);
    for (guint i = 0; i < w.found->len; i++)
        g_ptr_array_add(captures, g_ptr_array_index(w.found, i));
    g_ptr_array_free(w.found, TRUE);
    g_ptr_array_free(w.waiting, TRUE);
    g_hash_table_destroy(w.met);
    return w.good;
}

gboolean
ces_captures_add(GPtrArray *captures, const char *name, ces_captures_complaint complaint, gpointer data)
{
    struct stat status;

    if (strcmp(name, "-") != 0 && g_stat(name, &status) == 0 && S_ISDIR(status.st_mode))
        return walk_folder(captures, name, &status, complaint, data);
    g_ptr_array_add(captures, g_strdup(name)); /* what does not exist is told when it is read */
    return TRUE;
}

/* --- lists ------------------------------------------------------------------------- */

/* FALSE at the end. */
static gboolean
read_name(FILE *stream, int end, GString *name)
{
    int c;

    g_string_truncate(name, 0);
    while ((c = getc_unlocked(stream)) != EOF && c != end)
        g_string_append_c(name, (char)c);
    return c != EOF || name->len > 0;
}

gboolean
ces_captures_add_list(GPtrArray *captures, const char *file, gboolean end_with_nul, ces_captures_complaint complaint,
                      gpointer data)
{
    FILE *stream = strcmp(file, "-") == 0 ? stdin : g_fopen(file, "re");
    GString *name = g_string_new(NULL);
    gboolean good = stream != NULL;

    while (stream && read_name(stream, end_with_nul ? '\0' : '\n', name))
        if (name->len > 0)
            good = ces_captures_add(captures, name->str, complaint, data) && good;
    if (!stream || ferror(stream)) {
        complaint(file, g_strerror(errno), data);
        good = FALSE;
    }
    if (stream && stream != stdin)
        fclose(stream);
    g_string_free(name, TRUE);
    return good;
}
