#include "answers.h"

#include "config.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { COLUMNS = 98 };

/* A paragraph as comment lines. */
static void print_comment(FILE *out, const char *text)
{
    size_t column = 0;

    while (*text) {
        size_t length = strcspn(text, " \n");

        if (column && column + 1 + length > COLUMNS) {
            fputc('\n', out);
            column = 0;
        }
        if (length)
            column += (size_t)fprintf(out, "%s%.*s", column ? " " : "# ", (int)length, text);
        text += length;
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}

/* A text in TOML's quotes. */
static void print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", (unsigned char)*text);
        else
            fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    fputc('"', out);
}

static const char *question_of(const json_t *check)
{
    static const char *const kinds[] = { "prediction", "written", "answer" };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (json_is_string(json_object_get(check, kinds[i])))
            return json_string_value(json_object_get(check, kinds[i]));
    return NULL;
}

static void print_questions(FILE *out, const json_t *rubric)
{
    const json_t *check;
    size_t i;

    json_array_foreach(json_object_get(rubric, "check"), i, check)
    {
        const char *question = question_of(check);
        const char *id = json_string_value(json_object_get(check, "id"));

        if (!question || !id)
            continue;
        fputc('\n', out);
        print_comment(out, question);
        fprintf(out, "%s = \"\"\n", id);
    }
}

/* FNV-1a. */
uint64_t answers_seed(const char *student)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    if (!*student && getrandom(&hash, sizeof(hash), 0) < 0)
        abort();
    for (; *student; student++)
        hash = (hash ^ (unsigned char)*student) * UINT64_C(0x100000001b3);
    return (hash >> 33) + 1;
}

/* What stands above the two lines that are not the student's to change. */
static const char *seed_comment(const char *student)
{
    if (*student)
        return "# Numbers as 12 or 0x1000, all else in quotes. The seed is made of your name: your "
               "run is\n# another one than other people's. Do not change these two lines.\n";
    return "# Numbers as 12 or 0x1000, all else in quotes. The seed says which run the questions "
           "are\n# about. Do not change these two lines.\n";
}

static bool write_file(const char *tree, const struct lab *lab, const char *student,
                       const json_t *rubric, char *error, size_t error_size)
{
    char *text, *path, *name = text_path(lab->directory, "answers.toml");
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool good;

    if (!out)
        abort();
    fprintf(out, "# Lab %u, %s: your answers.\n", lab->number, lab->title);
    fprintf(out, "%sstudent = ", seed_comment(student));
    print_quoted(out, student);
    fprintf(out, "\nseed = %" PRIu64 "\n", answers_seed(student));
    if (rubric)
        print_questions(out, rubric);
    fclose(out);
    path = text_path(tree, name);
    good = text_write(path, text, size, error, error_size);
    free(path);
    free(name);
    free(text);
    return good;
}

bool answers_write(const char *tree, const struct lab *lab, const char *student, char *error,
                   size_t error_size)
{
    char *name = text_path(lab->directory, "rubric.toml"), *path = text_path(tree, name), *text;
    json_t *rubric = NULL;
    size_t length;
    bool good = true;

    text = text_read(path, &length, error, error_size);
    if (text) {
        rubric = config_read(path, error, error_size);
        good = rubric != NULL;
    }
    good = good && write_file(tree, lab, student, rubric, error, error_size);
    json_decref(rubric);
    free(text);
    free(path);
    free(name);
    return good;
}
