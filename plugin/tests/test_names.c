/* test_names.c
 * Which of several names an address keeps, and which address is forgotten.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/names.h"

#include "rows.h"

#define CLOUD "esa1.hc1234-56.iphmx.com"
#define OTHER_CLOUD "sma1.hc1234-56.iphmx.com"
#define CLOUD_NO_TYPE "www.iphmx.com"
#define STRANGER "mail.example.org"

typedef struct {
    ces_zones *zones;
    ces_names *names;
} store;

static store
store_new(void)
{
    ces_zones *zones = ces_zones_new(CES_ZONES_DEFAULT, NULL);
    return (store){zones, ces_names_new(zones)};
}

static void
store_free(store *s)
{
    ces_names_free(s->names);
    ces_zones_free(s->zones);
}

static ces_address
address_number(guint number)
{
    return (ces_address){G_GUINT64_CONSTANT(0x20010db800000000), number, FALSE};
}

/* --- two names of one address ------------------------------------------------ */

typedef struct {
    const char *name;
    const char *first;
    ces_name_source first_source;
    const char *second;
    ces_name_source second_source;
    gboolean second_kept;
} rivals_row;

static const rivals_row rivals_rows[] = {
    {"first-stays", CLOUD, CES_SOURCE_DNS, OTHER_CLOUD, CES_SOURCE_DNS, FALSE},
    {"dns-over-hosts", CLOUD, CES_SOURCE_HOSTS, OTHER_CLOUD, CES_SOURCE_DNS, TRUE},
    {"hosts-over-certificate", CLOUD, CES_SOURCE_CERTIFICATE, OTHER_CLOUD, CES_SOURCE_HOSTS, TRUE},
    {"certificate-over-sni", CLOUD, CES_SOURCE_SNI, OTHER_CLOUD, CES_SOURCE_CERTIFICATE, TRUE},
    {"sni-over-wildcard", "*.iphmx.com", CES_SOURCE_WILDCARD, CLOUD, CES_SOURCE_SNI, TRUE},
    {"wildcard-over-banner", CLOUD, CES_SOURCE_BANNER, "*.iphmx.com", CES_SOURCE_WILDCARD, TRUE},
    {"banner-over-unasked", CLOUD, CES_SOURCE_DNS_UNASKED, OTHER_CLOUD, CES_SOURCE_BANNER, TRUE},
    {"unasked-after-banner", CLOUD, CES_SOURCE_BANNER, OTHER_CLOUD, CES_SOURCE_DNS_UNASKED, FALSE},
    {"cloud-over-better-source", STRANGER, CES_SOURCE_DNS, CLOUD, CES_SOURCE_BANNER, TRUE},
    {"unasked-cloud-after-asked", STRANGER, CES_SOURCE_DNS, CLOUD, CES_SOURCE_DNS_UNASKED, FALSE},
    {"unasked-cloud-after-hosts", STRANGER, CES_SOURCE_HOSTS, CLOUD, CES_SOURCE_DNS_UNASKED, FALSE},
    {"unasked-cloud-after-greeting", STRANGER, CES_SOURCE_BANNER, CLOUD, CES_SOURCE_DNS_UNASKED, FALSE},
    {"asked-over-unasked-cloud", CLOUD, CES_SOURCE_DNS_UNASKED, STRANGER, CES_SOURCE_DNS, TRUE},
    {"greeting-over-unasked-cloud", CLOUD, CES_SOURCE_DNS_UNASKED, STRANGER, CES_SOURCE_BANNER, TRUE},
    {"hosts-over-unasked-cloud", CLOUD, CES_SOURCE_DNS_UNASKED, STRANGER, CES_SOURCE_HOSTS, TRUE},
    {"unasked-first-stays", CLOUD, CES_SOURCE_DNS_UNASKED, OTHER_CLOUD, CES_SOURCE_DNS_UNASKED, FALSE},
    {"unasked-cloud-over-unasked", STRANGER, CES_SOURCE_DNS_UNASKED, CLOUD, CES_SOURCE_DNS_UNASKED, TRUE},
    {"cloud-of-hosts-over-asked", STRANGER, CES_SOURCE_DNS, CLOUD, CES_SOURCE_HOSTS, TRUE},
    {"hosts-first-stays", CLOUD, CES_SOURCE_HOSTS, OTHER_CLOUD, CES_SOURCE_HOSTS, FALSE},
    {"stranger-after-cloud", CLOUD, CES_SOURCE_BANNER, STRANGER, CES_SOURCE_DNS, FALSE},
    {"type-over-none", CLOUD_NO_TYPE, CES_SOURCE_DNS, CLOUD, CES_SOURCE_DNS, TRUE},
    {"none-after-type", CLOUD, CES_SOURCE_DNS, CLOUD_NO_TYPE, CES_SOURCE_DNS, FALSE},
    {"strangers-by-source", STRANGER, CES_SOURCE_BANNER, "www.example.org", CES_SOURCE_DNS, TRUE},
    {"strangers-first-stays", STRANGER, CES_SOURCE_DNS, "www.example.org", CES_SOURCE_DNS, FALSE},
    {"single-label-is-nothing", STRANGER, CES_SOURCE_BANNER, "esa1", CES_SOURCE_DNS, FALSE},
};

static void
test_rivals(gconstpointer data)
{
    const rivals_row *row = data;
    store s = store_new();
    ces_address address = address_number(1);
    ces_learned_name learned;

    ces_names_learn(s.names, &address, row->first, row->first_source, 1);
    g_assert_true(ces_names_find(s.names, &address, &learned));
    g_assert_cmpstr(learned.name, ==, row->first);
    ces_names_learn(s.names, &address, row->second, row->second_source, 2);
    g_assert_true(ces_names_find(s.names, &address, &learned));
    g_assert_cmpstr(learned.name, ==, row->second_kept ? row->second : row->first);
    g_assert_cmpuint(learned.frame, ==, row->second_kept ? 2 : 1);
    g_assert_cmpint(learned.basis, ==, ces_basis_of_source(row->second_kept ? row->second_source : row->first_source));
    store_free(&s);
}

static void
test_learned(void)
{
    store s = store_new();
    ces_address address = address_number(1);
    ces_learned_name learned;

    g_assert_false(ces_names_find(s.names, &address, &learned));
    ces_names_learn(s.names, &address, OTHER_CLOUD, CES_SOURCE_CERTIFICATE, 7);
    g_assert_true(ces_names_find(s.names, &address, &learned));
    g_assert_true(learned.in_cloud_zone);
    g_assert_cmpint(learned.appliance, ==, CES_APPLIANCE_SMA);
    g_assert_cmpint(learned.basis, ==, CES_BASIS_TLS);
    store_free(&s);
}

/* A first label means nothing outside the zones. */
static void
test_stranger_has_no_type(void)
{
    store s = store_new();
    ces_address address = address_number(1);
    ces_learned_name learned;

    ces_names_learn(s.names, &address, "sma1.example.org", CES_SOURCE_DNS, 7);
    g_assert_true(ces_names_find(s.names, &address, &learned));
    g_assert_false(learned.in_cloud_zone);
    g_assert_cmpint(learned.appliance, ==, CES_APPLIANCE_UNKNOWN);
    store_free(&s);
}

/* A host behind NAT64 is the host whose address is in its own. */
static void
test_nat64(void)
{
    store s = store_new();
    ces_address behind = {G_GUINT64_CONSTANT(0x64ff9b00000000), 0xcb007114, FALSE}, ipv4 = {0, 0xcb007114, TRUE};
    ces_address same_number = {0, 0xcb007114, FALSE};
    ces_learned_name learned;

    ces_names_learn(s.names, &ipv4, CLOUD, CES_SOURCE_DNS, 1);
    g_assert_true(ces_names_find(s.names, &behind, &learned));
    g_assert_cmpstr(learned.name, ==, CLOUD);
    g_assert_false(ces_names_find(s.names, &same_number, &learned));
    ces_names_learn(s.names, &behind, OTHER_CLOUD, CES_SOURCE_HOSTS, 0);
    g_assert_cmpuint(ces_names_count(s.names), ==, 2);
    g_assert_true(ces_names_find(s.names, &ipv4, &learned));
    g_assert_cmpstr(learned.name, ==, CLOUD);
    store_free(&s);
}

/* --- bounds ------------------------------------------------------------------ */

static void
learn_many(store *s, guint from, guint count, const char *name, ces_name_source source)
{
    for (guint i = 0; i < count; i++) {
        ces_address address = address_number(from + i);
        ces_names_learn(s->names, &address, name, source, i);
    }
}

static gboolean
is_known(store *s, guint number)
{
    ces_address address = address_number(number);
    ces_learned_name learned;

    return ces_names_find(s->names, &address, &learned);
}

/* Whoever looks, the same address is forgotten. */
static void
test_oldest_goes_first(void)
{
    for (int looks = 0; looks <= 1; looks++) {
        store s = store_new();

        learn_many(&s, 0, CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
        for (int i = 0; i < looks; i++)
            g_assert_true(is_known(&s, 0));
        learn_many(&s, CES_NAMES_KEPT, 1, CLOUD, CES_SOURCE_DNS);
        g_assert_false(is_known(&s, 0));
        g_assert_true(is_known(&s, 1));
        g_assert_true(is_known(&s, CES_NAMES_KEPT));
        g_assert_cmpuint(ces_names_count(s.names), ==, CES_NAMES_KEPT);
        store_free(&s);
    }
}

/* What is taught again stays longer, even if the name is no better. */
static void
test_taught_again(void)
{
    store s = store_new();

    learn_many(&s, 0, CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
    learn_many(&s, 0, 1, STRANGER, CES_SOURCE_BANNER);
    learn_many(&s, CES_NAMES_KEPT, 1, CLOUD, CES_SOURCE_DNS);
    g_assert_true(is_known(&s, 0));
    g_assert_false(is_known(&s, 1));
    store_free(&s);
}

static void
test_strangers_displace_no_cloud(void)
{
    store s = store_new();

    learn_many(&s, 0, 10, CLOUD, CES_SOURCE_DNS);
    learn_many(&s, 100, 3 * CES_NAMES_KEPT, STRANGER, CES_SOURCE_DNS);
    for (guint i = 0; i < 10; i++)
        g_assert_true(is_known(&s, i));
    g_assert_cmpuint(ces_names_count(s.names), ==, CES_NAMES_KEPT + 10);
    store_free(&s);
}

/* However many records come that nobody asked for, under whichever zone. */
static void
test_unasked_displace_nothing(void)
{
    store s = store_new();

    learn_many(&s, 0, 10, CLOUD, CES_SOURCE_DNS);
    learn_many(&s, 10, 10, STRANGER, CES_SOURCE_DNS);
    learn_many(&s, 20, 10, STRANGER, CES_SOURCE_HOSTS);
    learn_many(&s, 100, 3 * CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS_UNASKED);
    learn_many(&s, 100, 3 * CES_NAMES_KEPT, STRANGER, CES_SOURCE_DNS_UNASKED);
    for (guint i = 0; i < 30; i++)
        g_assert_true(is_known(&s, i));
    g_assert_cmpuint(ces_names_count(s.names), <=, 2 * CES_NAMES_UNASKED_KEPT + 30);
    store_free(&s);
}

/* Hosts come in no order that means anything: the first ones stay, and what
 * the capture brings displaces none of them. */
static void
test_hosts_stay(void)
{
    store s = store_new();

    learn_many(&s, 0, CES_NAMES_KEPT + 1, STRANGER, CES_SOURCE_HOSTS);
    learn_many(&s, 100000, 1, CLOUD, CES_SOURCE_HOSTS);
    g_assert_true(is_known(&s, 0));
    g_assert_true(is_known(&s, CES_NAMES_KEPT - 1));
    g_assert_false(is_known(&s, CES_NAMES_KEPT));
    g_assert_true(is_known(&s, 100000));
    learn_many(&s, 0, CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
    learn_many(&s, 200000, CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
    for (guint i = 0; i < CES_NAMES_KEPT; i++)
        g_assert_true(is_known(&s, i));
    store_free(&s);
}

/* A stranger that turns out to be a cloud host moves to the other queue. */
static void
test_promotion(void)
{
    store s = store_new();

    learn_many(&s, 0, CES_NAMES_KEPT, STRANGER, CES_SOURCE_DNS);
    learn_many(&s, 0, CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
    g_assert_cmpuint(ces_names_count(s.names), ==, CES_NAMES_KEPT);
    learn_many(&s, CES_NAMES_KEPT, CES_NAMES_KEPT, STRANGER, CES_SOURCE_DNS);
    g_assert_cmpuint(ces_names_count(s.names), ==, 2 * CES_NAMES_KEPT);
    learn_many(&s, CES_NAMES_KEPT, CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
    g_assert_cmpuint(ces_names_count(s.names), ==, CES_NAMES_KEPT);
    store_free(&s);
}

/* Hosts keep their place, so a stranger among them whose better name finds no
 * room keeps the one it has. */
static void
test_promotion_without_room(void)
{
    store s = store_new();
    ces_address address = address_number(100000);
    ces_learned_name learned;

    learn_many(&s, 0, CES_NAMES_KEPT, CLOUD, CES_SOURCE_HOSTS);
    learn_many(&s, 100000, 1, STRANGER, CES_SOURCE_HOSTS);
    learn_many(&s, 100000, 1, CLOUD, CES_SOURCE_HOSTS);
    g_assert_true(ces_names_find(s.names, &address, &learned));
    g_assert_cmpstr(learned.name, ==, STRANGER);
    g_assert_cmpuint(ces_names_count(s.names), ==, CES_NAMES_KEPT + 1);
    store_free(&s);
}

/* A name once shown stays readable when its address is forgotten or renamed. */
static void
test_text_outlives_entry(void)
{
    store s = store_new();
    ces_address address = address_number(0);
    ces_learned_name before, after;

    ces_names_learn(s.names, &address, STRANGER, CES_SOURCE_BANNER, 1);
    g_assert_true(ces_names_find(s.names, &address, &before));
    ces_names_learn(s.names, &address, CLOUD, CES_SOURCE_BANNER, 2);
    g_assert_true(ces_names_find(s.names, &address, &after));
    learn_many(&s, 1, 2 * CES_NAMES_KEPT, CLOUD, CES_SOURCE_DNS);
    g_assert_false(is_known(&s, 0));
    g_assert_cmpstr(before.name, ==, STRANGER);
    g_assert_cmpstr(after.name, ==, CLOUD);
    store_free(&s);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("names/rivals", rivals_rows, test_rivals);
    g_test_add_func("/core/names/learned", test_learned);
    g_test_add_func("/core/names/stranger-has-no-type", test_stranger_has_no_type);
    g_test_add_func("/core/names/nat64", test_nat64);
    g_test_add_func("/core/names/taught-again", test_taught_again);
    g_test_add_func("/core/names/unasked-displace-nothing", test_unasked_displace_nothing);
    g_test_add_func("/core/names/hosts-stay", test_hosts_stay);
    g_test_add_func("/core/names/promotion-without-room", test_promotion_without_room);
    g_test_add_func("/core/names/oldest-goes-first", test_oldest_goes_first);
    g_test_add_func("/core/names/strangers-displace-no-cloud", test_strangers_displace_no_cloud);
    g_test_add_func("/core/names/promotion", test_promotion);
    g_test_add_func("/core/names/text-outlives-entry", test_text_outlives_entry);
    return g_test_run();
}
