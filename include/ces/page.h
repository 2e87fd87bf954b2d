/* page.h
 * A page for people: one HTML file that stands alone, on any number of captures.
 *
 * Nothing is loaded from elsewhere and nothing runs in it, so that it can be
 * attached to a ticket. All that comes from captures is shown as text, whatever it
 * is. It stays a few megabytes however many connections there are: the worst and
 * the latest are shown, the others counted, and the page says so. So does memory:
 * it grows with the captures, not with their connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_H
#define CES_PAGE_H

#include <ces/report.h>

/* What is shown in full. */
enum {
    CES_PAGE_WORST = 1000,   /* connections: the worst, of these the latest */
    CES_PAGE_LATEST = 100,   /* and the latest of all */
    CES_PAGE_ALIKE = 10,     /* the latest of those between the same two in the same state */
    CES_PAGE_CAPTURES = 100, /* captures: those with something wrong first */
    CES_PAGE_TROUBLES = 50,  /* captures that could not be read */
    CES_PAGE_ADVICE = 40     /* different pieces of advice */
};

typedef struct ces_page ces_page;

/* Never NULL. Free it with ces_page_free, which takes NULL. */
ces_page *ces_page_new(void);
void ces_page_free(ces_page *page);

/* Takes a connection of a capture, which is "" or NULL if it has no name. All that
 * is shown of it is copied. */
void ces_page_add(ces_page *page, const ces_assessment *assessment, const char *capture);

/* A capture in which there is no connection. */
void ces_page_add_capture(ces_page *page, const char *capture);

/* Something that could not be read or understood: a line that says what. */
void ces_page_add_trouble(ces_page *page, const char *line);

/* Writes the page in one piece, with the pairs that were made of the same
 * connections. FALSE if `output` said so. More may be added afterwards. */
gboolean ces_page_write(const ces_page *page, const ces_pair_table *pairs, ces_report_output output, gpointer data);

#endif
