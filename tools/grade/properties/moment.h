/* A moment of a run at which tables are looked at, and whose. */
#pragma once

#include "judgement.h"

struct moment {
    uint64_t event;
    struct space *space;
    struct replay *replay; /* stands there */
};

/* By the parameters step, nth and process; false with the verdict decided. */
bool moment_find(struct judgement *j, struct moment *out);
void moment_walk(const struct moment *moment, uint64_t va, struct walk *out);

/* Pages of 4 KiB in the range that ring 3 can reach. */
uint64_t moment_resident(const struct moment *moment, const struct range *range);

/* Tables below the lower half of the space's PML4, that one included. */
uint64_t moment_tables(const struct judgement *j, const struct moment *moment);
