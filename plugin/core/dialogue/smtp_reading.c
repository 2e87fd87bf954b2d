/* smtp_reading.c
 * From bytes to lines, bodies and chunks (RFC 5321; chunks: RFC 3030), also
 * where bytes are missing.
 *
 * When something is missing, the pairing of commands and replies is unsure and
 * replies count for nothing, until a reply 354 shows that a message is being
 * taken: only DATA is answered so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_parts.h"

#include <string.h>

/* --- lines -------------------------------------------------------------------------------- */

/* Behind a gap only what starts with a public verb is surely the beginning of
 * a line. */
static gboolean
is_whole(gboolean from_client, ces_smtp_line *line, ces_smtp_span text)
{
    ces_smtp_span word = ces_smtp_span_word(text);
    gboolean skipping = line->skipping;

    line->skipping = FALSE;
    return !skipping || (from_client && ces_protocol_is_smtp_verb(word.text, word.length));
}

static guint32
take_line(ces_smtp_session *session, gboolean from_client, const guint8 *bytes, guint32 length)
{
    ces_smtp_line *line = &session->exchange.lines[from_client];
    ces_smtp_span text;
    guint32 taken = ces_smtp_line_take(line, bytes, length, &text);

    if (!text.text || !is_whole(from_client, line, text))
        return taken;
    if (from_client)
        ces_smtp_command_line(session, text);
    else
        ces_smtp_reply_line(session, text);
    return taken;
}

/* --- bodies --------------------------------------------------------------------------------- */

enum { END_MARK = 5, DOT_LINE = 3 };

/* The end mark of a body, CR LF dot CR LF: how much of it is matched after
 * one more byte. */
static guint8
match_end(guint8 matched, guint8 byte)
{
    static const char mark[] = "\r\n.\r\n";

    if (byte == (guint8)mark[matched])
        return matched + 1;
    return byte == '\r' ? 1 : 0;
}

/* How many bytes there are up to the end of the body, or up to that of the piece. */
static guint32
find_end(guint8 *matched, const guint8 *bytes, guint32 length)
{
    guint32 at = 0;

    while (at < length && *matched < END_MARK) {
        if (*matched == 0) {
            const guint8 *next = (const guint8 *)memchr(bytes + at, '\r', length - at);
            at = next ? (guint32)(next - bytes) : length;
        }
        if (at < length)
            *matched = match_end(*matched, bytes[at++]);
    }
    return at;
}

static guint32
take_body(ces_smtp_session *session, const guint8 *bytes, guint32 length)
{
    ces_smtp_exchange *exchange = &session->exchange;
    ces_smtp_message *message = session->open;
    guint32 taken = find_end(&exchange->end_matched, bytes, length);
    gboolean ended = exchange->end_matched == END_MARK;

    session->contribution->no_commands = TRUE;
    ces_smtp_message_touch(session, message);
    if (message) {
        message->begun = TRUE;
        message->part_missed |= exchange->headless;
        message->shown.size += taken;
        if (ended)
            message->shown.size -= MIN(message->shown.size, DOT_LINE);
    }
    if (ended)
        ces_smtp_exchange_end_body(session);
    return taken;
}

/* --- chunks ------------------------------------------------------------------------------------ */

static void
leave_chunk(ces_smtp_session *session)
{
    session->exchange.phase = CES_SMTP_IN_COMMANDS;
    if (session->exchange.last_chunk)
        ces_smtp_exchange_complete(session);
}

static guint32
take_chunk(ces_smtp_session *session, guint32 length)
{
    ces_smtp_exchange *exchange = &session->exchange;
    guint32 taken = (guint32)MIN(exchange->chunk_left, length);

    session->contribution->no_commands = TRUE;
    ces_smtp_message_touch(session, session->open);
    if (session->open)
        session->open->shown.size += taken;
    exchange->chunk_left -= taken;
    if (exchange->chunk_left == 0)
        leave_chunk(session);
    return taken;
}

/* A chunk that was refused need not come: the size may have been nonsense.
 * Whether the client has gone on with a command shows at the start of a piece. */
static void
leave_refused_chunk(ces_smtp_session *session, const ces_piece *piece)
{
    const guint8 *end = (const guint8 *)memchr(piece->bytes, '\n', MIN(piece->length, (guint32)CES_SMTP_LINE_KEPT));
    gsize length = end ? (gsize)(end - piece->bytes) : 0;

    if (!session->exchange.chunk_refused || length == 0 || piece->bytes[length - 1] != '\r' ||
        !ces_smtp_is_surely_command((ces_smtp_span){(const char *)piece->bytes, length - 1}))
        return;
    if (session->open)
        session->open->part_missed = TRUE;
    leave_chunk(session);
}

/* --- gaps ----------------------------------------------------------------------------------------- */

/* A reply is missing: to the body, or to DATA. In the latter case, if the
 * client has gone on, it did with the body, or with commands if DATA was
 * refused. */
static void
leave_doubtful_body(ces_smtp_session *session)
{
    ces_smtp_exchange *exchange = &session->exchange;

    if (exchange->phase != CES_SMTP_IN_BODY || (!exchange->taking && session->open && session->open->shown.size == 0))
        return;
    exchange->phase = CES_SMTP_IN_COMMANDS;
    exchange->lines[TRUE].skipping = TRUE;
    exchange->stray = TRUE;
    session->open = NULL;
}

/* A line is cut, and a command or a reply may be gone. */
static void
skip_lines(ces_smtp_session *session, gboolean from_client)
{
    ces_smtp_exchange *exchange = &session->exchange;

    ces_smtp_exchange_lose_pairing(exchange);
    ces_smtp_line_cut(&exchange->lines[from_client]);
    exchange->reply_code = 0;
    if (from_client)
        exchange->stray = TRUE;
    leave_doubtful_body(session);
}

/* In a body or a chunk what is missing is counted. */
static void
skip_missing(ces_smtp_session *session, gboolean from_client, guint32 missing)
{
    ces_smtp_exchange *exchange = &session->exchange;

    if (from_client && exchange->phase == CES_SMTP_IN_CHUNK) {
        missing -= take_chunk(session, missing);
        if (missing == 0)
            return;
    }
    if (!from_client || exchange->phase != CES_SMTP_IN_BODY) {
        skip_lines(session, from_client);
        return;
    }
    exchange->end_matched = 0;
    if (!session->open)
        return;
    session->open->begun = TRUE;
    session->open->shown.size += missing;
}

/* --- reading ------------------------------------------------------------------------------------- */

static guint32
take(ces_smtp_session *session, gboolean from_client, const guint8 *bytes, guint32 length)
{
    if (from_client && session->exchange.phase == CES_SMTP_IN_BODY)
        return take_body(session, bytes, length);
    if (from_client && session->exchange.phase == CES_SMTP_IN_CHUNK)
        return take_chunk(session, length);
    return take_line(session, from_client, bytes, length);
}

guint32
ces_smtp_read(ces_smtp_session *session, gboolean from_client, const ces_piece *piece)
{
    const ces_smtp_exchange *exchange = &session->exchange;
    guint32 at = 0;

    if (piece->missing > 0 && exchange->phase != CES_SMTP_OVER)
        skip_missing(session, from_client, piece->missing);
    if (from_client && exchange->phase == CES_SMTP_IN_CHUNK)
        leave_refused_chunk(session, piece);
    while (at < piece->length && exchange->phase != CES_SMTP_OVER)
        at += take(session, from_client, piece->bytes + at, piece->length - at);
    return at;
}
