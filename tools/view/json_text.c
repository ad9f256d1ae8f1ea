#include "json_text.h"

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>

json_t *json_need(json_t *value)
{
    if (!value)
        cli_fail(CLI_ERROR, "not enough memory");
    return value;
}

json_t *json_text(const char *text, size_t length)
{
    json_t *value = json_stringn(text, length);
    char *copy;

    if (value)
        return value;
    copy = cli_alloc(length + 1, 1);
    for (size_t i = 0; i < length; i++)
        copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    value = json_stringn(copy, length);
    free(copy);
    return json_need(value);
}

json_t *json_hex(uint64_t value)
{
    return json_need(json_sprintf("0x%" PRIx64, value));
}
