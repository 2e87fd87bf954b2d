/* svg.h
 * Small drawings in SVG that stand in an HTML page.
 *
 * A drawing is as wide as its place and of a fixed height, so its text keeps its
 * size: places across are percents (0 to 100), heights are pixels. Colours and
 * shapes are those of page.html: class "s-TOKEN" is the colour of a state, and
 * "#m-TOKEN" its mark. Numbers that are no numbers or lie outside are put at the
 * nearest end; names and titles are escaped.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_PAGE_SVG_H
#define CES_PAGE_SVG_H

#include <glib.h>

/* Begins a picture that is told to those who do not see it by its name and, if not
 * NULL, a description. */
void ces_svg_begin(GString *svg, const char *look, guint height, const char *name, const char *description);
void ces_svg_end(GString *svg);

/* A bar from place to place; never so narrow that it cannot be seen. `title` is shown
 * when pointed at. */
void ces_svg_bar(GString *svg, const char *look, const char *token, double from, double to, guint top, guint height,
                 const char *title);

/* The mark of a state, of any height around `middle`. */
void ces_svg_mark(GString *svg, const char *token, double at, guint middle, const char *title);

/* One of the other shapes of page.html, in the colour of a state. */
void ces_svg_shape(GString *svg, const char *shape, const char *token, double at, guint middle);

void ces_svg_line(GString *svg, const char *look, const char *token, double from, guint top, double to, guint bottom);

/* Text that begins, is centred or ends at a place. */
typedef enum { CES_SVG_START, CES_SVG_MIDDLE, CES_SVG_END } ces_svg_anchor;
void ces_svg_label(GString *svg, const char *look, ces_svg_anchor anchor, double at, guint baseline, const char *text);

#endif
