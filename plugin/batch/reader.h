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

#include "frame.h"

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

/* Before the first record, or after CES_READ_OTHER_FORMAT: writes the whole file,
 * decompressed, from its first byte on to `descriptor`, for those who can only
 * read a file. */
gboolean ces_reader_spool(ces_reader *reader, int descriptor, GError **error);

#endif
