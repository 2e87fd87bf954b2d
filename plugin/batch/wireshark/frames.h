/* frames.h
 * Frames that the native reader has read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_FRAMES_H
#define CES_WIRESHARK_FRAMES_H

#include "session.h"

#include "../reader.h"

typedef struct ces_frames ces_frames;

ces_frames *ces_frames_begin(ces_analysis *analysis);
void ces_frames_end(ces_frames *frames);

/* See ces_engine_reads. */
gboolean ces_frames_reads(guint32 link_type);

/* See ces_engine_frame. */
gboolean ces_frames_dissect(ces_frames *frames, const ces_frame *frame);

#endif
