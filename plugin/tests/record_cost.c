/* record_cost.c
 * Made-up connections to records, to count what a record costs:
 *
 *     valgrind --tool=callgrind record_cost json 100000
 *     valgrind --tool=callgrind record_cost json 0
 *
 * The difference, divided by 100000, is the cost of one. A third argument "6"
 * takes IPv6, and "syn" single attempts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <ces/drawing.h>

#include "connections.h"

static gboolean
weigh(const char *text G_GNUC_UNUSED, gsize length, gpointer total)
{
    *(guint64 *)total += length;
    return TRUE;
}

/* What differs from connection to connection. */
static void
vary(connection *c, guint nth)
{
    c->flow.ends[0].port = (guint16)(1024 + nth % 60000);
    c->flow.ends[1].address.low = (c->flow.ends[1].address.low & ~G_GUINT64_CONSTANT(0xffff)) | nth % 50000;
    c->flow.stream = nth;
    c->flow.first_frame = 10 * nth + 1;
    c->flow.last_frame = 10 * nth + 9;
    c->flow.start = MORNING + nth * G_GINT64_CONSTANT(1234567000);
    c->flow.end = c->flow.start + nth % 1000 * G_GINT64_CONSTANT(1000000);
    c->flow.bytes[0] = nth * G_GUINT64_CONSTANT(7);
    c->flow.bytes[1] = nth * G_GUINT64_CONSTANT(1000);
    c->assessment.ended = (ces_ended)(nth % CES_ENDED_COUNT);
}

static void
make(connection *c, gboolean ipv6, gboolean attempt)
{
    const host cloud = {ipv6 ? "2001:db8::20" : "203.0.113.20", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN};
    const host outer = {ipv6 ? "2001:db8:1::10" : "198.51.100.10", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN};

    if (attempt)
        connect_hosts(c, CES_SERVICE_SPAM_QUARANTINE, &outer, &cloud, CES_SEEN_SYN);
    else
        connect_hosts(c, CES_SERVICE_SYNC, &cloud, &outer, UP);
    c->assessment.initiator.name = "Example data centre";
}

int
main(int argc, char **argv)
{
    ces_report_format format;
    connection c;
    guint64 total = 0;

    if (argc < 3 || !ces_report_format_parse(argv[1], strlen(argv[1]), &format))
        return 2;
    guint count = (guint)g_ascii_strtoull(argv[2], NULL, 10);
    make(&c, argc > 3 && strchr(argv[3], '6') != NULL, argc > 3 && strstr(argv[3], "syn") != NULL);
    ces_drawing *drawing = ces_drawing_new(format, weigh, &total);
    ces_drawing_head_of_flows(drawing);
    for (guint nth = 0; nth < count; nth++) {
        vary(&c, nth);
        ces_drawing_add_flow(drawing, &c.assessment);
    }
    ces_drawing_foot_of_flows(drawing);
    ces_drawing_end(drawing);
    g_print("%" G_GUINT64_FORMAT " bytes\n", total);
    return 0;
}
