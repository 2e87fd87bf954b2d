/* test_smtp_session.c
 * Deliveries on a quarantine port: dialogues by rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_session.h"

#include <string.h>

#ifdef __GLIBC__
#    include <malloc.h>
#endif

#include "rows.h"

/* --- dialogues ------------------------------------------------------------------------ */

/* What is sent, piece by piece: by the client "C" and the server "S"; by "c"
 * and "s" where the capture misses it; by "+" and "-" inside TLS; "." closes. */
typedef struct {
    const char *who;
    const char *text;
} step;

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
    step steps[32];
    const char *result;   /* protocol, that inside TLS, result and cause */
    const char *expected; /* messages and remarks, one a line */
} dialogue_row;

static const dialogue_row dialogues[] = {
    {"one message",
     FALSE,
     {GREETING, ENVELOPE, {"C", "Hello\r\n.\r\n"}, {"S", "250 2.0.0 queued\r\n"}, {"C", "QUIT\r\n"}},
     "smtp working",
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
     "smtp working",
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
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"no end mark",
     FALSE,
     {GREETING, ENVELOPE, {"C", "..\r\n.x\r\n\r.\r\n\n.\r\n"}, {"C", "\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 18 bytes, accepted (250 q)\n"},
    {"pipelined",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n550 5.1.1 unknown\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org> and 1 more, 3 bytes, accepted (250 q)\n"
     "Refusal of the recipient: 550 5.1.1 unknown\n"},
    {"no recipient left",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n450 4.2.1 busy\r\n554 no valid recipients\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (450 4.2.1 busy)\n"
     "Temporary refusal of the recipient: 450 4.2.1 busy\n"},
    {"one deferred, one refused",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "450 later\r\n"},
      {"C", "RCPT TO:<c@example.org>\r\n"},
      {"S", "550 never\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org> and 1 more, deferred (450 later)\n"
     "Temporary refusal of the recipient: 450 later\nRefusal of the recipient: 550 never\n"},
    {"refused after the message",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x\r\n.\r\n"}, {"S", "554-5.7.1 Policy\r\n554 5.7.1 see there\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, refused (554 5.7.1 Policy)\n"
     "Refusal of the message: 554 5.7.1 Policy\n"},
    {"given up",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "250 ok\r\n"}, {"C", "RSET\r\n"}, {"S", "250 ok\r\n"}},
     "smtp unknown",
     "1 from <a@example.org>, abandoned\n"},
    {"cut in the body",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x"}, {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 1 byte, abandoned\n"},
    {"refusing greeting",
     FALSE,
     {{"S", "421 too busy\r\n"}},
     "smtp refused reply_deferred",
     "Temporary refusal of the connection: 421 too busy\n"},
    {"unasked 421",
     FALSE,
     {GREETING, {"S", "421 time out\r\n"}},
     "smtp refused reply_deferred",
     "Temporary refusal of the connection: 421 time out\n"},
    {"unknown verbs, taken",
     FALSE,
     {GREETING, {"C", "XMETA 1\r\n"}, {"S", "250 ok\r\n"}, ENVELOPE, {"C", ".\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 0 bytes, accepted (250 q)\n"},
    {"unknown verbs, not taken",
     FALSE,
     {GREETING, {"C", "XMETA 1\r\nXMETA 2\r\n"}, {"S", "500 #5.5.1 command not recognized\r\n500 again\r\n"}},
     "smtp refused unknown_command",
     "500 #5.5.1 command not recognized (in answer to XMETA)\n"},
    {"a public verb, not taken", FALSE, {GREETING, {"C", "VRFY a\r\n"}, {"S", "502 no\r\n"}}, "smtp unknown", ""},
    {"chunks",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT 5\r\nQUIT\rBDAT 3 LAST\r\n\r\n.QUIT\r\n"},
      {"S", "250 1\r\n250 2\r\n250 3\r\n250 4\r\n221 5\r\n"}},
     "smtp working",
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
     "smtp working",
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
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    {"LMTP",
     FALSE,
     {{"S", "220 mail LMTP\r\n"}, {"C", "LHLO a\r\n"}, {"S", "250 ok\r\n"}, {"C", "MAIL FROM:<a@example.org>\r\n"}},
     "lmtp other_use lmtp",
     "lmtp\n"},
    {"X11",
     FALSE,
     {{"C", "l"}, {"C", "_\x0b"}, {"C", "_____________"}, {"S", "\1_\x0b___"}, {"C", "abc"}},
     "x11 other_use x11",
     ""},
    {"an empty last chunk",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 5\r\nhelloBDAT 0 LAST\r\n"},
      {"S", "250 1\r\n250 2\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 ok\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 5 bytes, accepted (250 2)\n"
     "2 from <c@example.org>, outcome not known\n"},
    {"chunk refused",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT 5\r\nhello"}, {"S", "452 full\r\n"}, {"C", "RSET\r\n"}, {"S", "250 ok\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (452 full)\n"
     "Temporary refusal of the message: 452 full\n"},
    {"DATA refused",
     FALSE,
     {GREETING, ADDRESSES, {"C", "DATA\r\n"}, {"S", "554 no\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (554 no)\nRefusal of the message: 554 no\n"},
    {"DATA not taken up",
     FALSE,
     {GREETING, ADDRESSES, {"C", "DATA\r\n"}, {"S", "250 what\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"unasked 421 during a message",
     FALSE,
     {GREETING, ADDRESSES, {"S", "421 time out\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (421 time out)\n"
     "Temporary refusal of the connection: 421 time out\n"},
    {"unasked reply, then the end",
     FALSE,
     {GREETING, ADDRESSES, {"S", "451 time out\r\n"}, {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"ended twice",
     FALSE,
     {GREETING, ADDRESSES, {".", ""}, {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"lines that are no replies",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "\r\nwhat?\r\n25\r\n2500 ok\r\n550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    {"decrypted, yet no TLS", FALSE, {GREETING, {"+", "MAIL FROM:<a@example.org>\r\n"}}, "smtp unknown", ""},
    /* Losses: never a wrong outcome. */
    {"end of the body lost",
     FALSE,
     {GREETING, ENVELOPE, {"C", "Hello\r\n"}, {"c", "more\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"middle of the body lost",
     FALSE,
     {GREETING, ENVELOPE, {"C", "Hello\r\n"}, {"c", "12345678"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 18 bytes, accepted (250 q)\n"},
    {"a reply lost",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"s", "250 ok\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp unknown",
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
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, deferred (451 later)\n"
     "Temporary refusal of the message: 451 later\n"},
    {"pipelined while unsure",
     FALSE,
     {GREETING,
      {"c", "NOOP\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n250 ok\r\n"},
      {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"client alone",
     FALSE,
     {{"C", "EHLO a\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"C", "DATA\r\n"},
      {"C", "RCPT TO:<c@example.org>\r\n.\r\n"},
      {"C", "QUIT\r\n"}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 25 bytes, outcome not known\n"},
    {"server alone",
     FALSE,
     {{"S", "220 x\r\n"}, {"S", "250 ok\r\n"}, {"S", "250 ok\r\n"}, {"S", "550 no\r\n"}},
     "smtp unknown",
     ""},
    {"midstream in a body", TRUE, {{"C", "and so on\r\n.\r\n"}, {"S", "250 queued\r\n"}}, "smtp unknown", ""},
    {"DATA lost",
     FALSE,
     {GREETING, ADDRESSES, {"c", "DATA\r\n"}, {"S", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
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
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"DATA lost with the dot",
     FALSE,
     {GREETING, ADDRESSES, {"c", "DATA\r\n"}, {"S", "354 go\r\n"}, {"C", ".\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
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
     "smtp working",
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
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"reply lost during a chunk",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT 27 LAST\r\n"},
      {"s", "250 ok\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "250 q\r\n"}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 27 bytes, outcome not known\n"},
    {"354 lost",
     FALSE,
     {GREETING, ADDRESSES, {"C", "DATA\r\n"}, {"s", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, outcome not known\n"},
    {"a chunk lost",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"c", "BDAT 5\r\nhello"},
      {"S", "250 ok\r\n"},
      {"C", "BDAT 3 LAST\r\nx\r\n"},
      {"S", "250 q\r\n"}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, outcome not known\n"},
    {"part of a chunk lost",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT 9 LAST\r\nabc"}, {"c", "def"}, {"C", "ghi"}, {"S", "250 q\r\n"}},
     "smtp working",
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
     "smtp unknown",
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
     "smtp unknown",
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
     "smtp working",
     "1 from an unknown sender, 3 bytes, accepted (250 q)\n"},
    {"beginning lost",
     FALSE,
     {{"s", "220 x\r\n"}, {"S", "250 ok\r\n"}, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "550 no\r\n"}},
     "smtp unknown",
     "1 from <a@example.org>, outcome not known\n"},
    {"a reply before its command",
     FALSE,
     {GREETING,
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp unknown",
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
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, accepted (250 q)\n"},
    {"midstream from 354 on",
     TRUE,
     {{"S", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from an unknown sender, accepted (250 q)\n"},
    {"midstream, nothing at first",
     TRUE,
     {{"S", "...\r\n"}, {"C", "\1\2"}, {"S", "354 go\r\n"}, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from an unknown sender, accepted (250 q)\n"},
    /* TLS. */
    {"STARTTLS refused",
     FALSE,
     {GREETING, {"C", "STARTTLS\r\n"}, {"S", "454 4.7.0 not available\r\n"}},
     "smtp refused starttls_refused",
     "STARTTLS refused: 454 4.7.0 not available\n"},
    {"STARTTLS, then hidden",
     FALSE,
     {GREETING, {"C", "STARTTLS\r\n"}, {"S", "220 go\r\n"}, {"C", "\x17\x03\x03_\x01x"}},
     "smtp unknown",
     "encrypted\n"},
    {"STARTTLS, then an alert",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "\x16\x03\x01_\x04\x01zzz"},
      {"S", "\x15\x03"},
      {"S", "\x03_\x02\x02\x46"}},
     "smtp broken tls_alert",
     "encrypted\nalert 70\n"},
    {"STARTTLS, then a warning",
     FALSE,
     {GREETING, {"C", "STARTTLS\r\n"}, {"S", "220 go\r\n"}, {"S", "\x15\x03\x03_\x02\x01\x70"}},
     "smtp unknown",
     "encrypted\n"},
    {"STARTTLS, decrypted",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "\x16\x03\x01_\x04\x01zzz"},
      {"+", "EHLO a\r\n"},
      {"-", "250 ok\r\n"},
      {"+", "MAIL FROM:<a@example.org>\r\n"},
      {"-", "250 ok\r\n"},
      {"+", "RCPT TO:<b@example.org>\r\n"},
      {"-", "550 no\r\n"}},
     "smtp/smtp refused reply_refused",
     "encrypted\n1 from <a@example.org> to <b@example.org>, refused (550 no)\nRefusal of the recipient: 550 no\n"},
    {"TLS at once, decrypted",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"},
      {"-", "220 x\r\n"},
      {"+", "MAIL FROM:<a@example.org>\r\n"},
      {"-", "451 no\r\n"}},
     "tls/smtp refused reply_deferred",
     "encrypted\n1 from <a@example.org>, deferred (451 no)\nTemporary refusal of the sender: 451 no\n"},

    /* The reply that decides is the first that sank the message. */
    {"sender refused, pipelined",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "550 5.7.1 denied\r\n503 5.5.1 need MAIL\r\n503 5.5.1 need RCPT\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (550 5.7.1 denied)\nRefusal of the sender: 550 5.7.1 "
     "denied\n"},
    {"sender deferred, pipelined",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "451 4.3.0 later\r\n503 need MAIL\r\n"},
      {"S", "503 need RCPT\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (451 4.3.0 later)\nTemporary refusal of the sender: 451 "
     "4.3.0 later\n"},
    {"all recipients refused, yet 354 and a dot",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n550 5.1.1 nobody\r\n354 go\r\n"},
      {"C", ".\r\nQUIT\r\n"},
      {"S", "554 5.5.1 no recipients\r\n221 bye\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, 0 bytes, refused (550 5.1.1 nobody)\nRefusal of the recipient: 550 "
     "5.1.1 nobody\n"},
    {"some recipients refused, then the message",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n550 nobody\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "552 5.2.2 full\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org> and 1 more, 3 bytes, refused (552 5.2.2 full)\n"
     "Refusal of the recipient: 550 nobody\nRefusal of the message: 552 5.2.2 full\n"},
    {"chunk refused, then the last one for that",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 5\r\nhelloBDAT 3 LAST\r\nabc"},
      {"S", "452 4.2.2 full\r\n503 5.5.1 bad sequence\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, 8 bytes, deferred (452 4.2.2 full)\n"
     "Temporary refusal of the message: 452 4.2.2 full\n"},
    /* More than one message. */
    {"refused, then accepted",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "550 no\r\n"},
      {"C", "RSET\r\n"},
      {"S", "250 ok\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 no)\n2 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"
     "Refusal of the sender: 550 no\n"},
    {"deferred, then accepted",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "451 later\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org>, deferred (451 later)\n2 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 "
     "q)\n"
     "Temporary refusal of the sender: 451 later\n"},
    {"accepted, then deferred",
     FALSE,
     {GREETING,
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "421 bye\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n2 from <c@example.org>, deferred (421 "
     "bye)\n"
     "Temporary refusal of the sender: 421 bye\n"},
    {"deferred, then refused",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "451 later\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, deferred (451 later)\n2 from <c@example.org>, refused (550 no)\n"
     "Temporary refusal of the sender: 451 later\nRefusal of the sender: 550 no\n"},
    {"idle after an accepted one",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}, {"S", "421 4.4.2 timeout\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"
     "Temporary refusal of the connection: 421 4.4.2 timeout\n"},
    /* Transactions that end, or do not. */
    {"reset, pipelined",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRSET\r\n"},
      {"S", "250 ok\r\n250 ok\r\n250 reset\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"},
      {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"reset, pipelined, after a refusal",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRSET\r\n"},
      {"S", "250 ok\r\n550 nobody\r\n250 reset\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (550 nobody)\nRefusal of the recipient: 550 nobody\n"},
    {"reset, pipelined, then another",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRSET\r\nMAIL FROM:<c@example.org>\r\nRCPT "
            "TO:<d@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n250 ok\r\n250 reset\r\n250 ok\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, abandoned\n2 from <c@example.org> to <d@example.org>, 3 bytes, "
     "accepted (250 q)\n"},
    {"EHLO refused in between",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<alice@a>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "EHLO\r\n"},
      {"S", "501 syntax\r\n"},
      {"C", "RCPT TO:<bob@b>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <alice@a> to <bob@b>, 3 bytes, accepted (250 q)\n"},
    {"EHLO refused in between, pipelined",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<alice@a>\r\nEHLO\r\nRCPT TO:<bob@b>\r\nDATA\r\n"},
      {"S", "250 ok\r\n501 syntax\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <alice@a> to <bob@b>, 3 bytes, accepted (250 q)\n"},
    {"RSET refused",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "RSET now\r\n"},
      {"S", "501 syntax\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"a second MAIL refused",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<x@example.org>\r\n"},
      {"S", "503 nested\r\n"},
      {"C", "RCPT TO:<b@example.org>\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n2 from <x@example.org>, refused (503 "
     "nested)\nRefusal of the sender: 503 nested\n"},
    {"EHLO accepted in between",
     FALSE,
     {GREETING, ADDRESSES, {"C", "EHLO again\r\n"}, {"S", "250 ok\r\n"}, {"C", "DATA\r\n"}, {"S", "503 need MAIL\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, abandoned\n2 from an unknown sender, refused (503 need MAIL)\nRefusal "
     "of the message: 503 need MAIL\n"},
    {"STARTTLS refused in between",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "STARTTLS\r\n"},
      {"S", "503 now?\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\nSTARTTLS refused: 503 now?\n"},
    {"QUIT without an answer",
     FALSE,
     {GREETING, ADDRESSES, {"C", "QUIT\r\n"}, {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, abandoned\n"},
    {"half-close",
     FALSE,
     {{"C", "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n"},
      {".", ""},
      {"S", "220 sma ESMTP\r\n"},
      {"S", "250 sma\r\n"},
      {"S", "250 ok\r\n"},
      {"S", "250 ok\r\n"},
      {"S", "354 go\r\n"},
      {"S", "250 accepted\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp working",
     "1 from <a@b> to <c@d>, 4 bytes, accepted (250 accepted)\n"},
    {"half-close in the middle of the message",
     FALSE,
     {{"C", "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhi\r\n"},
      {".", ""},
      {"S", "220 sma ESMTP\r\n250 sma\r\n250 ok\r\n250 ok\r\n354 go\r\n"},
      {".", ""}},
     "smtp unknown",
     "1 from <a@b> to <c@d>, 4 bytes, abandoned\n"},
    {"half-close, refused",
     FALSE,
     {{"C", "EHLO a\r\nMAIL FROM:<a@b>\r\n"}, {".", ""}, {"S", "220 sma ESMTP\r\n250 sma\r\n"}, {"S", "550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@b>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    /* BDAT with sizes that are none. */
    {"a negative chunk",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT -1 LAST\r\n"},
      {"S", "501 bad size\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, refused (501 bad size)\n2 from <a@example.org> to <b@example.org>, 3 "
     "bytes, accepted (250 q)\n"
     "Refusal of the message: 501 bad size\n"},
    {"a chunk of 2^64",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 18446744073709551616 LAST\r\n"},
      {"S", "501 bad size\r\n"},
      {"C", "RSET\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (501 bad size)\n2 from <c@example.org>, refused (550 no)\n"
     "Refusal of the message: 501 bad size\nRefusal of the sender: 550 no\n"},
    {"a chunk of 2^64 - 1",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 18446744073709551615 LAST\r\n"},
      {"S", "552 too big\r\n"},
      {"C", "RSET\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<c@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (552 too big)\n2 from <c@example.org>, refused (550 no)\n"
     "Refusal of the message: 552 too big\nRefusal of the sender: 550 no\n"},
    {"a huge chunk that does not come",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 9000000000 LAST\r\n"},
      {"S", "552 too big\r\n"},
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, refused (552 too big)\n2 from <a@example.org> to <b@example.org>, 3 "
     "bytes, accepted (250 q)\n"
     "Refusal of the message: 552 too big\n"},
    {"a refused chunk that comes nevertheless",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 12 LAST\r\nhello "},
      {"S", "452 full\r\n"},
      {"C", "again\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, 12 bytes, deferred (452 full)\nTemporary refusal of the message: 452 "
     "full\n"},
    {"a chunk that is no number",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT many\r\n"}, {"S", "501 what\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (501 what)\nRefusal of the message: 501 what\n"},
    {"a chunk without a size",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT\r\n"}, {"S", "501 what\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (501 what)\nRefusal of the message: 501 what\n"},
    {"the last chunk never came",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 5\r\nhello"},
      {"S", "250 ok\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"},
      {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 5 bytes, abandoned\n"},
    {"cut in a chunk",
     FALSE,
     {GREETING, ADDRESSES, {"C", "BDAT 100000 LAST\r\n0123456789"}, {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 10 bytes, abandoned\n"},
    {"cut in a chunk, another before it",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "BDAT 3\r\nabc"},
      {"S", "250 ok\r\n"},
      {"C", "BDAT 100000 LAST\r\n0123456789"},
      {".", ""}},
     "smtp unknown",
     "1 from <a@example.org> to <b@example.org>, 13 bytes, abandoned\n"},
    /* Text where commands could be. */
    {"the message after DATA was refused",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "DATA\r\n"},
      {"S", "503 no\r\n"},
      {"C", "Subject: x\r\n\r\nDear reader\r\nHELP me\r\n.\r\n"},
      {"S", "500 what\r\n500 what\r\n500 what\r\n214 help\r\n500 what\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (503 no)\nRefusal of the message: 503 no\n"},
    {"the message at once, DATA refused",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nhello\r\nyou\r\n.\r\nMAIL "
            "FROM:<c@example.org>\r\n"},
      {"S", "250 ok\r\n250 ok\r\n451 4.3.0 later\r\n500 what\r\n500 what\r\n500 what\r\n250 ok\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (451 4.3.0 later)\n2 from <c@example.org>, outcome not "
     "known\n"
     "Temporary refusal of the message: 451 4.3.0 later\n"},
    {"DATA refused, then a dot",
     FALSE,
     {GREETING,
      ADDRESSES,
      {"C", "DATA\r\n"},
      {"S", "554 no\r\n"},
      {"C", ".\r\n"},
      {"S", "500 what\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org> to <b@example.org>, refused (554 no)\nRefusal of the message: 554 no\n"},
    {"a line that is no verb", FALSE, {GREETING, {"C", "%&$ 1\r\n"}, {"S", "500 what\r\n"}}, "smtp unknown", ""},
    {"midstream in text with words",
     TRUE,
     {{"C", "and so on\r\nhello there\r\n.\r\n"},
      {"S", "250 queued\r\n"},
      ADDRESSES,
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"the start lost",
     FALSE,
     {{"s", "220 x\r\n"},
      {"c", "EHLO a\r\n"},
      {"C", "a line of a message\r\nanother\r\n.\r\n"},
      {"S", "250 queued\r\n"},
      ADDRESSES,
      {"C", "DATA\r\n"},
      {"S", "354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    /* Replies. */
    {"a reply in parts",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "5"},
      {"S", "50-mail.example.org\r"},
      {"S", "\n550 "},
      {"S", "5.7.1 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 5.7.1 no)\nRefusal of the sender: 550 5.7.1 no\n"},
    {"a reply whose first line is empty",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "554-\r\n554-***\r\n554 no thanks\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (554 no thanks)\nRefusal of the sender: 554 no thanks\n"},
    {"a reply whose first line names the host",
     FALSE,
     {{"S", "554-esa1.example.org\r\n554 Your access to this mail system has been rejected\r\n"}},
     "smtp refused reply_refused",
     "Refusal of the connection: 554 Your access to this mail system has been rejected\n"},
    {"a reply with the reason in the middle",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "550-We are sorry\r\n550-5.7.1 Listed at example.net\r\n550 see the web for more\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 5.7.1 Listed at example.net)\nRefusal of the sender: 550 5.7.1 Listed at "
     "example.net\n"},
    {"a greeting of 450",
     FALSE,
     {{"S", "450 later\r\n"}},
     "smtp refused reply_deferred",
     "Temporary refusal of the connection: 450 later\n"},
    {"refused by the greeting, tried all the same",
     FALSE,
     {{"S", "450 later\r\n"}, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "503 no\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org>, refused (503 no)\nTemporary refusal of the connection: 450 later\nRefusal of the sender: "
     "503 no\n"},
    {"EHLO not known, HELO is",
     FALSE,
     {{"S", "220 a\r\n"}, {"C", "EHLO b\r\n"}, {"S", "502 no\r\n"}, {"C", "HELO b\r\n"}, {"S", "250 ok\r\n"}},
     "smtp unknown",
     ""},
    {"EHLO refused for good",
     FALSE,
     {{"S", "220 a\r\n"}, {"C", "EHLO b\r\n"}, {"S", "554 5.7.1 not you\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "Refusal of the connection: 554 5.7.1 not you\n"},
    {"authentication refused",
     FALSE,
     {GREETING, {"C", "AUTH PLAIN x\r\n"}, {"S", "535 5.7.8 no\r\n"}, {"C", "QUIT\r\n"}, {"S", "221 bye\r\n"}},
     "smtp refused reply_refused",
     "Refusal of the authentication: 535 5.7.8 no\n"},
    {"421 to EHLO",
     FALSE,
     {{"S", "220 a\r\n"}, {"C", "EHLO b\r\n"}, {"S", "421 busy\r\n"}},
     "smtp refused reply_deferred",
     "Temporary refusal of the connection: 421 busy\n"},
    {"421 to one of several",
     FALSE,
     {GREETING,
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n250 ok\r\n421 going down\r\n"},
      {".", ""}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org> and 1 more, deferred (421 going down)\nTemporary refusal of the "
     "recipient: 421 going down\n"},
    {"421 in the body",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x\r\n"}, {"S", "421 timeout\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (421 timeout)\nTemporary refusal of the message: 421 "
     "timeout\n"},
    {"421 to NOOP",
     FALSE,
     {GREETING, ADDRESSES, {"C", "NOOP\r\n"}, {"S", "421 going down\r\n"}},
     "smtp refused reply_deferred",
     "1 from <a@example.org> to <b@example.org>, deferred (421 going down)\nTemporary refusal of the connection: 421 "
     "going down\n"},
    {"too many unknown verbs",
     FALSE,
     {GREETING,
      {"C", "XMETA 1\r\n"},
      {"S", "500 #5.5.1 command not recognized\r\n"},
      {"C", "XMETA 2\r\n"},
      {"S", "421 Exceeded bad SMTP command limit, disconnecting\r\n"}},
     "smtp refused unknown_command",
     "500 #5.5.1 command not recognized (in answer to XMETA)\nTemporary refusal of the connection: 421 Exceeded bad "
     "SMTP command limit, disconnecting\n"},
    {"an unknown verb refused, the message accepted",
     FALSE,
     {GREETING, {"C", "XMETA 1\r\n"}, {"S", "502 no\r\n"}, ENVELOPE, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n502 no (in answer to XMETA)\n"},
    {"an unknown verb denied",
     FALSE,
     {GREETING, {"C", "XMETA 1\r\n"}, {"S", "554 5.7.1 not you\r\n"}},
     "smtp refused reply_refused",
     "Refusal of the command: 554 5.7.1 not you\n"},
    /* Inspection in the path. */
    {"masked greeting",
     FALSE,
     {{"S", "220 ********************2******************************\r\n"},
      {"C", "EHLO esa.example\r\n"},
      {"S", "250-sma.example\r\n250-8BITMIME\r\n250 XXXXXXXA\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp broken rewritten",
     "rewritten greeting\nrewritten extension XXXXXXXA\n"},
    {"masked greeting of two lines",
     FALSE,
     {{"S", "220-*****0*****\r\n220 *****2**\r\n"}},
     "smtp broken rewritten",
     "rewritten greeting\n"},
    {"greeting masked in another way",
     FALSE,
     {{"S", "220 XXXXXXXXXXXX0XX XXXX2\r\n"}, {"C", "EHLO esa.example\r\n"}, {"S", "502 no\r\n"}},
     "smtp broken rewritten",
     "rewritten greeting\n"},
    {"greeting of a host named x",
     FALSE,
     {{"S", "220 XXXX ESMTP\r\n"}, {"C", "EHLO esa.example\r\n"}, {"S", "250 XX\r\n"}},
     "smtp unknown",
     ""},
    {"an ornamented greeting",
     FALSE,
     {{"S", "220-********************\r\n220-* Welcome *\r\n220 ********************\r\n"}},
     "smtp unknown",
     ""},
    {"masked verb",
     FALSE,
     {{"S", "220 ********************2******************************\r\n"},
      {"C", "EHLO esa.example\r\n"},
      {"S", "250 sma.example\r\n"},
      {"C", "XXXXXXXX esa.example 12\r\n"},
      {"S", "500 #5.5.1 command not recognized\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp broken rewritten",
     "rewritten greeting\nrewritten command XXXXXXXX\n"},
    {"masked verb alone",
     FALSE,
     {{"S", "220 sma\r\n"}, {"C", "XXXX esa.example\r\n"}, {"S", "500 what\r\n"}},
     "smtp broken rewritten",
     "rewritten command XXXX\n"},
    {"masked STARTTLS, then TLS wanted",
     FALSE,
     {GREETING,
      {"C", "XXXXXXXX\r\n"},
      {"S", "502 no\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "530 Must issue STARTTLS first\r\n"}},
     "smtp broken rewritten",
     "1 from <a@example.org>, refused (530 Must issue STARTTLS first)\nrewritten command XXXXXXXX\nRefusal of the "
     "sender: 530 Must issue STARTTLS first\n"},
    {"masked greeting, accepted all the same",
     FALSE,
     {{"S", "220 **********\r\n"},
      {"C", "HELO b\r\n"},
      {"S", "250 ok\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\nrewritten greeting\n"},
    {"masked greeting, refused for another reason",
     FALSE,
     {{"S", "220 **********\r\n"},
      {"C", "HELO b\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "550 5.7.1 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 5.7.1 no)\nrewritten greeting\nRefusal of the sender: 550 5.7.1 no\n"},
    {"STARTTLS refused, then wanted",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "454 not now\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "530 Must issue STARTTLS first\r\n"}},
     "smtp refused starttls_refused",
     "1 from <a@example.org>, refused (530 Must issue STARTTLS first)\nSTARTTLS refused: 454 not now\nRefusal of the "
     "sender: 530 Must issue STARTTLS first\n"},
    /* What is sent first, and longest. */
    {"LHLO at the end, refused",
     FALSE,
     {GREETING,
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"},
      {"C", "LHLO x\r\n"},
      {"S", "500 what\r\n"},
      {"C", "QUIT\r\n"},
      {"S", "221 bye\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"LHLO at the end, accepted",
     FALSE,
     {GREETING, ENVELOPE, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}, {"C", "LHLO x\r\n"}, {"S", "250 ok\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"LHLO first, refused",
     FALSE,
     {{"S", "220 a\r\n"},
      {"C", "LHLO b\r\n"},
      {"S", "500 what\r\n"},
      {"C", "EHLO b\r\n"},
      {"S", "250 ok\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"LHLO first, not heeded",
     FALSE,
     {{"S", "220 a\r\n"},
      {"C", "LHLO b\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"S", "500 what\r\n250 ok\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"LMTP, two recipients",
     FALSE,
     {{"S", "220 a LMTP\r\n"},
      {"C", "LHLO b\r\n"},
      {"S", "250 ok\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"},
      {"S", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"},
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n550 full\r\n"},
      {"C", "EHLO b\r\n"},
      {"S", "500 what\r\n"}},
     "lmtp other_use lmtp",
     "lmtp\n"},
    {"X11 first, then SMTP",
     FALSE,
     {{"C", "l_\x0b_________"}, GREETING, {"C", "MAIL FROM:<a@example.org>\r\n"}, {"S", "550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    {"X11 first, SMTP accepted",
     FALSE,
     {{"C", "l_\x0b_________"}, GREETING, ENVELOPE, {"C", "x\r\n.\r\n"}, {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"X11 in between",
     FALSE,
     {{"S", "220 a\r\n"},
      {"C", "l_\x0b_________"},
      {"C", "EHLO b\r\n"},
      {"S", "500 what\r\n"},
      {"C", "EHLO b\r\n"},
      {"S", "250 a\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"X11 answered as such, then SMTP",
     FALSE,
     {{"C", "l_\x0b_________"},
      {"S", "\1_\x0b___"},
      {"C", "EHLO b\r\n"},
      {"S", "250 a\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"garbage first, a greeting in parts",
     FALSE,
     {{"C", "\1\2\3"},
      {"S", "2"},
      {"S", "20 a\r\n"},
      {"C", "EHLO b\r\n"},
      {"S", "250 a\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp refused reply_refused",
     "1 from <a@example.org>, refused (550 no)\nRefusal of the sender: 550 no\n"},
    {"lines first, then SMTP",
     FALSE,
     {{"C", "GET / HTTP/1.0\r\n\r\n"},
      {"S", "220 a\r\n"},
      {"S", "500 what\r\n"},
      {"C", "MAIL FROM:<a@example.org>\r\n"},
      {"S", "550 no\r\n"}},
     "smtp unknown",
     "1 from <a@example.org>, outcome not known\n"},
    {"HTTP", FALSE, {{"C", "GET / HTTP/1.0\r\n\r\n"}, {"S", "HTTP/1.0 400 Bad Request\r\n\r\n"}}, "data unknown", ""},
    {"TLS at once where SMTP listens",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"}, {"S", "220 a\r\n"}, {"S", "500 what\r\n"}},
     "smtp unknown",
     ""},
    {"STARTTLS agreed, yet none begins",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "EHLO b\r\n"},
      {"S", "250 a\r\n"},
      ENVELOPE,
      {"C", "x\r\n.\r\n"},
      {"S", "250 q\r\n"}},
     "smtp working",
     "1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    /* TLS, by its records. */
    {"TLS 1.2, data both ways",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "\x16\x03\x01_\x04\x01zzz"},
      {"S", "\x16\x03\x03_\x04\x02zzz"},
      {"C", "\x16\x03\x03_\x01x\x14\x03\x03_\x01\x01\x16\x03\x03_\x01x"},
      {"S", "\x14\x03\x03_\x01\x01\x16\x03\x03_\x01x"},
      {"C", "\x17\x03\x03_\x19"
            "aaaaaaaaaaaaaaaaaaaaaaaaa"},
      {"S", "\x17\x03\x03_\x19"
            "bbbbbbbbbbbbbbbbbbbbbbbbb"}},
     "smtp encrypted",
     "encrypted\n"},
    {"TLS 1.2 at once, the server greets",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"},
      {"S", "\x16\x03\x03_\x04\x02zzz"},
      {"C", "\x16\x03\x03_\x01x\x14\x03\x03_\x01\x01\x16\x03\x03_\x01x"},
      {"S", "\x17\x03\x03_\x19"
            "bbbbbbbbbbbbbbbbbbbbbbbbb"},
      {"C", "\x17\x03\x03_\x19"
            "aaaaaaaaaaaaaaaaaaaaaaaaa"}},
     "tls encrypted",
     "encrypted\n"},
    {"TLS 1.3, data both ways",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"},
      {"S", "\x16\x03\x03_\x04\x02zzz\x17\x03\x03_\x19"
            "bbbbbbbbbbbbbbbbbbbbbbbbb"},
      {"C", "\x14\x03\x03_\x01\x01\x17\x03\x03_\x19"
            "aaaaaaaaaaaaaaaaaaaaaaaaa"},
      {"S", "\x17\x03\x03_\x19"
            "ccccccccccccccccccccccccc"}},
     "tls encrypted",
     "encrypted\n"},
    {"TLS midstream",
     TRUE,
     {{"C", "\x17\x03\x03_\x19"
            "aaaaaaaaaaaaaaaaaaaaaaaaa"},
      {"s", "xyz"},
      {"S", "\x17\x03\x03_\x19"
            "ccccccccccccccccccccccccc"}},
     "tls encrypted",
     "encrypted\n"},
    {"TLS at once, an alert",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"}, {"S", "\x15\x03\x03_\x02\x02\x28"}},
     "tls broken tls_alert",
     "encrypted\nalert 40\n"},
    {"accepted inside TLS",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"},
      {"-", "220 x\r\n"},
      {"+", "EHLO a\r\n"},
      {"-", "250 ok\r\n"},
      {"+", "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
      {"-", "250 1\r\n250 2\r\n354 3\r\n"},
      {"+", "x\r\n.\r\n"},
      {"-", "250 q\r\n"}},
     "tls/smtp working",
     "encrypted\n1 from <a@example.org> to <b@example.org>, 3 bytes, accepted (250 q)\n"},
    {"LMTP inside TLS",
     FALSE,
     {GREETING,
      {"C", "STARTTLS\r\n"},
      {"S", "220 go\r\n"},
      {"C", "\x16\x03\x01_\x04\x01zzz"},
      {"+", "LHLO a\r\n"},
      {"-", "250 ok\r\n"}},
     "smtp/lmtp other_use lmtp",
     "encrypted\nlmtp\n"},
    {"something else inside TLS",
     FALSE,
     {{"C", "\x16\x03\x01_\x04\x01zzz"}, {"+", "GET / HTTP/1.1\r\n"}, {"-", "HTTP/1.1 200 OK\r\n"}},
     "tls/data unknown",
     "encrypted\n"},
    /* Texts from anyone. */
    {"NUL and blanks",
     FALSE,
     {GREETING, {"C", "MAIL FROM:   <a_b>  \r\n"}, {"S", "550\r\n"}},
     "smtp refused reply_refused",
     "1 from <a\xef\xbf\xbd"
     "b>, refused (550)\nRefusal of the sender: 550\n"},
    {"control characters",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a\x1b[2J@\xff>\r\n"}},
     "smtp unknown",
     "1 from <a.[2J@\xef\xbf\xbd>, outcome not known\n"},
    {"control characters above 127",
     FALSE,
     {GREETING, {"C", "MAIL FROM:<a\xc2\x9b\x32J>\r\n"}},
     "smtp unknown",
     "1 from <a.2J>, outcome not known\n"},
    {"no brackets",
     FALSE,
     {GREETING, {"C", "MAIL FROM: a@example.org SIZE=1\r\n"}},
     "smtp unknown",
     "1 from <a@example.org>, outcome not known\n"},
    {"line feeds alone",
     FALSE,
     {{"S", "220 x\n"}, {"C", "MAIL FROM:<a@example.org>\n"}, {"S", "550 no\n"}},
     "smtp refused reply_refused",
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
    ces_stream streams[2];
    guint32 sequence[2];
    const ces_message *messages[8];
} connection;

static void
add(ces_smtp_session *session, connection *at, const step *sent)
{
    guint8 bytes[512];
    gsize length = bytes_of(sent->text, bytes);
    gboolean client = strchr("Cc+", *sent->who) != NULL;
    ces_piece piece;
    ces_contribution contribution = {.message = NULL};

    if (strchr("+-", *sent->who)) {
        piece = (ces_piece){bytes, (guint32)length, 0};
        ces_smtp_session_add_decrypted(session, client, &piece, &contribution);
    } else {
        guint32 sequence = at->sequence[client];
        at->sequence[client] += (guint32)length;
        if (g_ascii_isupper(*sent->who) &&
            ces_stream_add(&at->streams[client], sequence, bytes, (guint32)length, (guint32)length, &piece))
            ces_smtp_session_add(session, client, &piece, &contribution);
    }
    if (contribution.message)
        at->messages[contribution.message->number] = contribution.message;
}

static void
describe(const ces_smtp_session *session, const connection *at, GString *text)
{
    if (ces_smtp_session_encrypted(session))
        g_string_append(text, "encrypted\n");
    for (guint i = 1; i < G_N_ELEMENTS(at->messages); i++) {
        if (!at->messages[i])
            continue;
        g_string_append_printf(text, "%u ", i);
        ces_say_message(at->messages[i], text);
        g_string_append_c(text, '\n');
    }
    for (guint i = 0; ces_smtp_session_remark(session, i); i++) {
        const ces_remark *remark = ces_smtp_session_remark(session, i);
        gsize start = text->len;
        ces_say_remark(remark, text);
        if (remark->kind == CES_REMARK_UNKNOWN_VERB) /* the advice behind it is no matter of the test */
            g_string_truncate(text, (gsize)(strstr(text->str + start, "):") - text->str) + 1);
        else if (remark->kind == CES_REMARK_TLS_ALERT)
            g_string_truncate(text, start), g_string_append_printf(text, "alert %u", remark->code);
        else if (remark->kind == CES_REMARK_LMTP)
            g_string_truncate(text, start), g_string_append(text, "lmtp");
        else if (remark->kind == CES_REMARK_REWRITTEN)
            g_string_truncate(text, start),
                g_string_append_printf(text, "rewritten %s%s%s", remark->about, *remark->about == 'g' ? "" : " ",
                                       *remark->about == 'g' ? "" : remark->text);
        g_string_append_c(text, '\n');
    }
}

static void
assert_result(const ces_smtp_session *session, const char *expected)
{
    ces_protocol inner = ces_smtp_session_inner_protocol(session);
    GString *text = g_string_new(ces_protocol_token(ces_smtp_session_protocol(session)));
    ces_cause cause;

    if (inner != CES_PROTOCOL_UNKNOWN)
        g_string_append_printf(text, "/%s", ces_protocol_token(inner));
    g_string_append_printf(text, " %s", ces_result_token(ces_smtp_session_result(session, &cause)));
    if (cause != CES_CAUSE_NONE)
        g_string_append_printf(text, " %s", ces_cause_token(cause));
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

static void
test_dialogue(gconstpointer data)
{
    const dialogue_row *row = (const dialogue_row *)data;
    ces_smtp_session *session = ces_smtp_session_new(!row->midstream);
    connection sent = {.sequence = {G_MAXUINT32 - 20, 1000}}; /* numbers wrap */
    GString *text = g_string_new(NULL);

    if (!row->midstream)
        for (int end = 0; end < 2; end++)
            ces_stream_start(&sent.streams[end], sent.sequence[end]);
    for (const step *at = row->steps; at->who; at++) {
        if (*at->who == '.')
            ces_smtp_session_end(session, TRUE);
        else
            add(session, &sent, at);
    }
    describe(session, &sent, text);
    g_assert_cmpstr(text->str, ==, row->expected);
    assert_result(session, row->result);
    g_string_free(text, TRUE);
    ces_smtp_session_free(session);
}

/* --- bounds ------------------------------------------------------------------------------- */

static void
send_text(ces_smtp_session *session, gboolean client, const char *text, ces_contribution *contribution)
{
    ces_piece piece = {(const guint8 *)text, (guint32)strlen(text), 0};

    ces_smtp_session_add(session, client, &piece, contribution);
}

static ces_smtp_session *
greeted(ces_contribution *contribution)
{
    ces_smtp_session *session = ces_smtp_session_new(TRUE);

    send_text(session, FALSE, "220 a\r\n", contribution);
    send_text(session, TRUE, "EHLO b\r\n", contribution);
    send_text(session, FALSE, "250 a\r\n", contribution);
    return session;
}

static void
test_many_messages(void)
{
    ces_contribution contribution;
    ces_smtp_session *session = greeted(&contribution);

    for (guint i = 1; i <= CES_MESSAGES_KEPT + 5u; i++) {
        send_text(session, TRUE, "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n", &contribution);
        send_text(session, FALSE, "250 ok\r\n250 ok\r\n", &contribution);
        send_text(session, TRUE, "DATA\r\n", &contribution);
        send_text(session, FALSE, "354 go\r\n", &contribution);
        send_text(session, TRUE, ".\r\n", &contribution);
        send_text(session, FALSE, "250 q\r\n", &contribution);
        if (i <= CES_MESSAGES_KEPT) {
            g_assert_cmpuint(contribution.message->number, ==, i);
            g_assert_cmpuint(contribution.message->outcome, ==, CES_DELIVERY_ACCEPTED);
        } else {
            g_assert_null(contribution.message);
        }
    }
    ces_smtp_session_free(session);
}

static void
test_many_recipients(void)
{
    ces_contribution contribution;
    ces_smtp_session *session = greeted(&contribution);
    GString *text = g_string_new(NULL);

    send_text(session, TRUE, "MAIL FROM:<a@example.org>\r\n", &contribution);
    send_text(session, FALSE, "250 ok\r\n", &contribution);
    for (guint i = 0; i < CES_REMARKS_KEPT + 5u; i++) {
        send_text(session, TRUE, "RCPT TO:<b@example.org>\r\n", &contribution);
        send_text(session, FALSE, "550 no\r\n", &contribution);
        g_assert_cmpuint(contribution.remarks, ==, i < CES_REMARKS_KEPT);
        g_assert_cmpuint(contribution.first_remark, ==, i < CES_REMARKS_KEPT ? i : 0);
    }
    g_assert_nonnull(ces_smtp_session_remark(session, CES_REMARKS_KEPT - 1));
    g_assert_null(ces_smtp_session_remark(session, CES_REMARKS_KEPT));
    g_assert_cmpuint(contribution.message->recipients_refused, ==, CES_REMARKS_KEPT + 5);
    ces_say_message(contribution.message, text);
    g_assert_cmpstr(text->str, ==, "from <a@example.org> to <b@example.org> and 68 more, refused (550 no)");
    g_string_free(text, TRUE);
    ces_smtp_session_free(session);
}

/* More commands than are remembered: their replies count for nothing. */
static void
test_many_commands(void)
{
    ces_contribution contribution;
    ces_smtp_session *session = greeted(&contribution);

    send_text(session, TRUE, "MAIL FROM:<a@example.org>\r\n", &contribution);
    for (int i = 0; i < 300; i++)
        send_text(session, TRUE, "NOOP\r\n", &contribution);
    send_text(session, FALSE, "550 no\r\n", &contribution);
    g_assert_null(contribution.message);
    g_assert_cmpuint(contribution.remarks, ==, 0);
    ces_smtp_session_free(session);
}

/* Of a line without end the beginning is kept. */
static void
test_long_lines(void)
{
    ces_contribution contribution;
    ces_smtp_session *session = greeted(&contribution);
    char *wide = g_strnfill(30000, 'x');

    send_text(session, TRUE, "MAIL FROM:<", &contribution);
    for (int i = 0; i < 100; i++)
        send_text(session, TRUE, wide, &contribution);
    send_text(session, TRUE, ">\r\n", &contribution);
    g_assert_cmpuint(strlen(contribution.message->sender), ==, CES_TEXT_KEPT);
    send_text(session, FALSE, "550 ", &contribution);
    send_text(session, FALSE, wide, &contribution);
    send_text(session, FALSE, "\r\n", &contribution);
    g_assert_cmpuint(contribution.message->code, ==, 550);
    g_assert_cmpuint(strlen(contribution.message->reply), ==, CES_TEXT_KEPT);
    g_free(wide);
    ces_smtp_session_free(session);
}

/* --- packet by packet ------------------------------------------------------------------------ */

/* What one packet contributes: its message, how many remarks, what is spoken. */
typedef struct {
    const char *who, *text;
    guint message; /* number, 0 for none */
    guint remarks;
    ces_protocol protocol;
    const char *outcome; /* of that message at this time; or NULL */
    gboolean new_verbs, no_commands;
} packet;

static const struct packet_row {
    const char *name;
    packet packets[16];
} packet_rows[] = {
    {"two replies in one packet",
     {{"S", "220 a\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE},
      {"C", "EHLO b\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE},
      {"S", "250 a\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE},
      {"C", "MAIL FROM:<one@a>\r\nRCPT TO:<b@b>\r\nDATA\r\n", 1, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, FALSE},
      {"S", "250 ok\r\n250 ok\r\n354 go\r\n", 1, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, FALSE},
      {"C", "x\r\n.\r\n", 1, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, TRUE},
      {"C", "MAIL FROM:<two@a>\r\n", 2, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, FALSE},
      {"S", "552 over quota\r\n250 ok\r\n", 1, 1, CES_PROTOCOL_SMTP, "refused", FALSE, FALSE},
      {"C", "RCPT TO:<b@b>\r\nXMETA 1\r\n", 2, 0, CES_PROTOCOL_SMTP, "unknown", TRUE, FALSE},
      {"S", "250 ok\r\n250 ok\r\n", 2, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, FALSE},
      {"C", "RSET\r\nMAIL FROM:<three@a>\r\n", 3, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, FALSE},
      {"S", "250 ok\r\n250 ok\r\n", 2, 0, CES_PROTOCOL_SMTP, "abandoned", FALSE, FALSE},
      {"C", "QUIT\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE},
      {"S", "221 bye\r\n", 3, 0, CES_PROTOCOL_SMTP, "abandoned", FALSE, FALSE}}},
    {"LHLO, refused",
     {{"S", "220 a\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE},
      {"C", "LHLO b\r\n", 0, 0, CES_PROTOCOL_LMTP, NULL, FALSE, FALSE},
      {"S", "500 what\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE}}},
    {"LHLO, accepted",
     {{"C", "LHLO", 0, 0, CES_PROTOCOL_UNKNOWN, NULL, FALSE, FALSE},
      {"C", " b\r\n", 0, 0, CES_PROTOCOL_LMTP, NULL, FALSE, FALSE},
      {"S", "220 a\r\n250 a\r\n", 0, 1, CES_PROTOCOL_LMTP, NULL, FALSE, FALSE},
      {"C", "MAIL FROM:<a@b>\r\n", 0, 0, CES_PROTOCOL_LMTP, NULL, FALSE, FALSE},
      {"S", "550 no\r\n", 0, 0, CES_PROTOCOL_LMTP, NULL, FALSE, FALSE}}},
    {"X11, then SMTP",
     {{"C", "l_\x0b_________", 0, 0, CES_PROTOCOL_X11, NULL, FALSE, FALSE},
      {"S", "220 a\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE}}},
    {"text for verbs",
     {{"S", "220 a\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE},
      {"C", "MAIL FROM:<a@b>\r\nDATA\r\n", 1, 0, CES_PROTOCOL_SMTP, "unknown", FALSE, FALSE},
      {"S", "250 ok\r\n503 need RCPT\r\n", 1, 1, CES_PROTOCOL_SMTP, "refused", FALSE, FALSE},
      {"C", "Dear reader\r\nhello\r\n.\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, TRUE},
      {"S", "500 what\r\n500 what\r\n500 what\r\n", 0, 0, CES_PROTOCOL_SMTP, NULL, FALSE, FALSE}}},
};

static void
test_packets(gconstpointer data)
{
    const struct packet_row *row = (const struct packet_row *)data;
    ces_smtp_session *session = ces_smtp_session_new(TRUE);

    for (const packet *at = row->packets; at->who; at++) {
        guint8 bytes[512];
        ces_piece piece = {bytes, (guint32)bytes_of(at->text, bytes), 0};
        ces_contribution contribution;
        ces_smtp_session_add(session, *at->who == 'C', &piece, &contribution);
        g_assert_cmpuint(contribution.message ? contribution.message->number : 0, ==, at->message);
        if (contribution.message)
            g_assert_cmpstr(ces_delivery_outcome_token((ces_delivery_outcome)contribution.message->outcome), ==,
                            at->outcome);
        g_assert_cmpuint(contribution.remarks, ==, at->remarks);
        g_assert_cmpint(contribution.protocol, ==, at->protocol);
        g_assert_cmpint(contribution.new_verbs, ==, at->new_verbs);
        g_assert_cmpint(contribution.no_commands, ==, at->no_commands);
    }
    ces_smtp_session_free(session);
}

/* More bytes are wanted from that end alone, and only as long as they can tell. */
static void
test_wants_more(void)
{
    ces_smtp_session *session = ces_smtp_session_new(TRUE);
    ces_contribution contribution;

    g_assert_false(ces_smtp_session_wants_more(session, TRUE));
    send_text(session, TRUE, "EH", &contribution);
    g_assert_true(ces_smtp_session_wants_more(session, TRUE));
    g_assert_false(ces_smtp_session_wants_more(session, FALSE));
    send_text(session, FALSE, "2", &contribution);
    g_assert_true(ces_smtp_session_wants_more(session, FALSE));
    g_assert_cmpint(contribution.protocol, ==, CES_PROTOCOL_UNKNOWN);
    send_text(session, TRUE, "LO b\r\n", &contribution);
    g_assert_cmpint(contribution.protocol, ==, CES_PROTOCOL_SMTP);
    g_assert_false(ces_smtp_session_wants_more(session, TRUE));
    g_assert_false(ces_smtp_session_wants_more(session, FALSE));
    ces_smtp_session_free(session);
}

/* The same inside TLS. */
static void
test_inner_protocol(void)
{
    static const char hello[] = "\x16\x03\x01\x01\x01\x01";
    ces_smtp_session *session = ces_smtp_session_new(TRUE);
    ces_contribution contribution;
    ces_piece piece = {(const guint8 *)"2", 1, 0};

    send_text(session, TRUE, hello, &contribution);
    g_assert_cmpint(ces_smtp_session_inner_protocol(session), ==, CES_PROTOCOL_UNKNOWN);
    ces_smtp_session_add_decrypted(session, FALSE, &piece, &contribution);
    g_assert_cmpint(ces_smtp_session_inner_protocol(session), ==, CES_PROTOCOL_UNKNOWN);
    g_assert_true(ces_smtp_session_wants_more(session, FALSE));
    piece = (ces_piece){(const guint8 *)"20 x\r\n", 6, 0};
    ces_smtp_session_add_decrypted(session, FALSE, &piece, &contribution);
    g_assert_cmpint(ces_smtp_session_inner_protocol(session), ==, CES_PROTOCOL_SMTP);
    g_assert_false(ces_smtp_session_wants_more(session, FALSE));
    g_assert_cmpint(contribution.protocol, ==, CES_PROTOCOL_TLS);
    g_assert_true(contribution.encrypted);
    ces_smtp_session_free(session);
}

/* --- memory -------------------------------------------------------------------------------------- */

#ifdef __GLIBC__
static gsize
allocated(void)
{
    struct mallinfo2 heap = mallinfo2();

    return heap.uordblks + heap.hblkhd;
}

static const struct memory_row {
    const char *name;
    gboolean client;
    const char *text;
    gsize most; /* bytes for each session, with what the allocator adds */
} memories[] = {
    {"nothing", TRUE, "", 400},
    {"a greeting", FALSE, "220 sma1.example.org ESMTP\r\n", 600},
    {"a command", TRUE, "EHLO esa1.example.org\r\n", 600},
    {"the beginning of a command", TRUE, "EH", 600},
    {"the beginning of a greeting", FALSE, "220-sma1.example.org\r\n220 ES", 600},
    {"data", TRUE, "hello\r\n", 600},
    {"TLS", TRUE, "\x16\x03\x01_\x04\x01zzz", 600},
};

static void
test_memory(gconstpointer data)
{
    enum { SESSIONS = 1000 };
    const struct memory_row *row = (const struct memory_row *)data;
    ces_smtp_session *sessions[SESSIONS];
    guint8 bytes[512];
    ces_piece piece = {bytes, (guint32)bytes_of(row->text, bytes), 0};
    ces_contribution contribution;
    gsize before = allocated();

    for (int i = 0; i < SESSIONS; i++) {
        sessions[i] = ces_smtp_session_new(TRUE);
        if (piece.length > 0)
            ces_smtp_session_add(sessions[i], row->client, &piece, &contribution);
    }
    gsize each = (allocated() - before) / SESSIONS;
    g_test_message("%" G_GSIZE_FORMAT " bytes each", each);
    g_assert_cmpuint(each, <=, row->most);
    for (int i = 0; i < SESSIONS; i++)
        ces_smtp_session_free(sessions[i]);
    /* What the allocator keeps for itself differs between libraries; a session left behind is more. */
    g_assert_cmpuint(allocated(), <=, before + SESSIONS * 8);
}
#endif

/* --- sentences ----------------------------------------------------------------------------- */

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
    {"LMTP", {CES_REMARK_LMTP, 0, TRUE, (char *)"LHLO", (char *)""}, "The client speaks LMTP", "no quarantine"},
    {"greeting masked",
     {CES_REMARK_REWRITTEN, 220, FALSE, (char *)"greeting", (char *)"*****2***"},
     "The greeting is masked with asterisks: a firewall in the path rewrites",
     "Look for SMTP or ESMTP inspection (fixup) there and turn it off for these ports."},
    {"greeting masked without asterisks",
     {CES_REMARK_REWRITTEN, 220, FALSE, (char *)"greeting", (char *)"XXXXXXX"},
     "The greeting is masked: a firewall in the path rewrites",
     "inspection"},
    {"command masked",
     {CES_REMARK_REWRITTEN, 0, TRUE, (char *)"command", (char *)"XXXXXXXX"},
     "A command is masked as XXXXXXXX: a firewall",
     "inspection"},
    {"extension masked",
     {CES_REMARK_REWRITTEN, 250, FALSE, (char *)"extension", (char *)"XXXXXXXA"},
     "An extension is masked as XXXXXXXA: a firewall",
     "inspection"},
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

static const struct beginning {
    const char *name;
    gboolean client;
    const char *text;
    ces_protocol protocol;
} beginnings[] = {
    {"unknown", FALSE, "2", CES_PROTOCOL_UNKNOWN},   {"SMTP", FALSE, "220 a\r\n", CES_PROTOCOL_SMTP},
    {"LMTP", TRUE, "LHLO a\r\n", CES_PROTOCOL_LMTP}, {"TLS", TRUE, "\x16\3\1\1\1\1", CES_PROTOCOL_TLS},
    {"data", TRUE, "hello\r\n", CES_PROTOCOL_DATA},
};

static void
test_beginning(gconstpointer data)
{
    const struct beginning *row = (const struct beginning *)data;
    ces_smtp_session *session = ces_smtp_session_new(TRUE);
    ces_contribution contribution;

    send_text(session, row->client, row->text, &contribution);
    g_assert_cmpint(ces_smtp_session_protocol(session), ==, row->protocol);
    g_assert_cmpint(ces_smtp_session_encrypted(session), ==, row->protocol == CES_PROTOCOL_TLS);
    ces_smtp_session_free(session);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    ROWS_ADD("smtp_session/dialogue", dialogues, test_dialogue);
    g_test_add_func("/core/smtp_session/many messages", test_many_messages);
    g_test_add_func("/core/smtp_session/many recipients", test_many_recipients);
    g_test_add_func("/core/smtp_session/many commands", test_many_commands);
    g_test_add_func("/core/smtp_session/long lines", test_long_lines);
    ROWS_ADD("smtp_session/packets", packet_rows, test_packets);
    g_test_add_func("/core/smtp_session/wants more", test_wants_more);
    g_test_add_func("/core/smtp_session/inner protocol", test_inner_protocol);
#ifdef __GLIBC__
    ROWS_ADD("smtp_session/memory", memories, test_memory);
#endif
    ROWS_ADD("smtp_session/remark", remarks, test_remark);
    ROWS_ADD("smtp_session/protocol", beginnings, test_beginning);
    return g_test_run();
}
