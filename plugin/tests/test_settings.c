/* test_settings.c
 * What the user types: what is taken, and what is said of the rest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/settings.h>

#include <string.h>

#include "rows.h"

/* --- ports ------------------------------------------------------------------ */

typedef struct {
    const char *name;
    const char *typed;
    guint16 in[3], out[3]; /* ports that carry the service and that do not; 0 ends */
    const char *fault;     /* what is quoted, or NULL */
} port_row;

static const port_row port_rows[] = {
    {"one", "2222", {2222}, {22, 2221, 2223}, NULL},
    {"list", "22,2222", {22, 2222}, {23}, NULL},
    {"blanks", " 22 , 2222 ", {22, 2222}, {23}, NULL},
    {"range", "2200-2202", {2200, 2201, 2202}, {2199, 2203}, NULL},
    {"blanks-in-range", "2200 - 2202", {2200, 2202}, {2203}, NULL},
    {"up-to", "-3", {1, 3}, {4}, NULL},
    {"from", "65534-", {65534, 65535}, {65533}, NULL},
    {"empty", "", {0}, {22}, NULL},
    {"empty-part", "22,,23", {22, 23}, {24}, NULL},
    {"highest", "65535", {65535}, {65534}, NULL},
    {"too-high", "65536,22", {22}, {23}, "\"65536\""},
    {"backwards", "30-20,22", {22}, {20, 30}, "\"30-20\""},
    {"word", "ssh,22", {22}, {23}, "\"ssh\""},
    {"tail", "22x,23", {23}, {22}, "\"22x\""},
    {"huge", "99999999999999999999999", {0}, {22}, "\"99999999999999999999999\""},
    {"dash-alone", "-", {0}, {22}, "\"-\""},
    {"of-another-service", "22,25", {22}, {26}, "port 25 "},
};

static void
test_ports(gconstpointer data)
{
    const port_row *row = (const port_row *)data;
    ces_settings_text text = ces_settings_text_default();
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);

    /* The sync's ports are given away last in this test, so that 25 is taken. */
    text.ports[CES_SERVICE_SYNC] = strcmp(row->name, "of-another-service") == 0 ? "22" : row->typed;
    if (strcmp(row->name, "of-another-service") == 0)
        text.ports[CES_SERVICE_SUBMISSION] = "587,25";
    ces_settings *settings = ces_settings_new(&text, refused);
    for (int i = 0; i < 3 && row->in[i]; i++)
        g_assert_cmpint(ces_ports_service(&settings->ports, row->in[i]), ==, CES_SERVICE_SYNC);
    for (int i = 0; i < 3 && row->out[i]; i++)
        g_assert_cmpint(ces_ports_service(&settings->ports, row->out[i]), !=, CES_SERVICE_SYNC);
    g_assert_cmpuint(refused->len, ==, row->fault ? 1 : 0);
    if (row->fault)
        g_assert_nonnull(strstr(((const GError *)g_ptr_array_index(refused, 0))->message, row->fault));
    ces_settings_unref(settings);
    g_ptr_array_free(refused, TRUE);
}

static void
test_default(void)
{
    ces_settings_text text = ces_settings_text_default();
    ces_settings *settings = ces_settings_new(&text, NULL);

    g_assert_cmpint(ces_ports_service(&settings->ports, 22), ==, CES_SERVICE_SYNC);
    g_assert_cmpint(ces_ports_service(&settings->ports, 6025), ==, CES_SERVICE_SPAM_QUARANTINE);
    g_assert_cmpint(ces_ports_service(&settings->ports, 7025), ==, CES_SERVICE_PVO_QUARANTINE);
    g_assert_cmpint(ces_ports_service(&settings->ports, 25), ==, CES_SERVICE_SMTP);
    g_assert_cmpint(ces_ports_service(&settings->ports, 587), ==, CES_SERVICE_SUBMISSION);
    g_assert_cmpint(settings->patience, ==, 3 * CES_SECOND);
    g_assert_true(settings->learn_names);
    g_assert_true(ces_zones_hold(settings->zones, "esa1.hc0.iphmx.com"));
    g_assert_false(ces_site_table_has_cloud(settings->sites));
    g_assert_true(ces_settings_ref(settings) == settings);
    ces_settings_unref(settings);
    g_assert_cmpint(settings->patience, ==, 3 * CES_SECOND); /* one reference is left */
    ces_settings_unref(settings);
    ces_settings_unref(NULL);
}

/* --- rows of the site table ----------------------------------------------------- */

typedef struct {
    const char *name;
    const char *line;
    ces_site site;
    ces_appliance appliance;
    const char *host;  /* its name; NULL if the row is refused */
    const char *fault; /* what the message holds then */
} site_row;

static const site_row site_rows[] = {
    {"whole", "\"203.0.113.0/24\",\"cloud\",\"any\",\"my CES\"", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "my CES", NULL},
    {"blanks", " \"203.0.113.7\" , \"external\" , \"sma\" , \"\" \n", CES_SITE_EXTERNAL, CES_APPLIANCE_SMA, "", NULL},
    {"ipv6", "\"2001:db8::/32\",\"cloud\",\"esa\",\"six\"", CES_SITE_CLOUD, CES_APPLIANCE_ESA, "six", NULL},
    {"mapped", "\"::ffff:203.0.113.0/120\",\"cloud\",\"any\",\"four\"", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN, "four",
     NULL},
    {"escapes", "\"203.0.113.0/24\",\"cloud\",\"any\",\"a \\x22b\\x22, \\\"c\\\" \\\\\"", CES_SITE_CLOUD,
     CES_APPLIANCE_UNKNOWN, "a \"b\", \"c\" \\", NULL},
    {"misspelt-site", "\"203.0.113.0/24\",\"claud\",\"any\",\"\"", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL,
     "site \"claud\" is not cloud or external"},
    {"misspelt-appliance", "\"203.0.113.0/24\",\"cloud\",\"ESA\",\"\"", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL,
     "appliance \"ESA\" is not any, esa or sma"},
    {"bad-network", "\"203.0.113.7/24\",\"cloud\",\"any\",\"\"", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL,
     "203.0.113.7/24"},
    {"missing-column", "\"203.0.113.0/24\",\"cloud\",\"any\"", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL,
     "behind the column appliance"},
    {"column-too-many", "\"203.0.113.0/24\",\"cloud\",\"any\",\"\",\"x\"", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN,
     NULL, "behind the column name"},
    {"no-quotes", "203.0.113.0/24,cloud,any,x", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL, "the column network"},
    {"open-quotes", "\"203.0.113.0/24", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL, "the column network"},
    {"open-escape", "\"203.0.113.0/24\\", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL, "the column network"},
    {"empty", "", CES_SITE_UNKNOWN, CES_APPLIANCE_UNKNOWN, NULL, "the column network"},
};

static void
test_site(gconstpointer data)
{
    const site_row *row = (const site_row *)data;
    ces_site_row parsed = {.name = NULL};
    GError *error = NULL;
    gboolean good = ces_settings_parse_site(row->line, &parsed, &error);

    if (row->host) {
        g_assert_no_error(error);
        g_assert_true(good);
        g_assert_cmpint(parsed.site, ==, row->site);
        g_assert_cmpint(parsed.appliance, ==, row->appliance);
        g_assert_cmpstr(parsed.name, ==, row->host);
        g_assert_cmpint(ces_address_is_ipv4(&parsed.network.prefix), ==, strcmp(row->name, "ipv6") != 0);
        g_free((char *)parsed.name);
        return;
    }
    g_assert_false(good);
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, row->fault));
    g_error_free(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("settings/ports", port_rows, test_ports);
    ROWS_ADD("settings/site", site_rows, test_site);
    g_test_add_func("/core/settings/default", test_default);
    return g_test_run();
}
