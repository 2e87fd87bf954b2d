/* verbs.c
 * Shows lines with unpublished verbs in the fields of SMTP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quarantine/dissector.h"

#include <epan/column-utils.h>
#include <epan/strutil.h>

#include <ces/verbs.h>

#include "capture.h"

static struct {
    int proto, request, line, command, parameter;
    int ett_smtp, ett_line;
} smtp = {-1, -1, -1, -1, -1, -1, -1};

/* What the packet holds, and the lines in it that are left to SMTP: one stretch
 * of them, since it remembers one result for a packet; empty if equal. */
typedef struct {
    const guint8 *text;
    gsize length;
    gsize start, end;
} content;

static content
content_of(tvbuff_t *tvb)
{
    gsize length = tvb_captured_length(tvb);

    return (content){length ? tvb_get_ptr(tvb, 0, (int)length) : NULL, length, 0, 0};
}

/* --- showing ------------------------------------------------------------------ */

static void
show_line(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const ces_verb_line *line, gboolean first)
{
    int start = (int)line->start, length = (int)line->length, word = (int)line->word;
    int argument = MIN(word + 1, length);
    proto_item *flag = proto_tree_add_boolean(tree, smtp.request, tvb, 0, 0, TRUE);
    proto_item *item = proto_tree_add_item(tree, smtp.line, tvb, start, (int)line->next - start, ENC_ASCII | ENC_NA);
    proto_tree *subtree = proto_item_add_subtree(item, smtp.ett_line);

    proto_item_set_hidden(flag);
    proto_tree_add_item(subtree, smtp.command, tvb, start, word, ENC_ASCII | ENC_NA);
    if (length > argument)
        proto_tree_add_item(subtree, smtp.parameter, tvb, start + argument, length - argument, ENC_ASCII | ENC_NA);
    col_append_fstr(pinfo->cinfo, COL_INFO, "%s%s", first ? "C: " : " | ",
                    tvb_format_text(pinfo->pool, tvb, start, length));
}

static void
show_lines(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const content *shown)
{
    proto_item *item = proto_tree_add_item(tree, smtp.proto, tvb, 0, -1, ENC_NA);
    proto_tree *subtree = proto_item_add_subtree(item, smtp.ett_smtp);
    gboolean first = shown->start == shown->end;
    ces_verb_line line = {.next = 0};

    while (ces_verb_line_next(shown->text, shown->length, &line)) {
        if (line.start >= shown->start && line.next <= shown->end)
            continue;
        show_line(tvb, pinfo, subtree, &line, first);
        first = FALSE;
    }
}

int
ces_verbs_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    content all = content_of(tvb);

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "SMTP");
    col_clear(pinfo->cinfo, COL_INFO);
    show_lines(tvb, pinfo, tree, &all);
    return (int)all.length;
}

/* --- choosing ----------------------------------------------------------------- */

/* Whether the client says, in the segment being dissected, commands that are
 * no public SMTP, and nothing but commands. */
static gboolean
has_new_verbs(packet_info *pinfo)
{
    const ces_sighting *sighting = ces_capture_current(pinfo);
    const ces_contribution *contribution = sighting ? ces_capture_contribution(sighting) : NULL;

    return contribution && contribution->new_verbs && !contribution->no_commands;
}

int
ces_verbs_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, dissector_t call_smtp,
                  dissector_t call_verbs)
{
    content c = content_of(tvb);

    if (smtp.line < 0 || pinfo->destport != pinfo->match_uint || !has_new_verbs(pinfo) ||
        !ces_verbs_known(c.text, c.length, &c.start, &c.end) || c.end - c.start == c.length)
        return call_smtp(tvb, pinfo, tree, data);
    if (c.start == c.end)
        return call_verbs(tvb, pinfo, tree, data);
    call_smtp(tvb_new_subset_length(tvb, (int)c.start, (int)(c.end - c.start)), pinfo, tree, data);
    show_lines(tvb, pinfo, tree, &c);
    return (int)c.length;
}

void
ces_verbs_register_handoff(int proto_smtp)
{
    static int *subtrees[] = {&smtp.ett_smtp, &smtp.ett_line};

    smtp.proto = proto_smtp;
    smtp.request = proto_registrar_get_id_byname("smtp.req");
    smtp.line = proto_registrar_get_id_byname("smtp.command_line");
    smtp.command = proto_registrar_get_id_byname("smtp.req.command");
    smtp.parameter = proto_registrar_get_id_byname("smtp.req.parameter");
    if (smtp.request < 0 || smtp.command < 0 || smtp.parameter < 0)
        smtp.line = -1; /* an SMTP that is not known: all is left to it */
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
