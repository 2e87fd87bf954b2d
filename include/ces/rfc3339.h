/* rfc3339.h
 * Times and durations as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_RFC3339_H
#define CES_RFC3339_H

#include <ces/time.h>

/* Room for either text, with the final NUL. */
enum { CES_RFC3339_TEXT = 31, CES_SECONDS_TEXT = 22 };

/* "2026-11-25T02:13:07.123456Z", with nine digits behind the point if the time
 * has nanoseconds (RFC 3339 section 5.6; UTC, no leap seconds, as in a
 * capture). Returns its length; for CES_TIME_UNKNOWN 0, and `text` is "". */
gsize ces_rfc3339(ces_time timestamp, char text[CES_RFC3339_TEXT]);

/* Nanoseconds as seconds: "1.5", "0", "0.000000001". Returns its length. */
gsize ces_seconds(guint64 nanoseconds, char text[CES_SECONDS_TEXT]);

#endif
