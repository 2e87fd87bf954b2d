/* labels.h
 * The capture's name in each record of a report, in the way of its format.
 *
 * A name is bytes. JSON tells it without loss: what no display should get raw is
 * escaped, and a name that is no UTF-8 (shown with U+FFFD in it) stands a second
 * time, as "capture_bytes": its bytes in base64. In text and CSV unfit characters
 * become dots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_LABELS_H
#define CES_LABELS_H

#include <ces/report.h>

/* The members, without braces: "capture":"a.pcap" */
void ces_label_json(const char *name, GString *to);

/* A cell, quoted where it must be. */
void ces_label_csv(const char *name, GString *to);

/* For a person, on one line. */
void ces_label_text(const char *name, GString *to);

/* A JSON string with its quotation marks; `text` is bytes. */
void ces_label_json_string(const char *text, GString *to);

/* The line that heads a CSV report on connections, with its end. */
void ces_label_csv_header(GString *to);

/* Puts a name into the report on one capture while it is drawn. */
typedef struct {
    ces_report_format format;
    GString *label, *text; /* what each record gets; what is labelled and not yet put out */
    gboolean has_begun;
    ces_report_output output; /* gets whole records */
    gpointer data;
} ces_labelling;

void ces_labelling_begin(ces_labelling *labelling, ces_report_format format, const char *name, ces_report_output output,
                         gpointer data);

/* A ces_report_output; `data` is the ces_labelling. */
gboolean ces_labelling_take(const char *text, gsize length, gpointer data);

/* FALSE if the output took less than all. */
gboolean ces_labelling_end(ces_labelling *labelling);

#endif
