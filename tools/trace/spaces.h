/*
 * The address spaces of a run, numbered in the order in which CR3 first held
 * them, from 1. A frame that was given back and became another root counts as
 * another space.
 *
 * The trace knows nothing of the kernel's data. A space whose program asked
 * for its own process number (the C library does so at its start and after a
 * fork) is named after what it was told.
 */
#pragma once

#include "call_names.h"
#include "reader.h"

#include <stdint.h>

enum { SPACE_NAME_MAX = 32 };

struct space {
    uint64_t root;        /* physical address of the PML4 */
    uint64_t first_event; /* the load of CR3 that showed it */
    uint64_t first_tick;
    uint64_t last_event; /* when its PML4 was no table any more; UINT64_MAX: it lived to the end */
    uint64_t loads;      /* how often CR3 was loaded with it */
    bool user;           /* ring 3 ran in it */
    uint64_t pid;        /* what the kernel told it; 0: it did not ask */
    /* "pid 2", "pid 2.2" after an exec, "kernel", "boot", "space 5" */
    char name[SPACE_NAME_MAX];
};

struct spaces;

/* Find all of them: reads the whole trace once. Ends with CLI_ERROR when memory is out. */
struct spaces *spaces_find(struct trace *trace, const struct call_names *calls);
void spaces_free(struct spaces *spaces);

unsigned spaces_count(const struct spaces *spaces);

/* Number 1 to spaces_count(); NULL for any other. */
const struct space *spaces_get(const struct spaces *spaces, unsigned number);

/* The number of the space with this root at an event; 0: it is none. */
unsigned spaces_at(const struct spaces *spaces, uint64_t root, uint64_t event);

/* The number of the space that a user means by "3", "pid 3", "pid3", "kernel", ...; 0: none. */
unsigned spaces_by_name(const struct spaces *spaces, const char *text);

/* Which space is loaded, while events are read in order from the first on. */
struct space_cursor {
    const struct spaces *spaces;
    unsigned current; /* 0: not known yet */
};

/* Account for event n; afterwards current is the space that it leaves loaded. */
void space_cursor_step(struct space_cursor *cursor, uint64_t n, const struct trace_event *event);

/* "pid 2", or "-" where nothing is known. */
const char *space_cursor_name(const struct space_cursor *cursor);
