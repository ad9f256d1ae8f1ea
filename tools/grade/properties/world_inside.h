/* What world.c keeps and world_view.c reads. */
#pragma once

#include "world.h"

struct world {
    struct replay_map tables; /* by physical address */
    struct replay_map leaves; /* first leaf by key */
    uint64_t *changed;        /* entries */
    size_t changes;
    bool overflow; /* more changed than fit: visit all tables */
    bool broken;   /* memory is out, or too many tables */
    uint64_t visits;
    unsigned calls; /* depth of recorded calls */
    bool user_seen;
};
