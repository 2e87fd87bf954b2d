/* preference_file.c
 * Reading the file of preferences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "preference_file.h"

#include <string.h>

static const char *
skip_blanks(const char *at)
{
    while (g_ascii_isspace(*at))
        at++;
    return at;
}

static void
tell_complete(GString *name, GString *value, ces_preference tell, gpointer data)
{
    if (name->len > 0)
        tell(name->str, value->str, data);
    g_string_truncate(name, 0);
    g_string_truncate(value, 0);
}

void
ces_preference_file_read(const char *text, ces_preference tell, gpointer data)
{
    GString *name = g_string_new(NULL), *value = g_string_new(NULL);
    char **lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++) {
        gsize length = strlen(*line);
        while (length > 0 && (*line)[length - 1] == '\r')
            (*line)[--length] = '\0';
        if (g_ascii_isspace(**line) && name->len > 0) {
            g_string_append(value, skip_blanks(*line));
        } else if (g_ascii_isalnum(**line)) {
            const char *colon = strchr(*line, ':');
            tell_complete(name, value, tell, data);
            if (!colon)
                continue;
            g_string_append_len(name, *line, colon - *line);
            g_string_append(value, skip_blanks(colon + 1));
        }
    }
    tell_complete(name, value, tell, data);
    g_strfreev(lines);
    g_string_free(name, TRUE);
    g_string_free(value, TRUE);
}
