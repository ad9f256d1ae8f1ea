#include "blank_plan.h"

#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_name(const struct split_item *item, const char *name)
{
    return item->name && strcmp(item->name, name) == 0;
}

static bool mark_function(struct blank_plan *plan, size_t request, const char *name)
{
    const struct split_item *function = split_function(plan->split, name);
    size_t index;

    if (!function)
        return false;
    index = (size_t)(function - plan->split->items);
    plan->marks[index] = BLANK_STUB;
    plan->owners[index] = request;
    return true;
}

/* A helper with its prototypes, and in assembly its .size. */
static bool mark_helper(struct blank_plan *plan, size_t request, const char *name)
{
    bool found = false;

    for (size_t i = 0; i < plan->split->count; i++) {
        if (!has_name(&plan->split->items[i], name) || plan->marks[i] == BLANK_STUB)
            continue;
        plan->marks[i] = BLANK_DROP;
        plan->owners[i] = request;
        found = true;
    }
    return found;
}

/* The item that stays and uses the helper; NULL if none does. */
static const struct split_item *find_user(const struct blank_plan *plan, size_t helper)
{
    const struct split *split = plan->split;
    const char *name = split->items[helper].name;

    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *item = &split->items[i];

        size_t end = plan->marks[i] == BLANK_STUB ? item->body : item->end;

        if (plan->marks[i] != BLANK_DROP && !has_name(item, name) &&
            split_mentions(split, item->code, end, name))
            return item;
    }
    return NULL;
}

/* Helpers that others use: an error, or they stay, and what they use stays, too. */
static bool check_helpers(struct blank_plan *plan, const char *file, bool lenient, char *error,
                          size_t error_size)
{
    const struct split *split = plan->split;

    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *user;

        if (plan->marks[i] != BLANK_DROP || !(user = find_user(plan, i)))
            continue;
        if (!lenient)
            return text_fail(error, error_size, "%s: '%s' is to be dropped, but '%s' uses it", file,
                             split->items[i].name, user->name ? user->name : "a declaration");
        plan->marks[i] = BLANK_KEEP;
        i = SIZE_MAX; /* from the start */
    }
    return true;
}

/* With a helper go the empty lines behind it; at the end of the file, those before it. */
static void mark_gaps(struct blank_plan *plan)
{
    const struct split *split = plan->split;

    for (size_t i = 0; i < split->count; i++) {
        if (plan->marks[i] != BLANK_DROP || !split->items[i].name)
            continue;
        if (i + 1 < split->count && split->items[i + 1].kind == SPLIT_GAP)
            plan->marks[i + 1] = BLANK_DROP;
        else if (i + 1 == split->count && i > 0 && split->items[i - 1].kind == SPLIT_GAP)
            plan->marks[i - 1] = BLANK_DROP;
    }
}

/* Does anything that stays, a stub among them, use the item? */
static bool is_used(const struct blank_plan *plan, size_t item)
{
    const struct split *split = plan->split;
    const char *name = split->items[item].name;

    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *user = &split->items[i];

        if (plan->marks[i] == BLANK_KEEP && user->kind != SPLIT_DIRECTIVE &&
            !has_name(user, name) && split_mentions(split, user->code, user->end, name))
            return true;
        if (plan->stubs[i].body && (blank_stub_uses(plan->stubs[i].body, name) ||
                                    blank_stub_uses(plan->stubs[i].mentions, name)))
            return true;
    }
    return false;
}

/* The stub of the function that used the item in the reference, itself or by a helper. */
static struct blank_stub *find_stub(const struct blank_plan *plan, size_t item)
{
    const struct split *split = plan->split;
    const char *name = split->items[item].name;

    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *user = &split->items[i];

        if (plan->marks[i] == BLANK_KEEP || user->kind == SPLIT_GAP || has_name(user, name) ||
            !split_mentions(split, user->body, user->end, name))
            continue;
        for (size_t j = 0; j < split->count; j++)
            if (plan->stubs[j].body && plan->owners[j] == plan->owners[i])
                return &plan->stubs[j];
    }
    return NULL;
}

/* Compilers warn of a static function that nobody calls: the stub mentions what is left. */
static void mention_unused(struct blank_plan *plan)
{
    const struct split *split = plan->split;

    for (size_t i = split->count; i-- > 0;) {
        const struct split_item *item = &split->items[i];
        struct blank_stub *stub;

        if (plan->marks[i] == BLANK_DROP || !item->is_static || !item->name ||
            (item->kind != SPLIT_FUNCTION && item->kind != SPLIT_OBJECT) || is_used(plan, i))
            continue;
        stub = find_stub(plan, i);
        if (stub)
            blank_stub_mention(stub, item->name);
    }
}

static bool is_include(const struct split *split, size_t item)
{
    return item < split->count && split->items[item].kind == SPLIT_DIRECTIVE &&
           strncmp(split->text + split->items[item].start, "#include", 8) == 0;
}

/*
 * In front of which item a file that does not know panic() learns of it: among its
 * includes by the alphabet, or behind the last one. A first one that stands alone is the
 * file's own header and stays first.
 */
static size_t place_include(const struct split *split)
{
    size_t sorted = SIZE_MAX, behind = SIZE_MAX;

    for (size_t i = 0; i < split->count; i++) {
        const char *line = split->text + split->items[i].start;
        bool own = behind == SIZE_MAX && !is_include(split, i + 1);

        if (!is_include(split, i))
            continue;
        if (strncmp(line, BLANK_INCLUDE, strlen(BLANK_INCLUDE)) == 0)
            return SIZE_MAX;
        if (!own && sorted == SIZE_MAX && strncmp(line, BLANK_INCLUDE, strlen(BLANK_INCLUDE)) > 0)
            sorted = i;
        behind = i + 1;
    }
    return sorted == SIZE_MAX ? behind : sorted;
}

static bool has_panic(const struct blank_plan *plan)
{
    for (size_t i = 0; i < plan->split->count; i++)
        if (plan->stubs[i].body && blank_stub_uses(plan->stubs[i].body, "panic"))
            return !plan->split->assembly;
    return false;
}

static bool mark_requests(struct blank_plan *plan, const char *file,
                          const struct blank_requests *requests, char *error, size_t error_size)
{
    for (size_t i = 0; i < requests->count; i++) {
        const struct lab_function *function = requests->at[i].function;

        if (strcmp(function->file, file) == 0 && !mark_function(plan, i, function->name))
            return text_fail(error, error_size, "%s: there is no function '%s'", file,
                             function->name);
    }
    for (size_t i = 0; i < requests->count; i++) {
        const struct lab_function *function = requests->at[i].function;

        if (strcmp(function->file, file) != 0)
            continue;
        for (size_t d = 0; d < function->drop.count; d++)
            if (!mark_helper(plan, i, function->drop.at[d]))
                return text_fail(error, error_size, "%s: there is no '%s' to drop", file,
                                 function->drop.at[d]);
    }
    return true;
}

bool blank_plan_make(struct blank_plan *plan, const char *tree, const char *file,
                     const struct blank_requests *requests, char *error, size_t error_size)
{
    char *path = text_path(tree, file);
    size_t count;

    *plan =
        (struct blank_plan){ .split = split_file(path, error, error_size), .include = SIZE_MAX };
    free(path);
    if (!plan->split)
        return false;
    count = plan->split->count;
    plan->marks = text_alloc(count * sizeof(*plan->marks));
    plan->owners = text_alloc(count * sizeof(*plan->owners));
    plan->stubs = text_alloc(count * sizeof(*plan->stubs));
    if (!mark_requests(plan, file, requests, error, error_size) ||
        !check_helpers(plan, file, requests->lenient, error, error_size)) {
        blank_plan_free(plan);
        return false;
    }
    mark_gaps(plan);
    for (size_t i = 0; i < count; i++)
        if (plan->marks[i] == BLANK_STUB)
            blank_stub_make(&plan->stubs[i], plan->split, &plan->split->items[i],
                            &requests->at[plan->owners[i]]);
    mention_unused(plan);
    if (has_panic(plan))
        plan->include = place_include(plan->split);
    return true;
}

void blank_plan_free(struct blank_plan *plan)
{
    for (size_t i = 0; plan->stubs && i < plan->split->count; i++) {
        free(plan->stubs[i].mentions);
        free(plan->stubs[i].body);
    }
    free(plan->marks);
    free(plan->owners);
    free(plan->stubs);
    split_free(plan->split);
    *plan = (struct blank_plan){ 0 };
}
