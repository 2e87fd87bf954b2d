/* fault.c
 * Faults on purpose, to prove that a harness which finds none could find some.
 *
 * Linked in with -DCES_FAULT=ON and -Wl,--wrap=ces_flow_table_segment; the
 * variable CES_FAULT of the environment then says which one happens.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/flow_table.h"

#include <stdlib.h>
#include <string.h>

#ifdef CES_FAULT_IN_WIRESHARK
#    include <wireshark.h>

#    include <epan/wmem_scopes.h>
#endif

ces_sighting __wrap_ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment);
ces_sighting __real_ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment);

static volatile guint8 taken;
static gpointer volatile dropped;

/* The compiler must not see that it is behind the end. */
static void
read_behind(const guint8 *bytes, gsize length)
{
    volatile gsize at = length;
    taken = bytes[at];
}

static void
commit(const char *fault)
{
    if (strcmp(fault, "heap") == 0) {
        guint8 *bytes = (guint8 *)g_malloc0(8);
        read_behind(bytes, 8);
        g_free(bytes);
    } else if (strcmp(fault, "undefined") == 0) {
        volatile int bits = 32 + taken;
        taken = (guint8)(1 << bits);
    } else if (strcmp(fault, "leak") == 0) {
        dropped = g_malloc0(64);
        dropped = NULL;
    } else if (strcmp(fault, "promise") == 0) {
        g_assert_not_reached();
    }
#ifdef CES_FAULT_IN_WIRESHARK
    else if (strcmp(fault, "wmem") == 0) {
        read_behind((const guint8 *)wmem_alloc0(wmem_file_scope(), 8), 8);
    }
#endif
}

ces_sighting
__wrap_ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment)
{
    const char *fault = getenv("CES_FAULT");

    if (fault)
        commit(fault);
    return __real_ces_flow_table_segment(table, segment);
}
