/* The figures of a class: what each check and each message adds up to. */
#include "html_parts.h"

#include <stdlib.h>
#include <string.h>

const char *html_value(const json_t *table, const char *key)
{
    const char *text = json_string_value(json_object_get(table, key));

    return text ? text : "";
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
    grown[sums->check_count] = (struct check_sum){ .id = id, .title = html_value(check, "title") };
    return &grown[sums->check_count++];
}

/* Messages of a check that differ in numbers only are one mistake. */
static bool same_words(const char *a, const char *b)
{
    static const char number[] = "0123456789abcdefx";

    while (*a && *b) {
        if (*a == *b) {
            a++;
            b++;
        } else if (strchr("0123456789abcdef", *a) && strchr("0123456789abcdef", *b)) {
            a += strspn(a, number);
            b += strspn(b, number);
        } else {
            return false;
        }
    }
    return *a == *b;
}

static struct failure_sum *failure_sum_of(struct class_sums *sums, const json_t *check)
{
    for (size_t i = 0; i < sums->failure_count; i++) {
        const json_t *known = sums->failures[i].check;

        if (strcmp(html_value(known, "id"), html_value(check, "id")) == 0 &&
            same_words(html_value(known, "message"), html_value(check, "message")))
            return &sums->failures[i];
    }
    struct failure_sum *grown = realloc(sums->failures, (sums->failure_count + 1) * sizeof(*grown));

    if (!grown)
        return NULL;
    sums->failures = grown;
    grown[sums->failure_count] = (struct failure_sum){ .check = check };
    return &grown[sums->failure_count++];
}

static bool add_check(struct class_sums *sums, const char *name, const json_t *check, bool first)
{
    struct check_sum *sum = check_sum_of(sums, check);

    if (!sum)
        return false;
    sum->passed += status_is(check, "passed");
    sum->failed += status_is(check, "failed");
    sum->skipped += status_is(check, "skipped");
    sum->errors += status_is(check, "error");
    if (!status_is(check, "failed"))
        return true;
    struct failure_sum *failure = failure_sum_of(sums, check);

    if (!failure)
        return false;
    sum->stuck += first;
    if (failure->count < sizeof(failure->examples) / sizeof(failure->examples[0]))
        failure->examples[failure->count] = name;
    failure->count++;
    return true;
}

static bool add_row(struct class_sums *sums, const struct class_row *row)
{
    const json_t *check;
    bool first = true;
    size_t i;

    json_array_foreach(json_object_get(row->result, "checks"), i, check)
    {
        if (!add_check(sums, row->name, check, first))
            return false;
        first = first && !status_is(check, "failed");
    }
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

    return one->count < other->count ? 1 : one->count > other->count ? -1 : 0;
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
    free(sums->checks);
    free(sums->failures);
}
