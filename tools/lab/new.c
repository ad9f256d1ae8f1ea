#include "new.h"

#include "answers.h"
#include "blank.h"
#include "command.h"
#include "text.h"
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Which labs the student has to write: the lab itself first, then earlier ones. */
struct missing {
    const struct lab *labs[100];
    size_t count;
};

static volatile sig_atomic_t stop; /* the signal that ended the making, or 0 */

static void note_stop(int signo)
{
    stop = signo;
}

/* Ctrl-C and its like leave no half tree: they break off waiting, and are seen after it. */
static void catch_stops(void)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        struct sigaction before;

        sigaction(signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            sigaction(signals[i], &(struct sigaction){ .sa_handler = note_stop }, NULL);
    }
}

/* As if it had not been caught. */
static void die_of_stop(void)
{
    signal(stop, SIG_DFL);
    raise(stop);
}

static bool parse_solutions(const struct new_options *options, unsigned *first, unsigned *last,
                            char *error, size_t error_size)
{
    char rest;

    *first = 0;
    *last = 99;
    if (!options->solutions)
        return true;
    if (strcmp(options->solutions, "none") == 0) {
        *first = 1;
        *last = 0;
        return true;
    }
    if (sscanf(options->solutions, "%u-%u%c", first, last, &rest) == 2 && *first <= *last)
        return true;
    return text_fail(error, error_size, "--with-solutions wants A-B or none, not '%s'",
                     options->solutions);
}

static bool find_missing(const struct new_options *options, const struct lab_list *list,
                         struct missing *missing, char *error, size_t error_size)
{
    unsigned first, last;

    if (!parse_solutions(options, &first, &last, error, error_size))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        char number[20];

        snprintf(number, sizeof(number), "%u", list->at[i]->number);
        if (strcmp(options->lab, number) == 0 || strcmp(options->lab, list->at[i]->name) == 0)
            missing->labs[missing->count++] = list->at[i];
    }
    if (!missing->count)
        return text_fail(error, error_size, "there is no lab '%s'; ./quire lab list shows them",
                         options->lab);
    for (size_t i = 0; i < list->count; i++) {
        const struct lab *lab = list->at[i];

        if (lab->number < missing->labs[0]->number && (lab->number < first || lab->number > last))
            missing->labs[missing->count++] = lab;
    }
    return true;
}

/* New, or an empty directory. */
static bool is_free(const char *directory, char *error, size_t error_size)
{
    DIR *found = opendir(directory);
    struct dirent *entry;
    bool empty = true;

    if (!found)
        return errno == ENOENT || text_fail(error, error_size, "%s: %m", directory);
    while ((entry = readdir(found)))
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    closedir(found);
    return empty || text_fail(error, error_size, "%s is there already and is not empty", directory);
}

static bool commit(const char *tree, const struct lab *lab, char *error, size_t error_size)
{
    char message[300];
    const char *const init[] = { "git", "init", "-q", "-b", "main", NULL };
    const char *const add[] = { "git", "add", "-A", NULL };
    const char *const record[] = { "git",
                                   "-c",
                                   "user.name=Quire",
                                   "-c",
                                   "user.email=quire@localhost",
                                   "-c",
                                   "commit.gpgsign=false",
                                   "-c",
                                   "core.hooksPath=/dev/null",
                                   "commit",
                                   "-q",
                                   "-m",
                                   message,
                                   NULL };

    snprintf(message, sizeof(message), "Lab %u: %s", lab->number, lab->title);
    return command_run(tree, init, NULL, NULL, error, error_size) &&
           command_run(tree, add, NULL, NULL, error, error_size) &&
           command_run(tree, record, NULL, NULL, error, error_size);
}

/* Which lab the tree is for, so that ./quire grade need not be told. */
static bool write_current(const char *tree, const struct lab *lab, char *error, size_t error_size)
{
    char *path = text_path(tree, "labs/current"), number[20];
    bool good;

    snprintf(number, sizeof(number), "%u\n", lab->number);
    good = text_write(path, number, strlen(number), error, error_size);
    free(path);
    return good;
}

/*
 * What the solution's machine does, so that the student's report can say where another one
 * parts from it. A tree without is still a good one: that is told, and no failure.
 */
static void record_reference(const struct new_options *options, const struct lab *lab,
                             const char *tree)
{
    char number[20], error[1000], folder[100];
    const char *const record[] = {
        options->grader, "reference", "--lab", number, "-o", folder, NULL
    };

    snprintf(number, sizeof(number), "%u", lab->number);
    snprintf(folder, sizeof(folder), "%.80s/reference", lab->directory);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "quire: recording what the solution of lab %u does...", lab->number);
    if (command_run(tree, record, NULL, NULL, error, sizeof(error)))
        error[0] = '\0';
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    if (error[0] && !stop)
        fprintf(stderr, "quire: the tree gets no traces of the solution: %s\n", error);
}

static bool fill(const struct new_options *options, const struct missing *missing, const char *tree,
                 char *error, size_t error_size)
{
    const struct lab *lab = missing->labs[0];

    if (!lab || !tree_copy(options->root, tree, lab->number, error, error_size) ||
        !labs_blank(tree, missing->labs, missing->count, error, error_size) ||
        !answers_write(tree, lab, options->student, error, error_size) ||
        !write_current(tree, lab, error, error_size))
        return false;
    if (options->grader && !stop)
        record_reference(options, lab, tree);
    return commit(tree, lab, error, error_size);
}

/* Make it beside its place and move it there, so that it is never half there. */
static bool build(const struct new_options *options, const struct missing *missing, char *error,
                  size_t error_size)
{
    char *tree;
    bool good;

    if (asprintf(&tree, "%s.new-%d", options->directory, (int)getpid()) < 0)
        abort();
    catch_stops();
    good = tree_make_parents(tree, error, error_size) &&
           (mkdir(tree, 0777) == 0 || text_fail(error, error_size, "%s: %m", tree)) &&
           fill(options, missing, tree, error, error_size) && !stop &&
           (rename(tree, options->directory) == 0 ||
            text_fail(error, error_size, "%s: %m", options->directory));
    if (!good)
        tree_remove(tree);
    if (!good && stop)
        die_of_stop();
    free(tree);
    return good;
}

/* A path as a word of the shell. */
static void print_word(const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "%+,-./:=@_~";

    if (!path[strspn(path, plain)]) {
        fputs(path, stdout);
        return;
    }
    putchar('\'');
    for (; *path; path++) {
        if (*path == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*path);
    }
    putchar('\'');
}

static void print_next(const struct new_options *options, const struct lab *lab)
{
    printf("Lab %u, %s: %s has your tree; %s/README.md says what to do. Next:\n\n", lab->number,
           lab->title, options->directory, lab->directory);
    printf("  cd ");
    print_word(options->directory);
    printf("\n  ./quire run\n  ./quire grade\n");
}

bool new_make(const struct new_options *options, bool *usage, char *error, size_t error_size)
{
    struct missing missing = { .count = 0 };
    struct lab_list list;
    bool good;

    *usage = false;
    if (!lab_list_load(options->root, &list, error, error_size))
        return false;
    good = find_missing(options, &list, &missing, error, error_size) &&
           is_free(options->directory, error, error_size);
    *usage = !good;
    good = good && build(options, &missing, error, error_size);
    if (good && missing.count)
        print_next(options, missing.labs[0]);
    lab_list_free(&list);
    return good;
}
