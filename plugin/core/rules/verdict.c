/* verdict.c
 * The rules as tables. The first row that fits decides.
 *
 * "Rule N" are the rules that follow from Cisco tech note 215674:
 *   1 inbound to the CES appliances only 25 and 587 are permitted
 *   2 outbound from the data centres everything is permitted
 *   4 an SMA syncs by opening SSH to the ESA's port 22
 *   5 the ESA sends to the SMA's 6025 (spam) and 7025 (policy, virus, outbreak)
 *   6 hence cloud SMA + external ESA: sync works, the quarantines do not
 *   7 hence external SMA + cloud ESA: not supported at all
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/verdict.h>

#define BIT(value) (1u << (value))
#define ANY (~0u)

enum {
    MAIL = BIT(CES_SERVICE_SMTP) | BIT(CES_SERVICE_SUBMISSION),
    SYNC = BIT(CES_SERVICE_SYNC),
    SPAM = BIT(CES_SERVICE_SPAM_QUARANTINE),
    PVO = BIT(CES_SERVICE_PVO_QUARANTINE),
};

ces_direction
ces_direction_between(ces_site initiator, ces_site responder)
{
    static const ces_direction directions[CES_SITE_COUNT][CES_SITE_COUNT] = {
        [CES_SITE_EXTERNAL][CES_SITE_CLOUD] = CES_DIRECTION_INBOUND,
        [CES_SITE_CLOUD][CES_SITE_EXTERNAL] = CES_DIRECTION_OUTBOUND,
        [CES_SITE_CLOUD][CES_SITE_CLOUD] = CES_DIRECTION_WITHIN_CLOUD,
        [CES_SITE_EXTERNAL][CES_SITE_EXTERNAL] = CES_DIRECTION_OUTSIDE_CLOUD,
    };
    return directions[initiator][responder];
}

static const struct ruling_row {
    ces_direction direction;
    unsigned services;
    unsigned responders; /* appliance types */
    ces_verdict verdict;
    const char *rule;
    const char *reason;
} ruling_rows[] = {
    {CES_DIRECTION_INBOUND, MAIL, ANY, CES_VERDICT_PERMITTED, "rule 1",
     "Mail may be opened from outside into the CES data centre (only 25 and 587 may)."},
    {CES_DIRECTION_INBOUND, SYNC, BIT(CES_APPLIANCE_SSH_PROXY), CES_VERDICT_OUT_OF_SCOPE, "Cisco 214281",
     "The responder is a CES SSH jump host, which is opened from the Internet by design; this is administration, not a "
     "sync."},
    {CES_DIRECTION_INBOUND, ANY, ANY, CES_VERDICT_BLOCKED, "rule 1",
     "Opened from outside into the CES data centre, where only 25 and 587 may be opened inbound."},
    {CES_DIRECTION_OUTBOUND, ANY, ANY, CES_VERDICT_PERMITTED, "rule 2",
     "Opened from inside the CES data centre, from where every port is permitted outbound."},
    {CES_DIRECTION_WITHIN_CLOUD, ANY, ANY, CES_VERDICT_OUT_OF_SCOPE, "rules 1, 2",
     "Both ends are inside CES data centres; the rules are about crossing their edge."},
    {CES_DIRECTION_OUTSIDE_CLOUD, ANY, ANY, CES_VERDICT_OUT_OF_SCOPE, "rules 1, 2",
     "Both ends are outside the CES data centres; the rules are about crossing their edge."},
    {CES_DIRECTION_UNKNOWN, ANY, ANY, CES_VERDICT_UNDETERMINED, "no rule",
     "It is not known which end is in a CES data centre; add the CES networks to the site table."},
};

ces_ruling
ces_ruling_of(ces_service service, ces_role initiator, ces_role responder)
{
    ces_direction direction = ces_direction_between(initiator.site, responder.site);
    const struct ruling_row *row = ruling_rows;

    while (row->direction != direction || !(row->services & BIT(service)) ||
           !(row->responders & BIT(responder.appliance)))
        row++;
    return (ces_ruling){direction, row->verdict, row->reason, row->rule};
}

/* Who may stand at which end of a service between an SMA and an ESA. */
enum {
    MAYBE_ESA = BIT(CES_APPLIANCE_UNKNOWN) | BIT(CES_APPLIANCE_ESA),
    MAYBE_SMA = BIT(CES_APPLIANCE_UNKNOWN) | BIT(CES_APPLIANCE_SMA),
};

static const struct casting_row {
    unsigned services;
    unsigned initiators, responders; /* appliance types */
    ces_end sma;
    const char *rule;
} casting_rows[] = {
    {SYNC, MAYBE_SMA, MAYBE_ESA, CES_END_INITIATOR, "rule 4"},
    {SPAM | PVO, MAYBE_ESA, MAYBE_SMA, CES_END_RESPONDER, "rule 5"},
    {PVO, BIT(CES_APPLIANCE_SMA), MAYBE_ESA, CES_END_INITIATOR, "Cisco 200068: a release"},
};

gboolean
ces_sma_end(ces_service service, ces_appliance initiator, ces_appliance responder, ces_end *sma)
{
    for (gsize i = 0; i < G_N_ELEMENTS(casting_rows); i++) {
        const struct casting_row *row = &casting_rows[i];
        if ((row->services & BIT(service)) && (row->initiators & BIT(initiator)) &&
            (row->responders & BIT(responder))) {
            *sma = row->sma;
            return TRUE;
        }
    }
    return FALSE;
}

ces_roles
ces_roles_of(ces_service service, ces_appliance initiator, ces_appliance responder)
{
    ces_end sma;

    if (!ces_sma_end(service, initiator, responder, &sma))
        return CES_ROLES_NONE;
    return initiator != CES_APPLIANCE_UNKNOWN && responder != CES_APPLIANCE_UNKNOWN ? CES_ROLES_KNOWN
                                                                                    : CES_ROLES_ASSUMED;
}

/* Why two known types cannot be the SMA and the ESA of this service. */
static const struct miscast_row {
    unsigned services;
    unsigned initiators, responders;
    const char *rule;
    const char *reason;
} miscast_rows[] = {
    {MAIL, ANY, ANY, "rules 4, 5", ""},
    {ANY, BIT(CES_APPLIANCE_SSH_PROXY), ANY, "Cisco 214281",
     "A jump host opens it: administration, not a service between appliances."},
    {ANY, ANY, BIT(CES_APPLIANCE_SSH_PROXY), "Cisco 214281",
     "It goes to a jump host: administration, not a service between appliances."},
    {SYNC, BIT(CES_APPLIANCE_ESA), ANY, "user guides: log push",
     "An ESA opens it, and an ESA never syncs: a log push or administration."},
    {SYNC, ANY, BIT(CES_APPLIANCE_SMA), "user guides: backup",
     "It goes to an SMA, and only an ESA answers a sync: a backup or administration."},
    {SPAM, BIT(CES_APPLIANCE_SMA), ANY, "user guides: releases use SMTP",
     "An SMA opens it, and an SMA releases spam as ordinary mail: not a quarantine delivery."},
    {PVO, BIT(CES_APPLIANCE_SMA), ANY, "rule 5, Cisco 200068",
     "Both ends are SMAs, and a quarantine connects an SMA and an ESA: not a quarantine delivery."},
    {SPAM, ANY, ANY, "rule 5", "It goes to an ESA, and an ESA takes no quarantined spam: not a quarantine delivery."},
    {ANY, ANY, ANY, "Cisco 200068",
     "It goes to an ESA, which takes quarantined mail only as a release from an SMA: the initiator is not known to be "
     "one."},
};

static ces_support_ruling
miscast(ces_service service, ces_appliance initiator, ces_appliance responder)
{
    const struct miscast_row *row = miscast_rows;

    while (!(row->services & BIT(service)) || !(row->initiators & BIT(initiator)) ||
           !(row->responders & BIT(responder)))
        row++;
    return (ces_support_ruling){CES_SUPPORT_NOT_APPLICABLE, row->reason, "", row->rule};
}

static const struct support_row {
    ces_site sma, esa;
    unsigned services;
    ces_support support;
    const char *rule;
    const char *reason, *advice;
} support_rows[] = {
    {CES_SITE_CLOUD, CES_SITE_EXTERNAL, SYNC, CES_SUPPORT_SUPPORTED, "rule 6",
     "A cloud SMA pulls Reporting and Message Tracking from an external ESA this way.", ""},
    {CES_SITE_CLOUD, CES_SITE_EXTERNAL, SPAM, CES_SUPPORT_UNSUPPORTED, "rule 6",
     "A cloud SMA cannot hold the Spam Quarantine of an external ESA.",
     "Keep the Spam Quarantine on the ESA or on an SMA of your own."},
    {CES_SITE_CLOUD, CES_SITE_EXTERNAL, PVO, CES_SUPPORT_UNSUPPORTED, "rule 6",
     "A cloud SMA cannot hold the Policy, Virus and Outbreak Quarantine of an external ESA.",
     "Keep the PVO Quarantine on the ESA or on an SMA of your own."},
    {CES_SITE_EXTERNAL, CES_SITE_CLOUD, SYNC, CES_SUPPORT_UNSUPPORTED, "rule 7",
     "An external SMA cannot sync with a cloud ESA, since 22 is closed inbound.", "Use the SMA in the data centre."},
    {CES_SITE_EXTERNAL, CES_SITE_CLOUD, SPAM | PVO, CES_SUPPORT_UNSUPPORTED, "rule 7",
     "Even so the quarantine cannot work: it needs the external SMA's sync with the cloud ESA, and 22 is closed "
     "inbound.",
     "Use the SMA in the data centre."},
};

ces_support_ruling
ces_support_of(ces_service service, ces_role initiator, ces_role responder)
{
    ces_end end;

    if (!ces_sma_end(service, initiator.appliance, responder.appliance, &end))
        return miscast(service, initiator.appliance, responder.appliance);

    ces_site sma = end == CES_END_INITIATOR ? initiator.site : responder.site;
    ces_site esa = end == CES_END_INITIATOR ? responder.site : initiator.site;
    for (gsize i = 0; i < G_N_ELEMENTS(support_rows); i++) {
        const struct support_row *row = &support_rows[i];
        if (row->sma == sma && row->esa == esa && (row->services & BIT(service)))
            return (ces_support_ruling){row->support, row->reason, row->advice, row->rule};
    }
    return (ces_support_ruling){CES_SUPPORT_NOT_APPLICABLE, "", "", "only pairs on different sides are ruled on"};
}

ces_finding
ces_finding_of(ces_verdict verdict, ces_outcome outcome, gboolean proven)
{
    static const ces_finding got_through[CES_VERDICT_COUNT] = {
        [CES_VERDICT_PERMITTED] = CES_FINDING_CONFIRMED,
        [CES_VERDICT_BLOCKED] = CES_FINDING_CONTRADICTED,
    };
    static const ces_finding did_not[CES_VERDICT_COUNT] = {
        [CES_VERDICT_PERMITTED] = CES_FINDING_FAILED,
        [CES_VERDICT_BLOCKED] = CES_FINDING_CONFIRMED,
    };

    switch (outcome) {
    case CES_OUTCOME_ESTABLISHED:
        return got_through[verdict];
    case CES_OUTCOME_MIDSTREAM:
        return proven ? got_through[verdict] : CES_FINDING_OPEN;
    case CES_OUTCOME_UNANSWERED:
    case CES_OUTCOME_REFUSED:
    case CES_OUTCOME_REJECTED:
        return did_not[verdict];
    default: /* half-open: the responder was reached, but nothing came of it */
        return CES_FINDING_OPEN;
    }
}
