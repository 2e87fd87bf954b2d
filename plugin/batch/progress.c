/* progress.c
 * A bar.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "progress.h"

#include <stdio.h>

enum { BAR = 20 };

void
ces_progress_init(ces_progress *progress, gboolean shown, guint captures, guint64 bytes)
{
    *progress = (ces_progress){.shown = shown, .captures = captures, .bytes = bytes, .begun = g_get_monotonic_time()};
}

static double
share_done(const ces_progress *progress)
{
    if (progress->bytes > 0)
        return MIN(1.0, (double)progress->bytes_done / (double)progress->bytes);
    return progress->captures ? (double)progress->captures_done / progress->captures : 1;
}

void
ces_progress_text(const ces_progress *progress, gint64 elapsed, GString *text)
{
    double share = share_done(progress), seconds = (double)elapsed / G_USEC_PER_SEC;
    const double million = 1e6;

    g_string_append_c(text, '[');
    for (int i = 0; i < BAR; i++)
        g_string_append_c(text, i < (int)(share * BAR) ? '#' : '.');
    g_string_append_printf(text, "] %u/%u captures", progress->captures_done, progress->captures);
    if (seconds > 0)
        g_string_append_printf(text, ", %.1f MB/s", (double)progress->bytes_done / million / seconds);
    if (share > 0 && share < 1) {
        guint left = (guint)(seconds / share * (1 - share) + 1);
        g_string_append_printf(text, ", %u:%02u:%02u left", left / 3600, left / 60 % 60, left % 60);
    }
}

void
ces_progress_show(ces_progress *progress)
{
    const gint64 pause = G_USEC_PER_SEC / 4;
    gint64 now = g_get_monotonic_time();

    if (!progress->shown || now - progress->latest < pause)
        return;
    GString *text = g_string_new("\r\033[K");
    ces_progress_text(progress, now - progress->begun, text);
    fputs(text->str, stderr);
    fflush(stderr);
    g_string_free(text, TRUE);
    progress->latest = now;
}

void
ces_progress_hide(ces_progress *progress)
{
    if (progress->shown && progress->latest)
        fputs("\r\033[K", stderr);
    progress->latest = 0;
}
