/* merge.h
 * Reports on many captures, made of the records of their connections.
 *
 * Reading a capture gives records (lines of `ces-report -f json`, that is of
 * `tshark -z ces,flows,json` with "capture" as the first member); this makes the
 * reports of them, wherever and in whatever order they were made. Pairs are made
 * by the core, by the rules that hold for one capture.
 *
 * Order. Connections are written in the order in which their records come. Pairs
 * and their histories are made in the order of time across captures and in the
 * order of the records within one, so the order of captures does not matter.
 *
 * A connection in several captures (copies, ring buffers that overlap) counts
 * once in pairs, with the record that shows most of it. It is known by its two
 * ends and its start to the nanosecond: records do not hold the initial sequence
 * number. As many as one capture has of the same ends and start are several
 * connections. Without a start, or from recorders whose clocks differ, two
 * records are one connection only if capture and first frame are the same. One
 * that runs on in the next file begins anew there, which is no change: only
 * reading the files as one recording joins it.
 *
 * What a record does not tell and so is missing here: over how many seconds the
 * attempts were made, if other packets came too (text of connections), and which
 * names are those of one appliance with several addresses (pairs): `sites` says
 * that.
 *
 * Records come from anywhere. A line is refused as a whole, or taken as a whole;
 * what it takes to read one is bounded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_MERGE_H
#define CES_MERGE_H

#include <stdio.h>

#include <ces/report.h>

typedef struct ces_merge ces_merge;

/* No record is longer, in bytes; a longer line is refused unread. */
enum { CES_MERGE_LINE = 1 << 16 };

typedef struct {
    /* Which addresses are one appliance, see ces_pair_table_new; borrowed for as
     * long as the merge lives, or NULL. */
    const ces_site_table *sites;
    /* Keep what pairs and the summary are made of: about 130 bytes a connection
     * between an SMA and an ESA, none for others. */
    gboolean keep_pairs;
    /* Keep what the page is made of, pairs included: see ces/page.h. */
    gboolean keep_page;
    /* Write each connection when its record comes, to `flow_output`; NULL: do not.
     * Text has a part for each run of records of one capture, headed by its name
     * if it has one; CSV has the name in the first column; JSON is the records as
     * they came, but for members that this version does not know. */
    ces_report_format flow_format;
    ces_report_output flow_output;
    gpointer flow_data;
} ces_merge_options;

/* Never NULL. Free it with ces_merge_free, which takes NULL. */
ces_merge *ces_merge_new(const ces_merge_options *options);
void ces_merge_free(ces_merge *merge);

/* CES_MERGE_REFUSED: the line is no record of this version; the merge is as if it
 * had never come. CES_MERGE_UNWRITTEN: flow_output did not take it. */
#define CES_MERGE_ERROR (ces_merge_error_quark())
typedef enum { CES_MERGE_REFUSED, CES_MERGE_UNWRITTEN } ces_merge_error;
GQuark ces_merge_error_quark(void);

/* Takes one record: `length` bytes, with or without the end of the line; borrowed.
 * FALSE and `error`, which says in one line what is wrong and quotes it. */
gboolean ces_merge_add(ces_merge *merge, const char *line, gsize length, GError **error);

/* Told of each line that is refused: its number in the stream, from 1, and why. */
typedef void (*ces_merge_complaint)(guint64 line, const GError *error, gpointer data);

/* Adds all lines of a stream; empty ones are skipped. Memory for no more than
 * one line. FALSE if a line was refused, reading failed (line 0 is complained
 * of), or flow_output took no more, which ends it. */
gboolean ces_merge_read(ces_merge *merge, FILE *stream, ces_merge_complaint complain, gpointer data);

/* A capture without a connection: the text of connections and the page name it, too. */
void ces_merge_empty_capture(ces_merge *merge, const char *capture);

/* Ends the report of connections; nothing may be added any more. FALSE if
 * flow_output took less than all. */
gboolean ces_merge_end_flows(ces_merge *merge);

/* All pairs, in the order of their first connections. FALSE if `output` said so.
 * More may be added afterwards. */
gboolean ces_merge_pairs(ces_merge *merge, ces_report_format format, ces_report_output output, gpointer data);

/* The page on all that was added, if keep_page. FALSE if `output` said so. */
gboolean ces_merge_page(ces_merge *merge, ces_report_output output, gpointer data);

/* Has the page say that something was not read or not understood: a line. */
void ces_merge_trouble(ces_merge *merge, const char *line);

/* For a terminal: the pairs in few lines of text, what does not work and what
 * changed last first, each with its latest state, since when, and where to look.
 * No more than a screen; the others are counted. Nothing where there is no pair. */
gboolean ces_merge_summary(ces_merge *merge, ces_report_output output, gpointer data);

/* What an exit status follows from. All records count, copies too. */
typedef struct {
    guint64 connections;
    guint64 wrong;        /* of them: blocked, failed, contradicted; or refused, broken or silent */
    guint64 undetermined; /* of them: without a verdict, since no CES network is known */
} ces_merge_facts;

ces_merge_facts ces_merge_facts_now(const ces_merge *merge);

/* If there is such a connection without a verdict: appends in one line, without
 * its end, that this is so and what to do, and returns TRUE; as
 * ces_report_missing_sites. For formats that have no place for it. */
gboolean ces_merge_missing_sites(const ces_merge *merge, GString *text);

#endif
