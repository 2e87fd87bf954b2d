/* status.h
 * What follows from the connections of a capture for the exit status.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_STATUS_H
#define CES_STATUS_H

#include <ces/report.h>

#include "capture_result.h"

/* Looks at all connections taken (NULL: every one) and fills in the status,
 * which trouble told before outweighs. */
void ces_status_judge(const ces_analysis *analysis, const ces_selection *taken, ces_capture_result *result);

/* The status of a run: trouble outweighs what is wrong, and that what could not
 * be judged. */
ces_status ces_status_worse(ces_status left, ces_status right);

#endif
