/* protocol.h
 * What speaks on a quarantine port, told by the first payload.
 *
 * The ports prove little: 6025 is also display :25 of an X server, and 7025
 * is where Zimbra takes mail over LMTP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PROTOCOL_H
#define CES_PROTOCOL_H

#include <ces/vocabulary.h>

#define CES_PROTOCOLS(X)               \
    X(CES_PROTOCOL_UNKNOWN, "unknown") \
    X(CES_PROTOCOL_SMTP, "smtp")       \
    X(CES_PROTOCOL_LMTP, "lmtp")       \
    X(CES_PROTOCOL_TLS, "tls")         \
    X(CES_PROTOCOL_X11, "x11")         \
    X(CES_PROTOCOL_DATA, "data")

typedef enum { CES_PROTOCOLS(CES_ENUMERATOR) CES_PROTOCOL_COUNT } ces_protocol;

const char *ces_protocol_token(ces_protocol protocol);

/* The most bytes that the decision ever looks at. */
#define CES_PROTOCOL_LOOK 64

/* Who sent the bytes, and whether they are the first that this end sent. */
enum { CES_FROM_CLIENT = 0x1, CES_FIRST_BYTES = 0x2 };

/* Classifies the start of a payload. UNKNOWN with `*more` TRUE: the bytes are
 * the beginning of more than one thing, ask again with more of them. UNKNOWN
 * with `*more` FALSE: not the first bytes, and they tell nothing.
 * A server greets SMTP and LMTP alike, so both read SMTP until the client has
 * spoken: see ces_protocol_is_lhlo. */
ces_protocol ces_protocol_classify(const guint8 *bytes, gsize length, guint from, gboolean *more);

/* Whether a client's line is the LMTP greeting (RFC 2033 section 4.1). */
gboolean ces_protocol_is_lhlo(const guint8 *bytes, gsize length);

/* Whether a word is a command of SMTP or one of its published extensions. */
gboolean ces_protocol_is_smtp_verb(const char *word, gsize length);

#endif
