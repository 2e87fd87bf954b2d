/* session.h
 * One capture that libwireshark dissects, frame after frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_SESSION_H
#define CES_WIRESHARK_SESSION_H

#include "record.h"

#include <epan/dfilter/dfilter.h>

#include <ces/report.h>

typedef struct ces_session ces_session;

/* Opens a session of which the facts go into `analysis`, which the caller owns.
 * `file` is the capture's, NULL where there is none; `whole`: see
 * ces_capture_lend; `twice`: frames are remembered until the end, for another
 * pass. There is one session at a time. */
ces_session *ces_session_open(ces_analysis *analysis, wtap *file, gboolean whole, gboolean twice);
void ces_session_close(ces_session *session);

/* Dissects the frame of that number, which has not been seen yet. */
void ces_session_dissect(ces_session *session, ces_record *record, guint32 number, gint64 offset);

/* --- the second pass, of a session that sees frames twice ------------------------------- */

/* All frames have been seen once. Returns how many. */
guint32 ces_session_begin_again(ces_session *session);

/* Where in the file the frame of that number is. */
gint64 ces_session_offset(ces_session *session, guint32 number);

/* Dissects it again. If it passes the filter, the flows that it shows are added to `taken`. */
void ces_session_filter(ces_session *session, ces_record *record, guint32 number, dfilter_t *filter,
                        column_info *columns, ces_selection *taken);

#endif
