/* pool.h
 * The workers: who reads what, and what comes back, in the order of the captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_POOL_H
#define CES_POOL_H

#include "progress.h"
#include "reporter.h"
#include "state.h"

/* How a run ended. */
typedef enum {
    CES_POOL_DONE,
    CES_POOL_STOPPED,   /* a signal waits */
    CES_POOL_UNWRITTEN, /* the report takes no more */
    CES_POOL_BROKEN     /* said already: no worker, no state, no room, or no use by these options */
} ces_pool_end;

/* Reads all captures (char *); with --as-one as one task. What is borrowed must
 * outlive the call. `state` may be NULL. */
ces_pool_end ces_pool_run(const ces_options *options, const ces_setup *setup, GPtrArray *captures, ces_state *state,
                          ces_reporter *reporter, ces_progress *progress, ces_reporter_say say, gpointer data);

#endif
