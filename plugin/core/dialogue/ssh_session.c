/* ssh_session.c
 * SSH banners and key exchange.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/ssh_session.h"
#include <ces/text.h>

#include <string.h>

/* RFC 4253 section 12. */
enum {
    MSG_DISCONNECT = 1,
    MSG_KEXINIT = 20,
    MSG_NEWKEYS = 21,
    MSG_KEY_EXCHANGE_FIRST = 30,
    MSG_KEY_EXCHANGE_LAST = 49
};
enum { REASON_KEY_EXCHANGE_FAILED = 3 };
enum { AT_LENGTH = 0, AT_MESSAGE = 5 };                                /* in a packet's head */
enum { AT_REASON = 0, AT_DESCRIPTION_LENGTH = 4, AT_DESCRIPTION = 8 }; /* behind it, in a DISCONNECT */
/* RFC 4253 section 6.1 demands 35000; OpenSSH takes 256 kB. */
#define LONGEST_PACKET (256u * 1024)
/* What OpenSSH bears with before the banner (kex.c). */
enum { MOST_LINES = 1024, LONGEST_LINE = 8192 };

static guint32
number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* --- life ----------------------------------------------------------------------- */

ces_ssh_session *
ces_ssh_session_new(void)
{
    return g_new0(ces_ssh_session, 1);
}

static void
drop_text(ces_ssh_end *end)
{
    if (end->text)
        g_string_free(end->text, TRUE);
    end->text = NULL;
}

static void
drop_offer(ces_ssh_end *end)
{
    ces_ssh_kexinit_free(end->offer);
    end->offer = NULL;
}

void
ces_ssh_session_free(ces_ssh_session *ssh)
{
    if (!ssh)
        return;
    for (int from_client = FALSE; from_client <= TRUE; from_client++) {
        drop_text(&ssh->ends[from_client]);
        drop_offer(&ssh->ends[from_client]);
    }
    g_free(ssh->description);
    g_free(ssh);
}

static void
reach(ces_ssh_end *end, ces_ssh_stage stage)
{
    end->stage = MAX(end->stage, (guint8)stage);
}

static void
lose(ces_ssh_end *end)
{
    end->lost = TRUE;
    if (end->stage >= CES_SSH_BANNER)
        drop_text(end);
    drop_offer(end);
}

/* --- before the banner ------------------------------------------------------------- */

static gboolean
begins_banner(const ces_ssh_end *end)
{
    return end->have >= 4 && memcmp(end->head, "SSH-", 4) == 0;
}

/* Neither text nor what colours it: other protocols show so at once. */
static gboolean
is_binary(guint8 byte)
{
    return byte == 0x7f || byte >= 0xf8 || (byte < ' ' && !strchr("\t\n\f\r\033", byte)) || byte == 0;
}

/* A server may send other lines before its banner (RFC 4253 section 4.2), but
 * none does that look like the answer of a web server or a reply code. */
static gboolean
is_other_greeting(const char *words)
{
    if (g_str_has_prefix(words, "HTTP/"))
        return TRUE;
    for (int i = 0; i < 3; i++)
        if (!g_ascii_isdigit(words[i]))
            return FALSE;
    return words[3] == ' ' || words[3] == '-';
}

/* The beginning of what the server says is kept, for people to read. */
static void
keep_text(ces_ssh_end *end, const guint8 *bytes, guint32 length)
{
    if (!end->text)
        end->text = g_string_sized_new(CES_SSH_TEXT_KEPT);
    g_string_append_len(end->text, (const char *)bytes, (gssize)MIN(length, CES_SSH_TEXT_KEPT - end->text->len));
}

static void
end_line(ces_ssh_session *ssh, ces_ssh_end *end)
{
    if (begins_banner(end)) {
        reach(end, CES_SSH_BANNER);
        drop_text(end);
    } else if (end->text && is_other_greeting(end->text->str)) {
        ssh->not_ssh |= !end->gap;
    }
    end->have = 0;
    end->line = 0;
    end->lines++;
}

/* Whether it is settled that no banner will come. */
static gboolean
is_hopeless(const ces_ssh_end *end, guint8 byte)
{
    return is_binary(byte) || end->line > LONGEST_LINE || end->lines > MOST_LINES;
}

/* Returns how many bytes come before the end of the banner. */
static guint32
take_lines(ces_ssh_session *ssh, ces_ssh_end *end, const guint8 *bytes, guint32 length)
{
    guint32 at = 0;

    while (at < length && end->stage < CES_SSH_BANNER && !end->lost) {
        guint8 byte = bytes[at++];
        end->line++;
        if (byte == '\n')
            end_line(ssh, end);
        else if (end->have < 4)
            end->head[end->have++] = byte;
        end->lost = is_hopeless(end, byte);
    }
    return at;
}

static guint32
take_before_banner(ces_ssh_session *ssh, gboolean from_client, const guint8 *bytes, guint32 length)
{
    ces_ssh_end *end = &ssh->ends[from_client];

    reach(end, CES_SSH_TEXT);
    if (!from_client)
        keep_text(end, bytes, length);
    guint32 taken = take_lines(ssh, end, bytes, length);
    if (end->lost && !from_client)
        ssh->not_ssh |= !end->gap;
    return taken;
}

/* --- packets ----------------------------------------------------------------------- */

static guint8
message_of(const ces_ssh_end *end)
{
    return end->head[AT_MESSAGE];
}

/* All of a DISCONNECT that is looked at is there, or all that there is of it. */
static void
read_disconnect(ces_ssh_session *ssh, const ces_ssh_end *end, gboolean from_client)
{
    const guint8 *bytes = (const guint8 *)end->text->str;
    gsize have = end->text->len;

    if (have < AT_DESCRIPTION_LENGTH || ssh->disconnected)
        return;
    ssh->disconnected = TRUE;
    ssh->reason = number_at(bytes + AT_REASON);
    ssh->by_client = (guint8)from_client;
    if (have > AT_DESCRIPTION) {
        gsize length = MIN(number_at(bytes + AT_DESCRIPTION_LENGTH), have - AT_DESCRIPTION);
        ssh->description = ces_text_clean((const char *)bytes + AT_DESCRIPTION, length, CES_SSH_DESCRIPTION_KEPT);
    }
}

/* Once both ends have offered. */
static void
compare_offers(ces_ssh_session *ssh)
{
    ces_ssh_end *server = &ssh->ends[FALSE], *client = &ssh->ends[TRUE];

    if (!server->offer || !client->offer || !ces_ssh_kexinit_is_whole(server->offer) ||
        !ces_ssh_kexinit_is_whole(client->offer))
        return;
    ssh->lack = (guint8)ces_ssh_kexinit_compare(client->offer, server->offer);
    drop_offer(server);
    drop_offer(client);
}

static void
end_packet(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client)
{
    if (message_of(end) == MSG_DISCONNECT && end->text)
        read_disconnect(ssh, end, from_client);
    drop_text(end);
    if (message_of(end) == MSG_KEXINIT)
        compare_offers(ssh);
    if (message_of(end) != MSG_NEWKEYS)
        return;
    drop_offer(end); /* it waits for none that could matter still */
    if (end->stage < CES_SSH_KEXINIT)
        lose(end);
    else
        reach(end, CES_SSH_NEWKEYS);
}

/* The packet's head is complete. */
static void
begin_packet(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client)
{
    guint32 length = number_at(end->head + AT_LENGTH);
    guint8 message = message_of(end);

    end->have = 0;
    if (length < CES_SSH_HEAD - 4 || length > LONGEST_PACKET) {
        lose(end);
        return;
    }
    if (message == MSG_KEXINIT && end->stage < CES_SSH_KEXINIT)
        end->offer = ces_ssh_kexinit_new();
    if (message == MSG_KEXINIT)
        reach(end, CES_SSH_KEXINIT);
    else if (message >= MSG_KEY_EXCHANGE_FIRST && message <= MSG_KEY_EXCHANGE_LAST)
        reach(end, CES_SSH_EXCHANGE);
    end->skip = length - (CES_SSH_HEAD - 4);
    if (end->skip == 0)
        end_packet(ssh, end, from_client);
}

/* The next bytes of the packet behind its head. Returns how many they are. */
static guint32
take_body(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client, const guint8 *bytes, guint32 length)
{
    enum { KEPT = AT_DESCRIPTION + CES_SSH_DESCRIPTION_KEPT };
    guint32 taken = MIN(end->skip, length);

    if (message_of(end) == MSG_KEXINIT && end->offer) {
        ces_ssh_kexinit_add(end->offer, bytes, taken);
    } else if (message_of(end) == MSG_DISCONNECT) {
        if (!end->text)
            end->text = g_string_sized_new(KEPT);
        g_string_append_len(end->text, (const char *)bytes, (gssize)MIN(taken, KEPT - end->text->len));
    }
    end->skip -= taken;
    if (end->skip == 0)
        end_packet(ssh, end, from_client);
    return taken;
}

static void
take_packets(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client, const guint8 *bytes, guint32 length)
{
    for (guint32 at = 0; at < length && !end->lost && end->stage < CES_SSH_ENCRYPTED;) {
        if (end->stage == CES_SSH_NEWKEYS) {
            end->stage = CES_SSH_ENCRYPTED;
        } else if (end->skip > 0) {
            at += take_body(ssh, end, from_client, bytes + at, length - at);
        } else {
            end->head[end->have++] = bytes[at++];
            if (end->have == CES_SSH_HEAD)
                begin_packet(ssh, end, from_client);
        }
    }
}

/* --- what is missing ------------------------------------------------------------------ */

/* Within a packet whose length is known it can be stepped over. */
static void
step_over(ces_ssh_session *ssh, ces_ssh_end *end, gboolean from_client, guint32 missing)
{
    end->gap = TRUE;
    if (end->stage < CES_SSH_BANNER) {
        end->have = 0;
        drop_text(end);
        return;
    }
    drop_offer(end);
    if (missing > end->skip || end->skip == 0) {
        lose(end);
        return;
    }
    end->skip -= missing;
    if (message_of(end) == MSG_DISCONNECT && end->text)
        read_disconnect(ssh, end, from_client);
    drop_text(end);
    if (end->skip == 0)
        end_packet(ssh, end, from_client);
}

void
ces_ssh_session_add(ces_ssh_session *ssh, gboolean from_client, const ces_piece *piece)
{
    guint32 taken = 0;

    from_client = from_client != FALSE;
    ces_ssh_end *end = &ssh->ends[from_client];
    if (piece->missing > 0 && !end->lost && end->stage < CES_SSH_NEWKEYS)
        step_over(ssh, end, from_client, piece->missing);
    if (end->lost && ssh->not_ssh && !from_client && piece->missing == 0)
        keep_text(end, piece->bytes, piece->length);
    if (end->lost || end->stage == CES_SSH_ENCRYPTED)
        return;
    if (end->stage < CES_SSH_BANNER)
        taken = take_before_banner(ssh, from_client, piece->bytes, piece->length);
    take_packets(ssh, end, from_client, piece->bytes + taken, piece->length - taken);
}

/* --- the result ------------------------------------------------------------------------ */

/* It says something, and that is no SSH. */
static gboolean
is_no_ssh(const ces_ssh_end *end)
{
    return end->stage == CES_SSH_TEXT && !end->gap && !begins_banner(end);
}

static gboolean
is_silent(const ces_ssh_end *end)
{
    return end->stage == CES_SSH_NOTHING && !end->gap;
}

/* The server closes first, and has said something. */
static ces_cause
closed_by_server(const ces_ssh_end *server, const ces_ssh_end *client, gboolean early)
{
    if (is_no_ssh(server))
        return CES_CAUSE_NOT_SSH;
    if (is_no_ssh(client) || (is_silent(client) && !early) || server->stage >= CES_SSH_NEWKEYS)
        return CES_CAUSE_NONE;
    return CES_CAUSE_CLOSED_AFTER_BANNER;
}

/* The client closes first. */
static ces_cause
closed_by_client(const ces_ssh_end *server, const ces_ssh_end *client, gboolean early)
{
    if (early)
        return CES_CAUSE_NONE;
    if (is_no_ssh(server))
        return CES_CAUSE_NOT_SSH;
    if (is_no_ssh(client) || is_silent(client) || server->stage > CES_SSH_KEXINIT || client->stage >= CES_SSH_NEWKEYS)
        return CES_CAUSE_NONE;
    return CES_CAUSE_CLOSED_AFTER_BANNER;
}

/* The offers do not meet, and neither end found a way all the same. */
static gboolean
cannot_agree(const ces_ssh_session *ssh)
{
    return ssh->lack != CES_SSH_LACKS_NOTHING && ssh->ends[FALSE].stage < CES_SSH_NEWKEYS &&
           ssh->ends[TRUE].stage < CES_SSH_NEWKEYS;
}

static ces_cause
cause_of(const ces_ssh_session *ssh, const ces_ssh_closing *closing)
{
    const ces_ssh_end *server = &ssh->ends[FALSE], *client = &ssh->ends[TRUE];

    if (ssh->reason == REASON_KEY_EXCHANGE_FAILED || (closing->closed && cannot_agree(ssh)))
        return CES_CAUSE_NO_COMMON_ALGORITHM;
    if (ssh->not_ssh && server->stage == CES_SSH_TEXT)
        return CES_CAUSE_NOT_SSH;
    if (!closing->closed || !closing->whole || server->stage == CES_SSH_NOTHING)
        return CES_CAUSE_NONE;
    return closing->by_client ? closed_by_client(server, client, closing->early)
                              : closed_by_server(server, client, closing->early);
}

ces_result
ces_ssh_session_result(const ces_ssh_session *ssh, const ces_ssh_closing *closing, ces_cause *cause)
{
    *cause = CES_CAUSE_NONE;
    if (ssh->ends[FALSE].stage == CES_SSH_ENCRYPTED && ssh->ends[TRUE].stage == CES_SSH_ENCRYPTED)
        return CES_RESULT_WORKING;
    *cause = cause_of(ssh, closing);
    return *cause == CES_CAUSE_NONE ? CES_RESULT_UNKNOWN : CES_RESULT_BROKEN;
}

/* --- in words ----------------------------------------------------------------------------- */

static void
say_text(const ces_ssh_end *server, GString *text)
{
    const char *words = server->text ? server->text->str : "";
    gsize length = server->text ? server->text->len : 0;
    const char *end = (const char *)memchr(words, '\n', length);

    length = end ? (gsize)(end - words) : length;
    if (length > 0 && words[length - 1] == '\r')
        length--;
    char *clean = ces_text_clean(words, length, CES_SSH_TEXT_KEPT);
    g_string_append_printf(text, "The server does not speak SSH, it says: %s", clean);
    g_free(clean);
}

static const char *
end_name(gboolean client)
{
    return client ? "client" : "server";
}

static void
say_disconnect(const ces_ssh_session *ssh, GString *text)
{
    g_string_append_printf(text, "DISCONNECT, reason %u, by the %s", ssh->reason, end_name(ssh->by_client));
    if (ssh->description && *ssh->description) {
        char *words = ces_text_clean(ssh->description, strlen(ssh->description), CES_SSH_TEXT_KEPT);
        g_string_append_printf(text, ": %s", words);
        g_free(words);
    }
}

static void
say_no_common(const ces_ssh_session *ssh, const ces_ssh_closing *closing, const char *verb, GString *text)
{
    static const char *const lacks[] = {
        "algorithm", "key exchange method", "host key algorithm", "cipher", "MAC", "compression",
    };

    g_string_append_printf(text, "The two ends offer no SSH %s in common", lacks[ssh->lack]);
    if (ssh->disconnected) {
        g_string_append(text, "; ");
        say_disconnect(ssh, text);
    } else if (closing->closed) {
        g_string_append_printf(text, "; the %s %s", end_name(closing->by_client), verb);
    }
}

static void
say_closed(const ces_ssh_session *ssh, const ces_ssh_closing *closing, const char *verb, GString *text)
{
    guint8 stage = MAX(ssh->ends[FALSE].stage, ssh->ends[TRUE].stage);
    const char *when = stage <= CES_SSH_BANNER    ? "after the SSH banner, before any key exchange"
                       : stage == CES_SSH_KEXINIT ? "after the SSH banners, as the key exchange begins"
                                                  : "after the SSH banners, in the middle of the key exchange";

    g_string_append_printf(text, "The %s %s %s", end_name(closing->by_client), verb, when);
    if (ssh->disconnected) {
        g_string_append(text, "; ");
        say_disconnect(ssh, text);
    }
}

void
ces_ssh_session_say(const ces_ssh_session *ssh, const ces_ssh_closing *closing, const char *verb, ces_cause cause,
                    GString *text)
{
    if (cause == CES_CAUSE_NOT_SSH)
        say_text(&ssh->ends[FALSE], text);
    else if (cause == CES_CAUSE_NO_COMMON_ALGORITHM)
        say_no_common(ssh, closing, verb, text);
    else if (cause == CES_CAUSE_CLOSED_AFTER_BANNER)
        say_closed(ssh, closing, verb, text);
}
