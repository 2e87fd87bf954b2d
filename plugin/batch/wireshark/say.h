/* say.h
 * What Wireshark has to tell its user goes to who started the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WIRESHARK_SAY_H
#define CES_WIRESHARK_SAY_H

#include "../engine.h"

/* From now on, all that libraries of Wireshark report. */
void ces_say_to(ces_engine_say say, gpointer data);

/* Makes one line of a message, in its place; Wireshark's have several. Returns it. */
char *ces_one_line(char *message);

#endif
