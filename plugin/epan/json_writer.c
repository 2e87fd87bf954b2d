/* json_writer.c
 * JSON Lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json_writer.h"

static json_dumper *
dumper_of(ces_writer *writer)
{
    return &((ces_json *)writer)->dumper;
}

static void
json_begin(ces_writer *writer, const char *key)
{
    json_dumper_set_member_name(dumper_of(writer), key);
    json_dumper_begin_object(dumper_of(writer));
}

static void
json_end(ces_writer *writer)
{
    json_dumper_end_object(dumper_of(writer));
}

static void
json_text(ces_writer *writer, const char *key, const char *value)
{
    json_dumper_set_member_name(dumper_of(writer), key);
    json_dumper_value_string(dumper_of(writer), value);
}

static void
json_number(ces_writer *writer, const char *key, guint32 value)
{
    json_dumper_set_member_name(dumper_of(writer), key);
    json_dumper_value_anyf(dumper_of(writer), "%u", value);
}

static void
json_absent(ces_writer *writer, const char *key)
{
    json_dumper_set_member_name(dumper_of(writer), key);
    json_dumper_value_anyf(dumper_of(writer), "null");
}

void
ces_json_init(ces_json *json, GString *text)
{
    *json = (ces_json){
        .writer = {json_begin, json_end, json_text, json_number, json_absent},
        .dumper = {.output_string = text},
    };
}

void
ces_json_begin_record(ces_json *json)
{
    json_dumper_begin_object(&json->dumper);
}

void
ces_json_end_record(ces_json *json)
{
    json_dumper_end_object(&json->dumper);
    json_dumper_finish(&json->dumper); /* ends the line */
}
