/* Is a file a text? Editors save in other encodings; the message says which one. */
#include "submission_parts.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

enum { CONVERTED = 4096 };

/* Bytes from the start that are UTF-8; all of them if the file is. */
static size_t utf8_length(const char *content, size_t size)
{
    char out[CONVERTED], *in = (char *)content;
    size_t left = size;
    iconv_t converter = iconv_open("UTF-32LE", "UTF-8");

    if (converter == (iconv_t)-1)
        return size;
    while (left > 0) {
        char *to = out;
        size_t space = sizeof(out);

        if (iconv(converter, &in, &left, &to, &space) == (size_t)-1 && errno != E2BIG)
            break;
    }
    iconv_close(converter);
    return size - left;
}

static int line_at(const char *content, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset; i++)
        line += content[i] == '\n';
    return line;
}

bool submission_check_text(const struct submission_file *file, char *error, size_t error_size)
{
    const char *content = file->content;

    if (file->size >= 2 &&
        (memcmp(content, "\xff\xfe", 2) == 0 || memcmp(content, "\xfe\xff", 2) == 0)) {
        snprintf(error, error_size, "%s is saved as UTF-16; save it as UTF-8", file->path);
        return false;
    }
    if (file->size > 0 && memchr(content, '\0', file->size)) {
        snprintf(error, error_size, "%s holds NUL bytes: it is no text file", file->path);
        return false;
    }
    const size_t good = utf8_length(content, file->size);

    if (good < file->size) {
        snprintf(error, error_size, "%s, line %d: not UTF-8; save the file as UTF-8", file->path,
                 line_at(content, good));
        return false;
    }
    return true;
}
