/* merge_records.c
 * merge_records flows|pairs|summary|page [text|csv|json] [SITE-ROW...] <RECORDS
 *
 * For tests: reports on records of connections. Each SITE-ROW is one of
 * "network","site","appliance","name". Exit status as that of ces-report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <ces/settings.h>

#include "merge.h"

static gboolean
print(const char *text, gsize length, gpointer unused G_GNUC_UNUSED)
{
    return fwrite(text, 1, length, stdout) == length;
}

static void
complain(guint64 line, const GError *error, gpointer unused G_GNUC_UNUSED)
{
    fprintf(stderr, "line %" G_GUINT64_FORMAT ": %s\n", line, error->message);
}

static ces_site_table *
read_sites(char **rows, int count)
{
    ces_site_row *read = g_new0(ces_site_row, (gsize)count + 1);
    GError *error = NULL;

    for (int i = 0; i < count; i++)
        if (!ces_settings_parse_site(rows[i], &read[i], &error))
            g_error("%s", error->message);
    ces_site_table *sites = ces_site_table_new(read, (gsize)count, NULL);
    for (int i = 0; i < count; i++)
        g_free((char *)read[i].name);
    g_free(read);
    return sites;
}

static int
status_of(const ces_merge_facts *facts)
{
    if (facts->wrong > 0)
        return 1;
    return facts->connections > 0 && facts->undetermined == facts->connections ? 3 : 0;
}

int
main(int argc, char **argv)
{
    ces_report_format format = CES_REPORT_TEXT;

    if (argc < 2 || (argc > 2 && !ces_report_format_parse(argv[2], strlen(argv[2]), &format)))
        return 2;
    gboolean flows = strcmp(argv[1], "flows") == 0;
    gboolean page = strcmp(argv[1], "page") == 0;
    ces_site_table *sites = read_sites(argv + 3, MAX(argc - 3, 0));
    ces_merge *merge = ces_merge_new(&(ces_merge_options){.sites = sites,
                                                          .keep_pairs = !flows,
                                                          .keep_page = page,
                                                          .flow_format = format,
                                                          .flow_output = flows ? print : NULL});
    gboolean well = ces_merge_read(merge, stdin, complain, NULL);

    if (flows)
        well = ces_merge_end_flows(merge) && well;
    else if (strcmp(argv[1], "pairs") == 0)
        well = ces_merge_pairs(merge, format, print, NULL) && well;
    else if (page)
        well = ces_merge_page(merge, print, NULL) && well;
    else
        well = ces_merge_summary(merge, print, NULL) && well;
    ces_merge_facts facts = ces_merge_facts_now(merge);
    ces_merge_free(merge);
    ces_site_table_free(sites);
    return well ? status_of(&facts) : 2;
}
