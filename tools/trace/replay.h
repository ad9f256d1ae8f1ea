/*
 * The machine's page tables at any moment of a trace, and questions about them.
 *
 * A replay stands between two events: what the events before have done is
 * done. Moving forward applies events, moving back undoes them (each write
 * carries the old value); far jumps start from checkpoints that are kept on
 * the way.
 */
#pragma once

#include "reader.h"

struct replay;

/* Errors: NULL if memory is out. The trace stays the caller's. */
struct replay *replay_new(struct trace *trace);
void replay_free(struct replay *replay);

/* Stand just before event number n (trace_events(): at the end). False if the trace is damaged there. */
bool replay_seek(struct replay *replay, uint64_t n);
uint64_t replay_position(const struct replay *replay);

/* CR3 (bits 12 to 51) of the CPU, and its ring, here. */
uint64_t replay_cr3(const struct replay *replay);
unsigned replay_ring(const struct replay *replay);

/* Is the page a live table, and at which level (1 to 4)? 0: it is none. */
unsigned replay_table_level(const struct replay *replay, uint64_t phys);

/* The 512 entries of a live table, or NULL. */
const uint64_t *replay_table(const struct replay *replay, uint64_t phys);

/* One step of a walk. */
struct walk_step {
    unsigned level; /* 4, 3, 2, 1 */
    uint64_t entry_phys;
    uint64_t entry; /* 0 where the table is not known */
};

struct walk {
    unsigned steps;
    struct walk_step step[4];
    bool present;                    /* the walk found a leaf */
    bool writable, user, executable; /* of all levels together */
    uint64_t phys;                   /* of the address, if present */
    uint64_t page_bytes;             /* 4 KiB, 2 MiB or 1 GiB, if present */
};

/* Walk an address from a root as the CPU would (4-level paging). */
void replay_walk(const struct replay *replay, uint64_t root, uint64_t va, struct walk *out);

/* Number of the last event before here that changed this entry (8-byte address); UINT64_MAX: none. */
uint64_t replay_last_writer(struct replay *replay, uint64_t entry_phys);

/* Live roots: PML4 tables that CR3 has held and that are still tables. Returns how many there are. */
size_t replay_roots(const struct replay *replay, uint64_t *roots, size_t max);

/*
 * Call visit for each present leaf below a root, in order of addresses, until
 * it returns false.
 */
struct leaf {
    uint64_t va, phys, bytes, entry, entry_phys;
};
void replay_each_leaf(const struct replay *replay, uint64_t root,
                      bool (*visit)(void *arg, const struct leaf *leaf), void *arg);

/* What a 4 KiB frame is here. */
enum frame_use {
    FRAME_USE_NONE, /* no live table refers to it from the user half */
    FRAME_USE_TABLE,
    FRAME_USE_PRIVATE, /* mapped for users once */
    FRAME_USE_SHARED,  /* mapped for users more than once */
};
struct frame_info {
    enum frame_use use;
    unsigned
        references; /* present user leaves that map it, in all live roots' tables, each entry once */
    bool writable;  /* by at least one of them */
};
void replay_frame(struct replay *replay, uint64_t phys, struct frame_info *out);
