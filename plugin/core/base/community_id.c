/* community_id.c
 * Community ID version 1 of TCP connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/community_id.h>

#include <string.h>

/* --- SHA-1 of one block ------------------------------------------------------- */

/* What is hashed always fits one block, and GChecksum takes more than twice as
 * long for it, which is more than all else that a record costs. */
enum { BLOCK = 64, LENGTH_AT = 56, DIGEST_WORDS = 5 };

static guint32
rotate(guint32 word, int bits)
{
    return word << bits | word >> (32 - bits);
}

/* FIPS 180-4 section 6.1.2, written out: a loop would move the five words at
 * every step. A word of the schedule takes the place of the one 16 steps before. */
#define CHOOSE(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define PARITY(x, y, z) ((x) ^ (y) ^ (z))
#define MAJORITY(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))

#define SCHEDULED(i)      \
    ((i) < 16 ? w[(i)&15] \
              : (w[(i)&15] = rotate(w[((i) + 13) & 15] ^ w[((i) + 8) & 15] ^ w[((i) + 2) & 15] ^ w[(i)&15], 1)))

#define STEP(i, function, constant, a, b, c, d, e) \
    e += rotate(a, 5) + function(b, c, d) + (guint32)(constant) + SCHEDULED(i), b = rotate(b, 30);

#define FIVE_STEPS(i, function, constant)            \
    STEP((i), function, constant, a, b, c, d, e)     \
    STEP((i) + 1, function, constant, e, a, b, c, d) \
    STEP((i) + 2, function, constant, d, e, a, b, c) \
    STEP((i) + 3, function, constant, c, d, e, a, b) \
    STEP((i) + 4, function, constant, b, c, d, e, a)

#define TWENTY_STEPS(i, function, constant)  \
    FIVE_STEPS((i), function, constant)      \
    FIVE_STEPS((i) + 5, function, constant)  \
    FIVE_STEPS((i) + 10, function, constant) \
    FIVE_STEPS((i) + 15, function, constant)

static void
hash_block(const guint8 block[BLOCK], guint32 digest[DIGEST_WORDS])
{
    guint32 a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476, e = 0xc3d2e1f0;
    guint32 w[BLOCK / 4];

    memcpy(w, block, sizeof w);
    for (gsize i = 0; i < G_N_ELEMENTS(w); i++)
        w[i] = GUINT32_FROM_BE(w[i]);
    TWENTY_STEPS(0, CHOOSE, 0x5a827999)
    TWENTY_STEPS(20, PARITY, 0x6ed9eba1)
    TWENTY_STEPS(40, MAJORITY, 0x8f1bbcdc)
    TWENTY_STEPS(60, PARITY, 0xca62c1d6)
    digest[0] = a + 0x67452301;
    digest[1] = b + 0xefcdab89;
    digest[2] = c + 0x98badcfe;
    digest[3] = d + 0x10325476;
    digest[4] = e + 0xc3d2e1f0;
}

/* Pads `length` bytes in `block`, at most 55, as FIPS 180-4 section 5.1.1 says. */
static void
pad(guint8 block[BLOCK], gsize length)
{
    guint64 bits = GUINT64_TO_BE((guint64)length * 8);

    block[length] = 0x80;
    memset(block + length + 1, 0, LENGTH_AT - length - 1);
    memcpy(block + LENGTH_AT, &bits, sizeof bits);
}

/* --- what is hashed -------------------------------------------------------------- */

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
put_tuple(guint8 block[BLOCK], const tuple_end *first, const tuple_end *second)
{
    enum { PROTOCOL_TCP = 6 };
    guint8 *at = put_port(block, 0);

    memcpy(at, first->address, sizeof first->address);
    at += first->length;
    memcpy(at, second->address, sizeof second->address);
    at += second->length;
    *at++ = PROTOCOL_TCP;
    *at++ = 0;
    at = put_port(at, first->port);
    at = put_port(at, second->port);
    return (gsize)(at - block);
}

/* --- text -------------------------------------------------------------------------- */

static char *
put_base64(char *at, guint32 bits)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (int shift = 18; shift >= 0; shift -= 6)
        *at++ = alphabet[bits >> shift & 0x3f];
    return at;
}

const char *
ces_community_id(const ces_socket *a, const ces_socket *b, char text[CES_COMMUNITY_ID_TEXT])
{
    guint8 block[BLOCK], bytes[4 * DIGEST_WORDS + 1];
    guint32 digest[DIGEST_WORDS];
    char *at = text;

    const tuple_end from = end_of(a), to = end_of(b);
    pad(block, comes_first(&from, &to) ? put_tuple(block, &from, &to) : put_tuple(block, &to, &from));
    hash_block(block, digest);
    for (int i = 0; i < DIGEST_WORDS; i++)
        digest[i] = GUINT32_TO_BE(digest[i]);
    memcpy(bytes, digest, sizeof digest);
    bytes[sizeof digest] = 0;
    *at++ = '1';
    *at++ = ':';
    for (gsize i = 0; i < sizeof bytes; i += 3)
        at = put_base64(at, (guint32)bytes[i] << 16 | (guint32)bytes[i + 1] << 8 | bytes[i + 2]);
    at[-1] = '='; /* 20 bytes are 27 digits */
    *at = '\0';
    return text;
}
