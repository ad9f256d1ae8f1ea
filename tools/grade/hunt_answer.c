/*
 * The bug hunt's questions: which rule of the handout's list does a kernel break? The
 * rubric has the answers' hashes, as students have the rubric.
 */
#include "hunt.h"

#include "commands.h"
#include "questions.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The letters and digits of an answer, which are all that counts, in allocated memory. */
static char *plain_answer(const char *answer, size_t length)
{
    char *plain = text_alloc(length + 1), *to = plain;

    for (size_t i = 0; i < length; i++)
        if (isalnum((unsigned char)answer[i]))
            *to++ = (char)tolower((unsigned char)answer[i]);
    *to = '\0';
    return plain;
}

void hunt_hash(const char *id, const char *answer, char out[HASH_TEXT])
{
    char *plain = plain_answer(answer, strlen(answer));
    struct sha256_ctx hash;

    sha256_init(&hash);
    hash_add(&hash, "quire: an answer");
    hash_add(&hash, id);
    hash_add(&hash, plain);
    hash_text(&hash, out);
    free(plain);
}

#define ROW "\n| `" /* what a row of the handout's table begins with, and then the rule's name */

/* Has the handout's table a row for this rule? */
static bool has_row(const char *handout, const char *wanted)
{
    bool found = false;

    for (const char *row = handout; !found && (row = strstr(row, ROW)); row++) {
        const char *name = row + strlen(ROW);
        char *plain = plain_answer(name, strcspn(name, "`\n"));

        found = strcmp(plain, wanted) == 0;
        free(plain);
    }
    return found;
}

/* Is the answer in the list of rules that the lab's handout has, if it has one? */
static bool is_rule(const struct grading *g, const char *answer)
{
    char *handout, *plain, path[PATH_MAX], error[GRADE_ERROR];
    size_t length;
    bool found;

    snprintf(path, sizeof(path), "%.3000s/%s/README.md", g->options->root, g->lab->directory);
    handout = text_read(path, &length, error, sizeof(error));
    plain = plain_answer(answer, strlen(answer));
    found = !handout || !strstr(handout, ROW) || has_row(handout, plain);
    free(plain);
    free(handout);
    return found;
}

const char *hunt_answer(const struct grading *g, const struct rubric_check *check, char *text,
                        size_t size)
{
    const char *answer = json_string_value(json_object_get(g->answers, check->id));
    char hash[HASH_TEXT];
    const json_t *accepted;
    size_t i;

    if (g->answered)
        return "passed";
    if (!answer || !answer[strspn(answer, " \n\t")]) {
        snprintf(text, size, "%s", questions_unanswered(g));
        return "failed";
    }
    hunt_hash(check->id, answer, hash);
    json_array_foreach(json_object_get(check->table, "accept"), i, accepted)
    {
        if (strcmp(json_string_value(accepted), hash) == 0)
            return "passed";
    }
    if (is_rule(g, answer))
        snprintf(text, size, "this kernel breaks another invariant than '%.100s'", answer);
    else
        snprintf(text, size, "'%.100s' is not in the list of rules in %s/README.md", answer,
                 g->lab->directory);
    return "failed";
}

int hash_answer_main(int argc, char **argv)
{
    char hash[HASH_TEXT];

    if (argc != 3) {
        fprintf(stderr, "usage: quire-grade hash-answer CHECK ANSWER\n");
        return 2;
    }
    hunt_hash(argv[1], argv[2], hash);
    puts(hash);
    return 0;
}
