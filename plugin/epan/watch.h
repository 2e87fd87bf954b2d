/* watch.h
 * Reads from each packet what it says of TCP connections, and hands it to the
 * analysis.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WATCH_H
#define CES_WATCH_H

/* Call once when protocols are registered, and once at handoff. While the
 * protocol `proto_ces` is disabled nothing is read. */
void ces_watch_register(int proto_ces);
void ces_watch_register_handoff(void);

#endif
