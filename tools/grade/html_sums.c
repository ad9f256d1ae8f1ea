/* The figures of a class: what each check and each message adds up to. */
#include "html_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *html_value(const json_t *table, const char *key)
{
    const char *text = json_string_value(json_object_get(table, key));

    return text ? text : "";
}

bool names_add(struct names *names, const char *name)
{
    if (names->count && strcmp(names->at[names->count - 1], name) == 0)
        return true;
    const char **grown = realloc(names->at, (names->count + 1) * sizeof(*grown));

    if (!grown)
        return false;
    names->at = grown;
    grown[names->count++] = name;
    return true;
}

static bool status_is(const json_t *check, const char *status)
{
    return strcmp(html_value(check, "status"), status) == 0;
}

static struct check_sum *check_sum_of(struct class_sums *sums, const json_t *check)
{
    const char *id = html_value(check, "id");

    for (size_t i = 0; i < sums->check_count; i++) {
        if (strcmp(sums->checks[i].id, id) == 0)
            return &sums->checks[i];
    }
    struct check_sum *grown = realloc(sums->checks, (sums->check_count + 1) * sizeof(*grown));

    if (!grown)
        return NULL;
    sums->checks = grown;
    grown[sums->check_count] =
        (struct check_sum){ .id = id,
                            .title = html_value(check, "title"),
                            .hidden = strcmp(html_value(check, "visibility"), "hidden") == 0,
                            .max = (long)json_integer_value(json_object_get(check, "max")) };
    return &grown[sums->check_count++];
}

/* Messages of a check that differ in numbers only are one mistake. */
static bool same_words(const char *a, const char *b)
{
    static const char number[] = "0123456789abcdefx";

    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            a += strspn(a, number);
            b += strspn(b, number);
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}

static bool same_failure(const struct failure_sum *known, const json_t *check, const char *line)
{
    if (!check || !known->check)
        return !check && !known->check && same_words(known->line, line);
    return same_words(html_value(known->check, "message"), html_value(check, "message"));
}

static struct failure_sum *failure_sum_of(struct class_sums *sums, const json_t *check, char *line)
{
    for (size_t i = 0; i < sums->failure_count; i++) {
        if (same_failure(&sums->failures[i], check, line)) {
            free(line);
            return &sums->failures[i];
        }
    }
    struct failure_sum *grown = realloc(sums->failures, (sums->failure_count + 1) * sizeof(*grown));

    if (!grown) {
        free(line);
        return NULL;
    }
    sums->failures = grown;
    grown[sums->failure_count] = (struct failure_sum){ .check = check, .line = line };
    return &grown[sums->failure_count++];
}

static bool ids_have(const struct names *ids, const char *id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (strcmp(ids->at[i], id) == 0)
            return true;
    }
    return false;
}

/* Count a failure: of a check, or, without one, of the build. */
static bool add_failure(struct class_sums *sums, const char *name, const json_t *check, char *line)
{
    struct failure_sum *failure = failure_sum_of(sums, check, line);
    const char *id = html_value(check, "id");

    return failure && names_add(&failure->names, name) &&
           (ids_have(&failure->ids, id) || names_add(&failure->ids, id));
}

bool row_builds(const struct class_row *row)
{
    return !status_is(json_object_get(row->result, "build"), "failed");
}

/* The line around a place in a text. Allocated. */
static char *line_around(const char *text, const char *at)
{
    while (at > text && at[-1] != '\n')
        at--;
    return strndup(at, strcspn(at, "\n"));
}

/* What compiler or linker said first; the line with collect2 says least. Allocated. */
static char *first_error(const struct class_row *row)
{
    static const char *const signs[] = { ": error: ", ": fatal error: ", "undefined reference",
                                         "multiple definition" };
    const char *text = html_value(json_object_get(row->result, "build"), "output");

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        const char *at = strstr(text, signs[i]);

        if (at && strncmp(at > text + 8 ? at - 8 : text, "collect2", 8) != 0)
            return line_around(text, at);
    }
    return line_around(text, text);
}

/* A check may fail for want of a kernel; that is one failure, and it is told once. */
static bool add_check(struct class_sums *sums, const struct class_row *row, const json_t *check,
                      bool *stuck)
{
    struct check_sum *sum = check_sum_of(sums, check);

    if (!sum)
        return false;
    sum->passed += status_is(check, "passed");
    sum->failed += status_is(check, "failed");
    sum->skipped += status_is(check, "skipped");
    sum->errors += status_is(check, "error");
    if (!status_is(check, "failed") || !row_builds(row))
        return true;
    if (!*stuck && !names_add(&sum->stuck, row->name))
        return false;
    *stuck = true;
    return add_failure(sums, row->name, check, NULL);
}

static bool add_row(struct class_sums *sums, const struct class_row *row)
{
    const json_t *check;
    bool stuck = false;
    size_t i;

    json_array_foreach(json_object_get(row->result, "checks"), i, check)
    {
        if (!add_check(sums, row, check, &stuck))
            return false;
    }
    if (!row_builds(row) && (!names_add(&sums->broken, row->name) ||
                             !add_failure(sums, row->name, NULL, first_error(row))))
        return false;
    sums->graded++;
    sums->full += row->points == row->max;
    sums->mean += (double)row->points;
    if (row->max > sums->max)
        sums->max = row->max;
    return true;
}

static int by_count(const void *a, const void *b)
{
    const struct failure_sum *one = a, *other = b;

    return one->names.count < other->names.count   ? 1
           : one->names.count > other->names.count ? -1
                                                   : 0;
}

static int by_value(const void *a, const void *b)
{
    const long one = *(const long *)a, other = *(const long *)b;

    return one < other ? -1 : one > other;
}

static double median(const struct class_table *table, size_t graded)
{
    long *points = calloc(graded + 1, sizeof(*points));
    size_t count = 0;

    if (!points || graded == 0) {
        free(points);
        return 0;
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].graded)
            points[count++] = table->rows[i].points;
    }
    qsort(points, count, sizeof(*points), by_value);
    const size_t low = (count - 1) / 2, high = count / 2; /* the same one if there is a middle */
    const double middle = (points[low] + points[high]) / 2.0;

    free(points);
    return middle;
}

bool class_sums_make(const struct class_table *table, struct class_sums *sums)
{
    *sums = (struct class_sums){ 0 };
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].graded && !add_row(sums, &table->rows[i]))
            return false;
    }
    if (sums->graded)
        sums->mean /= (double)sums->graded;
    sums->median = median(table, sums->graded);
    if (sums->failure_count)
        qsort(sums->failures, sums->failure_count, sizeof(*sums->failures), by_count);
    return true;
}

void class_sums_free(struct class_sums *sums)
{
    for (size_t i = 0; i < sums->check_count; i++)
        free(sums->checks[i].stuck.at);
    for (size_t i = 0; i < sums->failure_count; i++) {
        free(sums->failures[i].line);
        free(sums->failures[i].ids.at);
        free(sums->failures[i].names.at);
    }
    free(sums->broken.at);
    free(sums->checks);
    free(sums->failures);
}
