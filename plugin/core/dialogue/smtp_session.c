/* smtp_session.c
 * What is spoken on a connection, and the layer of TLS on it (STARTTLS: RFC
 * 3207).
 *
 * The client's first bytes alone prove little: anybody can send those of an X
 * server's client or of TLS to a mail server. So what was taken for something
 * else becomes SMTP once the server greets, or answers what looks like a
 * command.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_parts.h"

#include <string.h>

/* --- life --------------------------------------------------------------------- */

ces_smtp_session *
ces_smtp_session_new(gboolean from_start)
{
    ces_smtp_session *session = g_new0(ces_smtp_session, 1);

    session->from_start = from_start != FALSE;
    return session;
}

static void
forget_openings(ces_smtp_session *session)
{
    for (int end = 0; end < 2; end++) {
        g_free(session->openings[end].bytes);
        session->openings[end] = (ces_smtp_opening){NULL, 0, FALSE};
    }
}

void
ces_smtp_session_free(ces_smtp_session *session)
{
    if (!session)
        return;
    ces_smtp_exchange_clear(&session->exchange);
    forget_openings(session);
    if (session->messages)
        g_ptr_array_free(session->messages, TRUE);
    if (session->remarks)
        g_ptr_array_free(session->remarks, TRUE);
    g_free(session->watches);
    g_free(session->verb);
    g_free(session);
}

/* --- questions ------------------------------------------------------------------ */

ces_protocol
ces_smtp_session_protocol(const ces_smtp_session *session)
{
    return (ces_protocol)(session->inside ? session->outer : session->protocol);
}

ces_protocol
ces_smtp_session_inner_protocol(const ces_smtp_session *session)
{
    return session->inside ? (ces_protocol)session->protocol : CES_PROTOCOL_UNKNOWN;
}

gboolean
ces_smtp_session_wants_more(const ces_smtp_session *session, gboolean from_client)
{
    return session->protocol == CES_PROTOCOL_UNKNOWN && session->openings[from_client != FALSE].length > 0;
}

gboolean
ces_smtp_session_encrypted(const ces_smtp_session *session)
{
    return session->tls;
}

const ces_remark *
ces_smtp_session_remark(const ces_smtp_session *session, guint position)
{
    return session->remarks && position < session->remarks->len
               ? (const ces_remark *)g_ptr_array_index(session->remarks, position)
               : NULL;
}

static gboolean
is_mail(ces_protocol protocol)
{
    return protocol == CES_PROTOCOL_SMTP || protocol == CES_PROTOCOL_LMTP;
}

/* Whether what is read at this time is an exchange of SMTP or LMTP. */
static gboolean
is_exchanging(const ces_smtp_session *session)
{
    return is_mail((ces_protocol)session->protocol) && (!session->tls || session->inside);
}

/* --- reading on ----------------------------------------------------------------------- */

static void
watch_tls(ces_smtp_session *session, gboolean from_client, const ces_piece *piece)
{
    guint8 description;

    session->contribution->encrypted = TRUE;
    if (!ces_alert_watch_piece(&session->watches[from_client], piece, &description) || session->alerted)
        return;
    session->alerted = TRUE;
    ces_smtp_remark(session, CES_REMARK_TLS_ALERT, description, from_client, "TLS", "");
}

static ces_piece
rest_of(const ces_piece *piece, guint32 taken)
{
    return (ces_piece){piece->bytes + taken, piece->length - taken, taken ? 0 : piece->missing};
}

static void
read_on(ces_smtp_session *session, gboolean from_client, const ces_piece *piece)
{
    ces_piece rest = *piece;

    if (is_exchanging(session)) {
        rest = rest_of(piece, ces_smtp_read(session, from_client, piece));
        if (!session->inside)
            rest.missing = 0;
    }
    if (session->tls && !session->inside && rest.length > 0)
        watch_tls(session, from_client, &rest);
}

/* --- the first bytes -------------------------------------------------------------------- */

static guint
origin(const ces_smtp_session *session, gboolean from_client)
{
    gboolean first = session->from_start && !session->openings[from_client].told;

    return (from_client ? CES_FROM_CLIENT : 0u) | (first ? CES_FIRST_BYTES : 0u);
}

/* Adds to what is held back of that end; returns how many bytes. */
static guint32
hold_back(ces_smtp_opening *opening, const ces_piece *piece)
{
    guint32 taken = MIN(piece->length, (guint32)(CES_PROTOCOL_LOOK - opening->length));

    if (!opening->bytes)
        opening->bytes = (guint8 *)g_malloc(CES_PROTOCOL_LOOK);
    memcpy(opening->bytes + opening->length, piece->bytes, taken);
    opening->length = (guint8)(opening->length + taken);
    return taken;
}

static ces_protocol
look_at(const guint8 *bytes, guint32 length, guint from, gboolean *more)
{
    ces_protocol protocol = ces_protocol_classify(bytes, MIN(length, (guint32)CES_PROTOCOL_LOOK), from, more);

    *more = *more && protocol == CES_PROTOCOL_UNKNOWN && length < CES_PROTOCOL_LOOK;
    return protocol;
}

/* What the first bytes of an end are, held back ones included. They are looked
 * at where they lie, and held back only while they could be more than one
 * thing. `taken`: how many bytes of the piece need no further look. */
static ces_protocol
classify(ces_smtp_session *session, gboolean from_client, const ces_piece *piece, guint32 *taken)
{
    ces_smtp_opening *opening = &session->openings[from_client];
    guint from = origin(session, from_client);
    gboolean more;
    ces_protocol protocol;

    *taken = opening->length > 0 ? hold_back(opening, piece) : 0;
    if (opening->length > 0)
        protocol = look_at(opening->bytes, opening->length, from, &more);
    else
        protocol = look_at(piece->bytes, piece->length, from, &more);
    if (more && opening->length == 0)
        *taken = hold_back(opening, piece);
    opening->told = !more;
    if (protocol == CES_PROTOCOL_UNKNOWN && !more) {
        opening->length = 0; /* it told nothing; perhaps the next does */
        *taken = piece->length;
    }
    return protocol;
}

/* Reads what was held back, the server's first, and frees it. */
static void
release(ces_smtp_session *session)
{
    for (int from_client = FALSE; from_client <= TRUE; from_client++) {
        ces_smtp_opening *opening = &session->openings[from_client];
        ces_piece piece = {opening->bytes, opening->length, 0};
        if (opening->length > 0)
            read_on(session, from_client, &piece);
        opening->length = 0;
        g_clear_pointer(&opening->bytes, g_free);
    }
}

static void
settle(ces_smtp_session *session, ces_protocol protocol)
{
    gboolean sure = session->from_start && !session->lines_passed;

    session->protocol = (guint8)protocol;
    if (is_mail(protocol)) {
        if (!session->inside)
            session->tls = FALSE;
        ces_smtp_exchange_begin(session, sure, sure);
    } else if (protocol == CES_PROTOCOL_TLS && !session->inside) {
        ces_smtp_begin_tls(session);
    } else if (session->inside) {
        session->protocol = CES_PROTOCOL_DATA; /* nothing else is known to be spoken there */
    }
    release(session);
}

/* --- what turns out to be SMTP --------------------------------------------------------------- */

/* Whether a piece of the server shows that this is SMTP after all: by its first
 * bytes, or as an answer to what looked like a command. */
static gboolean
is_greeting(ces_smtp_session *session, const ces_piece *piece, guint32 *taken)
{
    gboolean first = !session->openings[FALSE].told;
    gboolean more;

    *taken = 0;
    if (first)
        return is_mail(classify(session, FALSE, piece, taken));
    return session->verb_passed && is_mail(look_at(piece->bytes, piece->length, 0, &more));
}

static void
note_passed(ces_smtp_session *session, const ces_piece *piece)
{
    gboolean more;

    if (!session->lines_passed && memchr(piece->bytes, '\n', piece->length))
        session->lines_passed = TRUE;
    if (is_mail(look_at(piece->bytes, piece->length, CES_FROM_CLIENT | CES_FIRST_BYTES, &more)))
        session->verb_passed = TRUE;
}

/* Goes on with what was taken for something else, and looks whether it was. */
static void
pass(ces_smtp_session *session, gboolean from_client, const ces_piece *piece)
{
    guint32 taken;

    if (from_client)
        note_passed(session, piece);
    if (from_client || !is_greeting(session, piece, &taken)) {
        read_on(session, from_client, piece);
        return;
    }
    if (session->openings[FALSE].told && session->verb_passed)
        session->lines_passed = TRUE;
    settle(session, CES_PROTOCOL_SMTP);
    ces_piece rest = rest_of(piece, taken);
    rest.missing = 0;
    if (rest.length > 0)
        read_on(session, from_client, &rest);
}

static void
begin(ces_smtp_session *session, gboolean from_client, const ces_piece *piece)
{
    guint32 taken;
    ces_protocol protocol = classify(session, from_client, piece, &taken);

    if (protocol == CES_PROTOCOL_UNKNOWN)
        return;
    settle(session, protocol);
    ces_piece rest = rest_of(piece, taken);
    rest.missing = 0;
    if (from_client && !is_exchanging(session))
        note_passed(session, piece);
    if (rest.length > 0)
        read_on(session, from_client, &rest);
}

/* --- adding ------------------------------------------------------------------------------------ */

static void
add_piece(ces_smtp_session *session, gboolean from_client, const ces_piece *piece)
{
    gboolean exchanging = is_exchanging(session);

    if (piece->missing > 0 && !exchanging) {
        session->from_start = FALSE;
        session->openings[from_client].length = 0;
    }
    if (exchanging)
        read_on(session, from_client, piece);
    else if (session->protocol == CES_PROTOCOL_UNKNOWN)
        begin(session, from_client, piece);
    else
        pass(session, from_client, piece);
}

static void
start_call(ces_smtp_session *session, ces_contribution *contribution)
{
    *contribution = (ces_contribution){.encrypted = FALSE};
    session->contribution = contribution;
    session->decided = FALSE;
}

static void
end_call(ces_smtp_session *session)
{
    session->contribution->protocol = (guint8)ces_smtp_session_protocol(session);
    session->contribution = NULL;
}

void
ces_smtp_session_add(ces_smtp_session *session, gboolean from_client, const ces_piece *piece,
                     ces_contribution *contribution)
{
    from_client = from_client != FALSE;
    start_call(session, contribution);
    if (session->inside)
        watch_tls(session, from_client, piece);
    else if (piece->length > 0 || piece->missing > 0)
        add_piece(session, from_client, piece);
    end_call(session);
}

/* The exchange inside TLS begins without a greeting (RFC 3207 section 4.2),
 * but for TLS at once. */
static void
begin_inside(ces_smtp_session *session)
{
    gboolean at_once = session->protocol == CES_PROTOCOL_TLS;

    session->outer = session->protocol;
    session->inside = TRUE;
    session->from_start = TRUE;
    session->lines_passed = session->verb_passed = FALSE;
    session->protocol = at_once ? CES_PROTOCOL_UNKNOWN : CES_PROTOCOL_SMTP;
    forget_openings(session);
    ces_smtp_exchange_begin(session, FALSE, TRUE);
}

void
ces_smtp_session_add_decrypted(ces_smtp_session *session, gboolean from_client, const ces_piece *piece,
                               ces_contribution *contribution)
{
    start_call(session, contribution);
    contribution->encrypted = TRUE;
    if (session->tls && (piece->length > 0 || piece->missing > 0)) {
        if (!session->inside)
            begin_inside(session);
        add_piece(session, from_client != FALSE, piece);
    }
    end_call(session);
}

void
ces_smtp_session_end(ces_smtp_session *session, gboolean whole)
{
    if (session->ended)
        return;
    session->ended = TRUE;
    if (whole && is_exchanging(session) && !session->exchange.unsure)
        ces_smtp_message_give_up(session->open);
}
