/* quarantine_words.h
 * What is said on quarantine and sync connections, contribution segment by segment.
 *
 * The words of a connection live as long as the capture; what a packet added
 * to them is remembered with the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_QUARANTINE_WORDS_H
#define CES_QUARANTINE_WORDS_H

#include "compat.h"

#include "dialogue/smtp_session.h"
#include "flow/flow_table.h"
#include "dialogue/ssh_session.h"

/* One connection. */
typedef struct {
    ces_stream streams[2];      /* by from_client */
    ces_smtp_session *delivery; /* on a quarantine port, once somebody speaks; or NULL */
    ces_ssh_session *ssh;       /* on a sync port, once somebody speaks; or NULL */
    guint8 service;             /* ces_service that the port stands for */
    guint8 ended;               /* a FIN or RST came */
    guint8 ungreeted;           /* ... and the server had not said a word */
    gint64 completed;           /* when the handshake was complete */
    guint again[2];             /* by from_client: decrypted bytes contribution that will come again */
} ces_words;

/* What one packet added to the words of one flow. */
typedef struct {
    const ces_message *message; /* that the packet speaks of, or NULL */
    guint16 first_remark, remarks;
    guint8 encrypted;
    guint8 failed;                 /* SSH: the packet shows the failure */
    guint8 new_verbs, no_commands; /* as in ces_contribution */
    guint8 ungreeted;              /* the packet ends a connection without a greeting */
    gint64 waited;                 /* ... after so many nanoseconds */
} ces_said;

/* Registers forgetting at the end of a capture. */
void ces_words_register(int proto_ces, int proto_quarantine);

/* Hears a segment, whose payload begins behind the TCP header in `tvb`. Call
 * it on the first visit, after the segment was added to its flow as the
 * packet's sighting number `index`. */
void ces_words_hear(tvbuff_t *tvb, packet_info *pinfo, guint index, const ces_segment *segment);

/* Hears the first `length` bytes of what TLS decrypted in this packet. First
 * visit only. */
void ces_words_hear_decrypted(tvbuff_t *tvb, guint length, packet_info *pinfo, gboolean from_client);

/* SMTP inside TLS did not read the last `length` bytes that were contribution: they
 * come again before what follows them. */
void ces_words_will_come_again(packet_info *pinfo, gboolean from_client, guint length);

/* Whether the client says, in the segment being dissected, commands that are
 * no public SMTP, and nothing but commands. */
gboolean ces_words_are_new_verbs(packet_info *pinfo);

/* What was said so far on the flow; NULL if nothing is followed there. */
const ces_words *ces_words_of(const ces_flow *flow);

/* What the packet's sighting number `index` added, or NULL. */
const ces_said *ces_words_recall(packet_info *pinfo, guint index);

/* Whether, as far as the capture has been read, the handshake was completed
 * and the server has not said a word; `waited` is for how long. FALSE if it
 * cannot be told: when a part of what it sent may be missing. */
gboolean ces_words_await_greeting(const ces_flow *flow, gint64 *waited);

/* Tells how far the capture reaches. */
void ces_words_note_time(const packet_info *pinfo);

#endif
