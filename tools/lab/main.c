/* quire-lab: lists the labs, makes students' trees, shows hints. */
#include "bug.h"
#include "hints.h"
#include "manifest.h"
#include "new.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status { DONE = 0, USAGE = 2, ENVIRONMENT = 3 };

static const char *root = QUIRE_ROOT;
static const char *grader = QUIRE_BUILD "/tools/grade/quire-grade"; /* NULL: another tree's labs */
static char error[1000];

static const char help_all[] =
    "usage: ./quire lab COMMAND [ARGUMENT...]\n"
    "\n"
    "  list                          the labs: number, title, hours, functions to write\n"
    "  new N DIR                     make a student's tree for lab N\n"
    "  hint N [FUNCTION [LEVEL]]     help with a function, one hint at a time\n"
    "  bug NAME                      in lab 9's tree: a wrong kernel, on a branch\n"
    "\n"
    "Each takes --help. Exit status: 0 done, 2 usage, 3 the environment.\n";

static const char help_list[] = "usage: ./quire lab list\n"
                                "\n"
                                "List the labs: number, title, hours, functions to write.\n"
                                "Exit status: 0 done, 2 usage, 3 a manifest is wrong.\n";

static const char help_new[] =
    "usage: ./quire lab new [OPTION...] N DIR\n"
    "\n"
    "Make a student's tree for lab N in DIR, which must be new or empty: the project\n"
    "with the lab's functions taken out, in a git repository with one commit. All other\n"
    "labs are solved in it, so that each can be done alone.\n"
    "\n"
    "  --with-solutions A-B   of the earlier labs, only A to B are solved; the others are\n"
    "                         the student's own, to be brought along\n"
    "  --with-solutions none  no earlier lab is solved\n"
    "  --student NAME         whose tree it is: the seed of the student's own run\n"
    "  --no-reference         without traces of the solution, by which ./quire grade tells\n"
    "                         where another machine parts from it; they take some seconds\n"
    "  --help                 this text\n"
    "\n"
    "Exit status: 0 done, 2 usage, 3 the environment.\n";

static const char help_hint[] =
    "usage: ./quire lab hint N [FUNCTION [LEVEL]]\n"
    "\n"
    "Show the next hint for a function of lab N, from a nudge to nearly the answer; with\n"
    "LEVEL that one. Without FUNCTION: list the functions and how many hints were shown.\n"
    "Exit status: 0 done, 2 usage.\n";

static const char help_bug[] =
    "usage: ./quire lab bug NAME\n"
    "\n"
    "In a tree for lab 9: put the wrong kernel NAME into src, as a commit on a new branch\n"
    "of that name. labs/9-bug-hunt/README.md lists the kernels.\n"
    "Exit status: 0 done, 2 usage, or it cannot be done here.\n";

static int fail(int status, const char *text)
{
    fprintf(stderr, "quire: %s\n", text);
    return status;
}

static int show_help(const char *text)
{
    fputs(text, stdout);
    return DONE;
}

/* Functions by file, as in "src/vm/fault.c: as_handle_fault, fault_zero". */
static void list_functions(const struct lab *lab)
{
    const char *file = "";

    for (size_t i = 0; i < lab->function_count; i++) {
        const struct lab_function *function = &lab->functions[i];

        if (strcmp(file, function->file) == 0)
            printf(", %s", function->name);
        else
            printf("%s      %s: %s", *file ? "\n" : "", function->file, function->name);
        file = function->file;
    }
    if (*file)
        putchar('\n');
}

static int command_list(int argc, char **argv)
{
    struct lab_list list;

    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return show_help(help_list);
    if (argc > 1)
        return fail(USAGE, "lab list takes no arguments");
    if (!lab_list_load(root, &list, error, sizeof(error)))
        return fail(ENVIRONMENT, error);
    for (size_t i = 0; i < list.count; i++) {
        const struct lab *lab = list.at[i];

        printf("%3u   %s (%s hours)\n", lab->number, lab->title, lab->hours);
        list_functions(lab);
    }
    lab_list_free(&list);
    return DONE;
}

static int command_new(int argc, char **argv)
{
    static const struct option known[] = { { "with-solutions", required_argument, NULL, 'w' },
                                           { "student", required_argument, NULL, 's' },
                                           { "no-reference", no_argument, NULL, 'n' },
                                           { "help", no_argument, NULL, 'h' },
                                           { 0 } };
    struct new_options options = { .root = root, .student = "", .grader = grader };
    bool usage;
    int c;

    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (c == 'h')
            return show_help(help_new);
        if (c == 'w')
            options.solutions = optarg;
        else if (c == 's')
            options.student = optarg;
        else if (c == 'n')
            options.grader = NULL;
        else
            return fail(USAGE, "lab new: unknown option, or one without its value; see --help");
    }
    if (argc - optind != 2)
        return fail(USAGE, "lab new wants a lab and a directory: ./quire lab new 2 ~/lab2");
    options.lab = argv[optind];
    options.directory = argv[optind + 1];
    if (!*options.directory)
        return fail(USAGE, "lab new wants a directory");
    if (!new_make(&options, &usage, error, sizeof(error)))
        return fail(usage ? USAGE : ENVIRONMENT, error);
    return DONE;
}

static int command_hint(int argc, char **argv)
{
    unsigned long level = 0;
    struct lab *lab;
    char *end = "";
    bool good;

    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return show_help(help_hint);
    if (argc < 2 || argc > 4)
        return fail(USAGE, "lab hint wants a lab: ./quire lab hint N [FUNCTION [LEVEL]]");
    if (argc == 4)
        level = strtoul(argv[3], &end, 10);
    if (*end || (argc == 4 && (!isdigit((unsigned char)argv[3][0]) || level < 1 || level > 99)))
        return fail(USAGE, "a hint's level is 1 or more");
    lab = lab_load(root, argv[1], error, sizeof(error));
    if (!lab)
        return fail(USAGE, error);
    good = hints_show(root, lab, argc > 2 ? argv[2] : NULL, (unsigned)level, error, sizeof(error));
    lab_free(lab);
    return good ? DONE : fail(USAGE, error);
}

static int command_bug(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return show_help(help_bug);
    if (argc != 2)
        return fail(USAGE, "lab bug wants a kernel's name: ./quire lab bug alder");
    return bug_plant(root, argv[1], error, sizeof(error)) ? DONE : fail(USAGE, error);
}

int main(int argc, char **argv)
{
    opterr = 0;
    if (argc > 2 && strcmp(argv[1], "--root") == 0) { /* for the tests: another tree */
        root = argv[2];
        grader = NULL;
        argc -= 2;
        argv += 2;
    }
    if (argc < 2) {
        fputs(help_all, stderr);
        return USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return show_help(help_all);
    if (strcmp(argv[1], "list") == 0)
        return command_list(argc - 1, argv + 1);
    if (strcmp(argv[1], "new") == 0)
        return command_new(argc - 1, argv + 1);
    if (strcmp(argv[1], "hint") == 0)
        return command_hint(argc - 1, argv + 1);
    if (strcmp(argv[1], "bug") == 0)
        return command_bug(argc - 1, argv + 1);
    snprintf(error, sizeof(error), "lab has no command '%s'; ./quire lab --help lists them",
             argv[1]);
    return fail(USAGE, error);
}
