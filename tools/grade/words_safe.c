#include "words_safe.h"

#include "text.h"

#include <string.h>

/* The quotes that compilers like, in UTF-8, all begin with these two bytes. */
static char quote_plain(const char *at, size_t left)
{
    if (left < 3 || memcmp(at, "\xe2\x80", 2) != 0)
        return '\0';
    switch ((unsigned char)at[2]) {
    case 0x98:
    case 0x99:
        return '\'';
    case 0x9c:
    case 0x9d:
        return '"';
    default:
        return '\0';
    }
}

char *words_safe(const char *text, size_t max)
{
    size_t length = strnlen(text, max), used = 0;
    char *copy = text_alloc(length + 1);

    for (size_t i = 0; i < length; i++) {
        char quote = quote_plain(text + i, length - i);

        if (quote) {
            copy[used++] = quote;
            i += 2;
        } else if (text[i] == '\t') {
            copy[used++] = ' ';
        } else {
            copy[used++] = text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~') ? text[i] : '?';
        }
    }
    return copy;
}

void words_shorten(char *text)
{
    static const char root[] = QUIRE_ROOT "/";

    while ((text = strstr(text, root)))
        memmove(text, text + sizeof(root) - 1, strlen(text + sizeof(root) - 1) + 1);
}
