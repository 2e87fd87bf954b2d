/* service.c
 * The table of services.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/service.h>

#include <string.h>

static const ces_service_facts services[CES_SERVICE_COUNT] = {
    [CES_SERVICE_NONE] = {"", "", "", "", ""},
    [CES_SERVICE_SYNC] = {"Sync", "Reporting, Message Tracking", "22",
                          "TCP ports on which an ESA answers the SMA's SSH (Reporting, Message Tracking)",
                          "Cisco 215674, 200068: the SMA opens SSH to the ESA"},
    [CES_SERVICE_SPAM_QUARANTINE] = {"Spam Quarantine", "Spam Quarantine", "6025",
                                     "TCP ports on which an SMA takes spam from ESAs",
                                     "Cisco 215674: the ESA sends to the SMA; the port is a default"},
    [CES_SERVICE_PVO_QUARANTINE] = {"PVO Quarantine", "Policy, Virus and Outbreak Quarantine", "7025",
                                    "TCP ports for the centralized Policy, Virus and Outbreak Quarantine",
                                    "Cisco 215674, 200068: the ESA sends to the SMA, the SMA releases to the ESA; the "
                                    "port is a default"},
    [CES_SERVICE_SMTP] = {"SMTP", "Mail", "25", "TCP ports of mail transfer; permitted inbound",
                          "Cisco 215674: permitted inbound"},
    [CES_SERVICE_SUBMISSION] = {"Submission", "Mail submission", "587",
                                "TCP ports of mail submission; permitted inbound", "Cisco 215674: permitted inbound"},
};

const ces_service_facts *
ces_service_about(ces_service service)
{
    return (guint)service < CES_SERVICE_COUNT ? &services[service] : &services[CES_SERVICE_NONE];
}

void
ces_ports_clear(ces_ports *ports)
{
    memset(ports, 0, sizeof *ports);
}

gboolean
ces_ports_assign(ces_ports *ports, ces_service service, guint16 low, guint16 high, GError **error)
{
    guint taken = 0;

    for (guint port = low; port <= high; port++) {
        if (ports->service[port] == CES_SERVICE_NONE)
            ports->service[port] = (guint8)service;
        else if (ports->service[port] != service && !taken)
            taken = port;
    }
    if (taken)
        g_set_error(error, CES_ERROR, CES_ERROR_PORT, "port %u is already a port of %s and cannot be one of %s", taken,
                    ces_service_token(ces_ports_service(ports, (guint16)taken)), ces_service_token(service));
    return taken == 0;
}
