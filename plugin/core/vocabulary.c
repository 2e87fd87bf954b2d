/* vocabulary.c
 * The token functions, expanded from the lists in the header.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/vocabulary.h>

G_DEFINE_QUARK(ces - error - quark, ces_error)

#define TOKEN_CASE(name, token) \
    case name:                  \
        return token;

#define TOKEN_FUNCTION(type, LIST)       \
    const char *type##_token(type value) \
    {                                    \
        switch ((int)value) {            \
            LIST(TOKEN_CASE)             \
        }                                \
        return "?";                      \
    }

TOKEN_FUNCTION(ces_service, CES_SERVICES)
TOKEN_FUNCTION(ces_site, CES_SITES)
TOKEN_FUNCTION(ces_appliance, CES_APPLIANCES)
TOKEN_FUNCTION(ces_basis, CES_BASES)
TOKEN_FUNCTION(ces_opening, CES_OPENINGS)
TOKEN_FUNCTION(ces_direction, CES_DIRECTIONS)
TOKEN_FUNCTION(ces_verdict, CES_VERDICTS)
TOKEN_FUNCTION(ces_support, CES_SUPPORTS)
TOKEN_FUNCTION(ces_outcome, CES_OUTCOMES)
TOKEN_FUNCTION(ces_finding, CES_FINDINGS)
