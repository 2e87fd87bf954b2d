/* writer.c
 * What the formats share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/writer.h"

void
ces_writer_init(ces_writer *writer, const ces_format *format, GString *text, gboolean remembers)
{
    *writer = (ces_writer){
        .format = format,
        .text = text,
        .scratch = g_string_sized_new(1024),
        .fragments = remembers ? g_new0(ces_fragment, CES_FRAGMENTS) : NULL,
        .reason = {g_string_new(NULL), g_string_new(NULL)},
        .advice = {g_string_new(NULL), g_string_new(NULL)},
    };
}

static void
clear_sentence(ces_sentence *sentence)
{
    g_string_free(sentence->given, TRUE);
    g_string_free(sentence->written, TRUE);
}

void
ces_writer_clear(ces_writer *writer)
{
    g_string_free(writer->scratch, TRUE);
    clear_sentence(&writer->reason);
    clear_sentence(&writer->advice);
    for (guint i = 0; writer->fragments && i < CES_FRAGMENTS; i++)
        if (writer->fragments[i].text)
            g_string_free(writer->fragments[i].text, TRUE);
    g_free(writer->fragments);
}

/* One place for each value: a newcomer takes it, so the memory is bounded. */
static ces_fragment *
fragment_about(ces_writer *writer, guint64 about)
{
    return &writer->fragments[about * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) >> 56];
}

G_STATIC_ASSERT(CES_FRAGMENTS == 1 << 8);

static void
append(ces_writer *writer, const GString *text)
{
    ces_text_wrote(writer->text, ces_put_bytes(ces_text_room(writer->text, text->len), text->str, text->len));
}

/* What was written since the mark. */
static void
keep_written(const ces_writer *writer, GString *to)
{
    g_string_truncate(to, 0);
    g_string_append_len(to, writer->text->str + writer->mark, (gssize)(writer->text->len - writer->mark));
}

gboolean
ces_writer_recall(ces_writer *writer, guint64 about)
{
    if (!writer->fragments)
        return FALSE;
    const ces_fragment *fragment = fragment_about(writer, about);
    if (fragment->about != about) {
        writer->mark = writer->text->len;
        return FALSE;
    }
    append(writer, fragment->text);
    return TRUE;
}

void
ces_writer_keep(ces_writer *writer, guint64 about)
{
    if (!writer->fragments)
        return;
    ces_fragment *fragment = fragment_about(writer, about);
    if (!fragment->text)
        fragment->text = g_string_new(NULL);
    keep_written(writer, fragment->text);
    fragment->about = about;
}

/* What was written is never empty: the name of its member, or a comma. */
gboolean
ces_writer_repeat(ces_writer *writer, const ces_sentence *latest, const GString *given)
{
    if (!writer->fragments)
        return FALSE;
    writer->mark = writer->text->len;
    if (latest->written->len == 0 || latest->given->len != given->len ||
        memcmp(latest->given->str, given->str, given->len) != 0)
        return FALSE;
    append(writer, latest->written);
    return TRUE;
}

void
ces_writer_keep_sentence(ces_writer *writer, ces_sentence *latest, const GString *given)
{
    if (!writer->fragments)
        return;
    g_string_truncate(latest->given, 0);
    g_string_append_len(latest->given, given->str, (gssize)given->len);
    keep_written(writer, latest->written);
}
