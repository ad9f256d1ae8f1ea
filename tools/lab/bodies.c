#include "bodies.h"

#include "split.h"
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t none = SIZE_MAX;

/* A file of the lab and, for each of its items, the bodies' item that replaces it. */
struct target {
    const char *file;
    struct split *split;
    size_t *by;
    size_t first; /* the first replaced item */
    char *text;   /* the outcome; NULL: the file stays */
    size_t size;
};

struct apply {
    const char *bodies_file;
    struct split *bodies;
    size_t *home; /* of each item of the bodies: the file it goes to */
    struct target *targets;
    size_t count;
    char *error;
    size_t error_size;
};

static bool is_assembly(const char *file)
{
    size_t length = strlen(file);

    return length > 2 && strcmp(file + length - 2, ".S") == 0;
}

static bool is_include(const struct split *split, const struct split_item *item)
{
    return item->kind == SPLIT_DIRECTIVE && !item->name &&
           strncmp(split->text + item->code, "#include", 8) == 0;
}

static bool can_replace(const struct split_item *item)
{
    return item->name && (item->kind == SPLIT_FUNCTION || item->kind == SPLIT_OBJECT ||
                          item->kind == SPLIT_TYPE || item->kind == SPLIT_DIRECTIVE);
}

static size_t find_item(const struct split *split, const struct split_item *wanted)
{
    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *item = &split->items[i];

        if (item->kind == wanted->kind && item->name && strcmp(item->name, wanted->name) == 0)
            return i;
    }
    return none;
}

static bool load_targets(struct apply *apply, const char *tree, const struct lab *lab)
{
    apply->targets = text_alloc(lab->files.count * sizeof(*apply->targets));
    for (size_t i = 0; i < lab->files.count; i++) {
        struct target *target = &apply->targets[apply->count];
        char *path;

        if (strncmp(lab->files.at[i], "src/", 4) != 0 ||
            is_assembly(lab->files.at[i]) != apply->bodies->assembly)
            continue;
        path = text_path(tree, lab->files.at[i]);
        *target = (struct target){ .file = lab->files.at[i], .first = none };
        target->split = split_file(path, apply->error, apply->error_size);
        free(path);
        if (!target->split)
            return false;
        apply->count++;
        target->by = text_alloc(target->split->count * sizeof(*target->by));
        for (size_t k = 0; k < target->split->count; k++)
            target->by[k] = none;
    }
    return true;
}

/* The file that has an item of that name; of several, the one of the item before. */
static bool find_home(const struct apply *apply, const struct split_item *item, size_t previous,
                      size_t *out)
{
    *out = none;
    for (size_t t = 0; t < apply->count; t++) {
        if (find_item(apply->targets[t].split, item) == none)
            continue;
        if (*out != none && *out != previous && t != previous)
            return text_fail(apply->error, apply->error_size, "%s: '%s' is in both %s and %s",
                             apply->bodies_file, item->name, apply->targets[*out].file,
                             apply->targets[t].file);
        if (*out == none || t == previous)
            *out = t;
    }
    return true;
}

/* Find out which items replace what. */
static bool match_items(struct apply *apply)
{
    const struct split *bodies = apply->bodies;
    size_t previous = none;

    for (size_t i = 0; i < bodies->count; i++) {
        const struct split_item *item = &bodies->items[i];
        struct target *target;
        size_t k;

        apply->home[i] = none;
        if (!can_replace(item))
            continue;
        if (!find_home(apply, item, previous, &apply->home[i]))
            return false;
        if (apply->home[i] == none && item->kind == SPLIT_FUNCTION && !item->is_static &&
            !bodies->assembly)
            return text_fail(apply->error, apply->error_size,
                             "%s: '%s' is in none of the lab's files; a helper must be static",
                             apply->bodies_file, item->name);
        if (apply->home[i] == none)
            continue;
        previous = apply->home[i];
        target = &apply->targets[previous];
        k = find_item(target->split, item);
        if (target->by[k] != none)
            return text_fail(apply->error, apply->error_size, "%s: '%s' is defined twice",
                             apply->bodies_file, item->name);
        target->by[k] = i;
        target->first = k < target->first ? k : target->first;
    }
    return previous != none ||
           text_fail(apply->error, apply->error_size, "%s: replaces nothing in the lab's files",
                     apply->bodies_file);
}

/* Helpers go where the next replaced item goes, those behind the last one where it went. */
static void house_helpers(struct apply *apply)
{
    size_t count = apply->bodies->count, home = none;

    for (size_t i = count; i-- > 0;) {
        if (apply->home[i] != none)
            home = apply->home[i];
        else
            apply->home[i] = home;
    }
    for (size_t i = 0; i < count; i++)
        if (apply->home[i] == none)
            apply->home[i] = i ? apply->home[i - 1] : none;
}

static bool is_helper(const struct apply *apply, size_t i, const struct target *target)
{
    const struct split_item *item = &apply->bodies->items[i];

    if (item->kind == SPLIT_GAP || item->kind == SPLIT_COMMENT)
        return false;
    if (is_include(apply->bodies, item))
        return true;
    if (&apply->targets[apply->home[i]] != target)
        return false;
    for (size_t k = 0; k < target->split->count; k++)
        if (target->by[k] == i)
            return false;
    return true;
}

static void print_helpers(FILE *out, const struct apply *apply, const struct target *target)
{
    const struct split *bodies = apply->bodies;

    for (size_t i = 0; i < bodies->count; i++) {
        const struct split_item *item = &bodies->items[i];

        if (!is_helper(apply, i, target))
            continue;
        fwrite(bodies->text + item->start, 1, item->end - item->start, out);
        if (item->kind != SPLIT_DIRECTIVE ||
            (i + 1 < bodies->count && bodies->items[i + 1].kind != SPLIT_DIRECTIVE))
            fputc('\n', out);
    }
}

/* The target's comment and what follows on the last line stay; in assembly the label, too. */
static void print_replaced(FILE *out, const struct split *old, const struct split_item *item,
                           const struct split *new, const struct split_item *by)
{
    size_t keep = old->assembly ? item->body : item->code;
    size_t from = old->assembly ? by->body : by->code;

    fwrite(old->text + item->start, 1, keep - item->start, out);
    fwrite(new->text + from, 1, by->body_end - from, out);
    fwrite(old->text + item->body_end, 1, item->end - item->body_end, out);
}

static void make_text(const struct apply *apply, struct target *target)
{
    const struct split *split = target->split;
    FILE *out = open_memstream(&target->text, &target->size);

    if (!out)
        abort();
    for (size_t k = 0; k < split->count; k++) {
        const struct split_item *item = &split->items[k];

        if (k == target->first)
            print_helpers(out, apply, target);
        if (target->by[k] == none)
            fwrite(split->text + item->start, 1, item->end - item->start, out);
        else
            print_replaced(out, split, item, apply->bodies, &apply->bodies->items[target->by[k]]);
    }
    fclose(out);
}

static bool write_targets(const struct apply *apply, const char *tree)
{
    for (size_t t = 0; t < apply->count; t++)
        if (apply->targets[t].first != none)
            make_text(apply, &apply->targets[t]);
    for (size_t t = 0; t < apply->count; t++) {
        const struct target *target = &apply->targets[t];
        char *path = text_path(tree, target->file);
        bool good = !target->text ||
                    text_write(path, target->text, target->size, apply->error, apply->error_size);

        free(path);
        if (!good)
            return false;
    }
    return true;
}

static void apply_free(struct apply *apply)
{
    for (size_t t = 0; t < apply->count; t++) {
        free(apply->targets[t].by);
        free(apply->targets[t].text);
        split_free(apply->targets[t].split);
    }
    free(apply->targets);
    free(apply->home);
    split_free(apply->bodies);
}

bool bodies_apply(const char *tree, const struct lab *lab, const char *bodies_file, char *error,
                  size_t error_size)
{
    struct apply apply = { .bodies_file = bodies_file, .error = error, .error_size = error_size };
    bool good;

    apply.bodies = split_file(bodies_file, error, error_size);
    if (!apply.bodies)
        return false;
    apply.home = text_alloc(apply.bodies->count * sizeof(*apply.home));
    good = load_targets(&apply, tree, lab) && match_items(&apply);
    if (good) {
        house_helpers(&apply);
        good = write_targets(&apply, tree);
    }
    apply_free(&apply);
    return good;
}
