/* report_text.h
 * The reports for people: plain text of at most CES_REPORT_TEXT_WIDTH columns.
 *
 * Every function appends whole lines. Characters that are unfit for display
 * (see ces/text.h) become dots, since names may come from a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_REPORT_TEXT_H
#define CES_REPORT_TEXT_H

#include <ces/report.h>

/* The head of the list of connections, one connection, and what they add up
 * to. With no connection at all the sum says so. */
void ces_report_text_flow_head(GString *text);
void ces_report_text_flow(const ces_assessment *assessment, GString *text);
void ces_report_text_flow_sum(const ces_tally *tally, GString *text);

/* That no site was known on so many connections of all, in a frame that nobody
 * overlooks, and what to do: what ces_say_missing_sites says of the first. */
void ces_report_text_missing_sites(const char *words, guint count, guint of, GString *text);

/* Who the two of a pair are. */
void ces_report_text_members(const ces_pair *pair, GString *text);

/* A pair as a matrix of functions with what follows from it, and the line
 * that stands when there is no pair. */
void ces_report_text_pair(const ces_pair_table *table, const ces_pair *pair, GString *text);
void ces_report_text_no_pair(GString *text);

/* Appends `words` from column `indent` on, where the line must stand, broken
 * at blanks so that no line is wider than CES_REPORT_TEXT_WIDTH, and ends the line. */
void ces_report_text_wrap(const char *words, guint indent, GString *text);

#endif
