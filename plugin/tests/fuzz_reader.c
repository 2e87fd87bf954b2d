/* fuzz_reader.c
 * Fuzz target: whatever a file holds, frames are numbered in order and lie in
 * memory, and the end stays the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reader.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/* Those whose programs would be run thousands of times. */
static gboolean
needs_program(const uint8_t *data, size_t size)
{
    return (size >= 2 && memcmp(data,
                                "\xfd"
                                "7",
                                2) == 0) ||
           (size >= 2 && memcmp(data, "BZ", 2) == 0);
}

static int
open_data(const uint8_t *data, size_t size)
{
    int descriptor = memfd_create("capture", MFD_CLOEXEC);

    g_assert_cmpint(descriptor, >=, 0);
    g_assert_cmpint(write(descriptor, data, size), ==, (gssize)size);
    g_assert_cmpint(lseek(descriptor, 0, SEEK_SET), ==, 0);
    return descriptor;
}

static void
note_name(const ces_address *address, const char *name, gpointer length)
{
    *(gsize *)length += strlen(name) + (address->low != 0);
}

static guint
sum_bytes(const ces_frame *frame)
{
    guint sum = 0;

    for (guint32 i = 0; i < frame->captured; i++)
        sum += frame->bytes[i];
    return sum;
}

static void
read_all(ces_reader *reader)
{
    enum { ENOUGH = 10000 };
    ces_frame frame;
    ces_read answer, again;
    GError *error = NULL;
    guint32 number = 0;

    while ((answer = ces_reader_next(reader, &frame, &error)) == CES_READ_FRAME && number < ENOUGH) {
        g_assert_cmpuint(frame.number, ==, ++number);
        g_assert_null(error);
        g_assert_true(frame.timestamp == CES_TIME_UNKNOWN || frame.timestamp >= 0);
        g_assert_cmpuint(frame.captured, <=, 128u << 20);
        g_assert_cmpuint(sum_bytes(&frame), <=, 255u * frame.captured);
    }
    g_assert_true((answer == CES_READ_FAILED) == (error != NULL));
    g_assert_true(answer != CES_READ_OTHER_FORMAT || number == 0);
    g_clear_error(&error);
    if (answer == CES_READ_FRAME)
        return;
    again = ces_reader_next(reader, &frame, &error);
    g_assert_cmpint(again, ==, answer);
    g_clear_error(&error);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gsize names = 0;

    if (needs_program(data, size))
        return 0;
    ces_reader *reader = ces_reader_open_descriptor(open_data(data, size));
    ces_reader_tell_names(reader, note_name, &names);
    read_all(reader);
    ces_reader_free(reader);
    return 0;
}
