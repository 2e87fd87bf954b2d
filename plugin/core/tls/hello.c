/* hello.c
 * ClientHello and its extensions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/hello.h"

#include "tls/record.h"
#include "tls/span.h"

/* The extensions of a ClientHello behind its header, as far as they are there. */
static gboolean
client_extensions(span message, span *extensions)
{
    enum { VERSION_AND_RANDOM = 34, ID_WIDTH = 1, CIPHERS_WIDTH = 2, COMPRESSIONS_WIDTH = 1 };
    span skipped;

    return take_bytes(&message, VERSION_AND_RANDOM, &skipped) && take_vector(&message, ID_WIDTH, &skipped) &&
           take_vector(&message, CIPHERS_WIDTH, &skipped) && take_vector(&message, COMPRESSIONS_WIDTH, &skipped) &&
           take_vector_so_far(&message, 2, extensions);
}

/* RFC 6066 section 3: a list of names, of which only host names exist. */
static gboolean
first_host_name(span extension, char name[CES_NAME_SIZE])
{
    enum { HOST_NAME = 0 };
    span list, text;
    gsize type;

    if (!take_vector(&extension, 2, &list))
        return FALSE;
    while (take_number(&list, 1, &type) && take_vector(&list, 2, &text))
        if (type == HOST_NAME)
            return ces_name_write(text.at, text.left, name);
    return FALSE;
}

static gboolean
server_name(span message, char name[CES_NAME_SIZE], gboolean *more)
{
    enum { SERVER_NAME = 0 };
    span extensions, extension;
    gsize type;

    if (!client_extensions(message, &extensions))
        return FALSE;
    while (take_number(&extensions, 2, &type) && take_vector(&extensions, 2, &extension))
        if (type == SERVER_NAME) {
            *more = FALSE;
            return first_host_name(extension, name);
        }
    return FALSE;
}

gboolean
ces_tls_server_name(const guint8 *bytes, gsize length, char name[CES_NAME_SIZE], gboolean *more)
{
    gsize type = CES_TLS_CLIENT_HELLO, announced = G_MAXSIZE;

    *more = FALSE;
    if (ces_tls_check_hello(bytes, length, CES_TLS_CLIENT_HELLO) == CES_TLS_NO)
        return FALSE;
    GByteArray *joined = ces_tls_join_handshake(bytes, length, more);
    span message = {joined->data, joined->len};
    gboolean found = FALSE;
    if (take_number(&message, 1, &type) && take_number(&message, 3, &announced)) {
        *more = *more && announced > message.left;
        message.left = MIN(announced, message.left);
        found = server_name(message, name, more);
    }
    g_byte_array_free(joined, TRUE);
    return found;
}
