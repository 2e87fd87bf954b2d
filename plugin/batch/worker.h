/* worker.h
 * The process that reads captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WORKER_H
#define CES_WORKER_H

#include "setup.h"

/* Does one task after the other until the parent is gone. `room` is shared with
 * it, CES_CHANNEL_ROOM bytes. */
void ces_worker_run(int socket, char *room, const ces_options *options, const ces_setup *setup);

#endif
