/* All results of a class side by side, and the files for other programs. */
#include "class.h"

#include "export/csv_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *table, const char *key)
{
    const char *text = json_string_value(json_object_get(table, key));

    return text ? text : "";
}

/* What an earlier --only left there does not count. */
static char *not_again(const struct class_plan *plan, size_t index)
{
    char path[PATH_MAX], *line = NULL;
    size_t size = 0;
    FILE *file = class_option(plan, "only")[0]
                     ? fopen(class_path(plan, index, CLASS_NOT_AGAIN_FILE, path), "re")
                     : NULL;

    if (file && getline(&line, &size, file) < 0) {
        free(line);
        line = NULL;
    }
    if (file)
        fclose(file);
    return line;
}

static void row_fill(struct class_row *row, const struct class_plan *plan, size_t index)
{
    row->name = plan->entries[index].name;
    row->result = class_result(plan, index);
    if (!row->result)
        row->result = json_pack("{s:s, s:s}", "status", "could-not-be-graded", "error",
                                "it was not graded yet");
    row->graded = strcmp(text_of(row->result, "status"), "graded") == 0;
    row->not_again = not_again(plan, index);
    row->points = (long)json_integer_value(json_object_get(row->result, "points"));
    row->max = (long)json_integer_value(json_object_get(row->result, "max"));
    row->final = (double)row->points;
}

bool class_table_make(const struct class_plan *plan, const struct class_options *options,
                      struct class_table *table, char *error, size_t error_size)
{
    *table = (struct class_table){ .rows = calloc(plan->count, sizeof(*table->rows)),
                                   .count = plan->count };
    if (!table->rows) {
        snprintf(error, error_size, "no memory");
        return false;
    }
    for (size_t i = 0; i < plan->count; i++)
        row_fill(&table->rows[i], plan, i);
    return class_late(options, table, error, error_size);
}

void class_table_free(struct class_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        json_decref(table->rows[i].result);
        free(table->rows[i].not_again);
    }
    free(table->rows);
}

/* The checks of the class, from a row that has most of them; NULL if none has. */
static const json_t *some_checks(const struct class_table *table)
{
    const json_t *most = NULL;

    for (size_t i = 0; i < table->count; i++) {
        const json_t *checks = json_object_get(table->rows[i].result, "checks");

        if (table->rows[i].graded && json_array_size(checks) > json_array_size(most))
            most = checks;
    }
    return most;
}

static void put_number(FILE *out, const char *format, double value, bool there)
{
    char text[40] = "";

    if (there)
        snprintf(text, sizeof(text), format, value);
    csv_put(out, text, false);
}

static void csv_head(FILE *out, const struct class_table *table)
{
    static const char *const titles[] = { "name",  "status",    "points", "max",    "penalty",
                                          "final", "submitted", "due",    "sha256", "error" };
    const json_t *checks = some_checks(table), *check;
    size_t i;

    for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        csv_put(out, titles[i], i == 0);
    json_array_foreach(checks, i, check) csv_put(out, text_of(check, "id"), false);
    fputs("\r\n", out);
}

/* What was not graded has no points at all: 0 would be a verdict. */
static void csv_row(FILE *out, const struct class_table *table, const struct class_row *row)
{
    const json_t *checks = some_checks(table), *check, *own;
    size_t i, k;

    csv_put_foreign(out, row->name, true);
    csv_put(out, text_of(row->result, "status"), false);
    put_number(out, "%.0f", (double)row->points, row->graded);
    put_number(out, "%.0f", (double)row->max, row->graded);
    put_number(out, "%.0f%%", row->penalty * 100, table->has_dates);
    put_number(out, "%.2f", row->final, row->graded);
    csv_put_foreign(out, row->submitted, false);
    csv_put_foreign(out, row->due, false);
    csv_put(out, text_of(json_object_get(row->result, "submission"), "sha256"), false);
    csv_put_foreign(out, text_of(row->result, "error"), false);
    json_array_foreach(checks, i, check)
    {
        const json_t *found = NULL;

        json_array_foreach(json_object_get(row->result, "checks"), k, own)
        {
            if (strcmp(text_of(own, "id"), text_of(check, "id")) == 0)
                found = own;
        }
        put_number(out, "%.0f", (double)json_integer_value(json_object_get(found, "points")),
                   found && row->graded);
    }
    fputs("\r\n", out);
}

bool class_write_csv(const struct class_table *table, const char *path)
{
    FILE *out = fopen(path, "we");

    if (!out)
        return false;
    csv_head(out, table);
    for (size_t i = 0; i < table->count; i++)
        csv_row(out, table, &table->rows[i]);
    return fclose(out) == 0;
}

bool class_write_results(const struct class_table *table, const char *path)
{
    FILE *out = fopen(path, "we");

    for (size_t i = 0; out && i < table->count; i++) {
        json_dumpf(table->rows[i].result, out, JSON_COMPACT | JSON_REAL_PRECISION(15));
        fputc('\n', out);
    }
    return out && fclose(out) == 0;
}
