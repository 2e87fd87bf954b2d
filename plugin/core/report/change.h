/* change.h
 * When a service between two appliances changed last, and how.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CHANGE_H
#define CES_CHANGE_H

#include <ces/report.h>

/* The latest state, and the one before it. */
typedef struct {
    const char *before, *now; /* what the service did: static; NULL if there was no such state */
    ces_time until, since;    /* end of the one, start of the other; or CES_TIME_UNKNOWN */
    ces_time latest;          /* the latest end of the latest state */
    guint connections;        /* in the latest state */
    const char *capture;      /* where that began; "" without a name, valid as long as the table */
    guint32 frame;
    gboolean works; /* now */
    gboolean mixed; /* deliveries and releases: not one service */
    guint dropped;  /* episodes that are not known any more */
} ces_change;

ces_change ces_change_of(const ces_pair *pair, ces_function function);

/* Appends the change as a sentence, for which there must be a state before:
 * "The sync worked until 02:13:07; since 02:14:11 it was unanswered (12
 * connections, from packet 7 of night.pcap on)." Times that are not known, or
 * that overlap, are left out; and the place, of a capture without a name. */
void ces_say_change(const ces_change *change, ces_function function, GString *text);

/* Appends the latest state alone: "The sync worked from 2026-11-25 02:13:07 to
 * 02:14:11 (12 connections, from packet 7 of night.pcap on)." */
void ces_say_state(const ces_change *change, ces_function function, GString *text);

#endif
