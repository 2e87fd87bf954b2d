/* alert.h
 * TLS alerts that are sent in the clear, found by stepping over the records
 * of one end (RFC 8446 sections 5.1 and 6, RFC 5246 section 7.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ALERT_H
#define CES_ALERT_H

#include "dialogue/stream.h"

/* Zeroed is an end that has sent nothing. */
typedef struct {
    guint32 skip;      /* bytes of the current record still to come */
    guint8 have;       /* bytes in `head` */
    guint8 head[7];    /* type, version, length; of an alert also level and description */
    guint8 lost;       /* bytes are missing, so where records begin is not known */
    guint8 has_data;   /* a record of application data that is more than an alert was begun */
    guint8 has_failed; /* it sent an alert that ends the handshake */
} ces_alert_watch;

/* Looks at the next piece. TRUE if an alert that ends the handshake is in it;
 * then `description` says which. An encrypted alert is longer and stays what
 * it is: unknown. close_notify is no failure. */
gboolean ces_alert_watch_piece(ces_alert_watch *watch, const ces_piece *piece, guint8 *description);

/* Whether TLS was established between two ends: both have sent application
 * data, and neither an alert that ends the handshake. In TLS 1.3 the end of
 * the handshake is hidden in such records as well (RFC 8446 section 5.2), and
 * a client sends it only once it trusts the server. FALSE proves nothing. */
gboolean ces_alert_watch_established(const ces_alert_watch watches[2]);

/* "handshake failure"; static. */
const char *ces_alert_words(guint8 description);

#endif
