/* test_community_id.c
 * The flow hash against the published test vectors (community-id-spec,
 * baseline/baseline_deflt.json), and against what Wireshark's own Community ID
 * says of addresses for documentation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/community_id.h>

#include "connections.h"
#include "rows.h"

static const struct vector {
    const char *name;
    const char *a;
    guint16 a_port;
    const char *b;
    guint16 b_port;
    const char *id;
} vectors[] = {
    {"published, IPv4", "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {"published, IPv6", "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
     "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
    {"one host, two ports", "192.0.2.1", 50001, "192.0.2.1", 6025, "1:CLCqw23rbRvgnmCEZfxErNKQTwQ="},
    {"one host, one port", "192.0.2.1", 22, "192.0.2.1", 22, "1:iQgqwFUZexik4AhPSNlISa6BJUA="},
    {"a port of zero", "198.51.100.10", 0, "203.0.113.20", 65535, "1:F+JNI1poU7fkc7tZsGKlgHT1Kdo="},
    {"IPv6 of one host", "2001:db8::1", 50001, "2001:db8::1", 7025, "1:Spbjl7Xu4TKp1mLOepDs5hN5USk="},
    {"IPv6", "2001:db8::10", 50001, "2001:db8:ffff::20", 22, "1:ohZMfNTtXnGuREhSOmOJoxUo++Y="},
};

/* The same for both directions. */
static void
test_vector(gconstpointer data)
{
    const struct vector *row = (const struct vector *)data;
    ces_socket a = socket_at(row->a, row->a_port), b = socket_at(row->b, row->b_port);
    char text[CES_COMMUNITY_ID_TEXT];

    g_assert_cmpstr(ces_community_id(&a, &b, text), ==, row->id);
    g_assert_cmpstr(ces_community_id(&b, &a, text), ==, row->id);
}

/* IPv4 in IPv6 packets is hashed as IPv6, as everybody else sees it. */
static void
test_mapped(void)
{
    static const guint8 a[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
    static const guint8 b[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 2};
    ces_socket from = {ces_address_from_ipv6(a), 50001}, to = {ces_address_from_ipv6(b), 22};
    char text[CES_COMMUNITY_ID_TEXT];

    g_assert_cmpstr(ces_community_id(&from, &to, text), ==, "1:TMvs7kgFuLlj+69Aumrkg+zLOC4=");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("community_id", vectors, test_vector);
    g_test_add_func("/core/community_id/mapped", test_mapped);
    return g_test_run();
}
