/*
 * A lab's manifest, labs/N-name/lab.toml: which functions students write, which
 * files a submission may replace, which tests run first.
 *
 *     number = 2
 *     name = "2-buddy"                    # the folder's name
 *     title = "The buddy allocator"
 *     hours = "5 to 8"
 *     modules = ["pmm"]                   # optional: folders of src that the lab is about
 *     files = ["src/pmm/buddy.c"]         # taken from a submission
 *     kernel_tests = "labs/2-buddy/kernel"    # optional
 *     host_tests = ["pmm_test"]           # optional
 *     [[function]]                        # none in a lab without code
 *     name = "pmm_alloc"
 *     file = "src/pmm/buddy.c"            # one of files
 *     stub = "..."                        # optional: the body that students find
 *     drop = ["buddy_take_locked"]        # optional: helpers removed with it
 *
 * All paths are relative to the root of the tree.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct lab_words {
    const char **at;
    size_t count;
};

struct lab_function {
    const char *name, *file;
    const char *stub; /* NULL: the default, a panic that names the function */
    struct lab_words drop;
};

struct lab {
    unsigned number;
    const char *name;      /* "2-buddy" */
    const char *directory; /* "labs/2-buddy" */
    const char *title, *hours;
    struct lab_words modules, files, host_tests;
    const char *kernel_tests; /* NULL: none */
    struct lab_function *functions;
    size_t function_count;
    void *memory; /* what all the texts above belong to */
};

/*
 * Read the manifest of a lab, named by its number ("2") or its folder ("2-buddy"),
 * in the tree at root. NULL with one line in error if there is no such lab, a key is
 * unknown, missing or of the wrong type, or a file it names is not in the tree.
 * lab_free releases it.
 */
struct lab *lab_load(const char *root, const char *name_or_number, char *error, size_t error_size);
void lab_free(struct lab *lab);

/*
 * Is everything that the manifest names in the sources at root? False with one line
 * for the first function, helper or label that is missing, and for a helper that is
 * dropped though other code uses it. For the reference only: a student's tree has
 * lost the helpers.
 */
bool lab_check(const char *root, const struct lab *lab, char *error, size_t error_size);

/* The function of that name, NULL if the lab has none. */
const struct lab_function *lab_function_find(const struct lab *lab, const char *name);

/* All labs of a tree, by number. False with one line if a manifest is wrong. */
struct lab_list {
    struct lab **at;
    size_t count;
};
bool lab_list_load(const char *root, struct lab_list *out, char *error, size_t error_size);
void lab_list_free(struct lab_list *list);

/* The lab that a student's tree was made for, as its file labs/current has it; false: none. */
bool lab_current(const char *root, char *out, size_t out_size);
