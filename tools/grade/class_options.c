/* The command line of grade-class. */
#include "class_options.h"

#include "class.h"
#include "staff.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: ./quire grade-class [OPTION...] DIR\n"
    "\n"
    "Grade every submission in DIR: each entry is a folder, an archive or a git\n"
    "repository. A run that was stopped continues when it is started again.\n"
    "\n"
    "  --lab N          number or name of the lab\n"
    "  -o OUT           results go there (default: DIR-graded)\n"
    "  --jobs N         so many at once (default: as many as processors)\n"
    "  --engine E       local, or slurm: one array job, which is waited for\n"
    "  --only ID        grade only this check again, and keep the other verdicts\n"
    "  --seed N         seed of all gradings (default: random, kept in OUT)\n"
    "  --staff M[,M]    take these modules from this tree, not from the submissions\n"
    "  --dates FILE     CSV with the columns name, submitted, due\n"
    "  --late N%/day    points lost for each day begun after due (or N%/hour)\n"
    "  --wall S         seconds for one submission (default: 300)\n"
    "  --cache DIR      verdicts of equal submissions (default: build/grade/verdicts)\n"
    "  --keep           keep trees and traces, in OUT/NAME/work\n"
    "  --no-sandbox     build and run without bubblewrap; the results say so\n"
    "\n"
    "OUT gets class.html, class.csv, results.jsonl, and NAME/result.json for each.\n"
    "Exit status: 0 all have full points, 1 some lost points, 2 usage, 3 some could not\n"
    "be graded.\n";

static const struct option known[] = {
    { "lab", required_argument, NULL, 'l' },
    { "jobs", required_argument, NULL, 'j' },
    { "engine", required_argument, NULL, 'e' },
    { "only", required_argument, NULL, 'O' },
    { "seed", required_argument, NULL, 's' },
    { "staff", required_argument, NULL, 'S' },
    { "dates", required_argument, NULL, 'd' },
    { "late", required_argument, NULL, 'L' },
    { "wall", required_argument, NULL, 'w' },
    { "cache", required_argument, NULL, 'c' },
    { "root", required_argument, NULL, 'r' },
    { "keep", no_argument, NULL, 'k' },
    { "no-sandbox", no_argument, NULL, 'n' },
    { "help", no_argument, NULL, 'h' },
    { 0 },
};

static bool fail(const char *what, const char *text)
{
    fprintf(stderr, "quire: %s '%s'; ./quire grade-class --help lists the options\n", what, text);
    return false;
}

static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
    char *end;

    *out = strtoull(text, &end, 0);
    return (*text >= '0' && *text <= '9' && *end == '\0' && *out <= max) ||
           fail("no number, or too large:", text);
}

static const char **text_of(struct class_options *o, int key)
{
    switch (key) {
    case 'l':
        return &o->lab;
    case 'e':
        return &o->engine;
    case 'O':
        return &o->only;
    case 'S':
        return &o->staff;
    case 'd':
        return &o->dates;
    case 'L':
        return &o->late;
    case 'c':
        return &o->cache;
    case 'r':
        return &o->root;
    case 'o':
        return &o->out;
    default:
        return NULL;
    }
}

static bool take(struct class_options *o, int key, const char *value)
{
    const char **text = text_of(o, key);
    uint64_t number = 0;

    if (text) {
        *text = value;
        return true;
    }
    switch (key) {
    case 's':
        o->has_seed = true;
        return parse_number(value, INT64_MAX, &o->seed);
    case 'j':
    case 'w':
        if (!parse_number(value, 86400, &number) || number == 0)
            return false;
        *(key == 'j' ? &o->jobs : &o->wall_seconds) = (unsigned)number;
        return true;
    case 'k':
        return o->keep = true;
    case 'n':
        return o->open = true;
    case 'h':
        fputs(usage, stdout);
        exit(0);
    default:
        return false;
    }
}

/* Is this folder the other one, or below it? Both are absolute and without links. */
static bool is_below(const char *path, const char *folder)
{
    const size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 &&
           (path[length] == '\0' || path[length] == '/' || strcmp(folder, "/") == 0);
}

/* What of a path exists already: itself, or a folder above. True if it is itself. */
static bool existing_part(const char *path, char out[PATH_MAX])
{
    char part[PATH_MAX];
    bool whole = true;

    snprintf(part, sizeof(part), "%s", path);
    while (!realpath(part, out)) {
        char *slash = strrchr(part, '/');

        whole = false;
        if (!slash || slash == part) {
            if (!realpath(slash ? "/" : ".", out))
                out[0] = '\0';
            return false;
        }
        *slash = '\0';
    }
    return whole;
}

/* Results among the submissions would be submissions themselves, the next time. */
static bool out_is_apart(const struct class_options *o)
{
    char directory[PATH_MAX], out[PATH_MAX];

    if (!o->out || !realpath(o->directory, directory))
        return true;
    const bool whole = existing_part(o->out, out);

    return (!is_below(out, directory) && !(whole && is_below(directory, out))) ||
           fail("results need a folder apart from the submissions, not", o->out);
}

bool class_options_parse(struct class_options *o, int argc, char **argv)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char why[CLASS_ERROR];
    int key;

    *o = (struct class_options){ .root = QUIRE_ROOT,
                                 .engine = "local",
                                 .jobs = processors > 0 ? (unsigned)processors : 1,
                                 .wall_seconds = 300 };
    opterr = 0;
    while ((key = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        if (key == '?')
            return fail("unknown option, or no value for it:", argv[optind - 1]);
        if (!take(o, key, optarg))
            return false;
    }
    if (optind == argc) {
        fprintf(stderr, "quire: which submissions? ./quire grade-class --lab N DIR\n");
        return false;
    }
    if (optind + 1 != argc)
        return fail("one folder of submissions is enough; too many:", argv[optind + 1]);
    o->directory = argv[optind];
    if (!o->lab)
        return fail("which lab? say --lab N for", o->directory);
    if (strcmp(o->engine, "local") != 0 && strcmp(o->engine, "slurm") != 0)
        return fail("--engine is local or slurm, not", o->engine);
    if (o->late && !o->dates)
        return fail("--late needs --dates FILE besides", o->late);
    if (o->staff && !staff_check(o->root, o->staff, why, sizeof(why)))
        return fail(why, o->staff);
    return out_is_apart(o);
}
