/* test_service.c
 * Ports and the services they carry.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/service.h>

#include <string.h>

#include "rows.h"

typedef struct {
    const char *name;
    ces_service service;
    const char *title_word;
    const char *functions; /* NULL when only their presence matters */
    const char *default_ports;
} about_row;

static const about_row about_rows[] = {
    {"sync", CES_SERVICE_SYNC, "", "Reporting, Message Tracking", "22"},
    {"spam-quarantine", CES_SERVICE_SPAM_QUARANTINE, "Spam Quarantine", NULL, "6025"},
    {"pvo-quarantine", CES_SERVICE_PVO_QUARANTINE, "Quarantine", NULL, "7025"},
    {"smtp", CES_SERVICE_SMTP, "", NULL, "25"},
    {"submission", CES_SERVICE_SUBMISSION, "", NULL, "587"},
};

static void
test_about(gconstpointer data)
{
    const about_row *row = data;
    const ces_service_facts *facts = ces_service_about(row->service);

    g_assert_nonnull(facts);
    g_assert_cmpstr(facts->title, !=, "");
    g_assert_nonnull(strstr(facts->title, row->title_word));
    g_assert_cmpstr(facts->functions, !=, "");
    if (row->functions != NULL)
        g_assert_cmpstr(facts->functions, ==, row->functions);
    g_assert_cmpstr(facts->default_ports, ==, row->default_ports);
    g_assert_cmpstr(facts->rule, !=, "");
}

static void
test_about_none(void)
{
    const ces_service_facts *facts = ces_service_about(CES_SERVICE_NONE);

    g_assert_nonnull(facts);
    g_assert_cmpstr(facts->title, ==, "");
    g_assert_cmpstr(facts->functions, ==, "");
    g_assert_cmpstr(facts->default_ports, ==, "");
    g_assert_cmpstr(facts->rule, ==, "");
    g_assert_true(ces_service_about(CES_SERVICE_COUNT) == facts);
    g_assert_true(ces_service_about((ces_service)250) == facts);
}

static ces_ports *
clear_ports(void)
{
    ces_ports *ports = g_new(ces_ports, 1);

    memset(ports, 0xee, sizeof *ports);
    ces_ports_clear(ports);
    return ports;
}

static void
test_clear(void)
{
    ces_ports *ports = clear_ports();

    for (guint port = 0; port <= 65535; port++)
        g_assert_cmpint(ces_ports_service(ports, (guint16)port), ==, CES_SERVICE_NONE);
    g_free(ports);
}

typedef struct {
    const char *name;
    guint16 low, high;
} range_row;

static const range_row ranges[] = {
    {"one-port", 22, 22},
    {"lowest", 0, 0},
    {"highest", 65535, 65535},
    {"some", 6025, 6030},
    {"up-to-the-highest", 65530, 65535},
    {"all", 0, 65535},
};

static void
test_assign(gconstpointer data)
{
    const range_row *range = data;
    ces_ports *ports = clear_ports();
    GError *error = NULL;

    g_assert_true(ces_ports_assign(ports, CES_SERVICE_SMTP, range->low, range->high, &error));
    g_assert_no_error(error);
    for (guint port = 0; port <= 65535; port++) {
        gboolean given = port >= range->low && port <= range->high;

        g_assert_cmpint(ces_ports_service(ports, (guint16)port), ==, given ? CES_SERVICE_SMTP : CES_SERVICE_NONE);
    }
    /* The same service once more is no conflict. */
    g_assert_true(ces_ports_assign(ports, CES_SERVICE_SMTP, range->low, range->high, &error));
    g_assert_no_error(error);
    g_free(ports);
}

static void
test_conflict(void)
{
    ces_ports *ports = clear_ports();
    GError *error = NULL;

    g_assert_true(ces_ports_assign(ports, CES_SERVICE_SMTP, 2525, 2526, NULL));
    g_assert_false(ces_ports_assign(ports, CES_SERVICE_SYNC, 2520, 2530, &error));
    g_assert_error(error, CES_ERROR, CES_ERROR_PORT);
    g_assert_nonnull(strstr(error->message, "2525"));
    g_assert_null(strstr(error->message, "2526"));
    g_clear_error(&error);
    for (guint16 port = 2520; port <= 2530; port++) {
        gboolean taken = port == 2525 || port == 2526;

        g_assert_cmpint(ces_ports_service(ports, port), ==, taken ? CES_SERVICE_SMTP : CES_SERVICE_SYNC);
    }
    g_assert_cmpint(ces_ports_service(ports, 2519), ==, CES_SERVICE_NONE);
    g_assert_cmpint(ces_ports_service(ports, 2531), ==, CES_SERVICE_NONE);
    g_free(ports);
}

static void
test_conflict_at_the_top(void)
{
    ces_ports *ports = clear_ports();
    GError *error = NULL;

    g_assert_true(ces_ports_assign(ports, CES_SERVICE_SMTP, 65535, 65535, &error));
    g_assert_false(ces_ports_assign(ports, CES_SERVICE_SYNC, 65534, 65535, &error));
    g_assert_error(error, CES_ERROR, CES_ERROR_PORT);
    g_assert_nonnull(strstr(error->message, "65535"));
    g_clear_error(&error);
    g_assert_cmpint(ces_ports_service(ports, 65534), ==, CES_SERVICE_SYNC);
    g_assert_cmpint(ces_ports_service(ports, 65535), ==, CES_SERVICE_SMTP);
    /* No one need listen. */
    g_assert_false(ces_ports_assign(ports, CES_SERVICE_SYNC, 65535, 65535, NULL));
    ces_ports_clear(ports);
    g_assert_cmpint(ces_ports_service(ports, 65535), ==, CES_SERVICE_NONE);
    g_free(ports);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one bad row must not hide the others */
    ROWS_ADD("service/about", about_rows, test_about);
    g_test_add_func("/core/service/about/none", test_about_none);
    g_test_add_func("/core/service/clear", test_clear);
    ROWS_ADD("service/assign", ranges, test_assign);
    g_test_add_func("/core/service/conflict", test_conflict);
    g_test_add_func("/core/service/conflict-at-the-top", test_conflict_at_the_top);
    return g_test_run();
}
