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
    gint64 time;           /* nanoseconds since 1970-01-01 UTC */
    gboolean has_sequence; /* the header was captured up to the sequence number */
    gboolean has_flags;    /* ... and up to the flags */
    guint8 flags;          /* CES_TCP_*, other bits ignored */
    guint32 sequence, acknowledgment;
    guint32 payload; /* bytes sent, whether captured or not */
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

typedef struct ces_flow ces_flow;
struct ces_flow {
    ces_socket ends[2];   /* ends[0] is the smaller, so both directions agree */
    ces_flow *previous;   /* an older connection of the same ends, or NULL */
    gpointer words;       /* what is said on it; NULL until the owner of the table sets it, who also frees it */
    gint64 first_attempt; /* times of the first and last SYN */
    gint64 last_attempt;
    guint32 initial;   /* the initiator's initial sequence number */
    guint32 lowest[2]; /* lowest sequence number from each end, while the opening is not seen */
    guint32 first_frame, last_frame, decided_frame; /* ICMP errors included; decided: 0 while nothing is */
    guint32 packets;                                /* TCP segments */
    guint32 syns;                                   /* opening attempts: SYNs from the initiator */
    guint32 sightings;                              /* segments and ICMP errors: numbers them in order */
    guint32 decided_sighting;
    guint32 stream;      /* tcp.stream, CES_NO_STREAM until the owner knows */
    guint16 syn_payload; /* data sent in the SYN (TCP Fast Open, RFC 7413) */
    guint16 evidence;    /* CES_SEEN_* */
    guint8 initiator;    /* 0 or 1: index into ends */
    guint8 opening;      /* ces_opening */
    guint8 service;      /* ces_service of the responder's port */
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

typedef struct ces_flow_table ces_flow_table;

/* A table without flows. `ports` says which ports carry a service and must
 * outlive the table unchanged. Free with ces_flow_table_free, which frees all
 * flows as well. */
ces_flow_table *ces_flow_table_new(const ces_ports *ports);
void ces_flow_table_free(ces_flow_table *table);

/* Adds a segment of which at least one port carries a service; segments must
 * come in capture order. Opens a flow if it belongs to none. Costs one lookup. */
ces_sighting ces_flow_table_segment(ces_flow_table *table, const ces_segment *segment);

/* Adds an ICMP refusal. FALSE, and nothing changed, when it quotes the SYN of
 * no connection seen (a quote alone creates none), or of one that was refused
 * or answered otherwise. */
gboolean ces_flow_table_refusal(ces_flow_table *table, const ces_refusal *refusal, ces_sighting *sighting);

/* Flows in the order of their first frame; index below the count. */
guint ces_flow_table_count(const ces_flow_table *table);
ces_flow *ces_flow_table_get(const ces_flow_table *table, guint index);

/* The payload shows that the port is put to another use than its service's
 * (an X server, local mail delivery): the flow carries no service from now on. */
void ces_flow_disown(ces_flow *flow);

/* What the evidence shows so far. */
ces_outcome ces_flow_outcome(const ces_flow *flow);

/* Whether a midstream flow is more than a stray packet: segments other than
 * RST from both ends, or data. */
gboolean ces_flow_proven(const ces_flow *flow);

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
