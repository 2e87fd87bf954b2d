/* certificate.h
 * The names in the certificate that a TLS server sends in the clear (RFC 5246,
 * RFC 5280).
 *
 * Pure functions over bytes from a capture, which may hold anything and end
 * anywhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CERTIFICATE_H
#define CES_CERTIFICATE_H

#include <ces/name.h>

/* Takes one name of the server's certificate, as ces_name_write writes it. */
typedef void (*ces_tls_taker)(const char *name, gpointer data);

typedef enum {
    CES_TLS_DONE, /* the names, if there are any, were handed over */
    CES_TLS_MORE  /* the certificate may come with more bytes */
} ces_tls_progress;

/* Looks for the server's own certificate in what it sends, from its
 * ServerHello on, and hands over its names once it is whole: its alternative
 * names, or, if it has none, the common names of its subject (RFC 6125
 * section 6.4.4). From TLS 1.3 on it is encrypted: done, and no names. */
ces_tls_progress ces_tls_certificate_names(const guint8 *bytes, gsize length, ces_tls_taker take, gpointer data);

/* The names of one certificate in DER. */
void ces_x509_names(const guint8 *der, gsize length, ces_tls_taker take, gpointer data);

#endif
