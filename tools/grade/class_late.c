/*
 * Lateness: a column of dates gives a penalty. It stands beside the machine's verdict and
 * never touches it, in the tables and in the result, from which grade books are made.
 */
#include "class.h"

#include "cache.h"
#include "export/csv_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "10%/day": what is lost for each unit begun. */
struct policy {
    double part;    /* of the points, 0 to 1 */
    double seconds; /* of the unit */
};

static bool policy_parse(const char *text, struct policy *out)
{
    char unit[8] = "";
    double percent;

    if (sscanf(text, "%lf%%/%7s", &percent, unit) != 2 || !(percent >= 0 && percent <= 100))
        return false;
    out->part = percent / 100;
    out->seconds = strcmp(unit, "day") == 0 ? 86400 : strcmp(unit, "hour") == 0 ? 3600 : 0;
    return out->seconds > 0;
}

/* A date as spreadsheets and platforms write it, all in one time zone; false if it is none. */
static bool date_parse(const char *text, time_t *out)
{
    static const char *const formats[] = { "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
                                           "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d" };

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct tm parts = { 0 };
        const char *end = strptime(text, formats[i], &parts);

        if (end && (*end == '\0' || strcmp(end, "Z") == 0)) {
            *out = timegm(&parts);
            return true;
        }
    }
    return false;
}

static struct class_row *row_named(struct class_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->rows[i].name, name) == 0)
            return &table->rows[i];
    }
    return NULL;
}

static bool apply(struct class_row *row, const char *submitted, const char *due,
                  const struct policy *policy)
{
    time_t at, until;

    snprintf(row->submitted, sizeof(row->submitted), "%s", submitted);
    snprintf(row->due, sizeof(row->due), "%s", due);
    if (!date_parse(submitted, &at) || !date_parse(due, &until))
        return false;
    const double late = difftime(at, until);

    row->penalty = late > 0 ? ceil(late / policy->seconds) * policy->part : 0;
    if (row->penalty > 1)
        row->penalty = 1;
    row->final = (double)row->points * (1 - row->penalty);
    return true;
}

static bool apply_all(const struct csv_table *csv, struct class_table *table,
                      const struct policy *policy, char *error, size_t error_size)
{
    const long name = csv_column(csv, "name"), submitted = csv_column(csv, "submitted"),
               due = csv_column(csv, "due");

    if (name < 0 || submitted < 0 || due < 0) {
        snprintf(error, error_size, "the dates need the columns name, submitted and due");
        return false;
    }
    for (size_t i = 1; i < csv->count; i++) {
        const struct csv_row *line = &csv->row[i];
        struct class_row *row = row_named(table, csv_cell(line, (size_t)name));

        if (row &&
            !apply(row, csv_cell(line, (size_t)submitted), csv_cell(line, (size_t)due), policy)) {
            snprintf(error, error_size, "line %zu of the dates: a date is like 2026-03-01 23:59",
                     i + 1);
            return false;
        }
    }
    return true;
}

bool class_late(const struct class_options *options, struct class_table *table, char *error,
                size_t error_size)
{
    struct policy policy = { .part = 0, .seconds = 86400 };
    struct csv_table csv;

    if (!options->dates)
        return true;
    if (options->late && !policy_parse(options->late, &policy)) {
        snprintf(error, error_size, "--late is like 10%%/day or 1%%/hour, not %.60s",
                 options->late);
        return false;
    }
    if (!csv_read(options->dates, &csv, error, error_size))
        return false;
    table->has_dates = true;
    const bool good = apply_all(&csv, table, &policy, error, error_size);

    csv_table_free(&csv);
    return good;
}

static json_t *late_make(const struct class_row *row)
{
    if (!row->graded || !(row->penalty > 0))
        return NULL;
    return json_pack("{s:s, s:s, s:f, s:f}", "submitted", row->submitted, "due", row->due,
                     "penalty", row->penalty, "final", round(row->final * 100) / 100);
}

bool class_late_note(const struct class_plan *plan, const struct class_table *table)
{
    bool good = true;

    for (size_t i = 0; i < table->count; i++) {
        const struct class_row *row = &table->rows[i];
        const json_t *was = json_object_get(row->result, "late");
        json_t *late = late_make(row);
        char path[PATH_MAX];

        if ((was || late) && !json_equal(was, late)) {
            if (late)
                json_object_set(row->result, "late", late);
            else
                json_object_del(row->result, "late");
            good &= cache_write_file(class_path(plan, i, "result.json", path), row->result);
        }
        json_decref(late);
    }
    return good;
}
