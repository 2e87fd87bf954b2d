/* community_id.h
 * The flow hash that Zeek, Suricata, Arkime and Elastic share: Community ID
 * version 1 (github.com/corelight/community-id-spec), seed 0, of a TCP connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_COMMUNITY_ID_H
#define CES_COMMUNITY_ID_H

#include <ces/flow.h>

/* "1:" and 20 bytes in base64, with the final NUL. */
#define CES_COMMUNITY_ID_TEXT 31

/* Writes the hash of the connection between the two, in whatever order they
 * are given; returns `text`. */
const char *ces_community_id(const ces_socket *a, const ces_socket *b, char text[CES_COMMUNITY_ID_TEXT]);

#endif
