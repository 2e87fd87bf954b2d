/* fuzz_smtp_session.c
 * Fuzz target: both ends of an SMTP connection, in words that the input picks
 * and in any bytes, in segments of any order, with gaps, inside TLS and out of
 * it. What is kept stays within its bounds, and every text is fit for display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_session.h"

#include <string.h>

#include "fuzz.h"

#if defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        include <sanitizer/allocator_interface.h>
#        define ALLOCATED() __sanitizer_get_current_allocated_bytes()
#    endif
#endif
#ifndef ALLOCATED
#    define ALLOCATED() ((size_t)0)
#endif

/* --- promises -------------------------------------------------------------------- */

/* Marks that change the direction of what stands around them, or are not seen
 * (Unicode Standard Annex 9; general category Cf), and ends of lines. */
static gboolean
is_invisible(gunichar character)
{
    GUnicodeType type = g_unichar_type(character);

    return g_unichar_iscntrl(character) || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
           type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Every text that will be shown. */
static void
assert_clean(const char *text)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (; *text; text = g_utf8_next_char(text))
        g_assert_false(is_invisible(g_utf8_get_char(text)));
}

static void
assert_sound_message(const ces_message *message)
{
    GString *text = g_string_new(NULL);

    ces_say_message(message, text);
    assert_clean(text->str);
    g_string_free(text, TRUE);
    g_assert_cmpuint(message->number, >=, 1);
    g_assert_cmpuint(message->number, <=, CES_MESSAGES_KEPT);
    g_assert_cmpuint(message->outcome, <, CES_DELIVERY_COUNT);
    g_assert_cmpuint(message->recipients_accepted + message->recipients_refused, <=, message->recipient_count);
    g_assert_cmpint(message->outcome == CES_DELIVERY_ACCEPTED, ==, message->code >= 200 && message->code < 300);
    g_assert_cmpint(message->outcome == CES_DELIVERY_DEFERRED, ==, message->code >= 400 && message->code < 500);
    g_assert_cmpint(message->outcome == CES_DELIVERY_REFUSED, ==, message->code >= 500);
    for (guint i = 0; i < MIN(message->recipient_count, (guint)CES_RECIPIENTS_KEPT); i++)
        g_assert_nonnull(message->recipients[i]);
}

static void
assert_sound_result(const ces_smtp_session *session)
{
    ces_cause cause;
    ces_result result = ces_smtp_session_result(session, &cause);

    if (result == CES_RESULT_WORKING || result == CES_RESULT_ENCRYPTED || result == CES_RESULT_UNKNOWN)
        g_assert_cmpint(cause, ==, CES_CAUSE_NONE);
    else if (result == CES_RESULT_BROKEN)
        g_assert_true(cause == CES_CAUSE_TLS_ALERT || cause == CES_CAUSE_REWRITTEN);
    else if (result == CES_RESULT_REFUSED)
        g_assert_true(cause == CES_CAUSE_REPLY_REFUSED || cause == CES_CAUSE_REPLY_DEFERRED ||
                      cause == CES_CAUSE_UNKNOWN_COMMAND || cause == CES_CAUSE_STARTTLS_REFUSED);
    else
        g_assert_cmpint(result, ==, CES_RESULT_OTHER_USE);
}

static void
assert_sound(const ces_smtp_session *session, const ces_contribution *contribution)
{
    g_assert_cmpuint(ces_smtp_session_protocol(session), <, CES_PROTOCOL_COUNT);
    g_assert_cmpuint(ces_smtp_session_inner_protocol(session), <, CES_PROTOCOL_COUNT);
    if (contribution->message)
        assert_sound_message(contribution->message);
    g_assert_cmpuint(contribution->first_remark + contribution->remarks, <=, CES_REMARKS_KEPT);
    for (guint i = 0; i < contribution->remarks; i++) {
        GString *text = g_string_new(NULL);
        ces_say_remark(ces_smtp_session_remark(session, contribution->first_remark + i), text);
        assert_clean(text->str);
        g_string_free(text, TRUE);
    }
    assert_sound_result(session);
    if (ces_smtp_session_protocol(session) == CES_PROTOCOL_TLS)
        g_assert_true(ces_smtp_session_encrypted(session));
    for (int client = 0; client < 2; client++) /* inside TLS, if anything was decrypted */
        if (ces_smtp_session_wants_more(session, client))
            g_assert_true(ces_smtp_session_protocol(session) == CES_PROTOCOL_UNKNOWN ||
                          ces_smtp_session_inner_protocol(session) == CES_PROTOCOL_UNKNOWN);
}

/* --- what is sent ------------------------------------------------------------------ */

typedef struct {
    ces_smtp_session *session;
    ces_stream streams[2];
    guint32 next[2];
    gsize fed, before; /* bytes added so far; bytes of the heap in use before */
} connection;

/* At most so much for each byte that was sent ("MAIL" and a line feed are a
 * message), and so much in all. */
enum { KEPT_AT_LEAST = 8192, KEPT_FOR_BYTE = 100, KEPT_AT_MOST = 6 << 20 };

static void
add(connection *with, gboolean client, gboolean inside, const ces_piece *piece)
{
    ces_contribution contribution;
    guint8 *exact = (guint8 *)g_memdup2(piece->bytes, piece->length);
    ces_piece copy = {exact, piece->length, piece->missing};

    if (inside)
        ces_smtp_session_add_decrypted(with->session, client, &copy, &contribution);
    else
        ces_smtp_session_add(with->session, client, &copy, &contribution);
    g_free(exact); /* nothing is borrowed beyond the call */
    assert_sound(with->session, &contribution);
    with->fed += piece->length;
    if (ALLOCATED() > with->before)
        g_assert_cmpuint(ALLOCATED() - with->before, <=, MIN(KEPT_AT_LEAST + KEPT_FOR_BYTE * with->fed, KEPT_AT_MOST));
}

static const char *const commands[] = {
    "EHLO ",      "HELO ", "LHLO ", "MAIL FROM:<",        "RCPT TO:<",     "DATA\r\n", "BDAT ",  "BDAT 5 LAST\r\n",
    "BDAT 3\r\n", "RSET",  "QUIT",  "STARTTLS\r\n",       "AUTH PLAIN ",   "XMETA ",   "XXXX ",  ".\r\n",
    "",           "NOOP",  "EHLO",  "\x16\x03\x01\2\1\1", "\x17\x03\x03 ", "a\r\n.",   "BDAT -", "Subject: ",
};

static const char *const replies[] = {
    "220 ", "250 ", "250-", "354 ",      "334 ",         "235 ", "221 ", "421 ",
    "450 ", "451 ", "500 ", "501 ",      "502 ",         "503 ", "530 ", "550 5.1.1",
    "550-", "552 ", "554 ", "220 *****", "250-XXXXXXXA", "454 ", "",     "\x15\x03\x03",
};

/* A word, then bytes of the input, then the end of a line unless it is not wanted. */
static void
add_words(connection *with, const uint8_t *head, const uint8_t *argument, gsize length)
{
    gboolean client = head[0] & 1;
    const char *word = client ? commands[head[1] % G_N_ELEMENTS(commands)] : replies[head[1] % G_N_ELEMENTS(replies)];
    GString *text = g_string_new(word);

    g_string_append_len(text, (const char *)argument, (gssize)length);
    if (!(head[0] & 16))
        g_string_append(text, "\r\n");
    guint32 first = head[0] & 32 ? (guint32)text->len / 2 : 0;
    ces_piece piece = {(const guint8 *)text->str, first, head[0] & 64 ? head[1] : 0};
    if (first > 0)
        add(with, client, head[0] & 2, &piece);
    piece = (ces_piece){(const guint8 *)text->str + first, (guint32)text->len - first, first ? 0 : piece.missing};
    if (piece.length > 0)
        add(with, client, head[0] & 2, &piece);
    g_string_free(text, TRUE);
}

/* Any bytes, as a segment that need not continue the stream. */
static void
add_segment(connection *with, const uint8_t *head, const uint8_t *bytes, guint32 length)
{
    gboolean client = head[0] & 1;
    guint32 sent = length + (head[0] & 16 ? head[1] : 0);
    guint32 sequence = with->next[client] + (head[0] & 32 ? head[1] : 0) - (head[0] & 64 ? head[1] : 0);
    ces_piece piece;

    if (!ces_stream_add(&with->streams[client], sequence, bytes, length, sent, &piece))
        return;
    with->next[client] = sequence + sent;
    add(with, client, FALSE, &piece);
}

/* One step: flags, a choice, a length, then so many bytes. */
static size_t
step(connection *with, const uint8_t *data, size_t size)
{
    guint32 length = (guint32)MIN((size_t)(data[2] & 0x7f), size - 3);

    if (data[0] & 8)
        add_segment(with, data, data + 3, length);
    else
        add_words(with, data, data + 3, length);
    if (data[0] & 4 && data[2] & 0x80)
        ces_smtp_session_end(with->session, data[1] & 1);
    return 3 + length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    connection with = {.next = {7, G_MAXUINT32 - 7}, .before = ALLOCATED()};

    if (size == 0)
        return 0;
    with.session = ces_smtp_session_new(*data & 1);
    for (int end = 0; end < 2 && *data & 1; end++)
        ces_stream_start(&with.streams[end], with.next[end]);
    for (size_t at = 1; at + 3 <= size;)
        at += step(&with, data + at, size - at);
    ces_smtp_session_end(with.session, TRUE);
    assert_sound_result(with.session);
    ces_smtp_session_free(with.session);
    return 0;
}
