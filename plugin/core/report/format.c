/* format.c
 * The formats by their tokens.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

#include <string.h>

CES_TOKEN_FUNCTION(ces_report_format, CES_REPORT_FORMATS)

gboolean
ces_report_format_parse(const char *token, gsize length, ces_report_format *format)
{
    for (int i = 0; i < CES_REPORT_FORMAT_COUNT; i++) {
        const char *name = ces_report_format_token((ces_report_format)i);
        if (strlen(name) == length && memcmp(name, token, length) == 0) {
            *format = (ces_report_format)i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
ces_report_argument_parse(const char *rest, ces_report_format *format, const char **filter)
{
    *format = CES_REPORT_TEXT;
    *filter = NULL;
    if (*rest == '\0')
        return TRUE;
    if (*rest++ != ',')
        return FALSE;

    gsize length = strcspn(rest, ",");
    const char *behind = rest + length;
    if (*behind == ',' && behind[1])
        *filter = behind + 1;
    return length == 0 || ces_report_format_parse(rest, length, format);
}
