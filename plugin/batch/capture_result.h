/* capture_result.h
 * How the reading of one capture went. Plain data: it passes from process to
 * process and into the kept state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CAPTURE_RESULT_H
#define CES_CAPTURE_RESULT_H

#include "decoder.h"

/* As the exit status. */
typedef enum {
    CES_STATUS_GOOD,    /* all was judged, and nothing was wrong */
    CES_STATUS_WRONG,   /* something was blocked, failed, contradicted, refused, broken or silent */
    CES_STATUS_TROUBLE, /* it could not be read, or not to its end */
    CES_STATUS_UNJUDGED /* no CES network is known */
} ces_status;

/* Who read the frames. */
typedef enum { CES_READ_BY_NOBODY, CES_READ_NATIVELY, CES_READ_BY_BOTH, CES_READ_BY_WIRESHARK } ces_read_by;

enum { CES_WHY_ROOM = 256 };

typedef struct {
    ces_status status;
    ces_read_by read_by;
    gboolean is_hopeless;              /* by these options no capture can be read */
    gboolean lacks_sites;              /* connections without a verdict, since no CES network is known */
    gboolean is_wrong;                 /* as CES_STATUS_WRONG, whatever else */
    gboolean wireshark_runs;           /* in the process that read it */
    guint64 frames;                    /* 0 where Wireshark read all */
    guint64 reasons[CES_REASON_COUNT]; /* frames by how they were read */
    char why[CES_WHY_ROOM];            /* why Wireshark was needed, or what failed; ends with NUL */
} ces_capture_result;

#endif
