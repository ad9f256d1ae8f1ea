/*
 * quire-grade reference: the traces of the reference's machines, for students'
 * trees. They are made with the seed that one's own tree is graded with, and only
 * of runs that students see.
 */
#include "commands.h"

#include "grading.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool run_is_visible(const struct rubric *rubric, size_t run)
{
    for (size_t i = 0; i < rubric->check_count; i++) {
        const struct rubric_check *check = &rubric->checks[i];

        if (rubric_has_run(check) && check->run == run && !check->hidden)
            return true;
    }
    return false;
}

/* Copy the plain machine's trace of each run; how many could not be copied. */
static unsigned reference_copy(const struct rubric *rubric, const char *work, const char *out)
{
    unsigned missing = 0;

    for (size_t i = 0; i < rubric->run_count; i++) {
        char from[PATH_MAX], to[PATH_MAX];
        const char *id = rubric->runs[i].id, *copy[] = { "cp", from, to, NULL };

        snprintf(from, sizeof(from), "%.3800s/traces/%.80s/%.80s.trace", work, id, id);
        snprintf(to, sizeof(to), "%.3900s/%.80s.trace", out, id);
        if (run_is_visible(rubric, i) && rubric->runs[i].seed != SEED_STUDENT &&
            rubric->runs[i].jitter[0] == 0 && !process_run(copy))
            missing++;
    }
    return missing;
}

static int reference_fail(const char *text)
{
    fprintf(stderr, "quire: %s\n", text);
    return 3;
}

int reference_main(int argc, char **argv)
{
    char work[PATH_MAX], error[GRADE_ERROR], name[] = "grade";
    struct rubric *rubric;
    struct lab *lab;
    int status;

    if (argc != 5 || strcmp(argv[1], "--lab") != 0 || strcmp(argv[3], "-o") != 0) {
        fprintf(stderr, "usage: quire-grade reference --lab N -o DIR\n");
        return 2;
    }
    snprintf(work, sizeof(work), "%s/build/grade/reference-%.20s", QUIRE_ROOT, argv[2]);
    char *grade[] = {
        name, "--reference", "--machines-only", "--lab", argv[2], "--work", work, NULL
    };
    status = grade_main(7, grade);
    lab = lab_load(QUIRE_ROOT, argv[2], error, sizeof(error));
    rubric = lab ? rubric_load(QUIRE_ROOT, lab, error, sizeof(error)) : NULL;
    if (!rubric)
        return reference_fail(error);
    if (status != 0)
        return reference_fail("the reference does not pass its own checks");
    if (!process_make_directory(argv[4]) || reference_copy(rubric, work, argv[4]) > 0)
        return reference_fail("the traces cannot be copied");
    return 0;
}
