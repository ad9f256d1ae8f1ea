/*
 * What may be behind a failure: the bug zoo's wrong solutions each name the checks that
 * they fail. Who fails the same ones, and no others of those, may think the same.
 */
#include "bodies.h"
#include "html_parts.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_SHOWN = 2 };

struct zoo {
    struct mistake *at;
    size_t count;
};

static bool list_has(char *const *list, const char *id)
{
    for (; *list; list++) {
        if (strcmp(*list, id) == 0)
            return true;
    }
    return false;
}

static bool same_list(char *const *a, char *const *b)
{
    size_t n = 0, m = 0;

    while (a[n] && list_has(b, a[n]))
        n++;
    while (b[m])
        m++;
    return !a[n] && n == m;
}

/* Predictions and what is written are nobody's mistake: no wrong solution names them. */
static bool zoo_knows(const struct zoo *zoo, const char *id)
{
    for (size_t i = 0; i < zoo->count; i++) {
        if (list_has(zoo->at[i].fails, id))
            return true;
    }
    return false;
}

static void zoo_add(struct zoo *zoo, const char *path)
{
    struct bodies_head head;
    char error[CLASS_ERROR];

    if (!bodies_head_read(path, &head, error, sizeof(error)))
        return;
    struct mistake *grown = realloc(zoo->at, (zoo->count + 1) * sizeof(*grown));

    if (!grown)
        abort();
    zoo->at = grown;
    grown[zoo->count++] = (struct mistake){ .name = strdup(strrchr(path, '/') + 1),
                                            .text = head.text,
                                            .fails = head.fails };
    head.text = NULL;
    head.fails = NULL;
    bodies_head_free(&head);
}

static void zoo_load(struct zoo *zoo, const struct class_plan *plan)
{
    char pattern[PATH_MAX];
    glob_t found = { 0 };

    snprintf(pattern, sizeof(pattern), "%.3000s/labs/%.200s/zoo/*.[cS]", class_option(plan, "root"),
             class_option(plan, "lab"));
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            zoo_add(zoo, found.gl_pathv[i]);
    }
    globfree(&found);
}

static void zoo_free(struct zoo *zoo)
{
    for (size_t i = 0; i < zoo->count; i++) {
        struct bodies_head head = { .text = zoo->at[i].text, .fails = zoo->at[i].fails };

        bodies_head_free(&head);
        free(zoo->at[i].name);
        free(zoo->at[i].names.at);
    }
    free(zoo->at);
}

/* The checks that a submission fails, of those that the zoo knows; NULL-terminated. */
static const char **failed_checks(const struct zoo *zoo, const struct class_row *row)
{
    const json_t *checks = json_object_get(row->result, "checks"), *check;
    const char **list = calloc(json_array_size(checks) + 1, sizeof(*list));
    size_t i, count = 0;

    if (!list)
        abort();
    json_array_foreach(checks, i, check)
    {
        if (strcmp(html_value(check, "status"), "failed") == 0 &&
            zoo_knows(zoo, html_value(check, "id")))
            list[count++] = html_value(check, "id");
    }
    return list;
}

static void zoo_match(struct zoo *zoo, const struct class_table *table)
{
    for (size_t r = 0; r < table->count; r++) {
        const struct class_row *row = &table->rows[r];

        if (!row->graded || !row_builds(row))
            continue;
        const char **failed = failed_checks(zoo, row);

        for (size_t i = 0; failed[0] && i < zoo->count; i++) {
            if (same_list((char *const *)failed, zoo->at[i].fails) &&
                !names_add(&zoo->at[i].names, row->name))
                abort();
        }
        free(failed);
    }
}

static int by_count(const void *a, const void *b)
{
    const struct mistake *one = a, *other = b;

    return one->names.count != other->names.count ? (one->names.count < other->names.count ? 1 : -1)
                                                  : strcmp(one->name, other->name);
}

/* All that fail the checks of the one at index; the others of them may be many. */
static void put_texts(FILE *out, const struct zoo *zoo, size_t index)
{
    size_t shown = 0;

    for (size_t i = index; i < zoo->count; i++) {
        if (!same_list(zoo->at[i].fails, zoo->at[index].fails))
            continue;
        if (shown == TEXTS_SHOWN)
            fputs("<details><summary>or others</summary>", out);
        fputs(shown++ ? "<p>Or: " : "<p>", out);
        html_text(out, zoo->at[i].text);
        fputs(" <code class=soft>", out);
        html_text(out, zoo->at[i].name);
        fputs("</code></p>", out);
    }
    if (shown > TEXTS_SHOWN)
        fputs("</details>", out);
}

/* Wrong solutions that fail the same checks cannot be told apart: they share a row. */
static void put_mistakes(FILE *out, const struct zoo *zoo)
{
    for (size_t i = 0; i < zoo->count && zoo->at[i].names.count; i++) {
        size_t k = 0;

        while (!same_list(zoo->at[k].fails, zoo->at[i].fails))
            k++;
        if (k < i)
            continue;
        fprintf(out, "<tr><td class=n>%zu<td>", zoo->at[i].names.count);
        put_texts(out, zoo, i);
        fputs("<td>", out);
        html_names(out, &zoo->at[i].names);
        fputs("</tr>", out);
    }
}

void html_put_mistakes(FILE *out, const struct class_plan *plan, const struct class_table *table)
{
    struct zoo zoo = { 0 };

    zoo_load(&zoo, plan);
    zoo_match(&zoo, table);
    if (zoo.count)
        qsort(zoo.at, zoo.count, sizeof(*zoo.at), by_count);
    if (zoo.count && zoo.at[0].names.count) {
        fputs("<h2>What they may be thinking</h2><p class=soft>These fail the same checks as wrong "
              "solutions of the lab&#39;s zoo, whose misconceptions are known.</p><table "
              "class=whose><tr>"
              "<th class=n>n<th>Misconception<th>Whose</tr>",
              out);
        put_mistakes(out, &zoo);
        fputs("</table>", out);
    }
    zoo_free(&zoo);
}
