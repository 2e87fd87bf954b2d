/* alert.c
 * Stepping over TLS records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/alert.h"

#include "tls/record.h"

enum { ALERT_LENGTH = 2, CLOSE_NOTIFY = 0, LEVEL_WARNING = 1 };
/* An alert inside a record of application data, as TLS 1.3 hides it: with its
 * true type and the authentication tag (RFC 8446 section 5.2). */
enum { LONGEST_HIDDEN_ALERT = ALERT_LENGTH + 1 + 16 };

/* FALSE if what was missing cannot be stepped over. */
static gboolean
step_over_missing(ces_alert_watch *watch, guint32 missing)
{
    if (missing > watch->skip)
        return FALSE;
    watch->skip -= missing;
    return TRUE;
}

static gboolean
is_alert(const ces_alert_watch *watch)
{
    return watch->head[0] == CES_TLS_ALERT && ces_tls_record_length(watch->head) == ALERT_LENGTH;
}

/* The header of a record is complete. */
static void
note_record(ces_alert_watch *watch)
{
    guint16 length = ces_tls_record_length(watch->head);

    if (ces_tls_check_header(watch->head, CES_TLS_HEADER) == CES_TLS_NO)
        watch->lost = TRUE;
    else if (watch->head[0] == CES_TLS_APPLICATION_DATA && length > LONGEST_HIDDEN_ALERT)
        watch->has_data = TRUE;
    if (watch->lost || is_alert(watch))
        return;
    watch->skip = length;
    watch->have = 0;
}

/* Adds one byte to the head. TRUE once an alert is complete. */
static gboolean
add_to_head(ces_alert_watch *watch, guint8 byte)
{
    watch->head[watch->have++] = byte;
    if (watch->have == CES_TLS_HEADER)
        note_record(watch);
    if (watch->have < CES_TLS_HEADER + ALERT_LENGTH)
        return FALSE;
    watch->have = 0;
    return TRUE;
}

/* A warning ends nothing by itself, and close_notify is no complaint. */
static gboolean
complains(const ces_alert_watch *watch)
{
    return watch->head[CES_TLS_HEADER] != LEVEL_WARNING && watch->head[CES_TLS_HEADER + 1] != CLOSE_NOTIFY;
}

gboolean
ces_alert_watch_piece(ces_alert_watch *watch, const ces_piece *piece, guint8 *description)
{
    gboolean found = FALSE;

    if (!watch->lost && !step_over_missing(watch, piece->missing))
        watch->lost = TRUE;
    for (guint32 at = 0; at < piece->length && !watch->lost;) {
        guint32 step = MIN(watch->skip, piece->length - at);
        watch->skip -= step;
        at += step;
        if (at < piece->length && add_to_head(watch, piece->bytes[at++]) && complains(watch)) {
            *description = watch->head[CES_TLS_HEADER + 1];
            watch->has_failed = TRUE;
            found = TRUE;
        }
    }
    return found;
}

gboolean
ces_alert_watch_established(const ces_alert_watch watches[2])
{
    return watches[0].has_data && watches[1].has_data && !watches[0].has_failed && !watches[1].has_failed;
}

/* RFC 8446 section 6 and the registry of TLS alerts. */
static const struct {
    guint8 description;
    const char *words;
} alerts[] = {
    {10, "unexpected message"},
    {20, "bad record MAC"},
    {22, "record overflow"},
    {40, "handshake failure: no cipher, curve or signature in common"},
    {42, "bad certificate"},
    {43, "unsupported certificate"},
    {44, "certificate revoked"},
    {45, "certificate expired"},
    {46, "certificate unknown"},
    {47, "illegal parameter"},
    {48, "unknown certificate authority"},
    {49, "access denied"},
    {50, "decode error"},
    {51, "decrypt error"},
    {70, "protocol version: none in common"},
    {71, "insufficient security"},
    {80, "internal error"},
    {86, "inappropriate fallback"},
    {90, "user canceled"},
    {109, "missing extension"},
    {110, "unsupported extension"},
    {112, "unrecognized name"},
    {113, "bad certificate status response"},
    {115, "unknown PSK identity"},
    {116, "certificate required"},
    {120, "no application protocol"},
};

const char *
ces_alert_words(guint8 description)
{
    for (gsize i = 0; i < G_N_ELEMENTS(alerts); i++)
        if (alerts[i].description == description)
            return alerts[i].words;
    return "alert";
}
