/* verdict.h
 * What the rules say of a connection, and whether the capture agrees.
 *
 * Pure functions: no state, no memory, every string static.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_VERDICT_H
#define CES_VERDICT_H

#include <ces/vocabulary.h>

/* One end, as far as the rules look at it. */
typedef struct {
    ces_site site;
    ces_appliance appliance;
} ces_role;

/* Seen from the data centre, by who opened the connection (Cisco 215674,
 * rules 1 and 2 speak of the side that opens). */
ces_direction ces_direction_between(ces_site initiator, ces_site responder);

typedef struct {
    ces_direction direction;
    ces_verdict verdict;
    const char *reason; /* one sentence that names the rule */
    const char *rule;   /* its source, for comments and tests */
} ces_ruling;

/* Whether the service may be opened from the one to the other. `service` is
 * one of the five; the sentence and the verdict come from one table row. */
ces_ruling ces_ruling_of(ces_service service, ces_role initiator, ces_role responder);

typedef struct {
    ces_support support;
    const char *reason; /* one sentence; empty where there is nothing to say */
    const char *advice; /* what to do instead, one sentence; or empty */
    const char *rule;
} ces_support_ruling;

/* Whether a centralized service can work between these two at all: between
 * one SMA and one ESA on different sides (Cisco 215674). */
ces_support_ruling ces_support_of(ces_service service, ces_role initiator, ces_role responder);

/* Which end plays the SMA when `service` runs between these two.
 * TRUE and the end (initiator or responder) if both can play their roles. */
typedef enum { CES_END_INITIATOR, CES_END_RESPONDER } ces_end;
gboolean ces_sma_end(ces_service service, ces_appliance initiator, ces_appliance responder, ces_end *sma);

/* Whether the SMA and the ESA of this service are known by their types, both
 * of them; or taken from the service alone; or nothing of the kind (mail, or a
 * type that cannot play its part). */
ces_roles ces_roles_of(ces_service service, ces_appliance initiator, ces_appliance responder);

/* The verdict held against the outcome. `proven` matters for midstream only:
 * segments from both ends or data, without which a lone packet proves nothing.
 * Patience is not asked here: an attempt that may still be answered is open. */
ces_finding ces_finding_of(ces_verdict verdict, ces_outcome outcome, gboolean proven);

#endif
