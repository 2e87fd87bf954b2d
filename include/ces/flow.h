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

/* --- what a packet says ------------------------------------------------------ */

/* What one TCP segment says. Valid during the call that takes it. */
typedef struct {
    ces_socket source, destination;
    guint32 frame;         /* its number in the capture */
    ces_time timestamp;    /* as recorded */
    gint64 elapsed;        /* capture time gone by so far (ces_clock), in nanoseconds */
    gboolean has_sequence; /* the header was captured up to the sequence number */
    gboolean has_flags;    /* ... and up to the flags */
    guint8 flags;          /* CES_TCP_*, other bits ignored */
    guint32 sequence, acknowledgment;
    guint32 payload;     /* bytes sent, whether captured or not */
    guint32 captured;    /* how many of them were captured */
    const guint8 *bytes; /* those; borrowed, NULL if there are none */
} ces_segment;

/* Both ports of the TCP or UDP header at `header`, of which `captured` bytes
 * are there; the source's in the upper half, 0 if they are not there. To be
 * looked at first: for most packets of most captures nothing follows. */
static inline guint32
ces_segment_ports(const guint8 *header, gsize captured)
{
    if (captured < 4)
        return 0;
    return (guint32)header[0] << 24 | (guint32)header[1] << 16 | (guint32)header[2] << 8 | header[3];
}

/* Reads the TCP header at `header` (RFC 9293 section 3.1) into all members of
 * `segment` that it tells of, from has_sequence on; the others are left alone.
 * `sent` bytes of TCP were sent as the IP header says, `captured` of them are
 * there. FALSE if it is no segment at all: cut on the wire below the shortest
 * header, not by the recorder. A header whose length is impossible shows no
 * flags: no host takes it for a segment. `bytes` points into `header`. */
gboolean ces_segment_read(const guint8 *header, gsize captured, gsize sent, ces_segment *segment);

/* Whether a segment with the TCP header at `header` may carry payload: read off
 * before anything else is known of it. FALSE where a short one is cut off before it
 * tells. */
gboolean ces_segment_may_carry(const guint8 *header, gsize captured, gsize sent);

/* The length of the IPv4 header that ends at frame[at] and says that it and what
 * follows are `total` bytes (RFC 791 section 3.1); 0 if none does. */
gsize ces_ipv4_header_before(const guint8 *frame, gsize at, gsize total);

/* The payload behind the UDP header at `header`, borrowed, and in `length` how
 * much of it was captured; NULL and 0 if nothing was. */
const guint8 *ces_datagram_payload(const guint8 *header, gsize captured, gsize *length);

/* What one ICMP or ICMPv6 "unreachable" says: a connection attempt with these
 * ends and this initial sequence number was refused on the way. The quote may
 * hold only eight bytes of TCP (RFC 792), hence no flags. */
typedef struct {
    ces_socket source, destination; /* of the quoted segment */
    guint32 frame;
    guint32 sequence;
    ces_time timestamp; /* of the error, as recorded */
} ces_refusal;

/* Whether an ICMP error of this type and code refuses what it quotes: every
 * "destination unreachable" (RFC 792, RFC 1812 section 5.2.7.1) but for code
 * 4, which only asks for smaller packets. */
gboolean ces_icmp_refuses(guint8 type, guint8 code);

/* The same for ICMPv6: every code of type 1 (RFC 4443 section 3.1); "packet
 * too big" is a type of its own. */
gboolean ces_icmpv6_refuses(guint8 type, guint8 code);

/* Reads the sequence number of the quoted TCP header at `header` into
 * `refusal`, whose other members are left alone. FALSE if fewer than the eight
 * bytes are there that every such error quotes (RFC 792). */
gboolean ces_refusal_read(const guint8 *header, gsize captured, ces_refusal *refusal);

/* --- what has been seen of a connection --------------------------------------- */

/* Bits of ces_flow.evidence. */
enum {
    CES_SEEN_SYN = 0x0001,            /* the initiator's SYN */
    CES_SEEN_SYN_ACK = 0x0002,        /* an acknowledgment of that SYN */
    CES_SEEN_COMPLETION = 0x0004,     /* proof that the handshake completed */
    CES_SEEN_RST_ANSWER = 0x0008,     /* a RST that answers the SYN */
    CES_SEEN_ICMP_REFUSAL = 0x0010,   /* an ICMP error that quotes the SYN */
    CES_SEEN_DATA = 0x0020,           /* payload */
    CES_SEEN_FROM_0 = 0x0040,         /* a segment other than RST from ends[0] */
    CES_SEEN_FROM_1 = 0x0080,         /* ... and from ends[1] */
    CES_SEEN_INITIAL = 0x0100,        /* lowest[initiator] is the initial sequence number */
    CES_SEEN_CLOCK_SET_BACK = 0x0200, /* the recorder's clock was set back between attempts */
    CES_SEEN_ANSWER = 0x0400,         /* lowest[responder] is the number of the SYN-ACK */
    CES_SEEN_ABORTED = 0x0800,        /* the initiator gave up opening by a RST: nothing completes it any more */
    CES_SEEN_NEXT_0 = 0x1000,         /* next[0] holds a number */
    CES_SEEN_NEXT_1 = 0x2000,         /* ... and next[1] */
    CES_SEEN_OTHERS = 0x4000,         /* for the table: the ends had other connections */
    CES_SEEN_TWIN = 0x8000            /* for the table: no connection, another one's numbers (see kin.h) */
};

typedef struct ces_dialogue ces_dialogue;
typedef struct ces_flow ces_flow;
struct ces_flow {
    ces_socket ends[2];     /* ends[0] is the smaller, so both directions agree */
    ces_dialogue *dialogue; /* what is said on it, or NULL; owned by the analysis */
    ces_time start;         /* of the first packet */
    ces_time end;           /* the latest time of a packet; never before `start`, unknown if that is */
    gint64 first_attempt;   /* ces_clock at the first and the last SYN that is an attempt, in nanoseconds */
    gint64 last_attempt;
    guint64 bytes[2];   /* payload that each end sent, retransmissions counted */
    guint32 packets[2]; /* TCP segments from each end */
    guint32 lowest[2];  /* initial sequence number of each end (CES_SEEN_INITIAL, _ANSWER); else the lowest seen */
    guint32 next[2];    /* the number that follows the latest of each end, or the other end's acknowledgment */
    guint32 first_frame, last_frame, decided_frame; /* ICMP errors included; decided: 0 while nothing is */
    guint32 decided_sighting;                       /* the ordinal of the sighting that decided */
    guint32 syns;                                   /* opening attempts: SYNs from the initiator, without copies */
    guint32 stream;                                 /* tcp.stream, CES_NO_STREAM until the owner knows */
    guint16 refusals;                               /* ICMP errors; no more than fit are counted */
    guint16 syn_payload;                            /* data sent in the SYN (TCP Fast Open, RFC 7413) */
    guint16 evidence;                               /* CES_SEEN_* */
    guint8 initiator : 1;                           /* index into ends */
    guint8 opening : 2;                             /* ces_opening */
    guint8 closed : 3; /* who closed first: 0 nobody, else 1 + index into ends, + 2 if by a RST */
    guint8 service;    /* ces_service of the responder's port */
};

#define CES_NO_STREAM G_MAXUINT32

/* One packet's place in a flow. Remember it with the packet: it stays right
 * when packets are renumbered or the initiator is corrected later. */
typedef struct {
    ces_flow *flow;
    guint32 ordinal;    /* 1 for the first of the flow */
    guint8 sender;      /* index into flow->ends; of the quoted segment for an ICMP error */
    guint8 refusal;     /* it is an ICMP error */
    guint8 stray;       /* its numbers are not those of the flow, which it adds nothing to: an answer of another time,
                         * a forgery, a copy from behind a firewall that rewrites numbers. Its payload is not to be read */
    guint8 contributes; /* it added something to the dialogue: what that was is not all zero */
} ces_sighting;

/* --- what is read off it -------------------------------------------------------- */

/* What such evidence shows. */
static inline ces_outcome
ces_outcome_of(guint16 evidence)
{
    if (evidence & CES_SEEN_COMPLETION)
        return CES_OUTCOME_ESTABLISHED;
    if (evidence & CES_SEEN_SYN_ACK)
        return CES_OUTCOME_HALF_OPEN;
    if (evidence & CES_SEEN_RST_ANSWER)
        return CES_OUTCOME_REFUSED;
    if (evidence & CES_SEEN_ICMP_REFUSAL)
        return CES_OUTCOME_REJECTED;
    if (evidence & CES_SEEN_SYN)
        return CES_OUTCOME_UNANSWERED;
    return CES_OUTCOME_MIDSTREAM;
}

/* What the evidence shows so far. */
static inline ces_outcome
ces_flow_outcome(const ces_flow *flow)
{
    return ces_outcome_of(flow->evidence);
}

/* Whether a midstream flow is more than a stray packet: segments other than
 * RST from both ends, or data. */
static inline gboolean
ces_flow_proven(const ces_flow *flow)
{
    guint both = CES_SEEN_FROM_0 | CES_SEEN_FROM_1;
    return (flow->evidence & CES_SEEN_DATA) || (flow->evidence & both) == both;
}

/* Whether it is an attempt that nothing has answered although `patience` has
 * gone by since its first SYN; `elapsed` is the capture time gone by now, all
 * in nanoseconds. FALSE for every other outcome. */
gboolean ces_flow_gave_up(const ces_flow *flow, gint64 elapsed, gint64 patience);

/* Nanoseconds from the first to the last attempt. FALSE, and `span` 0, where
 * that cannot be told: fewer than two attempts, times that the capture does
 * not tell, a recorder's clock that was set back in between. */
gboolean ces_flow_attempts_span(const ces_flow *flow, gint64 *span);

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

/* Whether a SYN or a SYN-ACK told who opened it. */
static inline gboolean
ces_flow_opening_seen(const ces_flow *flow)
{
    return flow->opening != CES_OPENING_PORTS;
}

/* The initiator's initial sequence number, if CES_SEEN_INITIAL. */
static inline guint32
ces_flow_initial(const ces_flow *flow)
{
    return flow->lowest[flow->initiator];
}

/* Whether `number` is that of the responder's first byte: its SYN-ACK is in
 * the capture and has the number before it. */
static inline gboolean
ces_flow_follows_syn_ack(const ces_flow *flow, guint32 number)
{
    return (flow->evidence & CES_SEEN_ANSWER) && number == flow->lowest[!flow->initiator] + 1;
}

#endif
