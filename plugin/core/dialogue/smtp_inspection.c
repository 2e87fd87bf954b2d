/* smtp_inspection.c
 * What masked text looks like.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_inspection.h"

#include <string.h>

enum { FEWEST_MASKS = 4, FEWEST_X_OF_VERB = 4, FEWEST_X_OF_EXTENSION = 3 };

/* Some firewalls leave the "2", "0" and blanks of what they mask. */
static gboolean
is_masked_by(char mask, ces_smtp_span text)
{
    gsize masks = 0;

    for (gsize i = 0; i < text.length; i++) {
        if (text.text[i] != mask && (!strchr("20 \t", text.text[i]) || text.text[i] == '\0'))
            return FALSE;
        masks += text.text[i] == mask;
    }
    return masks >= FEWEST_MASKS && masks * 2 > text.length;
}

gboolean
ces_smtp_is_masked_greeting(ces_smtp_span text)
{
    return is_masked_by('*', text) || is_masked_by('X', text) || is_masked_by('#', text);
}

static gsize
count_x(ces_smtp_span text)
{
    gsize count = 0;

    while (count < text.length && text.text[count] == 'X')
        count++;
    return count;
}

gboolean
ces_smtp_is_masked_verb(ces_smtp_span word)
{
    return word.length >= FEWEST_X_OF_VERB && count_x(word) == word.length;
}

gboolean
ces_smtp_is_masked_extension(ces_smtp_span text)
{
    ces_smtp_span word = ces_smtp_span_word(text);
    gsize count = count_x(word);

    return count >= FEWEST_X_OF_EXTENSION &&
           (count == word.length || (count + 1 == word.length && g_ascii_isupper(word.text[count])));
}
