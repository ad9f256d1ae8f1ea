#include "blank.h"

#include "blank_plan.h"
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_item(FILE *out, const struct split *split, size_t start, size_t end)
{
    fwrite(split->text + start, 1, end - start, out);
}

static void print_stub(FILE *out, const struct blank_plan *plan, size_t i)
{
    const struct split_item *item = &plan->split->items[i];
    bool c = !plan->split->assembly;

    print_item(out, plan->split, item->start, item->body);
    fprintf(out, "%s%s%s%s", c ? "{\n" : "", plan->stubs[i].mentions, plan->stubs[i].body,
            c ? "}" : "");
    print_item(out, plan->split, item->body_end, item->end);
}

static bool file_write(const char *tree, const char *file, const struct blank_plan *plan,
                       char *error, size_t error_size)
{
    char *text, *path = text_path(tree, file);
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool good;

    if (!out)
        abort();
    for (size_t i = 0; i < plan->split->count; i++) {
        if (i == plan->include)
            fputs(BLANK_INCLUDE, out);
        if (plan->marks[i] == BLANK_STUB)
            print_stub(out, plan, i);
        else if (plan->marks[i] == BLANK_KEEP)
            print_item(out, plan->split, plan->split->items[i].start, plan->split->items[i].end);
    }
    fclose(out);
    good = text_write(path, text, size, error, error_size);
    free(path);
    free(text);
    return good;
}

static bool file_blank(const char *tree, const char *file, const struct blank_requests *requests,
                       char *error, size_t error_size)
{
    struct blank_plan plan;
    bool good = blank_plan_make(&plan, tree, file, requests, error, error_size) &&
                file_write(tree, file, &plan, error, error_size);

    blank_plan_free(&plan);
    return good;
}

bool blank_requests_run(const struct blank_requests *requests, blank_file_t run, const void *data,
                        char *error, size_t error_size)
{
    for (size_t i = 0; i < requests->count; i++) {
        const char *file = requests->at[i].function->file;
        bool seen = false;

        for (size_t j = 0; j < i; j++)
            seen = seen || strcmp(requests->at[j].function->file, file) == 0;
        if (!seen && !run(file, requests, data, error, error_size))
            return false;
    }
    return true;
}

static bool is_requested(const struct blank_requests *requests, const struct lab_function *function)
{
    for (size_t i = 0; i < requests->count; i++)
        if (strcmp(requests->at[i].function->name, function->name) == 0 &&
            strcmp(requests->at[i].function->file, function->file) == 0)
            return true;
    return false;
}

struct blank_requests blank_requests_make(const struct lab *const *labs, size_t count)
{
    struct blank_requests requests = { 0 };
    size_t room = 0;

    for (size_t i = 0; i < count; i++)
        room += labs[i]->function_count;
    requests.at = text_alloc(room * sizeof(*requests.at));
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < labs[i]->function_count; f++)
            if (!is_requested(&requests, &labs[i]->functions[f]))
                requests.at[requests.count++] =
                    (struct blank_request){ labs[i], &labs[i]->functions[f] };
    return requests;
}

static bool blank_one(const char *file, const struct blank_requests *requests, const void *tree,
                      char *error, size_t error_size)
{
    return file_blank(tree, file, requests, error, error_size);
}

bool labs_blank(const char *tree, const struct lab *const *labs, size_t count, char *error,
                size_t error_size)
{
    struct blank_requests requests = blank_requests_make(labs, count);
    bool good = blank_requests_run(&requests, blank_one, tree, error, error_size);

    free(requests.at);
    return good;
}

bool lab_blank(const char *tree, const struct lab *lab, const char *function, char *error,
               size_t error_size)
{
    struct blank_request request = { .lab = lab };
    struct blank_requests requests = { .at = &request, .count = 1, .lenient = true };

    if (!function)
        return labs_blank(tree, &lab, 1, error, error_size);
    request.function = lab_function_find(lab, function);
    if (!request.function)
        return text_fail(error, error_size, "lab %u has no function '%s'", lab->number, function);
    return blank_requests_run(&requests, blank_one, tree, error, error_size);
}

static bool check_one(const char *file, const struct blank_requests *requests, const void *tree,
                      char *error, size_t error_size)
{
    struct blank_plan plan;
    bool good = blank_plan_make(&plan, tree, file, requests, error, error_size);

    blank_plan_free(&plan);
    return good;
}

bool lab_check(const char *root, const struct lab *lab, char *error, size_t error_size)
{
    struct blank_requests requests = blank_requests_make(&lab, 1);
    bool good = blank_requests_run(&requests, check_one, root, error, error_size);

    free(requests.at);
    return good;
}
