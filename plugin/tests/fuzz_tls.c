/* fuzz_tls.c
 * Fuzz target: whatever arrives as TLS, in one piece or in segments, every
 * name that is taken from it is one that could be typed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/handshake.h"
#include "tls/certificate.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint8 *exact = (guint8 *)g_memdup2(data, size);
    char name[CES_NAME_SIZE];

    if (ces_tls_server_name(exact, size, name))
        check(name, NULL);
    ces_tls_certificate_names(exact, size, check, NULL);
    ces_x509_names(exact, size, check, NULL);
    feed_segments(exact, size);
    g_free(exact);
    return 0;
}
