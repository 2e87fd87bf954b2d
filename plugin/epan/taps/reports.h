/* tap_print.h
 * tshark -z ces,flows and -z ces,pairs: reports on the standard output.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TAP_PRINT_H
#define CES_TAP_PRINT_H

/* Registers both reports if the program is tshark. Call it before the tables
 * of the same names are registered: of two, tshark takes the first. */
void ces_tap_print_register(void);

#endif
