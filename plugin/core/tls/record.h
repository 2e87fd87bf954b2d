/* record.h
 * TLS records (RFC 8446 section 5.1, RFC 5246 section 6.2.1), and the
 * handshake messages in them.
 *
 * Pure functions over bytes from a capture, which may hold anything and end
 * anywhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_RECORD_H
#define CES_RECORD_H

#include <glib.h>

/* Type, version, length. */
enum { CES_TLS_HEADER = 5 };

/* What a record holds. */
enum {
    CES_TLS_CHANGE_CIPHER_SPEC = 20,
    CES_TLS_ALERT = 21,
    CES_TLS_HANDSHAKE = 22,
    CES_TLS_APPLICATION_DATA = 23,
    CES_TLS_HEARTBEAT = 24
};

/* Handshake messages (RFC 8446 section 4). */
enum { CES_TLS_MESSAGE_HEADER = 4, CES_TLS_CLIENT_HELLO = 1, CES_TLS_SERVER_HELLO = 2, CES_TLS_CERTIFICATE = 11 };

/* One look at bytes that may be cut off. */
typedef enum {
    CES_TLS_NO,
    CES_TLS_MAYBE, /* as far as they go */
    CES_TLS_YES
} ces_tls_answer;

/* Whether the bytes begin with the header of a record of SSL 3.0 to TLS 1.3. */
ces_tls_answer ces_tls_check_header(const guint8 *bytes, gsize length);

/* Whether they begin with a record that begins a handshake, as the client
 * (CES_TLS_CLIENT_HELLO) or the server (CES_TLS_SERVER_HELLO) does. */
ces_tls_answer ces_tls_check_hello(const guint8 *bytes, gsize length, guint8 hello);

/* Length of what follows a header that was found good, in bytes. */
guint16 ces_tls_record_length(const guint8 header[CES_TLS_HEADER]);

/* Joins the payloads of the handshake records that the bytes begin with; free
 * the array with g_byte_array_free. `more` tells whether the next bytes may
 * continue them: FALSE once another type of record follows. */
GByteArray *ces_tls_join_handshake(const guint8 *bytes, gsize length, gboolean *more);

#endif
