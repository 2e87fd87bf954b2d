/* hosts.c
 * Tables of names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "hosts.h"

#include <string.h>

/* Wireshark's room for a name, with its end. What is cut off there could end
 * like a name of the cloud, so the plugin leaves out what fills it. */
#if CES_WIRESHARK_NUMBER >= 406
enum { NAME_ROOM = 256 };
#else
enum { NAME_ROOM = 64 };
#endif

/* A capture with more names than this is no capture of a network any more. */
enum { MOST_RECORDS = 1 << 20 };

/* Since 4.4 a record of the capture does not displace a name of a hosts file. */
#if CES_WIRESHARK_NUMBER >= 404
enum { HOSTS_FILES_STAY = TRUE };
#else
enum { HOSTS_FILES_STAY = FALSE };
#endif

struct ces_hosts {
    GHashTable *names; /* ces_address -> char * */
};

ces_hosts *
ces_hosts_new(void)
{
    ces_hosts *hosts = g_new0(ces_hosts, 1);

    hosts->names = g_hash_table_new_full(ces_address_hash, ces_address_equal, g_free, g_free);
    return hosts;
}

void
ces_hosts_free(ces_hosts *hosts)
{
    if (!hosts)
        return;
    g_hash_table_destroy(hosts->names);
    g_free(hosts);
}

static void
set_name(GHashTable *names, const ces_address *address, const char *name)
{
    g_hash_table_replace(names, g_memdup2(address, sizeof *address), g_strdup(name));
}

/* An address and a name; what stands behind them is left out. */
static void
add_line(ces_hosts *hosts, char *line)
{
    char *end = NULL, *word = strtok_r(line, " \t\r", &end);
    ces_network network;

    if (!word || strchr(word, '/') || !ces_network_parse(word, &network, NULL))
        return;
    word = strtok_r(NULL, " \t\r", &end);
    if (word)
        set_name(hosts->names, &network.prefix, word);
}

void
ces_hosts_add_file(ces_hosts *hosts, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++) {
        (*line)[strcspn(*line, "#")] = '\0';
        add_line(hosts, *line);
    }
    g_strfreev(lines);
}

/* --- of one capture --------------------------------------------------------------- */

struct ces_name_records {
    const ces_hosts *hosts;
    GHashTable *own; /* as in ces_hosts: those of the capture's records; NULL while there are none */
    ces_analysis *analysis;
    gboolean is_handed_over; /* nothing new since */
    gboolean was_read, may_be_taught;
};

static void
collect(GHashTable *names, const GHashTable *stronger, GArray *into)
{
    GHashTableIter each;
    gpointer address, name;

    g_hash_table_iter_init(&each, names);
    while (g_hash_table_iter_next(&each, &address, &name)) {
        ces_host host = {*(const ces_address *)address, (const char *)name};
        if (stronger && g_hash_table_contains((GHashTable *)stronger, address))
            continue;
        if (strlen(host.name) + 1 < NAME_ROOM)
            g_array_append_val(into, host);
    }
}

static void
hand_over(ces_name_records *records)
{
    GHashTable *files = records->hosts->names, *own = records->own;

    if (records->is_handed_over)
        return;
    records->is_handed_over = TRUE;
    if (g_hash_table_size(files) == 0 && !own)
        return;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(ces_host));
    collect(files, HOSTS_FILES_STAY ? NULL : own, all);
    if (own)
        collect(own, HOSTS_FILES_STAY ? files : NULL, all);
    ces_analysis_add_hosts(records->analysis, (ces_host *)(void *)all->data, all->len);
    g_array_free(all, TRUE);
}

ces_name_records *
ces_name_records_new(const ces_hosts *hosts, ces_analysis *analysis)
{
    ces_name_records *records = g_new0(ces_name_records, 1);

    records->hosts = hosts;
    records->analysis = analysis;
    hand_over(records);
    return records;
}

void
ces_name_records_free(ces_name_records *records)
{
    if (!records)
        return;
    if (records->own)
        g_hash_table_destroy(records->own);
    g_free(records);
}

void
ces_name_records_add(const ces_address *address, const char *name, gpointer data)
{
    ces_name_records *records = (ces_name_records *)data;

    if (!records->own)
        records->own = g_hash_table_new_full(ces_address_hash, ces_address_equal, g_free, g_free);
    if (g_hash_table_size(records->own) >= MOST_RECORDS)
        return;
    set_name(records->own, address, name);
    records->is_handed_over = FALSE;
}

void
ces_name_records_before_frame(ces_name_records *records, gboolean teaches)
{
    if (records->may_be_taught || (records->was_read && !teaches))
        return;
    hand_over(records);
    records->was_read = TRUE;
    records->may_be_taught = teaches;
}

void
ces_name_records_before_unknown(ces_name_records *records)
{
    if (!records->may_be_taught)
        hand_over(records);
}

void
ces_name_records_taught(ces_name_records *records)
{
    records->may_be_taught = TRUE;
}

void
ces_name_records_at_end(ces_name_records *records)
{
    if (!records->may_be_taught)
        hand_over(records);
}
