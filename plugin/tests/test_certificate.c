/* test_certificate.c
 * Names in TLS handshakes and certificates, and handshakes in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/certificate.h"
#include "tls/handshake.h"
#include "tls/hello.h"
#include "tls/record.h"

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
    gboolean more;

    g_assert_true(ces_tls_server_name(sample_client_hello, sizeof sample_client_hello, name, &more));
    g_assert_cmpstr(name, ==, SAMPLE_NAME);
    g_assert_false(more);
    g_assert_false(ces_tls_server_name(sample_server_flight, sizeof sample_server_flight, name, &more));
    g_assert_false(more);
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
    gboolean more;

    memcpy(head + 44, "\0\2\xc0\x2c\1\0\0", 7);
    head[BEFORE_EXTENSIONS - 1] = length;
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, (const guint8 *)row->extensions, (guint)row->length);
    gboolean found = ces_tls_server_name(bytes->data, bytes->len, name, &more);
    g_assert_cmpint(found, ==, row->host != NULL);
    g_assert_false(more);
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
    gboolean more;

    for (; !ces_tls_server_name(sample_client_hello, length, name, &more); length++)
        g_assert_true(more);
    g_assert_cmpstr(name, ==, SAMPLE_NAME);
    g_assert_cmpint(memcmp(sample_client_hello + length - strlen(SAMPLE_NAME), SAMPLE_NAME, strlen(SAMPLE_NAME)), ==,
                    0);
    for (; length <= sizeof sample_client_hello; length++)
        g_assert_true(ces_tls_server_name(sample_client_hello, length, name, &more));
}

/* A hello may be spread over records (RFC 8446 section 5.1). */
static void
test_server_name_over_records(void)
{
    static const gsize first = 100;
    guint8 head[CES_TLS_HEADER];
    GByteArray *bytes = g_byte_array_new();
    gsize rest = sizeof sample_client_hello - CES_TLS_HEADER - first;
    char name[CES_NAME_SIZE];
    gboolean more;

    memcpy(head, "\x16\3\1\0", 4);
    head[4] = (guint8)first;
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, sample_client_hello + CES_TLS_HEADER, (guint)first);
    g_assert_false(ces_tls_server_name(bytes->data, bytes->len, name, &more));
    g_assert_true(more);
    head[3] = (guint8)(rest >> 8);
    head[4] = (guint8)rest;
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, sample_client_hello + CES_TLS_HEADER + first, (guint)rest);
    g_assert_true(ces_tls_server_name(bytes->data, bytes->len, name, &more));
    g_assert_cmpstr(name, ==, SAMPLE_NAME);
    g_byte_array_free(bytes, TRUE);
}

/* --- records ----------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *bytes;
    gsize length;
    ces_tls_answer header, client_hello, server_hello;
} record_row;

static const record_row record_rows[] = {
    {"nothing", BYTES(""), CES_TLS_MAYBE, CES_TLS_MAYBE, CES_TLS_MAYBE},
    {"type", BYTES("\x16"), CES_TLS_MAYBE, CES_TLS_MAYBE, CES_TLS_MAYBE},
    {"version", BYTES("\x16\3\4"), CES_TLS_MAYBE, CES_TLS_MAYBE, CES_TLS_MAYBE},
    {"header", BYTES("\x16\3\3\0\4"), CES_TLS_YES, CES_TLS_MAYBE, CES_TLS_MAYBE},
    {"client-hello", BYTES("\x16\3\1\0\4\1"), CES_TLS_YES, CES_TLS_YES, CES_TLS_NO},
    {"server-hello", BYTES("\x16\3\1\0\4\2"), CES_TLS_YES, CES_TLS_NO, CES_TLS_YES},
    {"another-message", BYTES("\x16\3\1\0\4\x0b"), CES_TLS_YES, CES_TLS_NO, CES_TLS_NO},
    {"shorter-than-a-message", BYTES("\x16\3\1\0\3"), CES_TLS_YES, CES_TLS_NO, CES_TLS_NO},
    {"alert", BYTES("\x15\3\1\0\2"), CES_TLS_YES, CES_TLS_NO, CES_TLS_NO},
    {"heartbeat", BYTES("\x18\3\3\0\3"), CES_TLS_YES, CES_TLS_NO, CES_TLS_NO},
    {"empty-data", BYTES("\x17\3\3\0\0"), CES_TLS_YES, CES_TLS_NO, CES_TLS_NO},
    {"empty-handshake", BYTES("\x16\3\3\0\0"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
    {"longest", BYTES("\x17\3\3\x48\0"), CES_TLS_YES, CES_TLS_NO, CES_TLS_NO},
    {"too-long", BYTES("\x17\3\3\x48\1"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
    {"too-long-already", BYTES("\x16\3\3\x49"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
    {"type-too-small", BYTES("\x13"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
    {"type-too-large", BYTES("\x19"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
    {"another-major-version", BYTES("\x16\2"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
    {"another-minor-version", BYTES("\x16\3\5"), CES_TLS_NO, CES_TLS_NO, CES_TLS_NO},
};

static void
test_record(gconstpointer data)
{
    const record_row *row = data;
    guint8 *exact = (guint8 *)g_memdup2(row->bytes, row->length);

    g_assert_cmpint(ces_tls_check_header(exact, row->length), ==, row->header);
    g_assert_cmpint(ces_tls_check_hello(exact, row->length, CES_TLS_CLIENT_HELLO), ==, row->client_hello);
    g_assert_cmpint(ces_tls_check_hello(exact, row->length, CES_TLS_SERVER_HELLO), ==, row->server_hello);
    g_free(exact);
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
    {"empty-record", BYTES("\x16\3\3\0\0"), CES_TLS_DONE},
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
    {"tag-of-two-bytes",
     BYTES(START "\x3f\x10\x31\x0e\x30\x0c\6\3\x55\4\3\x0c\5"
                 "a.org" KEY),
     ""},
    {"wildcards",
     BYTES(START SUBJECT_A KEY "\xa3\x20\x30\x1e\x30\x1c\6\3\x55\x1d\x11\4\x15\x30\x13\x82\7"
                               "*.b.org\x82\1*\x82\5"
                               "c.*.d"),
     "*.b.org;"},
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

/* In pieces of every size, across the turn of the sequence numbers. */
static void
test_client_in_pieces(void)
{
    for (gsize size = 1; size < sizeof sample_client_hello; size++) {
        listener l = listener_new();
        for (gsize at = 0; at < sizeof sample_client_hello; at += size)
            hear(&l, &connection_a, FALSE, 0xfffffff0 + (guint32)at, sample_client_hello + at,
                 MIN(size, sizeof sample_client_hello - at));
        hear(&l, &connection_a, TRUE, 9000, sample_server_flight, 3);
        g_assert_cmpstr(l.learned->str, ==, "");
        hear(&l, &connection_a, TRUE, 9003, sample_server_flight + 3, 10);
        g_assert_true(g_str_has_prefix(l.learned->str, "sni " SAMPLE_NAME " "));
        g_string_free(l.learned, TRUE);
        ces_handshakes_free(l.handshakes);
    }
}

/* Behind a gap in the hello nothing is read, nor what begins like one only. */
static void
test_client_with_gap(void)
{
    listener l = listener_new();

    hear(&l, &connection_a, FALSE, 500, sample_client_hello, 60);
    hear(&l, &connection_a, FALSE, 561, sample_client_hello + 61, sizeof sample_client_hello - 61);
    hear(&l, &connection_b, FALSE, 500, (const guint8 *)"\x16\3", 2);
    hear(&l, &connection_b, FALSE, 502, (const guint8 *)"\3\0\4\2\0\0\0", 7);
    hear(&l, &connection_b, TRUE, 9000, sample_server_flight, 80);
    server_sends(&l, 9000, 0, 80);
    assert_learned(&l, "");
}

/* A hello without end is not kept. */
static void
test_endless_hello(void)
{
    static guint8 bytes[1460];
    listener l = listener_new();

    memcpy(bytes, "\x16\3\3\x40\0\1\0\xff\xff\3\3", 11);
    for (guint32 i = 0; i < 20; i++)
        hear(&l, &connection_a, FALSE, 9000 + i * (guint32)sizeof bytes, bytes, sizeof bytes);
    assert_learned(&l, "");
}

/* Names of a certificate with "*" tell the zone alone. */
static void
test_wildcard_certificate(void)
{
    static const char body[] = START SUBJECT_A KEY "\xa3\x16\x30\x14\x30\x12\6\3\x55\x1d\x11\4\x0b\x30\x09\x82\7"
                                                   "*.b.org";
    enum { BODY = sizeof body - 1, DER = BODY + 4, LIST = DER + 3, MESSAGE = LIST + 3, RECORD = MESSAGE + 4 };
    guint8 bytes[] = {
        0x16, 3, 3, 0, 13,     2,    0, 0, 9,       0, 0, 0,    0, 0, 0,   0,    0,        0, /* a ServerHello of zeros
                                                                                               */
        0x16, 3, 3, 0, RECORD, 0x0b, 0, 0, MESSAGE, 0, 0, LIST, 0, 0, DER, 0x30, BODY + 2, 0x30, BODY};
    GByteArray *flight = g_byte_array_new();
    listener l = listener_new();

    g_byte_array_append(flight, bytes, sizeof bytes);
    g_byte_array_append(flight, (const guint8 *)body, BODY);
    hear(&l, &connection_a, TRUE, 1, flight->data, flight->len);
    g_byte_array_free(flight, TRUE);
    assert_learned(&l, "wildcard *.b.org 1;");
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

    memcpy(records, "\x16\3\3\x40\0\2\xff\xff\xff", 9);
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
    g_test_add_func("/core/tls/server-name-over-records", test_server_name_over_records);
    ROWS_ADD("tls/record", record_rows, test_record);
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
    g_test_add_func("/core/handshake/client-in-pieces", test_client_in_pieces);
    g_test_add_func("/core/handshake/client-with-gap", test_client_with_gap);
    g_test_add_func("/core/handshake/endless-hello", test_endless_hello);
    g_test_add_func("/core/handshake/wildcard", test_wildcard_certificate);
    g_test_add_func("/core/handshake/too-many", test_too_many);
    g_test_add_func("/core/handshake/endless-flight", test_endless_flight);
    return g_test_run();
}
