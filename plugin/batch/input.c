/* input.c
 * Reading a file through what it is compressed with.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec.h"
#include "program.h"
#include "frame.h"

enum { RAW = 1 << 16 };

struct ces_input {
    int descriptor;
    gboolean is_begun; /* the first bytes have been looked at */
    gboolean has_ended;
    gboolean is_cut;
    const ces_codec *codec; /* NULL if it is not compressed */
    gpointer state;         /* of the codec's functions */
    gboolean is_whole;      /* the codec has seen the end of what it was given */
    ces_program *program;   /* or the codec's program */
    guint8 *raw;            /* as the file has it: the first bytes, and what waits for the codec */
    gsize start, end;       /* of that */
};

ces_input *
ces_input_new(int descriptor)
{
    ces_input *input = g_new0(ces_input, 1);

    input->descriptor = descriptor;
    input->raw = g_malloc(RAW);
    return input;
}

void
ces_input_free(ces_input *input)
{
    if (!input)
        return;
    if (input->program)
        ces_program_stop(input->program);
    if (input->state)
        input->codec->close(input->state);
    close(input->descriptor);
    g_free(input->raw);
    g_free(input);
}

gboolean
ces_input_is_cut(const ces_input *input)
{
    return input->is_cut;
}

gboolean
ces_input_is_file(const ces_input *input)
{
    struct stat status;

    return fstat(input->descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/* --- as the file has it -------------------------------------------------------- */

static gssize
read_descriptor(int descriptor, guint8 *to, gsize room, GError **error)
{
    gssize length;

    do
        length = read(descriptor, to, room);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_READ, "%s", g_strerror(errno));
    return length;
}

/* More raw bytes behind those that wait. */
static gssize
fill(ces_input *input, GError **error)
{
    if (input->start == input->end)
        input->start = input->end = 0;
    gssize length = read_descriptor(input->descriptor, input->raw + input->end, RAW - input->end, error);
    if (length > 0)
        input->end += (gsize)length;
    return length;
}

static gssize
take_raw(ces_input *input, guint8 *to, gsize room, GError **error)
{
    gsize waiting = MIN(input->end - input->start, room);

    if (waiting == 0)
        return read_descriptor(input->descriptor, to, room, error);
    memcpy(to, input->raw + input->start, waiting);
    input->start += waiting;
    return (gssize)waiting;
}

/* --- the first bytes ------------------------------------------------------------- */

static gboolean
start_codec(ces_input *input, GError **error)
{
    if (input->codec->program) {
        input->program = ces_program_start(input->codec->program, input->descriptor, input->raw, input->end, error);
        return input->program != NULL;
    }
    input->state = input->codec->begin();
    if (!input->state)
        g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_READ, "no memory for %s", input->codec->name);
    return input->state != NULL;
}

static gboolean
begin(ces_input *input, GError **error)
{
    input->is_begun = TRUE;
    while (input->end < CES_CODEC_MAGIC) {
        gssize length = fill(input, error);
        if (length < 0)
            return FALSE;
        if (length == 0)
            break;
    }
    input->codec = ces_codec_find(input->raw, input->end);
    return !input->codec || start_codec(input, error);
}

/* --- decompressed ------------------------------------------------------------------ */

static gssize
end_program(ces_input *input)
{
    input->is_cut = !ces_program_stop(input->program);
    input->program = NULL;
    input->has_ended = TRUE;
    return 0;
}

static gssize
end_codec(ces_input *input)
{
    input->is_cut = !input->is_whole;
    input->has_ended = TRUE;
    return 0;
}

/* What follows a whole stream and is none itself is padding, as of tapes. */
static gssize
broken(ces_input *input, GError **error)
{
    if (input->is_whole)
        return end_codec(input);
    g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_DAMAGED, "the %s compression is damaged", input->codec->name);
    return -1;
}

static gssize
take_decompressed(ces_input *input, guint8 *to, gsize room, GError **error)
{
    for (;;) {
        gsize available = input->end - input->start;
        ces_codec_step step = input->codec->step(input->state, input->raw + input->start, available, to, room);
        if (step.is_broken)
            return broken(input, error);
        input->start += step.taken;
        if (step.taken > 0 || step.given > 0)
            input->is_whole = step.is_whole;
        if (step.given > 0)
            return (gssize)step.given;
        if (step.taken > 0)
            continue;
        gssize length = fill(input, error);
        if (length <= 0)
            return length < 0 ? -1 : end_codec(input);
    }
}

gssize
ces_input_read(ces_input *input, guint8 *to, gsize room, GError **error)
{
    gssize length;

    if (input->has_ended)
        return 0;
    if (!input->is_begun && !begin(input, error))
        return -1;
    if (!input->codec)
        return take_raw(input, to, room, error);
    if (input->state)
        return take_decompressed(input, to, room, error);
    length = read_descriptor(ces_program_output(input->program), to, room, error);
    return length == 0 ? end_program(input) : length;
}
