/* name_table.h
 * The names that stood in Wireshark's own tables before a packet of the
 * capture could put one there: those of hosts files and of the capture file's
 * name records.
 *
 * Wireshark keeps one table for all: hosts files (read when a capture is
 * opened, with -n too), name resolution blocks of pcapng (put in when the
 * reader comes past them: those in front of the first packet before that is
 * dissected), what its resolver answers, and, unless told not to, the owner of
 * every A and AAAA record that it dissects: DNS, multicast DNS and LLMNR, over
 * UDP, TCP, TLS, HTTP, QUIC or SCTP, asked for or not, in answers that report
 * an error too, also where DNS is only guessed on any port (packet-dns.c of 4.0
 * calls add_ipv4_name for all of them); from 4.4 on also, if asked to, the
 * server names of TLS and QUIC handshakes. An entry does not tell where it is
 * from. So it counts only while no packet can have taught it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_NAME_TABLE_H
#define CES_NAME_TABLE_H

#include "compat.h"

#include <ces/address.h>

/* Takes one name, borrowed, as it stands in the table: any bytes. */
typedef void (*ces_name_taker)(const ces_address *address, const char *name, gpointer data);

/* Hands over every name of the two tables, in the order of their addresses, so
 * that who keeps only some keeps the same ones in every run. Names that
 * Wireshark may have cut off are none: what is left of one could end like a
 * name of the cloud. */
void ces_name_table_read(ces_name_taker take, gpointer data);

/* What has become of the tables of one capture. Zeroed: not opened. */
typedef struct {
    gboolean was_read;
    gboolean may_be_taught; /* a packet came that may have put names into them */
    gboolean ended;         /* no packet came since they were read at the end */
} ces_name_table;

/* When a capture is opened (in an init routine: the hosts files are read by then). */
void ces_name_table_begin(ces_name_table *table, ces_name_taker take, gpointer data);

/* Before a packet that carries IP is handed on to its dissector for the first
 * time; `may_teach`: it is UDP, or TCP with payload, in an ICMP error or a
 * tunnel as well. Reads the tables before the first packet of all (a name block
 * in front of it has been read by then) and before the first that may teach,
 * and costs nothing afterwards. */
void ces_name_table_before_packet(ces_name_table *table, gboolean may_teach, ces_name_taker take, gpointer data);

/* After every packet: whether DNS came by another way than the above. */
void ces_name_table_after_packet(ces_name_table *table, const packet_info *pinfo);

/* When packets have been dissected and something is reported, and before one is
 * dissected again: if still no packet can have taught a name, those that came
 * later are read as well. Wireshark and tshark write their name block at the
 * end of the file (wiretap/pcapng.c of 4.0, pcapng_dump_finish). */
void ces_name_table_at_end(ces_name_table *table, ces_name_taker take, gpointer data);

#endif
