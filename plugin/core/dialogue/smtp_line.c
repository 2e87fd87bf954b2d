/* smtp_line.c
 * Lines, whole or put together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_line.h"

#include <string.h>

enum { FIRST_ROOM = 64 };

static void
make_room(ces_smtp_line *line, guint32 needed)
{
    guint32 room = MAX(line->room, (guint32)FIRST_ROOM);

    while (room < needed)
        room *= 2;
    if (room == line->room)
        return;
    line->text = (char *)g_realloc(line->text, room);
    line->room = (guint16)room;
}

static void
keep(ces_smtp_line *line, const guint8 *bytes, guint32 length)
{
    guint32 kept = MIN(length, (guint32)CES_SMTP_LINE_KEPT - line->length);

    if (kept == 0)
        return;
    make_room(line, line->length + kept);
    memcpy(line->text + line->length, bytes, kept);
    line->length = (guint16)(line->length + kept);
}

static ces_smtp_span
without_return(ces_smtp_span text)
{
    if (text.length > 0 && text.text[text.length - 1] == '\r')
        text.length--;
    return text;
}

guint32
ces_smtp_line_take(ces_smtp_line *line, const guint8 *bytes, guint32 length, ces_smtp_span *whole)
{
    const guint8 *end = (const guint8 *)memchr(bytes, '\n', length);
    guint32 taken = end ? (guint32)(end - bytes) : length;

    *whole = (ces_smtp_span){NULL, 0};
    if (!end || line->length > 0)
        keep(line, bytes, taken);
    if (!end)
        return taken;
    if (line->length > 0)
        *whole = without_return((ces_smtp_span){line->text, line->length});
    else
        *whole = without_return((ces_smtp_span){(const char *)bytes, MIN(taken, (guint32)CES_SMTP_LINE_KEPT)});
    line->length = 0;
    return taken + 1;
}

void
ces_smtp_line_cut(ces_smtp_line *line)
{
    line->length = 0;
    line->skipping = TRUE;
}

void
ces_smtp_line_clear(ces_smtp_line *line)
{
    g_free(line->text);
    *line = (ces_smtp_line){NULL, 0, 0, FALSE};
}

ces_smtp_span
ces_smtp_span_word(ces_smtp_span text)
{
    const char *blank = text.length ? (const char *)memchr(text.text, ' ', text.length) : NULL;

    return (ces_smtp_span){text.text, blank ? (gsize)(blank - text.text) : text.length};
}

ces_smtp_span
ces_smtp_span_after(ces_smtp_span text, gsize length)
{
    gsize skipped = MIN(length, text.length);

    return (ces_smtp_span){text.text + skipped, text.length - skipped};
}

gboolean
ces_smtp_span_is(ces_smtp_span text, const char *word)
{
    return text.length == strlen(word) && ces_smtp_span_starts(text, word);
}

gboolean
ces_smtp_span_starts(ces_smtp_span text, const char *word)
{
    gsize length = strlen(word);

    return text.length >= length && g_ascii_strncasecmp(text.text, word, length) == 0;
}

ces_smtp_span
ces_smtp_span_trimmed(ces_smtp_span text)
{
    while (text.length > 0 && (text.text[text.length - 1] == ' ' || text.text[text.length - 1] == '\t'))
        text.length--;
    return text;
}
