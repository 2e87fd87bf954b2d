/* postdissector.h
 * The protocol "ces".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_POSTDISSECTOR_H
#define CES_POSTDISSECTOR_H

void ces_register(void);
void ces_register_handoff(void);

#endif
