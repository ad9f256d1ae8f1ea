/* Two pictures of the class: how points are spread, and everyone at every check. */
#include "html_parts.h"

#include <stdlib.h>
#include <string.h>

enum { BARS = 20, BAR_HEIGHT = 9 /* rem */ };

static size_t bar_of(const struct class_row *row)
{
    const long bar = row->max > 0 ? row->points * BARS / row->max : 0;

    return bar < 0 ? 0 : bar >= BARS ? BARS - 1 : (size_t)bar;
}

void html_put_points(FILE *out, const struct class_table *table)
{
    size_t counts[BARS] = { 0 }, most = 1;

    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].graded && ++counts[bar_of(&table->rows[i])] > most)
            most = counts[bar_of(&table->rows[i])];
    }
    fputs("<h2>Points</h2><figure class=hist role=img aria-label=\"How many submissions have how "
          "many points\">",
          out);
    for (size_t i = 0; i < BARS; i++) {
        fprintf(out, "<div title=\"%zu with %zu %% or more\"><b>", counts[i], i * 100 / BARS);
        if (counts[i])
            fprintf(out, "%zu</b><i style=\"height:%.2frem\"></i>", counts[i],
                    (double)counts[i] * BAR_HEIGHT / (double)most);
        else
            fputs("</b>", out);
        fprintf(out, "<span>%zu</span></div>", i * 100 / BARS);
    }
    fputs("</figure><p class=soft>Submissions by their part of the points, in steps of 5 %: 95 "
          "stands for 95 to 100.</p>",
          out);
}

/* The best first; who has the same, and who has no points, by name as in the folder. */
static int by_points(const void *a, const void *b)
{
    const struct class_row *one = *(const struct class_row *const *)a;
    const struct class_row *other = *(const struct class_row *const *)b;
    const long left = one->graded ? one->points : -1, right = other->graded ? other->points : -1;

    return left != right ? (left < right ? 1 : -1) : strcmp(one->name, other->name);
}

static void put_cells(FILE *out, const struct class_row *row, const struct class_sums *sums)
{
    const json_t *checks = json_object_get(row->result, "checks"), *check;
    size_t i;

    for (size_t c = 0; c < sums->check_count; c++) {
        const char *status = "", *message = "";

        json_array_foreach(checks, i, check)
        {
            if (strcmp(html_value(check, "id"), sums->checks[c].id) == 0) {
                status = html_value(check, "status");
                message = html_value(check, "message");
            }
        }
        fputs("<td class=\"cell ", out);
        html_text(out, status);
        fputs("\" title=\"", out);
        html_text(out, sums->checks[c].title);
        fprintf(out, ": ");
        html_text(out, *message ? message : status);
        fputs("\">", out);
    }
}

static void put_row(FILE *out, const struct class_row *row, const struct class_table *table,
                    const struct class_sums *sums)
{
    fputs("<tr><th scope=row>", out);
    html_name(out, row->name);
    if (row->graded)
        fprintf(out, "<td class=\"n %s\">%ld", row->points == row->max ? "good" : "", row->points);
    else
        fputs("<td class=\"n none\">none", out);
    if (table->has_dates && row->graded)
        fprintf(out, "<td class=n>%.0f&nbsp;%%<td class=n>%.2f", row->penalty * 100, row->final);
    else if (table->has_dates)
        fputs("<td><td>", out);
    put_cells(out, row, sums);
    fputs("</tr>", out);
}

void html_put_everyone(FILE *out, const struct class_table *table, const struct class_sums *sums)
{
    const struct class_row **rows = calloc(table->count + 1, sizeof(const struct class_row *));

    if (!rows)
        abort();
    for (size_t i = 0; i < table->count; i++)
        rows[i] = &table->rows[i];
    qsort(rows, table->count, sizeof(const struct class_row *), by_points);
    fprintf(out,
            "<h2>Everyone</h2><div class=scroll><table class=everyone><tr><th>Submission"
            "<th class=n>points%s",
            table->has_dates ? "<th class=n>late<th class=n>final" : "");
    for (size_t c = 0; c < sums->check_count; c++) {
        fputs("<th class=cell title=\"", out);
        html_text(out, sums->checks[c].title);
        fprintf(out, "\">%zu", c + 1);
    }
    fputs("</tr>", out);
    for (size_t i = 0; i < table->count; i++)
        put_row(out, rows[i], table, sums);
    fputs("</table></div><p class=soft>The numbers are those of the checks above.</p>", out);
    free(rows);
}
