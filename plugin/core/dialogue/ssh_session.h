/* ssh.h
 * The part of an SSH connection that is sent in the clear: the two banners
 * and the key exchange (RFC 4253). Nothing is read behind NEWKEYS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SSH_H
#define CES_SSH_H

#include "dialogue/stream.h"
#include <ces/vocabulary.h>

/* Why an SSH connection failed, as far as it can be read. */
#define CES_SSH_FAILURES(X)                               \
    X(CES_SSH_NO_FAILURE, "none")                         \
    X(CES_SSH_KEY_EXCHANGE_FAILED, "key_exchange_failed") \
    X(CES_SSH_CLOSED_AFTER_BANNER, "closed_after_banner")

typedef enum { CES_SSH_FAILURES(CES_ENUMERATOR) CES_SSH_FAILURE_COUNT } ces_ssh_failure;

const char *ces_ssh_failure_token(ces_ssh_failure failure);

/* Room for the description of a DISCONNECT, with the final NUL. */
#define CES_SSH_DESCRIPTION 128

/* One end. Zeroed is an end that has sent nothing. */
typedef struct {
    guint32 skip;   /* bytes of the current packet still to come */
    guint32 number; /* packets begun; 0 while the banner is being read */
    guint16 have;   /* bytes in `head` */
    guint8 banner;  /* its banner was seen */
    guint8 opaque;  /* encrypted, or something is missing: nothing more is read */
    guint8 head[16 + CES_SSH_DESCRIPTION];
} ces_ssh_end;

typedef struct {
    ces_ssh_end ends[2];                   /* 0 the server, 1 the client */
    guint8 failure;                        /* ces_ssh_failure; stays */
    guint8 by_client;                      /* who said so, or who closed */
    char description[CES_SSH_DESCRIPTION]; /* of the DISCONNECT, or empty */
} ces_ssh_session;

/* Hears what one end said next. TRUE if this shows that the key exchange
 * failed: DISCONNECT with reason 3 (RFC 4253 section 11.1). */
gboolean ces_ssh_session_add(ces_ssh_session *ssh, gboolean from_client, const ces_piece *piece);

/* One end closes the connection (FIN or RST) and everything that it sent was
 * contribution. TRUE if a banner was all that it took part in. */
gboolean ces_ssh_session_close(ces_ssh_session *ssh, gboolean by_client);

/* The failure as a sentence. */
void ces_say_ssh_failure(const ces_ssh_session *ssh, GString *text);

#endif
