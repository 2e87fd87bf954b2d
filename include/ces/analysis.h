/* analysis.h
 * The analysis of one capture: whoever reads packets hands it facts in the
 * order of the capture, and gets back what each packet added.
 *
 * It owns everything that lives as long as the capture: the settings as
 * parsed, the flows, the dialogues, the names, and who says once what need not
 * be said twice. It has no global state: two live side by side.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ANALYSIS_H
#define CES_ANALYSIS_H

#include <ces/dialogue.h>
#include <ces/settings.h>

typedef struct ces_analysis ces_analysis;

/* An analysis that has seen nothing. Takes a reference of its own. */
ces_analysis *ces_analysis_new(ces_settings *settings);

/* Frees it with all that it has handed out; takes NULL. */
void ces_analysis_free(ces_analysis *analysis);

/* --- facts, in the order of the capture ------------------------------------- */

/* Every packet: its time (as recorded), before anything else that it says.
 * Returns what a segment of it has to carry as `elapsed`. */
gint64 ces_analysis_note_time(ces_analysis *analysis, ces_time timestamp);

/* What a segment added. */
typedef struct {
    ces_sighting sighting;
    ces_contribution contribution;
} ces_addition;

/* Whether one of both ports (see ces_segment_ports) carries a service. */
gboolean ces_analysis_carries_service(const ces_analysis *analysis, guint32 ports);

/* A TCP segment of which at least one port carries a service. */
ces_addition ces_analysis_add_segment(ces_analysis *analysis, const ces_segment *segment);

/* An ICMP or ICMPv6 error that refuses what it quotes. FALSE if it quotes the
 * opening of no connection seen: then nothing has changed. */
gboolean ces_analysis_add_refusal(ces_analysis *analysis, const ces_refusal *refusal, ces_sighting *sighting);

/* Whether a datagram or a segment with these ports may hold DNS that teaches names. */
gboolean ces_analysis_wants_dns(const ces_analysis *analysis, guint16 source_port, guint16 destination_port);

/* The payload of a UDP datagram: of one that ces_analysis_wants_dns. */
void ces_analysis_add_datagram(ces_analysis *analysis, const ces_socket *source, const ces_socket *destination,
                               const guint8 *bytes, gsize captured, guint32 frame);

/* A TCP segment that ces_analysis_wants_dns, and that is of no service. */
void ces_analysis_add_dns_segment(ces_analysis *analysis, const ces_segment *segment);

/* A name from a hosts file or the capture file's own records, in any spelling. */
void ces_analysis_add_host(ces_analysis *analysis, const ces_address *address, const char *name);

/* Many of those, sorted here by their addresses: who keeps only some keeps the
 * same ones in every run. */
typedef struct {
    ces_address address;
    const char *name; /* borrowed during the call */
} ces_host;
void ces_analysis_add_hosts(ces_analysis *analysis, ces_host *hosts, gsize count);

/* Bytes that somebody decrypted from the TLS of the sighting's connection, and
 * bytes of those that will be handed over again (see dialogue.h). */
void ces_analysis_add_decrypted(ces_analysis *analysis, const ces_sighting *sighting, gboolean from_client,
                                const guint8 *bytes, gsize length, ces_contribution *contribution);

/* --- what is known ------------------------------------------------------------ */

/* Borrowed; valid as long as the analysis. */
const ces_settings *ces_analysis_settings(const ces_analysis *analysis);

/* Capture time that has gone by so far, in nanoseconds. */
gint64 ces_analysis_elapsed(const ces_analysis *analysis);

/* Who the ends of a flow are by all that is known now; index as in flow->ends.
 * Names are valid as long as the analysis. */
void ces_analysis_parties(const ces_analysis *analysis, const ces_flow *flow, ces_party parties[2]);

/* Connections in the order of their first packets; index below the count. */
guint ces_analysis_count(const ces_analysis *analysis);
ces_flow *ces_analysis_flow(const ces_analysis *analysis, guint position);

/* --- said once ------------------------------------------------------------------ */

/* Whether this flow is the one that says that no site is known: the first that
 * asks is, and stays it. */
gboolean ces_analysis_says_missing_sites(ces_analysis *analysis, const ces_flow *flow);

/* Whether this packet (the flow's sighting of that ordinal) is the one that
 * tells that table and name of this address contradict each other: once for
 * each address. */
gboolean ces_analysis_says_conflict(ces_analysis *analysis, const ces_address *address, const ces_flow *flow,
                                    guint32 ordinal);

#endif
