/* protocol.c
 * Telling protocols apart by their first bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/protocol.h>

#include <string.h>

#include "tls/record.h"

CES_TOKEN_FUNCTION(ces_protocol, CES_PROTOCOLS)

/* One look at the bytes: no, yes, or yes as far as they go. */
typedef enum { NO, YES, MAYBE } answer;

/* --- TLS (RFC 8446 section 5.1, RFC 5246 section 6.2.1) ---------------------- */

static answer
answer_of(ces_tls_answer tls)
{
    return tls == CES_TLS_YES ? YES : tls == CES_TLS_MAYBE ? MAYBE : NO;
}

/* A record with a hello starts the stream; later any record does, but for what
 * few bytes could be by chance. */
static answer
looks_like_tls(const guint8 *bytes, gsize length, guint from)
{
    if (from & CES_FIRST_BYTES)
        return answer_of(
            ces_tls_check_hello(bytes, length, from & CES_FROM_CLIENT ? CES_TLS_CLIENT_HELLO : CES_TLS_SERVER_HELLO));
    if (bytes[0] == CES_TLS_HEARTBEAT || (length >= CES_TLS_HEADER && ces_tls_record_length(bytes) == 0))
        return NO;
    return answer_of(ces_tls_check_header(bytes, length));
}

/* --- X11 (X Window System Protocol, chapter 8) -------------------------------- */

/* The version 11.0, most or least significant byte first, as far as it goes. */
static answer
is_x11_version(const guint8 *bytes, gsize length, gboolean big)
{
    static const guint8 wanted[2][4] = {{11, 0, 0, 0}, {0, 11, 0, 0}};

    if (memcmp(bytes, wanted[big], MIN(length, 4)) != 0)
        return NO;
    return length >= 4 ? YES : MAYBE;
}

/* Connection setup: byte order, one unused byte, version. */
static answer
looks_like_x11_setup(const guint8 *bytes, gsize length)
{
    if (bytes[0] != 'B' && bytes[0] != 'l')
        return NO;
    return length < 3 ? MAYBE : is_x11_version(bytes + 2, length - 2, bytes[0] == 'B');
}

/* The answer to it: failed, success or authenticate; one byte; for the first
 * two the version, in the byte order that the client asked for. */
static answer
looks_like_x11_answer(const guint8 *bytes, gsize length)
{
    if (bytes[0] > 1)
        return NO;
    if (length < 3)
        return MAYBE;
    answer big = is_x11_version(bytes + 2, length - 2, TRUE);
    return big != NO ? big : is_x11_version(bytes + 2, length - 2, FALSE);
}

static answer
looks_like_x11(const guint8 *bytes, gsize length, guint from)
{
    if (!(from & CES_FIRST_BYTES))
        return NO;
    return from & CES_FROM_CLIENT ? looks_like_x11_setup(bytes, length) : looks_like_x11_answer(bytes, length);
}

/* --- SMTP (RFC 5321) ------------------------------------------------------------ */

/* RFC 5321 and the registry of SMTP service extensions; XCLIENT and XFORWARD
 * are Postfix's. Verbs that are not here may be anyone's. */
static const char *const smtp_verbs[] = {
    "ATRN", "AUTH", "BDAT", "BURL", "DATA", "EHLO", "ETRN", "EXPN",     "HELO", "HELP", "LHLO",    "MAIL",
    "NOOP", "QUIT", "RCPT", "RSET", "SAML", "SEND", "SOML", "STARTTLS", "TURN", "VRFY", "XCLIENT", "XFORWARD",
};

gboolean
ces_protocol_is_smtp_verb(const char *word, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(smtp_verbs); i++)
        if (strlen(smtp_verbs[i]) == length && g_ascii_strncasecmp(word, smtp_verbs[i], length) == 0)
            return TRUE;
    return FALSE;
}

static gsize
word_length(const guint8 *bytes, gsize length)
{
    gsize end = 0;

    while (end < length && g_ascii_isalpha(bytes[end]))
        end++;
    return end;
}

/* A verb that is known, alone or followed by what ends a word. */
static answer
starts_with_verb(const guint8 *bytes, gsize length)
{
    gsize word = word_length(bytes, length);

    if (word < length)
        return (bytes[word] == ' ' || bytes[word] == '\r' || bytes[word] == '\n') &&
                       ces_protocol_is_smtp_verb((const char *)bytes, word)
                   ? YES
                   : NO;
    for (gsize i = 0; i < G_N_ELEMENTS(smtp_verbs); i++)
        if (strlen(smtp_verbs[i]) >= word && g_ascii_strncasecmp((const char *)bytes, smtp_verbs[i], word) == 0)
            return MAYBE;
    return NO;
}

gboolean
ces_protocol_is_lhlo(const guint8 *bytes, gsize length)
{
    return length >= 4 && g_ascii_strncasecmp((const char *)bytes, "LHLO", 4) == 0 &&
           (length == 4 || bytes[4] == ' ' || bytes[4] == '\r' || bytes[4] == '\n');
}

/* A reply: a code from 2yz to 5yz, then a blank, a hyphen or the line's end. */
static answer
looks_like_reply(const guint8 *bytes, gsize length)
{
    for (gsize i = 0; i < MIN(length, 3); i++)
        if (!g_ascii_isdigit(bytes[i]))
            return NO;
    if (bytes[0] < '2' || bytes[0] > '5' || (length > 1 && bytes[1] > '5'))
        return NO;
    if (length < 4)
        return MAYBE;
    return bytes[3] == ' ' || bytes[3] == '-' || bytes[3] == '\r' || bytes[3] == '\n' ? YES : NO;
}

/* Lines of text, as of a message whose beginning was not captured. Bytes
 * above 127 are letters of some alphabet (RFC 6532). */
static answer
looks_like_text(const guint8 *bytes, gsize length)
{
    gsize look = MIN(length, CES_PROTOCOL_LOOK);

    for (gsize i = 0; i < look; i++)
        if ((bytes[i] < ' ' && !strchr("\t\n\r", bytes[i])) || bytes[i] == 0 || bytes[i] == 0x7f)
            return NO;
    if (g_strstr_len((const char *)bytes, (gssize)look, " HTTP/1."))
        return NO;
    return YES;
}

static answer
looks_like_smtp(const guint8 *bytes, gsize length, guint from)
{
    if (!(from & CES_FROM_CLIENT))
        return looks_like_reply(bytes, length);
    if (from & CES_FIRST_BYTES)
        return starts_with_verb(bytes, length);
    return looks_like_text(bytes, length);
}

/* --- the decision ----------------------------------------------------------------- */

ces_protocol
ces_protocol_classify(const guint8 *bytes, gsize length, guint from, gboolean *more)
{
    *more = length == 0;
    if (length == 0)
        return CES_PROTOCOL_UNKNOWN;

    answer tls = looks_like_tls(bytes, length, from);
    answer x11 = looks_like_x11(bytes, length, from);
    answer smtp = looks_like_smtp(bytes, length, from);
    if (tls == YES)
        return CES_PROTOCOL_TLS;
    if (x11 == YES)
        return CES_PROTOCOL_X11;
    if (smtp == YES)
        return (from & CES_FROM_CLIENT) && ces_protocol_is_lhlo(bytes, length) ? CES_PROTOCOL_LMTP : CES_PROTOCOL_SMTP;
    *more = tls == MAYBE || x11 == MAYBE || smtp == MAYBE;
    return *more || !(from & CES_FIRST_BYTES) ? CES_PROTOCOL_UNKNOWN : CES_PROTOCOL_DATA;
}
