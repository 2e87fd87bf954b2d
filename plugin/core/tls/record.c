/* record.c
 * TLS record headers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/record.h"

#include "tls/span.h"

/* 2^14 bytes, and 2048 for what encryption adds (RFC 5246 section 6.2.3). */
enum { LONGEST = (1 << 14) + 2048 };
enum { MAJOR = 3, LAST_MINOR = 4, AT_LENGTH = 3 };

guint16
ces_tls_record_length(const guint8 header[CES_TLS_HEADER])
{
    return (guint16)(header[AT_LENGTH] << 8 | header[AT_LENGTH + 1]);
}

/* Only application data may be empty (RFC 8446 section 5.1). */
static gboolean
is_length_of(guint16 length, guint8 type)
{
    return length <= LONGEST && (length > 0 || type == CES_TLS_APPLICATION_DATA);
}

ces_tls_answer
ces_tls_check_header(const guint8 *bytes, gsize length)
{
    if (length > 0 && (bytes[0] < CES_TLS_CHANGE_CIPHER_SPEC || bytes[0] > CES_TLS_HEARTBEAT))
        return CES_TLS_NO;
    if ((length > 1 && bytes[1] != MAJOR) || (length > 2 && bytes[2] > LAST_MINOR))
        return CES_TLS_NO;
    if (length > AT_LENGTH && bytes[AT_LENGTH] > LONGEST >> 8)
        return CES_TLS_NO;
    if (length < CES_TLS_HEADER)
        return CES_TLS_MAYBE;
    return is_length_of(ces_tls_record_length(bytes), bytes[0]) ? CES_TLS_YES : CES_TLS_NO;
}

/* A first handshake record holds at least the message's own header. */
ces_tls_answer
ces_tls_check_hello(const guint8 *bytes, gsize length, guint8 hello)
{
    ces_tls_answer header = ces_tls_check_header(bytes, length);

    if (header == CES_TLS_NO || (length > 0 && bytes[0] != CES_TLS_HANDSHAKE))
        return CES_TLS_NO;
    if (header == CES_TLS_YES && ces_tls_record_length(bytes) < CES_TLS_MESSAGE_HEADER)
        return CES_TLS_NO;
    if (length <= CES_TLS_HEADER)
        return CES_TLS_MAYBE;
    return bytes[CES_TLS_HEADER] == hello ? CES_TLS_YES : CES_TLS_NO;
}

GByteArray *
ces_tls_join_handshake(const guint8 *bytes, gsize length, gboolean *more)
{
    GByteArray *joined = g_byte_array_new();
    span from = {bytes, length}, head, payload = {bytes, 0};

    *more = TRUE;
    while (from.left > 0 && *more) {
        if (*from.at != CES_TLS_HANDSHAKE || ces_tls_check_header(from.at, from.left) == CES_TLS_NO) {
            *more = FALSE; /* an alert, or all that follows is encrypted */
        } else if (!take_bytes(&from, CES_TLS_HEADER, &head)) {
            break;
        } else {
            take_bytes(&from, MIN(ces_tls_record_length(head.at), from.left), &payload);
            g_byte_array_append(joined, payload.at, (guint)payload.left);
        }
    }
    return joined;
}
