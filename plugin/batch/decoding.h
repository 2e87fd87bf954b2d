/* decoding.h
 * What the parts of the decoder share: one path through one frame.
 *
 * Each header holds one payload, so a frame is read along one path, and the
 * part that ends it sets the reason. Nothing is given to the analysis before.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DECODING_H
#define CES_DECODING_H

#include "bytes.h"
#include "decoder.h"

typedef struct {
    const ces_decoder *decoder;
    ces_decoded decoded;
    guint depth;         /* headers so far that can hold each other */
    gboolean in_error;   /* inside an ICMP error */
    gboolean in_refusal; /* ... that refuses what it quotes */
    gboolean is_ipv6;    /* the addresses of the last IP header */
    const guint8 *source, *destination;
} ces_decoding;

enum {
    CES_ETHERTYPE_IPV4 = 0x0800,
    CES_ETHERTYPE_ARP = 0x0806,
    CES_ETHERTYPE_BRIDGE = 0x6558,
    CES_ETHERTYPE_RARP = 0x8035,
    CES_ETHERTYPE_VLAN = 0x8100,
    CES_ETHERTYPE_IPV6 = 0x86dd,
    CES_ETHERTYPE_SLOW = 0x8809,
    CES_ETHERTYPE_PPP = 0x880b,
    CES_ETHERTYPE_MPLS = 0x8847,
    CES_ETHERTYPE_MPLS_MULTICAST = 0x8848,
    CES_ETHERTYPE_PPPOE_DISCOVERY = 0x8863,
    CES_ETHERTYPE_PPPOE_SESSION = 0x8864,
    CES_ETHERTYPE_EAPOL = 0x888e,
    CES_ETHERTYPE_VLAN_SERVICE = 0x88a8,
    CES_ETHERTYPE_ERSPAN_2 = 0x88be,
    CES_ETHERTYPE_LLDP = 0x88cc,
    CES_ETHERTYPE_VLAN_STACKED = 0x9100,
    CES_ETHERTYPE_ERSPAN_3 = 0x22eb
};

static inline void
ces_decoding_end(ces_decoding *decoding, ces_reason reason)
{
    decoding->decoded.reason = reason;
}

/* FALSE, and the end, if headers hold each other deeper than anybody builds
 * them: the stack is bounded. */
gboolean ces_decoding_enter(ces_decoding *decoding);

/* The end: something that is not read here. It is handed over if an IP header
 * of ours is found in it, otherwise `reason` says what it was. */
void ces_decoding_search(ces_decoding *decoding, ces_span span, ces_reason reason);

/* A frame of that link type (LINKTYPE_), and what an ethertype tells of. */
void ces_decoding_link(ces_decoding *decoding, guint32 link_type, ces_span span);
void ces_decoding_ethernet(ces_decoding *decoding, ces_span span);
void ces_decoding_ethertype(ces_decoding *decoding, guint16 type, ces_span span);

/* From the protocol field on: PPP without and with the bytes that frame it. */
void ces_decoding_ppp(ces_decoding *decoding, ces_span span);
void ces_decoding_ppp_framed(ces_decoding *decoding, ces_span span);

/* IP: of the version that its first byte tells, or of version 6 only. */
void ces_decoding_ip(ces_decoding *decoding, ces_span span);
void ces_decoding_ipv6(ces_decoding *decoding, ces_span span);

/* What an IP header holds, by the number of its protocol. */
void ces_decoding_protocol(ces_decoding *decoding, guint8 protocol, ces_span span);

void ces_decoding_mpls(ces_decoding *decoding, ces_span span);
void ces_decoding_gre(ces_decoding *decoding, ces_span span);

/* What UDP to the ports of these tunnels holds. */
void ces_decoding_vxlan(ces_decoding *decoding, ces_span span);
void ces_decoding_geneve(ces_decoding *decoding, ces_span span);

/* Whether an IP header stands somewhere in these bytes that fits them and
 * leads to something that the analysis takes. */
gboolean ces_search(const ces_decoder *decoder, ces_span span);

static inline gboolean
ces_decoder_is_service(const ces_decoder *decoder, guint32 both)
{
    return ces_ports_service(decoder->ports, (guint16)(both >> 16)) != CES_SERVICE_NONE ||
           ces_ports_service(decoder->ports, (guint16)both) != CES_SERVICE_NONE;
}

static inline gboolean
ces_decoder_is_dns(const ces_decoder *decoder, guint32 both)
{
    return ces_analysis_wants_dns(decoder->analysis, (guint16)(both >> 16), (guint16)both);
}

#endif
