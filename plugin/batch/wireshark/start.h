/* start.h
 * Starting libwireshark as tshark does, in the order of tshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_START_H
#define CES_WIRESHARK_START_H

#include "compat.h"

#include <epan/column-info.h>
#include <epan/column.h>
#include <epan/dfilter/dfilter.h>

#include "../engine.h"

/* What has been started. */
typedef struct {
    dfilter_t *filter;    /* NULL: none */
    gboolean has_columns; /* the filter asks for columns */
    column_info columns;
} ces_started;

/* FALSE and `error` if an option is refused. */
gboolean ces_start(const ces_engine_options *options, ces_started *started, GError **error);

#endif
