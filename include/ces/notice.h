/* notice.h
 * What an analyst is told at the packet that shows it: once for each
 * connection or message, never on every packet.
 *
 * Where a notice stands is decided here. Whoever shows notices gives each kind
 * a severity and a place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_NOTICE_H
#define CES_NOTICE_H

#include <ces/assessment.h>

/* Each kind with its token, its severity (chat, note, warning, error) and a
 * summary. UNDETERMINED, no network of the cloud is known, comes once in a
 * capture; CONFLICT, table and name contradict each other, once for each address. */
/* clang-format off */
#define CES_NOTICES(X) \
    /* of the connection: */ \
    X(CES_NOTICE_PERMITTED, "permitted", CHAT, "CES permits this direction") \
    X(CES_NOTICE_BLOCKED, "blocked", WARN, "CES blocks this direction") \
    X(CES_NOTICE_UNSUPPORTED, "unsupported", NOTE, "The centralized service is not supported between these two") \
    X(CES_NOTICE_FAILED, "failed", WARN, "Permitted by CES, yet not established") \
    X(CES_NOTICE_CONTRADICTED, "contradicted", ERROR, "Blocked by CES, yet it got through") \
    X(CES_NOTICE_UNDETERMINED, "undetermined", WARN, "No CES network is known") \
    X(CES_NOTICE_CONFLICT, "conflict", NOTE, "The site table says external, a name says cloud") \
    /* that the dialogue never began, or how it broke: */ \
    X(CES_NOTICE_NO_GREETING, "quarantine.no_greeting", WARN, "Connection established, but no greeting came") \
    X(CES_NOTICE_NO_COMMON_ALGORITHM, "sync.key_exchange_failed", WARN, "SSH key exchange failed") \
    X(CES_NOTICE_CLOSED_AFTER_BANNER, "sync.closed_after_banner", NOTE, "SSH closed after the banner") \
    X(CES_NOTICE_NO_BANNER, "sync.no_banner", WARN, "Connection established, but no SSH banner came") \
    X(CES_NOTICE_NOT_SSH, "sync.not_ssh", WARN, "What answers is not SSH") \
    /* of what was said to a quarantine, from here on: */ \
    X(CES_NOTICE_REFUSED, "quarantine.refused", WARN, "Delivery refused (5xx)") \
    X(CES_NOTICE_DEFERRED, "quarantine.deferred", NOTE, "Delivery refused for now (4xx)") \
    X(CES_NOTICE_UNKNOWN_VERB, "quarantine.unknown_verb", WARN, "The listener does not know a command") \
    X(CES_NOTICE_STARTTLS_REFUSED, "quarantine.starttls_refused", WARN, "STARTTLS refused") \
    X(CES_NOTICE_TLS_ALERT, "quarantine.tls_alert", WARN, "TLS handshake failed with an alert") \
    X(CES_NOTICE_REWRITTEN, "quarantine.rewritten", WARN, "Mail inspection rewrites the dialogue") \
    X(CES_NOTICE_LMTP, "quarantine.lmtp", NOTE, "LMTP, which is no quarantine")
/* clang-format on */

#define CES_NOTICE_ENUMERATOR(name, token, severity, summary) name,
typedef enum {
    CES_NOTICES(CES_NOTICE_ENUMERATOR) CES_NOTICE_COUNT,
    CES_NOTICE_FIRST_OF_DELIVERY = CES_NOTICE_REFUSED
} ces_notice;

/* Who is told. */
typedef struct {
    void (*take)(ces_notice notice, const char *sentence, gpointer data); /* the sentence is borrowed during the call */
    gpointer data;
    GString *scratch; /* the caller's; sentences are written there, so nothing is lost if `take` does not return */
} ces_notice_listener;

/* Hands over what this packet (the sighting) tells of its connection: the
 * verdict on the first packet, the finding on the one that decided. */
void ces_notices_of_connection(ces_analysis *analysis, const ces_sighting *sighting, const ces_assessment *assessment,
                               const ces_notice_listener *listener);

/* ... and of the dialogue on it. `contribution` is what the packet added to
 * that, or NULL. `all_is_read`: no packet is still to come. Silence that none
 * ends is a fact only then, and stands on the packet that completed the
 * handshake. */
void ces_notices_of_dialogue(const ces_analysis *analysis, const ces_sighting *sighting,
                             const ces_contribution *contribution, const ces_assessment *assessment,
                             gboolean all_is_read, const ces_notice_listener *listener);

/* Appends what a packet contributed to a delivery: "Spam Quarantine, smtp,
 * encrypted, message 1 from <a@b> to <c@d>, accepted (250 Ok)"; "none" stands
 * for the quarantine if LMTP shows that it is none. */
void ces_say_delivery(const ces_flow *flow, const ces_contribution *contribution, GString *text);

#endif
