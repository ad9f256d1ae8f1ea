/* --staff: modules, folders of src, whose files are the instructor's, "pmm,vm". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct lab;

/* Is every name in the list one of a module of the tree at root? False: error names them. */
bool staff_check(const char *root, const char *list, char *error, size_t error_size);

/* Is the file in one of these modules? NULL: there are none. */
bool staff_has(const char *list, const char *path);

/*
 * What a submission must have: the lab without those files, unless none would be left. Its
 * list of files is the caller's to free; all else stays the lab's.
 */
struct lab staff_lab(const char *list, const struct lab *lab);
