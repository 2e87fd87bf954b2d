/* fuzz_tls.c
 * Fuzz target: whatever arrives as TLS, in one piece or in segments, every
 * name that is taken from it is one that could be typed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/alert.h"
#include "tls/certificate.h"
#include "tls/handshake.h"
#include "tls/hello.h"

#include <string.h>

#include "fuzz.h"

static void
check(const char *name, gpointer data)
{
    char again[CES_NAME_SIZE];

    (void)data;
    g_assert_true(ces_name_write(name, strlen(name), again));
    g_assert_cmpstr(again, ==, name);
}

static void
check_from_segments(const char *name, ces_name_source source, guint32 frame, gpointer data)
{
    g_assert_cmpint(source, <, CES_SOURCE_COUNT);
    g_assert_cmpuint(frame, >, 0);
    check(name, data);
}

/* Each segment: a byte with sender and connection, one with the step from the
 * last sequence number, one with its length, then its bytes. */
static void
feed_segments(const guint8 *bytes, gsize left)
{
    enum { HEAD = 3, CONNECTIONS = 4 };
    static const char connections[CONNECTIONS];
    ces_handshakes *handshakes = ces_handshakes_new();
    guint32 sequence = 0xffffff00, frame = 0;

    while (left > HEAD) {
        gsize length = MIN(bytes[2], left - HEAD);
        sequence += bytes[1];
        ces_handshake_segment segment = {.connection = &connections[bytes[0] % CONNECTIONS],
                                         .from_server = bytes[0] & 0x80,
                                         .sequence = sequence,
                                         .frame = ++frame,
                                         .bytes = bytes + HEAD,
                                         .captured = length,
                                         .sent = length + (bytes[0] >> 4 & 1)};
        ces_handshakes_add(handshakes, &segment, check_from_segments, NULL);
        bytes += HEAD + length;
        left -= HEAD + length;
    }
    ces_handshakes_free(handshakes);
}

/* One end, in two pieces with some bytes missing between them: what is found
 * in the first is not lost by the second. */
static void
feed_alert_watch(const guint8 *bytes, gsize size)
{
    ces_alert_watch watches[2] = {{.lost = FALSE}, {.lost = FALSE}};
    guint32 half = (guint32)size / 2;
    ces_piece first = {bytes, half, 0}, second = {bytes + half, (guint32)size - half, bytes[0] % 4};
    guint8 description;

    gboolean failed = ces_alert_watch_piece(&watches[0], &first, &description);
    failed |= ces_alert_watch_piece(&watches[0], &second, &description);
    g_assert_cmpint(watches[0].has_failed, ==, failed);
    g_assert_cmpuint(watches[0].have, <, sizeof watches[0].head);
    watches[1] = watches[0];
    g_assert_cmpint(ces_alert_watch_established(watches), ==, watches[0].has_data && !failed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint8 *exact = (guint8 *)g_memdup2(data, size);
    char name[CES_NAME_SIZE];
    gboolean more;

    if (ces_tls_server_name(exact, size, name, &more))
        check(name, NULL);
    if (size > 0)
        feed_alert_watch(exact, size);
    ces_tls_certificate_names(exact, size, check, NULL);
    ces_x509_names(exact, size, check, NULL);
    feed_segments(exact, size);
    g_free(exact);
    return 0;
}
