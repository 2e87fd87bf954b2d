/* options.h
 * What the user asked for on the command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_OPTIONS_H
#define CES_OPTIONS_H

#include <ces/report.h>

#define CES_OPTIONS_ERROR (ces_options_error_quark())
typedef enum { CES_OPTIONS_ERROR_USAGE } ces_options_error;
GQuark ces_options_error_quark(void);

/* Who reads the frames. */
typedef enum {
    CES_ENGINE_AUTO,   /* the native reader; Wireshark what that cannot read for certain */
    CES_ENGINE_NATIVE, /* the native reader alone; what it left out is said */
    CES_ENGINE_TSHARK  /* Wireshark everything */
} ces_engine_choice;

/* Strings are bytes as they were typed, and owned. Lists end with NULL. */
typedef struct {
    ces_report_format format;
    gboolean pairs;     /* records are merged; so too for: */
    gboolean page;      /* -f html, which is made of records in JSON */
    char *filter;       /* -F, or NULL */
    char **preferences; /* each -o, or NULL */
    char *profile;      /* -C, or NULL */
    char **hosts_files; /* each -H, or NULL */
    char *name_resolving;
    gboolean no_names;
    ces_engine_choice engine;
    gboolean as_one;
    gboolean merge; /* the inputs are files of records */
    gboolean closing;
    gboolean explain;
    gboolean progress;
    gboolean files_end_with_nul;
    gboolean does_nothing; /* --fast or -2 was given */
    char *files_from;      /* a file with names, "-" for standard input, or NULL */
    char *state;           /* a folder, or NULL */
    guint jobs;            /* 0: one a core */
    guint timeout;         /* seconds for one capture; 0: no limit */
    gboolean show_version;
    char **inputs; /* never NULL */
} ces_options;

/* Parses. `arguments` are those of main; GLib prints the help and ends the
 * program if they ask for it. NULL and `error`, in one line that quotes what is
 * wrong. Free with ces_options_free, which takes NULL. */
ces_options *ces_options_parse(int count, char **arguments, GError **error);
void ces_options_free(ces_options *options);

#endif
