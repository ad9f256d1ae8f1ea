#include "split_inside.h"

#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool split_is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool split_is_comment(const struct split *split, size_t at)
{
    return split->text[at] == '/' && (split->text[at + 1] == '*' || split->text[at + 1] == '/');
}

bool split_word_is(const struct split *split, size_t start, size_t end, const char *word)
{
    return end - start == strlen(word) && memcmp(split->text + start, word, end - start) == 0;
}

bool split_is_blank(const struct split *split, size_t start, size_t end)
{
    while (start < end && isspace((unsigned char)split->text[start]))
        start++;
    return start == end;
}

size_t split_line_end(const struct split *split, size_t at)
{
    const char *newline = memchr(split->text + at, '\n', split->length - at);

    return newline ? (size_t)(newline - split->text) + 1 : split->length;
}

static size_t comment_end(const struct split *split, size_t at)
{
    const char *end;

    if (split->text[at + 1] == '/') {
        end = memchr(split->text + at, '\n', split->length - at);
        return end ? (size_t)(end - split->text) : split->length;
    }
    end = strstr(split->text + at + 2, "*/");
    return end ? (size_t)(end - split->text) + 2 : split->length;
}

/* A string that is not closed ends with its line, as the compiler has it. */
static size_t string_end(const struct split *split, size_t at)
{
    char quote = split->text[at++];

    while (at < split->length && split->text[at] != quote && split->text[at] != '\n')
        at += split->text[at] == '\\' && at + 1 < split->length ? 2 : 1;
    return at < split->length && split->text[at] == quote ? at + 1 : at;
}

/* Names and numbers alike; in a number an apostrophe groups digits. */
static size_t name_end(const struct split *split, size_t at)
{
    bool number = isdigit((unsigned char)split->text[at]);

    while (split_is_name(split->text[at]) ||
           (number && split->text[at] == '\'' && split_is_name(split->text[at + 1])))
        at++;
    return at;
}

size_t split_token(const struct split *split, size_t at)
{
    char c = split->text[at];

    if (split_is_comment(split, at))
        return comment_end(split, at);
    if (c == '"' || (c == '\'' && !split->assembly))
        return string_end(split, at);
    if (split_is_name(c))
        return name_end(split, at);
    return at + 1;
}

struct split_item *split_add(struct split *split, enum split_kind kind, size_t start, size_t end)
{
    struct split_item *item;

    if ((split->count & (split->count - 1)) == 0) {
        size_t room = split->count ? split->count * 2 : 1;

        split->items = realloc(split->items, room * sizeof(*split->items));
        if (!split->items)
            abort();
    }
    item = &split->items[split->count++];
    *item = (struct split_item){
        .kind = kind, .start = start, .code = start, .body = end, .body_end = end, .end = end
    };
    return item;
}

void split_set_name(struct split_item *item, const struct split *split, size_t at, size_t length)
{
    free(item->name);
    item->name = text_copy(split->text + at, length);
}

struct split *split_text(char *text, size_t length, bool assembly)
{
    struct split *split = text_alloc(sizeof(*split));

    *split = (struct split){ .text = text, .length = length, .assembly = assembly };
    if (assembly)
        split_scan_assembly(split);
    else
        split_scan_c(split);
    return split;
}

void split_free(struct split *split)
{
    if (!split)
        return;
    for (size_t i = 0; i < split->count; i++)
        free(split->items[i].name);
    free(split->items);
    free(split->text);
    free(split);
}

struct split *split_file(const char *path, char *error, size_t error_size)
{
    size_t length, name = strlen(path);
    char *text = text_read(path, &length, error, error_size);

    if (!text)
        return NULL;
    if (memchr(text, '\0', length)) {
        text_fail(error, error_size, "%s: holds a NUL character", path);
        free(text);
        return NULL;
    }
    return split_text(text, length, name > 2 && strcmp(path + name - 2, ".S") == 0);
}

const struct split_item *split_function(const struct split *split, const char *name)
{
    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *item = &split->items[i];

        if (item->kind == SPLIT_FUNCTION && item->name && strcmp(item->name, name) == 0)
            return item;
    }
    return NULL;
}

bool split_mentions(const struct split *split, size_t start, size_t end, const char *name)
{
    for (size_t at = start, next; at < end; at = next) {
        next = split_token(split, at);
        if (split_word_is(split, at, next, name))
            return true;
    }
    return false;
}
