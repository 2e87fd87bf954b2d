/* fuzz_dialogue.c
 * Fuzz target: whatever the two ends of a connection send, its result has a
 * cause that fits, silence is never found from one side, and what is said of
 * it is clean.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/dialogue.h>

#include "flow/flow_table.h"
#include "flow_events.h"
#include "fuzz.h"

static void
check_text(const GString *text)
{
    g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
    for (const char *at = text->str; *at; at = g_utf8_next_char(at))
        g_assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
}

static void
check_result(const ces_flow *flow, gint64 elapsed)
{
    GString *text = g_string_new(NULL);
    ces_cause cause = CES_CAUSE_COUNT;
    ces_result result = ces_dialogue_result(flow, elapsed, 3 * CES_SECOND, &cause);

    g_assert_cmpint(result, <, CES_RESULT_COUNT);
    g_assert_cmpint(cause, <, CES_CAUSE_COUNT);
    if (result == CES_RESULT_BROKEN || result == CES_RESULT_SILENT)
        g_assert_cmpint(cause, !=, CES_CAUSE_NONE);
    if (result == CES_RESULT_UNKNOWN || result == CES_RESULT_WORKING)
        g_assert_cmpint(cause, ==, CES_CAUSE_NONE);
    if (result == CES_RESULT_SILENT)
        g_assert_cmpint(ces_flow_seen_from(flow), ==, CES_SIDE_BOTH);
    ces_say_cause(flow, cause, elapsed, text);
    check_text(text);
    g_string_free(text, TRUE);
}

/* The ends, the flow and how far each has sent. */
typedef struct {
    ces_flow_table *table;
    ces_socket ends[2];
    guint32 sequences[2];
    gint64 elapsed;
} wire;

/* Each segment: a byte with sender and what is odd about it, one with its
 * flags, one with its step in the stream and in time, one with its length,
 * then its bytes. Returns how many bytes it takes. */
static gsize
send_segment(wire *w, const guint8 *bytes, gsize left)
{
    enum { HEAD = 4, CLIENT = 1, HEADER_ONLY = 2, UNSEEN = 4 };
    gboolean client = bytes[0] & CLIENT;
    guint32 length = (guint32)MIN(bytes[3], left - HEAD);
    guint8 *exact = (guint8 *)g_memdup2(bytes + HEAD, length);
    ces_contribution contribution;
    ces_segment segment = {.source = w->ends[client],
                           .destination = w->ends[!client],
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = bytes[1] & (CES_TCP_FIN | CES_TCP_SYN | CES_TCP_RST | CES_TCP_ACK),
                           .sequence = w->sequences[client] + (guint32)(gint8)(bytes[2] & 0x83),
                           .acknowledgment = w->sequences[!client],
                           .payload = length,
                           .captured = bytes[0] & HEADER_ONLY ? length / 2 : length,
                           .bytes = exact};

    w->elapsed += (bytes[2] & 0x7c) * (CES_SECOND / 16);
    segment.elapsed = segment.timestamp = w->elapsed;
    w->sequences[client] += length + !!(segment.flags & CES_TCP_SYN) + !!(segment.flags & CES_TCP_FIN);
    if (!(bytes[0] & UNSEEN)) {
        ces_sighting sighting = ces_flow_table_segment(w->table, &segment);
        ces_dialogue_add(sighting.flow, &segment, sighting.sender, &contribution);
        check_result(sighting.flow, w->elapsed);
        if (bytes[0] & 0x80)
            ces_dialogue_add_decrypted(sighting.flow, client, exact, length, &contribution);
        if (bytes[0] & 0x40)
            ces_dialogue_repeat(sighting.flow, client, length / 2);
    }
    g_free(exact);
    return HEAD + length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 addresses[2][4] = {{192, 0, 2, 1}, {203, 0, 113, 20}};
    static const guint16 services[] = {22, 6025, 7025};
    ces_ports *ports = flow_default_ports();
    wire w = {.table = ces_flow_table_new(ports), .sequences = {0xfffffff0, 1000}};
    gsize at = 1;

    if (size > 0) {
        w.ends[0] = (ces_socket){ces_address_from_ipv4(addresses[data[0] & 1]), services[(data[0] >> 1) % 3]};
        w.ends[1] = (ces_socket){ces_address_from_ipv4(addresses[!(data[0] & 1)]), 50000};
    }
    while (at + 4 < size)
        at += send_segment(&w, data + at, size - at);
    for (guint i = 0; i < ces_flow_table_count(w.table); i++) {
        check_result(ces_flow_table_get(w.table, i), w.elapsed + 60 * CES_SECOND);
        ces_dialogue_free(ces_flow_table_get(w.table, i)->dialogue);
    }
    ces_flow_table_free(w.table);
    g_free(ports);
    return 0;
}
