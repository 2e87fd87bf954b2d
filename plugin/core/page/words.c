/* words.c
 * Words that several parts of a page use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/words.h"

#include <string.h>

#include <ces/rfc3339.h>

#include "page/escape.h"

/* --- times --------------------------------------------------------------------- */

enum { DAY = 10, CLOCK = 8 };

static gboolean
say_parts(ces_time at, gboolean with_day, GString *text)
{
    char told[CES_RFC3339_TEXT];

    if (ces_rfc3339(at, told) == 0) {
        g_string_append(text, "time unknown");
        return FALSE;
    }
    if (with_day) {
        g_string_append_len(text, told, DAY);
        g_string_append_c(text, ' ');
    }
    g_string_append_len(text, told + DAY + 1, CLOCK);
    return TRUE;
}

void
ces_page_say_time(ces_time at, GString *text)
{
    say_parts(at, TRUE, text);
}

void
ces_page_say_clock(ces_time at, GString *text)
{
    say_parts(at, FALSE, text);
}

void
ces_page_say_day_and_clock(ces_time at, GString *text)
{
    enum { YEAR = 5, MINUTE = 16 };
    char told[CES_RFC3339_TEXT];

    if (ces_rfc3339(at, told) == 0)
        return;
    told[DAY] = ' ';
    g_string_append_len(text, told + YEAR, MINUTE - YEAR);
}

gboolean
ces_page_on_one_day(ces_time a, ces_time b)
{
    const ces_time day = 86400 * CES_SECOND;

    return a / day == b / day;
}

void
ces_page_say_span(ces_time from, ces_time to, gboolean with_day, GString *text)
{
    gboolean one_day = ces_page_on_one_day(from, to);

    if (!say_parts(from, with_day || !one_day, text) || to / CES_SECOND <= from / CES_SECOND)
        return;
    g_string_append(text, " to ");
    say_parts(to, !one_day, text);
}

void
ces_page_say_length(ces_time from, ces_time to, GString *text)
{
    const guint64 minute = 60, hour = 3600, day = 86400;
    guint64 nanoseconds = to > from ? (guint64)to - (guint64)from : 0, seconds = nanoseconds / CES_SECOND;

    if (seconds < minute)
        g_string_append_printf(text, "%.1f s", (double)nanoseconds / CES_SECOND);
    else if (seconds < hour)
        g_string_append_printf(text, "%u min %u s", (guint)(seconds / minute), (guint)(seconds % minute));
    else if (seconds < 2 * day)
        g_string_append_printf(text, "%u h %u min", (guint)(seconds / hour), (guint)(seconds % hour / minute));
    else
        g_string_append_printf(text, "%u days", (guint)(seconds / day));
}

/* --- counts and places ----------------------------------------------------------- */

void
ces_page_say_count(guint64 count, const char *what, GString *text)
{
    g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s%s", count, what, count == 1 ? "" : "s");
}

void
ces_page_say_place(const char *capture, guint32 frame, GString *text)
{
    g_string_append_printf(text, "packet %u", frame);
    if (*capture)
        g_string_append_printf(text, " of %.*s", CES_PAGE_TEXT, capture);
}

void
ces_page_say_command(const char *capture, guint32 frame, GString *text)
{
    static const char lost[] = "\357\277\275"; /* bytes that were no UTF-8 when a record was written */
    gsize begin = text->len;

    if (!*capture || strlen(capture) > CES_PAGE_TEXT || strcmp(capture, "-") == 0 || strstr(capture, lost))
        return;
    g_string_append(text, "wireshark -r ");
    ces_page_quote(text, capture);
    g_string_append_printf(text, " -g %u", frame);
    if (text->len - begin > CES_PAGE_TEXT)
        g_string_truncate(text, begin);
}

/* --- who ------------------------------------------------------------------------- */

void
ces_page_say_pair(const ces_pair *pair, GString *text)
{
    char sma[CES_ADDRESS_TEXT], esa[CES_ADDRESS_TEXT];

    g_string_append_printf(text, "SMA %s and ESA %s", ces_address_text(&pair->sma.address, sma),
                           ces_address_text(&pair->esa.address, esa));
}

const char *
ces_page_site_words(ces_site site)
{
    switch (site) {
    case CES_SITE_CLOUD:
        return "CES data centre";
    case CES_SITE_EXTERNAL:
        return "outside";
    default:
        return "site unknown";
    }
}
