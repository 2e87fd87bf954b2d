/* words.h
 * What several parts of a page say in the same words. Each function appends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_WORDS_H
#define CES_PAGE_WORDS_H

#include <ces/report.h>

/* "2026-11-25 02:13:07" and "02:13:07", in UTC; "time unknown". */
void ces_page_say_time(ces_time at, GString *text);
void ces_page_say_clock(ces_time at, GString *text);

/* "11-25 02:13" */
void ces_page_say_day_and_clock(ces_time at, GString *text);

/* "02:13:07 to 02:14:11", with the days where they differ or are asked for; the same
 * time once. */
void ces_page_say_span(ces_time from, ces_time to, gboolean with_day, GString *text);

gboolean ces_page_on_one_day(ces_time a, ces_time b);

/* "7.2 s", "3 min 5 s", "4 h 10 min", "12 days" */
void ces_page_say_length(ces_time from, ces_time to, GString *text);

/* "1 connection", "12 connections" */
void ces_page_say_count(guint64 count, const char *what, GString *text);

/* "packet 7 of night.pcapng"; of a capture without a name only the packet. */
void ces_page_say_place(const char *capture, guint32 frame, GString *text);

/* The command that opens the capture at the packet; nothing if it has no file, if
 * its name is not known byte for byte, or if the command is too long for a page. */
void ces_page_say_command(const char *capture, guint32 frame, GString *text);

/* "SMA 203.0.113.20 and ESA 198.51.100.10" */
void ces_page_say_pair(const ces_pair *pair, GString *text);

/* "the CES data centre", "outside" */
const char *ces_page_site_words(ces_site site);

#endif
