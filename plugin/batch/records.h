/* records.h
 * What the formats share: a reader's buffer and its state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_RECORDS_H
#define CES_RECORDS_H

#include <string.h>

#include "input.h"
#include "reader.h"

/* A pcapng interface; pcap has one. */
typedef struct {
    guint32 link_type;
    guint32 snapshot;    /* 0: no limit */
    guint64 units;       /* of time in a second */
    guint64 offset;      /* seconds to add; in two's complement */
    guint32 check_bytes; /* of the check sequence behind a frame; 0 if the file tells of none */
} ces_interface;

struct ces_reader {
    ces_input *input;
    guint8 *buffer;
    gsize room, start, end; /* start..end: read, and not taken yet */
    gboolean is_swapped;    /* numbers are in the other byte order than this machine's */
    gboolean has_secrets;
    gboolean is_nanosecond; /* pcap */
    guint32 number;
    GArray *interfaces; /* ces_interface, of the section */
    ces_read (*next)(ces_reader *reader, ces_frame *frame, GError **error);
    ces_read final; /* once it is not CES_READ_FRAME, it stays */
    ces_reader_name name;
    gpointer name_data;
    int keeper;          /* where a copy goes, or -1 */
    guint64 keeper_room; /* bytes it may still get */
    gboolean is_kept;    /* it has all that was read */
};

/* Reads until `length` bytes wait; FALSE as ces_reader_peek is NULL. */
gboolean ces_reader_wait(ces_reader *reader, gsize length, GError **error);

/* The next `length` bytes, which stay where they are; NULL if the file ends
 * before (then CES_READ_CUT is the answer), or `error` is set. */
static inline const guint8 *
ces_reader_peek(ces_reader *reader, gsize length, GError **error)
{
    if (G_UNLIKELY(reader->end - reader->start < length) && !ces_reader_wait(reader, length, error))
        return NULL;
    return reader->buffer + reader->start;
}

/* Leaves these bytes, which have been peeked at. They stay valid until the next peek. */
static inline void
ces_reader_take(ces_reader *reader, gsize length)
{
    reader->start += length;
}

/* Leaves bytes that nobody needs to see; FALSE as ces_reader_peek is NULL. */
gboolean ces_reader_skip(ces_reader *reader, guint64 length, GError **error);

/* Numbers in the byte order of the file. */
static inline guint16
ces_reader_16(const ces_reader *reader, const guint8 *bytes)
{
    guint16 number;

    memcpy(&number, bytes, sizeof number);
    return reader->is_swapped ? GUINT16_SWAP_LE_BE(number) : number;
}

static inline guint32
ces_reader_32(const ces_reader *reader, const guint8 *bytes)
{
    guint32 number;

    memcpy(&number, bytes, sizeof number);
    return reader->is_swapped ? GUINT32_SWAP_LE_BE(number) : number;
}

static inline guint64
ces_reader_64(const ces_reader *reader, const guint8 *bytes)
{
    guint64 number;

    memcpy(&number, bytes, sizeof number);
    return reader->is_swapped ? GUINT64_SWAP_LE_BE(number) : number;
}

/* CES_READ_FAILED, with an error that says that the file is damaged. */
ces_read ces_reader_damaged(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The end of the path when a peek has given nothing. */
static inline ces_read
ces_reader_short(GError *const *error)
{
    return error && *error ? CES_READ_FAILED : CES_READ_CUT;
}

/* The largest packet that Wireshark takes for this link type. */
guint32 ces_reader_largest(guint32 link_type);

/* Each format: CES_READ_FRAME if the file is of it and `next` has been set. */
ces_read ces_pcap_open(ces_reader *reader, GError **error);
ces_read ces_pcapng_open(ces_reader *reader, GError **error);

#endif
