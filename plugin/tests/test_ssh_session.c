/* test_ssh_session.c
 * What becomes of SSH connections, as far as they are in the clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/ssh_session.h"

#include <string.h>

#include "rows.h"

/* What is sent, piece by piece: 'S' and 'C' send it; 's' and 'c' send it where
 * the capture misses it; of 'K' and 'k', server and client, it is a KEXINIT
 * with the lists given, parted by blanks, "-" an empty one. */
typedef struct {
    char who;
    const char *bytes;
    gsize length;
} piece_row;

#define SENDS(who, bytes)             \
    {                                 \
        who, bytes, sizeof(bytes) - 1 \
    }

#define BANNER "SSH-2.0-a\r\n"
/* Length, length of the padding, message, ... */
#define KEXINIT "\0\0\0\6\1\x14kexi"
#define EXCHANGE "\0\0\0\6\1\x1e...."
#define NEWKEYS "\0\0\0\6\1\x15...."
#define IGNORED "\0\0\0\6\1\2...."
/* ... reason, description and language, each with its length; padding. */
#define DISCONNECT(reason) "\0\0\0\x14\2\1\0\0\0" reason "\0\0\0\4nope\0\0\0\0pp"
#define KEY_EXCHANGE_FAILED "\3"
#define BY_APPLICATION "\x0b"
#define FAILS DISCONNECT(KEY_EXCHANGE_FAILED)

#define OFFER "a h c c m m none none"
#define BOTH_BANNERS SENDS('S', BANNER), SENDS('C', BANNER)
#define BOTH_OFFERS SENDS('K', OFFER), SENDS('k', OFFER)
#define BOTH_EXCHANGES SENDS('C', EXCHANGE), SENDS('S', EXCHANGE)

/* How it is closed: by 'S' or 'C'; then '+' if that is more than a second
 * after the handshake, '?' if something may be missing. */
typedef struct {
    const char *name;
    piece_row sent[12];
    const char *closing;
    const char *result; /* with its cause, if it has one */
    const char *says;   /* the sentence holds this */
} session_row;

static const session_row sessions[] = {
    /* Working. */
    {"encrypted by both",
     {BOTH_BANNERS, BOTH_OFFERS, BOTH_EXCHANGES, SENDS('S', NEWKEYS "x"), SENDS('C', NEWKEYS), SENDS('C', "x")},
     "",
     "working",
     ""},
    {"closed after all",
     {SENDS('S', BANNER KEXINIT NEWKEYS "x"), SENDS('C', BANNER KEXINIT NEWKEYS "x")},
     "S",
     "working",
     ""},
    {"looks like a DISCONNECT, encrypted",
     {SENDS('S', BANNER KEXINIT NEWKEYS), SENDS('C', BANNER KEXINIT NEWKEYS "x"), SENDS('S', FAILS)},
     "S",
     "working",
     ""},
    {"other lines before the banner",
     {SENDS('S', "Welcome\r\n\x1b[1mHi\r\n" BANNER KEXINIT NEWKEYS "x"), SENDS('C', BANNER KEXINIT NEWKEYS "x")},
     "",
     "working",
     ""},
    {"the banner after what looked like a reply",
     {SENDS('S', "220 not yet\r\n" BANNER KEXINIT NEWKEYS "x"), SENDS('C', BANNER KEXINIT NEWKEYS "x")},
     "",
     "working",
     ""},
    {"a gap behind both NEWKEYS",
     {SENDS('S', BANNER KEXINIT NEWKEYS), SENDS('C', BANNER KEXINIT NEWKEYS), SENDS('s', "0123456789"), SENDS('S', "x"),
      SENDS('c', "0123456789"), SENDS('C', "x")},
     "C",
     "working",
     ""},
    {"a gap within packets",
     {SENDS('S', BANNER "\0\0\0\x0a\1\x14"), SENDS('s', "12345678"), SENDS('S', NEWKEYS "x"),
      SENDS('C', BANNER "\0\0\0\6\1\x14"), SENDS('c', "12"), SENDS('C', "34" NEWKEYS "x")},
     "",
     "working",
     ""},
    {"ignored messages between", /* RFC 4253 section 11.2 */
     {SENDS('S', BANNER IGNORED KEXINIT IGNORED NEWKEYS "x"), SENDS('C', BANNER IGNORED KEXINIT NEWKEYS "x")},
     "",
     "working",
     ""},
    {"the second NEWKEYS alone",
     {SENDS('S', BANNER KEXINIT NEWKEYS "x"), SENDS('C', BANNER KEXINIT NEWKEYS)},
     "",
     "unknown",
     ""},
    {"NEWKEYS cut off",
     {SENDS('S', BANNER KEXINIT NEWKEYS "x"), SENDS('C', BANNER KEXINIT "\0\0\0\6\1\x15...")},
     "",
     "unknown",
     ""},
    {"NEWKEYS before KEXINIT", {SENDS('S', BANNER NEWKEYS "x"), SENDS('C', BANNER NEWKEYS "x")}, "", "unknown", ""},
    {"one side only", {SENDS('S', BANNER KEXINIT NEWKEYS "x")}, "S?", "unknown", ""},
    {"a gap before NEWKEYS",
     {SENDS('S', BANNER KEXINIT), SENDS('s', EXCHANGE), SENDS('S', NEWKEYS "x"),
      SENDS('C', BANNER KEXINIT NEWKEYS "x")},
     "S?",
     "unknown",
     ""},
    {"under way", {BOTH_BANNERS, BOTH_OFFERS}, "", "unknown", ""},
    {"nothing said", {{0}}, "S", "unknown", ""},
    /* No algorithm in common, by a DISCONNECT. */
    {"disconnected",
     {SENDS('S', BANNER), SENDS('C', BANNER KEXINIT), SENDS('S', KEXINIT FAILS)},
     "",
     "broken no_common_algorithm",
     "The two ends offer no SSH algorithm in common; DISCONNECT, reason 3, by the server: nope"},
    {"disconnected in pieces",
     {SENDS('C', BANNER), SENDS('C', "\0\0\0"), SENDS('C', "\x14\2\1\0\0\0"), SENDS('C', "\3\0\0\0\4no"),
      SENDS('C', "pe\0\0\0\0pp")},
     "C",
     "broken no_common_algorithm",
     "DISCONNECT, reason 3, by the client: nope"},
    {"the first one counts",
     {SENDS('S', BANNER FAILS), SENDS('C', BANNER FAILS)},
     "C",
     "broken no_common_algorithm",
     "by the server"},
    {"two of no reason",
     {SENDS('S', BANNER DISCONNECT("\0") DISCONNECT("\0"))},
     "S",
     "broken closed_after_banner",
     "DISCONNECT, reason 0, by the server: nope"},
    {"not yet whole", {SENDS('C', BANNER "\0\0\0\x14\2\1\0\0\0\3\0\0\0\4nope\0\0\0\0p")}, "", "unknown", ""},
    {"its rest is missing",
     {SENDS('S', BANNER "\0\0\0\x14\2\1\0\0\0\3\0\0\0\4no"), SENDS('s', "pe\0\0\0\0pp"), SENDS('S', "x")},
     "S?",
     "broken no_common_algorithm",
     "by the server: no"},
    {"no description",
     {SENDS('C', BANNER), SENDS('S', BANNER "\0\0\0\x10\2\1\0\0\0\3\0\0\0\0\0\0\0\0pp")},
     "",
     "broken no_common_algorithm",
     "by the server"},
    {"ends behind the reason", {SENDS('S', BANNER "\0\0\0\6\0\1\0\0\0\3")}, "", "broken no_common_algorithm", "server"},
    {"ends before the reason",
     {SENDS('S', BANNER "\0\0\0\2\0\1" FAILS)},
     "",
     "broken no_common_algorithm",
     "by the server: nope"},
    {"description beyond the packet",
     {SENDS('S', BANNER "\0\0\0\x0e\0\1\0\0\0\3\xff\xff\xff\xffnope"), SENDS('S', "more")},
     "",
     "broken no_common_algorithm",
     "by the server: nope"},
    {"description with control characters",
     {SENDS('S', BANNER "\0\0\0\x11\0\1\0\0\0\3\0\0\0\7\x1b[2J\n\xc2\x9b")},
     "",
     "broken no_common_algorithm",
     "by the server: .[2J.."},
    {"another reason says nothing by itself", {SENDS('S', BANNER DISCONNECT(BY_APPLICATION))}, "", "unknown", ""},
    /* The same, by two offers that do not meet, and an end. */
    {"offers apart",
     {BOTH_BANNERS, SENDS('k', "a,b h c c m m none none"), SENDS('K', "d,e h c c m m none none")},
     "C",
     "broken no_common_algorithm",
     "The two ends offer no SSH key exchange method in common; the client leaves"},
    {"offers apart, still open",
     {BOTH_BANNERS, SENDS('k', "a h c c m m none none"), SENDS('K', "d h c c m m none none")},
     "",
     "unknown",
     ""},
    {"offers apart, a guess behind", /* RFC 4253 section 7.1 */
     {BOTH_BANNERS, SENDS('k', "a h c c m m none none"), SENDS('C', EXCHANGE), SENDS('K', "d h c c m m none none")},
     "S+",
     "broken no_common_algorithm",
     "the server leaves"},
    {"offers apart, and yet it went on",
     {BOTH_BANNERS, SENDS('k', "a h c c m m none none"), SENDS('K', "d h c c m m none none"),
      SENDS('S', EXCHANGE NEWKEYS)},
     "C",
     "unknown",
     ""},
    {"offers meet, the client leaves at once", {BOTH_BANNERS, BOTH_OFFERS}, "C", "unknown", ""},
    {"offers meet, the client leaves later",
     {BOTH_BANNERS, BOTH_OFFERS},
     "C+",
     "broken closed_after_banner",
     "The client leaves after the SSH banners, as the key exchange begins"},
    {"offers meet, the server leaves",
     {BOTH_BANNERS, BOTH_OFFERS},
     "S",
     "broken closed_after_banner",
     "The server leaves after the SSH banners, as the key exchange begins"},
    {"an offer with a gap proves nothing",
     {BOTH_BANNERS, SENDS('k', "a h c c m m none none"), SENDS('S', "\0\0\0\x40\4\x14"), SENDS('s', "0123456789012345"),
      SENDS('S', "\0\0\0\1d")},
     "C?",
     "unknown",
     ""},
    /* Not SSH. */
    {"a web server",
     {SENDS('C', BANNER), SENDS('S', "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")},
     "",
     "broken not_ssh",
     "The server does not speak SSH, it says: HTTP/1.1 400 Bad Request"},
    {"a mail server", {SENDS('S', "220-mail ready\r\n220 now\r\n")}, "", "broken not_ssh", "it says: 220-mail ready"},
    {"not yet a line", {SENDS('S', "HTTP/1.1 400 Bad Requ")}, "", "unknown", ""},
    {"bytes", {SENDS('S', "\x15\3\3\0\2\2\x46")}, "", "broken not_ssh", "it says: ...\xef\xbf\xbd..F"},
    {"telnet", {SENDS('S', "\xff\xfd\x18")}, "", "broken not_ssh", "it says: "},
    {"a line, then the server leaves",
     {SENDS('S', "Exceeded MaxStartups\r\n")},
     "S",
     "broken not_ssh",
     "it says: Exceeded MaxStartups"},
    {"half a line, then the server leaves", {SENDS('S', "SS")}, "S", "broken not_ssh", "it says: SS"},
    {"a line, then the client leaves at once", {SENDS('S', "Welcome\r\n")}, "C", "unknown", ""},
    {"a line, then the client leaves later",
     {SENDS('S', "Wel"), SENDS('S', "come\r\n")},
     "C+",
     "broken not_ssh",
     "Welcome"},
    {"a line, and it goes on", {SENDS('S', "Welcome\r\n")}, "", "unknown", ""},
    {"a line, but its beginning is missing",
     {SENDS('s', "x"), SENDS('S', "HTTP/1.1 400 Bad\r\n")},
     "S?",
     "unknown",
     ""},
    {"a line with marks",
     {SENDS('S', "HTTP/\x1b[1m<script>\r\n")},
     "S",
     "broken not_ssh",
     "it says: HTTP/.[1m<script>"},
    {"long words",
     {SENDS('S', "Welcome, and do not be surprised that what is said here is cut off after a while")},
     "S",
     "broken not_ssh",
     "it says: Welcome, and do not be surprised that what is said here is cut o"},
    /* Closed after the banner. */
    {"closed by the server",
     {SENDS('C', BANNER), SENDS('S', "Welcome\r\n" BANNER), SENDS('C', KEXINIT)},
     "S",
     "broken closed_after_banner",
     "The server leaves after the SSH banners, as the key exchange begins"},
    {"closed by the server at once",
     {SENDS('S', BANNER)},
     "S",
     "broken closed_after_banner",
     "The server leaves after the SSH banner, before any key exchange"},
    {"closed by the server, tired of a silent client", {SENDS('S', BANNER)}, "S+", "unknown", ""},
    {"closed by the server in the exchange",
     {BOTH_BANNERS, BOTH_OFFERS, SENDS('C', EXCHANGE)},
     "S+",
     "broken closed_after_banner",
     "in the middle of the key exchange"},
    {"disconnected for another reason",
     {BOTH_BANNERS, SENDS('S', DISCONNECT(BY_APPLICATION))},
     "S",
     "broken closed_after_banner",
     "before any key exchange; DISCONNECT, reason 11, by the server: nope"},
    {"a banner without end",
     {SENDS('C', BANNER), SENDS('S', "SSH-2.0-a")},
     "S",
     "broken closed_after_banner",
     "The server"},
    {"a client that is no SSH", {SENDS('S', BANNER), SENDS('C', "GET / HTTP/1.1\r\n\r\n")}, "S", "unknown", ""},
    {"a health check", {SENDS('S', BANNER)}, "C", "unknown", ""},
    {"a health check with a banner", {BOTH_BANNERS}, "C", "unknown", ""},
    {"a client without a word", {SENDS('S', BANNER)}, "C+", "unknown", ""},
    {"closed by the client",
     {BOTH_BANNERS},
     "C+",
     "broken closed_after_banner",
     "The client leaves after the SSH banner, before any key exchange"},
    {"the client has the host key", {BOTH_BANNERS, BOTH_OFFERS, BOTH_EXCHANGES}, "C+", "unknown", ""},
    {"closed by the server behind NEWKEYS", {BOTH_BANNERS, BOTH_OFFERS, SENDS('S', NEWKEYS)}, "S", "unknown", ""},
    {"something is missing", {BOTH_BANNERS}, "S?", "unknown", ""},
    {"the banner is missing",
     {SENDS('S', "x"), SENDS('s', BANNER), SENDS('S', "x"), SENDS('C', BANNER)},
     "S?",
     "unknown",
     ""},
    /* What is no SSH packet is not read. */
    {"too short for SSH", {SENDS('S', BANNER "\0\0\0\1\1\x14" FAILS)}, "", "unknown", ""},
    {"too long for SSH", {SENDS('S', BANNER "\0\4\0\1\1\x14"), SENDS('S', FAILS)}, "", "unknown", ""},
    {"no length at all", {SENDS('S', BANNER "\0\0\0\0\0\1" FAILS)}, "", "unknown", ""},
    {"a length that wraps", {SENDS('S', BANNER "\xff\xff\xff\xff\0\1" FAILS)}, "", "unknown", ""},
};

/* --- KEXINIT ---------------------------------------------------------------------- */

static void
append_number(GByteArray *to, gsize number)
{
    guint8 bytes[] = {(guint8)(number >> 24), (guint8)(number >> 16), (guint8)(number >> 8), (guint8)number};

    g_byte_array_append(to, bytes, sizeof bytes);
}

/* Cookie and lists; two empty ones for languages, a guess and the rest. */
static GByteArray *
offer_of(const char *lists)
{
    char **list = g_strsplit(lists, " ", -1);
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_append(bytes, (const guint8 *)"0123456789abcdef", 16);
    for (char **each = list; *each; each++) {
        const char *names = strcmp(*each, "-") == 0 ? "" : *each;
        append_number(bytes, strlen(names));
        g_byte_array_append(bytes, (const guint8 *)names, (guint)strlen(names));
    }
    g_byte_array_append(bytes, (const guint8 *)"\0\0\0\0\0\0\0\0\0\0\0\0\0", 13);
    g_strfreev(list);
    return bytes;
}

/* The packet of it, with four bytes of padding. */
static GByteArray *
kexinit_packet(const char *lists)
{
    GByteArray *packet = g_byte_array_new(), *offer = offer_of(lists);

    append_number(packet, offer->len + 6);
    g_byte_array_append(packet, (const guint8 *)"\4\x14", 2);
    g_byte_array_append(packet, offer->data, offer->len);
    g_byte_array_append(packet, (const guint8 *)"pppp", 4);
    g_byte_array_free(offer, TRUE);
    return packet;
}

static const struct offers {
    const char *name;
    const char *client, *server;
    ces_ssh_lack lack;
} offers[] = {
    {"all the same", OFFER, OFFER, CES_SSH_LACKS_NOTHING},
    {"one of many", "a1,a2,a3 h1,h2 c1,c2 c1,c2 m1,m2 m1,m2 none,zlib none", "b,a3 x,h2 c2 c1 m2 m1 none none",
     CES_SSH_LACKS_NOTHING},
    {"no key exchange", "a1,a2 h c c m m none none", "a,a3,a11 h c c m m none none", CES_SSH_LACKS_KEY_EXCHANGE},
    {"no host key", "a h1 c c m m none none", "a h2 c c m m none none", CES_SSH_LACKS_HOST_KEY},
    {"no cipher", "a h c1 c m m none none", "a h c2 c m m none none", CES_SSH_LACKS_CIPHER},
    {"no cipher back", "a h c c1 m m none none", "a h c c2 m m none none", CES_SSH_LACKS_CIPHER},
    {"no MAC", "a h c c m1 m none none", "a h c c m2 m none none", CES_SSH_LACKS_MAC},
    {"no MAC back", "a h c c m m1 none none", "a h c c m m2 none none", CES_SSH_LACKS_MAC},
    {"no compression", "a h c c m m none zlib", "a h c c m m none none", CES_SSH_LACKS_COMPRESSION},
    {"a name of another list", "a h c c m m none none", "h a c c m m none none", CES_SSH_LACKS_KEY_EXCHANGE},
    {"an empty list", "- h c c m m none none", OFFER, CES_SSH_LACKS_KEY_EXCHANGE},
    {"markers are none", "ext-info-c,kex-strict-c-v00@openssh.com,a h c c m m none none",
     "ext-info-c,kex-strict-c-v00@openssh.com,b h c c m m none none", CES_SSH_LACKS_KEY_EXCHANGE},
    {"no MAC needed", "a h aes128-gcm@openssh.com chacha20-poly1305@openssh.com m1 m1 none none",
     "a h aes128-gcm@openssh.com chacha20-poly1305@openssh.com m2 m2 none none", CES_SSH_LACKS_NOTHING},
    {"a MAC is needed with the cipher that is chosen", "a h aes256-ctr,aes128-gcm@openssh.com c m1 m none none",
     "a h aes128-gcm@openssh.com,aes256-ctr c m2 m none none", CES_SSH_LACKS_MAC},
};

static ces_ssh_kexinit *
read_offer(const char *lists, guint step)
{
    GByteArray *bytes = offer_of(lists);
    ces_ssh_kexinit *offer = ces_ssh_kexinit_new();

    for (guint at = 0; at < bytes->len; at += step) {
        guint length = MIN(step, bytes->len - at);
        guint8 *exact = (guint8 *)g_memdup2(bytes->data + at, length);
        ces_ssh_kexinit_add(offer, exact, length);
        g_free(exact);
    }
    g_byte_array_free(bytes, TRUE);
    return offer;
}

static void
test_offers(gconstpointer data)
{
    const struct offers *row = (const struct offers *)data;

    for (guint step = 1; step < 200; step += 13) {
        ces_ssh_kexinit *client = read_offer(row->client, step), *server = read_offer(row->server, step);
        g_assert_true(ces_ssh_kexinit_is_whole(client));
        g_assert_true(ces_ssh_kexinit_is_whole(server));
        g_assert_cmpint(ces_ssh_kexinit_compare(client, server), ==, row->lack);
        ces_ssh_kexinit_free(client);
        ces_ssh_kexinit_free(server);
    }
}

/* An offer counts once its last list was read, and not if it is malformed. */
static void
test_offers_not_whole(void)
{
    GByteArray *bytes = offer_of(OFFER);
    gsize needed = bytes->len - 13;

    for (gsize length = 0; length <= bytes->len; length++) {
        guint8 *exact = (guint8 *)g_memdup2(bytes->data, length);
        ces_ssh_kexinit *offer = ces_ssh_kexinit_new();
        ces_ssh_kexinit_add(offer, exact, length);
        g_assert_cmpint(ces_ssh_kexinit_is_whole(offer), ==, length >= needed);
        ces_ssh_kexinit_free(offer);
        g_free(exact);
    }
    g_byte_array_free(bytes, TRUE);
}

static void
test_offers_malformed(void)
{
    char *name = g_strnfill(65, 'n'), *long_name = g_strconcat(name, " h c c m m none none", NULL);
    GString *many = g_string_new("n");
    ces_ssh_kexinit *offer = read_offer(long_name, 7);

    g_assert_false(ces_ssh_kexinit_is_whole(offer));
    ces_ssh_kexinit_free(offer);
    for (int i = 0; i < 300; i++)
        g_string_append(many, ",n");
    offer = read_offer(many->str, 7);
    g_assert_false(ces_ssh_kexinit_is_whole(offer));
    ces_ssh_kexinit_free(offer);
    offer = ces_ssh_kexinit_new();
    ces_ssh_kexinit_add(offer, (const guint8 *)"0123456789abcdef\xff\xff\xff\xff", 20);
    ces_ssh_kexinit_add(offer, (const guint8 *)OFFER, sizeof OFFER);
    g_assert_false(ces_ssh_kexinit_is_whole(offer));
    ces_ssh_kexinit_free(offer);
    g_string_free(many, TRUE);
    g_free(long_name);
    g_free(name);
}

/* --- sessions ---------------------------------------------------------------------- */

/* Both streams of one session. */
typedef struct {
    ces_ssh_session *ssh;
    ces_stream streams[2];
    guint32 sequences[2];
} connection;

/* Sends bytes in segments of at most `step`; `captured` or not. */
static void
send_bytes(connection *c, gboolean client, gboolean captured, const guint8 *bytes, guint32 length, guint32 step)
{
    for (guint32 at = 0; at < length; at += step) {
        guint32 part = MIN(step, length - at);
        guint8 *exact = (guint8 *)g_memdup2(bytes + at, part);
        ces_piece piece;
        if (captured && ces_stream_add(&c->streams[client], c->sequences[client], exact, part, part, &piece))
            ces_ssh_session_add(c->ssh, client, &piece);
        c->sequences[client] += part;
        g_free(exact);
    }
}

static void
send_row(connection *c, const piece_row *sent, guint32 step)
{
    gboolean client = strchr("Cck", sent->who) != NULL;

    if (g_ascii_toupper(sent->who) == 'K') {
        GByteArray *packet = kexinit_packet(sent->bytes);
        send_bytes(c, client, TRUE, packet->data, packet->len, step);
        g_byte_array_free(packet, TRUE);
    } else {
        send_bytes(c, client, g_ascii_isupper(sent->who), (const guint8 *)sent->bytes, (guint32)sent->length, step);
    }
}

static ces_ssh_closing
closing_of(const char *text)
{
    return (ces_ssh_closing){
        .closed = *text != '\0', .by_client = *text == 'C', .whole = !strchr(text, '?'), .early = !strchr(text, '+')};
}

static void
assert_result(const session_row *row, guint32 step)
{
    connection c = {.ssh = ces_ssh_session_new(), .sequences = {1, 1}};
    ces_ssh_closing closing = closing_of(row->closing);
    GString *text = g_string_new(NULL);
    ces_cause cause;

    ces_stream_start(&c.streams[FALSE], 1);
    ces_stream_start(&c.streams[TRUE], 1);
    for (const piece_row *sent = row->sent; sent->who; sent++)
        send_row(&c, sent, step);
    g_string_append(text, ces_result_token(ces_ssh_session_result(c.ssh, &closing, &cause)));
    if (cause != CES_CAUSE_NONE)
        g_string_append_printf(text, " %s", ces_cause_token(cause));
    g_assert_cmpstr(text->str, ==, row->result);
    g_string_truncate(text, 0);
    ces_ssh_session_say(c.ssh, &closing, "leaves", cause, text);
    g_assert_nonnull(strstr(text->str, row->says));
    g_assert_cmpint(text->len > 0, ==, cause != CES_CAUSE_NONE);
    g_string_free(text, TRUE);
    ces_ssh_session_free(c.ssh);
}

/* In pieces as given, and byte by byte. */
static void
test_session(gconstpointer data)
{
    const session_row *row = (const session_row *)data;

    assert_result(row, G_MAXUINT16);
    assert_result(row, 1);
    assert_result(row, 3);
}

/* A packet of any length is stepped over, in pieces of any length. */
static void
test_steps(void)
{
    static const guint8 packet[1000] = {0, 0, 3, 0xe4, 1, 20};
    static const char banner[] = BANNER, fails[] = FAILS;
    GByteArray *all = g_byte_array_new();

    g_byte_array_append(all, (const guint8 *)banner, sizeof banner - 1);
    g_byte_array_append(all, packet, sizeof packet);
    g_byte_array_append(all, (const guint8 *)fails, sizeof fails - 1);
    for (guint size = 1; size <= all->len; size += 7) {
        ces_ssh_session *ssh = ces_ssh_session_new();
        for (guint at = 0; at < all->len; at += size) {
            g_assert_cmpuint(ssh->reason, ==, 0);
            ces_ssh_session_add(ssh, TRUE, &(ces_piece){all->data + at, MIN(size, all->len - at), 0});
        }
        g_assert_cmpuint(ssh->reason, ==, 3);
        g_assert_cmpstr(ssh->description, ==, "nope");
        ces_ssh_session_free(ssh);
    }
    g_byte_array_free(all, TRUE);
}

/* Of a long description the beginning is kept, in whole characters. */
static void
test_long_description(gconstpointer data)
{
    const char *character = (const char *)data;
    static const guint8 head[] = {0, 0, 1, 0x3a, 0, 1, 0, 0, 0, 3, 0, 0, 1, 0x2c};
    static const char banner[] = BANNER;
    ces_ssh_session *ssh = ces_ssh_session_new();
    GByteArray *all = g_byte_array_new();
    gsize width = strlen(character);

    g_byte_array_append(all, (const guint8 *)banner, sizeof banner - 1);
    g_byte_array_append(all, head, sizeof head);
    for (gsize at = 0; at < 308; at += width)
        g_byte_array_append(all, (const guint8 *)character, (guint)width);
    ces_ssh_session_add(ssh, FALSE, &(ces_piece){all->data, all->len, 0});

    gsize kept = strlen(ssh->description);
    g_assert_cmpuint(kept, ==, CES_SSH_DESCRIPTION_KEPT / width * width);
    for (gsize at = 0; at < kept; at += width)
        g_assert_cmpint(memcmp(ssh->description + at, character, width), ==, 0);
    g_byte_array_free(all, TRUE);
    ces_ssh_session_free(ssh);
}

/* A server that never comes to its banner: OpenSSH bears 1024 lines, and lines
 * of 8192 bytes. */
static void
test_never_a_banner(void)
{
    static const ces_ssh_closing open = {0};
    ces_ssh_session *lines = ces_ssh_session_new(), *line = ces_ssh_session_new();
    ces_cause cause;

    for (int i = 0; i < 1024; i++)
        ces_ssh_session_add(lines, FALSE, &(ces_piece){(const guint8 *)"hello\n", 6, 0});
    g_assert_cmpint(ces_ssh_session_result(lines, &open, &cause), ==, CES_RESULT_UNKNOWN);
    ces_ssh_session_add(lines, FALSE, &(ces_piece){(const guint8 *)"hello\n", 6, 0});
    g_assert_cmpint(ces_ssh_session_result(lines, &open, &cause), ==, CES_RESULT_BROKEN);
    g_assert_cmpint(cause, ==, CES_CAUSE_NOT_SSH);
    for (int i = 0; i < 2048; i++)
        ces_ssh_session_add(line, FALSE, &(ces_piece){(const guint8 *)"word", 4, 0});
    g_assert_cmpint(ces_ssh_session_result(line, &open, &cause), ==, CES_RESULT_UNKNOWN);
    ces_ssh_session_add(line, FALSE, &(ces_piece){(const guint8 *)"!", 1, 0});
    g_assert_cmpint(ces_ssh_session_result(line, &open, &cause), ==, CES_RESULT_BROKEN);
    ces_ssh_session_free(lines);
    ces_ssh_session_free(line);
}

/* What a session that goes well keeps. */
static void
test_memory(void)
{
    static const char banner_and_keys[] = BANNER KEXINIT NEWKEYS "x";
    ces_piece piece = {(const guint8 *)banner_and_keys, sizeof banner_and_keys - 1, 0};
    ces_ssh_session *ssh = ces_ssh_session_new();

    g_assert_cmpuint(sizeof(ces_ssh_session), <=, 128);
    for (int from_client = FALSE; from_client <= TRUE; from_client++) {
        ces_ssh_session_add(ssh, from_client, &piece);
        g_assert_null(ssh->ends[from_client].offer);
        g_assert_null(ssh->ends[from_client].text);
    }
    g_assert_null(ssh->description);
    ces_ssh_session_free(ssh);
    ces_ssh_session_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("ssh", sessions, test_session);
    ROWS_ADD("ssh/offers", offers, test_offers);
    g_test_add_func("/core/ssh/offers not whole", test_offers_not_whole);
    g_test_add_func("/core/ssh/offers malformed", test_offers_malformed);
    g_test_add_func("/core/ssh/steps", test_steps);
    g_test_add_data_func("/core/ssh/long description", "x", test_long_description);
    g_test_add_data_func("/core/ssh/long description in wide characters", "\xe2\x82\xac", test_long_description);
    g_test_add_func("/core/ssh/never a banner", test_never_a_banner);
    g_test_add_func("/core/ssh/memory", test_memory);
    return g_test_run();
}
