/* frames.c
 * From a frame of the native reader to a record as libwiretap makes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frames.h"

#include <string.h>

#include <wiretap/pcap-encap.h>

#include "name_table.h"

struct ces_frames {
    ces_session *session;
    ces_record record;
};

ces_frames *
ces_frames_begin(ces_analysis *analysis)
{
    ces_frames *frames = g_new(ces_frames, 1);

    frames->session = ces_session_open(analysis, NULL, FALSE, FALSE);
    ces_record_init(&frames->record);
    return frames;
}

void
ces_frames_end(ces_frames *frames)
{
    ces_record_cleanup(&frames->record);
    ces_session_close(frames->session);
    g_free(frames);
}

/* Those not read begin with bytes of the recorder's, which libwiretap takes away
 * and turns into a header of its own, or have lengths or bytes that it corrects. */
gboolean
ces_frames_reads(guint32 link_type)
{
    switch (wtap_pcap_encap_to_wtap_encap((int)link_type)) {
    case WTAP_ENCAP_UNKNOWN:
    case WTAP_ENCAP_ATM_PDUS:
    case WTAP_ENCAP_IRDA:
    case WTAP_ENCAP_MTP2_WITH_PHDR:
    case WTAP_ENCAP_LINUX_LAPD:
    case WTAP_ENCAP_SITA:
    case WTAP_ENCAP_BLUETOOTH_H4:
    case WTAP_ENCAP_BLUETOOTH_H4_WITH_PHDR:
    case WTAP_ENCAP_BLUETOOTH_LINUX_MONITOR:
    case WTAP_ENCAP_NFC_LLCP:
    case WTAP_ENCAP_PPP_WITH_PHDR:
    case WTAP_ENCAP_ERF:
    case WTAP_ENCAP_I2C_LINUX:
    case WTAP_ENCAP_USB_LINUX:
    case WTAP_ENCAP_USB_LINUX_MMAPPED:
    case WTAP_ENCAP_NFLOG:
    case WTAP_ENCAP_PFLOG:
        return FALSE;
    default:
        return TRUE;
    }
}

/* What libwiretap tells dissectors beside the bytes; where a frame check sequence
 * may stand or not it is -1, unless the file tells. */
static void
fill_pseudo_header(int encapsulation, const ces_frame *frame, union wtap_pseudo_header *header)
{
    int check = frame->check_bytes > 0 ? (int)frame->check_bytes : -1;

    memset(header, 0, sizeof *header);
    switch (encapsulation) {
    case WTAP_ENCAP_ETHERNET:
        header->eth.fcs_len = check;
        break;
    case WTAP_ENCAP_NETANALYZER:
        header->eth.fcs_len = 4;
        break;
    case WTAP_ENCAP_IEEE_802_11:
    case WTAP_ENCAP_IEEE_802_11_PRISM:
    case WTAP_ENCAP_IEEE_802_11_RADIOTAP:
    case WTAP_ENCAP_IEEE_802_11_AVS:
        header->ieee_802_11.fcs_len = -1;
        break;
    default:
        break;
    }
}

static void
fill_record(ces_record *record, const ces_frame *frame)
{
    wtap_rec *head = &record->head;
    wtap_packet_header *packet = &head->rec_header.packet_header;
    Buffer *bytes = ces_record_bytes(record);

    ces_record_is_packet(record, wtap_pcap_encap_to_wtap_encap((int)frame->link_type));
    head->block = wtap_block_create(WTAP_BLOCK_PACKET);
    head->presence_flags = WTAP_HAS_CAP_LEN;
    if (frame->timestamp != CES_TIME_UNKNOWN) {
        head->presence_flags |= WTAP_HAS_TS;
        head->ts = (nstime_t){.secs = (time_t)frame->seconds, .nsecs = frame->nanoseconds};
    }
    head->tsprec = WTAP_TSPREC_NSEC;
    packet->caplen = frame->captured;
    packet->len = frame->sent;
    fill_pseudo_header(packet->pkt_encap, frame, &packet->pseudo_header);
    ws_buffer_clean(bytes);
    ws_buffer_append(bytes, (guint8 *)frame->bytes, frame->captured);
}

gboolean
ces_frames_dissect(ces_frames *frames, const ces_frame *frame)
{
    fill_record(&frames->record, frame);
    ces_session_dissect(frames->session, &frames->record, frame->number, 0);
    wtap_rec_reset(&frames->record.head);
    return ces_name_table_may_be_taught();
}
