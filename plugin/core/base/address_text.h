/* address_text.h
 * An address as text, without printf: inet_ntop costs more than the rest of a record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_ADDRESS_TEXT_H
#define CES_ADDRESS_TEXT_H

#include <ces/address.h>

/* What ces_address_text writes (RFC 5952), at `at`, which has CES_ADDRESS_TEXT
 * bytes, without a final NUL; returns where it ended. */
char *ces_put_address(char *at, const ces_address *address);

#endif
