/* writer.h
 * What stands between a record and a format.
 *
 * record.c names the members of a record, once; a format writes what it is
 * given. So JSON, CSV and the cells of a window cannot come to differ.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_WRITER_H
#define CES_WRITER_H

#include <string.h>

#include <glib.h>

/* The name of a member, as JSON has it: "name": of `length` bytes, in an array
 * of fixed size so that it is copied without a loop. */
enum { CES_KEY_ROOM = 24 };
typedef struct {
    char json[CES_KEY_ROOM];
    guint8 length;
} ces_key;

/* Defines key_NAME. */
#define CES_KEY(name) static const ces_key key_##name = {"\"" #name "\":", sizeof #name + 2};

/* The name alone. */
static inline const char *
ces_key_name(const ces_key *key, gsize *length)
{
    *length = key->length - 3u;
    return key->json + 1;
}

/* What kind of value. */
typedef enum {
    CES_VALUE_TOKEN,  /* text that every format writes as it stands: tokens, addresses, times */
    CES_VALUE_TEXT,   /* any bytes */
    CES_VALUE_PLAIN,  /* the same, known to be plain: ces_text_plain */
    CES_VALUE_DIGITS, /* a number as text */
    CES_VALUE_ABSENT  /* not known; there is no text */
} ces_value_kind;

typedef struct ces_writer ces_writer;

typedef struct {
    void (*put)(ces_writer *writer, const ces_key *key, ces_value_kind kind, const char *value, gsize length);
    void (*number)(ces_writer *writer, const ces_key *key, guint64 number);
    void (*begin)(ces_writer *writer, const ces_key *key); /* members of a nested object follow */
    void (*end)(ces_writer *writer);
    /* A list of objects follows, each between begin(NULL) and end. FALSE: the
     * format has no lists, and neither the objects nor end_list may follow. */
    gboolean (*begin_list)(ces_writer *writer, const ces_key *key);
    void (*end_list)(ces_writer *writer);
} ces_format;

/* Members that come again and again are written once and copied from then on. */
enum { CES_FRAGMENTS = 256 };
typedef struct {
    guint64 about; /* what they tell, 0: nothing yet */
    GString *text;
} ces_fragment;

/* The same for a text: as it was given, and as it was written. */
typedef struct {
    GString *given, *written;
} ces_sentence;

struct ces_writer {
    const ces_format *format;
    GString *text;               /* borrowed; the record is appended to it */
    GString *scratch;            /* for the sentences of a record */
    const ces_key *object;       /* of a format of rows: the nested object being written, or NULL */
    ces_fragment *fragments;     /* CES_FRAGMENTS, or NULL: this format has no use for them */
    ces_sentence reason, advice; /* the latest ones */
    gsize mark;                  /* where the members begin that will be remembered */
};

/* Prepares for records that are appended to `text`, which may be NULL for a
 * format that writes elsewhere. */
void ces_writer_init(ces_writer *writer, const ces_format *format, GString *text, gboolean remembers);
void ces_writer_clear(ces_writer *writer);

/* TRUE: members about the same have been written before and are appended
 * again. FALSE: write them, and call ces_writer_keep with the same `about`,
 * which tells all that they depend on and is never 0. Not to be nested, nor
 * for the first members of an object. */
gboolean ces_writer_recall(ces_writer *writer, guint64 about);
void ces_writer_keep(ces_writer *writer, guint64 about);

/* The same for the member whose latest text was kept in `latest`: TRUE if it is
 * `given` again, with its name and all. */
gboolean ces_writer_repeat(ces_writer *writer, const ces_sentence *latest, const GString *given);
void ces_writer_keep_sentence(ces_writer *writer, ces_sentence *latest, const GString *given);

/* --- appending ---------------------------------------------------------------- */

/* Room for `size` more bytes at the end of `text`; returns where they go. End
 * with ces_text_wrote. */
static inline char *
ces_text_room(GString *text, gsize size)
{
    gsize length = text->len;

    if (G_UNLIKELY(text->allocated_len - length <= size)) {
        g_string_set_size(text, length + size);
        g_string_truncate(text, length);
    }
    return text->str + length;
}

static inline void
ces_text_wrote(GString *text, char *end)
{
    *end = '\0';
    text->len = (gsize)(end - text->str);
}

static inline char *
ces_put_bytes(char *at, const char *bytes, gsize length)
{
    memcpy(at, bytes, length);
    return at + length;
}

#endif
