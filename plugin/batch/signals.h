/* signals.h
 * Being asked to stop: noticed between two steps, never in the middle of one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SIGNALS_H
#define CES_SIGNALS_H

#include <glib.h>

/* From now on SIGINT, SIGTERM and SIGHUP wait, and a broken pipe is an error of
 * write. What is ignored stays so. */
void ces_signals_hold(void);

/* The signal that waits, 0 if none does. */
int ces_signals_waiting(void);

/* In a worker: as if nothing had been held, but for SIGINT, which is the parent's. */
void ces_signals_of_worker(void);

/* Ends the process by this signal. */
void ces_signals_die(int number) G_GNUC_NORETURN;

#endif
