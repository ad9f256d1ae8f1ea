#include "questions.h"

#include "sources.h"
#include "text.h"
#include "words_safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS_BYTES_MAX = 1 << 16 };

/* Each question that needs an answer will say why there is none. */
static void answers_refuse(struct grading *g, const char *path, const char *why)
{
    char *safe = words_safe(why, sizeof(g->answers_why));

    text_fail(g->answers_why, sizeof(g->answers_why), "answers.toml does not count: %.100s%.250s",
              path, safe);
    fprintf(stderr, "quire: %s\n", g->answers_why);
    free(safe);
}

static bool answers_parse(struct grading *g, const struct submission_file *file)
{
    char path[PATH_MAX], why[GRADE_ERROR];

    if (file->size > ANSWERS_BYTES_MAX) {
        answers_refuse(g, file->path, ": larger than 64 KiB");
        return true;
    }
    if (!sources_put(g->work, "answers.toml", file->content, file->size, g->error,
                     sizeof(g->error)))
        return false;
    g->answers = config_read(grading_path(g, "answers.toml", path), why, sizeof(why));
    if (!g->answers) { /* why begins with the path, which is of this host */
        if (memmem(file->content, file->size, "\u201c", strlen("\u201c")))
            strncat(why, " (are its quotes straight?)", sizeof(why) - strlen(why) - 1);
        answers_refuse(g, file->path, why + strnlen(why, strlen(path)));
    }
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

const char *questions_unanswered(const struct grading *g)
{
    return g->answers_why[0] ? g->answers_why
                             : "there is no answer to this question in answers.toml";
}
