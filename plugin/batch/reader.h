/* reader.h
 * Packets of a capture file, one after the other, in bounded memory.
 *
 * Reads pcap and pcapng as Wireshark does: with the same numbers, times and
 * lengths. Everything else is told apart as another format, so that a library
 * that knows more can take it from the start.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_READER_H
#define CES_READER_H

#include <ces/address.h>
#include <ces/time.h>

/* Errors of the reader. Messages name no file: the caller knows which. */
#define CES_READER_ERROR (ces_reader_error_quark())
typedef enum {
    CES_READER_ERROR_READ,    /* the operating system refused */
    CES_READER_ERROR_DAMAGED, /* the file contradicts itself, or its compression is broken */
    CES_READER_ERROR_UNSUPPORTED,
    CES_READER_ERROR_PROGRAM /* the program that decompresses could not be run, or failed */
} ces_reader_error;
GQuark ces_reader_error_quark(void);

/* One record. Valid until the next is read. */
typedef struct {
    guint32 number;      /* as Wireshark numbers frames: from 1, records that are no packets included */
    gboolean is_packet;  /* FALSE: a record of another kind, which has a number and nothing else */
    ces_time timestamp;  /* CES_TIME_UNKNOWN if it has none */
    guint32 link_type;   /* LINKTYPE_ of its interface */
    guint32 captured;    /* bytes that are there */
    guint32 sent;        /* bytes that were on the wire; a file may claim fewer than are there */
    guint32 check_bytes; /* of them at the end, those of a frame check sequence that the file tells of */
    gint64 seconds;      /* the time as Wireshark computes it, for those who ask it */
    gint32 nanoseconds;
    const guint8 *bytes; /* never NULL where is_packet */
} ces_frame;

typedef enum {
    CES_READ_FRAME,        /* `frame` is filled */
    CES_READ_END,          /* the file ends after a whole record */
    CES_READ_CUT,          /* it ends in the middle of one; all before it counts */
    CES_READ_OTHER_FORMAT, /* not a format that is read here, told before any frame */
    CES_READ_FAILED        /* see the error; all before it counts */
} ces_read;

typedef struct ces_reader ces_reader;

/* A name that the file itself gives to an address (a name resolution block). */
typedef void (*ces_reader_name)(const ces_address *address, const char *name, gpointer data);

/* Opens a file by its name, which is bytes of any kind, or the file descriptor
 * (which is closed with the reader). Files compressed by gzip, zstd, lz4, xz
 * and bzip2 are told by their first bytes, not by their names. NULL and `error`
 * if it cannot be opened. */
ces_reader *ces_reader_open(const char *path, GError **error);
ces_reader *ces_reader_open_descriptor(int descriptor);
void ces_reader_free(ces_reader *reader); /* takes NULL */

/* From now on names are told, in the order of the file, between the frames
 * where they stand. */
void ces_reader_tell_names(ces_reader *reader, ces_reader_name name, gpointer data);

/* Reads the next record. `error` is set with CES_READ_FAILED only. Once it has
 * returned something else than CES_READ_FRAME, it does so for ever. */
ces_read ces_reader_next(ces_reader *reader, ces_frame *frame, GError **error);

/* Whether decryption secrets have stood in the file so far: Wireshark then sees
 * more than there is to be seen without them. */
gboolean ces_reader_has_secrets(const ces_reader *reader);

/* Before the first record: from now on, what is read is also written, decompressed,
 * to `descriptor`, which stays the caller's. It ends and the file becomes empty
 * where it is not needed (a pcap file never holds secrets), when there are more
 * than `most` bytes, or where they cannot be written. */
void ces_reader_keep(ces_reader *reader, int descriptor, guint64 most);

/* Reads on to the end of the file without looking at it. Whether all of it is
 * kept now. */
gboolean ces_reader_keep_rest(ces_reader *reader, GError **error);

/* Before the first record, or after CES_READ_OTHER_FORMAT: writes the whole file, decompressed, from its
 * first byte on to `descriptor`, for those who can only read a file. */
gboolean ces_reader_spool(ces_reader *reader, int descriptor, GError **error);

#endif
