#include "questions.h"

#include "answers.h"
#include "sources.h"
#include "words_safe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS_BYTES_MAX = 1 << 16 };

/* Questions will say why; so does the terminal, as they may not be asked. */
static void answers_refuse(struct grading *g, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void answers_refuse(struct grading *g, const char *format, ...)
{
    char text[GRADE_ERROR], *safe;
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    safe = words_safe(text, sizeof(text));
    snprintf(g->answers_why, sizeof(g->answers_why), "%s", safe);
    fprintf(stderr, "quire: %s\n", g->answers_why);
    free(safe);
}

static const char *answers_student(const struct grading *g)
{
    const char *student = json_string_value(json_object_get(g->answers, "student"));

    return student ? student : "";
}

/* Whoever takes another's answers must take the seed, too, and then the name is not theirs. */
static void answers_check_seed(struct grading *g)
{
    const json_t *seed = json_object_get(g->answers, "seed");
    const char *student = answers_student(g);
    uint64_t own = questions_seed(g);

    if (!*student || !seed ||
        (json_is_integer(seed) && json_integer_value(seed) == (json_int_t)own))
        return;
    answers_refuse(g,
                   "predictions in answers.toml do not count: the seed of '%.80s' is %" PRIu64
                   ", and another one stands there. Put student and seed back as they were "
                   "handed out, and answer for that run",
                   student, own);
}

static bool answers_parse(struct grading *g, const struct submission_file *file)
{
    char path[PATH_MAX], why[GRADE_ERROR];
    bool curly = memmem(file->content, file->size, "\u201c", strlen("\u201c"));

    if (file->size > ANSWERS_BYTES_MAX) {
        answers_refuse(g, "answers.toml does not count: it is larger than 64 KiB");
        return true;
    }
    if (!sources_put(g->work, "answers.toml", file->content, file->size, g->error,
                     sizeof(g->error)))
        return false;
    g->answers = config_read(grading_path(g, "answers.toml", path), why, sizeof(why));
    if (g->answers)
        answers_check_seed(g);
    else /* why begins with the path, which is of this host */
        answers_refuse(g, "answers.toml does not count: %.100s%.200s%s", file->path,
                       why + strnlen(why, strlen(path)),
                       curly ? " (are its quotes straight?)" : "");
    return true;
}

bool questions_read(struct grading *g)
{
    char wanted[PATH_MAX];

    snprintf(wanted, sizeof(wanted), "%s/answers.toml", g->lab->directory);
    for (size_t i = 0; i < g->submission.count; i++) {
        if (strcmp(g->submission.files[i].path, wanted) == 0)
            return answers_parse(g, &g->submission.files[i]);
    }
    return true;
}

uint64_t questions_seed(const struct grading *g)
{
    json_int_t seed = json_integer_value(json_object_get(g->answers, "seed"));

    if (*answers_student(g))
        return answers_seed(answers_student(g));
    return seed > 0 ? (uint64_t)seed : 1;
}

const char *questions_unanswered(const struct grading *g)
{
    return g->answers || !g->answers_why[0] ? "there is no answer to this question in answers.toml"
                                            : g->answers_why;
}
