/* engine.h
 * Wireshark for those captures, and those frames, that the native reader does
 * not read: libwireshark with the plugin in it, in this process.
 *
 * It lives in a module of its own that is loaded when the engine is started, so
 * who never needs it pays nothing. Starting takes a quarter of a second.
 *
 * A program has one engine at most, since libwireshark keeps its state in
 * file-wide variables, and works on one capture at a time. What libwireshark
 * takes for hopeless (no memory, a fault in a dissector) ends the process: let a
 * worker call it. SIGPIPE is ignored once it has started.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ENGINE_H
#define CES_ENGINE_H

#include <ces/report.h>

#include "reader.h"

/* Errors of the engine. Messages name no capture: the caller knows which. */
#define CES_ENGINE_ERROR (ces_engine_error_quark())
typedef enum {
    CES_ENGINE_ERROR_MODULE,  /* there is no module, or it cannot be loaded */
    CES_ENGINE_ERROR_OPTIONS, /* Wireshark refuses one of the options */
    CES_ENGINE_ERROR_CAPTURE  /* the capture cannot be opened, or not be read to its end */
} ces_engine_error;
GQuark ces_engine_error_quark(void);

/* What Wireshark tells its user, one line without its end. */
typedef void (*ces_engine_say)(const char *line, gpointer data);

/* What one run wants from Wireshark, as the user typed it. Strings are borrowed
 * while the engine starts, `say` and `data` as long as it runs. */
typedef struct {
    const char *profile;            /* -C, or NULL */
    const char *const *preferences; /* each -o, NULL-terminated; NULL: none */
    const char *const *hosts_files; /* each -H, NULL-terminated; NULL: none */
    const char *name_resolving;     /* -N flags, or NULL */
    gboolean no_names;              /* -n */
    const char *filter;             /* -F: display filter, or NULL */
    ces_engine_say say;             /* NULL: nobody listens */
    gpointer data;
} ces_engine_options;

typedef struct ces_engine ces_engine;

/* Starts Wireshark as tshark does with these options, with the user's profile,
 * preferences, disabled protocols and Decode As. Once a process. NULL and
 * `error` where the module is missing, or a preference, a file or the filter is
 * wrong; then the process can have no engine any more. */
ces_engine *ces_engine_start(const ces_engine_options *options, GError **error);

/* Closes what is open. Takes NULL. What libwireshark holds goes with the process. */
void ces_engine_stop(ces_engine *engine);

/* Whether the process had better end after this capture, and another one go on:
 * Wireshark 4.0 keeps 11 MB of every capture that it has seen a part of. */
gboolean ces_engine_is_worn(const ces_engine *engine);

/* --- frames of a capture that the native reader reads ---------------------------- */

/* From now on frames are of a new capture, and what they say goes into `analysis`,
 * which the caller owns. Its settings count, not those of Wireshark's profile.
 * Costs nothing before the first frame.
 *
 * Wireshark sees a part of the capture only: so no flow gets the number of a
 * stream, and its tables of names are not read. The caller adds the names of
 * hosts files and of the capture's name records. */
void ces_engine_begin(ces_engine *engine, ces_analysis *analysis);

/* Whether frames of this LINKTYPE_ can be dissected one by one. Some begin with
 * what only libwiretap reads: then the whole capture is for ces_engine_capture. */
gboolean ces_engine_reads(ces_engine *engine, guint32 link_type);

/* Dissects a frame (a packet): in the order of the capture, and in place of
 * ces_decoded_feed. Its bytes are not needed afterwards. What libwireshark
 * remembers of it is kept until the end: some 1.5 KB a frame, as in tshark.
 * Returns whether the frames so far may have taught Wireshark's own tables a
 * name (as `teaches` of a frame that the decoder reads). */
gboolean ces_engine_frame(ces_engine *engine, const ces_frame *frame);

/* After the last: the analysis is let go. */
void ces_engine_end(ces_engine *engine);

/* --- whole captures ----------------------------------------------------------------- */

/* Reads the capture with libwiretap and all of its frames with libwireshark, into
 * a fresh `analysis` that the caller owns. Flows get the numbers of their streams,
 * as in tshark; names of hosts files and name records are Wireshark's to add.
 * `path` is any bytes; "-" is standard input, which need not be a file.
 *
 * With a filter the capture is read twice, and `taken` gets the flows of which a
 * packet passes when all is known (with standard input or a pipe it fails then).
 * Without, every flow is meant, and `taken` is not touched; it may be NULL.
 *
 * CES_READ_END: all was read. CES_READ_CUT: the file ends in the middle of a
 * record. CES_READ_FAILED: it cannot be opened, or not be read on. The last two
 * set `error`, in Wireshark's words; what was read before counts. */
ces_read ces_engine_capture(ces_engine *engine, const char *path, ces_analysis *analysis, ces_selection *taken,
                            GError **error);

#endif
