/* rows.h
 * One test path for each row of a table, so that a failing row names itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TESTS_ROWS_H
#define CES_TESTS_ROWS_H

#include <glib.h>

/* Registers /core/GROUP/NAME, which calls test(row). */
static inline void
rows_add(const char *group, const char *name, gconstpointer row, GTestDataFunc test)
{
    char *path = g_strdup_printf("/core/%s/%s", group, name);

    g_test_add_data_func(path, row, test);
    g_free(path);
}

/* Registers every element of an array of structs that have a `name`. */
#define ROWS_ADD(group, rows, test)                                               \
    do {                                                                          \
        for (gsize rows_index = 0; rows_index < G_N_ELEMENTS(rows); rows_index++) \
            rows_add(group, (rows)[rows_index].name, &(rows)[rows_index], test);  \
    } while (0)

#endif
