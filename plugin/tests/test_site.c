/* test_site.c
 * The site table against a search of every row, and the conclusions that are
 * drawn from rows and names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/site.h>

#include <string.h>

#include "rows.h"

static ces_site_row
row_of(const char *text, ces_site site, ces_appliance appliance, const char *name)
{
    ces_site_row row = {.site = site, .appliance = appliance, .name = name};

    g_assert_true(ces_network_parse(text, &row.network, NULL));
    return row;
}

static ces_address
address_of(const char *text)
{
    ces_network network;

    g_assert_true(ces_network_parse(text, &network, NULL));
    g_assert_cmpuint(network.length, ==, 128);
    return network.prefix;
}

/* Keeps the first `bits` bits, one by one. */
static ces_address
masked(ces_address address, guint bits)
{
    for (guint bit = bits; bit < 128; bit++) {
        if (bit < 64)
            address.high &= ~(G_GUINT64_CONSTANT(1) << (63 - bit));
        else
            address.low &= ~(G_GUINT64_CONSTANT(1) << (127 - bit));
    }
    return address;
}

static gboolean
same_address(ces_address a, ces_address b)
{
    return a.high == b.high && a.low == b.low && a.is_ipv4 == b.is_ipv4;
}

/* The first row of the longest prefix. */
static const ces_site_row *
searched(const ces_site_row *rows, gsize count, ces_address address)
{
    const ces_site_row *best = NULL;

    for (gsize i = 0; i < count; i++) {
        if (!same_address(masked(address, rows[i].network.length), rows[i].network.prefix))
            continue;
        if (best == NULL || rows[i].network.length > best->network.length)
            best = &rows[i];
    }
    return best;
}

static gsize
count_repeated(const ces_site_row *rows, gsize count)
{
    gsize repeated = 0;

    for (gsize i = 0; i < count; i++) {
        for (gsize j = 0; j < i; j++) {
            if (rows[i].network.length == rows[j].network.length &&
                same_address(rows[i].network.prefix, rows[j].network.prefix)) {
                repeated++;
                break;
            }
        }
    }
    return repeated;
}

static guint64
random_word(GRand *random)
{
    guint64 upper = g_rand_int(random);

    return upper << 32 | g_rand_int(random);
}

/* Both families, and few different values, so that networks nest, touch and
 * repeat. */
static ces_address
random_address(GRand *random)
{
    static const guint64 masks[] = {0x3, 0xff, 0xff00ff, 0xffffffff};
    guint64 mask = masks[g_rand_int_range(random, 0, G_N_ELEMENTS(masks))];
    ces_address address = {0, 0, FALSE};

    if (g_rand_boolean(random)) {
        address.low = 0xc0000200 ^ (random_word(random) & mask & G_MAXUINT32);
        address.is_ipv4 = g_rand_boolean(random) ? TRUE : FALSE; /* the same numbers in both families */
    } else {
        address.high = G_GUINT64_CONSTANT(0x20010db800000000) ^ (random_word(random) & mask);
        address.low = random_word(random) & mask;
        if (g_rand_int_range(random, 0, 20) == 0)
            address.high = random_word(random);
    }
    return address;
}

static ces_network
random_network(GRand *random)
{
    ces_address address = random_address(random);
    ces_network network;

    switch (g_rand_int_range(random, 0, 4)) {
    case 0:
        network.length = 128;
        break;
    case 1:
        network.length = (guint8)g_rand_int_range(random, 112, 129);
        break;
    default:
        network.length = (guint8)g_rand_int_range(random, address.is_ipv4 ? 96 : 0, 129);
        break;
    }
    network.prefix = masked(address, network.length);
    return network;
}

static ces_site_row *
random_rows(GRand *random, gsize count)
{
    ces_site_row *rows = g_new0(ces_site_row, count);

    for (gsize i = 0; i < count; i++) {
        rows[i].network = random_network(random);
        rows[i].site = g_rand_boolean(random) ? CES_SITE_CLOUD : CES_SITE_EXTERNAL;
        rows[i].appliance = (ces_appliance)g_rand_int_range(random, 0, CES_APPLIANCE_SSH_PROXY);
        rows[i].name = g_strdup_printf("row %" G_GSIZE_FORMAT, i);
    }
    return rows;
}

static void
free_rows(ces_site_row *rows, gsize count)
{
    for (gsize i = 0; i < count; i++)
        g_free((char *)rows[i].name);
    g_free(rows);
}

static void
assert_row(const ces_site_row *actual, const ces_site_row *expected)
{
    g_assert_cmpstr(actual == NULL ? "no row" : actual->name, ==, expected == NULL ? "no row" : expected->name);
    if (actual == NULL || expected == NULL)
        return;
    g_assert_cmpint(actual->site, ==, expected->site);
    g_assert_cmpint(actual->appliance, ==, expected->appliance);
    g_assert_cmpuint(actual->network.length, ==, expected->network.length);
    g_assert_true(same_address(actual->network.prefix, expected->network.prefix));
}

/* The addresses at which a search goes wrong: around the ends of a network. */
static void
check_edges(const ces_site_table *table, const ces_site_row *rows, gsize count, const ces_network *network)
{
    ces_address first = network->prefix, last = ces_network_last(network);
    ces_address before = first, after = last;

    if (network->prefix.is_ipv4) {
        before.low = (before.low - 1) & G_MAXUINT32;
        after.low = (after.low + 1) & G_MAXUINT32;
    } else {
        before.high -= before.low == 0;
        before.low--;
        after.low++;
        after.high += after.low == 0;
    }
    assert_row(ces_site_table_find(table, &first), searched(rows, count, first));
    assert_row(ces_site_table_find(table, &last), searched(rows, count, last));
    assert_row(ces_site_table_find(table, &before), searched(rows, count, before));
    assert_row(ces_site_table_find(table, &after), searched(rows, count, after));
}

typedef struct {
    const char *name;
    guint32 seed;
    gsize rows, lookups;
} random_case;

/* clang-format off */
static const random_case random_cases[] = {
    {"one-row", 1, 1, 50},       {"two-rows", 2, 2, 50},      {"few-rows", 3, 10, 200},
    {"some-rows", 4, 100, 1000}, {"more-rows", 5, 400, 2000}, {"many-rows", 6, 3000, 3000},
};
/* clang-format on */

static void
test_against_search(gconstpointer data)
{
    const random_case *work = data;
    GRand *random = g_rand_new_with_seed(work->seed);
    ces_site_row *rows = random_rows(random, work->rows);
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_site_table *table = ces_site_table_new(rows, work->rows, refused);

    g_assert_cmpuint(refused->len, ==, count_repeated(rows, work->rows));
    for (gsize i = 0; i < work->lookups; i++) {
        ces_address address = random_address(random);

        assert_row(ces_site_table_find(table, &address), searched(rows, work->rows, address));
    }
    for (gsize i = 0; i < MIN(work->rows, 500); i++)
        check_edges(table, rows, work->rows, &rows[i].network);
    ces_site_table_free(table);
    g_ptr_array_free(refused, TRUE);
    free_rows(rows, work->rows);
    g_rand_free(random);
}

/* Hundreds of small tables meet more shapes than one large one. */
static void
test_small_tables(void)
{
    GRand *random = g_rand_new_with_seed(20);

    for (int round = 0; round < 500 && !g_test_failed(); round++) {
        gsize count = (gsize)g_rand_int_range(random, 1, 12);
        ces_site_row *rows = random_rows(random, count);
        ces_site_table *table = ces_site_table_new(rows, count, NULL);

        for (gsize i = 0; i < count; i++)
            check_edges(table, rows, count, &rows[i].network);
        ces_site_table_free(table);
        free_rows(rows, count);
    }
    g_rand_free(random);
}

typedef struct {
    const char *name;
    const char *address;
    const char *row; /* "" for none */
} lookup_row;

static const lookup_row lookups[] = {
    {"nested-innermost", "192.0.2.7", "host"},
    {"nested-before-the-host", "192.0.2.6", "half"},
    {"nested-after-the-host", "192.0.2.8", "half"},
    {"nested-outer", "192.0.2.200", "whole"},
    {"adjacent", "192.0.3.0", "next"},
    {"adjacent-end", "192.0.2.255", "whole"},
    {"ipv4-default", "198.51.100.1", "ipv4"},
    {"ipv4-lowest", "0.0.0.0", "ipv4"},
    {"ipv4-highest", "255.255.255.255", "ipv4"},
    {"mapped-on-the-wire-is-another-host", "::ffff:192.0.2.7", ""},
    {"same-number-in-ipv6", "::192.0.2.7", ""},
    {"ipv6", "2001:db8::1", "documentation"},
    {"ipv6-inner", "2001:db8:0:1::", "subnet"},
    {"ipv6-inner-end", "2001:db8:0:1:ffff:ffff:ffff:ffff", "subnet"},
    {"ipv6-after-inner", "2001:db8:0:2::", "documentation"},
    {"ipv6-outside", "2001:db9::", ""},
    {"ipv6-before", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", ""},
    {"ipv6-unspecified", "::", ""},
    {"just-before-ipv4", "::fffe:ffff:ffff", ""},
    {"just-after-ipv4", "::1:0:0:0", ""},
};

static void
test_lookup(gconstpointer data)
{
    const lookup_row *row = data;
    const ces_site_row rows[] = {
        row_of("0.0.0.0/0", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "ipv4"),
        row_of("192.0.2.7", CES_SITE_CLOUD, CES_APPLIANCE_SMA, "host"),
        row_of("192.0.2.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "whole"),
        row_of("192.0.2.0/25", CES_SITE_EXTERNAL, CES_APPLIANCE_ESA, "half"),
        row_of("192.0.3.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "next"),
        row_of("2001:db8:0:1::/64", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "subnet"),
        row_of("2001:db8::/32", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "documentation"),
    };
    ces_address address = address_of(row->address);
    ces_site_table *table = ces_site_table_new(rows, G_N_ELEMENTS(rows), NULL);
    const ces_site_row *found = ces_site_table_find(table, &address);

    g_assert_cmpstr(found == NULL ? "" : found->name, ==, row->row);
    ces_site_table_free(table);
}

/* What stands in the table beside "::/0", and what it says to addresses of both
 * families and between them. */
static const lookup_row families[] = {
    {"ipv4-in-a-row", "203.0.113.9", "ipv4"},
    {"ipv4-in-no-row", "198.51.100.9", ""},
    {"ipv6", "2001:db8::9", "ipv6"},
    {"ipv6-lower-half", "::9", "lower"},
    {"mapped", "::ffff:203.0.113.9", "mapped"},
    {"mapped-in-no-narrower-row", "::ffff:198.51.100.9", "lower"},
    {"nat64-in-a-row", "64:ff9b::203.0.113.9", "ipv4"},
    {"nat64-in-a-row-of-its-own", "64:ff9b::203.0.113.77", "nat64"},
    {"nat64-tie", "64:ff9b::192.0.2.1", "nat64 network"},
    {"nat64-in-no-row", "64:ff9b::198.51.100.9", "lower"},
    {"not-nat64", "64:ff9b:1::203.0.113.9", "lower"},
    {"nat64-of-another-row", "64:ff9b::cb00:7200", "lower"},
};

static void
test_families(gconstpointer data)
{
    const lookup_row *row = data;
    const ces_site_row rows[] = {
        row_of("::/0", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "ipv6"),
        row_of("::/1", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "lower"),
        row_of("2000::/3", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "ipv6"),
        row_of("203.0.113.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "ipv4"),
        row_of("::ffff:203.0.113.0/120", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "mapped"),
        row_of("64:ff9b::203.0.113.77", CES_SITE_EXTERNAL, CES_APPLIANCE_ESA, "nat64"),
        row_of("192.0.2.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "ipv4 network"),
        row_of("64:ff9b::192.0.2.0/120", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "nat64 network"),
    };
    ces_address address = address_of(row->address);
    ces_site_table *table = ces_site_table_new(rows, G_N_ELEMENTS(rows), NULL);
    const ces_site_row *found = ces_site_table_find(table, &address);

    g_assert_cmpstr(found == NULL ? "" : found->name, ==, row->row);
    ces_site_table_free(table);
}

/* The widest row of each family ends where the family ends. */
static void
test_everything(void)
{
    const ces_site_row rows[] = {
        row_of("::/0", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "ipv6"),
        row_of("0.0.0.0/0", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "ipv4"),
    };
    const char *const ipv4[] = {"0.0.0.0", "192.0.2.1", "255.255.255.255"};
    const char *const ipv6[] = {"::", "::ffff:192.0.2.1", "::1:0:0:0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};

    for (gsize count = 0; count <= 2; count++) {
        ces_site_table *table = ces_site_table_new(rows, count, NULL);
        ces_site_table *ipv4_alone = ces_site_table_new(rows + 1, 1, NULL);

        for (gsize i = 0; i < G_N_ELEMENTS(ipv4); i++) {
            ces_address address = address_of(ipv4[i]);
            assert_row(ces_site_table_find(table, &address), count > 1 ? &rows[1] : NULL);
            assert_row(ces_site_table_find(ipv4_alone, &address), &rows[1]);
        }
        for (gsize i = 0; i < G_N_ELEMENTS(ipv6); i++) {
            ces_address address = address_of(ipv6[i]);
            assert_row(ces_site_table_find(table, &address), count > 0 ? &rows[0] : NULL);
            assert_row(ces_site_table_find(ipv4_alone, &address), NULL);
        }
        ces_site_table_free(table);
        ces_site_table_free(ipv4_alone);
    }
}

static void
test_empty(void)
{
    ces_site_table *table = ces_site_table_new(NULL, 0, NULL);
    ces_address address = address_of("192.0.2.1");

    g_assert_null(ces_site_table_find(table, &address));
    g_assert_false(ces_site_table_has_cloud(table));
    ces_site_table_free(table);
}

static void
test_duplicates(void)
{
    const ces_site_row rows[] = {
        row_of("192.0.2.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "first"),
        row_of("2001:db8::/32", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "other"),
        row_of("192.0.2.0/24", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "second"),
        row_of("::ffff:192.0.2.0/120", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "third"),
        row_of("192.0.2.0/25", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, "half"),
    };
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_site_table *table = ces_site_table_new(rows, G_N_ELEMENTS(rows), refused);
    ces_address address = address_of("192.0.2.200");

    g_assert_cmpuint(refused->len, ==, 1);
    for (guint i = 0; i < refused->len; i++) {
        const GError *error = g_ptr_array_index(refused, i);

        g_assert_error(error, CES_ERROR, CES_ERROR_DUPLICATE);
        g_assert_nonnull(strstr(error->message, "192.0.2.0/24"));
        g_assert_nonnull(strstr(error->message, "first"));
    }
    g_assert_cmpstr(ces_site_table_find(table, &address)->name, ==, "first");
    ces_site_table_free(table);
    g_ptr_array_free(refused, TRUE);
}

static void
test_rows_are_copied(void)
{
    char name[] = "Data centre";
    ces_site_row row = row_of("192.0.2.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, name);
    ces_site_table *table = ces_site_table_new(&row, 1, NULL);
    ces_address address = address_of("192.0.2.1");

    memset(name, 'x', sizeof name - 1);
    memset(&row, 0xee, sizeof row);
    g_assert_cmpstr(ces_site_table_find(table, &address)->name, ==, "Data centre");
    ces_site_table_free(table);
}

static void
test_names_are_clean(void)
{
    ces_site_row row = row_of("192.0.2.0/24", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN,
                              "M\xc3\xbcnchen \xe2\x80\xae"
                              "evil\x1b[31m\xe2\x80\x8b\xff");
    ces_site_table *table = ces_site_table_new(&row, 1, NULL);
    ces_address address = address_of("192.0.2.1");

    g_assert_cmpstr(ces_site_table_find(table, &address)->name, ==, "M\xc3\xbcnchen .evil.[31m.\xef\xbf\xbd");
    ces_site_table_free(table);
}

static void
test_ten_thousand(void)
{
    enum { COUNT = 10000 };
    ces_site_row *rows = g_new0(ces_site_row, COUNT);
    ces_site_table *table;

    for (guint i = 0; i < COUNT; i++) {
        rows[i].network.prefix = (ces_address){0, 0x0a000000 + (guint64)i * 4, TRUE};
        rows[i].network.length = 127;
        rows[i].site = CES_SITE_EXTERNAL;
        rows[i].name = "";
    }
    rows[COUNT - 1].site = CES_SITE_CLOUD;
    table = ces_site_table_new(rows, COUNT, NULL);
    g_assert_true(ces_site_table_has_cloud(table));
    for (guint i = 0; i < COUNT * 4; i++) {
        ces_address address = {0, 0x0a000000 + i, TRUE};
        const ces_site_row *found = ces_site_table_find(table, &address);

        g_assert_true((found != NULL) == (i % 4 < 2));
        if (found != NULL)
            g_assert_cmphex(found->network.prefix.low, ==, address.low & ~G_GUINT64_CONSTANT(1));
    }
    ces_site_table_free(table);
    g_free(rows);
}

static void
test_has_cloud(void)
{
    const ces_site_row rows[] = {
        row_of("192.0.2.0/24", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, ""),
        row_of("192.0.2.0/25", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, ""),
        row_of("192.0.2.0/26", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN, ""),
    };
    ces_site_table *with = ces_site_table_new(rows, 3, NULL);
    ces_site_table *without = ces_site_table_new(rows, 1, NULL);

    g_assert_true(ces_site_table_has_cloud(with));
    g_assert_false(ces_site_table_has_cloud(without));
    ces_site_table_free(with);
    ces_site_table_free(without);
}

/* What is known of an end, in one letter or two: a row and a learned name. */
typedef struct {
    const char *row;     /* "" or "cloud", "external", with "sma", "esa", and "named" */
    const char *learned; /* "" or the name; esaN/smaN under iphmx.com is in a cloud zone */
    const char *party;   /* "site appliance basis name" */
} end_row;

typedef struct {
    const char *name;
    gboolean table_has_cloud;
    end_row ends[2];
} party_row;

/* clang-format off */
static const party_row party_rows[] = {
    {"both-unknown", FALSE, {{"", "", "unknown unknown none "}, {"", "", "unknown unknown none "}}},
    {"both-unlisted", TRUE, {{"", "", "external unknown unlisted "}, {"", "", "external unknown unlisted "}}},
    {"row-and-unlisted", TRUE, {{"cloud", "", "cloud unknown configured "}, {"", "", "external unknown unlisted "}}},
    {"row-alone-decides-the-other", FALSE,
     {{"cloud", "", "cloud unknown configured "}, {"", "", "external unknown unlisted "}}},
    {"external-row-decides-nothing-else", FALSE,
     {{"external", "", "external unknown configured "}, {"", "", "unknown unknown none "}}},
    {"external-row-and-unlisted", TRUE,
     {{"external", "", "external unknown configured "}, {"", "", "external unknown unlisted "}}},
    {"both-rows", TRUE,
     {{"cloud sma named", "", "cloud sma configured Row"}, {"external esa", "", "external esa configured "}}},
    {"both-rows-cloud", TRUE, {{"cloud", "", "cloud unknown configured "}, {"cloud", "", "cloud unknown configured "}}},
    {"name-in-a-zone", FALSE,
     {{"", "sma1.hc1234-56.iphmx.com", "cloud sma dns sma1.hc1234-56.iphmx.com"},
      {"", "", "external unknown unlisted "}}},
    {"name-in-a-zone-beats-absence", TRUE,
     {{"", "esa1.hc1234-56.iphmx.com", "cloud esa dns esa1.hc1234-56.iphmx.com"},
      {"", "", "external unknown unlisted "}}},
    {"names-in-a-zone-at-both-ends", FALSE,
     {{"", "esa1.hc1234-56.iphmx.com", "cloud esa dns esa1.hc1234-56.iphmx.com"},
      {"", "sma1.hc1234-56.iphmx.com", "cloud sma dns sma1.hc1234-56.iphmx.com"}}},
    {"row-beats-name", TRUE,
     {{"external named", "sma1.hc1234-56.iphmx.com", "external sma configured Row"},
      {"", "", "external unknown unlisted "}}},
    {"row-beats-name-without-cloud-rows", FALSE,
     {{"external named", "sma1.hc1234-56.iphmx.com", "external sma configured Row"},
      {"", "", "unknown unknown none "}}},
    {"type-of-the-row-beats-the-name", TRUE,
     {{"cloud esa", "sma1.hc1234-56.iphmx.com", "cloud esa configured sma1.hc1234-56.iphmx.com"},
      {"", "", "external unknown unlisted "}}},
    {"type-any-leaves-it-to-the-name", TRUE,
     {{"cloud", "sma1.hc1234-56.iphmx.com", "cloud sma configured sma1.hc1234-56.iphmx.com"},
      {"", "", "external unknown unlisted "}}},
    {"name-elsewhere-is-shown-only", FALSE,
     {{"", "esa1.example.com", "unknown unknown none esa1.example.com"}, {"", "", "unknown unknown none "}}},
    {"name-elsewhere-with-cloud-rows", TRUE,
     {{"", "esa1.example.com", "external unknown unlisted esa1.example.com"}, {"", "", "external unknown unlisted "}}},
    {"name-elsewhere-gives-no-type", TRUE,
     {{"cloud", "esa1.example.com", "cloud unknown configured esa1.example.com"},
      {"", "", "external unknown unlisted "}}},
    {"name-elsewhere-opposite-a-cloud-name", FALSE,
     {{"", "esa1.example.com", "external unknown unlisted esa1.example.com"},
      {"", "sma1.hc1234-56.iphmx.com", "cloud sma dns sma1.hc1234-56.iphmx.com"}}},
    {"row-name-beats-name-elsewhere", TRUE,
     {{"external sma named", "esa1.example.com", "external sma configured Row"},
      {"cloud", "", "cloud unknown configured "}}},
    {"jump-host", FALSE,
     {{"", "f4-ssh.iphmx.com", "cloud ssh_proxy dns f4-ssh.iphmx.com"}, {"", "", "external unknown unlisted "}}},
    {"nothing-learned", TRUE,
     {{"", "nothing", "external unknown unlisted "}, {"cloud", "nothing", "cloud unknown configured "}}},
};
/* clang-format on */

static const ces_site_row *
described_row(const char *text, ces_site_row *row)
{
    if (*text == '\0')
        return NULL;
    *row = row_of("192.0.2.0/24", strstr(text, "cloud") ? CES_SITE_CLOUD : CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN,
                  strstr(text, "named") ? "Row" : "");
    if (strstr(text, "sma"))
        row->appliance = CES_APPLIANCE_SMA;
    else if (strstr(text, "esa"))
        row->appliance = CES_APPLIANCE_ESA;
    return row;
}

static const ces_learned_name *
described_name(const char *text, ces_learned_name *learned)
{
    *learned = (ces_learned_name){.name = NULL};
    if (*text == '\0')
        return NULL;
    if (strcmp(text, "nothing") == 0)
        return learned;
    learned->name = text;
    learned->basis = CES_BASIS_DNS;
    learned->in_cloud_zone = g_str_has_suffix(text, ".iphmx.com");
    if (g_str_has_prefix(text, "esa"))
        learned->appliance = CES_APPLIANCE_ESA;
    else if (g_str_has_prefix(text, "sma"))
        learned->appliance = CES_APPLIANCE_SMA;
    else if (strstr(text, "-ssh."))
        learned->appliance = CES_APPLIANCE_SSH_PROXY;
    return learned;
}

static void
assert_party(const ces_party *party, const char *expected)
{
    char *text = g_strdup_printf("%s %s %s %s", ces_site_token(party->site), ces_appliance_token(party->appliance),
                                 ces_basis_token(party->basis), party->name);

    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void
test_parties(gconstpointer data)
{
    const party_row *row = data;
    ces_site_row rows[2];
    ces_learned_name names[2];
    ces_party parties[2];

    for (int turned = 0; turned <= 1; turned++) {
        const end_row *ends[2] = {&row->ends[turned], &row->ends[!turned]};
        const ces_site_row *row_of_end[2] = {described_row(ends[0]->row, &rows[0]),
                                             described_row(ends[1]->row, &rows[1])};
        const ces_learned_name *name_of_end[2] = {described_name(ends[0]->learned, &names[0]),
                                                  described_name(ends[1]->learned, &names[1])};

        memset(parties, 0xee, sizeof parties);
        ces_parties_resolve(row_of_end, name_of_end, row->table_has_cloud, parties);
        for (int end = 0; end < 2; end++) {
            const ces_party *party = &parties[end];
            gboolean in_zone = name_of_end[end] != NULL && name_of_end[end]->in_cloud_zone;

            assert_party(party, ends[end]->party);
            g_assert_cmpstr(party->learned.name, ==, name_of_end[end] != NULL ? name_of_end[end]->name : NULL);
            g_assert_cmpint(ces_party_in_conflict(party), ==, g_str_has_prefix(ends[end]->row, "external") && in_zone);
        }
    }
}

/* Every source of a name is reported as the basis it is. */
static void
test_bases(void)
{
    const ces_basis bases[] = {CES_BASIS_DNS, CES_BASIS_TLS, CES_BASIS_SMTP, CES_BASIS_HOSTS};
    const ces_site_row *const rows[2] = {NULL, NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(bases); i++) {
        ces_learned_name learned = {.name = "mx1.hc1234-56.iphmx.com",
                                    .basis = bases[i],
                                    .frame = 7,
                                    .in_cloud_zone = TRUE,
                                    .appliance = CES_APPLIANCE_ESA};
        const ces_learned_name *const names[2] = {NULL, &learned};
        ces_party parties[2];

        ces_parties_resolve(rows, names, FALSE, parties);
        g_assert_cmpint(parties[1].basis, ==, bases[i]);
        g_assert_cmpint(parties[1].site, ==, CES_SITE_CLOUD);
        g_assert_cmpuint(parties[1].learned.frame, ==, 7);
        g_assert_false(ces_party_in_conflict(&parties[1]));
        g_assert_cmpint(parties[0].basis, ==, CES_BASIS_UNLISTED);
        g_assert_cmpint(parties[0].site, ==, CES_SITE_EXTERNAL);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one bad row must not hide the others */
    ROWS_ADD("site/against-search", random_cases, test_against_search);
    g_test_add_func("/core/site/small-tables", test_small_tables);
    ROWS_ADD("site/lookup", lookups, test_lookup);
    ROWS_ADD("site/families", families, test_families);
    g_test_add_func("/core/site/everything", test_everything);
    g_test_add_func("/core/site/empty", test_empty);
    g_test_add_func("/core/site/duplicates", test_duplicates);
    g_test_add_func("/core/site/rows-are-copied", test_rows_are_copied);
    g_test_add_func("/core/site/names-are-clean", test_names_are_clean);
    g_test_add_func("/core/site/ten-thousand", test_ten_thousand);
    g_test_add_func("/core/site/has-cloud", test_has_cloud);
    ROWS_ADD("site/parties", party_rows, test_parties);
    g_test_add_func("/core/site/bases", test_bases);
    return g_test_run();
}
