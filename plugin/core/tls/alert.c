/* alert.c
 * Stepping over TLS records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls/alert.h"

enum { RECORD_HEADER = 5, ALERT_LENGTH = 2, TYPE_ALERT = 21, CLOSE_NOTIFY = 0, LEVEL_WARNING = 1 };
enum { TYPE_FIRST = 20, TYPE_LAST = 24, VERSION_MAJOR = 3 };

/* FALSE if what was missing cannot be stepped over. */
static gboolean
step_over_missing(ces_alert_watch *watch, guint32 missing)
{
    if (missing > watch->skip)
        return FALSE;
    watch->skip -= missing;
    return TRUE;
}

static guint32
record_length(const ces_alert_watch *watch)
{
    return (guint32)watch->head[3] << 8 | watch->head[4];
}

static gboolean
is_alert(const ces_alert_watch *watch)
{
    return watch->head[0] == TYPE_ALERT && record_length(watch) == ALERT_LENGTH;
}

/* Adds one byte to the head. TRUE once an alert is complete. */
static gboolean
add_to_head(ces_alert_watch *watch, guint8 byte)
{
    watch->head[watch->have++] = byte;
    if (watch->have < RECORD_HEADER)
        return FALSE;
    if (watch->head[0] < TYPE_FIRST || watch->head[0] > TYPE_LAST || watch->head[1] != VERSION_MAJOR) {
        watch->lost = TRUE;
        return FALSE;
    }
    if (is_alert(watch) && watch->have < RECORD_HEADER + ALERT_LENGTH)
        return FALSE;
    watch->skip = is_alert(watch) ? 0 : record_length(watch);
    watch->have = 0;
    return is_alert(watch);
}

/* A warning ends nothing by itself, and close_notify is no complaint. */
static gboolean
complains(const ces_alert_watch *watch)
{
    return watch->head[RECORD_HEADER] != LEVEL_WARNING && watch->head[RECORD_HEADER + 1] != CLOSE_NOTIFY;
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
            *description = watch->head[RECORD_HEADER + 1];
            found = TRUE;
        }
    }
    return found;
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
