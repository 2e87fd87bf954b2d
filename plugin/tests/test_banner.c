/* test_banner.c
 * SMTP greetings, good and bad.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/banner.h"

#include <string.h>

#include "rows.h"

typedef struct {
    const char *name;
    const char *text;
    const char *host; /* NULL: names nobody */
} banner_row;

static const banner_row banner_rows[] = {
    {"asyncos", "220 esa1.hc1234-56.iphmx.com ESMTP\r\n", "esa1.hc1234-56.iphmx.com"},
    {"several-lines", "220-ESA1.example.org ESMTP\r\n220 \r\n", "esa1.example.org"},
    {"name-alone", "220 esa1.example.org\r\n", "esa1.example.org"},
    {"line-feed", "220 esa1.example.org\n", "esa1.example.org"},
    {"tab", "220 esa1.example.org\tESMTP", "esa1.example.org"},
    {"cut-off-after-blank", "220 esa1.example.org ", "esa1.example.org"},
    {"cut-off-in-name", "220 esa1.iphmx.com", NULL},
    {"empty", "", NULL},
    {"code-alone", "220", NULL},
    {"code-and-blank", "220 ", NULL},
    {"no-name", "220 \r\n", NULL},
    {"two-blanks", "220  esa1.example.org \r\n", NULL},
    {"tls-ready", "220 2.0.0 Ready to start TLS\r\n", NULL},
    {"refusal", "554 esa1.example.org\r\n", NULL},
    {"reply-to-ehlo", "250-esa1.example.org\r\n", NULL},
    {"masked", "220 ***************************\r\n", NULL},
    {"literal", "220 [192.0.2.1] ESMTP\r\n", NULL},
    {"other-code", "2200 esa1.example.org\r\n", NULL},
    {"client", "EHLO esa1.hc1234-56.iphmx.com\r\n", NULL},
};

static void
test_banner(gconstpointer data)
{
    const banner_row *row = data;
    char name[CES_NAME_SIZE];
    gboolean found = ces_banner_name((const guint8 *)row->text, strlen(row->text), name);

    g_assert_cmpint(found, ==, row->host != NULL);
    if (found)
        g_assert_cmpstr(name, ==, row->host);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("banner", banner_rows, test_banner);
    return g_test_run();
}
