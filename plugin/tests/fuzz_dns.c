/* fuzz_dns.c
 * Fuzz target: whatever arrives as a DNS message, every name that is taken
 * from it is one that could be typed, and reading ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/dns.h"

#include <string.h>

#include "fuzz.h"

static void
check(const ces_address *address, const char *name, gboolean was_asked, gpointer data)
{
    char again[CES_NAME_SIZE], text[CES_ADDRESS_TEXT];
    guint *taken = (guint *)data;

    (void)was_asked;
    g_assert_true(ces_name_write(name, strlen(name), again));
    g_assert_cmpstr(again, ==, name);
    g_assert_nonnull(ces_address_text(address, text));
    ++*taken;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ces_dns_ledger *ledger;
    const ces_address client = {0, 1, FALSE}, server = {0, 2, FALSE};
    guint8 *exact = (guint8 *)g_memdup2(data, size);
    ces_dns_message message;
    guint taken = 0;

    if (!ledger)
        ledger = ces_dns_ledger_new();
    if (ces_dns_read(exact, size, &message)) {
        ces_dns_addresses(&message, check, &taken);
        ces_dns_ledger_ask(ledger, &message, &client, 1, &server);
        g_assert_true(ces_dns_ledger_answer(ledger, &message, &client, 1, &server));
    }
    g_assert_cmpuint(taken, <=, 128 * 16);
    g_free(exact);
    return 0;
}
