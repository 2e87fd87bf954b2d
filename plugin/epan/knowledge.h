/* knowledge.h
 * Who the ends of a flow are, by all that is known now.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_KNOWLEDGE_H
#define CES_KNOWLEDGE_H

#include <ces/assessment.h>

/* The assessment of a flow with a service, by the settings and what the
 * capture has taught so far. Its strings are valid while the capture is open. */
ces_assessment ces_knowledge_assess(const ces_flow *flow);

#endif
