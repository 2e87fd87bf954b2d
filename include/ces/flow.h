/* flow.h
 * One TCP connection: who opened it, and what the packets seen so far prove.
 *
 * A packet becomes a ces_segment (or, for an ICMP error, a ces_refusal): a
 * plain record of what it says. The flow table finds the connection that the
 * record belongs to and adds the evidence to it. Evidence only accumulates,
 * and the outcome is read off the evidence, so it can only become more
 * certain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FLOW_H
#define CES_FLOW_H

#include <ces/address.h>
#include <ces/service.h>
#include <ces/time.h>

/* TCP flags as in the header (RFC 9293 section 3.1). */
enum { CES_TCP_FIN = 0x01, CES_TCP_SYN = 0x02, CES_TCP_RST = 0x04, CES_TCP_ACK = 0x10 };

typedef struct {
    ces_address address;
    guint16 port;
} ces_socket;

/* What one TCP segment says. Valid during the call that takes it. */
typedef struct {
    ces_socket source, destination;
    guint32 frame;         /* its number in the capture */
    ces_time time;         /* as recorded */
    gint64 elapsed;        /* capture time gone by so far (ces_clock), in nanoseconds */
    gboolean has_sequence; /* the header was captured up to the sequence number */
    gboolean has_flags;    /* ... and up to the flags */
    guint8 flags;          /* CES_TCP_*, other bits ignored */
    guint32 sequence, acknowledgment;
    guint32 payload;     /* bytes sent, whether captured or not */
    guint32 captured;    /* how many of them were captured */
    const guint8 *bytes; /* those; borrowed, NULL if there are none */
} ces_segment;

/* What one ICMP or ICMPv6 "unreachable" says: a connection attempt with these
 * ends and this initial sequence number was refused on the way. The quote may
 * hold only eight bytes of TCP (RFC 792), hence no flags. */
typedef struct {
    ces_socket source, destination; /* of the quoted segment */
    guint32 frame;
    guint32 sequence;
} ces_refusal;

/* What has been seen of a connection; bits of ces_flow.evidence. */
enum {
    CES_SEEN_SYN = 0x0001,          /* the initiator's SYN */
    CES_SEEN_SYN_ACK = 0x0002,      /* an acknowledgment of that SYN */
    CES_SEEN_COMPLETION = 0x0004,   /* proof that the handshake completed */
    CES_SEEN_RST_ANSWER = 0x0008,   /* a RST that answers the SYN */
    CES_SEEN_ICMP_REFUSAL = 0x0010, /* an ICMP error that quotes the SYN */
    CES_SEEN_DATA = 0x0020,         /* payload */
    CES_SEEN_FROM_0 = 0x0040,       /* a segment other than RST from ends[0] */
    CES_SEEN_FROM_1 = 0x0080,       /* ... and from ends[1] */
    CES_SEEN_INITIAL = 0x0100,      /* ces_flow.initial holds a number */
    CES_SEEN_OTHER_USE = 0x0200     /* the payload shows that it is not the port's service */
};

typedef struct ces_dialogue ces_dialogue;
typedef struct ces_flow ces_flow;
struct ces_flow {
    ces_socket ends[2];     /* ends[0] is the smaller, so both directions agree */
    ces_flow *previous;     /* an older connection of the same ends, or NULL */
    ces_dialogue *dialogue; /* what is said on it, or NULL; owned by the analysis */
    ces_time start;         /* of the first packet */
    ces_time end;           /* of the latest packet; never before `start` */
    gint64 first_attempt;   /* ces_clock at the first and the last SYN that is an attempt, in nanoseconds */
    gint64 last_attempt;
    guint64 bytes[2];                               /* payload that each end sent, retransmissions counted */
    guint32 packets[2];                             /* TCP segments from each end */
    guint32 initial;                                /* the initiator's initial sequence number */
    guint32 lowest[2];                              /* lowest sequence number from each end */
    guint32 first_frame, last_frame, decided_frame; /* ICMP errors included; decided: 0 while nothing is */
    guint32 syns;                                   /* opening attempts: SYNs from the initiator, without copies */
    guint32 sightings;                              /* segments and ICMP errors: numbers them in order */
    guint32 decided_sighting;
    guint32 stream;      /* tcp.stream, CES_NO_STREAM until the owner knows */
    guint16 syn_payload; /* data sent in the SYN (TCP Fast Open, RFC 7413) */
    guint16 evidence;    /* CES_SEEN_* */
    guint8 initiator;    /* 0 or 1: index into ends */
    guint8 opening;      /* ces_opening */
    guint8 service;      /* ces_service of the responder's port */
    guint8 closed;       /* who closed first: 0 nobody, else 1 + index into ends, + 2 if by a RST */
};

#define CES_NO_STREAM G_MAXUINT32

/* One packet's place in a flow. Remember it with the packet: it stays right
 * when packets are renumbered or the initiator is corrected later. */
typedef struct {
    ces_flow *flow;
    guint32 ordinal; /* 1 for the first of the flow */
    guint8 sender;   /* index into flow->ends; of the quoted segment for an ICMP error */
    guint8 refusal;  /* it is an ICMP error */
} ces_sighting;

/* The payload shows that the port is put to another use than its service's
 * (an X server, local mail delivery): the flow carries no service from now on. */
void ces_flow_disown(ces_flow *flow);

/* What the evidence shows so far. */
ces_outcome ces_flow_outcome(const ces_flow *flow);

/* Whether a midstream flow is more than a stray packet: segments other than
 * RST from both ends, or data. */
gboolean ces_flow_proven(const ces_flow *flow);

/* Who closed it first, and how, as far as the capture shows. */
ces_ended ces_flow_ended(const ces_flow *flow);

/* Which ends' segments the capture holds. */
ces_seen_from ces_flow_seen_from(const ces_flow *flow);

/* TCP segments from both ends. */
static inline guint32
ces_flow_packets(const ces_flow *flow)
{
    return flow->packets[0] + flow->packets[1];
}

static inline const ces_socket *
ces_flow_initiator(const ces_flow *flow)
{
    return &flow->ends[flow->initiator];
}

static inline const ces_socket *
ces_flow_responder(const ces_flow *flow)
{
    return &flow->ends[!flow->initiator];
}

#endif
