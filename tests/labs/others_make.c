/*
 * Make a submission in which all other labs are unsolved: every file of every lab, with
 * the functions of all labs but one blanked, and of that one those of a module, if any.
 *
 *     others_make TREE LAB DIR [MODULE]
 */
#include "blank.h"
#include "make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABS_MAX = 64 };

static char error[500];

static void blank_module(const char *into, const struct lab *lab, const char *module)
{
    char folder[100];
    unsigned count = 0;

    snprintf(folder, sizeof(folder), "src/%s/", module);
    for (size_t i = 0; i < lab->function_count; i++) {
        const struct lab_function *function = &lab->functions[i];

        if (strncmp(function->file, folder, strlen(folder)) != 0)
            continue;
        if (!lab_blank(into, lab, function->name, error, sizeof(error)))
            make_fail(error);
        count++;
    }
    if (count == 0)
        make_fail("the lab has no function in that module");
}

int main(int argc, char **argv)
{
    const struct lab *others[LABS_MAX], *own = NULL;
    struct lab_list labs;
    size_t count = 0;

    if (argc != 4 && argc != 5)
        make_fail("usage: others_make TREE LAB DIR [MODULE]");
    if (!lab_list_load(argv[1], &labs, error, sizeof(error)))
        make_fail(error);
    for (size_t i = 0; i < labs.count && count < LABS_MAX; i++) {
        for (size_t k = 0; k < labs.at[i]->files.count; k++)
            make_copy(argv[1], argv[3], labs.at[i]->files.at[k]);
        if (labs.at[i]->number == strtoul(argv[2], NULL, 10))
            own = labs.at[i];
        else
            others[count++] = labs.at[i];
    }
    if (!own)
        make_fail("no such lab");
    if (!labs_blank(argv[3], others, count, error, sizeof(error)))
        make_fail(error);
    if (argc == 5)
        blank_module(argv[3], own, argv[4]);
    lab_list_free(&labs);
    return 0;
}
