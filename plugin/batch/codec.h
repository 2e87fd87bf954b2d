/* codec.h
 * One way to decompress.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CODEC_H
#define CES_CODEC_H

#include <glib.h>

/* What one step did. */
typedef struct {
    gsize taken, given; /* bytes of what came in and what went out */
    gboolean is_whole;  /* what came in so far is complete: the file may end here */
    gboolean is_broken; /* it is no such format, or damaged */
} ces_codec_step;

typedef struct {
    const char *name;
    guint8 magic[6];
    gsize magic_length;
    const char *const *program; /* to run, its arguments ended by NULL; otherwise the functions below */
    gpointer (*begin)(void);    /* NULL if there is no memory */
    ces_codec_step (*step)(gpointer state, const guint8 *in, gsize available, guint8 *out, gsize room);
    void (*close)(gpointer state);
} ces_codec;

/* By the first bytes of a file, as many as there are; NULL if they are of none. */
const ces_codec *ces_codec_find(const guint8 *bytes, gsize length);

enum { CES_CODEC_MAGIC = 6 };

#endif
