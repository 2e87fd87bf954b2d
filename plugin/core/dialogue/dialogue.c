/* dialogue.c
 * The dialogue of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/dialogue.h>
