/* certificate.c
 * The certificate in DER, and where it stands in what a server sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/certificate.h"

#include <string.h>

#include "tls/record.h"
#include "tls/span.h"

/* --- DER (ITU-T X.690) -------------------------------------------------------- */

enum {
    DER_BOOLEAN = 0x01,
    DER_OID = 0x06,
    DER_OCTET_STRING = 0x04,
    DER_UTF8_STRING = 0x0c,
    DER_PRINTABLE_STRING = 0x13,
    DER_TELETEX_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_VERSION = 0xa0,    /* [0] of a certificate */
    DER_EXTENSIONS = 0xa3, /* [3] of a certificate */
    DER_DNS_NAME = 0x82    /* [2] of a GeneralName */
};

/* Takes one element whatever it is. Certificates stay below 16 MB: lengths of
 * more than three bytes are refused, and with them the indefinite one, which
 * DER forbids; and so are tags of more than one byte, which they do not use. */
static gboolean
take_element(span *from, guint8 *tag, span *content)
{
    enum { LONG_FORM = 0x80, LONG_TAG = 0x1f };
    gsize number, length;

    if (!take_number(from, 1, &number) || !take_number(from, 1, &length))
        return FALSE;
    *tag = (guint8)number;
    if ((number & LONG_TAG) == LONG_TAG || length == LONG_FORM || length > LONG_FORM + 3)
        return FALSE;
    if (length > LONG_FORM && !take_number(from, length - LONG_FORM, &length))
        return FALSE;
    return take_bytes(from, length, content);
}

static gboolean
take_tagged(span *from, guint8 wanted, span *content)
{
    guint8 tag;
    return take_element(from, &tag, content) && tag == wanted;
}

static gboolean
is_text(span bytes, const char *text, gsize length)
{
    return bytes.left == length && memcmp(bytes.at, text, length) == 0;
}

#define IS_OID(bytes, oid) is_text(bytes, oid, sizeof(oid) - 1)
#define OID_COMMON_NAME "\x55\x04\x03"
#define OID_ALTERNATIVE_NAMES "\x55\x1d\x11"

static guint
hand_over(span text, ces_tls_taker take, gpointer data)
{
    char name[CES_NAME_SIZE];

    if (ces_name_write(text.at, text.left, name))
        take(name, data);
    return 1;
}

/* Returns how many DNS names there are, good or bad. */
static guint
alternative_names(span extension, ces_tls_taker take, gpointer data)
{
    span names, name;
    guint8 tag;
    guint count = 0;

    if (!take_tagged(&extension, DER_SEQUENCE, &names))
        return 0;
    while (take_element(&names, &tag, &name))
        if (tag == DER_DNS_NAME)
            count += hand_over(name, take, data);
    return count;
}

/* Extension ::= SEQUENCE { OID, critical BOOLEAN DEFAULT FALSE, OCTET STRING } */
static guint
extension_names(span extensions, ces_tls_taker take, gpointer data)
{
    span list, extension, oid, value;
    guint8 tag;
    guint count = 0;

    if (!take_tagged(&extensions, DER_SEQUENCE, &list))
        return 0;
    while (take_tagged(&list, DER_SEQUENCE, &extension)) {
        if (!take_tagged(&extension, DER_OID, &oid) || !IS_OID(oid, OID_ALTERNATIVE_NAMES))
            continue;
        if (!take_element(&extension, &tag, &value))
            continue;
        if (tag == DER_BOOLEAN && !take_element(&extension, &tag, &value))
            continue;
        if (tag == DER_OCTET_STRING)
            count += alternative_names(value, take, data);
    }
    return count;
}

static gboolean
is_string_of_bytes(guint8 tag)
{
    return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_TELETEX_STRING || tag == DER_IA5_STRING;
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { OID, string } */
static void
common_names(span subject, ces_tls_taker take, gpointer data)
{
    span set, attribute, oid, value;
    guint8 tag;

    while (take_tagged(&subject, DER_SET, &set))
        while (take_tagged(&set, DER_SEQUENCE, &attribute))
            if (take_tagged(&attribute, DER_OID, &oid) && IS_OID(oid, OID_COMMON_NAME) &&
                take_element(&attribute, &tag, &value) && is_string_of_bytes(tag))
                hand_over(value, take, data);
}

/* TBSCertificate ::= SEQUENCE { [0] version, serial number, signature, issuer,
 * validity, subject, public key, [1], [2], [3] extensions } (RFC 5280 section 4.1) */
void
ces_x509_names(const guint8 *der, gsize length, ces_tls_taker take, gpointer data)
{
    enum { FROM_SERIAL_TO_VALIDITY = 4 };
    span all = {der, length}, certificate, body, part, subject;
    guint8 tag;
    guint count = 0;

    if (!take_tagged(&all, DER_SEQUENCE, &certificate) || !take_tagged(&certificate, DER_SEQUENCE, &body))
        return;
    if (body.left > 0 && *body.at == DER_VERSION && !take_element(&body, &tag, &part))
        return;
    for (int i = 0; i < FROM_SERIAL_TO_VALIDITY; i++)
        if (!take_element(&body, &tag, &part))
            return;
    if (!take_tagged(&body, DER_SEQUENCE, &subject))
        return;
    while (take_element(&body, &tag, &part))
        if (tag == DER_EXTENSIONS)
            count += extension_names(part, take, data);
    if (count == 0)
        common_names(subject, take, data);
}

/* --- the server's flight ------------------------------------------------------ */

/* The first certificate of the list is the server's own; TRUE if the list
 * holds it whole. */
static gboolean
certificate_message(span message, ces_tls_taker take, gpointer data)
{
    span list, own;

    if (!take_vector_so_far(&message, 3, &list) || !take_vector(&list, 3, &own))
        return FALSE;
    ces_x509_names(own.at, own.left, take, data);
    return TRUE;
}

ces_tls_progress
ces_tls_certificate_names(const guint8 *bytes, gsize length, ces_tls_taker take, gpointer data)
{
    gboolean more, found = FALSE;
    GByteArray *joined = ces_tls_join_handshake(bytes, length, &more);
    span left = {joined->data, joined->len}, message;
    gsize type, announced;

    while (!found && take_number(&left, 1, &type) && take_number(&left, 3, &announced)) {
        gboolean whole = announced <= left.left;
        take_bytes(&left, MIN(announced, left.left), &message);
        if (type == CES_TLS_CERTIFICATE)
            found = certificate_message(message, take, data) || whole;
    }
    g_byte_array_free(joined, TRUE);
    return found || !more ? CES_TLS_DONE : CES_TLS_MORE;
}
