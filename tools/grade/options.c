#include "options.h"

#include "staff.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: ./quire grade [OPTION...] [SUBMISSION]\n"
    "\n"
    "Grade one submission: a folder, an archive or a git repository; without one, this\n"
    "tree's own files. Only the files that the lab names are taken from it.\n"
    "\n"
    "  --lab N          number or name of the lab (default: what this tree is for)\n"
    "  --check ID       only this check, and those that it needs\n"
    "  --all            go on to the machines after a host test has failed\n"
    "  --machines-only  leave out the host tests\n"
    "  --seed N         seed of the grading (default: 1 for one's own tree, else random)\n"
    "  --staff M[,M]    take these modules (pmm, vm, ...) from this tree, not from the\n"
    "                   submission\n"
    "  --json FILE      write the result there; - for standard output\n"
    "  --no-sandbox     build and run without bubblewrap; the result says so\n"
    "  --work DIR       trees and traces go there (default: build/grade/lab-N)\n"
    "  --jobs N         so many machines at once (default: as many as processors)\n"
    "\n"
    "For those who write labs, in a tree with the solutions:\n"
    "  --reference      grade the tree's own solution; its predictions count as right\n"
    "  --bodies FILE    the solution with the functions in FILE instead; repeatable\n"
    "  --blank FUNCTION the solution with this function blanked; all: with all blanked\n"
    "  --compiler C, --flags F\n"
    "                   gcc or clang, and more flags for the kernel\n"
    "  --root DIR       the tree with the labs, if it is another one\n"
    "  ./quire grade check-rubric N            is the rubric right, with all that it names?\n"
    "  ./quire grade reference --lab N -o DIR  traces of the solution's machines\n"
    "\n"
    "Exit status: 0 full points, 1 points lost, 2 usage, 3 it could not be graded.\n";

enum {
    OPT_ALL = 256,
    OPT_BLANK,
    OPT_BODIES,
    OPT_CHECK,
    OPT_COMPILER,
    OPT_FLAGS,
    OPT_HELP,
    OPT_JOBS,
    OPT_JSON,
    OPT_LAB,
    OPT_MACHINES_ONLY,
    OPT_NO_SANDBOX,
    OPT_REFERENCE,
    OPT_ROOT,
    OPT_SEED,
    OPT_STAFF,
    OPT_WORK,
};

static const struct option options_known[] = {
    { "all", no_argument, NULL, OPT_ALL },
    { "blank", required_argument, NULL, OPT_BLANK },
    { "bodies", required_argument, NULL, OPT_BODIES },
    { "check", required_argument, NULL, OPT_CHECK },
    { "compiler", required_argument, NULL, OPT_COMPILER },
    { "flags", required_argument, NULL, OPT_FLAGS },
    { "help", no_argument, NULL, OPT_HELP },
    { "jobs", required_argument, NULL, OPT_JOBS },
    { "json", required_argument, NULL, OPT_JSON },
    { "lab", required_argument, NULL, OPT_LAB },
    { "machines-only", no_argument, NULL, OPT_MACHINES_ONLY },
    { "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
    { "reference", no_argument, NULL, OPT_REFERENCE },
    { "root", required_argument, NULL, OPT_ROOT },
    { "seed", required_argument, NULL, OPT_SEED },
    { "staff", required_argument, NULL, OPT_STAFF },
    { "work", required_argument, NULL, OPT_WORK },
    { 0 },
};

void grade_usage(void)
{
    fputs(usage, stdout);
}

static bool usage_fail(const char *what, const char *text)
{
    fprintf(stderr, "quire: %s '%s'; ./quire grade --help lists the options\n", what, text);
    return false;
}

static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
    char *end;

    *out = strtoull(text, &end, 0);
    return (*text >= '0' && *text <= '9' && *end == '\0' && *out <= max) ||
           usage_fail("no number, or too large:", text);
}

static bool take_flag(struct grade_options *o, int key)
{
    o->all |= key == OPT_ALL;
    o->machines_only |= key == OPT_MACHINES_ONLY;
    o->open |= key == OPT_NO_SANDBOX;
    o->reference |= key == OPT_REFERENCE;
    return key == OPT_ALL || key == OPT_MACHINES_ONLY || key == OPT_NO_SANDBOX ||
           key == OPT_REFERENCE;
}

static bool take_text(struct grade_options *o, int key, const char *value)
{
    const char **text = key == OPT_BLANK      ? &o->blank
                        : key == OPT_CHECK    ? &o->check
                        : key == OPT_COMPILER ? &o->compiler
                        : key == OPT_FLAGS    ? &o->flags
                        : key == OPT_JSON     ? &o->json
                        : key == OPT_LAB      ? &o->lab
                        : key == OPT_ROOT     ? &o->root
                        : key == OPT_STAFF    ? &o->staff
                        : key == OPT_WORK     ? &o->work
                                              : NULL;

    if (text)
        *text = value;
    return text != NULL;
}

static bool take_option(struct grade_options *o, int key, const char *value)
{
    uint64_t jobs;

    if (take_flag(o, key) || take_text(o, key, value))
        return true;
    switch (key) {
    case OPT_BODIES:
        if (o->bodies_count == GRADE_BODIES_MAX)
            return usage_fail("too many options --bodies:", value);
        o->bodies[o->bodies_count++] = value;
        return true;
    case OPT_SEED:
        o->has_seed = true;
        return parse_number(value, INT64_MAX, &o->seed);
    case OPT_JOBS:
        if (!parse_number(value, 64, &jobs) || jobs == 0)
            return false;
        o->jobs = (unsigned)jobs;
        return true;
    case OPT_HELP:
        grade_usage();
        exit(0);
    default:
        return false;
    }
}

bool grade_options_parse(struct grade_options *o, int argc, char **argv)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char why[GRADE_ERROR];
    int key;

    *o = (struct grade_options){ .root = QUIRE_ROOT,
                                 .compiler = "gcc",
                                 .flags = "",
                                 .jobs = processors > 0 ? (unsigned)processors : 1 };
    opterr = 0;
    while ((key = getopt_long(argc, argv, "", options_known, NULL)) != -1) {
        if (key == '?')
            return usage_fail("unknown option, or no value for it:", argv[optind - 1]);
        if (!take_option(o, key, optarg))
            return false;
    }
    if (optind + 1 < argc)
        return usage_fail("one submission at a time, and then", argv[optind + 1]);
    o->source = optind < argc ? argv[optind] : NULL;
    if (o->source && (o->reference || o->bodies_count || o->blank))
        return usage_fail("--reference, --bodies and --blank grade this tree, not", o->source);
    if (o->staff && !o->source)
        return usage_fail("--staff needs a submission, in a tree with the solutions; not",
                          o->staff);
    if (o->staff && !staff_check(o->root, o->staff, why, sizeof(why)))
        return usage_fail(why, o->staff);
    if (o->compiler && strcmp(o->compiler, "gcc") != 0 && strcmp(o->compiler, "clang") != 0)
        return usage_fail("--compiler is gcc or clang, not", o->compiler);
    return true;
}
