/* setup.h
 * The settings in force: what tshark with the plugin would take from Wireshark's
 * files and from the command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SETUP_H
#define CES_SETUP_H

#include "hosts.h"
#include "options.h"

typedef struct {
    ces_settings *settings;
    ces_hosts *hosts;
    char *needs_wireshark; /* why every capture is Wireshark's to read, or NULL */
    char *digest;          /* changes with whatever changes the report */
} ces_setup;

/* Told of what is left out; one line without its end. */
typedef void (*ces_setup_complaint)(const char *what, gpointer data);

/* Reads the files and the options. NULL and `error`, which quotes it, if an
 * option is wrong. What is wrong in a file is left out, and complained of. */
ces_setup *ces_setup_new(const ces_options *options, ces_setup_complaint complain, gpointer data, GError **error);
void ces_setup_free(ces_setup *setup); /* takes NULL */

#endif
