/* captures.c
 * Reading a whole capture, once or twice.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "captures.h"

#include <epan/secrets.h>

#include "name_table.h"
#include "say.h"
#include "session.h"

/* Tells in Wireshark's words what libwiretap ran into. Takes `info`. */
static ces_read
trouble(int fault, char *info, GError **error)
{
    const char *what = wtap_strerror(fault);

    if (fault == WTAP_ERR_SHORT_READ)
        what = "The file appears to have been cut short in the middle of a packet";
    char *line = ces_one_line(info ? g_strdup_printf("%s (%s)", what, info) : g_strdup(what));
    g_set_error_literal(error, CES_ENGINE_ERROR, CES_ENGINE_ERROR_CAPTURE, line);
    g_free(line);
    g_free(info);
    return fault == WTAP_ERR_SHORT_READ ? CES_READ_CUT : CES_READ_FAILED;
}

static wtap *
open_file(const char *path, gboolean twice, GError **error)
{
    int fault = 0;
    char *info = NULL;
    wtap *file = wtap_open_offline(path, WTAP_TYPE_AUTO, &fault, &info, twice);

    if (!file)
        trouble(fault, info, error);
    return file;
}

static void
tell_libwireshark(wtap *file)
{
    wtap_set_cb_new_ipv4(file, add_ipv4_name);
    wtap_set_cb_new_ipv6(file, (wtap_new_ipv6_callback_t)add_ipv6_name);
    wtap_set_cb_new_secrets(file, secrets_wtap_callback);
}

static ces_read
read_all(wtap *file, ces_session *session, ces_record *record, GError **error)
{
    int fault = 0;
    char *info = NULL;
    gint64 offset;
    guint32 number = 0;

    while (ces_record_read(file, record, &fault, &info, &offset)) {
        ces_session_dissect(session, record, ++number, offset);
        wtap_rec_reset(&record->head);
    }
    return fault ? trouble(fault, info, error) : CES_READ_END;
}

/* What cannot be read again has been read once, and counts. */
static ces_read
filter_all(wtap *file, ces_session *session, ces_record *record, ces_started *started, ces_selection *taken,
           GError **error)
{
    guint32 count = ces_session_begin_again(session);
    column_info *columns = started->has_columns ? &started->columns : NULL;

    for (guint32 number = 1; number <= count; number++) {
        int fault = 0;
        char *info = NULL;
        if (!ces_record_read_at(file, ces_session_offset(session, number), record, &fault, &info))
            return trouble(fault, info, error);
        ces_session_filter(session, record, number, started->filter, columns, taken);
        wtap_rec_reset(&record->head);
    }
    return CES_READ_END;
}

static ces_read
read_passes(wtap *file, ces_session *session, ces_started *started, ces_selection *taken, GError **error)
{
    ces_record record;

    ces_record_init(&record);
    ces_read answer = read_all(file, session, &record, error);
    if (started->filter) {
        wtap_sequential_close(file);
        ces_read again = filter_all(file, session, &record, started, taken, answer == CES_READ_END ? error : NULL);
        if (answer == CES_READ_END)
            answer = again;
    }
    ces_record_cleanup(&record);
    ces_name_table_at_end();
    return answer;
}

ces_read
ces_captures_read(ces_started *started, const char *path, ces_analysis *analysis, ces_selection *taken, GError **error)
{
    gboolean twice = started->filter != NULL;
    wtap *file = open_file(path, twice, error);

    if (!file)
        return CES_READ_FAILED;
    ces_session *session = ces_session_open(analysis, file, TRUE, twice);
    tell_libwireshark(file);
    ces_read answer = read_passes(file, session, started, taken, error);
    ces_session_close(session);
    wtap_close(file);
    return answer;
}
