/* test_alert.c
 * TLS alerts in the clear, between records of any kind.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/alert.h"

#include "rows.h"

typedef struct {
    const char *bytes;
    guint32 length;
    guint32 missing; /* before it */
} piece_row;

#define PIECE(bytes)                \
    {                               \
        bytes, sizeof(bytes) - 1, 0 \
    }
#define PIECE_BEHIND(missing, bytes)      \
    {                                     \
        bytes, sizeof(bytes) - 1, missing \
    }

#define HELLO "\x16\3\1\0\4\1\0\0\0"
#define CHANGE_CIPHER_SPEC "\x14\3\3\0\1\1"
#define HIDDEN "\x17\3\3\0\3..."
#define HANDSHAKE_END CHANGE_CIPHER_SPEC "\x16\3\3\0\4...."
#define HEARTBEAT "\x18\3\3\0\3..."
#define HIDDEN_ALERT "\x15\3\3\0\x1a.........................."
#define WARNING "\x15\3\3\0\2\1\x70"
#define CLOSE_NOTIFY "\x15\3\3\0\2\2\0"
#define FAILURE "\x15\3\3\0\2\2\x28"

enum { NONE = -1, HANDSHAKE_FAILURE = 40 };

static const struct watching {
    const char *name;
    piece_row pieces[3];
    int description; /* NONE: no alert that ends the handshake */
} watchings[] = {
    {"nothing", {PIECE("")}, NONE},
    {"alert at once", {PIECE(FAILURE)}, HANDSHAKE_FAILURE},
    {"TLS 1.0", {PIECE("\x15\3\1\0\2\2\x46")}, 70},
    {"behind other records", {PIECE(HELLO CHANGE_CIPHER_SPEC HIDDEN HEARTBEAT FAILURE)}, HANDSHAKE_FAILURE},
    {"behind an empty record", {PIECE("\x17\3\3\0\0" FAILURE)}, HANDSHAKE_FAILURE},
    {"behind a long record", {PIECE("\x16\3\3\x40\0"), PIECE_BEHIND(0x4000, FAILURE)}, HANDSHAKE_FAILURE},
    {"not whole", {PIECE("\x15\3\3\0\2\2")}, NONE},
    {"in the middle of another record", {PIECE("\x17\3\3\0\x0b...." FAILURE)}, NONE},
    /* What ends nothing. */
    {"warning", {PIECE(WARNING)}, NONE},
    {"close_notify", {PIECE(CLOSE_NOTIFY)}, NONE},
    {"close_notify as a warning", {PIECE("\x15\3\3\0\2\1\0")}, NONE},
    {"warning, then failure", {PIECE(WARNING FAILURE)}, HANDSHAKE_FAILURE},
    {"failure, then close_notify", {PIECE(FAILURE CLOSE_NOTIFY)}, HANDSHAKE_FAILURE},
    {"encrypted", {PIECE(HELLO HIDDEN_ALERT)}, NONE},
    {"encrypted, then in the clear", {PIECE(HIDDEN_ALERT FAILURE)}, HANDSHAKE_FAILURE},
    /* What is no TLS: nothing more is read. */
    {"type too small", {PIECE("\x13\3\3\0\0" FAILURE)}, NONE},
    {"type too large", {PIECE("\x19\3\3\0\0" FAILURE)}, NONE},
    {"another version", {PIECE("\x16\2\3\0\0" FAILURE)}, NONE},
    {"alert of another version", {PIECE("\x15\2\3\0\2\2\x28" FAILURE)}, NONE},
    {"text", {PIECE("220 ready\r\n"), PIECE(FAILURE)}, NONE},
    /* What is missing. */
    {"rest of a record missing", {PIECE("\x16\3\3\0\x0a...."), PIECE_BEHIND(6, FAILURE)}, HANDSHAKE_FAILURE},
    {"middle of a record missing", {PIECE("\x16\3\3\0\x0a...."), PIECE_BEHIND(4, ".." FAILURE)}, HANDSHAKE_FAILURE},
    {"more than the record missing", {PIECE("\x16\3\3\0\x0a...."), PIECE_BEHIND(7, FAILURE), PIECE(FAILURE)}, NONE},
    {"missing between records", {PIECE(HELLO), PIECE_BEHIND(1, FAILURE), PIECE(FAILURE)}, NONE},
    {"missing in a head", {PIECE("\x16\3\3"), PIECE_BEHIND(2, "" FAILURE)}, NONE},
    {"missing in an alert", {PIECE("\x15\3\3\0\2\2"), PIECE_BEHIND(1, FAILURE)}, NONE},
    {"beginning missing", {PIECE_BEHIND(1, FAILURE)}, NONE},
};

/* Hears a row in pieces of at most `size` bytes. */
static int
watch(const struct watching *row, guint32 size)
{
    ces_alert_watch state = {.lost = FALSE};
    int contribution = NONE;

    for (gsize i = 0; i < G_N_ELEMENTS(row->pieces) && row->pieces[i].bytes; i++) {
        const piece_row *said = &row->pieces[i];
        for (guint32 at = 0; at < said->length; at += size) {
            guint32 length = MIN(size, said->length - at);
            guint8 *exact = (guint8 *)g_memdup2(said->bytes + at, length);
            ces_piece piece = {exact, length, at == 0 ? said->missing : 0};
            guint8 description = 0;
            if (ces_alert_watch_piece(&state, &piece, &description)) {
                g_assert_cmpint(contribution, ==, NONE);
                contribution = description;
            } else {
                g_assert_cmpint(description, ==, 0);
            }
            g_free(exact);
        }
    }
    return contribution;
}

static void
test_watching(gconstpointer data)
{
    const struct watching *row = (const struct watching *)data;

    for (guint32 size = 1; size <= 64; size++)
        g_assert_cmpint(watch(row, size), ==, row->description);
}

/* --- established ----------------------------------------------------------------- */

/* 19 bytes are what TLS 1.3 makes of an alert, 20 are more. */
#define HIDDEN_IN_DATA "\x17\3\3\0\x13..................."
#define DATA "\x17\3\3\0\x14...................."

static const struct pair {
    const char *name;
    piece_row client, server;
    gboolean established;
} pairs[] = {
    {"TLS 1.2", PIECE(HELLO HANDSHAKE_END DATA), PIECE(HELLO HANDSHAKE_END DATA), TRUE},
    {"TLS 1.3", PIECE(HELLO CHANGE_CIPHER_SPEC DATA), PIECE(HELLO CHANGE_CIPHER_SPEC DATA DATA), TRUE},
    {"closed properly", PIECE(HELLO DATA CLOSE_NOTIFY), PIECE(HELLO DATA HIDDEN_ALERT), TRUE},
    {"nothing", PIECE(""), PIECE(""), FALSE},
    {"handshake alone", PIECE(HELLO HANDSHAKE_END), PIECE(HELLO HANDSHAKE_END), FALSE},
    {"one end", PIECE(HELLO DATA), PIECE(HELLO), FALSE},
    {"the other end", PIECE(HELLO), PIECE(HELLO DATA), FALSE},
    {"hidden alert of TLS 1.3", PIECE(HELLO CHANGE_CIPHER_SPEC HIDDEN_IN_DATA), PIECE(HELLO DATA DATA), FALSE},
    {"alert by the client", PIECE(HELLO DATA FAILURE), PIECE(HELLO DATA), FALSE},
    {"alert by the server", PIECE(HELLO DATA), PIECE(FAILURE DATA), FALSE},
    {"bytes missing before it", PIECE_BEHIND(1, DATA), PIECE(DATA), FALSE},
    {"no TLS", PIECE("220 x\r\n" DATA), PIECE(DATA), FALSE},
};

static void
test_pair(gconstpointer data)
{
    const struct pair *row = (const struct pair *)data;
    const piece_row *rows[2] = {&row->server, &row->client};
    ces_alert_watch watches[2] = {{.lost = FALSE}, {.lost = FALSE}};
    guint8 description;

    for (int from_client = 0; from_client < 2; from_client++) {
        ces_piece piece = {(const guint8 *)rows[from_client]->bytes, rows[from_client]->length,
                           rows[from_client]->missing};
        ces_alert_watch_piece(&watches[from_client], &piece, &description);
    }
    g_assert_cmpint(ces_alert_watch_established(watches), ==, row->established);
}

/* RFC 8446 section 6, RFC 5246 section 7.2. */
static const struct words {
    const char *name;
    guint8 description;
} words[] = {
    {"unexpected message", 10},
    {"bad record MAC", 20},
    {"handshake failure: no cipher, curve or signature in common", 40},
    {"bad certificate", 42},
    {"certificate expired", 45},
    {"unknown certificate authority", 48},
    {"protocol version: none in common", 70},
    {"internal error", 80},
    {"unrecognized name", 112},
    {"certificate required", 116},
    {"no application protocol", 120},
    {"alert", 255}, /* not assigned */
};

static void
test_words(gconstpointer data)
{
    const struct words *row = (const struct words *)data;

    g_assert_cmpstr(ces_alert_words(row->description), ==, row->name);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("alert", watchings, test_watching);
    ROWS_ADD("alert/established", pairs, test_pair);
    ROWS_ADD("alert/words", words, test_words);
    return g_test_run();
}
