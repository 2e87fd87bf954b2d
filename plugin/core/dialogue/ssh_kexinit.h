/* ssh_kexinit.h
 * What one end of an SSH connection offers in its KEXINIT (RFC 4253 section
 * 7.1), read as it comes in, and whether two such offers can meet.
 *
 * Names are kept as hashes of 28 bits: a collision can hide that two offers
 * do not meet, never feign it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_SSH_KEXINIT_H
#define CES_SSH_KEXINIT_H

#include <glib.h>

/* What two ends do not have in common; the first of them in the order in which
 * RFC 4253 negotiates. */
typedef enum {
    CES_SSH_LACKS_NOTHING,
    CES_SSH_LACKS_KEY_EXCHANGE,
    CES_SSH_LACKS_HOST_KEY,
    CES_SSH_LACKS_CIPHER,
    CES_SSH_LACKS_MAC,
    CES_SSH_LACKS_COMPRESSION
} ces_ssh_lack;

typedef struct ces_ssh_kexinit ces_ssh_kexinit;

/* One of which nothing was read. Takes some hundred bytes: free it with
 * ces_ssh_kexinit_free, which takes NULL, as soon as it has been compared. */
ces_ssh_kexinit *ces_ssh_kexinit_new(void);
void ces_ssh_kexinit_free(ces_ssh_kexinit *offer);

/* Reads the next bytes of the message, from behind its number on. */
void ces_ssh_kexinit_add(ces_ssh_kexinit *offer, const guint8 *bytes, gsize length);

/* Whether all lists that are negotiated were read, and were well formed. */
gboolean ces_ssh_kexinit_is_whole(const ces_ssh_kexinit *offer);

/* What two whole offers do not share. */
ces_ssh_lack ces_ssh_kexinit_compare(const ces_ssh_kexinit *client, const ces_ssh_kexinit *server);

#endif
