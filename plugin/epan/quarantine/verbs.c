/* verbs.c
 * Shows lines with unpublished verbs in the fields of SMTP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quarantine/verbs.h"

#include <epan/column-utils.h>
#include <epan/strutil.h>

#include <ces/protocol.h>

#include "capture.h"

static struct {
    int proto, request, line, command, parameter;
    int ett_smtp, ett_line;
} smtp = {-1, -1, -1, -1, -1, -1, -1};

/* --- lines ------------------------------------------------------------------ */

typedef struct {
    int start, length, next; /* of the line, without its end; where the next one starts */
    int word;                /* length of the verb */
} verb_line;

/* FALSE at the end, and for a line that has not ended. */
static gboolean
next_line(tvbuff_t *tvb, int at, verb_line *line)
{
    if (at >= (int)tvb_captured_length(tvb))
        return FALSE;
    line->start = at;
    line->length = tvb_find_line_end(tvb, at, -1, &line->next, TRUE);
    if (line->length < 0)
        return FALSE;
    const char *text = line->length ? (const char *)tvb_get_ptr(tvb, at, line->length) : "";
    for (line->word = 0; line->word < line->length && text[line->word] != ' ';)
        line->word++;
    return TRUE;
}

/* Whether SMTP would take the line for a command. */
static gboolean
is_smtp_command(tvbuff_t *tvb, const verb_line *line)
{
    const char *word = line->word ? (const char *)tvb_get_ptr(tvb, line->start, line->word) : "";
    gboolean letters = TRUE;

    for (int i = 0; i < line->word; i++)
        letters &= g_ascii_isalpha(word[i]) != 0;
    return (line->word == 4 && letters) || ces_protocol_is_smtp_verb(word, (gsize)line->word);
}

/* The lines that are left to SMTP: one stretch of them, since it remembers one
 * result for a packet. */
typedef struct {
    int start, end; /* empty if equal */
} stretch;

/* FALSE if there are two stretches, or the last line has not ended: then SMTP
 * gets all of it. */
static gboolean
find_stretch(tvbuff_t *tvb, stretch *found)
{
    verb_line line = {.next = 0};

    *found = (stretch){0, 0};
    while (next_line(tvb, line.next, &line)) {
        if (!is_smtp_command(tvb, &line))
            continue;
        if (found->start == found->end)
            *found = (stretch){line.start, line.start};
        else if (found->end != line.start)
            return FALSE;
        found->end = line.next;
    }
    return line.next == (int)tvb_captured_length(tvb);
}

/* --- showing ------------------------------------------------------------------ */

static void
show_line(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const verb_line *line, gboolean first)
{
    int whole = line->next - line->start;
    int argument = MIN(line->word + 1, line->length);
    proto_item *flag = proto_tree_add_boolean(tree, smtp.request, tvb, 0, 0, TRUE);
    proto_item *item = proto_tree_add_item(tree, smtp.line, tvb, line->start, whole, ENC_ASCII | ENC_NA);
    proto_tree *subtree = proto_item_add_subtree(item, smtp.ett_line);

    proto_item_set_hidden(flag);
    proto_tree_add_item(subtree, smtp.command, tvb, line->start, line->word, ENC_ASCII | ENC_NA);
    if (line->length > argument)
        proto_tree_add_item(subtree, smtp.parameter, tvb, line->start + argument, line->length - argument,
                            ENC_ASCII | ENC_NA);
    col_append_fstr(pinfo->cinfo, COL_INFO, "%s%s", first ? "C: " : " | ",
                    tvb_format_text(pinfo->pool, tvb, line->start, line->length));
}

static void
show_lines(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const stretch *left_out)
{
    proto_item *item = proto_tree_add_item(tree, smtp.proto, tvb, 0, -1, ENC_NA);
    proto_tree *subtree = proto_item_add_subtree(item, smtp.ett_smtp);
    gboolean first = left_out->start == left_out->end;
    verb_line line = {.next = 0};

    while (next_line(tvb, line.next, &line)) {
        if (line.start >= left_out->start && line.next <= left_out->end)
            continue;
        show_line(tvb, pinfo, subtree, &line, first);
        first = FALSE;
    }
}

int
ces_verbs_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const stretch none = {0, 0};

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "SMTP");
    col_clear(pinfo->cinfo, COL_INFO);
    show_lines(tvb, pinfo, tree, &none);
    return (int)tvb_captured_length(tvb);
}

/* Whether the client says, in the segment being dissected, commands that are
 * no public SMTP, and nothing but commands. */
static gboolean
has_new_verbs(packet_info *pinfo)
{
    guint position;
    const ces_contribution *contribution =
        ces_capture_current(pinfo, &position) ? ces_capture_recall_contribution(pinfo, position) : NULL;

    return contribution && contribution->new_verbs && !contribution->no_commands;
}

int
ces_verbs_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, dissector_t call_smtp,
                  dissector_t call_verbs)
{
    stretch known;

    if (smtp.line < 0 || pinfo->destport != pinfo->match_uint || !has_new_verbs(pinfo) || !find_stretch(tvb, &known) ||
        known.end - known.start == (int)tvb_captured_length(tvb))
        return call_smtp(tvb, pinfo, tree, data);
    if (known.start == known.end)
        return call_verbs(tvb, pinfo, tree, data);
    call_smtp(tvb_new_subset_length(tvb, known.start, known.end - known.start), pinfo, tree, data);
    show_lines(tvb, pinfo, tree, &known);
    return (int)tvb_captured_length(tvb);
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
