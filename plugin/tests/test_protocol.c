/* test_protocol.c
 * What speaks on a quarantine port, told by its first bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/protocol.h>

#include <string.h>

#include "rows.h"

enum { SERVER = 0, CLIENT = CES_FROM_CLIENT, FIRST = CES_FIRST_BYTES };

#define BYTES(text) text, sizeof(text) - 1

typedef struct {
    const char *name;
    guint from;
    const char *bytes;
    gsize length;
    ces_protocol protocol;
    gboolean more;
} protocol_row;

static const protocol_row protocols[] = {
    {"greeting", SERVER | FIRST, BYTES("220 sma1.example.org ESMTP\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"greeting of several lines", SERVER | FIRST, BYTES("220-one\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"masked greeting", SERVER | FIRST, BYTES("220 **********\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"refusing greeting", SERVER | FIRST, BYTES("554 no\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"bare code", SERVER | FIRST, BYTES("220\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"one byte of a greeting", SERVER | FIRST, BYTES("2"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"three bytes of a greeting", SERVER | FIRST, BYTES("220"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"not a code", SERVER | FIRST, BYTES("2202 x"), CES_PROTOCOL_DATA, FALSE},
    {"code out of range", SERVER | FIRST, BYTES("999 x"), CES_PROTOCOL_DATA, FALSE},
    {"second digit out of range", SERVER | FIRST, BYTES("260 x"), CES_PROTOCOL_DATA, FALSE},
    {"letters in a code", SERVER | FIRST, BYTES("2x"), CES_PROTOCOL_DATA, FALSE},
    {"reply midstream", SERVER, BYTES("250 ok\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"SSH", SERVER | FIRST, BYTES("SSH-2.0-x\r\n"), CES_PROTOCOL_DATA, FALSE},
    {"HTTP answer midstream", SERVER, BYTES("HTTP/1.1 200 OK\r\n"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"EHLO", CLIENT | FIRST, BYTES("EHLO a\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"ehlo", CLIENT | FIRST, BYTES("ehlo a\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"half of EHLO", CLIENT | FIRST, BYTES("EH"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"whole EHLO without its end", CLIENT | FIRST, BYTES("EHLO"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"LHLO", CLIENT | FIRST, BYTES("LHLO a\r\n"), CES_PROTOCOL_LMTP, FALSE},
    {"LHLO and a line feed", CLIENT | FIRST, BYTES("LHLO\n"), CES_PROTOCOL_LMTP, FALSE},
    {"a word that begins like LHLO", CLIENT, BYTES("LHLOx\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"LHLO midstream", CLIENT, BYTES("lhlo a\r\n"), CES_PROTOCOL_LMTP, FALSE},
    {"a verb that no one knows", CLIENT | FIRST, BYTES("XMETA\r\n"), CES_PROTOCOL_DATA, FALSE},
    {"the beginning of no verb", CLIENT | FIRST, BYTES("XM"), CES_PROTOCOL_DATA, FALSE},
    {"a verb that goes on", CLIENT | FIRST, BYTES("EHLO-"), CES_PROTOCOL_DATA, FALSE},
    {"no word", CLIENT | FIRST, BYTES("\r\n"), CES_PROTOCOL_DATA, FALSE},
    {"HTTP", CLIENT | FIRST, BYTES("GET / HTTP/1.1\r\n"), CES_PROTOCOL_DATA, FALSE},
    {"HTTP midstream", CLIENT, BYTES("GET / HTTP/1.1\r\n"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"text midstream", CLIENT, BYTES("and so on,\r\nuntil the end\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"binary midstream", CLIENT, BYTES("\1\2\3\4"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"letters of an alphabet", CLIENT, BYTES("gr\xc3\xbc\xc3\x9f\tdich\r\n"), CES_PROTOCOL_SMTP, FALSE},
    {"DEL midstream", CLIENT, BYTES("text\x7f"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"NUL midstream", CLIENT, BYTES("text\0"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"ClientHello", CLIENT | FIRST, BYTES("\x16\x03\x01\x02\x00\x01"), CES_PROTOCOL_TLS, FALSE},
    {"half of a ClientHello", CLIENT | FIRST, BYTES("\x16\x03"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"a server's hello from a client", CLIENT | FIRST, BYTES("\x16\x03\x03\x02\x00\x02"), CES_PROTOCOL_DATA, FALSE},
    {"ServerHello", SERVER | FIRST, BYTES("\x16\x03\x03\x02\x00\x02"), CES_PROTOCOL_TLS, FALSE},
    {"TLS midstream", SERVER, BYTES("\x17\x03\x03\x00\x20..."), CES_PROTOCOL_TLS, FALSE},
    {"a length that TLS does not have", SERVER, BYTES("\x17\x03\x03\xff\x20..."), CES_PROTOCOL_UNKNOWN, FALSE},
    {"a length of nothing", SERVER, BYTES("\x17\x03\x03\0\0"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"another version of TLS", SERVER, BYTES("\x17\x02\x03\0\x20..."), CES_PROTOCOL_UNKNOWN, FALSE},
    {"a version that TLS does not have", SERVER, BYTES("\x17\x03\x05\0\x20..."), CES_PROTOCOL_UNKNOWN, FALSE},
    {"a record midstream, cut", SERVER, BYTES("\x17\x03\x03\0"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"an alert is no beginning", SERVER | FIRST, BYTES("\x15\x03\x03\0\2\2\x28"), CES_PROTOCOL_DATA, FALSE},
    {"an alert midstream", SERVER, BYTES("\x15\x03\x03\0\2\2\x28"), CES_PROTOCOL_TLS, FALSE},
    {"a heartbeat is no proof", SERVER, BYTES("\x18\x03\x03\0\x20..."), CES_PROTOCOL_UNKNOWN, FALSE},
    {"X11, least significant first", CLIENT | FIRST, BYTES("l\0\x0b\0\0\0\0\0\0\0\0\0"), CES_PROTOCOL_X11, FALSE},
    {"X11, most significant first", CLIENT | FIRST, BYTES("B\0\0\x0b\0\0\0\0\0\0\0\0"), CES_PROTOCOL_X11, FALSE},
    {"X11 with an unused byte in use", CLIENT | FIRST, BYTES("B\xff\0\x0b\0\0"), CES_PROTOCOL_X11, FALSE},
    {"one byte of X11", CLIENT | FIRST, BYTES("l"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"X10", CLIENT | FIRST, BYTES("B\0\0\x0a\0\0"), CES_PROTOCOL_DATA, FALSE},
    {"answer of an X server", SERVER | FIRST, BYTES("\1\0\x0b\0\0\0"), CES_PROTOCOL_X11, FALSE},
    {"answer, least significant first", SERVER | FIRST, BYTES("\0\x04\x0b\0\0\0"), CES_PROTOCOL_X11, FALSE},
    {"answer, most significant first", SERVER | FIRST, BYTES("\1\0\0\x0b\0\0"), CES_PROTOCOL_X11, FALSE},
    {"two bytes of an answer", SERVER | FIRST, BYTES("\1\0"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"three bytes of an answer", SERVER | FIRST, BYTES("\1\0\x0b"), CES_PROTOCOL_UNKNOWN, TRUE},
    {"answer of X10", SERVER | FIRST, BYTES("\1\0\x0a\0\0\0"), CES_PROTOCOL_DATA, FALSE},
    {"X11 midstream", CLIENT, BYTES("l\0\x0b\0\0\0\0\0\0\0\0\0"), CES_PROTOCOL_UNKNOWN, FALSE},
    {"binary", CLIENT | FIRST, BYTES("\1\2\3\4\5\6"), CES_PROTOCOL_DATA, FALSE},
    {"nothing", CLIENT | FIRST, BYTES(""), CES_PROTOCOL_UNKNOWN, TRUE},
};

static void
test_protocol(gconstpointer data)
{
    const protocol_row *row = (const protocol_row *)data;
    guint8 *exact = (guint8 *)g_memdup2(row->bytes, row->length);
    gboolean more;

    g_assert_cmpstr(ces_protocol_token(ces_protocol_classify(exact, row->length, row->from, &more)), ==,
                    ces_protocol_token(row->protocol));
    g_assert_cmpint(more, ==, row->more);
    g_free(exact);
}

static const struct verb {
    const char *name;
    gboolean is_smtp;
} verbs[] = {
    {"MAIL", TRUE}, {"starttls", TRUE}, {"XCLIENT", TRUE}, {"LHLO", TRUE},
    {"MAI", FALSE}, {"MAILX", FALSE},   {"XMETA", FALSE},  {"M", FALSE},
};

static void
test_verb(gconstpointer data)
{
    const struct verb *row = (const struct verb *)data;

    g_assert_cmpint(ces_protocol_is_smtp_verb(row->name, strlen(row->name)), ==, row->is_smtp);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("protocol", protocols, test_protocol);
    ROWS_ADD("protocol/verb", verbs, test_verb);
    return g_test_run();
}
