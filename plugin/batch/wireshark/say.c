/* say.c
 * Messages of Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "say.h"

#include <stdarg.h>

#include "compat.h"

#include <wsutil/report_message.h>

/* Wireshark gives its reporters nothing of their own. */
static struct {
    ces_engine_say say;
    gpointer data;
} listener;

char *
ces_one_line(char *message)
{
    g_strdelimit(message, "\r\n", ' ');
    return g_strstrip(message);
}

static void
say(char *message)
{
    ces_one_line(message);
    if (listener.say)
        listener.say(message, listener.data);
    g_free(message);
}

static void say_formatted(const char *format, va_list arguments) G_GNUC_PRINTF(1, 0);

static void
say_formatted(const char *format, va_list arguments)
{
    say(g_strdup_vprintf(format, arguments));
}

static void
say_open_failure(const char *file, int error, ws_bool for_writing _U_)
{
    say(g_strdup_printf("\"%s\" cannot be opened: %s", file, g_strerror(error)));
}

static void
say_read_failure(const char *file, int error)
{
    say(g_strdup_printf("\"%s\" cannot be read: %s", file, g_strerror(error)));
}

static void
say_write_failure(const char *file, int error)
{
    say(g_strdup_printf("\"%s\" cannot be written: %s", file, g_strerror(error)));
}

/* What is reported of captures is reported by programs, which this is not. */
void
ces_say_to(ces_engine_say to, gpointer data)
{
    static const struct report_message_routines routines = {
        .vreport_failure = say_formatted,
        .vreport_warning = say_formatted,
        .report_open_failure = say_open_failure,
        .report_read_failure = say_read_failure,
        .report_write_failure = say_write_failure,
    };

    listener.say = to;
    listener.data = data;
    init_report_message("ces-report", &routines);
}
