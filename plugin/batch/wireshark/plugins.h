/* plugins.h
 * The plugins that libwireshark gets: ours, which is part of this module, and
 * those that are installed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_PLUGINS_H
#define CES_WIRESHARK_PLUGINS_H

#include "compat.h"

/* Registers them, before epan_init, which must load none then: it would load an
 * installed CES plugin as well, and the protocol "ces" can be there once only.
 * One that cannot be loaded is reported, as Wireshark does. */
void ces_plugins_register(void);

#endif
