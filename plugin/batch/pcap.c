/* pcap.c
 * The classic format of libpcap.
 *
 * The variants that some old systems wrote (other fields in a record under the
 * same magic number, lengths in the other order) are told from it as Wireshark
 * tells them, and are another format here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "records.h"

enum { MAGIC_MICRO = 0xa1b2c3d4, MAGIC_NANO = 0xa1b23c4d };
enum { FILE_HEADER = 24, RECORD_HEADER = 16 };
enum { AT_SECONDS = 0, AT_FRACTION = 4, AT_CAPTURED = 8, AT_SENT = 12 };

/* --- is it one? -------------------------------------------------------------------- */

static gboolean
read_magic(ces_reader *reader, const guint8 *bytes)
{
    for (guint swapped = 0; swapped < 2; swapped++) {
        reader->is_swapped = swapped != 0;
        guint32 magic = ces_reader_32(reader, bytes);
        reader->is_nanosecond = magic == MAGIC_NANO;
        if (magic == MAGIC_MICRO || magic == MAGIC_NANO)
            return TRUE;
    }
    return FALSE;
}

/* Whether a record header looks as libpcap writes it. */
static gboolean
is_usual_record(const ces_reader *reader, const guint8 *record)
{
    enum { MICROSECONDS = 1000000, LARGEST_SENT = 128 << 20 };
    const ces_interface *interface = &g_array_index(reader->interfaces, ces_interface, 0);
    guint32 captured = ces_reader_32(reader, record + AT_CAPTURED), sent = ces_reader_32(reader, record + AT_SENT);

    return ces_reader_32(reader, record + AT_FRACTION) < MICROSECONDS &&
           captured <= ces_reader_largest(interface->link_type) && sent <= LARGEST_SENT &&
           captured <= interface->snapshot && captured <= sent;
}

/* Wireshark looks at the first records before it decides, unless it reads a
 * pipe. Records that are cut off are as usual as others. */
static gboolean
are_usual_records(ces_reader *reader, GError **error)
{
    enum { RECORDS = 3 };
    gsize at = FILE_HEADER;

    if (reader->is_nanosecond || !ces_input_is_file(reader->input))
        return TRUE;
    for (guint i = 0; i < RECORDS; i++) {
        const guint8 *bytes = ces_reader_peek(reader, at + RECORD_HEADER, error);
        if (!bytes)
            return TRUE;
        if (!is_usual_record(reader, bytes + at))
            return FALSE;
        at += RECORD_HEADER + ces_reader_32(reader, bytes + at + AT_CAPTURED);
    }
    return TRUE;
}

/* --- records ------------------------------------------------------------------------ */

/* The arithmetic is Wireshark's: in 32 bits. What does not fit is no time. */
static void
read_time(const ces_reader *reader, const guint8 *record, ces_frame *frame)
{
    guint32 fraction = ces_reader_32(reader, record + AT_FRACTION);

    frame->seconds = ces_reader_32(reader, record + AT_SECONDS);
    frame->nanoseconds = (gint32)(reader->is_nanosecond ? fraction : fraction * 1000u);
    frame->timestamp = ces_time_from(frame->seconds, frame->nanoseconds);
}

static ces_read
read_record(ces_reader *reader, ces_frame *frame, GError **error)
{
    const ces_interface *interface = &g_array_index(reader->interfaces, ces_interface, 0);
    const guint8 *record = ces_reader_peek(reader, RECORD_HEADER, error);

    if (!record)
        return reader->start == reader->end && !(error && *error) ? CES_READ_END : ces_reader_short(error);
    guint32 captured = ces_reader_32(reader, record + AT_CAPTURED);
    if (captured > ces_reader_largest(interface->link_type))
        return ces_reader_damaged(error, "a packet of %u bytes, which no recorder writes", captured);
    record = ces_reader_peek(reader, RECORD_HEADER + captured, error);
    if (!record)
        return ces_reader_short(error);
    read_time(reader, record, frame);
    frame->number = ++reader->number;
    frame->is_packet = TRUE;
    frame->link_type = interface->link_type;
    frame->captured = captured;
    frame->sent = MIN(ces_reader_32(reader, record + AT_SENT), (guint32)G_MAXINT32);
    frame->check_bytes = interface->check_bytes;
    frame->bytes = record + RECORD_HEADER;
    ces_reader_take(reader, RECORD_HEADER + captured);
    return CES_READ_FRAME;
}

/* The upper half of the number of the link type tells of a check sequence, in
 * units of two bytes. */
static ces_interface
read_interface(const ces_reader *reader, const guint8 *header)
{
    enum { AT_SNAPSHOT = 16, AT_LINK = 20, LINK_TYPE = 0xffff };
    const guint32 has_check = 0x04000000;
    guint32 link = ces_reader_32(reader, header + AT_LINK);

    return (ces_interface){.link_type = link & LINK_TYPE,
                           .snapshot = ces_reader_32(reader, header + AT_SNAPSHOT),
                           .check_bytes = link & has_check ? (link >> 28) * 2 : 0};
}

ces_read
ces_pcap_open(ces_reader *reader, GError **error)
{
    enum { AT_MAJOR = 4, AT_MINOR = 6, AT_LINK = 20, MAJOR = 2, MINOR = 4, RESERVED = 0x03ff0000 };
    const guint8 *header = ces_reader_peek(reader, FILE_HEADER, error);

    if (!header)
        return error && *error ? CES_READ_FAILED : CES_READ_OTHER_FORMAT;
    if (!read_magic(reader, header) || ces_reader_16(reader, header + AT_MAJOR) != MAJOR ||
        ces_reader_16(reader, header + AT_MINOR) != MINOR || ces_reader_32(reader, header + AT_LINK) & RESERVED)
        return CES_READ_OTHER_FORMAT;
    ces_interface interface = read_interface(reader, header);
    g_array_append_val(reader->interfaces, interface);
    if (!are_usual_records(reader, error))
        return CES_READ_OTHER_FORMAT;
    ces_reader_take(reader, FILE_HEADER);
    reader->next = read_record;
    return CES_READ_FRAME;
}
