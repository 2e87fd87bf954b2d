/* contacts.h
 * Connections between an SMA and an ESA, of many captures, kept to be joined to
 * pairs: each once, and in order of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_CONTACTS_H
#define CES_CONTACTS_H

#include <ces/report.h>

#include "flow_record.h"

typedef struct ces_contacts ces_contacts;

ces_contacts *ces_contacts_new(void);
void ces_contacts_free(ces_contacts *contacts); /* takes NULL */

/* Keeps what the record tells, if it can be part of a pair. */
void ces_contacts_add(ces_contacts *contacts, const ces_flow_record *record);

/* Adds all of them to the table; see merge.h for what counts once, and for the
 * order. The table may outlive the contacts. */
void ces_contacts_join(ces_contacts *contacts, ces_pair_table *table);

#endif
