/* verbs.c
 * Lines that are known commands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/verbs.h>

#include <string.h>

#include <ces/protocol.h>

/* What may end the line that starts at `start`; `length` if nothing does. */
static gsize
find_end(const guint8 *text, gsize length, gsize start)
{
    gsize at = start;

    while (at < length && text[at] != '\n' && text[at] != '\r')
        at++;
    return at;
}

gboolean
ces_verb_line_next(const guint8 *text, gsize length, ces_verb_line *line)
{
    gsize start = line->next;
    gsize end = find_end(text, length, start);
    gsize next = end + 1;

    if (next > length || (text[end] == '\r' && next == length)) /* LF may follow */
        return FALSE;
    if (text[end] == '\r' && text[next] == '\n')
        next++;
    const guint8 *blank = (const guint8 *)memchr(text + start, ' ', end - start);
    *line = (ces_verb_line){start, end - start, next, blank ? (gsize)(blank - text) - start : end - start};
    return TRUE;
}

static gboolean
is_known(const guint8 *word, gsize length)
{
    gboolean letters = length == 4;

    for (gsize i = 0; letters && i < length; i++)
        letters = g_ascii_isalpha(word[i]);
    return letters || ces_protocol_is_smtp_verb((const char *)word, length);
}

gboolean
ces_verbs_known(const guint8 *text, gsize length, gsize *start, gsize *end)
{
    ces_verb_line line = {.next = 0};

    *start = *end = 0;
    while (ces_verb_line_next(text, length, &line)) {
        if (!is_known(text + line.start, line.word))
            continue;
        if (*start == *end)
            *start = line.start;
        else if (*end != line.start)
            return FALSE;
        *end = line.next;
    }
    return line.next == length;
}
