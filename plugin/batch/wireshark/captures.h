/* captures.h
 * Whole captures, of every format that libwiretap reads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_CAPTURES_H
#define CES_WIRESHARK_CAPTURES_H

#include "start.h"

/* See ces_engine_capture. */
ces_read ces_captures_read(ces_started *started, const char *path, ces_analysis *analysis, ces_selection *taken,
                           GError **error);

#endif
