/* fuzz_delivery.c
 * Fuzz target: segments in any order with any bytes, as both ends of an SMTP
 * and of an SSH connection. What is kept stays within its bounds, and every
 * text is fit for display.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_session.h"
#include "dialogue/ssh_session.h"

#include <string.h>

#include "fuzz.h"

/* Every text that will be shown. */
static void
assert_clean(const char *text)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (; *text; text = g_utf8_next_char(text))
        g_assert_false(g_unichar_iscntrl(g_utf8_get_char(text)));
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
}

static void
assert_sound(const ces_smtp_session *delivery, const ces_contribution *contribution)
{
    g_assert_cmpuint(ces_smtp_session_protocol(delivery), <, CES_PROTOCOL_COUNT);
    if (contribution->message)
        assert_sound_message(contribution->message);
    g_assert_cmpuint(contribution->first_remark + contribution->remarks, <=, CES_REMARKS_KEPT);
    for (guint i = 0; i < contribution->remarks; i++) {
        GString *text = g_string_new(NULL);
        ces_say_remark(ces_smtp_session_remark(delivery, contribution->first_remark + i), text);
        assert_clean(text->str);
        g_string_free(text, TRUE);
    }
}

typedef struct {
    ces_smtp_session *delivery;
    ces_ssh_session ssh;
    ces_stream streams[2];
    guint32 next[2];
} connection;

/* One step: a byte of flags, one of length, one of shift, then the bytes. */
static size_t
step(connection *with, const uint8_t *data, size_t size)
{
    gboolean client = data[0] & 1, inside = data[0] & 2;
    guint32 sent = data[1], shift = data[0] & 4 ? data[2] : 0;
    guint32 captured = (guint32)MIN(MIN((size_t)sent, size - 3), data[0] & 8 ? sent / 2 : sent);
    guint32 sequence = with->next[client] + (data[0] & 16 ? 0u - shift : shift);
    ces_contribution contribution = {.message = NULL};
    ces_piece piece;

    if (inside) {
        piece = (ces_piece){data + 3, captured, 0};
        ces_smtp_session_add_decrypted(with->delivery, client, &piece, &contribution);
    } else if (ces_stream_add(&with->streams[client], sequence, data + 3, captured, sent, &piece)) {
        with->next[client] = sequence + sent;
        ces_smtp_session_add(with->delivery, client, &piece, &contribution);
        ces_ssh_session_add(&with->ssh, client, &piece);
    }
    assert_sound(with->delivery, &contribution);
    return 3 + captured;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    connection with = {.next = {7, G_MAXUINT32 - 7}};
    GString *text = g_string_new(NULL);

    if (size > 0)
        with.delivery = ces_smtp_session_new(*data & 1);
    for (size_t at = 1; at + 3 <= size;)
        at += step(&with, data + at, size - at);
    if (size > 0)
        ces_smtp_session_end(with.delivery, TRUE);
    ces_ssh_session_close(&with.ssh, TRUE);
    ces_say_ssh_failure(&with.ssh, text);
    assert_clean(text->str);
    g_string_free(text, TRUE);
    ces_smtp_session_free(with.delivery);
    return 0;
}
