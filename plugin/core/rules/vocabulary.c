/* vocabulary.c
 * The token functions, expanded from the lists in the header.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/vocabulary.h>

G_DEFINE_QUARK(ces - error - quark, ces_error)

CES_TOKEN_FUNCTION(ces_service, CES_SERVICES)
CES_TOKEN_FUNCTION(ces_site, CES_SITES)
CES_TOKEN_FUNCTION(ces_appliance, CES_APPLIANCES)
CES_TOKEN_FUNCTION(ces_basis, CES_BASES)
CES_TOKEN_FUNCTION(ces_opening, CES_OPENINGS)
CES_TOKEN_FUNCTION(ces_direction, CES_DIRECTIONS)
CES_TOKEN_FUNCTION(ces_verdict, CES_VERDICTS)
CES_TOKEN_FUNCTION(ces_support, CES_SUPPORTS)
CES_TOKEN_FUNCTION(ces_outcome, CES_OUTCOMES)
CES_TOKEN_FUNCTION(ces_finding, CES_FINDINGS)
CES_TOKEN_FUNCTION(ces_result, CES_RESULTS)
CES_TOKEN_FUNCTION(ces_cause, CES_CAUSES)
CES_TOKEN_FUNCTION(ces_ended, CES_ENDS)
CES_TOKEN_FUNCTION(ces_seen_from, CES_SIDES)
CES_TOKEN_FUNCTION(ces_roles, CES_ROLES)
