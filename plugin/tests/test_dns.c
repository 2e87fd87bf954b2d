/* test_dns.c
 * DNS messages, honest, broken and hostile.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/dns.h"

#include <string.h>

#include "rows.h"

/* --- writing messages -------------------------------------------------------- */

enum { A = 1, NS = 2, CNAME = 5, MX = 15, TXT = 16, AAAA = 28 };
enum { RESPONSE = 0x8180, QUERY = 0x0100, NXDOMAIN = 3, SERVFAIL = 2, TRUNCATED = 0x0200 };

static void
put_16(GByteArray *message, guint number)
{
    guint8 bytes[2] = {(guint8)(number >> 8), (guint8)number};
    g_byte_array_append(message, bytes, 2);
}

static void
put_name(GByteArray *message, const char *name)
{
    gchar **labels = g_strsplit(name, ".", -1);

    for (gchar **label = labels; *label; label++) {
        guint8 length = (guint8)strlen(*label);
        g_byte_array_append(message, &length, 1);
        g_byte_array_append(message, (const guint8 *)*label, length);
    }
    g_byte_array_append(message, (const guint8 *)"", 1);
    g_strfreev(labels);
}

static GByteArray *
message_new(guint flags, const char *question, guint type)
{
    GByteArray *message = g_byte_array_new();

    put_16(message, 0x1234);
    put_16(message, flags);
    put_16(message, question ? 1 : 0);
    for (int section = 0; section < 3; section++)
        put_16(message, 0);
    if (question) {
        put_name(message, question);
        put_16(message, type);
        put_16(message, 1);
    }
    return message;
}

static void
put_record(GByteArray *message, guint section, const char *owner, guint type, const void *data, guint length)
{
    message->data[7 + 2 * section]++;
    put_name(message, owner);
    put_16(message, type);
    put_16(message, 1);
    put_16(message, 0);
    put_16(message, 300);
    put_16(message, length);
    g_byte_array_append(message, (const guint8 *)data, length);
}

/* 192.0.2.HOST */
static void
put_a(GByteArray *message, guint section, const char *owner, guint8 host)
{
    guint8 address[4] = {192, 0, 2, host};
    put_record(message, section, owner, A, address, 4);
}

static void
put_cname(GByteArray *message, const char *owner, const char *target)
{
    GByteArray *name = g_byte_array_new();

    put_name(name, target);
    put_record(message, 0, owner, CNAME, name->data, name->len);
    g_byte_array_free(name, TRUE);
}

/* --- reading them ------------------------------------------------------------ */

static void
write_down(const ces_address *address, const char *name, gboolean was_asked, gpointer data)
{
    char text[CES_ADDRESS_TEXT];

    g_string_append_printf((GString *)data, "%s %s%s;", ces_address_text(address, text), name, was_asked ? "" : "?");
}

/* "ADDRESS NAME;" of each pair, the name with "?" if it was not asked for. A
 * message must read the same from memory that ends where it ends. */
static char *
addresses_of(const guint8 *bytes, gsize length)
{
    guint8 *exact = (guint8 *)g_memdup2(bytes, length);
    GString *found = g_string_new("");
    ces_dns_message message;

    if (ces_dns_read(exact, length, &message))
        ces_dns_addresses(&message, write_down, found);
    g_free(exact);
    return g_string_free(found, FALSE);
}

static void
assert_holds(GByteArray *message, const char *expected)
{
    char *found = addresses_of(message->data, message->len);

    g_assert_cmpstr(found, ==, expected);
    g_free(found);
    g_byte_array_free(message, TRUE);
}

static void
test_answer(void)
{
    GByteArray *message = message_new(RESPONSE, "ESA1.iphmx.com", A);

    put_a(message, 0, "esa1.IPHMX.com", 1);
    put_a(message, 0, "esa1.iphmx.com", 2);
    assert_holds(message, "192.0.2.1 esa1.iphmx.com;192.0.2.2 esa1.iphmx.com;");
}

static void
test_ipv6(void)
{
    static const guint8 address[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
    GByteArray *message = message_new(RESPONSE, "esa1.iphmx.com", AAAA);

    put_record(message, 0, "esa1.iphmx.com", AAAA, address, 16);
    assert_holds(message, "2001:db8::1 esa1.iphmx.com;");
}

static void
test_chain(void)
{
    GByteArray *message = message_new(RESPONSE, "mail.example.org", A);

    put_cname(message, "mail.example.org", "mx1.iphmx.com");
    put_cname(message, "mx1.iphmx.com", "host.example.net");
    put_a(message, 0, "host.example.net", 1);
    assert_holds(message, "192.0.2.1 mail.example.org;192.0.2.1 mx1.iphmx.com;192.0.2.1 host.example.net;");
}

static void
test_chain_in_disorder(void)
{
    GByteArray *message = message_new(RESPONSE, "mail.example.org", A);

    put_a(message, 0, "host.example.net", 1);
    put_cname(message, "mx1.iphmx.com", "host.example.net");
    put_cname(message, "mail.example.org", "mx1.iphmx.com");
    assert_holds(message, "192.0.2.1 mail.example.org;192.0.2.1 mx1.iphmx.com;192.0.2.1 host.example.net;");
}

static void
test_chain_that_bites_its_tail(void)
{
    GByteArray *message = message_new(RESPONSE, "a.example.org", A);

    put_cname(message, "a.example.org", "b.example.org");
    put_cname(message, "b.example.org", "a.example.org");
    put_a(message, 0, "b.example.org", 1);
    assert_holds(message, "192.0.2.1 a.example.org;192.0.2.1 b.example.org;");
}

/* Beyond the sixteenth name the chain is not followed: the record answers
 * nothing that is known to be asked. */
static void
test_chain_without_end(void)
{
    GByteArray *message = message_new(RESPONSE, "n0.example.org", A);

    for (int i = 0; i < 40; i++) {
        char *owner = g_strdup_printf("n%d.example.org", i), *target = g_strdup_printf("n%d.example.org", i + 1);
        put_cname(message, owner, target);
        g_free(owner);
        g_free(target);
    }
    put_a(message, 0, "n40.example.org", 1);
    assert_holds(message, "192.0.2.1 n40.example.org?;");
}

static void
test_not_asked_for(void)
{
    GByteArray *message = message_new(RESPONSE, "www.example.org", A);

    put_a(message, 0, "www.example.org", 1);
    put_a(message, 0, "esa1.iphmx.com", 2);
    put_a(message, 2, "www.example.org", 3);
    assert_holds(message, "192.0.2.1 www.example.org;192.0.2.2 esa1.iphmx.com?;192.0.2.3 www.example.org?;");
}

/* The additional section of an MX answer names the mail hosts. */
static void
test_mx(void)
{
    static const guint8 exchange[] = "\0\12\3mx1\5iphmx\3com";
    GByteArray *message = message_new(RESPONSE, "hc1234-56.iphmx.com", MX);

    put_record(message, 0, "hc1234-56.iphmx.com", MX, exchange, sizeof exchange);
    put_a(message, 2, "mx1.iphmx.com", 1);
    assert_holds(message, "192.0.2.1 mx1.iphmx.com?;");
}

static void
test_authority_is_passed_over(void)
{
    static const guint8 server[] = "\2ns\5iphmx\3com";
    GByteArray *message = message_new(RESPONSE, "esa1.iphmx.com", A);

    put_a(message, 0, "esa1.iphmx.com", 1);
    put_record(message, 1, "iphmx.com", NS, server, sizeof server);
    put_a(message, 1, "esa2.iphmx.com", 2);
    put_a(message, 2, "ns.iphmx.com", 3);
    assert_holds(message, "192.0.2.1 esa1.iphmx.com;192.0.2.3 ns.iphmx.com?;");
}

typedef struct {
    const char *name;
    guint flags;
    const char *holds;
} flags_row;

static const flags_row flags_rows[] = {
    {"response", RESPONSE, "192.0.2.1 esa1.iphmx.com;"},
    {"truncated", RESPONSE | TRUNCATED, "192.0.2.1 esa1.iphmx.com;"},
    {"query", QUERY, ""},
    {"nxdomain", RESPONSE | NXDOMAIN, ""},
    {"servfail", RESPONSE | SERVFAIL, ""},
    {"refused", RESPONSE | 5, ""},
    {"update", RESPONSE | 5 << 11, ""},
    {"inverse-query", RESPONSE | 1 << 11, ""},
};

static void
test_flags(gconstpointer data)
{
    const flags_row *row = data;
    GByteArray *message = message_new(row->flags, "esa1.iphmx.com", A);

    put_a(message, 0, "esa1.iphmx.com", 1);
    assert_holds(message, row->holds);
}

/* mDNS answers without repeating the question, and marks the class. */
static void
test_no_question(void)
{
    GByteArray *message = message_new(RESPONSE, NULL, 0);

    put_a(message, 0, "esa1.iphmx.com", 1);
    message->data[12 + 16 + 2] = 0x80;
    assert_holds(message, "192.0.2.1 esa1.iphmx.com?;");
}

/* --- bytes that no honest sender sends --------------------------------------- */

typedef struct {
    const char *name;
    const char *bytes;
    gsize length;
    const char *holds;
} bytes_row;

#define BYTES(text) text, sizeof(text) - 1
#define HEAD(questions, answers) "\x12\x34\x81\x80\0" questions "\0" answers "\0\0\0\0"
#define QUESTION "\1a\3org\0\0\1\0\1"
#define FIXED(length) "\0\1\0\1\0\0\0\1\0" length

static const bytes_row bytes_rows[] = {
    {"pointer", BYTES(HEAD("\1", "\1") QUESTION "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"), "192.0.2.1 a.org;"},
    {"pointer-into-name", BYTES(HEAD("\1", "\1") QUESTION "\1b\xc0\x0e" FIXED("\4") "\xc0\0\2\1"), "192.0.2.1 b.org?;"},
    {"pointer-to-itself", BYTES(HEAD("\1", "\1") QUESTION "\xc0\x17" FIXED("\4") "\xc0\0\2\1"), ""},
    {"pointer-forward", BYTES(HEAD("\1", "\1") QUESTION "\xc0\x19" FIXED("\4") "\xc0\0\2\1"), ""},
    {"pointer-beyond-the-end", BYTES(HEAD("\1", "\1") QUESTION "\xff\xff" FIXED("\4") "\xc0\0\2\1"), ""},
    {"pointer-loop",
     BYTES(HEAD("\1", "\1") "\1a\xc0\x0c\0\1\0\1"
                            "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"),
     ""},
    {"pointer-half", BYTES(HEAD("\1", "\1") QUESTION "\xc0"), ""},
    {"reserved-label-type",
     BYTES(HEAD("\1", "\1") "\x41"
                            "a\0\0\1\0\1"),
     ""},
    {"label-beyond-the-end",
     BYTES(HEAD("\1", "\1") "\x3f"
                            "a"),
     ""},
    {"dot-in-label",
     BYTES(HEAD("\1", "\1") "\x09iphmx.com\3org\0\0\1\0\1"
                            "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"),
     ""},
    {"dot-in-owner", BYTES(HEAD("\1", "\1") QUESTION "\x09iphmx.com\0" FIXED("\4") "\xc0\0\2\1"), ""},
    {"escape-in-owner", BYTES(HEAD("\1", "\1") QUESTION "\5iph\x1bx\3com\0" FIXED("\4") "\xc0\0\2\1"), ""},
    {"line-break-in-question",
     BYTES(HEAD("\1", "\1") "\4a\r\nb\3org\0\0\1\0\1"
                            "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"),
     ""},
    {"dot-in-alias",
     BYTES(HEAD("\1", "\2") QUESTION "\xc0\x0c\0\5\0\1\0\0\0\1\0\x0e\x0cx.iphmx.comz\0"
                                     "\x0cx.iphmx.comz\0" FIXED("\4") "\xc0\0\2\1"),
     ""},
    {"nul-in-owner", BYTES(HEAD("\1", "\1") QUESTION "\5iph\0x\3com\0" FIXED("\4") "\xc0\0\2\1"), ""},
    {"root",
     BYTES(HEAD("\1", "\1") "\0\0\1\0\1"
                            "\0" FIXED("\4") "\xc0\0\2\1"),
     ""},
    {"two-questions", BYTES(HEAD("\2", "\1") QUESTION QUESTION "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"), ""},
    {"class-chaos",
     BYTES(HEAD("\1", "\1") "\1a\3org\0\0\1\0\3"
                            "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"),
     ""},
    {"address-of-3", BYTES(HEAD("\1", "\1") QUESTION "\xc0\x0c" FIXED("\3") "\xc0\0\2"), ""},
    {"address-of-5", BYTES(HEAD("\1", "\1") QUESTION "\xc0\x0c" FIXED("\5") "\xc0\0\2\1\1"), ""},
    {"data-cut-off", BYTES(HEAD("\1", "\1") QUESTION "\xc0\x0c" FIXED("\4") "\xc0\0\2"), ""},
    {"more-announced", BYTES(HEAD("\1", "\xff") QUESTION "\xc0\x0c" FIXED("\4") "\xc0\0\2\1"), "192.0.2.1 a.org;"},
    {"head-alone", BYTES(HEAD("\1", "\1")), ""},
    {"short-head", BYTES("\x12\x34\x81\x80\0\1"), ""},
    {"nothing", BYTES(""), ""},
};

static void
test_bytes(gconstpointer data)
{
    const bytes_row *row = data;
    char *found = addresses_of((const guint8 *)row->bytes, row->length);

    g_assert_cmpstr(found, ==, row->holds);
    g_free(found);
}

/* Cut off anywhere, a message yields a beginning of what it holds. */
static void
test_every_cut(void)
{
    GByteArray *message = message_new(RESPONSE, "mail.example.org", A);

    put_a(message, 0, "mail.example.org", 1);
    put_a(message, 0, "esa1.iphmx.com", 2);
    char *all = addresses_of(message->data, message->len);
    for (gsize length = 0; length < message->len; length++) {
        char *some = addresses_of(message->data, length);
        g_assert_true(g_str_has_prefix(all, some));
        g_free(some);
    }
    g_free(all);
    g_byte_array_free(message, TRUE);
}

/* A name of as many labels as fit, each reached by a pointer of its own. */
static void
test_longest_name_by_pointers(void)
{
    GByteArray *message = message_new(RESPONSE, NULL, 0);
    guint previous = 0;

    for (int i = 0; i < 126; i++) {
        guint here = message->len;
        g_byte_array_append(message, (const guint8 *)"\1x", 2);
        if (i == 0)
            g_byte_array_append(message, (const guint8 *)"", 1);
        else
            put_16(message, 0xc000 | previous);
        previous = here;
    }
    ces_dns_message read;
    g_assert_true(ces_dns_read(message->data, message->len, &read));
    message->data[5] = 1; /* now the question is the deepest name, and after it nothing comes */
    g_assert_false(ces_dns_read(message->data, message->len, &read));
    g_byte_array_free(message, TRUE);
}

/* --- questions and answers ---------------------------------------------------- */

typedef struct {
    const char *name;
    guint id;
    const char *question;
    guint type;
    guint client, port, server;
    gboolean matches;
} match_row;

static const match_row match_rows[] = {
    {"same", 0x1234, "esa1.iphmx.com", A, 1, 40000, 53, TRUE},
    {"other-case", 0x1234, "Esa1.IPHMX.com", A, 1, 40000, 53, TRUE},
    {"other-number", 0x1235, "esa1.iphmx.com", A, 1, 40000, 53, FALSE},
    {"other-question", 0x1234, "esa2.iphmx.com", A, 1, 40000, 53, FALSE},
    {"other-type", 0x1234, "esa1.iphmx.com", AAAA, 1, 40000, 53, FALSE},
    {"other-client", 0x1234, "esa1.iphmx.com", A, 2, 40000, 53, FALSE},
    {"other-port", 0x1234, "esa1.iphmx.com", A, 1, 40001, 53, FALSE},
    {"other-server", 0x1234, "esa1.iphmx.com", A, 1, 40000, 54, FALSE},
};

static void
read_message(GByteArray *bytes, ces_dns_message *message)
{
    g_assert_true(ces_dns_read(bytes->data, bytes->len, message));
}

static void
test_match(gconstpointer data)
{
    const match_row *row = data;
    ces_dns_ledger *ledger = ces_dns_ledger_new();
    GByteArray *asked = message_new(QUERY, "esa1.iphmx.com", A);
    GByteArray *answered = message_new(RESPONSE, row->question, row->type);
    ces_address client = {0, 1, FALSE}, server = {0, 53, FALSE};
    ces_address to = {0, row->client, FALSE}, from = {0, row->server, FALSE};
    ces_dns_message query, response;

    answered->data[0] = (guint8)(row->id >> 8);
    answered->data[1] = (guint8)row->id;
    read_message(asked, &query);
    read_message(answered, &response);
    g_assert_false(ces_dns_ledger_answer(ledger, &response, &to, (guint16)row->port, &from));
    ces_dns_ledger_ask(ledger, &query, &client, 40000, &server);
    g_assert_cmpint(ces_dns_ledger_answer(ledger, &response, &to, (guint16)row->port, &from), ==, row->matches);
    g_assert_false(ces_dns_ledger_answer(ledger, &response, &to, (guint16)row->port, &from));
    ces_dns_ledger_free(ledger);
    g_byte_array_free(asked, TRUE);
    g_byte_array_free(answered, TRUE);
}

static void
ask(ces_dns_ledger *ledger, guint16 id)
{
    GByteArray *bytes = message_new(QUERY, "esa1.iphmx.com", A);
    ces_address client = {0, 1, FALSE}, server = {0, 53, FALSE};
    ces_dns_message query;

    bytes->data[0] = (guint8)(id >> 8);
    bytes->data[1] = (guint8)id;
    read_message(bytes, &query);
    ces_dns_ledger_ask(ledger, &query, &client, 40000, &server);
    g_byte_array_free(bytes, TRUE);
}

static gboolean
answers(ces_dns_ledger *ledger, guint16 id)
{
    GByteArray *bytes = message_new(RESPONSE, "esa1.iphmx.com", A);
    ces_address client = {0, 1, FALSE}, server = {0, 53, FALSE};
    ces_dns_message response;

    bytes->data[0] = (guint8)(id >> 8);
    bytes->data[1] = (guint8)id;
    read_message(bytes, &response);
    gboolean found = ces_dns_ledger_answer(ledger, &response, &client, 40000, &server);
    g_byte_array_free(bytes, TRUE);
    return found;
}

/* Of too many questions the oldest make room, in every run the same ones. */
static void
test_oldest_question_goes_first(void)
{
    enum { KEPT = 4096 };
    ces_dns_ledger *ledger = ces_dns_ledger_new();

    for (guint id = 0; id < KEPT + 10; id++)
        ask(ledger, (guint16)id);
    for (guint id = 0; id < KEPT + 10; id++)
        g_assert_cmpint(answers(ledger, (guint16)id), ==, id >= 10);
    ces_dns_ledger_free(ledger);
}

/* The same number in the other family is another host. */
static void
test_families_apart(void)
{
    ces_dns_ledger *ledger = ces_dns_ledger_new();
    GByteArray *bytes = message_new(QUERY, "esa1.iphmx.com", A);
    ces_address ipv4 = {0, 1, TRUE}, ipv6 = {0, 1, FALSE};
    ces_dns_message query;

    read_message(bytes, &query);
    ces_dns_ledger_ask(ledger, &query, &ipv4, 40000, &ipv4);
    g_assert_false(ces_dns_ledger_answer(ledger, &query, &ipv6, 40000, &ipv4));
    g_assert_false(ces_dns_ledger_answer(ledger, &query, &ipv4, 40000, &ipv6));
    g_assert_true(ces_dns_ledger_answer(ledger, &query, &ipv4, 40000, &ipv4));
    g_byte_array_free(bytes, TRUE);
    ces_dns_ledger_free(ledger);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/core/dns/answer", test_answer);
    g_test_add_func("/core/dns/ipv6", test_ipv6);
    g_test_add_func("/core/dns/chain", test_chain);
    g_test_add_func("/core/dns/chain-in-disorder", test_chain_in_disorder);
    g_test_add_func("/core/dns/chain-that-bites-its-tail", test_chain_that_bites_its_tail);
    g_test_add_func("/core/dns/chain-without-end", test_chain_without_end);
    g_test_add_func("/core/dns/not-asked-for", test_not_asked_for);
    g_test_add_func("/core/dns/mx", test_mx);
    g_test_add_func("/core/dns/authority-is-passed-over", test_authority_is_passed_over);
    g_test_add_func("/core/dns/no-question", test_no_question);
    g_test_add_func("/core/dns/every-cut", test_every_cut);
    g_test_add_func("/core/dns/longest-name-by-pointers", test_longest_name_by_pointers);
    ROWS_ADD("dns/flags", flags_rows, test_flags);
    ROWS_ADD("dns/bytes", bytes_rows, test_bytes);
    ROWS_ADD("dns/match", match_rows, test_match);
    g_test_add_func("/core/dns/oldest-question-goes-first", test_oldest_question_goes_first);
    g_test_add_func("/core/dns/families-apart", test_families_apart);
    return g_test_run();
}
