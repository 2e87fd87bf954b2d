/* list_facts.c
 * A line for each fact of the captures named, to be held against what the
 * plugin sees in them. For tests only.
 *
 * list_facts [-a] [-n] [-r] CAPTURE...
 *   -a  every TCP port carries a service
 *   -n  nothing is printed: for measuring
 *   -r  reads the packets without decoding them: for measuring
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"

typedef struct {
    ces_settings *settings;
    ces_analysis *analysis;
    ces_decoder decoder;
    gboolean is_silent, is_raw;
    guint64 counts[CES_REASON_COUNT];
} listing;

static const char *
name_of_kind(ces_fact_kind kind)
{
    static const char *const names[] = {"none", "segment", "dns-segment", "datagram", "refusal"};

    return names[kind];
}

static void
print_address(const guint8 *bytes, gboolean is_ipv6)
{
    for (int i = 0; i < (is_ipv6 ? 16 : 4); i++)
        printf("%02x", bytes[i]);
}

static void
print_fact(const ces_fact *fact, const ces_frame *frame)
{
    guint32 length = MIN(fact->captured, fact->sent);

    printf("%u %s %d.%09d ", frame->number, name_of_kind(fact->kind), (int)frame->seconds, frame->nanoseconds);
    print_address(fact->source, fact->is_ipv6);
    printf(" ");
    print_address(fact->destination, fact->is_ipv6);
    printf(" %u %u ", fact->kind == CES_FACT_DATAGRAM ? 0 : fact->sent, length);
    for (guint32 i = 0; i < MIN(length, 24u); i++)
        printf("%02x", fact->header[i]);
    printf("\n");
}

static void
list_frame(listing *list, const ces_frame *frame)
{
    if (list->is_raw)
        return;
    ces_decoded decoded = ces_decoder_read(&list->decoder, frame);
    list->counts[decoded.reason]++;
    if (list->is_silent)
        return;
    if (ces_reason_hands_over(decoded.reason))
        printf("%u hand-over %s\n", frame->number, ces_reason_text(decoded.reason));
    else if (decoded.fact.kind != CES_FACT_NONE)
        print_fact(&decoded.fact, frame);
}

static void
list_name(const ces_address *address, const char *name, gpointer data)
{
    char text[CES_ADDRESS_TEXT];

    if (!((listing *)data)->is_silent)
        printf("name %s %s\n", ces_address_text(address, text), name);
}

static void
list_capture(listing *list, const char *path)
{
    static const char *const ends[] = {"", "end", "cut", "other format", "failed"};
    GError *error = NULL;
    ces_frame frame;
    ces_read answer = CES_READ_FAILED;
    ces_reader *reader = ces_reader_open(path, &error);
    guint32 frames = 0;

    if (reader) {
        ces_reader_tell_names(reader, list_name, list);
        while ((answer = ces_reader_next(reader, &frame, &error)) == CES_READ_FRAME) {
            list_frame(list, &frame);
            frames = frame.number;
        }
    }
    printf("%s: %u frames, %s%s%s%s\n", path, frames, ends[answer], error ? ": " : "", error ? error->message : "",
           reader && ces_reader_has_secrets(reader) ? ", secrets" : "");
    g_clear_error(&error);
    ces_reader_free(reader);
}

static void
open_listing(listing *list, gboolean every_port)
{
    ces_settings_text text = ces_settings_text_default();

    if (every_port)
        text.ports[CES_SERVICE_SMTP] = "1-65535";
    list->settings = ces_settings_new(&text, NULL);
    list->analysis = ces_analysis_new(list->settings);
    list->decoder = ces_decoder_of(list->analysis);
}

int
main(int argc, char **argv)
{
    listing list = {0};
    gboolean every_port = FALSE;
    int at = 1;

    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        every_port |= argv[at][1] == 'a';
        list.is_silent |= argv[at][1] == 'n';
        list.is_raw |= argv[at][1] == 'r';
    }
    open_listing(&list, every_port);
    for (; at < argc; at++)
        list_capture(&list, argv[at]);
    for (int i = 0; i < CES_REASON_COUNT; i++)
        if (list.counts[i])
            printf("= %" G_GUINT64_FORMAT " %s\n", list.counts[i], ces_reason_text((ces_reason)i));
    ces_analysis_free(list.analysis);
    ces_settings_unref(list.settings);
    return EXIT_SUCCESS;
}
