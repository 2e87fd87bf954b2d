/* json.c
 * JSON Lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/json.h"

#include <ces/text.h>

#include "base/digits.h"

/* --- strings ------------------------------------------------------------------ */

static char *
put_unit(char *at, guint unit)
{
    static const char digits[] = "0123456789abcdef";

    *at++ = '\\';
    *at++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *at++ = digits[unit >> shift & 0xf];
    return at;
}

/* RFC 8259 section 7: beyond the basic plane by a surrogate pair. */
static char *
put_escape(char *at, gunichar character)
{
    if (character < 0x10000)
        return put_unit(at, character);
    at = put_unit(at, 0xd800 + ((character - 0x10000) >> 10));
    return put_unit(at, 0xdc00 + ((character - 0x10000) & 0x3ff));
}

/* A character takes at most 12 bytes for at least one of its own. */
enum { ESCAPE_ROOM = 12 };

static char *
put_character(char *at, gunichar character)
{
    if (character == '"' || character == '\\') {
        *at++ = '\\';
        *at++ = (char)character;
        return at;
    }
    if (ces_text_is_unfit(character))
        return put_escape(at, character);
    return at + g_unichar_to_utf8(character, at);
}

static void
append_special(GString *text, const char *value, gsize length)
{
    char *valid = g_utf8_make_valid(value, (gssize)length);

    for (const char *at = valid; *at; at = g_utf8_next_char(at))
        ces_text_wrote(text, put_character(ces_text_room(text, ESCAPE_ROOM), g_utf8_get_char(at)));
    g_free(valid);
}

/* --- members -------------------------------------------------------------------- */

/* A comma unless it is the first in its object or list, and the key. */
static inline char *
put_key(const GString *text, char *at, const ces_key *key)
{
    char before = text->len ? at[-1] : '{';

    if (before != '{' && before != '[')
        *at++ = ',';
    if (!key)
        return at;
    guint length = key->length;
    memcpy(at, key->json, CES_KEY_ROOM);
    return at + length;
}

/* Room for a comma, a key and `size` more bytes; returns where those go. */
static inline char *
begin_member(GString *text, const ces_key *key, gsize size)
{
    return put_key(text, ces_text_room(text, 1 + CES_KEY_ROOM + size), key);
}

static void
put_string(GString *text, const ces_key *key, const char *value, gsize length, gsize plain)
{
    char *at = begin_member(text, key, plain + 2);

    *at++ = '"';
    at = ces_put_bytes(at, value, plain);
    if (plain < length) {
        ces_text_wrote(text, at);
        append_special(text, value + plain, length - plain);
        at = ces_text_room(text, 1);
    }
    *at++ = '"';
    ces_text_wrote(text, at);
}

static void
json_put(ces_writer *writer, const ces_key *key, ces_value_kind kind, const char *value, gsize length)
{
    GString *text = writer->text;

    if (kind == CES_VALUE_TEXT)
        put_string(text, key, value, length, ces_text_plain(value, length));
    else if (kind == CES_VALUE_DIGITS)
        ces_text_wrote(text, ces_put_bytes(begin_member(text, key, length), value, length));
    else if (kind == CES_VALUE_ABSENT)
        ces_text_wrote(text, ces_put_bytes(begin_member(text, key, 4), "null", 4));
    else
        put_string(text, key, value, length, length);
}

static void
json_number(ces_writer *writer, const ces_key *key, guint64 number)
{
    ces_text_wrote(writer->text, ces_put_number(begin_member(writer->text, key, CES_DIGITS), number));
}

static void
open_with(ces_writer *writer, const ces_key *key, char bracket)
{
    char *at = begin_member(writer->text, key, 1);

    *at++ = bracket;
    ces_text_wrote(writer->text, at);
}

static void
json_begin(ces_writer *writer, const ces_key *key)
{
    open_with(writer, key, '{');
}

static void
json_end(ces_writer *writer)
{
    g_string_append_c(writer->text, '}');
}

static gboolean
json_begin_list(ces_writer *writer, const ces_key *key)
{
    open_with(writer, key, '[');
    return TRUE;
}

static void
json_end_list(ces_writer *writer)
{
    g_string_append_c(writer->text, ']');
}

const ces_format ces_json = {json_put, json_number, json_begin, json_end, json_begin_list, json_end_list};

void
ces_json_begin(GString *text)
{
    g_string_append_c(text, '{');
}

void
ces_json_end(GString *text)
{
    ces_text_wrote(text, ces_put_bytes(ces_text_room(text, 2), "}\n", 2));
}
