/* test_tls.c
 * Names in TLS handshakes and certificates, and handshakes in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/handshake.h"
#include "tls/certificate.h"

#include <string.h>

#include "rows.h"
#include "tls_samples.h"

/* --- names ------------------------------------------------------------------- */

static void
write_down(const char *name, gpointer data)
{
    g_string_append_printf((GString *)data, "%s;", name);
}

static void
test_server_name(void)
{
    char name[CES_NAME_SIZE];

    g_assert_true(ces_tls_is_client_hello(sample_client_hello, sizeof sample_client_hello));
    g_assert_false(ces_tls_is_server_hello(sample_client_hello, sizeof sample_client_hello));
    g_assert_true(ces_tls_server_name(sample_client_hello, sizeof sample_client_hello, name));
    g_assert_cmpstr(name, ==, SAMPLE_NAME);
    g_assert_false(ces_tls_server_name(sample_server_flight, sizeof sample_server_flight, name));
}

#define BYTES(text) text, sizeof(text) - 1

typedef struct {
    const char *name;
    const char *extensions; /* each with type and length */
    gsize length;
    const char *host; /* NULL: none */
} hello_row;

/* Type, length; length of the list; type of the name, length. */
#define ASKS(name) "\0\0\0\x0a\0\x08\0\0\5" name

static const hello_row hello_rows[] = {
    {"no-extension", BYTES(""), NULL},
    {"server-name", BYTES(ASKS("a.org")), "a.org"},
    {"behind-another", BYTES("\0\5\0\1\1" ASKS("a.org")), "a.org"},
    {"behind-an-empty-one", BYTES("\0\x17\0\0" ASKS("a.org")), "a.org"},
    {"upper-case", BYTES(ASKS("A.ORG")), "a.org"},
    {"no-host-name", BYTES(ASKS("a org")), NULL},
    {"nul-in-name", BYTES(ASKS("a\0org")), NULL},
    {"empty", BYTES("\0\0\0\0"), NULL},
    {"empty-list", BYTES("\0\0\0\2\0\0"), NULL},
    {"list-longer-than-extension",
     BYTES("\0\0\0\x0a\0\x09\0\0\5"
           "a.org"),
     NULL},
    {"name-longer-than-list",
     BYTES("\0\0\0\x0a\0\x08\0\0\6"
           "a.org"),
     NULL},
    {"extension-longer-than-all",
     BYTES("\0\0\0\x0b\0\x08\0\0\5"
           "a.org"),
     NULL},
    {"another-type-of-name",
     BYTES("\0\0\0\x0a\0\x08\1\0\5"
           "a.org"),
     NULL},
    {"behind-another-type-of-name",
     BYTES("\0\0\0\x0e\0\x0c\1\0\1x\0\0\5"
           "a.org"),
     "a.org"},
    {"another-extension-alone",
     BYTES("\0\x10\0\x0a\0\x08\0\0\5"
           "a.org"),
     NULL},
};

/* Record, message, version and random, no session, one cipher, no compression,
 * then the extensions. */
static void
test_hello(gconstpointer data)
{
    enum { BEFORE_EXTENSIONS = 5 + 4 + 34 + 1 + 4 + 2 + 2 };
    const hello_row *row = data;
    guint8 length = (guint8)row->length;
    guint8 head[BEFORE_EXTENSIONS] = {0x16, 3, 1, 0, (guint8)(length + 47), 1, 0, 0, (guint8)(length + 43), 3, 3};
    GByteArray *bytes = g_byte_array_new();
    char name[CES_NAME_SIZE];

    memcpy(head + 44, "\0\2\xc0\x2c\1\0\0", 7);
    head[BEFORE_EXTENSIONS - 1] = length;
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, (const guint8 *)row->extensions, (guint)row->length);
    gboolean found = ces_tls_server_name(bytes->data, bytes->len, name);
    g_assert_cmpint(found, ==, row->host != NULL);
    if (found)
        g_assert_cmpstr(name, ==, row->host);
    g_byte_array_free(bytes, TRUE);
}

/* The name counts as soon as it is whole, and not before. */
static void
test_server_name_cut_off(void)
{
    char name[CES_NAME_SIZE];
    gsize length = 0;

    while (!ces_tls_server_name(sample_client_hello, length, name))
        length++;
    g_assert_cmpstr(name, ==, SAMPLE_NAME);
    g_assert_cmpint(memcmp(sample_client_hello + length - strlen(SAMPLE_NAME), SAMPLE_NAME, strlen(SAMPLE_NAME)), ==,
                    0);
    for (; length <= sizeof sample_client_hello; length++)
        g_assert_true(ces_tls_server_name(sample_client_hello, length, name));
}

static void
test_certificate_cut_off(void)
{
    GString *names = g_string_new("");
    gsize length = 0;

    while (ces_tls_certificate_names(sample_server_flight, length, write_down, names) == CES_TLS_MORE) {
        g_assert_cmpstr(names->str, ==, "");
        length++;
    }
    g_assert_cmpstr(names->str, ==, SAMPLE_NAME ";");
    g_assert_cmpuint(length, <, sizeof sample_server_flight);
    g_string_free(names, TRUE);
}

typedef struct {
    const char *name;
    const char *bytes;
    gsize length;
    ces_tls_progress progress;
} flight_row;

static const flight_row flight_rows[] = {
    {"nothing", BYTES(""), CES_TLS_MORE},
    {"record-header-cut-off", BYTES("\x16\3\3\0"), CES_TLS_MORE},
    {"server-hello-alone", BYTES("\x16\3\3\0\4\2\0\0\0"), CES_TLS_MORE},
    {"then-encrypted", BYTES("\x16\3\3\0\4\2\0\0\0\x14\3\3\0\1\1"), CES_TLS_DONE},
    {"then-alert", BYTES("\x16\3\3\0\4\2\0\0\0\x15\3\3\0\2\2\x28"), CES_TLS_DONE},
    {"no-tls", BYTES("220 ready"), CES_TLS_DONE},
    {"empty-certificate-list", BYTES("\x16\3\3\0\7\x0b\0\0\3\0\0\0"), CES_TLS_DONE},
    {"certificate-longer-than-list", BYTES("\x16\3\3\0\x0a\x0b\0\0\6\0\0\3\0\0\xff"), CES_TLS_DONE},
    {"message-over-two-records", BYTES("\x16\3\3\0\2\x0b\0\x16\3\3\0\5\0\3\0\0\0"), CES_TLS_DONE},
    {"empty-record", BYTES("\x16\3\3\0\0"), CES_TLS_MORE},
};

static void
test_flight(gconstpointer data)
{
    const flight_row *row = data;
    guint8 *exact = (guint8 *)g_memdup2(row->bytes, row->length);
    GString *names = g_string_new("");

    g_assert_cmpint(ces_tls_certificate_names(exact, row->length, write_down, names), ==, row->progress);
    g_assert_cmpstr(names->str, ==, "");
    g_string_free(names, TRUE);
    g_free(exact);
}

/* --- certificates ------------------------------------------------------------- */

/* SEQUENCE { SEQUENCE { [0] version, serial, signature, issuer, validity,
 * subject, public key, extensions } }, lengths of one byte. */
#define ELEMENT(tag, length, content) tag length content
#define START                       \
    ELEMENT("\xa0", "\3", "\2\1\2") \
    "\2\1\1"                        \
    "\x30\0"                        \
    "\x30\0"                        \
    "\x30\0"
#define START_V1 \
    "\2\1\1"     \
    "\x30\0"     \
    "\x30\0"     \
    "\x30\0"
#define SUBJECT_A                                \
    "\x30\x10\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5" \
    "a.org"
#define SUBJECT_NONE "\x30\0"
#define KEY "\x30\0"
/* [3] { SEQUENCE { SEQUENCE { OID, OCTET STRING { SEQUENCE { [2] "b.org" } } } } } */
#define ALTERNATIVE_B                                              \
    "\xa3\x16\x30\x14\x30\x12\6\3\x55\x1d\x11\4\x0b\x30\x09\x82\5" \
    "b.org\1\0"

typedef struct {
    const char *name;
    const char *body; /* of the TBSCertificate */
    gsize length;
    const char *names;
} certificate_row;

static const certificate_row certificate_rows[] = {
    {"common-name", BYTES(START SUBJECT_A KEY), "a.org;"},
    {"version-1", BYTES(START_V1 SUBJECT_A KEY), "a.org;"},
    {"alternative-name", BYTES(START SUBJECT_A KEY ALTERNATIVE_B), "b.org;"},
    {"no-subject", BYTES(START SUBJECT_NONE KEY ALTERNATIVE_B), "b.org;"},
    {"critical",
     BYTES(START SUBJECT_A KEY "\xa3\x17\x30\x15\x30\x13\6\3\x55\x1d\x11\1\1\xff\4\x09\x30\7\x82\5"
                               "b.org"),
     "b.org;"},
    {"several",
     BYTES(START SUBJECT_A KEY "\xa3\x1d\x30\x1b\x30\x19\6\3\x55\x1d\x11\4\x12\x30\x10\x82\5"
                               "b.org\x87\0\x82\5"
                               "c.org\x82\0"),
     "b.org;c.org;"},
    {"wildcard",
     BYTES(START SUBJECT_A KEY "\xa3\x16\x30\x14\x30\x12\6\3\x55\x1d\x11\4\x0b\x30\x09\x82\7"
                               "*.b.org"),
     "*.b.org;"},
    {"nul-in-name",
     BYTES(START SUBJECT_A KEY "\xa3\x14\x30\x12\x30\x10\6\3\x55\x1d\x11\4\x09\x30\7\x82\5"
                               "b\0org"),
     ""},
    {"other-extension",
     BYTES(START SUBJECT_A KEY "\xa3\x14\x30\x12\x30\x10\6\3\x55\x1d\x12\4\x09\x30\7\x82\5"
                               "b.org"),
     "a.org;"},
    {"address-only", BYTES(START SUBJECT_A KEY "\xa3\x13\x30\x11\x30\x0f\6\3\x55\x1d\x11\4\x08\x30\6\x87\4\1\2\3\4"),
     "a.org;"},
    {"common-name-with-blanks",
     BYTES(START "\x30\x10\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a org" KEY),
     ""},
    {"organization",
     BYTES(START "\x30\x10\x31\x0e\x30\x0c\6\3\x55\4\x0a\x0c\5"
                 "a.org" KEY),
     ""},
    {"common-name-as-number",
     BYTES(START "\x30\x10\x31\x0e\x30\x0c\6\3\x55\4\3\2\5"
                 "a.org" KEY),
     ""},
    {"nothing", BYTES(""), ""},
    {"ends-before-subject", BYTES(START), ""},
    {"subject-beyond-the-end",
     BYTES(START "\x30\x7f\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a.org"),
     ""},
    {"indefinite-length",
     BYTES(START "\x30\x80\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a.org\0\0"),
     ""},
    {"length-of-three-bytes",
     BYTES(START "\x30\x83\0\0\x10\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a.org" KEY),
     "a.org;"},
    {"length-cut-off", BYTES(START "\x30\x82\1"), ""},
    {"version-beyond-the-end", BYTES("\xa0\x7f\2\1\2"), ""},
    {"subject-is-no-sequence",
     BYTES(START "\x31\x10\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a.org" KEY),
     ""},
    {"extensions-are-no-sequence", BYTES(START SUBJECT_A KEY "\xa3\2\5\0"), "a.org;"},
    {"names-are-no-sequence", BYTES(START SUBJECT_A KEY "\xa3\x0d\x30\x0b\x30\x09\6\3\x55\x1d\x11\4\2\5\0"), "a.org;"},
    /* What is broken is stepped over; the next one counts. */
    {"extension-without-value",
     BYTES(START SUBJECT_A KEY "\xa3\x1b\x30\x19\x30\5\6\3\x55\x1d\x11\x30\x10\6\3\x55\x1d\x11\4\x09\x30\7\x82\5"
                               "b.org"),
     "b.org;"},
    {"critical-without-value",
     BYTES(START SUBJECT_A KEY
           "\xa3\x1e\x30\x1c\x30\x08\6\3\x55\x1d\x11\1\1\xff\x30\x10\6\3\x55\x1d\x11\4\x09\x30\7\x82\5"
           "b.org"),
     "b.org;"},
    {"value-is-no-octet-string",
     BYTES(START SUBJECT_A KEY "\xa3\x14\x30\x12\x30\x10\6\3\x55\x1d\x11\5\x09\x30\7\x82\5"
                               "b.org"),
     "a.org;"},
    {"second-common-name",
     BYTES(START "\x30\x20\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a.org\x31\x0e\x30\x0c\6\3\x55\4\3\x13\5"
                 "b.org" KEY),
     "a.org;b.org;"},
    {"length-of-eight-bytes", BYTES(START "\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"), ""},
};

static void
test_certificate(gconstpointer data)
{
    const certificate_row *row = data;
    GByteArray *der = g_byte_array_new();
    GString *names = g_string_new("");
    guint8 head[] = {0x30, 0x81, (guint8)(row->length + 3), 0x30, 0x81, (guint8)row->length};

    g_byte_array_append(der, head, sizeof head);
    g_byte_array_append(der, (const guint8 *)row->body, (guint)row->length);
    ces_x509_names(der->data, der->len, write_down, names);
    g_assert_cmpstr(names->str, ==, row->names);
    g_string_free(names, TRUE);
    g_byte_array_free(der, TRUE);
}

/* --- handshakes in pieces ------------------------------------------------------ */

typedef struct {
    ces_handshakes *handshakes;
    GString *learned; /* "SOURCE NAME FRAME;" */
    guint32 frame;
} listener;

static void
note(const char *name, ces_name_source source, guint32 frame, gpointer data)
{
    static const char *const words[CES_SOURCE_COUNT] = {
        [CES_SOURCE_SNI] = "sni", [CES_SOURCE_CERTIFICATE] = "certificate", [CES_SOURCE_WILDCARD] = "wildcard"};

    g_string_append_printf(((listener *)data)->learned, "%s %s %u;", words[source], name, frame);
}

static listener
listener_new(void)
{
    return (listener){ces_handshakes_new(), g_string_new(""), 0};
}

static void
assert_learned(listener *l, const char *expected)
{
    g_assert_cmpstr(l->learned->str, ==, expected);
    g_string_free(l->learned, TRUE);
    ces_handshakes_free(l->handshakes);
}

static void
hear(listener *l, const void *connection, gboolean from_server, guint32 sequence, const guint8 *bytes, gsize length)
{
    guint8 *exact = (guint8 *)g_memdup2(bytes, length);
    ces_handshake_segment segment = {connection, from_server, sequence, ++l->frame, exact, length, length};

    ces_handshakes_add(l->handshakes, &segment, note, l);
    g_free(exact);
}

static const char connection_a, connection_b;

static void
client_asks(listener *l, const void *connection)
{
    hear(l, connection, FALSE, 500, sample_client_hello, sizeof sample_client_hello);
}

/* Bytes from..to of the server's flight, which begins at `start`. */
static void
server_sends(listener *l, guint32 start, gsize from, gsize to)
{
    hear(l, &connection_a, TRUE, start + (guint32)from, sample_server_flight + from, to - from);
}

#define ALL sizeof sample_server_flight

static void
test_whole_handshake(void)
{
    listener l = listener_new();

    client_asks(&l, &connection_a);
    server_sends(&l, 9000, 0, ALL);
    assert_learned(&l, "sni " SAMPLE_NAME " 1;certificate " SAMPLE_NAME " 2;");
}

/* A ClientHello that the server does not take up is a body of a message. */
static void
test_client_alone(void)
{
    listener l = listener_new();

    client_asks(&l, &connection_a);
    hear(&l, &connection_a, TRUE, 9000, (const guint8 *)"250 ok: queued\r\n", 16);
    assert_learned(&l, "");
}

static void
test_server_alone(void)
{
    listener l = listener_new();

    server_sends(&l, 9000, 0, ALL);
    assert_learned(&l, "certificate " SAMPLE_NAME " 1;");
}

/* In pieces of every size, across the turn of the sequence numbers. */
static void
test_pieces(void)
{
    for (gsize size = 10; size < ALL; size++) {
        listener l = listener_new();
        for (gsize at = 0; at < ALL; at += size)
            server_sends(&l, 0xffffff80, at, MIN(at + size, ALL));
        g_assert_true(g_str_has_prefix(l.learned->str, "certificate " SAMPLE_NAME " "));
        g_assert_null(strstr(strchr(l.learned->str, ';') + 1, ";"));
        g_string_free(l.learned, TRUE);
        ces_handshakes_free(l.handshakes);
    }
}

static void
test_sent_again(void)
{
    listener l = listener_new();

    server_sends(&l, 9000, 0, 100);
    server_sends(&l, 9000, 0, 100);
    server_sends(&l, 9000, 50, 200);
    server_sends(&l, 9000, 10, 20);
    server_sends(&l, 9000, 200, ALL);
    assert_learned(&l, "certificate " SAMPLE_NAME " 5;");
}

static void
test_gap(void)
{
    listener l = listener_new();

    server_sends(&l, 9000, 0, 100);
    server_sends(&l, 9000, 101, ALL);
    server_sends(&l, 9000, 100, ALL);
    assert_learned(&l, "");
}

/* What the recorder cut off is a gap. */
static void
test_captured_in_part(void)
{
    listener l = listener_new();
    ces_handshake_segment segment = {&connection_a, TRUE, 9000, 1, sample_server_flight, 100, 200};

    ces_handshakes_add(l.handshakes, &segment, note, &l);
    server_sends(&l, 9000, 200, ALL);
    assert_learned(&l, "");
}

static void
test_connections_apart(void)
{
    listener l = listener_new();

    client_asks(&l, &connection_b);
    server_sends(&l, 9000, 0, ALL);
    assert_learned(&l, "certificate " SAMPLE_NAME " 2;");
}

/* Only a hello begins, and the first one counts, also when it is repeated. */
static void
test_client_again(void)
{
    listener l = listener_new();

    hear(&l, &connection_a, FALSE, 400, (const guint8 *)"STARTTLS\r\n", 10);
    client_asks(&l, &connection_a);
    client_asks(&l, &connection_a);
    server_sends(&l, 9000, 0, 80);
    assert_learned(&l, "sni " SAMPLE_NAME " 2;");
}

/* The handshake that began first is given up. */
static void
test_too_many(void)
{
    static const char connections[CES_HANDSHAKES_KEPT];
    listener l = listener_new();

    client_asks(&l, &connection_a);
    for (gsize i = 0; i < CES_HANDSHAKES_KEPT; i++)
        client_asks(&l, &connections[i]);
    server_sends(&l, 9000, 0, ALL);
    hear(&l, &connections[1], TRUE, 9000, sample_server_flight, 80);
    assert_learned(&l, "certificate " SAMPLE_NAME " 258;sni " SAMPLE_NAME " 3;");
}

/* A flight without end is not kept. */
static void
test_endless_flight(void)
{
    static guint8 records[1460];
    listener l = listener_new();

    memcpy(records, "\x16\3\3\xff\xff\2\xff\xff\xff", 9);
    for (guint32 i = 0; i < 100; i++)
        hear(&l, &connection_a, TRUE, 9000 + i * (guint32)sizeof records, records, sizeof records);
    assert_learned(&l, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/tls/server-name", test_server_name);
    g_test_add_func("/core/tls/server-name-cut-off", test_server_name_cut_off);
    g_test_add_func("/core/tls/certificate-cut-off", test_certificate_cut_off);
    ROWS_ADD("tls/hello", hello_rows, test_hello);
    ROWS_ADD("tls/flight", flight_rows, test_flight);
    ROWS_ADD("tls/certificate", certificate_rows, test_certificate);
    g_test_add_func("/core/handshake/whole", test_whole_handshake);
    g_test_add_func("/core/handshake/client-alone", test_client_alone);
    g_test_add_func("/core/handshake/server-alone", test_server_alone);
    g_test_add_func("/core/handshake/pieces", test_pieces);
    g_test_add_func("/core/handshake/sent-again", test_sent_again);
    g_test_add_func("/core/handshake/gap", test_gap);
    g_test_add_func("/core/handshake/captured-in-part", test_captured_in_part);
    g_test_add_func("/core/handshake/connections-apart", test_connections_apart);
    g_test_add_func("/core/handshake/client-again", test_client_again);
    g_test_add_func("/core/handshake/too-many", test_too_many);
    g_test_add_func("/core/handshake/endless-flight", test_endless_flight);
    return g_test_run();
}
