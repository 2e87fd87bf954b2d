/* dialogue.c
 * Placing what segments carry, and what became of the connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/dialogue.h>

#include "dialogue/overtaken.h"
#include "dialogue/smtp_session.h"
#include "dialogue/ssh_session.h"
#include "dialogue/stream.h"

/* Everything by from_client: 0 the server, 1 the client. */
struct ces_dialogue {
    ces_stream streams[2];
    ces_smtp_session *smtp;    /* on a quarantine port, once somebody speaks; or NULL */
    ces_ssh_session *ssh;      /* on a sync port, once somebody speaks; or NULL */
    ces_waiting_room *waiting; /* segments that overtook others; or NULL */
    gint64 completed;          /* capture time gone by at the handshake's completion */
    gint64 closed_at;          /* ... and when the first end closed */
    guint32 reached[2];        /* the farthest number known to have been used: sent, or acknowledged by the other end */
    guint32 given_up[2];       /* what that end sent below this number and nobody saw is waited for no more */
    guint32 repeated[2];       /* decrypted bytes that will be handed over again */
    guint8 has_reached[2];
    guint8 has_given_up[2];
    guint8 finned[2]; /* its FIN was captured: one number behind its last byte */
    guint8 service;   /* ces_service */
    guint8 initiator; /* flow->initiator by which streams were told apart */
    guint8 is_complete;
    guint8 by_reset; /* the first end closed by a RST */
    ces_ssh_closing closing;
    guint8 cause; /* ces_cause that was shown last */
};

/* A scan costs no memory, and a connection without payload little. */
G_STATIC_ASSERT(sizeof(ces_dialogue) - 2 * sizeof(ces_stream) <= 80);

/* --- life ------------------------------------------------------------------------ */

gboolean
ces_dialogue_is_followed(ces_service service)
{
    return service == CES_SERVICE_SYNC || service == CES_SERVICE_SPAM_QUARANTINE ||
           service == CES_SERVICE_PVO_QUARANTINE;
}

static void
free_sessions(ces_dialogue *dialogue)
{
    ces_smtp_session_free(dialogue->smtp);
    ces_ssh_session_free(dialogue->ssh);
    ces_waiting_free(dialogue->waiting);
}

void
ces_dialogue_free(ces_dialogue *dialogue)
{
    if (!dialogue)
        return;
    free_sessions(dialogue);
    g_free(dialogue);
}

/* Nothing is kept of attempts. */
static ces_dialogue *
begin(ces_flow *flow, const ces_segment *segment)
{
    if (!ces_dialogue_is_followed((ces_service)flow->service))
        return NULL;
    if (ces_flow_outcome(flow) != CES_OUTCOME_ESTABLISHED && segment->payload == 0)
        return NULL;
    flow->dialogue = g_new0(ces_dialogue, 1);
    flow->dialogue->service = flow->service;
    flow->dialogue->initiator = flow->initiator;
    return flow->dialogue;
}

/* An opening that turns up late may tell that client and server were taken for
 * each other: what was read so far was read wrongly. */
static void
check_roles(const ces_flow *flow, ces_dialogue *dialogue)
{
    if (dialogue->initiator == flow->initiator && dialogue->service == flow->service)
        return;
    free_sessions(dialogue);
    *dialogue = (ces_dialogue){.service = flow->service, .initiator = flow->initiator};
}

/* Whether it completed the handshake. */
static gboolean
note_completion(const ces_flow *flow, ces_dialogue *dialogue, const ces_segment *segment)
{
    if (dialogue->is_complete || ces_flow_outcome(flow) != CES_OUTCOME_ESTABLISHED)
        return FALSE;
    dialogue->is_complete = TRUE;
    dialogue->completed = segment->elapsed;
    return TRUE;
}

/* --- placing ----------------------------------------------------------------------- */

/* Sequence numbers wrap, so they are compared by their distance (RFC 1982). */
static gboolean
lies_beyond(guint32 number, guint32 than)
{
    return (gint32)(number - than) > 0;
}

/* The number of the first byte that a segment holds or would hold. */
static guint32
first_byte(const ces_segment *segment)
{
    return segment->sequence + ((segment->flags & CES_TCP_SYN) ? 1 : 0);
}

/* Whether the segment tells that the server's stream begins behind the SYN-ACK
 * in the capture, and not behind another one: it has that number, or it is the
 * client's and acknowledges a little more. */
static gboolean
confirms_answer(const ces_flow *flow, const ces_segment *segment, gboolean from_client)
{
    enum { LITTLE = 1 << 16 };
    guint32 number = from_client ? segment->acknowledgment : first_byte(segment);

    if (from_client && !(segment->flags & CES_TCP_ACK))
        return FALSE;
    return ces_flow_follows_syn_ack(flow, number) ||
           (from_client && (flow->evidence & CES_SEEN_ANSWER) && ces_flow_outcome(flow) == CES_OUTCOME_ESTABLISHED &&
            number - flow->lowest[!flow->initiator] <= LITTLE);
}

static void
place_streams(const ces_flow *flow, ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client)
{
    if (flow->evidence & CES_SEEN_INITIAL)
        ces_stream_start(&dialogue->streams[TRUE], ces_flow_initial(flow) + 1);
    if (confirms_answer(flow, segment, from_client))
        ces_stream_start(&dialogue->streams[FALSE], flow->lowest[!flow->initiator] + 1);
}

static void
note_reached(ces_dialogue *dialogue, gboolean from_client, guint32 number)
{
    if (dialogue->has_reached[from_client] && !lies_beyond(number, dialogue->reached[from_client]))
        return;
    dialogue->has_reached[from_client] = TRUE;
    dialogue->reached[from_client] = number;
}

/* Where the sender stands, and what the other end has sent, whether the
 * capture shows it or not. A RST may carry any number. */
static void
note_numbers(ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client)
{
    if (segment->flags & CES_TCP_RST)
        return;
    note_reached(dialogue, from_client, first_byte(segment));
    if (segment->flags & CES_TCP_ACK)
        note_reached(dialogue, !from_client, segment->acknowledgment);
}

/* Whether that end has sent something that was not captured at its place. */
static gboolean
is_ahead(const ces_dialogue *dialogue, gboolean from_client)
{
    const ces_stream *stream = &dialogue->streams[from_client];
    guint32 known = stream->next + dialogue->finned[from_client];

    return dialogue->has_reached[from_client] && lies_beyond(dialogue->reached[from_client], known);
}

/* Whether all that it has sent so far was captured, as far as can be told. */
static gboolean
is_whole(const ces_dialogue *dialogue, gboolean from_client)
{
    return dialogue->streams[from_client].from_start && !is_ahead(dialogue, from_client);
}

/* --- payload ------------------------------------------------------------------------ */

static void
add_ssh(ces_dialogue *dialogue, gboolean from_client, const ces_piece *piece)
{
    if (!dialogue->ssh)
        dialogue->ssh = ces_ssh_session_new();
    ces_ssh_session_add(dialogue->ssh, from_client, piece);
}

static void
add_smtp(const ces_flow *flow, ces_dialogue *dialogue, gboolean from_client, const ces_piece *piece,
         ces_contribution *contribution)
{
    if (!dialogue->smtp)
        dialogue->smtp = ces_smtp_session_new(ces_flow_opening_seen(flow));
    ces_smtp_session_add(dialogue->smtp, from_client, piece, contribution);
}

static void
add_payload(const ces_flow *flow, ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client,
            ces_contribution *contribution)
{
    ces_stream *stream = &dialogue->streams[from_client];
    gboolean from_middle = !stream->any && !stream->from_start;
    ces_piece piece;

    if (!ces_stream_add(stream, first_byte(segment), segment->bytes, segment->captured, segment->payload, &piece))
        return;
    if (dialogue->service == CES_SERVICE_SYNC) {
        piece.missing = MAX(piece.missing, (guint32)from_middle);
        add_ssh(dialogue, from_client, &piece);
    } else if (ces_dialogue_is_followed((ces_service)dialogue->service)) {
        add_smtp(flow, dialogue, from_client, &piece, contribution);
    }
}

/* --- the end --------------------------------------------------------------------------- */

/* A segment behind what was sent last ends nothing: it is old, or a stray. */
static gboolean
is_stray(const ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client)
{
    const ces_stream *stream = &dialogue->streams[from_client];

    return stream->placed && lies_beyond(stream->next, segment->sequence + segment->payload);
}

/* The server may go on after the client's FIN: the session knows what that is
 * worth. */
static void
end_smtp(ces_dialogue *dialogue)
{
    if (dialogue->smtp)
        ces_smtp_session_end(dialogue->smtp, is_whole(dialogue, FALSE) && is_whole(dialogue, TRUE));
}

static void
note_closing(ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client)
{
    if (dialogue->closing.closed)
        return;
    dialogue->closed_at = segment->elapsed;
    dialogue->by_reset = (segment->flags & CES_TCP_RST) != 0;
    dialogue->closing = (ces_ssh_closing){.closed = TRUE,
                                          .by_client = (guint8)from_client,
                                          .whole = is_whole(dialogue, FALSE) && !is_ahead(dialogue, TRUE),
                                          .early = dialogue->closed_at - dialogue->completed <= CES_SECOND};
}

/* The server's RST came before what completes the handshake, or overtook it. */
static void
note_earlier_reset(const ces_flow *flow, ces_dialogue *dialogue, const ces_segment *completes)
{
    ces_segment reset = *completes;

    reset.flags = CES_TCP_RST;
    if (ces_flow_ended(flow) == CES_ENDED_RESPONDER_RST && !(completes->flags & CES_TCP_RST))
        note_closing(dialogue, &reset, FALSE);
}

static void
add_end(ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client)
{
    ces_stream *stream = &dialogue->streams[from_client];
    guint32 end = segment->sequence + segment->payload;

    if (is_stray(dialogue, segment, from_client))
        return;
    if (segment->flags & CES_TCP_FIN)
        dialogue->finned[from_client] |= !stream->placed || stream->next == end;
    else
        note_reached(dialogue, from_client, segment->sequence);
    note_closing(dialogue, segment, from_client);
    end_smtp(dialogue);
}

/* --- the result ------------------------------------------------------------------------ */

/* Not a byte from the server: its SYN-ACK is in the capture, and nothing
 * behind it was sent. One side alone cannot tell. */
static gboolean
has_sent_nothing(const ces_flow *flow, const ces_dialogue *dialogue)
{
    return dialogue->is_complete && ces_flow_seen_from(flow) == CES_SIDE_BOTH && !dialogue->streams[FALSE].any &&
           is_whole(dialogue, FALSE);
}

/* Whoever speaks no SMTP may be served by who waits to be spoken to. */
static gboolean
may_await_greeting(const ces_dialogue *dialogue)
{
    ces_protocol protocol = ces_dialogue_protocol(dialogue);

    return protocol == CES_PROTOCOL_UNKNOWN || protocol == CES_PROTOCOL_SMTP || protocol == CES_PROTOCOL_TLS;
}

static gboolean
closed_by_server(const ces_dialogue *dialogue)
{
    const ces_ssh_closing *closing = &dialogue->closing;

    return closing->closed && !closing->by_client && closing->whole;
}

/* How long the server has said nothing, in nanoseconds: up to the end, or up
 * to now. */
static gint64
waited_for(const ces_dialogue *dialogue, gint64 elapsed)
{
    return (dialogue->closing.closed ? dialogue->closed_at : elapsed) - dialogue->completed;
}

/* The server alone may close at once and prove something by it; a client that
 * leaves within a second proves nothing, however long the capture goes on. */
static gboolean
is_long_enough(const ces_dialogue *dialogue, gint64 elapsed, gint64 patience)
{
    if (dialogue->closing.closed)
        return closed_by_server(dialogue) || !dialogue->closing.early;
    return waited_for(dialogue, elapsed) >= patience;
}

static ces_result
silence(const ces_flow *flow, gint64 elapsed, gint64 patience, ces_cause *cause)
{
    const ces_dialogue *dialogue = flow->dialogue;
    gboolean sync = dialogue->service == CES_SERVICE_SYNC;

    if (dialogue->waiting || !has_sent_nothing(flow, dialogue) || !(sync || may_await_greeting(dialogue)) ||
        !is_long_enough(dialogue, elapsed, patience))
        return CES_RESULT_UNKNOWN;
    *cause = sync ? CES_CAUSE_NO_BANNER : CES_CAUSE_NO_GREETING;
    return sync && closed_by_server(dialogue) ? CES_RESULT_BROKEN : CES_RESULT_SILENT;
}

/* With one side alone it cannot be told who closed first, or whether the other
 * end said something. */
static ces_ssh_closing
closing_as_seen(const ces_flow *flow)
{
    ces_ssh_closing closing = flow->dialogue->closing;

    closing.whole = closing.whole && ces_flow_seen_from(flow) == CES_SIDE_BOTH;
    return closing;
}

/* --- a segment ------------------------------------------------------------------------------ */

/* Remarks of one packet are numbered one after the other, whether they were
 * said in the clear or inside TLS, by it or by one that waited for it. */
static void
merge(ces_contribution *into, const ces_contribution *from)
{
    if (from->message)
        into->message = from->message;
    if (from->remarks && !into->remarks)
        into->first_remark = from->first_remark;
    into->remarks = (guint16)(into->remarks + from->remarks);
    into->encrypted |= from->encrypted;
    into->new_verbs |= from->new_verbs;
    into->no_commands |= from->no_commands;
    if (from->shows)
        into->shows = from->shows;
}

/* What is read acknowledges it: then it is lost, or late beyond all waiting. */
static void
give_up(ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client)
{
    const ces_stream *other = &dialogue->streams[!from_client];

    if (!(segment->flags & CES_TCP_ACK) || !other->placed || !lies_beyond(segment->acknowledgment, other->next))
        return;
    dialogue->given_up[!from_client] = segment->acknowledgment;
    dialogue->has_given_up[!from_client] = TRUE;
}

/* What the segment carries, and that it closes. */
static void
read_segment(const ces_flow *flow, ces_dialogue *dialogue, const ces_segment *segment, gboolean from_client,
             ces_contribution *contribution)
{
    ces_contribution added = {.message = NULL};

    give_up(dialogue, segment, from_client);
    if (segment->payload > 0 && !(segment->flags & CES_TCP_RST)) /* what a RST holds is no part of the stream */
        add_payload(flow, dialogue, segment, from_client, &added);
    if (segment->flags & (CES_TCP_FIN | CES_TCP_RST))
        add_end(dialogue, segment, from_client);
    merge(contribution, &added);
}

/* --- changed places ------------------------------------------------------------------------- */

/* Before it is known what is spoken nothing waits: the packet that tells it, of
 * a dialogue whose start is lost, is the first that can be shown as such. */
static gboolean
may_wait(const ces_dialogue *dialogue)
{
    return dialogue->service == CES_SERVICE_SYNC || ces_dialogue_protocol(dialogue) != CES_PROTOCOL_UNKNOWN;
}

/* Whether something that the end sent below this number has not come, and may come still. */
static gboolean
is_awaited(const ces_dialogue *dialogue, gboolean from_client, guint32 number)
{
    const ces_stream *stream = &dialogue->streams[from_client];

    return stream->placed && lies_beyond(number, stream->next + dialogue->finned[from_client]) &&
           !(dialogue->has_given_up[from_client] && !lies_beyond(number, dialogue->given_up[from_client]));
}

/* Whether something that the segment follows or acknowledges is missing so far. */
static gboolean
overtook(const ces_segment *segment, gboolean from_client, gconstpointer data)
{
    const ces_dialogue *dialogue = (const ces_dialogue *)data;

    if (segment->payload > 0 ? !may_wait(dialogue) : !(segment->flags & (CES_TCP_FIN | CES_TCP_RST)))
        return FALSE;
    return is_awaited(dialogue, from_client, first_byte(segment)) ||
           ((segment->flags & CES_TCP_ACK) && is_awaited(dialogue, !from_client, segment->acknowledgment));
}

/* Reads those that need not wait any more. */
static void
read_waiting(const ces_flow *flow, ces_dialogue *dialogue, gint64 elapsed, ces_contribution *contribution)
{
    ces_waiting taken;

    while (ces_waiting_take(&dialogue->waiting, elapsed, overtook, dialogue, &taken)) {
        read_segment(flow, dialogue, &taken.segment, taken.from_client, contribution);
        g_free((gpointer)taken.segment.bytes);
    }
}

ces_result
ces_dialogue_result(const ces_flow *flow, gint64 elapsed, gint64 patience, ces_cause *cause)
{
    ces_dialogue *dialogue = flow->dialogue;
    ces_contribution contribution = {.message = NULL};
    ces_result result = CES_RESULT_UNKNOWN;

    *cause = CES_CAUSE_NONE;
    if (!dialogue)
        return CES_RESULT_UNKNOWN;
    read_waiting(flow, dialogue, elapsed, &contribution); /* what they waited for has not come: that is known now */
    if (dialogue->ssh) {
        ces_ssh_closing closing = closing_as_seen(flow);
        result = ces_ssh_session_result(dialogue->ssh, &closing, cause);
    } else if (dialogue->smtp) {
        result = ces_smtp_session_result(dialogue->smtp, cause);
    }
    return result != CES_RESULT_UNKNOWN ? result : silence(flow, elapsed, patience, cause);
}

/* Silence without an end is no packet's doing, so no patience is long enough. */
static void
conclude(const ces_flow *flow, ces_dialogue *dialogue, ces_contribution *contribution)
{
    ces_cause cause;

    ces_dialogue_result(flow, 0, G_MAXINT64, &cause);
    if (cause != dialogue->cause && !contribution->shows)
        contribution->shows = (guint8)cause;
    if (contribution->shows == CES_CAUSE_NO_BANNER || contribution->shows == CES_CAUSE_NO_GREETING)
        contribution->waited = waited_for(dialogue, 0);
    dialogue->cause = (guint8)cause;
    contribution->protocol = (guint8)ces_dialogue_protocol(dialogue);
}

void
ces_dialogue_add(ces_flow *flow, const ces_segment *segment, guint8 sender, ces_contribution *contribution)
{
    gboolean from_client = sender == flow->initiator;

    *contribution = (ces_contribution){.message = NULL};
    if (!segment->has_flags || !segment->has_sequence || (!flow->dialogue && !begin(flow, segment)))
        return;
    ces_dialogue *dialogue = flow->dialogue;
    check_roles(flow, dialogue);
    gboolean completes = note_completion(flow, dialogue, segment);
    place_streams(flow, dialogue, segment, from_client);
    note_numbers(dialogue, segment, from_client);
    if (completes)
        note_earlier_reset(flow, dialogue, segment);
    ces_waiting_note(dialogue->waiting);
    if (!overtook(segment, from_client, dialogue) || !ces_waiting_add(&dialogue->waiting, segment, from_client))
        read_segment(flow, dialogue, segment, from_client, contribution);
    read_waiting(flow, dialogue, segment->elapsed, contribution);
    conclude(flow, dialogue, contribution);
}

/* --- inside TLS --------------------------------------------------------------------------------- */

void
ces_dialogue_add_decrypted(ces_flow *flow, gboolean from_client, const guint8 *bytes, gsize length,
                           ces_contribution *contribution)
{
    ces_dialogue *dialogue = flow->dialogue;
    ces_contribution added = {.message = NULL};

    from_client = from_client != FALSE;
    if (!dialogue || !dialogue->smtp)
        return;
    guint32 known = (guint32)MIN(dialogue->repeated[from_client], length);
    dialogue->repeated[from_client] -= known;
    if (known == length)
        return;
    ces_piece piece = {bytes + known, (guint32)MIN(length - known, G_MAXUINT32), 0};
    ces_smtp_session_add_decrypted(dialogue->smtp, from_client, &piece, &added);
    merge(contribution, &added);
    conclude(flow, dialogue, contribution);
}

void
ces_dialogue_repeat(ces_flow *flow, gboolean from_client, gsize length)
{
    if (flow->dialogue)
        flow->dialogue->repeated[from_client != FALSE] = (guint32)MIN(length, G_MAXUINT32);
}

/* --- what is known -------------------------------------------------------------------------------- */

ces_protocol
ces_dialogue_protocol(const ces_dialogue *dialogue)
{
    return dialogue && dialogue->smtp ? ces_smtp_session_protocol(dialogue->smtp) : CES_PROTOCOL_UNKNOWN;
}

ces_protocol
ces_dialogue_inner_protocol(const ces_dialogue *dialogue)
{
    return dialogue && dialogue->smtp ? ces_smtp_session_inner_protocol(dialogue->smtp) : CES_PROTOCOL_UNKNOWN;
}

gboolean
ces_dialogue_wants_more(const ces_dialogue *dialogue, gboolean from_client)
{
    return dialogue && dialogue->smtp && ces_smtp_session_wants_more(dialogue->smtp, from_client);
}

const ces_remark *
ces_dialogue_remark(const ces_dialogue *dialogue, guint position)
{
    return dialogue && dialogue->smtp ? ces_smtp_session_remark(dialogue->smtp, position) : NULL;
}

const char *
ces_dialogue_disconnect(const ces_dialogue *dialogue)
{
    return dialogue && dialogue->ssh && dialogue->ssh->description ? dialogue->ssh->description : "";
}

/* --- in words ------------------------------------------------------------------------------------- */

static const char *
verb_of(const ces_dialogue *dialogue)
{
    return dialogue->by_reset ? "resets the connection" : "closes";
}

static void
say_silence(const ces_dialogue *dialogue, ces_cause cause, gint64 elapsed, GString *text)
{
    double seconds = (double)waited_for(dialogue, elapsed) / CES_SECOND;
    gboolean sync = cause == CES_CAUSE_NO_BANNER;

    if (closed_by_server(dialogue)) {
        g_string_append_printf(text, "The server %s without %s, ", verb_of(dialogue),
                               sync ? "an SSH banner" : "a greeting (220)");
        if (seconds < 0.05)
            g_string_append(text, "at once");
        else
            g_string_append_printf(text, "%.1f s after the handshake", seconds);
        return;
    }
    g_string_append_printf(text, "The server says nothing in %.1f s after the handshake: no %s", seconds,
                           sync ? "SSH banner" : "greeting (220)");
    if (dialogue->closing.closed)
        g_string_append_printf(text, "; then the %s %s", dialogue->closing.by_client ? "client" : "server",
                               verb_of(dialogue));
}

void
ces_say_cause(const ces_flow *flow, ces_cause cause, gint64 elapsed, GString *text)
{
    const ces_dialogue *dialogue = flow->dialogue;

    if (!dialogue)
        return;
    if (cause == CES_CAUSE_NO_BANNER || cause == CES_CAUSE_NO_GREETING)
        say_silence(dialogue, cause, elapsed, text);
    else if (dialogue->ssh)
        ces_ssh_session_say(dialogue->ssh, &dialogue->closing, verb_of(dialogue), cause, text);
}
