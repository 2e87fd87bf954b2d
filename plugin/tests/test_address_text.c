/* test_address_text.c
 * Addresses as text, held against those of the system.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/address_text.h"

#ifdef _WIN32
#    include <ws2tcpip.h>
#else
#    include <arpa/inet.h>
#endif

#include "base/digits.h"

#include "rows.h"

static char *
put(const ces_address *address)
{
    char text[CES_ADDRESS_TEXT];

    return g_strndup(text, (gsize)(ces_put_address(text, address) - text));
}

static const struct writing {
    const char *name, *text;
} writings[] = {
    {"IPv4, one digit", "0.0.0.0"},
    {"IPv4, two digits", "10.99.10.99"},
    {"IPv4, three digits", "255.100.199.200"},
    {"nothing", "::"},
    {"the last one", "::1"},
    {"the first one", "1::"},
    {"run in between", "2001:db8::20"},
    {"one zero is no run", "2001:db8:0:1:1:1:1:1"},
    {"the longest run", "2001:0:0:1::1"},
    {"the first of two runs", "2001:db8::1:0:0:1"},
    {"run at the end", "2001:db8:1::"},
    {"no run", "2001:db8:1111:2222:3333:4444:5555:6666"},
    {"all digits", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"small groups", "a:b0:c00:d000:1:10:100:1000"},
    {"holds IPv4", "64:ff9b::c000:201"},
};

static void
test_writing(gconstpointer data)
{
    const struct writing *row = (const struct writing *)data;
    ces_network network;

    g_assert_true(ces_network_parse(row->text, &network, NULL));
    char *text = put(&network.prefix);
    g_assert_cmpstr(text, ==, row->text);
    g_free(text);
}

/* IPv4 in IPv6 packets stays what it was on the wire. */
static void
test_mapped(void)
{
    static const guint8 bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
    ces_address mapped = ces_address_from_ipv6(bytes), plain = ces_address_from_ipv4(bytes + 12);
    guint8 back[16];
    char text[CES_ADDRESS_TEXT];

    g_assert_cmpuint(ces_address_bytes(&mapped, back), ==, 16);
    g_assert_cmpmem(back, 16, bytes, 16);
    g_assert_cmpstr(ces_address_text(&mapped, text), ==, "::ffff:192.0.2.1");
    g_assert_cmpuint(ces_address_bytes(&plain, back), ==, 4);
    g_assert_cmpmem(back, 4, bytes + 12, 4);
    g_assert_cmpstr(ces_address_text(&plain, text), ==, "192.0.2.1");
}

/* Groups of every width, and zeros at every place. */
static void
test_as_the_system(void)
{
    static const guint16 groups[] = {0, 0, 0, 0x1, 0xffff, 0x10, 0x100, 0xabcd};
    char wanted[CES_ADDRESS_TEXT];

    for (guint i = 0; i < 200000; i++) {
        guint8 bytes[16];
        for (guint g = 0; g < 8; g++) {
            guint16 group = groups[g_test_rand_int_range(0, G_N_ELEMENTS(groups))];
            bytes[2 * g] = (guint8)(group >> 8);
            bytes[2 * g + 1] = (guint8)group;
        }
        ces_address address = i % 4 ? ces_address_from_ipv6(bytes) : ces_address_from_ipv4(bytes);
        g_assert_nonnull(inet_ntop(i % 4 ? AF_INET6 : AF_INET, bytes, wanted, sizeof wanted));
        char *text = put(&address);
        g_assert_cmpstr(text, ==, wanted);
        g_free(text);
    }
}

static void
test_numbers(void)
{
    char digits[CES_DIGITS], wanted[CES_DIGITS + 1];
    guint64 numbers[64 * 3];

    for (guint bit = 0; bit < 64; bit++) {
        numbers[3 * bit] = G_GUINT64_CONSTANT(1) << bit;
        numbers[3 * bit + 1] = numbers[3 * bit] - 1;
        numbers[3 * bit + 2] = G_MAXUINT64 - numbers[3 * bit];
    }
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_snprintf(wanted, sizeof wanted, "%" G_GUINT64_FORMAT, numbers[i]);
        gsize length = (gsize)(ces_put_number(digits, numbers[i]) - digits);
        g_assert_cmpmem(digits, length, wanted, strlen(wanted));
    }
    for (guint64 number = 1; number < G_GUINT64_CONSTANT(10000000000000000); number *= 10)
        for (guint64 near = number - 1; near <= number; near++) {
            g_snprintf(wanted, sizeof wanted, "%" G_GUINT64_FORMAT, near);
            gsize length = (gsize)(ces_put_number(digits, near) - digits);
            g_assert_cmpmem(digits, length, wanted, strlen(wanted));
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("address_text", writings, test_writing);
    g_test_add_func("/core/address_text/mapped", test_mapped);
    g_test_add_func("/core/address_text/as the system", test_as_the_system);
    g_test_add_func("/core/address_text/numbers", test_numbers);
    return g_test_run();
}
