/* Turns: who had ring 3 from when to when, as a list that the rules of scheduling read. */
#pragma once

#include "judgement.h"

enum { GROUP_MAX = 256 };

/* A stretch in which ring 3 was entered for one process only. */
struct turn {
    struct space *space;
    uint64_t from, to;   /* ticks: first entry of ring 3, last exit */
    uint64_t user_ticks; /* of these in ring 3 */
    uint64_t event;      /* of the first entry */
    bool preempted;      /* its last exit was an interrupt */
};

struct turns {
    struct turn *turn;
    size_t count;
    /* Those that are compared, and when all of them were there. */
    struct space *group[GROUP_MAX];
    unsigned members;
    uint64_t from, until; /* events */
};

/* False with the verdict refused if memory is out. The caller frees turns->turn. */
bool turns_collect(struct judgement *j, struct turns *turns);

/*
 * Choose the `processes` that had most of ring 3 (all, if the parameter is missing)
 * and the window in which all of them lived. False with the verdict decided.
 */
bool turns_choose(struct judgement *j, struct turns *turns);

/* The place of a space in the group, or -1. */
int turns_member(const struct turns *turns, const struct space *space);
