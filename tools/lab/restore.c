/* Putting the reference's bodies back into a student's tree. */
#include "blank.h"
#include "blank_plan.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trees {
    const char *tree, *reference;
};

static bool same_name(const struct split_item *a, const struct split_item *b)
{
    return a->kind == b->kind && (a->name != NULL) == (b->name != NULL) &&
           (!a->name || strcmp(a->name, b->name) == 0);
}

static bool is_include(const struct split *split, const struct split_item *item)
{
    return item->end - item->start == strlen(BLANK_INCLUDE) &&
           memcmp(split->text + item->start, BLANK_INCLUDE, strlen(BLANK_INCLUDE)) == 0;
}

/*
 * Walk both texts: what blanking left alone comes from the student's, its bodies and
 * helpers from the reference. False if the two do not go together.
 */
static bool weave(FILE *out, const struct blank_plan *plan, const struct split *student)
{
    const struct split *reference = plan->split;
    size_t at = 0;

    for (size_t i = 0; i < reference->count; i++) {
        const struct split_item *wanted = &reference->items[i];
        const struct split_item *found = &student->items[at];

        if (i == plan->include) {
            if (at == student->count || !is_include(student, found))
                return false;
            found = &student->items[++at];
        }
        if (plan->marks[i] == BLANK_DROP) {
            fwrite(reference->text + wanted->start, 1, wanted->end - wanted->start, out);
            continue;
        }
        if (at == student->count || !same_name(wanted, found))
            return false;
        if (plan->marks[i] == BLANK_KEEP) {
            fwrite(student->text + found->start, 1, found->end - found->start, out);
        } else { /* the comment and the head are the student's, too */
            fwrite(student->text + found->start, 1, found->body - found->start, out);
            fwrite(reference->text + wanted->body, 1, wanted->body_end - wanted->body, out);
            fwrite(student->text + found->body_end, 1, found->end - found->body_end, out);
        }
        at++;
    }
    return at == student->count;
}

static bool restore_text(const struct blank_plan *plan, const char *path, const char *file,
                         char *error, size_t error_size)
{
    struct split *student = split_file(path, error, error_size);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool good;

    if (!out)
        abort();
    if (!student) {
        fclose(out);
        free(text);
        return false;
    }
    good = weave(out, plan, student) ||
           text_fail(error, error_size, "%s: differs from the reference in more than bodies", file);
    fclose(out);
    good = good && text_write(path, text, size, error, error_size);
    free(text);
    split_free(student);
    return good;
}

static bool restore_one(const char *file, const struct blank_requests *requests, const void *data,
                        char *error, size_t error_size)
{
    const struct trees *trees = data;
    char *path = text_path(trees->tree, file);
    struct blank_plan plan;
    bool good = blank_plan_make(&plan, trees->reference, file, requests, error, error_size) &&
                restore_text(&plan, path, file, error, error_size);

    blank_plan_free(&plan);
    free(path);
    return good;
}

bool labs_restore(const char *tree, const char *reference, const struct lab *const *labs,
                  size_t count, char *error, size_t error_size)
{
    const struct trees trees = { .tree = tree, .reference = reference };
    struct blank_requests requests = blank_requests_make(labs, count);
    bool good = blank_requests_run(&requests, restore_one, &trees, error, error_size);

    free(requests.at);
    return good;
}
