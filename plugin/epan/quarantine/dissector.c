/* dissector.c
 * The dissector on the quarantine ports. It shows nothing itself: it asks
 * the dialogue what is spoken and hands on to the dissector that knows.
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

#include <epan/dissectors/packet-tcp.h>
#include <epan/prefs.h>

#include "capture.h"

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

/* The segment being dissected, or the last of those that TCP has joined; NULL
 * if its dialogue is not followed. */
static const ces_sighting *
find_segment(packet_info *pinfo)
{
    const ces_sighting *sighting = ces_capture_current(pinfo);

    return sighting && sighting->flow->dialogue && proto_is_protocol_enabled(find_protocol_by_id(protocols.ces)) &&
                   proto_is_protocol_enabled(find_protocol_by_id(protocols.quarantine))
               ? sighting
               : NULL;
}

/* The dialogue has read the segment already, and it alone decides. What it
 * knew then is what the packet shows whenever it is dissected. */
static ces_protocol
protocol_of(const ces_sighting *segment)
{
    const ces_contribution *contribution = ces_capture_contribution(segment);

    return contribution ? (ces_protocol)contribution->protocol : CES_PROTOCOL_UNKNOWN;
}

/* The bytes may be the beginning of more than one protocol: TCP shall bring
 * them again with the next ones. */
static gboolean
ask_for_more(packet_info *pinfo, const ces_sighting *segment)
{
    gboolean from_client = pinfo->destport == pinfo->match_uint;

    if (!pinfo->can_desegment || pinfo->fd->visited || !ces_dialogue_wants_more(segment->flow->dialogue, from_client))
        return FALSE;
    pinfo->desegment_offset = 0;
    pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
    return TRUE;
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
hand_on_smtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    int length = ces_verbs_dissect(tvb, pinfo, tree, data, call_smtp, call_verbs);
    conversation_t *conversation = pinfo->fd->visited || !handles.tls ? NULL : ces_find_tcp_conversation(pinfo);

    if (conversation && conversation_get_dissector(conversation, pinfo->num) == handles.tls)
        tls_set_appdata_dissector(handles.tls, pinfo, handles.decrypted);
    return length;
}

static int
dissect_port(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const ces_sighting *segment = find_segment(pinfo);

    if (!segment)
        return hand_back(tvb, pinfo, tree, data);
    switch (protocol_of(segment)) {
    case CES_PROTOCOL_SMTP:
    case CES_PROTOCOL_LMTP: /* the same grammar, and no dissector of its own */
        return hand_on_smtp(tvb, pinfo, tree, data);
    case CES_PROTOCOL_TLS:
        return hand_on(handles.tls, tvb, pinfo, tree, data);
    case CES_PROTOCOL_DATA:
        return 0;
    default: /* X11, which was here first; or not known, and nothing is claimed */
        return ask_for_more(pinfo, segment) ? (int)tvb_captured_length(tvb) : hand_back(tvb, pinfo, tree, data);
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

/* What TLS decrypted in this packet, for the dialogue. First visit only. A
 * packet whose segment added nothing does not show what was inside. */
static void
add_decrypted(tvbuff_t *tvb, const packet_info *pinfo, const ces_sighting *segment, gboolean from_client)
{
    guint captured = tvb_captured_length(tvb);
    ces_contribution *contribution = ces_capture_contribution(segment), unseen = {.message = NULL};

    if (!pinfo->fd->visited && captured > 0)
        ces_analysis_add_decrypted(ces_capture_analysis(), segment, from_client, tvb_get_ptr(tvb, 0, (gint)captured),
                                   captured, contribution ? contribution : &unseen);
}

/* SMTP asks for more only where it finds no end of a line. What it did not
 * read comes again, joined to what follows. */
static int
dissect_smtp_inside(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, const ces_sighting *segment)
{
    gboolean from_client = pinfo->destport == pinfo->match_uint;
    guint captured = tvb_captured_length(tvb);
    guint asked_before = pinfo->desegment_len;
    int length = ces_verbs_dissect(tvb, pinfo, tree, data, call_smtp_inside, ces_verbs_show);

    if (segment && !pinfo->fd->visited && pinfo->desegment_len != asked_before &&
        (guint)pinfo->desegment_offset < captured)
        ces_dialogue_repeat(segment->flow, from_client, captured - (guint)pinfo->desegment_offset);
    return length;
}

static int
dissect_decrypted(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const ces_sighting *segment = find_segment(pinfo);

    if (segment)
        add_decrypted(tvb, pinfo, segment, pinfo->destport == pinfo->match_uint);
    return dissect_smtp_inside(tvb, pinfo, tree, data, segment);
}

/* TLS without STARTTLS on one of the ports: if it is SMTP inside, say so to
 * TLS, which calls that handle from now on. */
static ws_bool
dissect_tls_payload(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    gboolean from_client = g_hash_table_contains(taken, GUINT_TO_POINTER(pinfo->destport));
    const ces_sighting *segment = handles.decrypted ? find_segment(pinfo) : NULL;

    if (!segment || ces_dialogue_protocol(segment->flow->dialogue) != CES_PROTOCOL_TLS)
        return FALSE;
    add_decrypted(tvb, pinfo, segment, from_client);
    ces_protocol inner = ces_dialogue_inner_protocol(segment->flow->dialogue);
    if (inner != CES_PROTOCOL_SMTP && inner != CES_PROTOCOL_LMTP)
        return FALSE;
    pinfo->match_uint = from_client ? pinfo->destport : pinfo->srcport;
    *ces_tls_app_handle(data) = handles.decrypted;
    dissect_smtp_inside(tvb, pinfo, tree, data, segment); /* the layer "smtp" is that of this heuristic */
    return TRUE;
}

/* --- ports --------------------------------------------------------------------- */

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
give_back(gpointer key, gpointer before, gpointer ports)
{
    guint32 port = GPOINTER_TO_UINT(key);

    if (ces_service_is_quarantine(ces_ports_service((const ces_ports *)ports, (guint16)port)))
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
ces_quarantine_take_ports(const ces_ports *ports)
{
    g_hash_table_foreach_remove(taken, give_back, (gpointer)ports);
    for (guint32 port = 1; port <= G_MAXUINT16; port++)
        if (ces_service_is_quarantine(ces_ports_service(ports, (guint16)port)))
            take_port(port);
}

/* --- registration -------------------------------------------------------------- */

static void
free_taken(void)
{
    g_hash_table_destroy(taken);
}

int
ces_quarantine_register(int proto_ces)
{
    protocols.ces = proto_ces;
    protocols.quarantine = proto_register_protocol("CES quarantine delivery", "CES Quarantine", "ces.quarantine");
    smtp_by_port = register_dissector_table("ces.quarantine.smtp", "SMTP inside TLS on quarantine ports",
                                            protocols.quarantine, FT_UINT16, BASE_DEC);
    taken = g_hash_table_new(NULL, NULL);
    register_shutdown_routine(free_taken);
    return protocols.quarantine;
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
    /* The default ports are taken before settings are read, so that a "Decode As" to what stood there before is one
     * that changes something, and is kept. */
    for (guint service = 0; service < CES_SERVICE_COUNT; service++)
        if (ces_service_is_quarantine((ces_service)service))
            take_port((guint32)g_ascii_strtoull(ces_service_about((ces_service)service)->default_ports, NULL, 10));
}
