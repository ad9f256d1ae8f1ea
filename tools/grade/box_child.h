/* The process that becomes the box. Between fork and exec it only makes system calls. */
#pragma once

#include "box_parts.h"

enum { BOX_FDS = 5 };

struct box_child {
    const struct box *box;
    const char **args;
    const char **environment;
    pid_t parent;
    int fds[BOX_FDS]; /* standard input, output, error; BOX_STATUS_FD, BOX_FILTER_FD */
};

_Noreturn void box_become(const struct box_child *child);
