/* fuzz.h
 * A fuzz target as a program of its own: with CES_FUZZ_STANDALONE defined it
 * runs over the files named on the command line, under any compiler.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TESTS_FUZZ_H
#define CES_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef CES_FUZZ_STANDALONE
#    include <glib.h>

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *bytes;
        gsize size;
        GError *error = NULL;

        if (!g_file_get_contents(argv[i], &bytes, &size, &error))
            g_error("%s", error->message);
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
        g_free(bytes);
    }
    return 0;
}
#endif

#endif
