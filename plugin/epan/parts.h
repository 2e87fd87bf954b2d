/* parts.h
 * Parts of the plugin that nothing else asks after.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PARTS_H
#define CES_PARTS_H

/* Reads from each packet what it says of TCP connections and names, and hands it
 * to the analysis. */
void ces_watch_register_handoff(void);

/* The menu "CES" in Wireshark's window. Programs without one ignore it. */
void ces_menu_register(int proto_ces);

#endif
