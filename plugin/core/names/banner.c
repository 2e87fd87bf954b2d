/* banner.c
 * SMTP greetings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names/banner.h"

#include <string.h>

gboolean
ces_banner_name(const guint8 *bytes, gsize length, char name[CES_NAME_SIZE])
{
    enum { CODE_LENGTH = 3, PREFIX_LENGTH = 4 };

    if (length <= PREFIX_LENGTH || memcmp(bytes, "220", CODE_LENGTH) != 0 ||
        (bytes[CODE_LENGTH] != ' ' && bytes[CODE_LENGTH] != '-'))
        return FALSE;
    gsize end = PREFIX_LENGTH;
    while (end < length && !g_ascii_isspace(bytes[end]))
        end++;
    return end < length && ces_name_write(bytes + PREFIX_LENGTH, end - PREFIX_LENGTH, name);
}
