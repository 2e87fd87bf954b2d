/* history.h
 * What became of one service between two appliances, over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_HISTORY_H
#define CES_HISTORY_H

#include <ces/report.h>

ces_history *ces_history_new(void);
void ces_history_free(ces_history *history); /* takes NULL */

/* Adds a connection, in any order of time; contacts of one capture come in its
 * order. `capture` must outlive the history. */
void ces_history_add(ces_history *history, const ces_contact *contact, gboolean release, const char *capture);

/* The episodes; see ces_pair_history. */
const ces_episode *ces_history_episodes(ces_history *history, guint *count, guint *dropped);

/* Every connection in order; see ces_pair_visit_attempts. */
void ces_history_visit(ces_history *history, ces_attempt_visitor visitor, gpointer data);

#endif
