/* test_ssh.c
 * How SSH fails in the clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/ssh_session.h"

#include <string.h>

#include "rows.h"

/* What is said, piece by piece: 'S' and 'C' say it; 's' and 'c' say it where
 * the capture misses it. */
typedef struct {
    char who;
    const char *bytes;
    gsize length;
} spoken;

#define SAYS(who, bytes)              \
    {                                 \
        who, bytes, sizeof(bytes) - 1 \
    }

#define BANNER "SSH-2.0-a\r\n"
/* Length, length of the padding, message, ... */
#define KEXINIT "\0\0\0\6\1\x14kexi"
#define NEWKEYS "\0\0\0\6\1\x15...."
/* ... reason, description and language, each with its length; padding. */
#define DISCONNECT(reason) "\0\0\0\x14\2\1\0\0\0" reason "\0\0\0\4nope\0\0\0\0pp"
#define KEY_EXCHANGE_FAILED "\3"
#define BY_APPLICATION "\x0b"
#define FAILS DISCONNECT(KEY_EXCHANGE_FAILED)

typedef struct {
    const char *name;
    spoken said[8];
    const char *closers; /* who closes, one after the other */
    const char *contribution;
} handshake_row;

static const handshake_row handshakes[] = {
    {"key exchange", {SAYS('S', BANNER), SAYS('C', BANNER), SAYS('S', KEXINIT), SAYS('C', KEXINIT)}, "S", "none"},
    {"disconnected",
     {SAYS('S', BANNER), SAYS('C', BANNER KEXINIT), SAYS('S', KEXINIT FAILS)},
     "S",
     "key_exchange_failed by server: nope"},
    {"disconnected in pieces",
     {SAYS('C', BANNER), SAYS('C', "\0\0\0"), SAYS('C', "\x14\2\1\0\0\0"), SAYS('C', "\3\0\0\0\4no"),
      SAYS('C', "pe\0\0\0\0pp")},
     "C",
     "key_exchange_failed by client: nope"},
    {"the first one counts",
     {SAYS('S', BANNER FAILS), SAYS('C', BANNER FAILS)},
     "C",
     "key_exchange_failed by server: nope"},
    {"not yet whole", {SAYS('C', BANNER "\0\0\0\x14\2\1\0\0\0\3\0\0\0\4nope\0\0\0\0p")}, "C", "none"},
    {"another reason", {SAYS('C', BANNER DISCONNECT(BY_APPLICATION))}, "C", "none"},
    {"no description",
     {SAYS('C', BANNER), SAYS('S', BANNER "\0\0\0\x10\2\1\0\0\0\3\0\0\0\0\0\0\0\0pp")},
     "",
     "key_exchange_failed by server: "},
    {"ends behind the reason", {SAYS('S', BANNER "\0\0\0\6\0\1\0\0\0\3")}, "", "key_exchange_failed by server: "},
    {"ends before the reason", {SAYS('S', BANNER "\0\0\0\2\0\1" FAILS)}, "", "key_exchange_failed by server: nope"},
    {"description beyond the packet",
     {SAYS('S', BANNER "\0\0\0\x0e\0\1\0\0\0\3\xff\xff\xff\xffnope"), SAYS('S', "more")},
     "",
     "key_exchange_failed by server: nope"},
    {"description with control characters",
     {SAYS('S', BANNER "\0\0\0\x11\0\1\0\0\0\3\0\0\0\7\x1b[2J\n\xc2\x9b")},
     "",
     "key_exchange_failed by server: .[2J.."},
    /* The banner. */
    {"other lines before the banner",
     {SAYS('S', "Welcome\r\n" BANNER FAILS)},
     "",
     "key_exchange_failed by server: nope"},
    {"banner in pieces",
     {SAYS('S', "SS"), SAYS('S', "H-2.0-a"), SAYS('S', "\n\0\0\0\x14\2\1\0\0\0\3\0\0\0\4nope\0\0\0\0pp")},
     "",
     "key_exchange_failed by server: nope"},
    {"no SSH", {SAYS('S', "220 x\r\n")}, "C", "none"},
    {"no SSH, not even a line", {SAYS('S', "SSH-2.0-a")}, "S", "none"},
    /* Who closes. */
    {"closed by the server",
     {SAYS('C', BANNER), SAYS('S', "Welcome\r\n" BANNER), SAYS('C', KEXINIT)},
     "S",
     "closed_after_banner by server: "},
    {"closed by the client", {SAYS('S', BANNER)}, "C", "closed_after_banner by client: "},
    {"closed by both", {SAYS('S', BANNER)}, "SC", "closed_after_banner by server: "},
    {"closed by the one that went on", {SAYS('S', BANNER), SAYS('C', BANNER KEXINIT)}, "C", "none"},
    {"closed in the middle of a packet", {SAYS('S', BANNER "\0\0\0")}, "S", "none"},
    {"nothing said", {{0}}, "CS", "none"},
    /* What is not read. */
    {"encrypted", {SAYS('S', BANNER), SAYS('S', NEWKEYS FAILS)}, "S", "none"},
    {"something missing", {SAYS('S', BANNER), SAYS('s', KEXINIT), SAYS('S', FAILS)}, "S", "none"},
    {"missing, then closed", {SAYS('S', "x"), SAYS('s', BANNER), SAYS('S', "x"), SAYS('C', BANNER)}, "S", "none"},
    {"too short for SSH", {SAYS('S', BANNER "\0\0\0\1\1\x14" FAILS)}, "S", "none"},
    {"too long for SSH", {SAYS('S', BANNER "\0\4\0\1\1\x14"), SAYS('S', FAILS)}, "S", "none"},
    {"no length at all", {SAYS('S', BANNER "\0\0\0\0\0\1" FAILS)}, "S", "none"},
    {"a length that wraps", {SAYS('S', BANNER "\xff\xff\xff\xff\0\1" FAILS)}, "S", "none"},
};

/* Says it; TRUE if this showed that the key exchange failed. */
static gboolean
say(ces_ssh_session *ssh, ces_stream streams[2], guint32 sequences[2], const spoken *said)
{
    gboolean client = g_ascii_toupper(said->who) == 'C';
    guint32 length = (guint32)said->length, sequence = sequences[client];
    guint8 *exact = (guint8 *)g_memdup2(said->bytes, length);
    ces_piece piece;
    gboolean failed = g_ascii_isupper(said->who) &&
                      ces_stream_add(&streams[client], sequence, exact, length, length, &piece) &&
                      ces_ssh_session_add(ssh, client, &piece);

    sequences[client] += length;
    g_free(exact);
    return failed;
}

static void
test_handshake(gconstpointer data)
{
    const handshake_row *row = (const handshake_row *)data;
    ces_ssh_session ssh = {.failure = CES_SSH_NO_FAILURE};
    ces_stream streams[2] = {{.any = FALSE}, {.any = FALSE}};
    guint32 sequences[2] = {1, 1};
    int failed = 0, closed = 0;
    GString *text = g_string_new(NULL);

    for (const spoken *said = row->said; said->who; said++)
        failed += say(&ssh, streams, sequences, said);
    for (const char *closer = row->closers; *closer; closer++)
        closed += ces_ssh_session_close(&ssh, *closer == 'C');

    g_string_append(text, ces_ssh_failure_token((ces_ssh_failure)ssh.failure));
    if (ssh.failure)
        g_string_append_printf(text, " by %s: %s", ssh.by_client ? "client" : "server", ssh.description);
    g_assert_cmpstr(text->str, ==, row->contribution);
    g_assert_cmpint(failed, ==, ssh.failure == CES_SSH_KEY_EXCHANGE_FAILED);
    g_assert_cmpint(closed, ==, ssh.failure == CES_SSH_CLOSED_AFTER_BANNER);
    g_string_free(text, TRUE);
}

/* A packet of any length is stepped over, in pieces of any length. */
static void
test_steps(void)
{
    static const guint8 packet[1000] = {0, 0, 3, 0xe4, 1, 20};
    static const char banner[] = BANNER, fails[] = FAILS;
    GByteArray *all = g_byte_array_new();

    g_byte_array_append(all, (const guint8 *)banner, sizeof banner - 1);
    g_byte_array_append(all, packet, sizeof packet);
    g_byte_array_append(all, (const guint8 *)fails, sizeof fails - 1);
    for (guint size = 1; size <= all->len; size += 7) {
        ces_ssh_session ssh = {.failure = CES_SSH_NO_FAILURE};
        for (guint at = 0; at < all->len; at += size) {
            ces_piece piece = {all->data + at, MIN(size, all->len - at), 0};
            g_assert_cmpint(ces_ssh_session_add(&ssh, TRUE, &piece), ==, at + size >= all->len);
        }
        g_assert_cmpstr(ssh.description, ==, "nope");
    }
    g_byte_array_free(all, TRUE);
}

/* Of a long description the beginning is kept, in whole characters. */
static void
test_long_description(gconstpointer data)
{
    const char *character = (const char *)data;
    static const guint8 head[] = {0, 0, 1, 0x3a, 0, 1, 0, 0, 0, 3, 0, 0, 1, 0x2c};
    static const char banner[] = BANNER;
    ces_ssh_session ssh = {.failure = CES_SSH_NO_FAILURE};
    GByteArray *all = g_byte_array_new();
    gsize width = strlen(character);

    g_byte_array_append(all, (const guint8 *)banner, sizeof banner - 1);
    g_byte_array_append(all, head, sizeof head);
    for (gsize at = 0; at < 300; at += width)
        g_byte_array_append(all, (const guint8 *)character, (guint)width);
    g_assert_true(ces_ssh_session_add(&ssh, FALSE, &(ces_piece){all->data, all->len, 0}));

    gsize kept = strlen(ssh.description);
    g_assert_cmpuint(kept, ==, (CES_SSH_DESCRIPTION - 1) / width * width);
    for (gsize at = 0; at < kept; at += width)
        g_assert_cmpint(memcmp(ssh.description + at, character, width), ==, 0);
    g_byte_array_free(all, TRUE);
}

/* --- in words ------------------------------------------------------------------ */

static const struct sentence {
    const char *name;
    ces_ssh_session ssh;
    const char *starts, *has, *ends;
} sentences[] = {
    {"none", {.failure = CES_SSH_NO_FAILURE}, "", "", ""},
    {"described by the server",
     {.failure = CES_SSH_KEY_EXCHANGE_FAILED, .description = "nope"},
     "The SSH key exchange fails",
     "DISCONNECT, reason 3, by the server",
     " no algorithm in common, as after an upgrade of one of them: nope"},
    {"not described, by the client",
     {.failure = CES_SSH_KEY_EXCHANGE_FAILED, .by_client = TRUE},
     "The SSH key exchange fails",
     "DISCONNECT, reason 3, by the client",
     " upgrade of one of them"},
    {"closed by the server",
     {.failure = CES_SSH_CLOSED_AFTER_BANNER},
     "The server closes after the SSH banner",
     "before any key exchange",
     "the port"},
    {"closed by the client",
     {.failure = CES_SSH_CLOSED_AFTER_BANNER, .by_client = TRUE},
     "The client closes after the SSH banner",
     "before any key exchange",
     "the port"},
};

static void
test_sentence(gconstpointer data)
{
    const struct sentence *row = (const struct sentence *)data;
    GString *text = g_string_new(NULL);

    ces_say_ssh_failure(&row->ssh, text);
    g_assert_true(g_str_has_prefix(text->str, row->starts));
    g_assert_nonnull(strstr(text->str, row->has));
    g_assert_true(g_str_has_suffix(text->str, row->ends));
    g_assert_cmpint(text->len > 0, ==, row->ssh.failure != CES_SSH_NO_FAILURE);
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("ssh", handshakes, test_handshake);
    g_test_add_func("/core/ssh/steps", test_steps);
    g_test_add_data_func("/core/ssh/long description", "x", test_long_description);
    g_test_add_data_func("/core/ssh/long description in wide characters", "\xe2\x82\xac", test_long_description);
    ROWS_ADD("ssh/sentence", sentences, test_sentence);
    return g_test_run();
}
