#include "bug.h"

#include "bodies.h"
#include "command.h"
#include "config.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HUNT  "labs/9-bug-hunt"
#define RIGHT "main" /* the branch that lab new made */

/* The lab whose functions the kernel has wrong, as the rubric says; NULL: no such kernel. */
static struct lab *find_lab(const char *root, const char *name, char *error, size_t error_size)
{
    char *path = text_path(root, HUNT "/rubric.toml");
    json_t *rubric = config_read(path, error, error_size), *check;
    const char *lab = NULL;
    struct lab *found = NULL;
    size_t i;

    free(path);
    json_array_foreach(json_object_get(rubric, "check"), i, check)
    {
        const char *hunt = json_string_value(json_object_get(check, "hunt"));

        if (hunt && strcmp(hunt, name) == 0)
            lab = json_string_value(json_object_get(check, "lab"));
    }
    if (lab)
        found = lab_load(root, lab, error, error_size);
    else if (rubric)
        text_fail(error, error_size, "there is no kernel '%s'; " HUNT "/README.md lists them",
                  name);
    json_decref(rubric);
    return found;
}

static bool is_clean(const char *root, char *error, size_t error_size)
{
    const char *const status[] = { "git", "status", "--porcelain", "--", "src", NULL };
    size_t length = 0;
    char *output = NULL;
    bool good = command_run(root, status, &output, &length, error, error_size);

    if (good && length > 0)
        good = text_fail(error, error_size,
                         "src has changes that are not committed; commit or drop them first");
    free(output);
    return good;
}

static bool has_branch(const char *root, const char *name)
{
    char reference[100], error[200];
    const char *const verify[] = { "git", "show-ref", "-q", "--verify", reference, NULL };

    snprintf(reference, sizeof(reference), "refs/heads/%.80s", name);
    return command_run(root, verify, NULL, NULL, error, sizeof(error));
}

static bool is_new(const char *root, const char *name, char *error, size_t error_size)
{
    return !has_branch(root, name) ||
           text_fail(error, error_size, "the kernel %s has its branch already: git switch %s", name,
                     name);
}

/* From the right kernel, whatever kernel the tree has now: its bug would come along. */
static bool plant(const char *root, const struct lab *lab, const char *name, const char *bodies,
                  char *error, size_t error_size)
{
    char message[100];
    const char *start = has_branch(root, RIGHT) ? RIGHT : "HEAD";
    const char *const branch[] = { "git", "switch", "-q", "-c", name, start, NULL };
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
                                   "--",
                                   "src",
                                   NULL };

    snprintf(message, sizeof(message), "The kernel %.60s", name);
    return is_new(root, name, error, error_size) && is_clean(root, error, error_size) &&
           command_run(root, branch, NULL, NULL, error, error_size) &&
           bodies_apply(root, lab, bodies, error, error_size) &&
           command_run(root, record, NULL, NULL, error, error_size);
}

bool bug_plant(const char *root, const char *name, char *error, size_t error_size)
{
    struct lab *lab = find_lab(root, name, error, error_size);
    char *bodies;
    bool good;

    if (!lab)
        return false;
    if (asprintf(&bodies, "%s/" HUNT "/bugs/%s.c", root, name) < 0)
        abort();
    good = (access(bodies, R_OK) == 0 ||
            text_fail(error, error_size, "this tree is not for lab 9: it has no wrong kernels")) &&
           plant(root, lab, name, bodies, error, error_size);
    if (good)
        printf("You are on the branch %s, with the kernel %s. Back: git switch main\n", name, name);
    free(bodies);
    lab_free(lab);
    return good;
}
