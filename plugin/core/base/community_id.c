/* community_id.c
 * Community ID version 1 of TCP connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/community_id.h>

#include <string.h>

enum { LONGEST_TUPLE = 40 };

static guint8 *
put_port(guint8 *at, guint16 port)
{
    *at++ = (guint8)(port >> 8);
    *at++ = (guint8)port;
    return at;
}

/* One end, as it is hashed: 4 or 16 bytes of address, and a port. */
typedef struct {
    guint8 address[16];
    gsize length;
    guint16 port;
} tuple_end;

static tuple_end
end_of(const ces_socket *socket)
{
    tuple_end end = {.address = {0}, .port = socket->port};

    end.length = ces_address_bytes(&socket->address, end.address);
    return end;
}

static gboolean
comes_first(const tuple_end *a, const tuple_end *b)
{
    int order = memcmp(a->address, b->address, sizeof a->address);

    return order ? order < 0 : a->port < b->port;
}

/* Seed, both addresses, protocol, padding, both ports: 16 or 40 bytes. */
static gsize
put_tuple(guint8 tuple[LONGEST_TUPLE], const tuple_end *first, const tuple_end *second)
{
    enum { PROTOCOL_TCP = 6 };
    guint8 *at = put_port(tuple, 0);

    memcpy(at, first->address, sizeof first->address);
    at += first->length;
    memcpy(at, second->address, sizeof second->address);
    at += second->length;
    *at++ = PROTOCOL_TCP;
    *at++ = 0;
    at = put_port(at, first->port);
    at = put_port(at, second->port);
    return (gsize)(at - tuple);
}

const char *
ces_community_id(const ces_socket *a, const ces_socket *b, char text[CES_COMMUNITY_ID_TEXT])
{
    enum { DIGEST = 20 };
    const tuple_end from = end_of(a), to = end_of(b);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 tuple[LONGEST_TUPLE], digest[DIGEST];
    gsize length = comes_first(&from, &to) ? put_tuple(tuple, &from, &to) : put_tuple(tuple, &to, &from);
    gsize written = DIGEST;

    g_checksum_update(sum, tuple, (gssize)length);
    g_checksum_get_digest(sum, digest, &written);
    g_checksum_free(sum);
    char *hash = g_base64_encode(digest, written);
    g_strlcpy(text, "1:", CES_COMMUNITY_ID_TEXT);
    g_strlcat(text, hash, CES_COMMUNITY_ID_TEXT);
    g_free(hash);
    return text;
}
