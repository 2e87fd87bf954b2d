/* ssh_session.h
 * The part of an SSH connection that is sent in the clear: the two banners
 * and the key exchange (RFC 4253). Of what follows NEWKEYS only that it is
 * there is noted.
 *
 * A session that goes well takes less than 250 bytes, but for the moment
 * between two KEXINITs: texts are kept only where something went wrong.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SSH_SESSION_H
#define CES_SSH_SESSION_H

#include "dialogue/ssh_kexinit.h"
#include "dialogue/stream.h"
#include <ces/vocabulary.h>

/* How far an end has come; it never goes back. */
typedef enum {
    CES_SSH_NOTHING,   /* no byte */
    CES_SSH_TEXT,      /* something, but no banner so far */
    CES_SSH_BANNER,    /* "SSH-" up to the end of the line */
    CES_SSH_KEXINIT,   /* its offer of algorithms has begun */
    CES_SSH_EXCHANGE,  /* ... and what follows it */
    CES_SSH_NEWKEYS,   /* all that it sends is encrypted from here on */
    CES_SSH_ENCRYPTED, /* ... and it has sent something */
} ces_ssh_stage;

/* Bounds of the texts that are kept: the first words of a server that is no
 * SSH, and the description of a DISCONNECT. */
enum { CES_SSH_TEXT_KEPT = 64, CES_SSH_DESCRIPTION_KEPT = 127 };

/* Length, length of the padding, number of the message (RFC 4253 section 6). */
enum { CES_SSH_HEAD = 6 };

/* One end. Zeroed is an end that has sent nothing. */
typedef struct {
    ces_ssh_kexinit *offer; /* of its first KEXINIT, until it is compared; or NULL */
    GString *text;          /* first bytes before the banner, or of a DISCONNECT behind its head; or NULL */
    guint32 skip;           /* bytes of the current packet still to come */
    guint32 line;           /* bytes of the current line before the banner */
    guint16 lines;          /* lines before the banner */
    guint8 stage;           /* ces_ssh_stage */
    guint8 gap;             /* something is missing: `stage` is the least */
    guint8 lost;            /* ... so that it is not known where packets begin: nothing more is read */
    guint8 have;            /* bytes in `head` */
    guint8 head[CES_SSH_HEAD];
} ces_ssh_end;

typedef struct {
    ces_ssh_end ends[2]; /* by from_client */
    char *description;   /* of the first DISCONNECT, or NULL */
    guint32 reason;      /* ... its reason (RFC 4253 section 11.1) */
    guint8 disconnected; /* there was one */
    guint8 by_client;    /* ... and who sent it */
    guint8 lack;         /* ces_ssh_lack, once both offers were whole and have been compared */
    guint8 not_ssh;      /* what the server says is clearly something else */
} ces_ssh_session;

/* A session in which nothing was said; free with ces_ssh_session_free, which takes NULL. */
ces_ssh_session *ces_ssh_session_new(void);
void ces_ssh_session_free(ces_ssh_session *ssh);

/* Adds what one end sent next. The first piece of a stream whose beginning is
 * not known has to say that something is missing before it. */
void ces_ssh_session_add(ces_ssh_session *ssh, gboolean from_client, const ces_piece *piece);

/* How the connection was closed; zeroed while it was not. */
typedef struct {
    guint8 closed;
    guint8 by_client; /* who did first */
    guint8 whole;     /* all that the server sent until then was captured, and the client had not closed unseen */
    guint8 early;     /* within a second after the handshake */
} ces_ssh_closing;

/* What became of it, and why. UNKNOWN also where the server said nothing:
 * silence is a matter of the connection.
 *
 * A client that has sent no banner, or that leaves within a second, may be a
 * health check or a scan: then only what the server does proves something. The
 * same holds for one that leaves once the server has gone on behind KEXINIT: it
 * may have come for the host key, or not trust it, and that cannot be told. */
ces_result ces_ssh_session_result(const ces_ssh_session *ssh, const ces_ssh_closing *closing, ces_cause *cause);

/* Appends what shows the cause, for those of ces_ssh_session_result. `verb` is
 * what the one who closed did: "closes". */
void ces_ssh_session_say(const ces_ssh_session *ssh, const ces_ssh_closing *closing, const char *verb, ces_cause cause,
                         GString *text);

#endif
