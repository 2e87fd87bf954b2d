/* reports.h
 * "-z ces,flows" and "-z ces,pairs" in tshark: reports that print.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TAP_REPORTS_H
#define CES_TAP_REPORTS_H

/* Call when protocols are registered. Does nothing but in tshark. */
void ces_tap_reports_register(void);

#endif
