/* frame.h
 * A record of a capture file, and what reading one can come to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FRAME_H
#define CES_FRAME_H

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

#endif
