/* fields.h
 * The kinds of field that all displays share: a token, a text, a number. All
 * fields are generated: none of them stands in the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_FIELDS_H
#define CES_FIELDS_H

#include "compat.h"

/* A list of the vocabulary as value strings: a token misspelt in a filter is
 * an error. */
/* clang-format off */
#define CES_TOKEN_ROW(name, token) {name, token},
#define CES_TOKENS(LIST) {LIST(CES_TOKEN_ROW){0, NULL}}
/* clang-format on */

/* A field with tokens, and its twin that holds the token as a string. */
typedef struct {
    int number;
    int string;
} ces_token_field;

/* clang-format off */
#define CES_TOKEN_FIELD {-1, -1}

#define CES_HF_TOKEN(field, title, abbreviation, tokens, text) \
    {&(field).number, {title, abbreviation, FT_UINT8, BASE_DEC, VALS(tokens), 0, text, HFILL}}, \
    {&(field).string, {title " token", abbreviation ".str", FT_STRING, BASE_NONE, NULL, 0, text " (as text)", HFILL}}

/* The same by the name that the field shares with its type and token function:
 * "ces.NAME", ces_NAME, ces_NAME_token; its value strings are NAME_tokens. */
#define CES_DECLARE_TOKENS(name, LIST) static const value_string name##_tokens[] = CES_TOKENS(LIST);
#define CES_DECLARE_TOKEN_FIELD(name, LIST) \
    CES_DECLARE_TOKENS(name, LIST)          \
    static ces_token_field hf_##name = CES_TOKEN_FIELD;

#define CES_HF_TEXT(field, title, abbreviation, text) \
    {&(field), {title, abbreviation, FT_STRING, BASE_NONE, NULL, 0, text, HFILL}}

#define CES_HF_NUMBER(field, type, title, abbreviation, text) \
    {&(field), {title, abbreviation, type, BASE_DEC, NULL, 0, text, HFILL}}

#define CES_HF_FRAME(field, title, abbreviation, text) \
    {&(field), {title, abbreviation, FT_FRAMENUM, BASE_NONE, NULL, 0, text, HFILL}}

#define CES_HF_FLAG(field, title, abbreviation, text) \
    {&(field), {title, abbreviation, FT_BOOLEAN, BASE_NONE, NULL, 0, text, HFILL}}
/* clang-format on */

/* Shown as `text`: the token, or more than that. The twin is hidden: it says
 * the token again, for scripts. */
static inline void
ces_add_token_as(proto_tree *tree, tvbuff_t *tvb, const ces_token_field *field, guint value, const char *token,
                 const char *text)
{
    proto_item *twin;

    proto_item_set_generated(proto_tree_add_uint_format_value(tree, field->number, tvb, 0, 0, value, "%s", text));
    twin = proto_tree_add_string(tree, field->string, tvb, 0, 0, token);
    proto_item_set_generated(twin);
    proto_item_set_hidden(twin);
}

static inline void
ces_add_token(proto_tree *tree, tvbuff_t *tvb, const ces_token_field *field, guint value, const char *token)
{
    ces_add_token_as(tree, tvb, field, value, token, token);
}

static inline proto_item *
ces_add_text(proto_tree *tree, tvbuff_t *tvb, int field, const char *text)
{
    proto_item *item = proto_tree_add_string(tree, field, tvb, 0, 0, text);

    proto_item_set_generated(item);
    return item;
}

static inline void
ces_add_number(proto_tree *tree, tvbuff_t *tvb, int field, guint32 number)
{
    proto_item_set_generated(proto_tree_add_uint(tree, field, tvb, 0, 0, number));
}

#endif
