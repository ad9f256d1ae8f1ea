/*
 * judge_one LAB RUN TRACE KERNEL PROGRAM: what the judge says of one file, by all checks
 * of a lab's run, as JSON. With sanitizers, for files that no recorder has written.
 */
#include "judge.h"

#include <stdio.h>
#include <string.h>

bool grading_wants(const struct grading *grading, const struct rubric_check *check)
{
    (void)grading;
    (void)check;
    return true;
}

static const struct rubric_run *find_run(const struct rubric *rubric, const char *id)
{
    for (size_t i = 0; i < rubric->run_count; i++) {
        if (strcmp(rubric->runs[i].id, id) == 0)
            return &rubric->runs[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static const struct grade_options options = { .root = QUIRE_ROOT };
    static struct grading grading = { .options = &options };
    static struct machine machine = { .key = 1, .seed = 1 };
    char error[GRADE_ERROR] = "wrong number of arguments";
    json_t *outcome;

    grading.lab = argc == 6 ? lab_load(QUIRE_ROOT, argv[1], error, sizeof(error)) : NULL;
    grading.rubric =
        grading.lab ? rubric_load(QUIRE_ROOT, grading.lab, error, sizeof(error)) : NULL;
    machine.run = grading.rubric ? find_run(grading.rubric, argv[2]) : NULL;
    if (!machine.run) {
        fprintf(stderr, "judge_one: %s\n", error);
        return 2;
    }
    snprintf(machine.name, sizeof(machine.name), "%s", argv[2]);
    snprintf(machine.trace, sizeof(machine.trace), "%s", argv[3]);
    snprintf(grading.kernel, sizeof(grading.kernel), "%s", argv[4]);
    snprintf(machine.program, sizeof(machine.program), "%s", argv[5]);
    outcome = judge_machine(&grading, &machine);
    return json_dumpf(outcome, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0 ? 0 : 1;
}
