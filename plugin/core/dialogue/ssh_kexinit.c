/* ssh_kexinit.c
 * Name-lists of a KEXINIT, and the negotiation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/ssh_kexinit.h"

#include <string.h>

/* The lists in their order. Languages follow, which nothing depends on. */
enum { KEY_EXCHANGE, HOST_KEY, CIPHER, CIPHER_BACK, MAC, MAC_BACK, COMPRESSION, COMPRESSION_BACK, LISTS };
enum { COOKIE = 16, LENGTH_WIDTH = 4 };
/* RFC 4251 section 6: a name has 64 characters at most. */
enum { LONGEST_NAME = 64 };
/* What servers send has 60 names; all of a message that RFC 4253 section 6.1
 * obliges to take could hold thousands. */
enum { MOST_NAMES = 256, LONGEST_LIST = 35000 };

/* One name: a hash, and below it its list and whether it is a cipher that
 * needs no MAC. */
typedef guint32 offered;
enum { LIST_MASK = 0x7, NEEDS_NO_MAC = 0x8, NOTE_BITS = 4 };

struct ces_ssh_kexinit {
    GArray *names; /* of offered, in the order of preference */
    guint32 left;  /* bytes of the list still to come */
    guint8 cookie; /* bytes of it read */
    guint8 digits; /* bytes of the length read, LENGTH_WIDTH while names are read */
    guint8 list;   /* LISTS: all were read */
    guint8 broken;
    guint8 have; /* bytes in `name` */
    char name[LONGEST_NAME + 1];
};

ces_ssh_kexinit *
ces_ssh_kexinit_new(void)
{
    ces_ssh_kexinit *offer = g_new0(ces_ssh_kexinit, 1);

    offer->names = g_array_new(FALSE, FALSE, sizeof(offered));
    return offer;
}

void
ces_ssh_kexinit_free(ces_ssh_kexinit *offer)
{
    if (!offer)
        return;
    g_array_free(offer->names, TRUE);
    g_free(offer);
}

/* --- reading ----------------------------------------------------------------- */

/* Not algorithms, but what an end is able to (RFC 8308 section 2.1, OpenSSH's
 * PROTOCOL section 1.9): in common they mean nothing. */
static gboolean
is_marker(const char *name)
{
    return g_str_has_prefix(name, "ext-info-") || g_str_has_prefix(name, "kex-strict-");
}

/* Ciphers with authentication built in; the MAC beside them is not used
 * (RFC 5647 section 5.1, OpenSSH's PROTOCOL section 1.6). */
static gboolean
needs_no_mac(const char *cipher)
{
    static const char *const signs[] = {"gcm", "GCM", "ccm", "CCM", "poly1305", "AEAD"};

    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
        if (strstr(cipher, signs[i]))
            return TRUE;
    return FALSE;
}

static void
end_name(ces_ssh_kexinit *offer)
{
    offer->name[offer->have] = '\0';
    if (offer->have > 0 && !is_marker(offer->name)) {
        gboolean cipher = offer->list == CIPHER || offer->list == CIPHER_BACK;
        offered name = g_str_hash(offer->name) << NOTE_BITS | offer->list;
        if (cipher && needs_no_mac(offer->name))
            name |= NEEDS_NO_MAC;
        g_array_append_val(offer->names, name);
    }
    offer->have = 0;
    offer->broken |= offer->names->len > MOST_NAMES;
}

static void
end_list(ces_ssh_kexinit *offer)
{
    offer->list++;
    offer->digits = 0;
    offer->left = 0;
}

static void
add_to_length(ces_ssh_kexinit *offer, guint8 byte)
{
    offer->left = offer->left << 8 | byte;
    if (++offer->digits < LENGTH_WIDTH)
        return;
    if (offer->left > LONGEST_LIST)
        offer->broken = TRUE;
    else if (offer->left == 0)
        end_list(offer);
}

static void
add_to_list(ces_ssh_kexinit *offer, guint8 byte)
{
    if (byte == ',')
        end_name(offer);
    else if (byte == '\0' || offer->have == LONGEST_NAME)
        offer->broken = TRUE;
    else
        offer->name[offer->have++] = (char)byte;
    if (--offer->left == 0) {
        end_name(offer);
        end_list(offer);
    }
}

void
ces_ssh_kexinit_add(ces_ssh_kexinit *offer, const guint8 *bytes, gsize length)
{
    for (gsize at = 0; at < length && !offer->broken && offer->list < LISTS; at++) {
        if (offer->cookie < COOKIE)
            offer->cookie++;
        else if (offer->digits < LENGTH_WIDTH)
            add_to_length(offer, bytes[at]);
        else
            add_to_list(offer, bytes[at]);
    }
}

gboolean
ces_ssh_kexinit_is_whole(const ces_ssh_kexinit *offer)
{
    return offer->list == LISTS && !offer->broken;
}

/* --- negotiation ---------------------------------------------------------------- */

static gboolean
is_offered(const ces_ssh_kexinit *offer, offered name)
{
    for (guint i = 0; i < offer->names->len; i++)
        if (g_array_index(offer->names, offered, i) == name)
            return TRUE;
    return FALSE;
}

/* The client's first that the server offers as well (RFC 4253 section 7.1).
 * FALSE if there is none. */
static gboolean
choose(const ces_ssh_kexinit *client, const ces_ssh_kexinit *server, guint list, offered *chosen)
{
    for (guint i = 0; i < client->names->len; i++) {
        *chosen = g_array_index(client->names, offered, i);
        if ((*chosen & LIST_MASK) == list && is_offered(server, *chosen))
            return TRUE;
    }
    return FALSE;
}

ces_ssh_lack
ces_ssh_kexinit_compare(const ces_ssh_kexinit *client, const ces_ssh_kexinit *server)
{
    static const guint8 lacks[LISTS] = {CES_SSH_LACKS_KEY_EXCHANGE, CES_SSH_LACKS_HOST_KEY,   CES_SSH_LACKS_CIPHER,
                                        CES_SSH_LACKS_CIPHER,       CES_SSH_LACKS_MAC,        CES_SSH_LACKS_MAC,
                                        CES_SSH_LACKS_COMPRESSION,  CES_SSH_LACKS_COMPRESSION};
    offered chosen[LISTS] = {0};

    for (guint list = 0; list < LISTS; list++) {
        if ((list == MAC || list == MAC_BACK) && (chosen[list - MAC + CIPHER] & NEEDS_NO_MAC))
            continue;
        if (!choose(client, server, list, &chosen[list]))
            return (ces_ssh_lack)lacks[list];
    }
    return CES_SSH_LACKS_NOTHING;
}
