/* values.h
 * What a page is filled with: texts, drawings and lists by their names.
 *
 * Names are static strings, those of the placeholders in page.html. Texts are kept
 * as they come and escaped when the page is filled, all of them, so nobody who puts
 * a text here has to think of it; drawings are the markup of svg.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_VALUES_H
#define CES_PAGE_VALUES_H

#include <glib.h>

typedef struct ces_values ces_values;

ces_values *ces_values_new(void);
void ces_values_free(ces_values *values); /* with all lists; takes NULL */

/* Puts a text. Of two of the same name the first counts. */
void ces_values_put(ces_values *values, const char *name, const char *text);
void ces_values_number(ces_values *values, const char *name, guint64 number);

/* The text itself, to be appended to: valid as long as the values. */
GString *ces_values_text(ces_values *values, const char *name);

/* A drawing, to be appended to. */
GString *ces_values_drawing(ces_values *values, const char *name);

/* Appends an item to the list of that name. */
ces_values *ces_values_add(ces_values *values, const char *name);

/* What stands under a name, in these values or in those that the list is in.
 * At most one of the members is not NULL; all are if there is nothing. */
typedef struct {
    const GString *text, *drawing;
    const GPtrArray *items; /* ces_values */
} ces_value;
ces_value ces_values_get(const ces_values *values, const char *name, gsize length);

#endif
