/* explain.h
 * How the frames of a run were read, and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_EXPLAIN_H
#define CES_EXPLAIN_H

#include "capture_result.h"

typedef struct {
    guint64 captures, frames;
    guint64 reasons[CES_REASON_COUNT];
    guint64 by_wireshark;   /* captures that it read from the start */
    gboolean wireshark_ran; /* in any process */
    GHashTable *whys;       /* why it did -> how many captures */
} ces_explanation;

void ces_explanation_init(ces_explanation *explanation);
void ces_explanation_clear(ces_explanation *explanation);

void ces_explanation_add(ces_explanation *explanation, const ces_capture_result *result);

/* Appends lines for a person. */
void ces_explanation_text(const ces_explanation *explanation, GString *text);

#endif
