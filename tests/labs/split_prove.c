/*
 * What the proof of a lab's split needs from the lab maker, for split.sh:
 *
 *     split_prove restore TREE REFERENCE LAB    put the reference's bodies back
 *     split_prove leaks TREE REFERENCE LAB      look for lines of the solution, wherever it is
 *                                               not code that has its own use for them
 *     split_prove check REFERENCE LAB           is all there that the manifest names?
 *     split_prove bodies TREE LAB FILE          put a bodies file's functions in
 */
#include "blank.h"
#include "blank_plan.h"
#include "bodies.h"
#include "text.h"

#include <ctype.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DISTINCTIVE = 25, LINES_MAX = 5000 };

static char error[1000];

/* Lines of the solution that no other code has. */
static char *lines[LINES_MAX];
static size_t line_count;

static const struct lab *the_lab;
static const char *tree_root;
static size_t leaks;

/* One line without its indentation, white space inside as one blank. */
static char *normalised(const char *from, size_t length)
{
    char *line = text_alloc(length + 1), *to = line;

    for (size_t i = 0; i < length; i++) {
        if (!isspace((unsigned char)from[i]))
            *to++ = from[i];
        else if (to > line && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > line && to[-1] == ' ')
        *--to = '\0';
    return line;
}

typedef void (*line_fn_t)(const char *line, const void *data);

static void each_line(const char *text, size_t length, line_fn_t run, const void *data)
{
    for (size_t at = 0; at < length;) {
        size_t n = strcspn(text + at, "\n");
        char *line = normalised(text + at, n);

        run(line, data);
        free(line);
        at += n + 1;
    }
}

static void collect(const char *line, const void *data)
{
    (void)data;
    if (strlen(line) <= DISTINCTIVE)
        return;
    if (line_count == LINES_MAX)
        abort();
    lines[line_count++] = text_copy(line, strlen(line));
}

static void forget(const char *line, const void *data)
{
    (void)data;
    for (size_t i = 0; i < line_count; i++)
        if (lines[i][0] && strstr(line, lines[i]))
            lines[i][0] = '\0';
}

static bool is_removed(const struct blank_plan *plan, size_t i, size_t *start)
{
    *start =
        plan->marks[i] == BLANK_STUB ? plan->split->items[i].body : plan->split->items[i].start;
    return plan->marks[i] == BLANK_STUB ||
           (plan->marks[i] == BLANK_DROP && plan->split->items[i].kind != SPLIT_GAP);
}

static bool collect_file(const char *file, const struct blank_requests *requests, const void *data,
                         char *text, size_t size)
{
    struct blank_plan plan;

    if (!blank_plan_make(&plan, data, file, requests, text, size))
        return false;
    for (size_t i = 0; i < plan.split->count; i++) {
        size_t start;

        if (is_removed(&plan, i, &start))
            each_line(plan.split->text + start, plan.split->items[i].end - start, collect, NULL);
    }
    blank_plan_free(&plan);
    return true;
}

/* Code of other functions, and of tests and tools: what it holds, too, is common usage. */
static int forget_file(const char *path, const struct stat *info, int type, struct FTW *where)
{
    size_t length;
    char *text;

    (void)info;
    (void)where;
    if (type != FTW_F || !(text = text_read(path, &length, error, sizeof(error))))
        return 0;
    each_line(text, length, forget, NULL);
    free(text);
    return 0;
}

static void look(const char *line, const void *data)
{
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i][0] && strstr(line, lines[i])) {
            printf("LEAK in %s: %s\n", (const char *)data, line);
            leaks++;
        }
    }
}

/* Hints lead to the answer by design, one at a time. */
static int look_in_file(const char *path, const struct stat *info, int type, struct FTW *where)
{
    const char *relative = path + strlen(tree_root) + 1;
    size_t length;
    char *text;

    (void)info;
    (void)where;
    if (type != FTW_F || strncmp(relative, ".git/", 5) == 0 || strstr(relative, "/hints.md") ||
        !(text = text_read(path, &length, error, sizeof(error))))
        return 0;
    each_line(text, length, look, relative);
    free(text);
    return 0;
}

static bool find_leaks(const char *tree, const char *reference)
{
    struct blank_requests requests = blank_requests_make(&the_lab, 1);
    static const char *const code[] = { "src", "tests", "user", "tools" };
    size_t distinctive = 0;

    tree_root = tree;
    if (!blank_requests_run(&requests, collect_file, reference, error, sizeof(error)))
        return false;
    for (size_t i = 0; i < sizeof(code) / sizeof(*code); i++) {
        char *folder = text_path(tree, code[i]);

        nftw(folder, forget_file, 16, FTW_PHYS);
        free(folder);
    }
    for (size_t i = 0; i < line_count; i++)
        distinctive += lines[i][0] != '\0';
    nftw(tree, look_in_file, 16, FTW_PHYS);
    printf("%zu lines taken out, %zu of them distinctive, %zu found again\n", line_count,
           distinctive, leaks);
    return leaks == 0 ||
           text_fail(error, sizeof(error), "%zu lines of the solution leak into the tree", leaks);
}

static bool run(int argc, char **argv, const char *lab_name, const char *root)
{
    struct lab *lab = lab_load(root, lab_name, error, sizeof(error));
    bool good = false;

    the_lab = lab;
    if (!lab)
        return false;
    if (strcmp(argv[1], "restore") == 0)
        good = labs_restore(argv[2], argv[3], &the_lab, 1, error, sizeof(error));
    else if (strcmp(argv[1], "leaks") == 0)
        good = find_leaks(argv[2], argv[3]);
    else if (strcmp(argv[1], "check") == 0)
        good = lab_check(argv[2], lab, error, sizeof(error));
    else if (strcmp(argv[1], "bodies") == 0 && argc == 5)
        good = bodies_apply(argv[2], lab, argv[4], error, sizeof(error));
    lab_free(lab);
    return good;
}

int main(int argc, char **argv)
{
    bool three = argc == 5 && (strcmp(argv[1], "restore") == 0 || strcmp(argv[1], "leaks") == 0);

    if (argc < 4 || !run(argc, argv, three ? argv[4] : argv[3], three ? argv[3] : argv[2])) {
        fprintf(stderr, "split_prove: %s\n", error[0] ? error : "usage");
        return 1;
    }
    return 0;
}
