/* pcapng.c
 * The newer format (draft-ietf-opsawg-pcapng): sections of blocks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "records.h"

enum {
    INTERFACE = 0x00000001,
    OLD_PACKET = 0x00000002,
    SIMPLE_PACKET = 0x00000003,
    NAMES = 0x00000004,
    PACKET = 0x00000006,
    JOURNAL = 0x00000009,
    SECRETS = 0x0000000a,
    EVENT = 0x00000204,
    EVENT_2 = 0x00000216,
    EVENT_2_LARGE = 0x00000221,
    CUSTOM = 0x00000bad,
    CUSTOM_NO_COPY = 0x40000bad,
    SECTION = 0x0a0d0d0a
};

enum { BLOCK_HEADER = 8, BLOCK_TRAILER = 4, AT_LENGTH = 4 };

/* As Wireshark: the largest packet of any kind, and some options. */
enum { LARGEST_BLOCK = (128 << 20) + 131072 + 32, MOST_INTERFACES = 1 << 16 };

/* The body of a block: what is between its header and its trailer. */
typedef struct {
    guint32 type, length;
} block;

static guint32
round_up(guint32 length)
{
    return (length + 3) & ~(guint32)3;
}

/* The length of all stands behind a block once more. A packet is there in full only with it. */
static ces_read
read_trailer(ces_reader *reader, guint32 length, GError **error)
{
    const guint8 *trailer = ces_reader_peek(reader, BLOCK_TRAILER, error);

    if (!trailer)
        return ces_reader_short(error);
    if (round_up(ces_reader_32(reader, trailer)) != length)
        return ces_reader_damaged(error, "the two lengths of a block differ");
    ces_reader_take(reader, BLOCK_TRAILER);
    return CES_READ_FRAME;
}

/* --- options ---------------------------------------------------------------------- */

enum { OPTION_HEADER = 4 };

/* The next option of those between *at and `end`; FALSE after the last, or if
 * the rest is none. */
static gboolean
next_option(const ces_reader *reader, const guint8 **at, const guint8 *end, guint16 *code, guint16 *length,
            const guint8 **value)
{
    if (end - *at < OPTION_HEADER)
        return FALSE;
    *code = ces_reader_16(reader, *at);
    *length = ces_reader_16(reader, *at + 2);
    *value = *at + OPTION_HEADER;
    if (*code == 0 || (gsize)(end - *value) < round_up(*length))
        return FALSE;
    *at = *value + round_up(*length);
    return TRUE;
}

/* Whether the options end where they say. Wireshark gives up the file otherwise. */
static gboolean
options_fit(const ces_reader *reader, const guint8 *at, const guint8 *end)
{
    guint16 code = 0, length;
    const guint8 *value;

    while (next_option(reader, &at, end, &code, &length, &value))
        continue;
    return at == end || (end - at >= OPTION_HEADER && code == 0);
}

/* --- sections ---------------------------------------------------------------------- */

/* Its magic number tells the byte order of the section; FALSE if it is none. */
static gboolean
read_byte_order(ces_reader *reader, const guint8 *magic)
{
    const guint32 right = 0x1a2b3c4d;

    for (guint swapped = 0; swapped < 2; swapped++) {
        reader->is_swapped = swapped != 0;
        if (ces_reader_32(reader, magic) == right)
            return TRUE;
    }
    return FALSE;
}

static ces_read
read_section(ces_reader *reader, GError **error)
{
    enum { AT_MAGIC = 8, AT_MAJOR = 12, AT_MINOR = 14, SHORTEST = 28, LOOK_AT = 16 };
    const guint8 *header = ces_reader_peek(reader, LOOK_AT, error);

    if (!header)
        return ces_reader_short(error);
    if (!read_byte_order(reader, header + AT_MAGIC))
        return ces_reader_damaged(error, "a section of unknown byte order");
    guint32 length = round_up(ces_reader_32(reader, header + AT_LENGTH));
    guint16 major = ces_reader_16(reader, header + AT_MAJOR), minor = ces_reader_16(reader, header + AT_MINOR);
    if (length < SHORTEST || length > LARGEST_BLOCK)
        return ces_reader_damaged(error, "a section header of %u bytes", length);
    if (major != 1 || (minor != 0 && minor != 2)) {
        g_set_error(error, CES_READER_ERROR, CES_READER_ERROR_UNSUPPORTED, "version %u.%u of pcapng", major, minor);
        return CES_READ_FAILED;
    }
    g_array_set_size(reader->interfaces, 0);
    if (!ces_reader_skip(reader, length - BLOCK_TRAILER, error))
        return ces_reader_short(error);
    return read_trailer(reader, length, error);
}

/* --- interfaces -------------------------------------------------------------------- */

/* Units of time in a second: a power of two if the upper bit is set, else of ten. */
static guint64
read_units(guint8 resolution)
{
    guint64 units = 1, base = resolution & 0x80 ? 2 : 10;
    guint exponent = resolution & 0x7f;

    if (exponent >= (base == 2 ? 64u : 20u))
        return G_MAXUINT64;
    while (exponent-- > 0)
        units *= base;
    return units;
}

static void
read_interface_options(const ces_reader *reader, const guint8 *at, const guint8 *end, ces_interface *interface)
{
    enum { RESOLUTION = 9, CHECK_LENGTH = 13, OFFSET = 14 };
    gboolean has_resolution = FALSE, has_check = FALSE, has_offset = FALSE; /* the first of a kind counts */
    guint16 code, length;
    const guint8 *value;

    while (next_option(reader, &at, end, &code, &length, &value)) {
        if (code == RESOLUTION && length == 1 && !has_resolution) {
            interface->units = read_units(value[0]);
            has_resolution = TRUE;
        } else if (code == CHECK_LENGTH && length == 1 && !has_check) {
            interface->check_bytes = value[0] < 8 ? value[0] : value[0] / 8u; /* or bits */
            has_check = TRUE;
        } else if (code == OFFSET && length == 8 && !has_offset) {
            interface->offset = ces_reader_64(reader, value);
            has_offset = TRUE;
        }
    }
}

static ces_read
read_interface(ces_reader *reader, block body, GError **error)
{
    enum { AT_SNAPSHOT = 4, FIXED = 8, DEFAULT_UNITS = 1000000 };
    ces_interface interface = {.units = DEFAULT_UNITS};

    if (body.length < FIXED)
        return ces_reader_damaged(error, "an interface of %u bytes", body.length);
    if (reader->interfaces->len >= MOST_INTERFACES)
        return ces_reader_damaged(error, "more than %d interfaces in a section", MOST_INTERFACES);
    const guint8 *bytes = ces_reader_peek(reader, body.length, error);
    if (!bytes)
        return ces_reader_short(error);
    if (!options_fit(reader, bytes + FIXED, bytes + body.length))
        return ces_reader_damaged(error, "an option of an interface that is longer than its block");
    interface.link_type = ces_reader_16(reader, bytes);
    interface.snapshot = ces_reader_32(reader, bytes + AT_SNAPSHOT);
    read_interface_options(reader, bytes + FIXED, bytes + body.length, &interface);
    g_array_append_val(reader->interfaces, interface);
    ces_reader_take(reader, body.length);
    return CES_READ_FRAME;
}

/* --- packets ----------------------------------------------------------------------- */

/* As Wireshark computes it, in 64 bits that may run over; a result that is none
 * is CES_TIME_UNKNOWN. */
static void
read_time(const ces_interface *interface, guint32 high, guint32 low, ces_frame *frame)
{
    guint64 ticks = (guint64)high << 32 | low;

    frame->seconds = (gint64)(ticks / interface->units + interface->offset);
    frame->nanoseconds = (gint32)(guint32)(ticks % interface->units * 1000000000u / interface->units);
    frame->timestamp = ces_time_from(frame->seconds, frame->nanoseconds);
}

/* The flags of a packet may tell of its check sequence. */
static guint32
read_check_bytes(const ces_reader *reader, const guint8 *at, const guint8 *end, guint32 otherwise)
{
    enum { FLAGS = 2, SHIFT = 5, MASK = 0x0f };
    guint16 code, length;
    const guint8 *value;

    while (next_option(reader, &at, end, &code, &length, &value))
        if (code == FLAGS && length == 4) {
            guint32 told = ces_reader_32(reader, value) >> SHIFT & MASK;
            return told ? told : otherwise;
        }
    return otherwise;
}

/* What the three kinds of packet blocks have in common: bytes behind a fixed
 * part, and options. */
static ces_read
read_packet_bytes(ces_reader *reader, const ces_interface *interface, block body, guint32 fixed, ces_frame *frame,
                  GError **error)
{
    if (frame->captured > ces_reader_largest(interface->link_type))
        return ces_reader_damaged(error, "a packet of %u bytes, which no recorder writes", frame->captured);
    if (body.length < fixed + round_up(frame->captured))
        return ces_reader_damaged(error, "a packet of %u bytes in a block of %u", frame->captured, body.length);
    const guint8 *bytes = ces_reader_peek(reader, (gsize)body.length + BLOCK_TRAILER, error);
    if (!bytes)
        return ces_reader_short(error);
    frame->number = reader->number + 1;
    frame->is_packet = TRUE;
    frame->link_type = interface->link_type;
    frame->sent = MIN(frame->sent, (guint32)G_MAXINT32);
    const guint8 *options = bytes + fixed + round_up(frame->captured), *end = bytes + body.length;
    if (body.type != SIMPLE_PACKET && !options_fit(reader, options, end))
        return ces_reader_damaged(error, "an option of a packet that is longer than its block");
    frame->check_bytes = read_check_bytes(reader, options, end, interface->check_bytes);
    frame->bytes = bytes + fixed;
    ces_reader_take(reader, body.length);
    return CES_READ_FRAME;
}

static const ces_interface *
find_interface(const ces_reader *reader, guint32 number, GError **error)
{
    if (number < reader->interfaces->len)
        return &g_array_index(reader->interfaces, ces_interface, number);
    ces_reader_damaged(error, "a packet of interface %u, of %u", number, reader->interfaces->len);
    return NULL;
}

/* The enhanced block, and the obsolete one, which counts dropped packets in
 * half of the interface's number. */
static ces_read
read_packet(ces_reader *reader, block body, ces_frame *frame, GError **error)
{
    enum { AT_HIGH = 4, AT_LOW = 8, AT_CAPTURED = 12, AT_SENT = 16, FIXED = 20 };

    if (body.length < FIXED)
        return ces_reader_damaged(error, "a packet block of %u bytes", body.length);
    const guint8 *bytes = ces_reader_peek(reader, FIXED, error);
    if (!bytes)
        return ces_reader_short(error);
    guint32 number = body.type == PACKET ? ces_reader_32(reader, bytes) : ces_reader_16(reader, bytes);
    const ces_interface *interface = find_interface(reader, number, error);
    if (!interface)
        return CES_READ_FAILED;
    read_time(interface, ces_reader_32(reader, bytes + AT_HIGH), ces_reader_32(reader, bytes + AT_LOW), frame);
    frame->captured = ces_reader_32(reader, bytes + AT_CAPTURED);
    frame->sent = ces_reader_32(reader, bytes + AT_SENT);
    return read_packet_bytes(reader, interface, body, FIXED, frame, error);
}

/* It has no time, and is of the first interface, whose snapshot length tells
 * how much of it is there. */
static ces_read
read_simple_packet(ces_reader *reader, block body, ces_frame *frame, GError **error)
{
    enum { FIXED = 4 };

    if (body.length < FIXED)
        return ces_reader_damaged(error, "a packet block of %u bytes", body.length);
    const guint8 *bytes = ces_reader_peek(reader, FIXED, error);
    if (!bytes)
        return ces_reader_short(error);
    const ces_interface *interface = find_interface(reader, 0, error);
    if (!interface)
        return CES_READ_FAILED;
    frame->sent = ces_reader_32(reader, bytes);
    frame->captured = interface->snapshot ? MIN(frame->sent, interface->snapshot) : frame->sent;
    frame->seconds = frame->nanoseconds = 0;
    frame->timestamp = CES_TIME_UNKNOWN;
    return read_packet_bytes(reader, interface, body, FIXED, frame, error);
}

/* Records that Wireshark counts as frames: they have a number, and tell nothing. */
static ces_read
read_other_record(ces_reader *reader, block body, ces_frame *frame, GError **error)
{
    if (!ces_reader_skip(reader, body.length, error))
        return ces_reader_short(error);
    *frame = (ces_frame){.number = reader->number + 1, .timestamp = CES_TIME_UNKNOWN};
    return CES_READ_FRAME;
}

/* --- names ------------------------------------------------------------------------ */

enum { NAME_END = 0, NAME_IPV4 = 1, NAME_IPV6 = 2, NAME_HEADER = 4 };

/* Names of one address, each ended by a NUL. FALSE if the last one is not. */
static gboolean
tell_names(const ces_reader *reader, const ces_address *address, const guint8 *at, const guint8 *end)
{
    while (at < end) {
        const guint8 *nul = memchr(at, 0, (gsize)(end - at));
        if (!nul)
            return FALSE;
        if (reader->name)
            reader->name(address, (const char *)at, reader->name_data);
        at = nul + 1;
    }
    return TRUE;
}

static gboolean
read_name(const ces_reader *reader, guint16 type, const guint8 *record, guint16 length)
{
    enum { IPV4_LENGTH = 4, IPV6_LENGTH = 16 };
    guint16 address_length = type == NAME_IPV4 ? IPV4_LENGTH : IPV6_LENGTH;

    if (type != NAME_IPV4 && type != NAME_IPV6)
        return TRUE;
    if (length < address_length)
        return FALSE;
    ces_address address = type == NAME_IPV4 ? ces_address_from_ipv4(record) : ces_address_from_ipv6(record);
    return tell_names(reader, &address, record + address_length, record + length);
}

/* One record after the other, so that only one of them has to be in memory. */
static ces_read
read_names(ces_reader *reader, block body, GError **error)
{
    guint32 left = body.length;

    while (left >= NAME_HEADER) {
        const guint8 *header = ces_reader_peek(reader, NAME_HEADER, error);
        if (!header)
            return ces_reader_short(error);
        guint16 type = ces_reader_16(reader, header), length = ces_reader_16(reader, header + 2);
        if (type == NAME_END)
            break;
        guint32 all = NAME_HEADER + round_up(length);
        if (all > left)
            return ces_reader_damaged(error, "a name of %u bytes, %u are left in its block", length, left);
        const guint8 *record = ces_reader_peek(reader, all, error);
        if (!record)
            return ces_reader_short(error);
        if (!read_name(reader, type, record + NAME_HEADER, length))
            return ces_reader_damaged(error, "a name without an end");
        ces_reader_take(reader, all);
        left -= all;
    }
    return ces_reader_skip(reader, left, error) ? CES_READ_FRAME : ces_reader_short(error);
}

/* --- blocks ------------------------------------------------------------------------ */

static gboolean
is_record(guint32 type)
{
    switch (type) {
    case OLD_PACKET:
    case SIMPLE_PACKET:
    case PACKET:
    case JOURNAL:
    case EVENT:
    case EVENT_2:
    case EVENT_2_LARGE:
    case CUSTOM:
    case CUSTOM_NO_COPY:
        return TRUE;
    default:
        return FALSE;
    }
}

static ces_read
read_body(ces_reader *reader, block body, ces_frame *frame, GError **error)
{
    switch (body.type) {
    case PACKET:
    case OLD_PACKET:
        return read_packet(reader, body, frame, error);
    case SIMPLE_PACKET:
        return read_simple_packet(reader, body, frame, error);
    case INTERFACE:
        return read_interface(reader, body, error);
    case NAMES:
        return read_names(reader, body, error);
    case SECRETS:
        reader->has_secrets = TRUE;
        break;
    default:
        if (is_record(body.type))
            return read_other_record(reader, body, frame, error);
    }
    return ces_reader_skip(reader, body.length, error) ? CES_READ_FRAME : ces_reader_short(error);
}

static ces_read
read_block(ces_reader *reader, ces_frame *frame, gboolean *is_frame, GError **error)
{
    const guint8 *header = ces_reader_peek(reader, BLOCK_HEADER, error);

    *is_frame = FALSE;
    if (!header)
        return reader->start == reader->end && !(error && *error) ? CES_READ_END : ces_reader_short(error);
    block body = {.type = ces_reader_32(reader, header)};
    if (body.type == SECTION) /* reads the same in both orders */
        return read_section(reader, error);
    guint32 length = ces_reader_32(reader, header + AT_LENGTH);
    if (length < BLOCK_HEADER + BLOCK_TRAILER || length > LARGEST_BLOCK)
        return ces_reader_damaged(error, "a block of %u bytes", length);
    body.length = round_up(length) - BLOCK_HEADER - BLOCK_TRAILER;
    ces_reader_take(reader, BLOCK_HEADER);
    ces_read answer = read_body(reader, body, frame, error);
    if (answer != CES_READ_FRAME)
        return answer;
    *is_frame = is_record(body.type);
    return read_trailer(reader, body.length + BLOCK_HEADER + BLOCK_TRAILER, error);
}

static ces_read
read_record(ces_reader *reader, ces_frame *frame, GError **error)
{
    gboolean is_frame;
    ces_read answer;

    do
        answer = read_block(reader, frame, &is_frame, error);
    while (answer == CES_READ_FRAME && !is_frame);
    if (answer == CES_READ_FRAME)
        reader->number++;
    return answer;
}

ces_read
ces_pcapng_open(ces_reader *reader, GError **error)
{
    enum { LOOK_AT = 12, AT_MAGIC = 8 };
    const guint8 *header = ces_reader_peek(reader, LOOK_AT, error);

    if (!header)
        return error && *error ? CES_READ_FAILED : CES_READ_OTHER_FORMAT;
    if (ces_reader_32(reader, header) != SECTION || !read_byte_order(reader, header + AT_MAGIC))
        return CES_READ_OTHER_FORMAT;
    reader->next = read_record;
    return CES_READ_FRAME;
}
