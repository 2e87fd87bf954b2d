/* service.h
 * The services between appliances, and which port carries which.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SERVICE_H
#define CES_SERVICE_H

#include <ces/vocabulary.h>

/* What is known of one service, for people. All strings are static. */
typedef struct {
    const char *title;         /* "Spam Quarantine" */
    const char *functions;     /* what it carries: "Reporting, Message Tracking" */
    const char *default_ports; /* as a range string: "25" */
    const char *ports;         /* what the ports are: "TCP ports of mail transfer" */
    const char *rule;          /* where the default comes from */
} ces_service_facts;

/* Never NULL; for CES_SERVICE_NONE the strings are empty. */
const ces_service_facts *ces_service_about(ces_service service);

static inline gboolean
ces_service_is_quarantine(ces_service service)
{
    return service == CES_SERVICE_SPAM_QUARANTINE || service == CES_SERVICE_PVO_QUARANTINE;
}

/* The service of every TCP port; a lookup is one load. */
typedef struct {
    guint8 service[65536];
} ces_ports;

/* Makes every port carry no service. */
void ces_ports_clear(ces_ports *ports);

/* Gives the ports low..high (inclusive) to `service`. A port that already
 * carries another service stays with it; the first such port makes the call
 * return FALSE with `error` set (CES_ERROR_PORT), the other ports are given. */
gboolean ces_ports_assign(ces_ports *ports, ces_service service, guint16 low, guint16 high, GError **error);

/* The service of a port, CES_SERVICE_NONE if it carries none. */
static inline ces_service
ces_ports_service(const ces_ports *ports, guint16 port)
{
    return (ces_service)ports->service[port];
}

#endif
