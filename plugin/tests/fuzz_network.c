/* fuzz_network.c
 * Fuzz target: whatever is typed as a network is refused with a message, or
 * is a network that can be written down and read again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/address.h>
#include <ces/vocabulary.h>

#include "fuzz.h"

static void
assert_same_when_read_again(const ces_network *network)
{
    char text[CES_NETWORK_TEXT];
    ces_network again;

    g_assert_true(ces_network_parse(ces_network_text(network, text), &again, NULL));
    g_assert_true(ces_network_equal(&again, network));
}

static void
assert_sound(const ces_network *network)
{
    ces_address last = ces_network_last(network);
    guint64 high = network->prefix.high ^ last.high, low = network->prefix.low ^ last.low;
    guint first = ces_address_is_ipv4(&last) ? 96 : 0; /* where the number's bits begin */

    g_assert_cmpuint(ces_address_is_ipv4(&network->prefix), ==, ces_address_is_ipv4(&last));
    g_assert_cmpuint(network->length, >=, first);
    g_assert_cmpuint(network->length, <=, 128);
    g_assert_cmpuint(network->prefix.high & high, ==, 0);
    g_assert_cmpuint(network->prefix.low & low, ==, 0);
    for (guint bit = 0; bit < 128; bit++) {
        guint64 differs = bit < 64 ? high >> (63 - bit) & 1 : low >> (127 - bit) & 1;

        g_assert_cmpuint(differs, ==, bit >= network->length);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = g_strndup((const char *)data, size);
    ces_network network;
    GError *error = NULL;

    if (ces_network_parse(text, &network, &error)) {
        g_assert_no_error(error);
        assert_sound(&network);
        assert_same_when_read_again(&network);
    } else {
        g_assert_error(error, CES_ERROR, CES_ERROR_NETWORK);
        g_assert_cmpstr(error->message, !=, "");
        g_error_free(error);
    }
    g_free(text);
    return 0;
}
