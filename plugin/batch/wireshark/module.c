/* module.c
 * The engine, as the program that loads this module calls it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "module.h"

#include <gmodule.h>

#include "captures.h"
#include "compat.h"
#include "frames.h"
#include "say.h"
#include "start.h"

/* Before 4.4 libwireshark reads its tables of services and vendors again for
 * every capture, and keeps the old ones until the process ends: 11 MB each. */
#if CES_WIRESHARK_AT_LEAST(4, 4)
enum { SESSIONS_AT_MOST = G_MAXINT };
#else
enum { SESSIONS_AT_MOST = 24 };
#endif

struct ces_wireshark {
    ces_started started;
    ces_analysis *analysis; /* of the capture whose frames come; NULL: none do */
    ces_frames *frames;     /* NULL until the first has come */
    guint sessions;
};

/* The program has this one too; the module calls nothing of the program's. */
GQuark
ces_engine_error_quark(void)
{
    return g_quark_from_static_string("ces-engine-error");
}

static ces_wireshark *
start(const ces_engine_options *options, GError **error)
{
    ces_wireshark *wireshark = g_new0(ces_wireshark, 1);

    ces_say_to(options->say, options->data);
    if (ces_start(options, &wireshark->started, error))
        return wireshark;
    g_free(wireshark);
    return NULL;
}

static gboolean
reads(ces_wireshark *wireshark G_GNUC_UNUSED, guint32 link_type)
{
    return ces_frames_reads(link_type);
}

static void
end(ces_wireshark *wireshark)
{
    if (wireshark->frames)
        ces_frames_end(wireshark->frames);
    wireshark->frames = NULL;
    wireshark->analysis = NULL;
}

static void
begin(ces_wireshark *wireshark, ces_analysis *analysis)
{
    end(wireshark);
    wireshark->analysis = analysis;
}

static gboolean
dissect_frame(ces_wireshark *wireshark, const ces_frame *frame)
{
    if (!wireshark->frames) {
        wireshark->frames = ces_frames_begin(wireshark->analysis);
        wireshark->sessions++;
    }
    return ces_frames_dissect(wireshark->frames, frame);
}

static gboolean
is_worn(const ces_wireshark *wireshark)
{
    return wireshark->sessions >= (guint)SESSIONS_AT_MOST;
}

static ces_read
read_capture(ces_wireshark *wireshark, const char *path, ces_analysis *analysis, ces_selection *taken, GError **error)
{
    end(wireshark);
    wireshark->sessions++;
    return ces_captures_read(&wireshark->started, path, analysis, taken, error);
}

/* What libwireshark holds goes with the process: taking it apart costs time and
 * helps nobody. */
static void
stop(ces_wireshark *wireshark)
{
    end(wireshark);
    ces_say_to(NULL, NULL);
    g_free(wireshark);
}

G_MODULE_EXPORT extern const ces_module ces_wireshark_module;
const ces_module ces_wireshark_module = {
    .build = CES_BUILD_MARK,
    .start = start,
    .stop = stop,
    .reads = reads,
    .begin = begin,
    .frame = dissect_frame,
    .end = end,
    .capture = read_capture,
    .is_worn = is_worn,
};
