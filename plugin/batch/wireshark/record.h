/* record.h
 * A record of a capture with its bytes, as libwiretap reads it and libwireshark
 * dissects it: what differs there between Wireshark 4.0, 4.4 and 4.6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_RECORD_H
#define CES_WIRESHARK_RECORD_H

#include "compat.h"

#include <epan/addr_resolv.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/frame_data.h>
#include <epan/frame_data_sequence.h>
#include <wiretap/wtap.h>
#include <wsutil/buffer.h>

/* As many bytes as most frames have. */
enum { CES_RECORD_BYTES = 1514 };

/* Since 4.6 the bytes are part of the record, and are dissected with it. */
#if CES_WIRESHARK_AT_LEAST(4, 6)

typedef struct {
    wtap_rec head;
} ces_record;

static inline void
ces_record_init(ces_record *record)
{
    wtap_rec_init(&record->head, CES_RECORD_BYTES);
}

static inline void
ces_record_cleanup(ces_record *record)
{
    wtap_rec_cleanup(&record->head);
}

static inline Buffer *
ces_record_bytes(ces_record *record)
{
    return &record->head.data;
}

static inline void
ces_record_is_packet(ces_record *record, int encapsulation)
{
    wtap_setup_packet_rec(&record->head, encapsulation);
}

#    define ces_record_read(file, record, error, info, offset) wtap_read(file, &(record)->head, error, info, offset)
#    define ces_record_read_at(file, offset, record, error, info) \
        wtap_seek_read(file, offset, &(record)->head, error, info)

static inline void
ces_record_dissect(ces_record *record, epan_dissect_t *dissection, int file_type, frame_data *frame,
                   column_info *columns)
{
    epan_dissect_run(dissection, file_type, &record->head, frame, columns);
}

#else

typedef struct {
    wtap_rec head;
    Buffer bytes;
} ces_record;

static inline void
ces_record_init(ces_record *record)
{
    wtap_rec_init(&record->head);
    ws_buffer_init(&record->bytes, CES_RECORD_BYTES);
}

static inline void
ces_record_cleanup(ces_record *record)
{
    ws_buffer_free(&record->bytes);
    wtap_rec_cleanup(&record->head);
}

static inline Buffer *
ces_record_bytes(ces_record *record)
{
    return &record->bytes;
}

static inline void
ces_record_is_packet(ces_record *record, int encapsulation)
{
    record->head.rec_type = REC_TYPE_PACKET;
    record->head.rec_header.packet_header.pkt_encap = encapsulation;
}

#    define ces_record_read(file, record, error, info, offset) \
        wtap_read(file, &(record)->head, &(record)->bytes, error, info, offset)
#    define ces_record_read_at(file, offset, record, error, info) \
        wtap_seek_read(file, offset, &(record)->head, &(record)->bytes, error, info)

/* A file may claim more bytes than a buffer can have. */
static inline void
ces_record_dissect(ces_record *record, epan_dissect_t *dissection, int file_type, frame_data *frame,
                   column_info *columns)
{
    tvbuff_t *tvb = tvb_new_real_data(ws_buffer_start_ptr(&record->bytes), frame->cap_len,
                                      (gint)MIN(frame->pkt_len, (guint32)G_MAXINT));

    epan_dissect_run(dissection, file_type, &record->head, tvb, frame, columns);
}

#endif

/* Interfaces are told apart by section since 4.4. */
#if CES_WIRESHARK_AT_LEAST(4, 4)
#    define CES_OF_SECTION , unsigned section _U_
#else
#    define CES_OF_SECTION
#endif

/* Since 4.6 Wireshark itself looks after fields that post-dissectors want. */
#if CES_WIRESHARK_AT_LEAST(4, 6)
#    define ces_prime_for_postdissectors(dissection) ((void)(dissection))
#else
#    define ces_prime_for_postdissectors(dissection) prime_epan_dissect_with_postdissector_wanted_hfids(dissection)
#endif

/* The name of the configuration, and of the program in its log, went away. */
#if CES_WIRESHARK_AT_LEAST(4, 6)
#    define ces_configuration_init(program) configuration_init(program)
#    define ces_log_init(program) ws_log_init(NULL)
#else
#    define ces_configuration_init(program) configuration_init(program, NULL)
#    define ces_log_init(program) ws_log_init(program, NULL)
#endif

#endif
