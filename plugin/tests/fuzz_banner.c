/* fuzz_banner.c
 * Fuzz target: whatever arrives as a greeting, or is typed as a list of zones,
 * gives names that could be typed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/banner.h"

#include <string.h>

#include "fuzz.h"

static void
check_zones(const char *list)
{
    GPtrArray *refused = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    ces_zones *zones = ces_zones_new(list, refused);

    for (guint i = 0; i < refused->len; i++) {
        const GError *error = (const GError *)g_ptr_array_index(refused, i);
        g_assert_error(error, CES_ERROR, CES_ERROR_ZONE);
    }
    ces_zones_hold(zones, "esa1.hc1234-56.iphmx.com");
    ces_zones_free(zones);
    g_ptr_array_free(refused, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint8 *exact = (guint8 *)g_memdup2(data, size);
    char name[CES_NAME_SIZE], again[CES_NAME_SIZE];
    char *list = g_strndup((const char *)data, size);

    if (ces_banner_name(exact, size, name)) {
        g_assert_true(ces_name_write(name, strlen(name), again));
        g_assert_cmpstr(again, ==, name);
        g_assert_cmpint(ces_appliance_by_name(name), <, CES_APPLIANCE_COUNT);
    }
    check_zones(list);
    g_free(list);
    g_free(exact);
    return 0;
}
