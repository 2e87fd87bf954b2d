/* menu.h
 * The menu "CES" in Wireshark's window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_MENU_H
#define CES_MENU_H

/* Registers the menu. Programs without a window ignore it. */
void ces_menu_register(int proto_ces);

#endif
