/* test_delivery.c
 * What is delivered on a quarantine port: dialogues by rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_session.h"

#include <string.h>

#include "rows.h"

/* --- dialogues ------------------------------------------------------------------------ */

/* What is said, piece by piece. "C" and "S" say the text; "c" and "s" say it
 * where the capture misses it; "+" and "-" are the client and the server
 * inside TLS; "." ends the connection. */
typedef struct {
    const char *who;
    const char *text;
} spoken;

#define GREETING                                                     \
    {"S", "220 sma1.example.org ESMTP\r\n"}, {"C", "EHLO esa1\r\n"}, \
    {                                                                \
        "S", "250-sma1\r\n250 SIZE\r\n"                              \
    }
#define ADDRESSES                                                                                      \
    {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "250 ok\r\n"}, {"C", "RCPT TO:<b@example.org>\r\n"}, \
    {                                                                                                  \
        "S", "250 ok\r\n"                                                                              \
    }
#define ENVELOPE                                                                                               \
    {"C", "MAIL FROM:<a@example.org> SIZE=10\r\n"}, {"S", "250 ok\r\n"}, {"C", "RCPT TO:<b@example.org>\r\n"}, \
        {"S", "250 ok\r\n"}, {"C", "DATA\r\n"},                                                                \
    {                                                                                                          \
        "S", "354 go on\r\n"                                                                                   \
    }

typedef struct {
    const char *name;
    gboolean midstream;
    spoken said[24];
    const char *contribution; /* messages and remarks, one a line */
} dialogue_row;

static const dialogue_row dialogues[] = {
    {"one message",
     FALSE,
     {GREETING, ENVELOPE, {"C", "Hello\r\n.\r\n"}, {"S", "250 2.0.0 queued\r\n"}, {"C", "QUIT\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 7 bytes, accepted (250 2.0.0 queued)\n"},
    {"two messages",
     FALSE,
     {GREETING,
      ENVELOPE,
      {"C", "Hello\r\n.\r\n"},
      {"S", "250 1\r\n"},
      {"C", "MAIL FROM:<>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "RCPT TO:<c@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354\r\n"},
      {"C", ".\r\n"},
      {"S", "250 2\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 7 bytes, accepted (250 1)\n"
     "2 from <> to <c@example.org>, 0 bytes, accepted (250 2)\n"},
    {"byte by byte at the end mark",
     FALSE,
     {GREETING,
      ENVELOPE,
      {"C", "x\r"},
      {"C", "\n"},
      {"C", "."},
      {"C", "\r"},
      {"C", "\nQUIT\r\n"},
      {"S", "250 q\r\n221 bye\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"no end mark",
     FALSE,
     {GREETING, ENVELOPE, {"C", "..\r\n.x\r\n\r.\r\n\n.\r\n"}, {"C", "\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 18 bytes, accepted (250 q)\n"},
    {"pipelined",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n550 5.1.1 unknown\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org> and 1 more, 3 bytes, accepted (250 q)\n"
     "Refusal of the recipient: 550 5.1.1 unknown\n"},
    {"no recipient left",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n450 4.2.1 busy\r\n554 no valid recipients\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "1 from <a@example.org> to <b@example.org>, refused (554 no valid recipients)\n"
     "Temporary refusal of the recipient: 450 4.2.1 busy\nRefusal of the message: 554 no valid recipients\n"},
    {"one deferred, one refused",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "450 later\r\n"},
      {"C", "RCPT TO:<c@example.org>\r\n"},
      {"S", "550 never\r\n"}},
     "1 from <a@example.org> to <b@example.org> and 1 more, deferred (450 later)\n"
     "Temporary refusal of the recipient: 450 later\nRefusal of the recipient: 550 never\n"},
    {"refused after the message",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x\r\n.\r\n"}, {"S", "554-5.7.1 Policy\r\n554 5.7.1 see there\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 3 bytes, refused (554 5.7.1 Policy)\n"
     "Refusal of the message: 554 5.7.1 Policy\n"},
    {"given up",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "250 ok\r\n"}, {"C", "RSET\r\n"}, {"S", "250 ok\r\n"}},
     "1 from <a@example.org>, abandoned\n"},
    {"cut in the body",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x"}, {".", ""}},
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"refusing greeting", FALSE, {{"S", "421 too busy\r\n"}}, "Temporary refusal of the connection: 421 too busy\n"},
    {"unasked 421",
     FALSE,
     {GREETING, {"S", "421 time out\r\n"}},
     "Temporary refusal of the connection: 421 time out\n"},
    {"unknown verbs, taken",
     FALSE,
     {GREETING, {"C", "XMETA 1\r\n"}, {"S", "250 ok\r\n"}, ENVELOPE, {"C", ".\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 0 bytes, accepted (250 q)\n"},
    {"unknown verbs, not taken",
     FALSE,
     {GREETING, {"C", "XMETA 1\r\nXMETA 2\r\n"}, {"S", "500 #5.5.1 command not recognized\r\n500 again\r\n"}},
     "500 #5.5.1 command not recognized (in answer to XMETA)\n"},
    {"a public verb, not taken", FALSE, {GREETING, {"C", "VRFY a\r\n"}, {"S", "502 no\r\n"}}, ""},
    {"chunks",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT 5\r\nQUIT\rBDAT 3 LAST\r\n\r\n.QUIT\r\n"},
      {"S", "250 1\r\n250 2\r\n250 3\r\n250 4\r\n221 5\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 8 bytes, accepted (250 4)\n"},
    {"authentication",
     FALSE,
     {GREETING,
      {"C", "AUTH LOGIN\r\n"},
      {"S", "334 VXNlcg==\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "334 UGFzcw==\r\n"},
      {"C", "XMETA\r\n"},
      {"S", "235 ok\r\n"},
      ENVELOPE,
      {"C", ".\r\n"},
      {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 0 bytes, accepted (250 q)\n"},
    {"authentication, nothing to answer",
     FALSE,
     {GREETING,
      {"C", "AUTH GSSAPI\r\n"},
      {"S", "334 \r\n"},
      {"C", "\r\n"},
      {"S", "235 ok\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    {"LMTP",
     FALSE,
     {{"S", "220 mail LMTP\r\n"}, {"C", "LHLO a\r\n"}, {"S", "250 ok\r\n"}, {"C", "MAIL FROM:<a@example.org>\r\n"}},
     "lmtp\n"},
    {"X11", FALSE, {{"C", "l"}, {"C", "_\x0b"}, {"S", "220 never\r\n"}}, ""},
    {"an empty last chunk",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 5\r\nhelloBDAT 0 LAST\r\n"},
      {"S", "250 1\r\n250 2\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 ok\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 5 bytes, accepted (250 2)\n"
     "2 from <c@example.org>, outcome not known\n"},
    {"chunk refused",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT 5\r\nhello"}, {"S", "452 full\r\n"}, {"C", "RSET\r\n"}, {"S", "250 ok\r\n"}},
     "1 from <a@example.org> to <b@example.org>, deferred (452 full)\n"
     "Temporary refusal of the message: 452 full\n"},
    {"DATA refused",
     FALSE,
     {GREETING, ADDRESSES, {"C", "DATA\r\n"}, {"S", "554 no\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "1 from <a@example.org> to <b@example.org>, refused (554 no)\nRefusal of the message: 554 no\n"},
    {"DATA not taken up",
     FALSE,
     {GREETING, ADDRESSES, {"C", "DATA\r\n"}, {"S", "250 what\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"unasked 421 during a message",
     FALSE,
     {GREETING, ADDRESSES, {"S", "421 time out\r\n"}},
     "1 from <a@example.org> to <b@example.org>, deferred (421 time out)\n"
     "Temporary refusal of the connection: 421 time out\n"},
    {"unasked reply, then the end",
     FALSE,
     {GREETING, ADDRESSES, {"S", "451 time out\r\n"}, {".", ""}},
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"ended twice",
     FALSE,
     {GREETING, ADDRESSES, {".", ""}, {".", ""}},
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"lines that are no replies",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "\r\nwhat?\r\n25\r\n2500 ok\r\n550 no\r\n"}},
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    {"decrypted, yet no TLS", FALSE, {GREETING, {"+", "MAIL FROM:<a@example.org>\r\n"}}, ""},
    /* Losses: never a wrong outcome. */
    {"end of the body lost",
     FALSE,
     {GREETING, ENVELOPE, {"C", "Hello\r\n"}, {"c", "more\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"middle of the body lost",
     FALSE,
     {GREETING, ENVELOPE, {"C", "Hello\r\n"}, {"c", "12345678"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 18 bytes, accepted (250 q)\n"},
    {"a reply lost",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"s", "250 ok\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"a reply lost, found again with 354",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"s", "250 ok\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "451 later\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 3 bytes, deferred (451 later)\n"
     "Temporary refusal of the message: 451 later\n"},
    {"pipelined while unsure",
     FALSE,
     {GREETING,
      {"c", "NOOP\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n250 ok\r\n"},
      {".", ""}},
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"client alone",
     FALSE,
     {{"C", "EHLO a\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"C", "DATA\r\n"},
      {"C", "RCPT TO:<c@example.org>\r\n.\r\n"},
      {"C", "QUIT\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 25 bytes, outcome not known\n"},
    {"server alone", FALSE, {{"S", "220 x\r\n"}, {"S", "250 ok\r\n"}, {"S", "250 ok\r\n"}, {"S", "550 no\r\n"}}, ""},
    {"midstream in a body", TRUE, {{"C", "and so on\r\n.\r\n"}, {"S", "250 queued\r\n"}}, ""},
    {"DATA lost",
     FALSE,
     {GREETING, ADDRESSES, {"c", "DATA\r\n"}, {"S", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"DATA lost while unsure",
     FALSE,
     {GREETING,
      {"c", "NOOP\r\n"},
      {"s", "250 ok\r\n"},
      ADDRESSES,
      {"c", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"DATA lost with the dot",
     FALSE,
     {GREETING, ADDRESSES, {"c", "DATA\r\n"}, {"S", "354 go\r\n"}, {"C", ".\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"refusal of DATA lost",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "DATA\r\n"},
      {"s", "554 no\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "RCPT TO:<d@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"
     "2 from an unknown sender, 3 bytes, accepted (250 q)\n"},
    {"answer to the body lost with its end",
     FALSE,
     {GREETING,
      ENVELOPE,
      {"C", "x\r\n"},
      {"c", ".\r\n"},
      {"s", "554 no\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "RCPT TO:<d@example.org>\r\n"},
      {"S", "250 ok\r\n"}},
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"reply lost during a chunk",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT 27 LAST\r\n"},
      {"s", "250 ok\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 27 bytes, outcome not known\n"},
    {"354 lost",
     FALSE,
     {GREETING, ADDRESSES, {"C", "DATA\r\n"}, {"s", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 3 bytes, outcome not known\n"},
    {"a chunk lost",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"c", "BDAT 5\r\nhello"},
      {"S", "250 ok\r\n"},
      {"C", "BDAT 3 LAST\r\nx\r\n"},
      {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"part of a chunk lost",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT 9 LAST\r\nabc"}, {"c", "def"}, {"C", "ghi"}, {"S", "250 q\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 9 bytes, accepted (250 q)\n"},
    {"end of a chunk and more lost",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 9 LAST\r\nabc"},
      {"c", "defghi"},
      {"c", "RSET\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 q\r\n250 ok\r\n550 no\r\n"}},
     "1 from <a@example.org> to <b@example.org>, 9 bytes, outcome not known\n"
     "2 from <c@example.org>, outcome not known\n"},
    {"envelope lost",
     FALSE,
     {GREETING,
      {"c", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n"},
      {"s", "250 ok\r\n250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "1 from an unknown sender, 3 bytes, outcome not known\n"},
    {"envelope lost, its replies not",
     FALSE,
     {GREETING,
      {"c", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n"},
      {"S", "250 ok\r\n250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "1 from an unknown sender, 3 bytes, accepted (250 q)\n"},
    {"beginning lost",
     FALSE,
     {{"s", "220 x\r\n"}, {"S", "250 ok\r\n"}, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "550 no\r\n"}},
     "1 from <a@example.org>, outcome not known\n"},
    {"a reply before its command",
     FALSE,
     {GREETING,
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"354 before DATA",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"S", "354 go\r\n"},
      {"C", "DATA\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"midstream from 354 on",
     TRUE,
     {{"S", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from an unknown sender, accepted (250 q)\n"},
    {"midstream, nothing at first",
     TRUE,
     {{"S", "...\r\n"}, {"C", "\1\2"}, {"S", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "1 from an unknown sender, accepted (250 q)\n"},
    /* TLS. */
    {"STARTTLS refused",
     FALSE,
     {GREETING, {"C", "STARTTLS\r\n"}, {"S", "454 4.7.0 not available\r\n"}},
     "STARTTLS refused: 454 4.7.0 not available\n"},
    {"STARTTLS, then hidden",
     FALSE,
     {GREETING, {"C", "STARTTLS\r\n"}, {"S", "220 go\r\n"}, {"C", "\x17\x03\x03_\x01x"}},
     "encrypted\n"},
    {"STARTTLS, then an alert",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "\x16\x03\x01_\x01\x01"},
      {"S", "\x15\x03"},
      {"S", "\x03_\x02\x02\x46"}},
     "encrypted\nalert 70\n"},
    {"STARTTLS, then a warning",
     FALSE,
     {GREETING, {"C", "STARTTLS\r\n"}, {"S", "220 go\r\n"}, {"S", "\x15\x03\x03_\x02\x01\x70"}},
     "encrypted\n"},
    {"STARTTLS, decrypted",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "\x16\x03\x01_\x01\x01"},
      {"+", "EHLO a\r\n"},
      {"-", "250 ok\r\n"},
      {"+", "MAIL FROM:<a@example.org>\r\n"},
      {"-", "250 ok\r\n"},
      {"+", "RCPT TO:<b@example.org>\r\n"},
      {"-", "550 no\r\n"}},
     "encrypted\n1 from <a@example.org> to <b@example.org>, refused (550 no)\nRefusal of the recipient: 550 no\n"},
    {"TLS at once, decrypted",
     FALSE,
     {{"C", "\x16\x03\x01_\x01\x01"}, {"-", "220 x\r\n"}, {"+", "MAIL FROM:<a@example.org>\r\n"}, {"-", "451 no\r\n"}},
     "encrypted\n1 from <a@example.org>, deferred (451 no)\nTemporary refusal of the sender: 451 no\n"},
    /* Texts from anyone. */
    {"control characters",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a\x1b[2J@\xff>\r\n"}},
     "1 from <a.[2J@\xef\xbf\xbd>, outcome not known\n"},
    {"control characters above 127",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a\xc2\x9b\x32J>\r\n"}},
     "1 from <a.2J>, outcome not known\n"},
    {"no brackets",
     FALSE,
     {GREETING, {"C", "MAIL FROM: a@example.org SIZE=1\r\n"}},
     "1 from <a@example.org>, outcome not known\n"},
    {"line feeds alone",
     FALSE,
     {{"S", "220 x\n"}, {"C", "MAIL FROM:<a@example.org>\n"}, {"S", "550 no\n"}},
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
};

/* "_" stands for a NUL in what is no text. */
static gsize
bytes_of(const char *text, guint8 *bytes)
{
    gsize length = strlen(text);

    for (gsize i = 0; i < length; i++)
        bytes[i] = text[i] == '_' ? 0 : (guint8)text[i];
    return length;
}

typedef struct {
    ces_stream streams[2], inner[2];
    guint32 sequence[2];
    const ces_message *messages[8];
} ears;

static void
hear(ces_smtp_session *delivery, ears *at, const spoken *said)
{
    guint8 bytes[512];
    gsize length = bytes_of(said->text, bytes);
    gboolean client = strchr("Cc+", *said->who) != NULL;
    ces_piece piece;
    ces_contribution contribution = {.message = NULL};

    if (strchr("+-", *said->who)) {
        piece = (ces_piece){bytes, (guint32)length, 0};
        ces_smtp_session_add_decrypted(delivery, client, &piece, &contribution);
    } else {
        guint32 sequence = at->sequence[client];
        at->sequence[client] += (guint32)length;
        if (g_ascii_isupper(*said->who) &&
            ces_stream_add(&at->streams[client], sequence, bytes, (guint32)length, (guint32)length, &piece))
            ces_smtp_session_add(delivery, client, &piece, &contribution);
    }
    if (contribution.message)
        at->messages[contribution.message->number] = contribution.message;
}

static void
say_heard(const ces_smtp_session *delivery, const ears *at, GString *text)
{
    if (ces_smtp_session_encrypted(delivery))
        g_string_append(text, "encrypted\n");
    for (guint i = 1; i < G_N_ELEMENTS(at->messages) && at->messages[i]; i++) {
        g_string_append_printf(text, "%u ", i);
        ces_say_message(at->messages[i], text);
        g_string_append_c(text, '\n');
    }
    for (guint i = 0; ces_smtp_session_remark(delivery, i); i++) {
        const ces_remark *remark = ces_smtp_session_remark(delivery, i);
        gsize start = text->len;
        ces_say_remark(remark, text);
        if (remark->kind == CES_REMARK_UNKNOWN_VERB) /* the advice behind it is no matter of the test */
            g_string_truncate(text, (gsize)(strstr(text->str + start, "):") - text->str) + 1);
        else if (remark->kind == CES_REMARK_TLS_ALERT)
            g_string_truncate(text, start), g_string_append_printf(text, "alert %u", remark->code);
        else if (remark->kind == CES_REMARK_LMTP)
            g_string_truncate(text, start), g_string_append(text, "lmtp");
        g_string_append_c(text, '\n');
    }
}

static void
test_dialogue(gconstpointer data)
{
    const dialogue_row *row = (const dialogue_row *)data;
    ces_smtp_session *delivery = ces_smtp_session_new(!row->midstream);
    ears at = {.sequence = {G_MAXUINT32 - 20, 1000}}; /* numbers wrap */
    GString *text = g_string_new(NULL);

    if (!row->midstream)
        for (int end = 0; end < 2; end++)
            ces_stream_start(&at.streams[end], at.sequence[end]);
    for (const spoken *said = row->said; said->who; said++) {
        if (*said->who == '.')
            ces_smtp_session_end(delivery, TRUE);
        else
            hear(delivery, &at, said);
    }
    say_heard(delivery, &at, text);
    g_assert_cmpstr(text->str, ==, row->contribution);
    g_string_free(text, TRUE);
    ces_smtp_session_free(delivery);
}

/* --- bounds ------------------------------------------------------------------------------- */

static void
hear_text(ces_smtp_session *delivery, gboolean client, const char *text, ces_contribution *contribution)
{
    ces_piece piece = {(const guint8 *)text, (guint32)strlen(text), 0};

    ces_smtp_session_add(delivery, client, &piece, contribution);
}

static ces_smtp_session *
greeted(ces_contribution *contribution)
{
    ces_smtp_session *delivery = ces_smtp_session_new(TRUE);

    hear_text(delivery, FALSE, "220 a\r\n", contribution);
    hear_text(delivery, TRUE, "EHLO b\r\n", contribution);
    hear_text(delivery, FALSE, "250 a\r\n", contribution);
    return delivery;
}

static void
test_many_messages(void)
{
    ces_contribution contribution;
    ces_smtp_session *delivery = greeted(&contribution);

    for (guint i = 1; i <= CES_MESSAGES_KEPT + 5u; i++) {
        hear_text(delivery, TRUE, "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n", &contribution);
        hear_text(delivery, FALSE, "250 ok\r\n250 ok\r\n", &contribution);
        hear_text(delivery, TRUE, "DATA\r\n", &contribution);
        hear_text(delivery, FALSE, "354 go\r\n", &contribution);
        hear_text(delivery, TRUE, ".\r\n", &contribution);
        hear_text(delivery, FALSE, "250 q\r\n", &contribution);
        if (i <= CES_MESSAGES_KEPT) {
            g_assert_cmpuint(contribution.message->number, ==, i);
            g_assert_cmpuint(contribution.message->outcome, ==, CES_DELIVERY_ACCEPTED);
        } else {
            g_assert_null(contribution.message);
        }
    }
    ces_smtp_session_free(delivery);
}

static void
test_many_recipients(void)
{
    ces_contribution contribution;
    ces_smtp_session *delivery = greeted(&contribution);
    GString *text = g_string_new(NULL);

    hear_text(delivery, TRUE, "MAIL FROM:<a@example.org>\r\n", &contribution);
    hear_text(delivery, FALSE, "250 ok\r\n", &contribution);
    for (guint i = 0; i < CES_REMARKS_KEPT + 5u; i++) {
        hear_text(delivery, TRUE, "RCPT TO:<b@example.org>\r\n", &contribution);
        hear_text(delivery, FALSE, "550 no\r\n", &contribution);
        g_assert_cmpuint(contribution.remarks, ==, i < CES_REMARKS_KEPT);
        g_assert_cmpuint(contribution.first_remark, ==, i < CES_REMARKS_KEPT ? i : 0);
    }
    g_assert_nonnull(ces_smtp_session_remark(delivery, CES_REMARKS_KEPT - 1));
    g_assert_null(ces_smtp_session_remark(delivery, CES_REMARKS_KEPT));
    g_assert_cmpuint(contribution.message->recipients_refused, ==, CES_REMARKS_KEPT + 5);
    ces_say_message(contribution.message, text);
    g_assert_cmpstr(text->str, ==, "from <a@example.org> to <b@example.org> and 68 more, refused (550 no)");
    g_string_free(text, TRUE);
    ces_smtp_session_free(delivery);
}

/* More commands than are remembered: their replies count for nothing. */
static void
test_many_commands(void)
{
    ces_contribution contribution;
    ces_smtp_session *delivery = greeted(&contribution);

    hear_text(delivery, TRUE, "MAIL FROM:<a@example.org>\r\n", &contribution);
    for (int i = 0; i < 300; i++)
        hear_text(delivery, TRUE, "NOOP\r\n", &contribution);
    hear_text(delivery, FALSE, "550 no\r\n", &contribution);
    g_assert_null(contribution.message);
    g_assert_cmpuint(contribution.remarks, ==, 0);
    ces_smtp_session_free(delivery);
}

/* Of a line without end the beginning is kept. */
static void
test_long_lines(void)
{
    ces_contribution contribution;
    ces_smtp_session *delivery = greeted(&contribution);
    char *wide = g_strnfill(30000, 'x');

    hear_text(delivery, TRUE, "MAIL FROM:<", &contribution);
    for (int i = 0; i < 100; i++)
        hear_text(delivery, TRUE, wide, &contribution);
    hear_text(delivery, TRUE, ">\r\n", &contribution);
    g_assert_cmpuint(strlen(contribution.message->sender), ==, CES_TEXT_KEPT);
    hear_text(delivery, FALSE, "550 ", &contribution);
    hear_text(delivery, FALSE, wide, &contribution);
    hear_text(delivery, FALSE, "\r\n", &contribution);
    g_assert_cmpuint(contribution.message->code, ==, 550);
    g_assert_cmpuint(strlen(contribution.message->reply), ==, CES_TEXT_KEPT);
    g_free(wide);
    ces_smtp_session_free(delivery);
}

/* --- in words ----------------------------------------------------------------------------- */

static const struct remark_row {
    const char *name;
    ces_remark remark;
    const char *starts, *has;
} remarks[] = {
    {"refused", {CES_REMARK_REFUSED, 550, FALSE, (char *)"sender", (char *)"no"}, "Refusal of the sender: 550 no", ""},
    {"deferred",
     {CES_REMARK_REFUSED, 499, FALSE, (char *)"message", (char *)""},
     "Temporary refusal of the message: 499",
     ""},
    {"unknown verb",
     {CES_REMARK_UNKNOWN_VERB, 500, FALSE, (char *)"XMETA", (char *)"what?"},
     "500 what? (in answer to XMETA): ",
     "an ordinary SMTP listener and no quarantine"},
    {"STARTTLS",
     {CES_REMARK_STARTTLS_REFUSED, 454, FALSE, (char *)"STARTTLS", (char *)"no"},
     "STARTTLS refused: 454 no",
     ""},
    {"alert by the client",
     {CES_REMARK_TLS_ALERT, 48, TRUE, (char *)"TLS", (char *)""},
     "The TLS handshake fails: the client sends alert 48 (unknown certificate authority).",
     "Check"},
    {"alert by the server",
     {CES_REMARK_TLS_ALERT, 70, FALSE, (char *)"TLS", (char *)""},
     "The TLS handshake fails: the server sends alert 70 (protocol version: none in common).",
     "Check"},
    {"LMTP",
     {CES_REMARK_LMTP, 0, TRUE, (char *)"LHLO", (char *)""},
     "The client speaks LMTP",
     "no service and no verdict"},
};

static void
test_remark(gconstpointer data)
{
    const struct remark_row *row = (const struct remark_row *)data;
    GString *text = g_string_new(NULL);

    ces_say_remark(&row->remark, text);
    g_assert_true(g_str_has_prefix(text->str, row->starts));
    g_assert_nonnull(strstr(text->str, row->has));
    g_string_free(text, TRUE);
}

static const struct speaking {
    const char *name;
    gboolean client;
    const char *text;
    ces_protocol protocol;
} speakings[] = {
    {"unknown", FALSE, "2", CES_PROTOCOL_UNKNOWN},   {"SMTP", FALSE, "220 a\r\n", CES_PROTOCOL_SMTP},
    {"LMTP", TRUE, "LHLO a\r\n", CES_PROTOCOL_LMTP}, {"TLS", TRUE, "\x16\3\1\1\1\1", CES_PROTOCOL_TLS},
    {"data", TRUE, "hello\r\n", CES_PROTOCOL_DATA},
};

static void
test_speaking(gconstpointer data)
{
    const struct speaking *row = (const struct speaking *)data;
    ces_smtp_session *delivery = ces_smtp_session_new(TRUE);
    ces_contribution contribution;

    hear_text(delivery, row->client, row->text, &contribution);
    g_assert_cmpint(ces_smtp_session_protocol(delivery), ==, row->protocol);
    g_assert_cmpint(ces_smtp_session_encrypted(delivery), ==, row->protocol == CES_PROTOCOL_TLS);
    ces_smtp_session_free(delivery);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("dialogue", dialogues, test_dialogue);
    g_test_add_func("/core/delivery/many messages", test_many_messages);
    g_test_add_func("/core/delivery/many recipients", test_many_recipients);
    g_test_add_func("/core/delivery/many commands", test_many_commands);
    g_test_add_func("/core/delivery/long lines", test_long_lines);
    ROWS_ADD("delivery/remark", remarks, test_remark);
    ROWS_ADD("delivery/protocol", speakings, test_speaking);
    return g_test_run();
}
