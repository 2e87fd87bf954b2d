/* test_name.c
 * Names as they are written, the zones that hold them, and what a first label
 * says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/name.h>

#include <string.h>

#include "rows.h"

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

typedef struct {
    const char *name;
    const char *text;
    const char *written; /* NULL: no host name */
} written_row;

static const written_row written_rows[] = {
    {"plain", "esa1.hc1234-56.iphmx.com", "esa1.hc1234-56.iphmx.com"},
    {"capitals", "ESA1.Hc1234-56.IPHMX.Com", "esa1.hc1234-56.iphmx.com"},
    {"trailing-dot", "iphmx.com.", "iphmx.com"},
    {"one-label", "mail", "mail"},
    {"underscore", "_dmarc.example.org", "_dmarc.example.org"},
    {"wildcard", "*.Example.org", "*.example.org"},
    {"number-first", "4.example.org", "4.example.org"},
    {"label-of-63", LABEL_63 ".org", LABEL_63 ".org"},
    {"empty", "", NULL},
    {"dot", ".", NULL},
    {"two-dots", "..", NULL},
    {"leading-dot", ".example.org", NULL},
    {"empty-label", "a..example.org", NULL},
    {"two-trailing-dots", "example.org..", NULL},
    {"label-of-64", LABEL_63 "4.org", NULL},
    {"too-long", LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, NULL},
    {"blank", "esa1 .iphmx.com", NULL},
    {"line-break", "esa1.iphmx.com\n", NULL},
    {"utf-8", "es\xc3\xa4.iphmx.com", NULL},
    {"star-alone", "*", NULL},
    {"star-dot", "*.", NULL},
    {"star-inside", "esa.*.com", NULL},
    {"star-in-label", "esa*.iphmx.com", NULL},
    {"two-stars", "*.*.com", NULL},
    {"ipv4", "192.0.2.1", NULL},
    {"ipv4-trailing-dot", "192.0.2.1.", NULL},
    {"number", "587", NULL},
    {"ipv6", "2001:db8::1", NULL},
    {"address-literal", "[192.0.2.1]", NULL},
    {"backslash", "esa1\\.iphmx.com", NULL},
};

static void
test_written(gconstpointer data)
{
    const written_row *row = data;
    char name[CES_NAME_SIZE];
    gboolean good = ces_name_write(row->text, strlen(row->text), name);

    g_assert_cmpint(good, ==, row->written != NULL);
    if (good)
        g_assert_cmpstr(name, ==, row->written);
}

/* The attack on certificates of 2009: a name that ends at its NUL for C. */
static void
test_nul_inside(void)
{
    static const char text[] = "esa1.iphmx.com\0.example.org";
    char name[CES_NAME_SIZE];

    g_assert_false(ces_name_write(text, sizeof text - 1, name));
    g_assert_false(ces_name_write("\0", 1, name));
}

/* The text need not be terminated. */
static void
test_only_length_counts(void)
{
    char name[CES_NAME_SIZE];

    g_assert_true(ces_name_write("iphmx.com.example.org", 9, name));
    g_assert_cmpstr(name, ==, "iphmx.com");
    g_assert_false(ces_name_write("iphmx", 0, name));
}

static void
test_longest(void)
{
    char name[CES_NAME_SIZE];
    GString *text = g_string_new(LABEL_63 "." LABEL_63 "." LABEL_63 ".");

    while (text->len < CES_NAME_SIZE - 1)
        g_string_append_c(text, 'x');
    g_assert_true(ces_name_write(text->str, text->len, name));
    g_assert_cmpstr(name, ==, text->str);
    g_string_append_c(text, 'x');
    g_assert_false(ces_name_write(text->str, text->len, name));
    g_string_free(text, TRUE);
}

/* --- zones ------------------------------------------------------------------ */

typedef struct {
    const char *name;
    const char *zones;
    const char *host;
    gboolean held;
} held_row;

static const held_row held_rows[] = {
    {"allocation", CES_ZONES_DEFAULT, "esa1.hc1234-56.iphmx.com", TRUE},
    {"region", CES_ZONES_DEFAULT, "esa1.hc1234-56.eu.iphmx.com", TRUE},
    {"second-zone", CES_ZONES_DEFAULT, "p3-ssh.r1.ces.cisco.com", TRUE},
    {"zone-itself", CES_ZONES_DEFAULT, "iphmx.com", TRUE},
    {"wildcard", CES_ZONES_DEFAULT, "*.iphmx.com", TRUE},
    {"part-of-label", CES_ZONES_DEFAULT, "notiphmx.com", FALSE},
    {"part-of-label-below", CES_ZONES_DEFAULT, "esa1.notiphmx.com", FALSE},
    {"hyphen", CES_ZONES_DEFAULT, "esa1.x-iphmx.com", FALSE},
    {"in-the-middle", CES_ZONES_DEFAULT, "iphmx.com.example.org", FALSE},
    {"parent", CES_ZONES_DEFAULT, "www.cisco.com", FALSE},
    {"tail-of-zone", CES_ZONES_DEFAULT, "com", FALSE},
    {"other", CES_ZONES_DEFAULT, "esa1.customer.example", FALSE},
    {"no-zones", "", "esa1.iphmx.com", FALSE},
    {"only-commas", " , ,", "esa1.iphmx.com", FALSE},
    {"capital-zone", "IPHMX.COM.", "esa1.iphmx.com", TRUE},
    {"blank-separated", "example.net\texample.org", "a.example.org", TRUE},
    {"other-zone-set", "example.net", "esa1.iphmx.com", FALSE},
};

static void
test_held(gconstpointer data)
{
    const held_row *row = data;
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_zones *zones = ces_zones_new(row->zones, refused);

    g_assert_cmpuint(refused->len, ==, 0);
    g_assert_cmpint(ces_zones_hold(zones, row->host), ==, row->held);
    ces_zones_free(zones);
    g_ptr_array_free(refused, TRUE);
}

static const struct {
    const char *name;
    const char *zone;
} bad_zones[] = {
    {"top-level", "com"},          {"leading-dot", ".iphmx.com"}, {"wildcard", "*.iphmx.com"},
    {"empty-label", "iphmx..com"}, {"semicolon", "a.org;b.org"},  {"address", "203.0.113.10"},
    {"network", "203.0.113.0/24"}, {"url", "https://iphmx.com"},  {"control", "iphmx.com\x01"},
};

/* The bad one is quoted, the good ones beside it count. */
static void
test_bad_zone(gconstpointer data)
{
    const char *const *name_and_zone = data;
    const char *zone = name_and_zone[1];
    char *list = g_strdup_printf("example.net, %s example.org", zone);
    char *quoted = g_strdup_printf("\"%s\"", zone);
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_zones *zones = ces_zones_new(list, refused);

    g_assert_cmpuint(refused->len, ==, 1);
    const GError *error = g_ptr_array_index(refused, 0);
    g_assert_error(error, CES_ERROR, CES_ERROR_ZONE);
    g_assert_nonnull(strstr(error->message, quoted));
    g_assert_true(ces_zones_hold(zones, "a.example.net"));
    g_assert_true(ces_zones_hold(zones, "a.example.org"));
    g_assert_false(ces_zones_hold(zones, "esa1.iphmx.com"));

    ces_zones_free(zones);
    ces_zones_free(ces_zones_new(list, NULL)); /* nobody listens */
    g_ptr_array_free(refused, TRUE);
    g_free(quoted);
    g_free(list);
}

/* --- appliances ------------------------------------------------------------- */

typedef struct {
    const char *name;
    ces_appliance appliance;
} appliance_row;

static const appliance_row appliance_rows[] = {
    {"esa.hc1234-56.iphmx.com", CES_APPLIANCE_ESA},
    {"esa1.hc1234-56.iphmx.com", CES_APPLIANCE_ESA},
    {"esa12.iphmx.com", CES_APPLIANCE_ESA},
    {"esa1", CES_APPLIANCE_ESA},
    {"mx1.hc1234-56.iphmx.com", CES_APPLIANCE_ESA},
    {"ob1.hc1234-56.iphmx.com", CES_APPLIANCE_ESA},
    {"dh1234-esa1.iphmx.com", CES_APPLIANCE_ESA},
    {"sma.hc1234-56.iphmx.com", CES_APPLIANCE_SMA},
    {"sma1.hc1234-56.iphmx.com", CES_APPLIANCE_SMA},
    {"dh1-sma22.iphmx.com", CES_APPLIANCE_SMA},
    {"f4-ssh.iphmx.com", CES_APPLIANCE_SSH_PROXY},
    {"f15-ssh.ap.iphmx.com", CES_APPLIANCE_SSH_PROXY},
    {"p3-ssh.r1.ces.cisco.com", CES_APPLIANCE_SSH_PROXY},
    {"esax.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"esa1x.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"esa-1.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"xesa1.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"mx.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"ob.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"dh-esa1.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"dh12-esa.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"dhx-sma1.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"f-ssh.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"f4-sshd.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"f4-ssh-esa1.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"www.esa1.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"*.hc1234-56.iphmx.com", CES_APPLIANCE_UNKNOWN},
    {"iphmx.com", CES_APPLIANCE_UNKNOWN},
};

static void
test_appliance(gconstpointer data)
{
    const appliance_row *row = data;

    g_assert_cmpint(ces_appliance_by_name(row->name), ==, row->appliance);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("name/written", written_rows, test_written);
    g_test_add_func("/core/name/nul-inside", test_nul_inside);
    g_test_add_func("/core/name/only-length-counts", test_only_length_counts);
    g_test_add_func("/core/name/longest", test_longest);
    ROWS_ADD("name/zones", held_rows, test_held);
    ROWS_ADD("name/bad-zones", bad_zones, test_bad_zone);
    ROWS_ADD("name/appliance", appliance_rows, test_appliance);
    return g_test_run();
}
