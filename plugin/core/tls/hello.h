/* hello.h
 * What a TLS client asks for (RFC 8446 section 4.1.2, RFC 6066).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_HELLO_H
#define CES_HELLO_H

#include <ces/name.h>

/* Writes the server name (SNI) of the ClientHello that the bytes begin with,
 * over any number of records. FALSE if it has none, or none that is whole in
 * these bytes; then `more` tells whether it may come with more of them. */
gboolean ces_tls_server_name(const guint8 *bytes, gsize length, char name[CES_NAME_SIZE], gboolean *more);

#endif
