/* test_address.c
 * Networks as people type them, good and bad, and addresses as they are shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/flow.h>
#include <ces/vocabulary.h>

#include <string.h>

#include "rows.h"

#define IPV4(number)      \
    {                     \
        0, (number), TRUE \
    }
#define WIDE(high, low)                        \
    {                                          \
        (guint64)(high), (guint64)(low), FALSE \
    }
#define MAPPED(ipv4) WIDE(0, 0xffff00000000 | ipv4)

typedef struct {
    const char *name;
    const char *text;
    ces_address prefix;
    guint8 length;
    ces_address last;
} good_network;

static const good_network good_networks[] = {
    {"ipv4-24", "192.0.2.0/24", IPV4(0xc0000200), 120, IPV4(0xc00002ff)},
    {"ipv4-0", "0.0.0.0/0", IPV4(0), 96, IPV4(0xffffffff)},
    {"ipv4-1", "128.0.0.0/1", IPV4(0x80000000), 97, IPV4(0xffffffff)},
    {"ipv4-31", "192.0.2.2/31", IPV4(0xc0000202), 127, IPV4(0xc0000203)},
    {"ipv4-32", "192.0.2.7/32", IPV4(0xc0000207), 128, IPV4(0xc0000207)},
    {"ipv4-address", "192.0.2.7", IPV4(0xc0000207), 128, IPV4(0xc0000207)},
    {"ipv4-all-ones", "255.255.255.255", IPV4(0xffffffff), 128, IPV4(0xffffffff)},
    {"ipv4-zero-address", "0.0.0.0", IPV4(0), 128, IPV4(0)},
    {"ipv4-blanks-around", " \t192.0.2.0/24  ", IPV4(0xc0000200), 120, IPV4(0xc00002ff)},
    {"ipv6-32", "2001:db8::/32", WIDE(0x20010db800000000, 0), 32, WIDE(0x20010db8ffffffff, 0xffffffffffffffff)},
    {"ipv6-capitals", "2001:DB8::/32", WIDE(0x20010db800000000, 0), 32, WIDE(0x20010db8ffffffff, 0xffffffffffffffff)},
    {"ipv6-long-form", "2001:0db8:0000:0000:0000:0000:0000:0001", WIDE(0x20010db800000000, 1), 128,
     WIDE(0x20010db800000000, 1)},
    {"ipv6-63", "2001:db8:0:2::/63", WIDE(0x20010db800000002, 0), 63, WIDE(0x20010db800000003, 0xffffffffffffffff)},
    {"ipv6-64", "2001:db8:0:1::/64", WIDE(0x20010db800000001, 0), 64, WIDE(0x20010db800000001, 0xffffffffffffffff)},
    {"ipv6-65", "2001:db8:0:1:8000::/65", WIDE(0x20010db800000001, 0x8000000000000000), 65,
     WIDE(0x20010db800000001, 0xffffffffffffffff)},
    {"ipv6-127", "2001:db8::2/127", WIDE(0x20010db800000000, 2), 127, WIDE(0x20010db800000000, 3)},
    {"ipv6-128", "2001:db8::1/128", WIDE(0x20010db800000000, 1), 128, WIDE(0x20010db800000000, 1)},
    {"ipv6-address", "2001:db8::1", WIDE(0x20010db800000000, 1), 128, WIDE(0x20010db800000000, 1)},
    {"ipv6-0", "::/0", WIDE(0, 0), 0, WIDE(0xffffffffffffffff, 0xffffffffffffffff)},
    {"ipv6-blanks-around", "  2001:db8::1\t", WIDE(0x20010db800000000, 1), 128, WIDE(0x20010db800000000, 1)},
    {"mapped-address", "::ffff:192.0.2.7", MAPPED(0xc0000207), 128, MAPPED(0xc0000207)},
    {"mapped-in-hexadecimal", "::ffff:c000:207", MAPPED(0xc0000207), 128, MAPPED(0xc0000207)},
    {"mapped-network", "::ffff:192.0.2.0/120", MAPPED(0xc0000200), 120, MAPPED(0xc00002ff)},
    {"mapped-everything", "::ffff:0:0/96", MAPPED(0), 96, MAPPED(0xffffffff)},
    {"mapped-and-more", "::/64", WIDE(0, 0), 64, WIDE(0, 0xffffffffffffffff)},
    {"nat64-network", "64:ff9b::192.0.2.0/120", WIDE(0x64ff9b00000000, 0xc0000200), 120,
     WIDE(0x64ff9b00000000, 0xc00002ff)},
};

static void
assert_address(const ces_address *actual, const ces_address *expected)
{
    g_assert_cmphex(actual->high, ==, expected->high);
    g_assert_cmphex(actual->low, ==, expected->low);
    g_assert_cmpuint(actual->is_ipv4, ==, expected->is_ipv4);
}

static void
test_good_network(gconstpointer data)
{
    const good_network *row = data;
    ces_network network;
    ces_address last;
    GError *error = NULL;

    memset(&network, 0xee, sizeof network);
    g_assert_true(ces_network_parse(row->text, &network, &error));
    g_assert_no_error(error);
    assert_address(&network.prefix, &row->prefix);
    g_assert_cmpuint(network.length, ==, row->length);
    last = ces_network_last(&network);
    assert_address(&last, &row->last);
}

typedef struct {
    const char *name;
    const char *text;
} bad_network;

static const bad_network bad_networks[] = {
    {"empty", ""},
    {"blanks", "  \t "},
    {"word", "cloud"},
    {"host-name", "esa1.hc1234-56.iphmx.com"},
    {"slash", "/"},
    {"length-alone", "/24"},
    {"ipv4-33", "192.0.2.0/33"},
    {"ipv4-128", "192.0.2.0/128"},
    {"ipv6-129", "2001:db8::/129"},
    {"length-256", "0.0.0.0/256"},
    {"length-wraps-8-bits", "192.0.2.0/280"},
    {"length-wraps-32-bits", "192.0.2.0/4294967320"},
    {"length-wraps-64-bits", "192.0.2.0/18446744073709551640"},
    {"length-negative", "192.0.2.0/-1"},
    {"length-negative-zero", "0.0.0.0/-0"},
    {"length-plus", "192.0.2.0/+24"},
    {"length-blank-before", "192.0.2.0/ 24"},
    {"length-tab-before", "192.0.2.0/\t24"},
    {"length-missing", "192.0.2.0/"},
    {"length-missing-all-zero", "0.0.0.0/"},
    {"length-missing-ipv6-all-zero", "::/"},
    {"length-blank", "192.0.2.0/ "},
    {"length-twice", "192.0.2.0/24/24"},
    {"length-slashes", "192.0.2.0//24"},
    {"length-junk", "192.0.2.0/24x"},
    {"length-hexadecimal", "192.0.2.0/0x18"},
    {"length-fraction", "192.0.2.0/24.0"},
    {"length-word", "192.0.2.0/all"},
    {"length-as-mask", "192.0.2.0/255.255.255.0"},
    {"blank-before-slash", "192.0.2.0 /24"},
    {"blank-in-address", "192.0. 2.0/24"},
    {"two-networks", "192.0.2.0/24 198.51.100.0/24"},
    {"list", "192.0.2.0/24,198.51.100.0/24"},
    {"range", "192.0.2.1-192.0.2.9"},
    {"host-bits-24", "192.0.2.7/24"},
    {"host-bits-0", "192.0.2.7/0"},
    {"host-bits-31", "192.0.2.1/31"},
    {"host-bits-ipv6", "2001:db8::1/32"},
    {"host-bits-ipv6-low-half", "2001:db8::1/64"},
    {"host-bits-ipv6-high-half", "2001:db8:0:1::/63"},
    {"host-bits-ipv6-127", "2001:db8::1/127"},
    {"host-bits-mapped", "::ffff:192.0.2.0/24"},
    {"host-bits-mapped-95", "::ffff:0:0/95"},
    {"three-numbers", "192.0.2/24"},
    {"five-numbers", "192.0.2.0.0/24"},
    {"number-256", "192.0.2.256"},
    {"number-empty", "192..2.0"},
    {"number-whole", "3221225985"},
    {"number-hexadecimal", "0xc0.0.2.0"},
    {"trailing-dot", "192.0.2.0."},
    {"leading-zero", "010.0.0.1"},
    {"leading-zero-inside", "192.0.02.0/24"},
    {"leading-zero-double", "192.00.2.0/24"},
    {"leading-zero-mapped", "::ffff:010.0.0.1"},
    {"zone-name", "fe80::1%eth0"},
    {"zone-number", "fe80::1%1"},
    {"zone-in-network", "fe80::%eth0/64"},
    {"zone-empty", "fe80::1%"},
    {"brackets", "[2001:db8::1]"},
    {"brackets-and-port", "[2001:db8::1]:22"},
    {"port", "192.0.2.1:22"},
    {"two-gaps", "2001::db8::1"},
    {"three-colons", "2001:db8:::1"},
    {"colons-alone", ":::"},
    {"one-colon", ":"},
    {"digit-wrong", "2001:db8::g"},
    {"group-too-long", "2001:0db80::1"},
    {"groups-too-many", "1:2:3:4:5:6:7:8:9"},
    {"groups-too-few", "1:2:3:4:5:6:7"},
    {"quote", "\"192.0.2.0/24\""},
    {"percent", "%s%s%s%n"},
    {"not-ascii-digits", "\xd9\xa1\xd9\xa9\xd9\xa2.0.2.0"},
    {"no-break-space", "192.0.2.0\xc2\xa0/24"},
    {"star", "192.0.2.*"},
};

static void
test_bad_network(gconstpointer data)
{
    const bad_network *row = data;
    ces_network network;
    GError *error = NULL;

    g_assert_false(ces_network_parse(row->text, &network, &error));
    g_assert_error(error, CES_ERROR, CES_ERROR_NETWORK);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    if (strstr(error->message, row->text) == NULL)
        g_error("the message \"%s\" does not quote \"%s\"", error->message, row->text);
    g_error_free(error);
    g_assert_false(ces_network_parse(row->text, &network, NULL)); /* no one need listen */
}

/* The message says how long a prefix of that family may be. */
static void
test_length_in_message(void)
{
    ces_network network;
    GError *error = NULL;

    g_assert_false(ces_network_parse("192.0.2.0/64", &network, &error));
    g_assert_nonnull(strstr(error->message, "32"));
    g_clear_error(&error);
    g_assert_false(ces_network_parse("2001:db8::/129", &network, &error));
    g_assert_nonnull(strstr(error->message, "128"));
    g_clear_error(&error);
}

static void
test_invalid_utf8(void)
{
    ces_network network;
    GError *error = NULL;

    g_assert_false(ces_network_parse("\xff\xfe", &network, &error));
    g_assert_error(error, CES_ERROR, CES_ERROR_NETWORK);
    g_error_free(error);
}

static void
check_long_text(const char *beginning, char filler, gsize length)
{
    char *filling = g_strnfill(length, filler);
    char *text = g_strconcat(beginning, filling, NULL);
    ces_network network;
    GError *error = NULL;

    g_assert_false(ces_network_parse(text, &network, &error));
    g_assert_error(error, CES_ERROR, CES_ERROR_NETWORK);
    g_assert_nonnull(strstr(error->message, beginning)); /* the rest may be cut short */
    g_error_free(error);
    g_free(text);
    g_free(filling);
}

static void
test_long_text(void)
{
    const gsize lengths[] = {30, 45, 46, 47, 63, 64, 127, 128, 255, 256, 1000, 100000};

    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        check_long_text("1", '1', lengths[i]);
        check_long_text("2001:db8::", '0', lengths[i]);
        check_long_text("192.0.2.0/2", '4', lengths[i]);
        check_long_text("2001:db8:", ':', lengths[i]);
        check_long_text("192.0.2.0/24", 'x', lengths[i]);
    }
}

typedef struct {
    const char *name;
    ces_address address;
    const char *text;
} text_row;

static const text_row texts[] = {
    {"ipv4", IPV4(0xc0000201), "192.0.2.1"},
    {"ipv4-zero", IPV4(0), "0.0.0.0"},
    {"ipv4-all-ones", IPV4(0xffffffff), "255.255.255.255"},
    {"ipv6-unspecified", WIDE(0, 0), "::"},
    {"ipv6-loopback", WIDE(0, 1), "::1"},
    {"ipv6-lower-case", WIDE(0x20010db8abcdef00, 0xfedcba9876543210), "2001:db8:abcd:ef00:fedc:ba98:7654:3210"},
    {"ipv6-gap", WIDE(0x20010db800000000, 1), "2001:db8::1"},
    {"ipv6-gap-at-the-end", WIDE(0x0001000000000000, 0), "1::"},
    {"ipv6-longest-gap", WIDE(0x2001000000000001, 0x0000000000000001), "2001:0:0:1::1"},
    {"ipv6-first-of-equal-gaps", WIDE(0x20010db800000000, 0x0001000000000001), "2001:db8::1:0:0:1"},
    {"ipv6-one-zero-is-no-gap", WIDE(0x20010db800000001, 0x0001000100010001), "2001:db8:0:1:1:1:1:1"},
    {"ipv6-no-leading-zeros", WIDE(0x20010db800010010, 0x0100100000010002), "2001:db8:1:10:100:1000:1:2"},
    {"ipv6-longest", WIDE(0xffffffffffffffff, 0xffffffffffffffff), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"ipv6-beside-mapped", WIDE(0, 0xfffec0000201), "::fffe:c000:201"},
    {"mapped", MAPPED(0xc0000201), "::ffff:192.0.2.1"},
    {"nat64", WIDE(0x0064ff9b00000000, 0xc0000201), "64:ff9b::c000:201"},
};

static void
test_text(gconstpointer data)
{
    const text_row *row = data;
    char room[CES_ADDRESS_TEXT];
    ces_network network;

    memset(room, 'x', sizeof room);
    g_assert_true(ces_address_text(&row->address, room) == room);
    g_assert_cmpstr(room, ==, row->text);
    g_assert_true(ces_network_parse(room, &network, NULL));
    g_assert_cmpuint(network.length, ==, 128);
    assert_address(&network.prefix, &row->address);
}

/* What is written down is read as the same network again. */
static void
test_network_text(gconstpointer data)
{
    const good_network *row = data;
    char room[CES_NETWORK_TEXT];
    ces_network network, again;

    g_assert_true(ces_network_parse(row->text, &network, NULL));
    g_assert_true(ces_network_text(&network, room) == room);
    g_assert_true(ces_network_parse(room, &again, NULL));
    g_assert_true(ces_network_equal(&network, &again));
    g_assert_cmpuint(ces_network_hash(&network), ==, ces_network_hash(&again));
}

static void
test_longest_network_text(void)
{
    const ces_network networks[] = {
        {WIDE(0xffffffffffffffff, 0xffffffffffffffff), 128}, {IPV4(0xffffffff), 128}, {IPV4(0xc0000200), 120}};
    const char *written[] = {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "255.255.255.255/32", "192.0.2.0/24"};
    char room[CES_NETWORK_TEXT];

    for (gsize i = 0; i < G_N_ELEMENTS(networks); i++)
        g_assert_cmpstr(ces_network_text(&networks[i], room), ==, written[i]);
}

static void
test_from_bytes(void)
{
    const guint8 four[4] = {192, 0, 2, 1};
    const guint8 sixteen[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xfe, 0xff};
    const guint8 mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
    const ces_address expected_four = IPV4(0xc0000201), expected_mapped = MAPPED(0xc0000201);
    const ces_address expected_sixteen = WIDE(0x20010db800010203, 0x040506070809feff);
    ces_address address = ces_address_from_ipv4(four);

    assert_address(&address, &expected_four);
    g_assert_true(ces_address_is_ipv4(&address));
    address = ces_address_from_ipv6(mapped);
    assert_address(&address, &expected_mapped);
    g_assert_false(ces_address_is_ipv4(&address));
    g_assert_false(ces_address_equal(&address, &expected_four));
    address = ces_address_from_ipv6(sixteen);
    assert_address(&address, &expected_sixteen);
    g_assert_false(ces_address_is_ipv4(&address));
}

/* Every connection holds two. */
static void
test_size(void)
{
    g_assert_cmpuint(sizeof(ces_socket), ==, 24);
}

static void
test_in_nat64(void)
{
    const ces_address inside[] = {WIDE(0x64ff9b00000000, 0), WIDE(0x64ff9b00000000, 0xc0000201),
                                  WIDE(0x64ff9b00000000, 0xffffffff)};
    const ces_address outside[] = {WIDE(0x64ff9b00000000, 0x100000000),
                                   WIDE(0x64ff9b00010000, 0xc0000201),
                                   WIDE(0x64ff9b00000001, 0xc0000201),
                                   WIDE(0x64ff9a00000000, 0xc0000201),
                                   MAPPED(0xc0000201),
                                   IPV4(0xc0000201)};

    for (gsize i = 0; i < G_N_ELEMENTS(inside); i++) {
        ces_address ipv4, expected = IPV4(inside[i].low);

        memset(&ipv4, 0xee, sizeof ipv4);
        g_assert_true(ces_address_in_nat64(&inside[i], &ipv4));
        assert_address(&ipv4, &expected);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(outside); i++) {
        ces_address ipv4;

        g_assert_false(ces_address_in_nat64(&outside[i], &ipv4));
    }
}

static void
test_compare(void)
{
    const ces_address rising[] = {WIDE(0, 0),
                                  WIDE(0, 1),
                                  WIDE(0, 0x7fffffffffffffff),
                                  WIDE(0, 0xffffffffffffffff),
                                  WIDE(1, 0),
                                  WIDE(0x8000000000000000, 0),
                                  WIDE(0xffffffffffffffff, 1),
                                  WIDE(0xffffffffffffffff, 0xffffffffffffffff),
                                  IPV4(0),
                                  IPV4(1),
                                  IPV4(0xffffffff)};

    for (gsize i = 0; i < G_N_ELEMENTS(rising); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(rising); j++) {
            int order = ces_address_compare(&rising[i], &rising[j]);

            g_assert_cmpint((order > 0) - (order < 0), ==, (i > j) - (i < j));
        }
    }
}

/* Equal addresses must share a hash; neighbours should not all share one. */
static void
test_hash(void)
{
    GHashTable *hashes = g_hash_table_new(NULL, NULL);

    for (guint64 i = 0; i < 1000; i++) {
        ces_address address = {i % 2 == 0 ? 0 : i, 0xc0000200 + i, i % 2 == 0};
        ces_address copy = address;
        ces_address other = {address.high, address.low + 1, address.is_ipv4};

        g_assert_cmpuint(ces_address_hash(&address), ==, ces_address_hash(&copy));
        g_assert_true(ces_address_equal(&address, &copy));
        g_assert_false(ces_address_equal(&address, &other));
        g_hash_table_add(hashes, GUINT_TO_POINTER(ces_address_hash(&address)));
    }
    g_assert_cmpuint(g_hash_table_size(hashes), >, 990);
    g_hash_table_destroy(hashes);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one bad row must not hide the others */
    ROWS_ADD("address/network", good_networks, test_good_network);
    ROWS_ADD("address/refused", bad_networks, test_bad_network);
    g_test_add_func("/core/address/refused/length-in-message", test_length_in_message);
    g_test_add_func("/core/address/refused/invalid-utf8", test_invalid_utf8);
    g_test_add_func("/core/address/refused/long-text", test_long_text);
    ROWS_ADD("address/text", texts, test_text);
    g_test_add_func("/core/address/from-bytes", test_from_bytes);
    ROWS_ADD("address/network-text", good_networks, test_network_text);
    g_test_add_func("/core/address/network-text/longest", test_longest_network_text);
    g_test_add_func("/core/address/size", test_size);
    g_test_add_func("/core/address/in-nat64", test_in_nat64);
    g_test_add_func("/core/address/compare", test_compare);
    g_test_add_func("/core/address/hash", test_hash);
    return g_test_run();
}
