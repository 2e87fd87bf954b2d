/* banner.h
 * The name by which an SMTP server greets (RFC 5321 section 4.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_BANNER_H
#define CES_BANNER_H

#include <ces/name.h>

/* Writes the host name of a greeting, "220 esa1.example.org ESMTP" or
 * "220-esa1.example.org ...". FALSE if the bytes are no greeting, name nobody,
 * or end before the name does: the rest could make it another name. */
gboolean ces_banner_name(const guint8 *bytes, gsize length, char name[CES_NAME_SIZE]);

#endif
