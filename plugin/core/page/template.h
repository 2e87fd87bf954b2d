/* template.h
 * A page made of a template and values.
 *
 * The template is HTML with placeholders:
 *
 *     {{name}}                 the text of that name, escaped
 *     {{{name}}}               the drawing of that name, as it is
 *     {{#name}}...{{/name}}    once for each item of the list, with the item's values
 *                              before those around it; of a text or drawing once,
 *                              if there is one that is not empty
 *     {{^name}}...{{/name}}    if the above would not stand there
 *     {{! ... }}               nothing
 *
 * Texts are never read as template, and never stand on a page but by escape.h.
 * Line breaks with the blanks behind them become a single line break.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_TEMPLATE_H
#define CES_PAGE_TEMPLATE_H

#include "page/values.h"

/* The template of the project, made part of the program when that is built. */
extern const char ces_page_html[];

/* Appends the page. A name without a value is an empty text. */
void ces_template_fill(const char *html, const ces_values *values, GString *page);

/* Whether sections are closed in order and placeholders end, for a test. */
gboolean ces_template_is_whole(const char *html);

#endif
