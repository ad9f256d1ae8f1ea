/* What the comment at the head of a bodies file says. */
#include "bodies.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The comment without its stars: lines of text, in allocated memory. */
static char *comment_lines(const char *text)
{
    const char *end = strstr(text, "*/");
    char *lines = text_alloc(strlen(text) + 1), *to = lines;

    if (strncmp(text, "/*", 2) != 0 || !end)
        return lines;
    for (text += 2; text < end; text++) {
        text += strspn(text, " \t");
        if (*text == '*' && text < end)
            text++;
        text += strspn(text, " \t");
        while (text < end && *text != '\n')
            *to++ = *text++;
        while (to > lines && to[-1] == ' ')
            to--;
        *to++ = '\n';
    }
    return lines;
}

static bool is_key(const char *line)
{
    static const char *const keys[] = { "Misconception:", "Different:", "Fails:", "Compiler:",
                                        "Flags:" };

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strncmp(line, keys[i], strlen(keys[i])) == 0)
            return true;
    return false;
}

/* The paragraph behind "Key:", up to an empty line or another key, as one line; or NULL. */
static char *paragraph(const char *lines, const char *key)
{
    size_t length = strlen(key);
    const char *at = strncmp(lines, key, length) == 0 ? lines : NULL;
    char *out, *to;

    for (const char *line = lines; !at && (line = strchr(line, '\n')); line++)
        if (strncmp(line + 1, key, length) == 0)
            at = line + 1;
    if (!at)
        return NULL;
    at += length + strspn(at + length, " ");
    out = to = text_alloc(strlen(at) + 1);
    for (; *at && !(at[0] == '\n' && (at[1] == '\n' || !at[1] || is_key(at + 1))); at++)
        *to++ = *at == '\n' ? ' ' : *at;
    return out;
}

/* The rest of the line behind "Key:". */
static char *rest_of_line(const char *lines, const char *key)
{
    const char *at = strstr(lines, key);

    if (!at || (at > lines && at[-1] != '\n'))
        return NULL;
    at += strlen(key) + strspn(at + strlen(key), " ");
    return text_copy(at, strcspn(at, "\n"));
}

static char **list_of(const char *text)
{
    char **list = text_alloc((strlen(text) + 2) * sizeof(*list));
    size_t count = 0;

    while (*text) {
        size_t length = strcspn(text, ", ");

        if (length)
            list[count++] = text_copy(text, length);
        text += length;
        text += strspn(text, ", ");
    }
    return list;
}

bool bodies_head_read(const char *bodies_file, struct bodies_head *out, char *error,
                      size_t error_size)
{
    size_t length;
    char *text = text_read(bodies_file, &length, error, error_size), *lines, *fails;

    *out = (struct bodies_head){ 0 };
    if (!text)
        return false;
    lines = comment_lines(text);
    free(text);
    out->text = paragraph(lines, "Misconception:");
    out->is_wrong = out->text != NULL;
    if (!out->text)
        out->text = paragraph(lines, "Different:");
    fails = paragraph(lines, "Fails:");
    out->fails = list_of(fails ? fails : "");
    out->compiler = rest_of_line(lines, "Compiler:");
    out->flags = rest_of_line(lines, "Flags:");
    free(fails);
    free(lines);
    if (out->text && (!out->is_wrong || out->fails[0]))
        return true;
    text_fail(error, error_size, "%s: its first comment must say %s", bodies_file,
              out->is_wrong ? "'Fails: check, ...'" : "'Misconception: ...' or 'Different: ...'");
    bodies_head_free(out);
    return false;
}

void bodies_head_free(struct bodies_head *head)
{
    for (size_t i = 0; head->fails && head->fails[i]; i++)
        free(head->fails[i]);
    free(head->fails);
    free(head->text);
    free(head->compiler);
    free(head->flags);
    *head = (struct bodies_head){ 0 };
}
