#include "rubric.h"

#include "property.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTS_OF_A_LAB = 100, PLACE_MAX = 300, BUDGET_DEFAULT = 100000000, MEM_DEFAULT = 64 };

static const char schema[] = "quire-rubric/1";

/* The file that is read, and what of it is looked at. */
struct reading {
    struct rubric *rubric;
    const char *path;
    bool hidden;
    char where[PLACE_MAX];
    struct config_place place;
};

static void reading_at(struct reading *r, const char *kind, size_t n, const json_t *table)
{
    const char *id = json_string_value(json_object_get(table, "id"));

    if (id)
        snprintf(r->where, sizeof(r->where), "%s, %s \"%s\"", r->path, kind, id);
    else
        snprintf(r->where, sizeof(r->where), "%s, %s %zu", r->path, kind, n + 1);
}

static bool reading_fail(struct reading *r, const char *key, const char *what)
{
    return text_fail(r->place.error, r->place.error_size, "%s: %s %s", r->where, key, what);
}

static bool id_is_good(const char *id)
{
    return *id && id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static bool read_words(struct reading *r, const json_t *table, const char *key,
                       struct rubric_words *out)
{
    const json_t *array, *item;
    size_t i;

    if (!config_optional_array(table, key, &r->place, &array))
        return false;
    json_array_foreach(array, i, item)
    {
        if (!json_is_string(item) || i == RUBRIC_WORDS)
            return reading_fail(r, key, "wants an array of at most 32 texts");
        out->at[out->count++] = json_string_value(item);
    }
    return true;
}

static bool read_jitter(struct reading *r, const json_t *table, struct rubric_run *run)
{
    const json_t *array, *item;
    size_t i;

    if (!config_optional_array(table, "jitter", &r->place, &array))
        return false;
    json_array_foreach(array, i, item)
    {
        json_int_t value = json_integer_value(item);

        if (!json_is_integer(item) || value < 0 || value > 1000000 || i == RUBRIC_JITTERS)
            return reading_fail(r, "jitter", "wants an array of at most 16 numbers from 0");
        run->jitter[run->jitters++] = (unsigned)value;
    }
    if (!array)
        run->jitter[run->jitters++] = 0;
    return run->jitters > 0 || reading_fail(r, "jitter", "is empty: [0] stands for one plain run");
}

static bool read_seed(struct reading *r, const json_t *table, struct rubric_run *run)
{
    const json_t *seed = json_object_get(table, "seed");
    const char *text = json_string_value(seed);

    if (json_is_integer(seed) && json_integer_value(seed) >= 0) {
        run->seed = SEED_NUMBER;
        run->seed_number = (uint64_t)json_integer_value(seed);
    } else if (text && strcmp(text, "student") == 0) {
        run->seed = SEED_STUDENT;
    } else if (seed && (!text || strcmp(text, "grading") != 0)) {
        return reading_fail(r, "seed", "is \"grading\", \"student\" or a number");
    }
    return true;
}

bool rubric_size(const char *text, uint64_t *out)
{
    char *end;
    unsigned shift = 0;

    *out = strtoull(text, &end, 0);
    if (*end && strchr("KMG", *end))
        shift = *end == 'K' ? 10 : *end == 'M' ? 20 : 30;
    if (text[0] < '0' || text[0] > '9' || end[shift > 0] != '\0' || *out > UINT64_C(1) << 33)
        return false;
    *out <<= shift;
    return true;
}

/* START:LEN each. */
static bool check_holes(struct reading *r, const struct rubric_run *run)
{
    for (size_t i = 0; i < run->holes.count; i++) {
        char start[32];
        const char *text = run->holes.at[i], *colon = strchr(text, ':');
        uint64_t at, length;

        if (colon && colon - text < (long)sizeof(start)) {
            snprintf(start, sizeof(start), "%.*s", (int)(colon - text), text);
            if (rubric_size(start, &at) && rubric_size(colon + 1, &length) && length > 0)
                continue;
        }
        return reading_fail(r, "holes", "wants texts like \"8M:4M\" (start, length)");
    }
    return true;
}

static bool program_is_good(const char *program)
{
    if (strncmp(program, "tests/", 6) == 0)
        program += 6;
    return program[0] != '.' && !strchr(program, '/');
}

static bool read_run_numbers(struct reading *r, const json_t *table, struct rubric_run *run)
{
    long long mem = MEM_DEFAULT, budget = BUDGET_DEFAULT;

    if (!config_optional_integer(table, "mem", &r->place, &mem) ||
        !config_optional_integer(table, "budget", &r->place, &budget))
        return false;
    if (mem < 16 || mem > 4096)
        return reading_fail(r, "mem", "is in MiB, from 16 to 4096");
    if (budget < 1000 || budget > 20000000000)
        return reading_fail(r, "budget", "is in instructions, from 1000 to 20 thousand millions");
    run->mem_mib = (unsigned)mem;
    run->budget = (uint64_t)budget;
    return true;
}

static bool read_run(struct reading *r, const json_t *table, struct rubric_run *run)
{
    static const char *const known[] = { "id",          "program", "args",   "mem",
                                         "holes",       "jitter",  "budget", "calls",
                                         "kernel_args", "boot",    "seed",   NULL };
    const struct config_place *place = &r->place;
    const char *boot = "direct";

    *run = (struct rubric_run){ .table = table, .program = "" };
    if (!config_only(table, known, place) || !config_string(table, "id", place, &run->id) ||
        !config_optional_string(table, "program", place, &run->program) ||
        !config_optional_string(table, "boot", place, &boot) || !read_run_numbers(r, table, run) ||
        !read_words(r, table, "args", &run->args) || !read_words(r, table, "holes", &run->holes) ||
        !read_words(r, table, "calls", &run->calls) ||
        !read_words(r, table, "kernel_args", &run->kernel_args) || !read_jitter(r, table, run) ||
        !read_seed(r, table, run) || !check_holes(r, run))
        return false;
    if (!id_is_good(run->id))
        return reading_fail(r, "id", "may have a-z, 0-9 and - only");
    if (!program_is_good(run->program))
        return reading_fail(r, "program", "is a name in the lab's programs, or \"tests/NAME\"");
    run->grub = strcmp(boot, "grub") == 0;
    if (!run->grub && strcmp(boot, "direct") != 0)
        return reading_fail(r, "boot", "is \"direct\" or \"grub\"");
    return true;
}

static bool find_run(struct reading *r, const json_t *table, struct rubric_check *check)
{
    const char *id;

    if (!config_string(table, "run", &r->place, &id))
        return false;
    for (check->run = 0; check->run < r->rubric->run_count; check->run++) {
        if (strcmp(r->rubric->runs[check->run].id, id) == 0)
            return true;
    }
    return reading_fail(r, "run", "names no [[run]]");
}

bool rubric_has_run(const struct rubric_check *check)
{
    return check->kind == CHECK_PROPERTY || check->kind == CHECK_PREDICTION;
}

/* A key for each kind: exactly one is there, and its text. */
static bool read_kind_key(struct reading *r, const json_t *table, struct rubric_check *check,
                          const char **text)
{
    static const char *const keys[] = {
        [CHECK_PROPERTY] = "property", [CHECK_PREDICTION] = "prediction",
        [CHECK_WRITTEN] = "written",   [CHECK_ANSWER] = "answer",
        [CHECK_HUNT] = "hunt",         [CHECK_CATCHES] = "catches",
    };
    size_t found = 0;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!json_object_get(table, keys[i]))
            continue;
        if (!config_string(table, keys[i], &r->place, text))
            return false;
        check->kind = (enum check_kind)i;
        found++;
    }
    return found == 1 || reading_fail(r, "property,",
                                      "prediction, written, answer, hunt or catches: it must be "
                                      "one of them");
}

/* Which of the kinds it is, and what that kind has. */
static bool read_kind(struct reading *r, const json_t *table, struct rubric_check *check)
{
    const struct config_place *place = &r->place;
    const char *text = NULL, *fact = NULL;

    if (!read_kind_key(r, table, check, &text) ||
        !config_optional_string(table, "fact", place, &fact))
        return false;
    if ((check->kind == CHECK_PREDICTION) != !!fact)
        return reading_fail(r, "fact", "is what a prediction is compared with: both or none");
    check->question = text;
    if (check->kind == CHECK_PROPERTY && !(check->property = property_find(text)))
        return reading_fail(r, "property", "is none that docs/properties.md lists");
    if (fact && !(check->fact = fact_find(fact)))
        return reading_fail(r, "fact", "is none that docs/properties.md lists");
    return !rubric_has_run(check) || find_run(r, table, check);
}

static bool read_check(struct reading *r, const json_t *table, struct rubric_check *check)
{
    static const char *const known[] = { "id",         "title",   "points",  "run",    "property",
                                         "needs",      "hint",    "section", "with",   "fact",
                                         "prediction", "written", "answer",  "accept", "hunt",
                                         "catches",    "lab",     "record",  "bodies", "at_least",
                                         NULL };
    const struct config_place *place = &r->place;
    long long points;

    *check = (struct rubric_check){ .table = table, .hidden = r->hidden };
    if (!config_only(table, known, place) || !config_string(table, "id", place, &check->id) ||
        !config_string(table, "title", place, &check->title) ||
        !config_integer(table, "points", place, &points) ||
        !config_optional_string(table, "hint", place, &check->hint) ||
        !config_optional_string(table, "section", place, &check->section) ||
        !read_kind(r, table, check))
        return false;
    check->with = json_object_get(table, "with");
    if (!id_is_good(check->id))
        return reading_fail(r, "id", "may have a-z, 0-9 and - only");
    if (check->with && !json_is_object(check->with))
        return reading_fail(r, "with", "wants a table: with = { key = value }");
    if (points < 0 || points > POINTS_OF_A_LAB || (check->kind == CHECK_WRITTEN && points))
        return reading_fail(r, "points", "is from 0 to 100, and 0 for what is written");
    check->points = (unsigned)points;
    r->rubric->points += check->points;
    return true;
}

/* Append the runs or the checks of a file. */
static bool read_tables(struct reading *r, const json_t *file, const char *kind)
{
    struct rubric *rubric = r->rubric;
    bool runs = strcmp(kind, "run") == 0;
    const json_t *array, *table;
    size_t i, size;

    if (!config_optional_array(file, kind, &r->place, &array))
        return false;
    size = json_array_size(array);
    if (runs)
        rubric->runs =
            reallocarray(rubric->runs, rubric->run_count + size + 1, sizeof(*rubric->runs));
    else
        rubric->checks =
            reallocarray(rubric->checks, rubric->check_count + size + 1, sizeof(*rubric->checks));
    if (!(runs ? (void *)rubric->runs : (void *)rubric->checks))
        return reading_fail(r, kind, "is more than there is memory for");
    json_array_foreach(array, i, table)
    {
        reading_at(r, kind, i, table);
        if (!json_is_object(table))
            return reading_fail(r, kind, "is written as a table: [[run]] or [[check]]");
        if (runs ? !read_run(r, table, &rubric->runs[rubric->run_count])
                 : !read_check(r, table, &rubric->checks[rubric->check_count]))
            return false;
        *(runs ? &rubric->run_count : &rubric->check_count) += 1;
    }
    return true;
}

static bool read_file(struct reading *r, bool required)
{
    static const char *const known[] = { "schema", "run", "check", NULL };
    const char *is = NULL;
    json_t *file = config_read(r->path, r->place.error, r->place.error_size);

    if (!file)
        return false;
    r->rubric->files[r->hidden] = file;
    snprintf(r->where, sizeof(r->where), "%s", r->path);
    if (!config_only(file, known, &r->place) ||
        !config_optional_string(file, "schema", &r->place, &is))
        return false;
    if ((required || is) && (!is || strcmp(is, schema) != 0))
        return reading_fail(r, "schema", "must be \"quire-rubric/1\"");
    return read_tables(r, file, "run") && read_tables(r, file, "check");
}

/* Names become numbers once all checks are known. */
static bool find_needs(struct rubric *rubric, struct rubric_check *check, struct reading *r)
{
    const json_t *array, *item;
    size_t i;

    if (!config_optional_array(check->table, "needs", &r->place, &array))
        return false;
    json_array_foreach(array, i, item)
    {
        const struct rubric_check *other =
            json_is_string(item) ? rubric_find(rubric, json_string_value(item)) : NULL;

        if (!other || i == RUBRIC_NEEDS)
            return reading_fail(r, "needs", other ? "has more than 16" : "names no check");
        check->needs[check->need_count++] = (size_t)(other - rubric->checks);
    }
    return true;
}

static bool rubric_read(struct rubric *rubric, const char *root, const struct lab *lab, char *error,
                        size_t error_size)
{
    struct reading r = { .rubric = rubric };
    bool good = true;

    r.place = (struct config_place){ r.where, error, error_size };
    for (unsigned hidden = 0; hidden < 2 && good; hidden++) {
        char *path;

        if (asprintf(&path, "%s/%s/%s.toml", root, lab->directory, hidden ? "hidden" : "rubric") <
            0)
            abort();
        r.path = path;
        r.hidden = hidden;
        if (!hidden || access(path, F_OK) == 0) {
            rubric->has_hidden |= hidden;
            good = read_file(&r, !hidden);
        }
        for (size_t i = 0; good && hidden && i < rubric->check_count; i++) {
            reading_at(&r, "check", i, rubric->checks[i].table);
            good = find_needs(rubric, &rubric->checks[i], &r);
        }
        if (good && hidden)
            good = rubric_verify(rubric, lab->directory, error, error_size);
        free(path);
    }
    return good;
}

struct rubric *rubric_load(const char *root, const struct lab *lab, char *error, size_t error_size)
{
    struct rubric *rubric = text_alloc(sizeof(*rubric));

    if (rubric_read(rubric, root, lab, error, error_size))
        return rubric;
    rubric_free(rubric);
    return NULL;
}

void rubric_free(struct rubric *rubric)
{
    if (!rubric)
        return;
    free(rubric->runs);
    free(rubric->checks);
    json_decref(rubric->files[0]);
    json_decref(rubric->files[1]);
    free(rubric);
}

const struct rubric_check *rubric_find(const struct rubric *rubric, const char *id)
{
    for (size_t i = 0; i < rubric->check_count; i++) {
        if (strcmp(rubric->checks[i].id, id) == 0)
            return &rubric->checks[i];
    }
    return NULL;
}
