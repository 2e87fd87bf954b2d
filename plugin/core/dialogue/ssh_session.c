/* ssh.c
 * SSH banners and key exchange.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/ssh_session.h"
#include <ces/text.h>

#include <string.h>

enum { MSG_DISCONNECT = 1, MSG_NEWKEYS = 21, REASON_KEY_EXCHANGE_FAILED = 3 };
/* Length, length of the padding, message (RFC 4253 section 6). */
enum { AT_LENGTH = 0, AT_MESSAGE = 5, AT_REASON = 6, AT_DESCRIPTION_LENGTH = 10, AT_DESCRIPTION = 14 };
/* RFC 4253 section 6.1 demands 35000; OpenSSH takes 256 kB. */
#define LONGEST_PACKET (256u * 1024)

CES_TOKEN_FUNCTION(ces_ssh_failure, CES_SSH_FAILURES)

static guint32
number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* --- the banner ----------------------------------------------------------------- */

/* A line has ended. A server may send others before its banner (section 4.2). */
static void
end_banner_line(ces_ssh_end *end)
{
    if (end->have >= 4 && memcmp(end->head, "SSH-", 4) == 0)
        end->banner = TRUE;
    end->have = 0;
}

static guint32
take_banner(ces_ssh_end *end, const guint8 *bytes, guint32 length)
{
    guint32 at = 0;

    while (at < length && !end->banner) {
        guint8 byte = bytes[at++];
        if (byte == '\n')
            end_banner_line(end);
        else if (end->have < 4)
            end->head[end->have++] = byte;
    }
    return at;
}

/* --- packets ----------------------------------------------------------------------- */

/* The head is complete, or all of the packet that there is. */
static gboolean
read_disconnect(ces_ssh_session *ssh, const ces_ssh_end *end, gboolean from_client)
{
    if (end->have < AT_DESCRIPTION_LENGTH || number_at(end->head + AT_REASON) != REASON_KEY_EXCHANGE_FAILED)
        return FALSE;
    ssh->failure = CES_SSH_KEY_EXCHANGE_FAILED;
    ssh->by_client = (guint8)(from_client != FALSE);
    if (end->have > AT_DESCRIPTION) {
        guint32 length = MIN(number_at(end->head + AT_DESCRIPTION_LENGTH), (guint32)(end->have - AT_DESCRIPTION));
        char *text = ces_text_clean((const char *)end->head + AT_DESCRIPTION, length, CES_SSH_DESCRIPTION - 1);
        g_strlcpy(ssh->description, text, sizeof ssh->description);
        g_free(text);
    }
    return TRUE;
}

/* How much of the packet in `head` is looked at. */
static guint16
wanted(const ces_ssh_end *end)
{
    if (end->have <= AT_MESSAGE || end->head[AT_MESSAGE] != MSG_DISCONNECT)
        return AT_MESSAGE + 1;
    guint32 whole = number_at(end->head + AT_LENGTH) + 4;
    return (guint16)MIN(whole, sizeof end->head);
}

static gboolean
is_packet(const ces_ssh_end *end)
{
    guint32 length = number_at(end->head + AT_LENGTH);
    return length >= 2 && length <= LONGEST_PACKET;
}

/* Ends the look at a packet. TRUE if it is the DISCONNECT in question. */
static gboolean
end_head(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client)
{
    gboolean failed = FALSE;

    if (!is_packet(end)) {
        end->opaque = TRUE;
        return FALSE;
    }
    end->number++;
    if (end->head[AT_MESSAGE] == MSG_NEWKEYS)
        end->opaque = TRUE;
    else if (end->head[AT_MESSAGE] == MSG_DISCONNECT)
        failed = read_disconnect(ssh, end, from_client);
    guint32 whole = number_at(end->head + AT_LENGTH) + 4;
    end->skip = whole > end->have ? whole - end->have : 0;
    end->have = 0;
    return failed;
}

static gboolean
take_packets(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client, const guint8 *bytes, guint32 length)
{
    gboolean failed = FALSE;

    for (guint32 at = 0; at < length && !end->opaque;) {
        guint32 step = MIN(end->skip, length - at);
        end->skip -= step;
        at += step;
        if (at == length)
            break;
        end->head[end->have++] = bytes[at++];
        if (end->have >= wanted(end))
            failed |= end_head(ssh, end, from_client);
    }
    return failed;
}

gboolean
ces_ssh_session_add(ces_ssh_session *ssh, gboolean from_client, const ces_piece *piece)
{
    ces_ssh_end *end = &ssh->ends[from_client != FALSE];
    guint32 taken = 0;

    if (piece->missing > 0)
        end->opaque = TRUE;
    if (end->opaque || ssh->failure)
        return FALSE;
    if (!end->banner)
        taken = take_banner(end, piece->bytes, piece->length);
    return take_packets(ssh, end, from_client, piece->bytes + taken, piece->length - taken);
}

/* --- the end -------------------------------------------------------------------------- */

gboolean
ces_ssh_session_close(ces_ssh_session *ssh, gboolean by_client)
{
    const ces_ssh_end *closer = &ssh->ends[by_client != FALSE];
    gboolean any_banner = ssh->ends[0].banner || ssh->ends[1].banner;

    if (ssh->failure || !any_banner || closer->opaque || closer->number > 0 || (closer->banner && closer->have > 0))
        return FALSE;
    ssh->failure = CES_SSH_CLOSED_AFTER_BANNER;
    ssh->by_client = (guint8)(by_client != FALSE);
    return TRUE;
}

void
ces_say_ssh_failure(const ces_ssh_session *ssh, GString *text)
{
    const char *who = ssh->by_client ? "client" : "server";

    if (ssh->failure == CES_SSH_KEY_EXCHANGE_FAILED) {
        g_string_append_printf(text,
                               "The SSH key exchange fails (DISCONNECT, reason 3, by the %s): the two ends have no "
                               "algorithm in common, as after an upgrade of one of them",
                               who);
        if (*ssh->description)
            g_string_append_printf(text, ": %s", ssh->description);
    } else if (ssh->failure == CES_SSH_CLOSED_AFTER_BANNER) {
        g_string_append_printf(text,
                               "The %s closes after the SSH banner, before any key exchange: it, or a firewall in "
                               "between, does not want this peer, or something merely tested the port",
                               who);
    }
}
