/* The lab's functions that a submission has as they were handed out. */
#pragma once

#include "grading.h"

/* Their names, an array; the caller owns it. Some may be lacking in a student's own tree. */
json_t *unwritten_find(const struct grading *grading);

/* "task_fork, clone_table"; allocated. */
char *unwritten_names(const json_t *unwritten);
