/* page_of.c
 * No test: writes the page on captures to standard output, to be looked at.
 *
 *     page_of NETWORK-OF-THE-CLOUD CAPTURE...
 *
 * Only what the native reader reads is in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ces/page.h>

#include "decoder.h"
#include "reader.h"

typedef struct {
    ces_page *page;
    ces_pair_table *pairs;
    const char *capture;
} collection;

static gboolean
collect(const ces_assessment *assessment, gpointer data)
{
    collection *c = (collection *)data;
    ces_contact contact = ces_contact_of(assessment, c->capture);

    ces_page_add(c->page, assessment, c->capture);
    ces_pair_table_add(c->pairs, &contact);
    return TRUE;
}

static void
read_capture(collection *c, ces_settings *settings)
{
    ces_analysis *analysis = ces_analysis_new(settings);
    ces_decoder decoder = ces_decoder_of(analysis);
    GError *error = NULL;
    ces_frame frame;
    ces_reader *reader = ces_reader_open(c->capture, &error);

    while (reader && ces_reader_next(reader, &frame, &error) == CES_READ_FRAME) {
        if (!frame.is_packet)
            continue;
        ces_decoded decoded = ces_decoder_read(&decoder, &frame);
        if (!ces_reason_hands_over(decoded.reason))
            ces_decoded_feed(&decoded, &frame, analysis);
    }
    if (error)
        ces_page_add_trouble(c->page, error->message);
    g_clear_error(&error);
    ces_reader_free(reader);
    ces_page_add_capture(c->page, c->capture);
    ces_report_visit(analysis, NULL, collect, c);
    ces_analysis_free(analysis);
}

static gboolean
print(const char *text, gsize length, gpointer data)
{
    return fwrite(text, 1, length, (FILE *)data) == length;
}

int
main(int argc, char **argv)
{
    ces_site_row row = {.site = CES_SITE_CLOUD, .name = "Example data centre"};
    ces_settings_text text = ces_settings_text_default();

    if (argc < 2 || !ces_site_network_parse(argv[1], &row.network, NULL))
        return EXIT_FAILURE;
    text.rows = &row;
    text.row_count = 1;
    ces_settings *settings = ces_settings_new(&text, NULL);
    collection c = {ces_page_new(), ces_pair_table_new(settings->sites), NULL};
    for (int i = 2; i < argc; i++) {
        c.capture = argv[i];
        read_capture(&c, settings);
    }
    gboolean written = ces_page_write(c.page, c.pairs, print, stdout);
    ces_page_free(c.page);
    ces_pair_table_free(c.pairs);
    ces_settings_unref(settings);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
