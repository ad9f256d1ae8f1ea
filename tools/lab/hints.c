#include "hints.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NOTES_BYTES = 300 };

/* The text of a section: behind the heading line, up to the next one of its rank or above. */
static const char *section(const char *text, const char *end, const char *mark, const char *name,
                           const char **out_end)
{
    size_t rank = strlen(mark), length = strlen(name);

    for (const char *line = text; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));

        next = next ? next + 1 : end;
        if (strncmp(line, mark, rank) == 0 && line[rank] == ' ' &&
            strncmp(line + rank + 1, name, length) == 0 && line[rank + 1 + length] == '\n') {
            for (line = next; line < end && !(line[0] == '#' && strspn(line, "#") <= rank);) {
                const char *newline = memchr(line, '\n', (size_t)(end - line));

                line = newline ? newline + 1 : end;
            }
            *out_end = line;
            return next;
        }
        line = next;
    }
    return NULL;
}

/* The hint of a level, NULL if there is none. */
static const char *hint_text(const char *text, const char *function, unsigned level,
                             const char **end)
{
    const char *from, *function_end;
    char number[20];

    from = section(text, text + strlen(text), "##", function, &function_end);
    snprintf(number, sizeof(number), "%u", level);
    return from ? section(from, function_end, "###", number, end) : NULL;
}

static unsigned hint_count(const char *text, const char *function)
{
    unsigned level = 0;
    const char *end;

    while (hint_text(text, function, level + 1, &end))
        level++;
    return level;
}

static char *notes_path(const char *root)
{
    return text_path(root, "build/lab-hints");
}

/* How many hints of the function were shown. */
static unsigned shown_get(const char *root, const struct lab *lab, const char *function)
{
    char *path = notes_path(root), line[NOTES_BYTES], name[NOTES_BYTES];
    FILE *notes = fopen(path, "re");
    unsigned number, level, shown = 0;

    while (notes && fgets(line, sizeof(line), notes))
        if (sscanf(line, "%u %299s %u", &number, name, &level) == 3 && number == lab->number &&
            strcmp(name, function) == 0 && level > shown)
            shown = level;
    if (notes)
        fclose(notes);
    free(path);
    return shown;
}

static void shown_set(const char *root, const struct lab *lab, const char *function, unsigned level)
{
    char *folder = text_path(root, "build"), *path = notes_path(root);
    FILE *notes;

    mkdir(folder, 0777);
    notes = fopen(path, "ae");
    if (notes) {
        fprintf(notes, "%u %s %u\n", lab->number, function, level);
        fclose(notes);
    }
    free(path);
    free(folder);
}

/* A lab without functions has its hints as plain text, below the heading. */
static bool list_functions(const char *root, const struct lab *lab, const char *text)
{
    const char *body = strstr(text, "\n\n");

    if (lab->function_count == 0) {
        printf("Lab %u, %s.\n\n%s", lab->number, lab->title, body ? body + 2 : text);
        return true;
    }
    printf("Lab %u, %s. Hints, one at a time: ./quire lab hint %u FUNCTION\n\n", lab->number,
           lab->title, lab->number);
    for (size_t i = 0; i < lab->function_count; i++) {
        const char *name = lab->functions[i].name;

        printf("  %-28s %u of %u shown   %s\n", name, shown_get(root, lab, name),
               hint_count(text, name), lab->functions[i].file);
    }
    return true;
}

static void print_hint(const char *function, unsigned level, unsigned count, const char *from,
                       const char *end)
{
    while (from < end && *from == '\n')
        from++;
    while (end > from && end[-1] == '\n')
        end--;
    printf("%s, hint %u of %u\n\n%.*s\n", function, level, count, (int)(end - from), from);
}

static bool show_one(const char *root, const struct lab *lab, const char *text,
                     const char *function, unsigned level, char *error, size_t error_size)
{
    unsigned count = hint_count(text, function), shown = shown_get(root, lab, function);
    const char *from, *end = "";

    if (count == 0)
        return text_fail(error, error_size,
                         "lab %u has no hints for '%s'; ./quire lab hint %u lists "
                         "what it has",
                         lab->number, function, lab->number);
    if (level > count)
        return text_fail(error, error_size, "'%s' has %u hints, no number %u", function, count,
                         level);
    if (level == 0)
        level = shown < count ? shown + 1 : count;
    from = hint_text(text, function, level, &end);
    if (!from)
        return text_fail(error, error_size, "'%s' has no hint %u", function, level);
    print_hint(function, level, count, from, end);
    if (level > shown)
        shown_set(root, lab, function, level);
    if (level == count)
        printf("\nThat is the last one.\n");
    return true;
}

bool hints_show(const char *root, const struct lab *lab, const char *function, unsigned level,
                char *error, size_t error_size)
{
    char *name = text_path(lab->directory, "hints.md"), *path = text_path(root, name);
    size_t length;
    char *text = text_read(path, &length, error, error_size);
    bool good = text != NULL;

    if (!text)
        text_fail(error, error_size, "lab %u has no hints", lab->number);
    else if (!function)
        good = list_functions(root, lab, text);
    else
        good = show_one(root, lab, text, function, level, error, error_size);
    free(text);
    free(path);
    free(name);
    return good;
}
