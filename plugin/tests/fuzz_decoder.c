/* fuzz_decoder.c
 * Fuzz target: whatever a frame holds, a fact lies within it, and nothing
 * beyond the captured bytes is read.
 *
 * The first byte chooses the link type, the second tells how much more was
 * sent than captured; the rest is the frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoder.h"
#include "fuzz.h"

static const ces_decoder *
get_decoder(void)
{
    static ces_decoder decoder;

    if (!decoder.analysis) {
        ces_settings_text text = ces_settings_text_default();
        ces_settings *settings = ces_settings_new(&text, NULL);
        decoder = ces_decoder_of(ces_analysis_new(settings));
        ces_settings_unref(settings);
    }
    return &decoder;
}

static void
check_fact(const ces_decoded *decoded, const ces_frame *frame)
{
    const ces_fact *fact = &decoded->fact;
    const guint8 *end = frame->bytes + frame->captured;
    guint address_length = fact->is_ipv6 ? 16 : 4;

    g_assert_true((decoded->reason == CES_READ_FACT) == (fact->kind != CES_FACT_NONE));
    g_assert_cmpint(decoded->reason, <, CES_REASON_COUNT);
    if (fact->kind == CES_FACT_NONE)
        return;
    g_assert_true(fact->source >= frame->bytes && fact->source + address_length <= end);
    g_assert_true(fact->destination >= frame->bytes && fact->destination + address_length <= end);
    g_assert_true(fact->header >= frame->bytes && fact->header + fact->captured <= end);
    g_assert_cmpuint(fact->captured, >=, 4);
    g_assert_cmpuint(fact->captured, <=, fact->sent);
    ces_segment segment;
    if (fact->kind == CES_FACT_SEGMENT && ces_segment_read(fact->header, fact->captured, fact->sent, &segment))
        g_assert_true(!segment.bytes || segment.bytes + segment.captured <= end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint32 links[] = {1, 0, 9, 12, 50, 101, 105, 108, 113, 228, 229, 276};

    if (size < 2)
        return 0;
    guint32 captured = (guint32)MIN(size - 2, 65536);
    guint8 *copy = g_malloc(MAX(captured, 1)); /* with nothing behind it */
    for (guint32 i = 0; i < captured; i++)
        copy[i] = data[i + 2];
    ces_frame frame = {.number = 1,
                       .is_packet = TRUE,
                       .link_type = links[data[0] % G_N_ELEMENTS(links)],
                       .captured = captured,
                       .sent = captured + data[1],
                       .check_bytes = data[0] >= 128 ? 4 : 0,
                       .bytes = copy};
    ces_decoded decoded = ces_decoder_read(get_decoder(), &frame);
    check_fact(&decoded, &frame);
    g_free(copy);
    return 0;
}
