/* codec.c
 * gzip, zstd and lz4 by their libraries, xz and bzip2 by their programs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "codec.h"

#include <string.h>

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

/* --- gzip ------------------------------------------------------------------------- */

static gpointer
gzip_begin(void)
{
    enum { LARGEST_WINDOW = 15, WITH_HEADER = 16 };
    z_stream *stream = g_new0(z_stream, 1);

    if (inflateInit2(stream, LARGEST_WINDOW + WITH_HEADER) == Z_OK)
        return stream;
    g_free(stream);
    return NULL;
}

/* A file may hold several members one behind the other (RFC 1952 section 2.2). */
static ces_codec_step
gzip_step(gpointer state, const guint8 *in, gsize available, guint8 *out, gsize room)
{
    z_stream *stream = state;
    ces_codec_step step = {0};

    stream->next_in = (Bytef *)in; /* not written to: zlib's type is older than const */
    stream->avail_in = (uInt)MIN(available, G_MAXUINT / 2);
    stream->next_out = out;
    stream->avail_out = (uInt)MIN(room, G_MAXUINT / 2);
    int result = inflate(stream, Z_NO_FLUSH);
    step.taken = (gsize)(stream->next_in - in);
    step.given = (gsize)(stream->next_out - out);
    step.is_whole = result == Z_STREAM_END;
    step.is_broken = result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR;
    if (result == Z_STREAM_END)
        inflateReset(stream);
    return step;
}

static void
gzip_close(gpointer state)
{
    inflateEnd(state);
    g_free(state);
}

/* --- zstd --------------------------------------------------------------------------- */

static gpointer
zstd_begin(void)
{
    return ZSTD_createDCtx();
}

static ces_codec_step
zstd_step(gpointer state, const guint8 *in, gsize available, guint8 *out, gsize room)
{
    ZSTD_inBuffer from = {in, available, 0};
    ZSTD_outBuffer to = {out, room, 0};
    size_t result = ZSTD_decompressStream(state, &to, &from);

    return (ces_codec_step){from.pos, to.pos, result == 0, ZSTD_isError(result) != 0};
}

static void
zstd_close(gpointer state)
{
    ZSTD_freeDCtx(state);
}

/* --- lz4 ---------------------------------------------------------------------------- */

static gpointer
lz4_begin(void)
{
    LZ4F_dctx *context = NULL;

    return LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) ? NULL : context;
}

static ces_codec_step
lz4_step(gpointer state, const guint8 *in, gsize available, guint8 *out, gsize room)
{
    size_t taken = available, given = room;
    size_t result = LZ4F_decompress(state, out, &given, in, &taken, NULL);

    return (ces_codec_step){taken, given, result == 0, LZ4F_isError(result) != 0};
}

static void
lz4_close(gpointer state)
{
    LZ4F_freeDecompressionContext(state);
}

/* --- the table ------------------------------------------------------------------------ */

/* Bounded memory, whatever the file asks for. */
static const char *const xz[] = {"xz", "-d", "-c", "-q", "-M", "256MiB", NULL};
static const char *const bzip2[] = {"bzip2", "-d", "-c", "-q", NULL};

static const ces_codec codecs[] = {
    {"gzip", {0x1f, 0x8b}, 2, NULL, gzip_begin, gzip_step, gzip_close},
    {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, NULL, zstd_begin, zstd_step, zstd_close},
    {"lz4", {0x04, 0x22, 0x4d, 0x18}, 4, NULL, lz4_begin, lz4_step, lz4_close},
    {"xz", {0xfd, '7', 'z', 'X', 'Z', 0x00}, 6, xz, NULL, NULL, NULL},
    {"bzip2", {'B', 'Z', 'h'}, 3, bzip2, NULL, NULL, NULL},
};

const ces_codec *
ces_codec_find(const guint8 *bytes, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codecs); i++)
        if (length >= codecs[i].magic_length && memcmp(bytes, codecs[i].magic, codecs[i].magic_length) == 0)
            return &codecs[i];
    return NULL;
}
