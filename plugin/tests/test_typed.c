/* test_typed.c
 * Preferences, rows and hosts files as ces-report takes them from Wireshark's files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "typed.h"

#include <string.h>

#include "hosts.h"
#include "preference_file.h"

static void
append(const char *name, const char *value, gpointer data)
{
    g_string_append_printf((GString *)data, "%s=%s;", name, value);
}

static void
test_file(void)
{
    GString *read = g_string_new(NULL);

    ces_preference_file_read(
        "# a remark\n\nces.patience: 5\r\n#ces.x: 1\nlist:\n\t\"a\",\n \"b\"\n: none\nno colon\nlast: 9", append, read);
    g_assert_cmpstr(read->str, ==, "ces.patience=5;list=\"a\",\"b\";last=9;");
    g_string_free(read, TRUE);
}

static void
test_preferences(void)
{
    ces_typed typed;
    GError *error = NULL;

    ces_typed_init(&typed);
    g_assert_true(ces_typed_set(&typed, "patience", "9", NULL));
    g_assert_true(ces_typed_set(&typed, "sync_ports", "22,2200-2210", NULL));
    g_assert_true(ces_typed_set(&typed, "smtp_ports", "22", NULL)); /* another's: left out later */
    g_assert_true(ces_typed_set(&typed, "learn_names", "maybe", NULL));
    g_assert_false(typed.learn_names);
    g_assert_true(ces_typed_set(&typed, "info_column", "FALSE", NULL));
    g_assert_false(ces_typed_set(&typed, "patience", "+9", &error));
    g_assert_nonnull(strstr(error->message, "+9"));
    g_clear_error(&error);
    g_assert_false(ces_typed_set(&typed, "sync_ports", "22,x", &error));
    g_assert_nonnull(strstr(error->message, "\"x\""));
    g_clear_error(&error);
    g_assert_false(ces_typed_set(&typed, "nothing", "1", &error));
    g_assert_nonnull(strstr(error->message, "ces.nothing"));
    g_clear_error(&error);
    ces_settings *settings = ces_typed_settings(&typed, NULL);
    g_assert_cmpint(ces_ports_service(&settings->ports, 2205), ==, CES_SERVICE_SYNC);
    g_assert_cmpint(settings->patience, ==, 9 * CES_SECOND);
    ces_settings_unref(settings);
    ces_typed_clear(&typed);
}

static void
test_rows(void)
{
    ces_typed typed;
    GError *error = NULL;

    ces_typed_init(&typed);
    g_assert_true(ces_typed_add_row(&typed, "\"203.0.113.0/24\",\"cloud\",\"any\",\"DC\"", NULL));
    g_assert_false(ces_typed_add_row(&typed, "\"203.0.113.0/24\",\"external\",\"any\",\"x\"", &error));
    g_assert_nonnull(strstr(error->message, "203.0.113.0/24"));
    g_clear_error(&error);
    g_assert_false(ces_typed_add_row(&typed, "\"203.0.113.0/24\",\"clod\",\"any\",\"x\"", &error));
    g_assert_nonnull(strstr(error->message, "clod"));
    g_clear_error(&error);
    g_assert_cmpuint(typed.rows->len, ==, 1);
    ces_typed_clear(&typed);
}

/* --- hosts ------------------------------------------------------------------------ */

static char *
name_of(const ces_analysis *analysis, const char *address)
{
    ces_flow flow = {0};
    ces_party parties[2];
    ces_network network;

    g_assert_true(ces_network_parse(address, &network, NULL));
    flow.ends[0].address = flow.ends[1].address = network.prefix;
    ces_analysis_parties(analysis, &flow, parties);
    return g_strdup(parties[0].name);
}

static void
assert_name(const ces_analysis *analysis, const char *address, const char *expected)
{
    char *name = name_of(analysis, address);

    g_assert_cmpstr(name, ==, expected);
    g_free(name);
}

static void
test_hosts(void)
{
    ces_settings_text text = ces_settings_text_default();
    ces_settings *settings = ces_settings_new(&text, NULL);
    ces_analysis *analysis = ces_analysis_new(settings);
    ces_hosts *hosts = ces_hosts_new();
    ces_network late;

    ces_hosts_add_file(hosts, "# none\n192.0.2.1 a.example.com b.example.com\n192.0.2.2 c.example.com # 192.0.2.3 d\n"
                              "2001:db8::1\te.example.com\nnonsense f.example.com\n192.0.2.1\n");
    ces_hosts_add_file(hosts, "192.0.2.1 g.example.com\n");
    ces_name_records *records = ces_name_records_new(hosts, analysis);
    assert_name(analysis, "192.0.2.1", "g.example.com");
    assert_name(analysis, "192.0.2.2", "c.example.com");
    assert_name(analysis, "2001:db8::1", "e.example.com");

    /* Of the capture itself: before a packet that may teach, and not after it. */
    g_assert_true(ces_network_parse("192.0.2.8", &late, NULL));
    ces_name_records_add(&late.prefix, "h.example.com", records);
    ces_name_records_before_frame(records, TRUE);
    assert_name(analysis, "192.0.2.8", "h.example.com");
    g_assert_true(ces_network_parse("192.0.2.9", &late, NULL));
    ces_name_records_add(&late.prefix, "i.example.com", records);
    ces_name_records_before_frame(records, TRUE);
    ces_name_records_at_end(records);
    assert_name(analysis, "192.0.2.9", "");
    ces_name_records_free(records);
    ces_hosts_free(hosts);
    ces_analysis_free(analysis);
    ces_settings_unref(settings);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/typed/file", test_file);
    g_test_add_func("/typed/preferences", test_preferences);
    g_test_add_func("/typed/rows", test_rows);
    g_test_add_func("/typed/hosts", test_hosts);
    return g_test_run();
}
