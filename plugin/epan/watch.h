/* facts.h
 * Reads from each packet what it says of TCP connections, and adds it to the
 * flows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FACTS_H
#define CES_FACTS_H

/* Call once when protocols are registered, and once at handoff. While the
 * protocol `proto_ces` is disabled nothing is read. */
void ces_facts_register(int proto_ces);
void ces_facts_register_handoff(void);

#endif
