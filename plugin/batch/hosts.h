/* hosts.h
 * Names that somebody gave to addresses: in hosts files, and in a capture file's
 * own records. As Wireshark keeps them in its table of names, and as the plugin
 * reads that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_HOSTS_H
#define CES_HOSTS_H

#include <ces/analysis.h>

/* The names of hosts files: of an address the last one counts. */
typedef struct ces_hosts ces_hosts;

ces_hosts *ces_hosts_new(void);
void ces_hosts_free(ces_hosts *hosts); /* takes NULL */

/* Adds what the text of a hosts file says: the first name of each line. */
void ces_hosts_add_file(ces_hosts *hosts, const char *text);

/* The names of one capture: those of the hosts files, and those that its records
 * give. They are handed to the analysis as they stood before the first packet
 * that may have taught Wireshark a name. */
typedef struct ces_name_records ces_name_records;

/* `hosts` is borrowed for as long as it lives. */
ces_name_records *ces_name_records_new(const ces_hosts *hosts, ces_analysis *analysis);
void ces_name_records_free(ces_name_records *records); /* takes NULL */

/* A record of the file (ces_reader_name; `data` is the ces_name_records). */
void ces_name_records_add(const ces_address *address, const char *name, gpointer data);

/* Before a frame; `teaches`: it may teach a name. */
void ces_name_records_before_frame(ces_name_records *records, gboolean teaches);

/* Before a frame of which is not known what it holds. */
void ces_name_records_before_unknown(ces_name_records *records);

/* A frame taught a name by another way. */
void ces_name_records_taught(ces_name_records *records);

/* When all is read. */
void ces_name_records_at_end(ces_name_records *records);

#endif
