/* quarantine.c
 * The dissector on the quarantine ports. It shows nothing itself: it looks at
 * the first payload and hands on to the dissector that knows.
 *
 * Why it stands in the table "tcp.port" and does not set the dissector of the
 * conversation: SMTP and X11 tell the direction by the port number under which
 * they were found, and a conversation has none. Why it is a protocol in name
 * only below TCP: no layer of its own appears, and when CES is disabled it is
 * still called, so that it can hand on to what stood there before.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quarantine/dissector.h"

#include "compat.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/prefs.h>

#include <ces/protocol.h>

#include "dialogue_display.h"
#include "quarantine/verbs.h"
#include "quarantine_words.h"
#include "preferences.h"

static struct {
    int ces, quarantine, tcp, smtp;
} protocols;

static struct {
    dissector_handle_t port;      /* this dissector */
    dissector_handle_t decrypted; /* SMTP inside TLS, overheard */
    dissector_handle_t smtp, tls;
    dissector_handle_t verbs; /* commands that SMTP would take for a message */
} handles;

/* The ports taken, each with the dissector that stood there, or NULL. */
static GHashTable *taken;

/* SMTP under every server port seen inside TLS: through a table, a dissector
 * can be called without a second entry in the list of layers. */
static dissector_table_t smtp_by_port;

/* What is spoken on one connection. Lives as long as the capture; as soon as
 * `protocol` is known it stays. */
typedef struct {
    guint8 protocol;  /* ces_protocol */
    guint8 inner;     /* the same inside TLS */
    guint8 spoken[2]; /* by from_client: the first payload was seen */
} choice;

static gboolean
is_enabled(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(protocols.ces)) &&
           proto_is_protocol_enabled(find_protocol_by_id(protocols.quarantine));
}

/* --- what stood there before --------------------------------------------------- */

/* Whether that protocol still wants the port: the user may have changed its
 * ports since it was registered. */
static gboolean
still_wants(dissector_handle_t handle, guint32 port)
{
    const char *name = proto_get_protocol_filter_name(dissector_handle_get_protocol_index(handle));
    module_t *module = prefs_find_module(name);

    if (!module || !prefs_find_preference(module, "tcp.port"))
        return TRUE;
    range_t *ports = prefs_get_range_value(name, "tcp.port");
    return !ports || value_is_in_range(ports, port);
}

/* Reads on as without the plugin. 0 lets TCP go on to other ports and to the
 * heuristic dissectors, and to plain data if none of them knows. */
static int
hand_back(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t before = (dissector_handle_t)g_hash_table_lookup(taken, GUINT_TO_POINTER(pinfo->match_uint));

    if (!before || !still_wants(before, pinfo->match_uint))
        return 0;
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_only(before, tvb, pinfo, tree, data);
}

/* --- what is spoken ------------------------------------------------------------ */

static choice *
choice_of(conversation_t *conversation)
{
    choice *made = (choice *)conversation_get_proto_data(conversation, protocols.quarantine);

    if (!made) {
        made = wmem_new0(wmem_file_scope(), choice);
        conversation_add_proto_data(conversation, protocols.quarantine, made);
    }
    return made;
}

static gboolean
opening_was_seen(conversation_t *conversation)
{
    enum { SYN = 1, SYN_ACK = 2 }; /* in tcp.completeness */
    const struct tcp_analysis *analysis =
        (const struct tcp_analysis *)conversation_get_proto_data(conversation, protocols.tcp);

    return analysis && (analysis->conversation_completeness & (SYN | SYN_ACK));
}

static ces_protocol
classify(tvbuff_t *tvb, guint from, gboolean *more)
{
    guint look = MIN(tvb_captured_length(tvb), CES_PROTOCOL_LOOK);
    ces_protocol protocol = ces_protocol_classify(look ? tvb_get_ptr(tvb, 0, (int)look) : NULL, look, from, more);

    if (look < tvb_captured_length(tvb) || tvb_captured_length(tvb) < tvb_reported_length(tvb))
        *more = FALSE; /* more bytes would not help, or will not come */
    return protocol;
}

/* A few bytes that TCP will not join to the next ones. What they begin is known
 * to be among SMTP, TLS and X11, and the first byte tells most of it. */
static ces_protocol
guess(tvbuff_t *tvb, gboolean from_client)
{
    guint8 byte = tvb_get_uint8(tvb, 0);

    if (from_client && (byte == 'B' || byte == 'l'))
        return CES_PROTOCOL_X11;
    if (g_ascii_isalnum(byte))
        return CES_PROTOCOL_SMTP;
    return byte <= 1 ? CES_PROTOCOL_X11 : CES_PROTOCOL_TLS;
}

/* Decides, and remembers what is decided for good. */
static ces_protocol
decide(tvbuff_t *tvb, packet_info *pinfo, conversation_t *conversation, choice *made)
{
    gboolean from_client = pinfo->destport == pinfo->match_uint;
    guint from = from_client ? CES_FROM_CLIENT : 0;
    gboolean more;

    if (opening_was_seen(conversation) && !made->spoken[from_client])
        from |= CES_FIRST_BYTES;
    ces_protocol protocol = classify(tvb, from, &more);
    if (protocol == CES_PROTOCOL_UNKNOWN && more && pinfo->can_desegment) {
        pinfo->desegment_offset = 0;
        pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
        return CES_PROTOCOL_UNKNOWN;
    }
    if (protocol == CES_PROTOCOL_UNKNOWN && more && tvb_captured_length(tvb) > 0)
        protocol = guess(tvb, from_client);
    if (!pinfo->fd->visited) {
        made->protocol = (guint8)protocol;
        made->spoken[from_client] = TRUE;
    }
    return protocol;
}

/* --- handing on ---------------------------------------------------------------- */

static int
hand_on(dissector_handle_t to, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    pinfo->can_desegment = pinfo->saved_can_desegment; /* this step is no layer between TCP and the next */
    return to ? call_dissector_only(to, tvb, pinfo, tree, data) : 0;
}

static int
call_smtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return hand_on(handles.smtp, tvb, pinfo, tree, data);
}

static int
call_verbs(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return hand_on(handles.verbs, tvb, pinfo, tree, data);
}

/* SMTP starts TLS by itself. What TLS will decrypt comes past here then. */
static int
hand_on_smtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, conversation_t *conversation)
{
    int length = ces_verbs_dissect(tvb, pinfo, tree, data, call_smtp, call_verbs);

    if (!pinfo->fd->visited && handles.tls && conversation_get_dissector(conversation, pinfo->num) == handles.tls)
        tls_set_appdata_dissector(handles.tls, pinfo, handles.decrypted);
    return length;
}

static int
dissect_port(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    conversation_t *conversation = is_enabled() ? ces_find_tcp_conversation(pinfo) : NULL;

    if (!conversation)
        return hand_back(tvb, pinfo, tree, data);

    choice *made = choice_of(conversation);
    ces_protocol protocol = made->protocol ? (ces_protocol)made->protocol : decide(tvb, pinfo, conversation, made);
    switch (protocol) {
    case CES_PROTOCOL_SMTP:
    case CES_PROTOCOL_LMTP: /* the same grammar, and no dissector of its own */
        return hand_on_smtp(tvb, pinfo, tree, data, conversation);
    case CES_PROTOCOL_TLS:
        return hand_on(handles.tls, tvb, pinfo, tree, data);
    case CES_PROTOCOL_DATA:
        return 0;
    default: /* X11, which was here first; or not known, and nothing is claimed */
        return pinfo->desegment_len ? (int)tvb_captured_length(tvb) : hand_back(tvb, pinfo, tree, data);
    }
}

/* --- inside TLS ---------------------------------------------------------------- */

/* SMTP's own handle adds the layer "smtp"; this one stands for it and has done
 * so already. */
static int
call_smtp_inside(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    guint32 port = pinfo->match_uint;

    if (!dissector_get_uint_handle(smtp_by_port, port))
        dissector_add_uint("ces.quarantine.smtp", port, handles.smtp);
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return ces_dissector_try_uint(smtp_by_port, port, tvb, pinfo, tree, FALSE, data);
}

/* SMTP asks for more only where it finds no end of a line. What it did not
 * read comes again, joined to what follows. */
static int
dissect_decrypted(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    gboolean from_client = pinfo->destport == pinfo->match_uint;
    guint captured = tvb_captured_length(tvb);
    guint asked_before = pinfo->desegment_len;

    if (!pinfo->fd->visited)
        ces_words_hear_decrypted(tvb, captured, pinfo, from_client);
    int length = ces_verbs_dissect(tvb, pinfo, tree, data, call_smtp_inside, ces_verbs_show);
    if (!pinfo->fd->visited && pinfo->desegment_len != asked_before && (guint)pinfo->desegment_offset < captured)
        ces_words_will_come_again(pinfo, from_client, captured - (guint)pinfo->desegment_offset);
    return length;
}

/* TLS without STARTTLS on one of the ports: if it is SMTP inside, say so to
 * TLS, which calls that handle from now on. */
static ws_bool
dissect_tls_payload(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    conversation_t *conversation = is_enabled() ? ces_find_tcp_conversation(pinfo) : NULL;
    choice *made = conversation ? (choice *)conversation_get_proto_data(conversation, protocols.quarantine) : NULL;
    gboolean from_client = g_hash_table_contains(taken, GUINT_TO_POINTER(pinfo->destport));
    gboolean more;

    if (!made || made->protocol != CES_PROTOCOL_TLS || !handles.decrypted)
        return FALSE;
    if (!made->inner) {
        ces_protocol inner = classify(tvb, CES_FIRST_BYTES | (from_client ? CES_FROM_CLIENT : 0), &more);
        made->inner = (guint8)(inner == CES_PROTOCOL_UNKNOWN ? CES_PROTOCOL_DATA : inner);
    }
    if (made->inner != CES_PROTOCOL_SMTP && made->inner != CES_PROTOCOL_LMTP)
        return FALSE;
    pinfo->match_uint = from_client ? pinfo->destport : pinfo->srcport;
    *ces_tls_app_handle(data) = handles.decrypted;
    dissect_decrypted(tvb, pinfo, tree, data); /* the layer "smtp" is that of this heuristic */
    return TRUE;
}

/* --- ports --------------------------------------------------------------------- */

static gboolean
is_quarantine_port(guint32 port)
{
    ces_service service = ces_ports_service(ces_preferences_ports(), (guint16)port);
    return service == CES_SERVICE_SPAM_QUARANTINE || service == CES_SERVICE_PVO_QUARANTINE;
}

/* Makes `handle` (or nothing) the port's own dissector, beneath what the user
 * chose for it. */
static void
set_port(guint32 port, dissector_handle_t handle)
{
    dissector_table_t table = find_dissector_table("tcp.port");
    gboolean changed = dissector_is_uint_changed(table, port);
    dissector_handle_t chosen = dissector_get_uint_handle(table, port);
    dissector_handle_t initial = dissector_get_default_uint_handle("tcp.port", port);

    if (initial)
        dissector_delete_uint("tcp.port", port, initial);
    if (handle)
        dissector_add_uint("tcp.port", port, handle);
    if (changed)
        dissector_change_uint("tcp.port", port, chosen);
}

static gboolean
give_back(gpointer key, gpointer before, gpointer data _U_)
{
    guint32 port = GPOINTER_TO_UINT(key);

    if (is_quarantine_port(port))
        return FALSE;
    set_port(port, before && still_wants((dissector_handle_t)before, port) ? (dissector_handle_t)before : NULL);
    return TRUE;
}

static void
take_port(guint32 port)
{
    if (g_hash_table_contains(taken, GUINT_TO_POINTER(port)))
        return;
    g_hash_table_insert(taken, GUINT_TO_POINTER(port), dissector_get_default_uint_handle("tcp.port", port));
    set_port(port, handles.port);
}

void
ces_quarantine_take_ports(void)
{
    g_hash_table_foreach_remove(taken, give_back, NULL);
    for (guint32 port = 1; port <= G_MAXUINT16; port++)
        if (is_quarantine_port(port))
            take_port(port);
}

/* The default ports are taken before settings are read, so that a "Decode As"
 * to what stood there before is one that changes something, and is kept. */
static void
take_default_port(ces_service service)
{
    take_port((guint32)g_ascii_strtoull(ces_service_about(service)->default_ports, NULL, 10));
}

/* --- registration -------------------------------------------------------------- */

static void
free_taken(void)
{
    g_hash_table_destroy(taken);
}

void
ces_quarantine_register(int proto_ces)
{
    protocols.ces = proto_ces;
    protocols.quarantine = proto_register_protocol("CES quarantine delivery", "CES Quarantine", "ces.quarantine");
    smtp_by_port = register_dissector_table("ces.quarantine.smtp", "SMTP inside TLS on quarantine ports",
                                            protocols.quarantine, FT_UINT16, BASE_DEC);
    taken = g_hash_table_new(NULL, NULL);
    register_shutdown_routine(free_taken);
    ces_quarantine_display_register(proto_ces, protocols.quarantine);
    ces_words_register(proto_ces, protocols.quarantine);
}

void
ces_quarantine_register_handoff(void)
{
    protocols.tcp = proto_get_id_by_filter_name("tcp");
    protocols.smtp = proto_get_id_by_filter_name("smtp");
    handles.smtp = find_dissector("smtp");
    handles.tls = find_dissector("tls");

    int in_name_only = proto_register_protocol_in_name_only("CES quarantine ports", "CES quarantine ports",
                                                            "ces_quarantine", protocols.tcp, FT_PROTOCOL);
    handles.port = register_dissector("ces_quarantine", dissect_port, in_name_only);
    if (handles.smtp) {
        handles.decrypted = create_dissector_handle_with_name(dissect_decrypted, protocols.smtp, "smtp");
        handles.verbs = create_dissector_handle_with_name(ces_verbs_show, protocols.smtp, "smtp");
        ces_verbs_register_handoff(protocols.smtp);
        heur_dissector_add("tls", dissect_tls_payload, "SMTP over TLS on quarantine ports", "ces_quarantine_tls",
                           protocols.smtp, HEURISTIC_ENABLE);
    }
    take_default_port(CES_SERVICE_SPAM_QUARANTINE);
    take_default_port(CES_SERVICE_PVO_QUARANTINE);
}
