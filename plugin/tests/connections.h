/* connections.h
 * Connections made by hand, for the tests of the reports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TESTS_CONNECTIONS_H
#define CES_TESTS_CONNECTIONS_H

#include <ces/report.h>

enum { ANSWERED = CES_SEEN_SYN | CES_SEEN_SYN_ACK, UP = ANSWERED | CES_SEEN_COMPLETION };

typedef struct {
    ces_flow flow;
    ces_assessment assessment;
} connection;

static inline ces_socket
socket_at(const char *address, guint16 port)
{
    ces_network network;
    GError *error = NULL;

    g_assert_true(ces_network_parse(address, &network, &error));
    return (ces_socket){network.prefix, port};
}

typedef struct {
    const char *address;
    ces_site site;
    ces_appliance appliance;
} host;

static const host cloud_host = {"203.0.113.20", CES_SITE_CLOUD, CES_APPLIANCE_UNKNOWN};
static const host outer_host = {"198.51.100.10", CES_SITE_EXTERNAL, CES_APPLIANCE_UNKNOWN};
static const host cloud_sma = {"203.0.113.20", CES_SITE_CLOUD, CES_APPLIANCE_SMA};
static const host outer_esa = {"198.51.100.10", CES_SITE_EXTERNAL, CES_APPLIANCE_ESA};
static const host outer_sma = {"198.51.100.20", CES_SITE_EXTERNAL, CES_APPLIANCE_SMA};
static const host cloud_esa = {"203.0.113.10", CES_SITE_CLOUD, CES_APPLIANCE_ESA};

static inline guint16
port_of(ces_service service)
{
    return (guint16)g_ascii_strtoull(ces_service_about(service)->default_ports, NULL, 10);
}

static inline void
connect_hosts(connection *c, ces_service service, const host *from, const host *to, guint16 evidence)
{
    const ces_party parties[2] = {
        {.site = from->site, .appliance = from->appliance, .basis = CES_BASIS_CONFIGURED, .name = ""},
        {.site = to->site, .appliance = to->appliance, .basis = CES_BASIS_CONFIGURED, .name = ""},
    };

    c->flow = (ces_flow){.ends = {socket_at(from->address, 50001), socket_at(to->address, port_of(service))},
                         .first_frame = 1,
                         .last_frame = 9,
                         .packets = {5, 4},
                         .syns = 1,
                         .stream = CES_NO_STREAM,
                         .evidence = evidence,
                         .opening = CES_OPENING_SYN,
                         .service = (guint8)service};
    c->assessment = ces_assess(&c->flow, parties);
}

static inline int
add_to(ces_pair_table *table, ces_service service, const host *from, const host *to, guint16 evidence)
{
    connection c;

    connect_hosts(&c, service, from, to, evidence);
    return ces_pair_table_add(table, &c.assessment);
}

#endif
