/* dns_stream.h
 * DNS messages over TCP (RFC 7766 section 8), each behind its length in two
 * bytes, put together from the segments of connections in bounded memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_DNS_STREAM_H
#define CES_DNS_STREAM_H

#include <ces/flow.h>

/* Directions of connections followed at a time; of more that makes room which
 * was silent longest. Bytes of a message kept while the rest is awaited: a
 * longer one is passed over, as it does not bring addresses of appliances. */
enum { CES_DNS_STREAMS_KEPT = 64, CES_DNS_STREAM_BYTES = 16384 };

typedef struct ces_dns_streams ces_dns_streams;

ces_dns_streams *ces_dns_streams_new(void);
void ces_dns_streams_free(ces_dns_streams *streams); /* takes NULL */

/* Takes one message without its length; borrowed. */
typedef void (*ces_dns_stream_taker)(const ces_segment *last, const guint8 *message, gsize length, gpointer data);

/* Adds a segment, in the order of the capture, and hands over the messages
 * that are whole with it. A connection whose opening is not in the capture, or
 * of which bytes are missing, is read from a segment on that begins with a
 * plausible length. */
void ces_dns_streams_add(ces_dns_streams *streams, const ces_segment *segment, ces_dns_stream_taker take,
                         gpointer data);

#endif
