/* quarantine_words.c
 * Feeds the payload of segments to those who follow dialogues.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quarantine_words.h"

#include <epan/proto_data.h>

#include "capture.h"

static struct {
    int ces, quarantine;
} protocols;

/* All words of the open capture, to be freed with it. */
static GPtrArray *all_words;
static gint64 latest; /* time of the latest packet */

/* --- life ------------------------------------------------------------------------ */

static void
free_words(gpointer data)
{
    ces_words *words = (ces_words *)data;

    ces_smtp_session_free(words->delivery);
    g_free(words->ssh);
    g_free(words);
}

static void
forget_words(void)
{
    g_ptr_array_set_size(all_words, 0);
    latest = 0;
}

static void
free_all_words(void)
{
    g_ptr_array_free(all_words, TRUE);
}

void
ces_words_register(int proto_ces, int proto_quarantine)
{
    protocols.ces = proto_ces;
    protocols.quarantine = proto_quarantine;
    all_words = g_ptr_array_new_with_free_func(free_words);
    register_cleanup_routine(forget_words);
    register_shutdown_routine(free_all_words);
}

const ces_words *
ces_words_of(const ces_flow *flow)
{
    return (const ces_words *)flow->dialogue;
}

static gint64
time_of(const packet_info *pinfo)
{
    return (gint64)pinfo->abs_ts.secs * G_GINT64_CONSTANT(1000000000) + pinfo->abs_ts.nsecs;
}

void
ces_words_note_time(const packet_info *pinfo)
{
    if (!pinfo->fd->visited)
        latest = MAX(latest, time_of(pinfo));
}

/* --- what a packet added ---------------------------------------------------------- */

const ces_said *
ces_words_recall(packet_info *pinfo, guint index)
{
    return (const ces_said *)p_get_proto_data(wmem_file_scope(), pinfo, protocols.quarantine, index);
}

static ces_said *
said_in(packet_info *pinfo, guint index)
{
    ces_said *said = (ces_said *)p_get_proto_data(wmem_file_scope(), pinfo, protocols.quarantine, index);

    if (!said) {
        said = wmem_new0(wmem_file_scope(), ces_said);
        p_add_proto_data(wmem_file_scope(), pinfo, protocols.quarantine, index, said);
    }
    return said;
}

/* Remarks of one packet are numbered one after the other, whether they were
 * contribution in the clear or inside TLS. */
static void
remember_heard(ces_said *said, const ces_contribution *contribution)
{
    if (contribution->message)
        said->message = contribution->message;
    if (contribution->remarks && !said->remarks)
        said->first_remark = contribution->first_remark;
    said->remarks = (guint16)(said->remarks + contribution->remarks);
    said->encrypted |= contribution->encrypted;
    said->new_verbs |= contribution->new_verbs;
    said->no_commands |= contribution->no_commands;
}

/* --- beginning ---------------------------------------------------------------------- */

static gboolean
is_followed(ces_service service)
{
    if (service == CES_SERVICE_SYNC)
        return TRUE;
    return (service == CES_SERVICE_SPAM_QUARANTINE || service == CES_SERVICE_PVO_QUARANTINE) &&
           proto_is_protocol_enabled(find_protocol_by_id(protocols.quarantine));
}

/* The responder's SYN-ACK is in the capture exactly if what follows it directly
 * has the number next to the lowest that was seen. */
static gboolean
follows_syn_ack(const ces_flow *flow, guint32 number)
{
    guint16 from_responder = flow->initiator ? CES_SEEN_FROM_0 : CES_SEEN_FROM_1;

    return (flow->evidence & from_responder) && number == flow->lowest[!flow->initiator] + 1;
}

static void
place_streams(ces_words *words, const ces_flow *flow, const ces_segment *segment, gboolean from_client)
{
    if (from_client && (flow->evidence & CES_SEEN_INITIAL))
        ces_stream_start(&words->streams[TRUE], flow->initial + 1);
    if (!from_client && follows_syn_ack(flow, segment->sequence))
        ces_stream_start(&words->streams[FALSE], segment->sequence);
}

/* Nothing is kept of attempts: a scan costs no memory here. */
static ces_words *
begin(ces_flow *flow, const ces_segment *segment)
{
    if (!is_followed((ces_service)flow->service))
        return NULL;
    if (ces_flow_outcome(flow) != CES_OUTCOME_ESTABLISHED && segment->payload == 0)
        return NULL;
    ces_words *words = g_new0(ces_words, 1);
    words->service = flow->service;
    words->completed = segment->time;
    g_ptr_array_add(all_words, words);
    flow->dialogue = (ces_dialogue *)words;
    return words;
}

/* --- hearing ---------------------------------------------------------------------------- */

static gboolean
opening_seen(const ces_flow *flow)
{
    return flow->opening != CES_OPENING_PORTS;
}

static void
hear_delivery(ces_flow *flow, ces_words *words, gboolean from_client, const ces_piece *piece, ces_said *said)
{
    ces_contribution contribution;

    if (!words->delivery)
        words->delivery = ces_smtp_session_new(opening_seen(flow));
    ces_smtp_session_add(words->delivery, from_client, piece, &contribution);
    remember_heard(said, &contribution);

    ces_protocol protocol = ces_smtp_session_protocol(words->delivery);
    if (protocol == CES_PROTOCOL_LMTP || protocol == CES_PROTOCOL_X11)
        ces_flow_disown(flow);
}

static void
hear_ssh(ces_words *words, gboolean from_client, const ces_piece *piece, packet_info *pinfo, guint index)
{
    if (!words->ssh)
        words->ssh = g_new0(ces_ssh_session, 1);
    if (ces_ssh_session_add(words->ssh, from_client, piece))
        said_in(pinfo, index)->failed = TRUE;
}

static void
hear_payload(tvbuff_t *tvb, packet_info *pinfo, guint index, ces_flow *flow, const ces_segment *segment,
             gboolean from_client)
{
    ces_words *words = (ces_words *)flow->dialogue;
    guint header = tvb_reported_length(tvb) - segment->payload;
    guint captured = tvb_captured_length(tvb) > header ? tvb_captured_length(tvb) - header : 0;
    const guint8 *bytes = captured ? tvb_get_ptr(tvb, (gint)header, (gint)captured) : NULL;
    guint32 sequence = segment->sequence + ((segment->flags & CES_TCP_SYN) ? 1 : 0);
    ces_piece piece;

    if (!ces_stream_add(&words->streams[from_client], sequence, bytes, captured, segment->payload, &piece))
        return;
    if (words->service == CES_SERVICE_SYNC)
        hear_ssh(words, from_client, &piece, pinfo, index);
    else
        hear_delivery(flow, words, from_client, &piece, said_in(pinfo, index));
}

/* --- the end -------------------------------------------------------------------------------- */

/* Nothing from the server, with its SYN-ACK seen and nothing of it
 * acknowledged; and the client has not started what is no SMTP. */
static gboolean
is_ungreeted(const ces_flow *flow, const ces_words *words)
{
    ces_protocol protocol = words->delivery ? ces_smtp_session_protocol(words->delivery) : CES_PROTOCOL_UNKNOWN;

    return words->service != CES_SERVICE_SYNC && ces_flow_outcome(flow) == CES_OUTCOME_ESTABLISHED &&
           words->streams[FALSE].from_start && !words->streams[FALSE].any &&
           (protocol == CES_PROTOCOL_UNKNOWN || protocol == CES_PROTOCOL_SMTP);
}

static void
end_ssh(ces_words *words, const ces_segment *segment, gboolean from_client, packet_info *pinfo, guint index)
{
    const ces_stream *stream = &words->streams[from_client];

    if (words->ssh && ces_stream_whole(stream, segment->sequence + segment->payload) &&
        ces_ssh_session_close(words->ssh, from_client))
        said_in(pinfo, index)->failed = TRUE;
}

static void
hear_end(packet_info *pinfo, guint index, const ces_flow *flow, const ces_segment *segment, gboolean from_client)
{
    ces_words *words = (ces_words *)flow->dialogue;

    words->ended = TRUE;
    if (words->service == CES_SERVICE_SYNC)
        end_ssh(words, segment, from_client, pinfo, index);
    if (words->delivery)
        ces_smtp_session_end(words->delivery,
                             ces_stream_whole(&words->streams[from_client], segment->sequence + segment->payload));
    if (!is_ungreeted(flow, words))
        return;
    ces_said *said = said_in(pinfo, index);
    words->ungreeted = TRUE;
    said->ungreeted = TRUE;
    said->waited = segment->time - words->completed;
}

/* What the client acknowledges it has received, whether the capture shows it
 * or not. */
static void
note_acknowledgment(const ces_flow *flow, const ces_segment *segment)
{
    ces_words *words = (ces_words *)flow->dialogue;
    ces_stream *server = &words->streams[FALSE];

    if (!(segment->flags & CES_TCP_ACK))
        return;
    if (!server->placed && follows_syn_ack(flow, segment->acknowledgment))
        ces_stream_start(server, segment->acknowledgment);
    else if (server->placed && !server->any && segment->acknowledgment != server->next &&
             segment->acknowledgment != server->next + 1) /* a FIN counts as one */
        server->from_start = FALSE;
}

void
ces_words_hear(tvbuff_t *tvb, packet_info *pinfo, guint index, const ces_segment *segment)
{
    const ces_sighting *sighting = ces_capture_recall(pinfo, index);

    if (!sighting || !segment->has_flags || !segment->has_sequence)
        return;
    ces_flow *flow = sighting->flow;
    gboolean from_client = sighting->sender == flow->initiator;
    if (!flow->dialogue && !begin(flow, segment))
        return;
    ces_words *words = (ces_words *)flow->dialogue;
    place_streams(words, flow, segment, from_client);
    if (from_client)
        note_acknowledgment(flow, segment);
    if (segment->payload > 0)
        hear_payload(tvb, pinfo, index, flow, segment, from_client);
    if ((segment->flags & (CES_TCP_FIN | CES_TCP_RST)) && !words->ended)
        hear_end(pinfo, index, flow, segment, from_client);
}

/* --- inside TLS -------------------------------------------------------------------------------- */

/* The sighting of the segment that is being dissected: the last one whose
 * ports are those of the packet now. */
static gboolean
current_sighting(packet_info *pinfo, guint *current)
{
    const ces_sighting *sighting;
    gboolean found = FALSE;

    for (guint index = 0; (sighting = ces_capture_recall(pinfo, index)); index++) {
        const ces_flow *flow = sighting->flow;
        if (!sighting->refusal && flow->ends[sighting->sender].port == pinfo->srcport &&
            flow->ends[!sighting->sender].port == pinfo->destport) {
            *current = index;
            found = TRUE;
        }
    }
    return found;
}

void
ces_words_hear_decrypted(tvbuff_t *tvb, guint length, packet_info *pinfo, gboolean from_client)
{
    guint index;
    ces_contribution contribution;

    if (length == 0 || length > tvb_captured_length(tvb) || !ces_capture_flows() || !current_sighting(pinfo, &index))
        return;
    ces_flow *flow = ces_capture_recall(pinfo, index)->flow;
    ces_words *words = (ces_words *)flow->dialogue;
    if (!words || !words->delivery)
        return;
    guint known = MIN(words->again[from_client], length);
    words->again[from_client] -= known;
    if (known == length)
        return;
    ces_piece piece = {tvb_get_ptr(tvb, (gint)known, (gint)(length - known)), length - known, 0};
    ces_smtp_session_add_decrypted(words->delivery, from_client, &piece, &contribution);
    remember_heard(said_in(pinfo, index), &contribution);
    if (ces_smtp_session_protocol(words->delivery) == CES_PROTOCOL_LMTP)
        ces_flow_disown(flow);
}

void
ces_words_will_come_again(packet_info *pinfo, gboolean from_client, guint length)
{
    guint index;

    if (!current_sighting(pinfo, &index))
        return;
    ces_words *words = (ces_words *)ces_capture_recall(pinfo, index)->flow->dialogue;
    if (words)
        words->again[from_client] = length;
}

gboolean
ces_words_are_new_verbs(packet_info *pinfo)
{
    guint index;
    const ces_said *said = current_sighting(pinfo, &index) ? ces_words_recall(pinfo, index) : NULL;

    return said && said->new_verbs && !said->no_commands;
}

gboolean
ces_words_await_greeting(const ces_flow *flow, gint64 *waited)
{
    const ces_words *words = ces_words_of(flow);

    if (!words || words->ended || !is_ungreeted(flow, words))
        return FALSE;
    *waited = latest - words->completed;
    return TRUE;
}
