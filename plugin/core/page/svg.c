/* svg.c
 * Drawings as markup.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "page/svg.h"

#include <string.h>

#include "page/escape.h"

/* --- parts of markup ------------------------------------------------------------- */

/* A finite place, for whatever it was computed from. */
static double
clamp(double place)
{
    return place > 0 ? MIN(place, 100.0) : 0; /* not a number is not greater than 0 */
}

/* " NAME="12.5%"", with a point whatever the locale. */
static void
add_place(GString *svg, const char *name, double place)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(digits, sizeof digits, "%.2f", clamp(place));
    g_string_append_printf(svg, " %s=\"%s%%\"", name, digits);
}

static void
add_class(GString *svg, const char *look, const char *token)
{
    g_string_append_printf(svg, " class=\"%s%s%s\"", look, token ? " s-" : "", token ? token : "");
}

static void
add_text(GString *svg, const char *element, const char *text)
{
    g_string_append_printf(svg, "<%s>", element);
    ces_page_escape(svg, text, strlen(text));
    g_string_append_printf(svg, "</%s>", element);
}

static void
end_with_title(GString *svg, const char *element, const char *title)
{
    if (!title) {
        g_string_append(svg, "/>");
        return;
    }
    g_string_append_c(svg, '>');
    add_text(svg, "title", title);
    g_string_append_printf(svg, "</%s>", element);
}

/* --- drawings ------------------------------------------------------------------------ */

void
ces_svg_begin(GString *svg, const char *look, guint height, const char *name, const char *description)
{
    g_string_append_printf(svg, "<svg class=\"%s\" width=\"100%%\" height=\"%u\" role=\"img\">", look, height);
    add_text(svg, "title", name);
    if (description)
        add_text(svg, "desc", description);
}

void
ces_svg_end(GString *svg)
{
    g_string_append(svg, "</svg>");
}

void
ces_svg_bar(GString *svg, const char *look, const char *token, double from, double to, guint top, guint height,
            const char *title)
{
    const double narrowest = 0.3;
    double width = MAX(clamp(to) - clamp(from), narrowest);

    g_string_append(svg, "<rect");
    add_class(svg, look, token);
    add_place(svg, "x", MIN(clamp(from), 100 - width));
    add_place(svg, "width", width);
    g_string_append_printf(svg, " y=\"%u\" height=\"%u\"", top, height);
    end_with_title(svg, "rect", title);
}

static void
add_use(GString *svg, const char *prefix, const char *shape, const char *token, double at, guint middle)
{
    g_string_append_printf(svg, "<use href=\"#%s%s\"", prefix, shape);
    add_class(svg, "mark", token);
    add_place(svg, "x", at);
    g_string_append_printf(svg, " y=\"%u\"", middle);
}

void
ces_svg_mark(GString *svg, const char *token, double at, guint middle, const char *title)
{
    add_use(svg, "m-", token, token, at, middle);
    end_with_title(svg, "use", title);
}

void
ces_svg_shape(GString *svg, const char *shape, const char *token, double at, guint middle)
{
    add_use(svg, "", shape, token, at, middle);
    end_with_title(svg, "use", NULL);
}

void
ces_svg_line(GString *svg, const char *look, const char *token, double from, guint top, double to, guint bottom)
{
    g_string_append(svg, "<line");
    add_class(svg, look, token);
    add_place(svg, "x1", from);
    add_place(svg, "x2", to);
    g_string_append_printf(svg, " y1=\"%u\" y2=\"%u\"/>", top, bottom);
}

void
ces_svg_label(GString *svg, const char *look, ces_svg_anchor anchor, double at, guint baseline, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};

    g_string_append(svg, "<text");
    add_class(svg, look, NULL);
    add_place(svg, "x", at);
    g_string_append_printf(svg, " y=\"%u\" text-anchor=\"%s\">", baseline, anchors[anchor]);
    ces_page_escape(svg, text, strlen(text));
    g_string_append(svg, "</text>");
}
