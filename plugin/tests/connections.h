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

/* 2026-11-25T02:13:07.123456Z */
#define MORNING (G_GINT64_CONSTANT(1795572787) * CES_SECOND + 123456000)

static inline guint16
port_of(ces_service service)
{
    return (guint16)g_ascii_strtoull(ces_service_about(service)->default_ports, NULL, 10);
}

static inline ces_roles
roles_between(ces_service service, ces_appliance initiator, ces_appliance responder)
{
    ces_end sma;

    if (!ces_sma_end(service, initiator, responder, &sma))
        return CES_ROLES_NONE;
    return initiator && responder ? CES_ROLES_KNOWN : CES_ROLES_ASSUMED;
}

/* Made here and not by ces_assess, so that a test of a report fails for the
 * report's faults alone. */
static inline void
assess_hosts(connection *c, const host *from, const host *to)
{
    ces_service service = (ces_service)c->flow.service;
    ces_role initiator = {from->site, from->appliance}, responder = {to->site, to->appliance};
    ces_ruling ruling = ces_ruling_of(service, initiator, responder);
    ces_outcome outcome = ces_flow_outcome(&c->flow);

    c->assessment = (ces_assessment){
        .flow = &c->flow,
        .service = service,
        .initiator = {.site = from->site, .appliance = from->appliance, .basis = CES_BASIS_CONFIGURED, .name = ""},
        .responder = {.site = to->site, .appliance = to->appliance, .basis = CES_BASIS_CONFIGURED, .name = ""},
        .ruling = ruling,
        .support_ruling = ces_support_of(service, initiator, responder),
        .roles = roles_between(service, from->appliance, to->appliance),
        .outcome = outcome,
        .finding = ces_finding_of(ruling.verdict, outcome, ces_flow_proven(&c->flow)),
    };
}

/* Nine packets that start at MORNING and take 1.5 s. */
static inline void
connect_hosts(connection *c, ces_service service, const host *from, const host *to, guint16 evidence)
{
    c->flow = (ces_flow){.ends = {socket_at(from->address, 50001), socket_at(to->address, port_of(service))},
                         .start = MORNING,
                         .end = MORNING + 3 * CES_SECOND / 2,
                         .first_frame = 1,
                         .last_frame = 9,
                         .packets = {5, 4},
                         .bytes = {812, G_GUINT64_CONSTANT(5000000000)},
                         .syns = 1,
                         .stream = CES_NO_STREAM,
                         .evidence = evidence,
                         .opening = CES_OPENING_SYN,
                         .service = (guint8)service};
    assess_hosts(c, from, to);
}

static inline int
add_connection(ces_pair_table *table, const connection *c)
{
    ces_contact contact = ces_contact_of(&c->assessment, NULL);

    return ces_pair_table_add(table, &contact);
}

static inline int
add_to(ces_pair_table *table, ces_service service, const host *from, const host *to, guint16 evidence)
{
    connection c;

    connect_hosts(&c, service, from, to, evidence);
    return add_connection(table, &c);
}

#endif
