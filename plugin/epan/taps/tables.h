/* tables.h
 * Connections and pairs as tables in Wireshark's Statistics menu and in
 * sharkd (nstat:ces,flows and nstat:ces,pairs).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TAP_TABLES_H
#define CES_TAP_TABLES_H

void ces_tap_tables_register(void);

#endif
