/* The class's page: one file without scripts, which needs nothing from a network. */
#include "html_parts.h"

#include <stdlib.h>
#include <string.h>

enum { BARS = 20, FAILURES_SHOWN = 12, WIDTH = 800, HEIGHT = 200, BASE = 170, TOP = 150 };

void html_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        const char *escape = *text == '<'    ? "&lt;"
                             : *text == '>'  ? "&gt;"
                             : *text == '&'  ? "&amp;"
                             : *text == '"'  ? "&quot;"
                             : *text == '\'' ? "&#39;"
                                             : NULL;

        if (escape)
            fputs(escape, out);
        else if ((unsigned char)*text >= ' ' || *text == '\n')
            fputc(*text, out);
    }
}

static void put_cell(FILE *out, const char *class, const char *text)
{
    fprintf(out, "<td%s>", class);
    html_text(out, text);
    fputs("</td>", out);
}

static void put_head(FILE *out, const struct class_plan *plan, const struct class_table *table,
                     const struct class_sums *sums)
{
    const size_t not_graded = table->count - sums->graded;

    fputs("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
          "<meta name=\"viewport\" content=\"width=device-width\"><title>",
          out);
    html_text(out, class_option(plan, "title"));
    fprintf(out, "</title><style>%s</style><body><h1>Lab %lld: ", html_style,
            (long long)json_integer_value(json_object_get(plan->options, "number")));
    html_text(out, class_option(plan, "title"));
    fprintf(
        out,
        "</h1><p>%zu submissions: %zu graded, <span class=\"%s\">%zu could not be graded</span>."
        "</p><p class=\"soft\">Of those graded: %zu with full points, mean %.1f, median %.1f of "
        "%ld. Seed %lld.</p>",
        table->count, sums->graded, not_graded ? "none" : "soft", not_graded, sums->full,
        sums->mean, sums->median, sums->max,
        (long long)json_integer_value(json_object_get(plan->options, "seed")));
}

static size_t bar_of(const struct class_row *row)
{
    const long bar = row->max > 0 ? row->points * BARS / row->max : 0;

    return bar < 0 ? 0 : bar >= BARS ? BARS - 1 : (size_t)bar;
}

static void put_bar(FILE *out, size_t index, size_t count, size_t most)
{
    const size_t height = count * TOP / most, left = 20 + index * 38;

    fprintf(out, "<text x=\"%zu\" y=\"185\" text-anchor=\"middle\">%zu</text>", left + 17,
            index * 100 / BARS);
    if (count == 0)
        return;
    fprintf(out,
            "<rect x=\"%zu\" y=\"%zu\" width=\"34\" height=\"%zu\"/>"
            "<text x=\"%zu\" y=\"%zu\" text-anchor=\"middle\">%zu</text>",
            left, BASE - height, height, left + 17, BASE - height - 4, count);
}

static void put_histogram(FILE *out, const struct class_table *table)
{
    size_t counts[BARS] = { 0 }, most = 1;

    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].graded && ++counts[bar_of(&table->rows[i])] > most)
            most = counts[bar_of(&table->rows[i])];
    }
    fprintf(out,
            "<h2>Points</h2><figure><svg viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-label=\"How many submissions have how many points\">",
            WIDTH, HEIGHT);
    for (size_t i = 0; i < BARS; i++)
        put_bar(out, i, counts[i], most);
    fprintf(out,
            "<line x1=\"20\" y1=\"%d\" x2=\"780\" y2=\"%d\"/></svg><figcaption class=\"soft\">"
            "Submissions by their part of the points, in steps of 5 %%: 95 stands for 95 to 100."
            "</figcaption></figure>",
            BASE, BASE);
}

static void put_checks(FILE *out, const struct class_sums *sums)
{
    fputs("<h2>Checks</h2><table><tr><th>Check<th>Passed by<th class=n>passed<th class=n>failed"
          "<th class=n>skipped<th class=n title=\"the first check that fails\">stuck here</tr>",
          out);
    for (size_t i = 0; i < sums->check_count; i++) {
        const struct check_sum *sum = &sums->checks[i];
        const size_t judged = sum->passed + sum->failed + sum->skipped;
        const size_t rate = judged ? sum->passed * 100 / judged : 0;

        fputs("<tr><td>", out);
        html_text(out, sum->title);
        fputs(" <code class=soft>", out);
        html_text(out, sum->id);
        fprintf(out,
                "</code><td style=\"white-space:nowrap\"><span class=rate><i "
                "style=\"width:%zu%%\"></i></span> %zu %%"
                "<td class=n>%zu<td class=n>%zu<td class=n>%zu<td class=n>%zu</tr>",
                rate, rate, sum->passed, sum->failed, sum->skipped, sum->stuck);
    }
    fputs("</table>", out);
}

static void put_failures(FILE *out, const struct class_sums *sums)
{
    fputs("<h2>Commonest failures</h2>", out);
    if (sums->failure_count == 0)
        fputs("<p>No check failed.</p>", out);
    else
        fputs("<table><tr><th class=n>how often<th>What the machine did<th>For example</tr>", out);
    for (size_t i = 0; i < sums->failure_count && i < FAILURES_SHOWN; i++) {
        const struct failure_sum *failure = &sums->failures[i];

        fprintf(out, "<tr><td class=n>%zu<td><code>", failure->count);
        html_text(out, html_value(failure->check, "id"));
        fputs("</code> ", out);
        html_text(out, html_value(failure->check, "message"));
        fputs(" <span class=soft>", out);
        html_text(out, html_value(failure->check, "where"));
        fputs("</span><td>", out);
        for (size_t k = 0; k < 3 && failure->examples[k]; k++) {
            fputs(k ? ", " : "", out);
            html_text(out, failure->examples[k]);
        }
        fputs("</tr>", out);
    }
    fputs(sums->failure_count ? "</table>" : "", out);
}

/* Who has to get past which check first. */
static void put_stuck(FILE *out, const struct class_table *table, const struct class_sums *sums)
{
    fputs("<h2>Who is stuck where</h2><table><tr><th>First check that fails<th>Submissions</tr>",
          out);
    for (size_t i = 0; i < sums->check_count; i++) {
        const char *before = "";

        if (sums->checks[i].stuck == 0)
            continue;
        fputs("<tr>", out);
        put_cell(out, "", sums->checks[i].title);
        fputs("<td>", out);
        for (size_t k = 0; k < table->count; k++) {
            const json_t *checks = json_object_get(table->rows[k].result, "checks"), *check;
            size_t c;

            json_array_foreach(checks, c, check)
            {
                if (strcmp(html_value(check, "status"), "failed") == 0)
                    break;
            }
            check = json_array_get(checks, c);
            if (!table->rows[k].graded || strcmp(html_value(check, "id"), sums->checks[i].id) != 0)
                continue;
            fputs(before, out);
            html_text(out, table->rows[k].name);
            before = ", ";
        }
        fputs("</td></tr>", out);
    }
    fputs("</table>", out);
}

static void put_not_graded(FILE *out, const struct class_table *table)
{
    fputs("<h2>Could not be graded</h2><p class=soft>These have no points, which is not the same "
          "as zero points.</p><table><tr><th>Submission<th>Why</tr>",
          out);
    for (size_t i = 0; i < table->count; i++) {
        const struct class_row *row = &table->rows[i];

        if (row->graded)
            continue;
        fputs("<tr>", out);
        put_cell(out, "", row->name);
        put_cell(out, " class=none", html_value(row->result, "error"));
        fputs("</tr>", out);
    }
    fputs("</table>", out);
}

static void put_all(FILE *out, const struct class_table *table)
{
    fprintf(out, "<h2>All submissions</h2><table><tr><th>Submission<th class=n>points%s</tr>",
            table->has_dates ? "<th class=n>late<th class=n>final" : "");
    for (size_t i = 0; i < table->count; i++) {
        const struct class_row *row = &table->rows[i];

        fputs("<tr>", out);
        put_cell(out, "", row->name);
        if (row->graded)
            fprintf(out, "<td class=\"n %s\">%ld of %ld", row->points == row->max ? "good" : "",
                    row->points, row->max);
        else
            fputs("<td class=\"n none\">not graded", out);
        if (table->has_dates && row->graded)
            fprintf(out, "<td class=n>%.0f %%<td class=n>%.2f", row->penalty * 100, row->final);
        else if (table->has_dates)
            fputs("<td><td>", out);
        fputs("</tr>", out);
    }
    fputs("</table></body></html>\n", out);
}

bool html_write(const struct class_plan *plan, const struct class_table *table, const char *path)
{
    struct class_sums sums;
    FILE *out = class_sums_make(table, &sums) ? fopen(path, "we") : NULL;

    if (out) {
        put_head(out, plan, table, &sums);
        put_histogram(out, table);
        if (sums.graded < table->count)
            put_not_graded(out, table);
        put_checks(out, &sums);
        put_failures(out, &sums);
        put_stuck(out, table, &sums);
        put_all(out, table);
    }
    class_sums_free(&sums);
    return out && fclose(out) == 0;
}
