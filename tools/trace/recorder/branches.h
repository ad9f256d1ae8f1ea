/*
 * The last near branches taken, kept in a ring and written only where a run
 * ends badly: how control came to where it ended.
 */
#pragma once

#include <stdint.h>

enum { BRANCHES_KEPT = 64 };

struct branch {
    uint64_t from, to;
    unsigned what; /* enum branch_kind */
};

extern struct branch branches[BRANCHES_KEPT];
extern uint64_t branches_seen;

static inline void branches_note(uint64_t from, uint64_t to, unsigned what)
{
    branches[branches_seen++ % BRANCHES_KEPT] = (struct branch){ from, to, what };
}

void branches_write(void);
