/* smtp_inspection.c
 * What masked text looks like.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dialogue/smtp_inspection.h"

#include <string.h>

enum { FEWEST_ASTERISKS = 4, FEWEST_X_OF_VERB = 4, FEWEST_X_OF_EXTENSION = 3 };

gboolean
ces_smtp_is_masked_greeting(ces_smtp_span text)
{
    gsize asterisks = 0;

    for (gsize i = 0; i < text.length; i++) {
        if (!strchr("*20 \t", text.text[i]) || text.text[i] == '\0')
            return FALSE;
        asterisks += text.text[i] == '*';
    }
    return asterisks >= FEWEST_ASTERISKS && asterisks * 2 > text.length;
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
