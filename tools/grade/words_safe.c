#include "words_safe.h"

#include "text.h"

#include <string.h>

char *words_safe(const char *text, size_t max)
{
    size_t length = strnlen(text, max);
    char *copy = text_copy(text, length);

    for (size_t i = 0; i < length; i++) {
        if (copy[i] == '\t')
            copy[i] = ' ';
        else if (copy[i] != '\n' && (copy[i] < ' ' || copy[i] > '~'))
            copy[i] = '?';
    }
    return copy;
}
