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

#include <ces/analysis.h>

/* When a capture is opened, in an init routine: the hosts files are read by
 * then. Names go to this analysis from now on; NULL when it is closed: nowhere. */
void ces_name_table_begin(ces_analysis *analysis);

/* Whether a packet came that may have put names into the tables. Then nothing
 * more is read from them. */
gboolean ces_name_table_may_be_taught(void);

/* While none may have, before a packet that carries IP is handed on to its
 * dissector; `may_teach`: it is UDP, or TCP with payload, in an ICMP error or a
 * tunnel as well. Reads the tables before the first packet of all and before
 * the first that may teach. */
void ces_name_table_before_packet(gboolean may_teach);

/* After every packet that is dissected for the first time: whether DNS came by
 * another way than the above. */
void ces_name_table_after_packet(const packet_info *pinfo);

/* When all packets have been dissected once: before a report is drawn, and
 * before a packet is shown again. If still no packet can have taught a name,
 * names that came later (blocks at the end of the file) are read as well. */
void ces_name_table_at_end(void);

#endif
