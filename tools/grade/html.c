/* The class's page: one file without scripts, which needs nothing from a network. */
#include "html_parts.h"

#include <stdlib.h>
#include <string.h>

enum { FAILURES_SHOWN = 12 };

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

void html_name(FILE *out, const char *name)
{
    fputs("<a href=\"./", out);
    for (const char *at = name; *at; at++) {
        if (strchr("-._~", *at) || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') ||
            (*at >= 'A' && *at <= 'Z'))
            fputc(*at, out);
        else
            fprintf(out, "%%%02x", (unsigned char)*at);
    }
    fputs("/log.txt\">", out);
    html_text(out, name);
    fputs("</a>", out);
}

void html_names(FILE *out, const struct names *names)
{
    for (size_t i = 0; i < names->count && i < NAMES_SHOWN; i++) {
        fputs(i ? ", " : "", out);
        html_name(out, names->at[i]);
    }
    if (names->count <= NAMES_SHOWN)
        return;
    fprintf(out, "<details><summary>and %zu more</summary>", names->count - NAMES_SHOWN);
    for (size_t i = NAMES_SHOWN; i < names->count; i++) {
        fputs(i > NAMES_SHOWN ? ", " : "", out);
        html_name(out, names->at[i]);
    }
    fputs("</details>", out);
}

static void put_figure(FILE *out, const char *what, const char *format, double value)
{
    fputs("<div><b>", out);
    fprintf(out, format, value);
    fprintf(out, "</b>%s</div>", what);
}

static void put_head(FILE *out, const struct class_plan *plan, const struct class_table *table,
                     const struct class_sums *sums)
{
    fputs("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
          "<meta name=\"viewport\" content=\"width=device-width\"><title>",
          out);
    html_text(out, class_option(plan, "title"));
    fprintf(out, "</title><style>%s</style><body><h1>Lab %lld: ", html_style,
            (long long)json_integer_value(json_object_get(plan->options, "number")));
    html_text(out, class_option(plan, "title"));
    fputs("</h1><div class=figures>", out);
    put_figure(out, table->count == 1 ? "submission" : "submissions", "%.0f", (double)table->count);
    put_figure(out, "have full points", "%.0f", (double)sums->full);
    fprintf(out, "<div><b>%.4g</b>median of %ld</div>", sums->median, sums->max);
    put_figure(out, "mean", "%.1f", sums->mean);
    if (sums->graded < table->count)
        put_figure(out, "<span class=none>could not be graded</span>", "%.0f",
                   (double)(table->count - sums->graded));
    fprintf(out,
            "</div><p class=soft>Seed %lld. The same as <a href=\"class.csv\">a table</a> and as "
            "<a href=\"results.jsonl\">results</a>; a name leads to the grader's report.</p>",
            (long long)json_integer_value(json_object_get(plan->options, "seed")));
}

static void put_part(FILE *out, const char *class, size_t part, size_t whole)
{
    if (part > 0)
        fprintf(out, "<i class=%s style=\"flex:%zu\" title=\"%zu of %zu %s\"></i>", class, part,
                part, whole, class);
}

static void put_check(FILE *out, const struct check_sum *sum, size_t number)
{
    const size_t judged = sum->passed + sum->failed + sum->skipped + sum->errors;

    fprintf(out, "<tr><td class=n>%zu<td>", number);
    html_text(out, sum->title);
    fputs(" <code class=soft>", out);
    html_text(out, sum->id);
    fprintf(out, "</code>%s<td class=n>%ld<td class=n>%zu&nbsp;%%<td class=bar><span class=rate>",
            sum->hidden ? " <em>hidden</em>" : "", sum->max,
            judged ? sum->passed * 100 / judged : 0);
    put_part(out, "passed", sum->passed, judged);
    put_part(out, "failed", sum->failed, judged);
    put_part(out, "skipped", sum->skipped + sum->errors, judged);
    fputs("</span></tr>", out);
}

static void put_checks(FILE *out, const struct class_sums *sums)
{
    fputs("<h2>Checks</h2><p class=soft>How many passed: <i class=\"key passed\"></i> passed, "
          "<i class=\"key failed\"></i> failed, <i class=\"key skipped\"></i> skipped, since "
          "something it needs failed.</p><table><tr><th class=n>#<th>Check<th class=n>points"
          "<th class=n>passed<th class=bar></tr>",
          out);
    for (size_t i = 0; i < sums->check_count; i++)
        put_check(out, &sums->checks[i], i + 1);
    fputs("</table>", out);
}

static void put_failure(FILE *out, const struct failure_sum *failure)
{
    fprintf(out, "<tr><td class=n>%zu<td>", failure->names.count);
    if (failure->check) {
        html_text(out, html_value(failure->check, "message"));
        fputs(" <span class=soft>", out);
        for (size_t i = 0; i < failure->ids.count; i++) {
            fputs("<code>", out);
            html_text(out, failure->ids.at[i]);
            fputs("</code> ", out);
        }
        html_text(out, html_value(failure->check, "where"));
        fputs("</span>", out);
    } else {
        fputs("The kernel does not build. <code>", out);
        html_text(out, failure->line);
        fputs("</code>", out);
    }
    fputs("<td>", out);
    html_names(out, &failure->names);
    fputs("</tr>", out);
}

static void put_failures(FILE *out, const struct class_sums *sums)
{
    fputs("<h2>Commonest failures</h2>", out);
    if (sums->failure_count == 0) {
        fputs("<p>No check failed.</p>", out);
        return;
    }
    fputs("<table class=whose><tr><th class=n>n<th>What the machine did, in one of "
          "them<th>Whose</tr>",
          out);
    for (size_t i = 0; i < sums->failure_count && i < FAILURES_SHOWN; i++)
        put_failure(out, &sums->failures[i]);
    fputs("</table>", out);
}

/* Who has to get past what first. */
static void put_stuck(FILE *out, const struct class_sums *sums)
{
    fputs("<h2>Who is stuck where</h2><table class=whose><tr><th class=n>n<th>The first check that "
          "fails<th>Whose</tr>",
          out);
    if (sums->broken.count) {
        fprintf(out, "<tr><td class=n>%zu<td>The kernel does not build<td>", sums->broken.count);
        html_names(out, &sums->broken);
        fputs("</tr>", out);
    }
    for (size_t i = 0; i < sums->check_count; i++) {
        const struct check_sum *sum = &sums->checks[i];

        if (sum->stuck.count == 0)
            continue;
        fprintf(out, "<tr><td class=n>%zu<td>", sum->stuck.count);
        html_text(out, sum->title);
        fputs("<td>", out);
        html_names(out, &sum->stuck);
        fputs("</tr>", out);
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
        fputs("<tr><td>", out);
        html_name(out, row->name);
        fputs("<td class=none>", out);
        html_text(out, html_value(row->result, "error"));
        fputs("</tr>", out);
    }
    fputs("</table>", out);
}

bool html_write(const struct class_plan *plan, const struct class_table *table, const char *path)
{
    struct class_sums sums;
    FILE *out = class_sums_make(table, &sums) ? fopen(path, "we") : NULL;

    if (out) {
        put_head(out, plan, table, &sums);
        html_put_points(out, table);
        if (sums.graded < table->count)
            put_not_graded(out, table);
        if (sums.graded > sums.full)
            put_stuck(out, &sums);
        put_failures(out, &sums);
        html_put_mistakes(out, plan, table);
        put_checks(out, &sums);
        html_put_everyone(out, table, &sums);
        fputs("</body></html>\n", out);
    }
    class_sums_free(&sums);
    return out && fclose(out) == 0;
}
