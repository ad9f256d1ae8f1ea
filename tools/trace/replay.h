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

/*
 * A replay at the beginning of a trace; the trace stays the caller's and is used
 * by the replay. NULL if memory is out.
 */
struct replay *replay_new(struct trace *trace);
void replay_free(struct replay *replay);

/*
 * Stand just before event number n (trace_events(): at the end). Short ways cost
 * a few events; long ways at most those from the checkpoint before n, of which
 * there are so many as 64 MiB of memory allow. False if the trace is damaged on
 * the way, memory is out, or there are more than 65536 live tables: the replay
 * then stands where it got to, and may be asked to go elsewhere.
 */
bool replay_seek(struct replay *replay, uint64_t n);
uint64_t replay_position(const struct replay *replay);

/* CR3 (bits 12 to 51) of the CPU here, and the ring in which the next event happens. */
uint64_t replay_cr3(const struct replay *replay);
unsigned replay_ring(const struct replay *replay);

/* Is the page a live table, and at which level (1 to 4)? 0: it is none. */
unsigned replay_table_level(const struct replay *replay, uint64_t phys);

/* The 512 entries of a live table, until the next seek; or NULL. */
const uint64_t *replay_table(const struct replay *replay, uint64_t phys);

struct table_info {
    uint64_t phys;
    uint64_t va;     /* the first linear address it maps */
    uint64_t parent; /* the entry that made it a table, 0 for a root */
    uint64_t born;   /* number of the event that made it known */
    unsigned level;
};

/* The live tables by physical address. Stores at most max, returns how many there are. */
size_t replay_tables(const struct replay *replay, struct table_info *tables, size_t max);

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

/*
 * Number of the event that gave this entry (of a live table) its value: the last
 * store by an instruction, or where the table's content became known with the
 * table, EVENT_ENTRY_SEEN or EVENT_TABLE. Neither the CPU's own accessed and dirty
 * bits count, nor that a table is told anew. UINT64_MAX if the page is no live table.
 */
uint64_t replay_last_writer(const struct replay *replay, uint64_t entry_phys);

/*
 * Live roots by address: PML4 tables that CR3 has held. Stores at most max,
 * returns how many there are.
 */
size_t replay_roots(const struct replay *replay, uint64_t *roots, size_t max);

/*
 * Call visit for each present leaf below a root, in order of addresses, until
 * it returns false. Ends after a million tables, which only a made-up trace has.
 */
struct leaf {
    uint64_t va, phys, bytes, entry, entry_phys;
};
void replay_each_leaf(const struct replay *replay, uint64_t root,
                      bool (*visit)(void *arg, const struct leaf *leaf), void *arg);

/* What a 4 KiB frame is here. User leaves are those whose own entry has the U bit. */
enum frame_use {
    FRAME_USE_NONE, /* no user leaf of a live table maps it */
    FRAME_USE_TABLE,
    FRAME_USE_PRIVATE, /* mapped for users once */
    FRAME_USE_SHARED,  /* mapped for users more than once */
};
struct frame_info {
    enum frame_use use;
    unsigned references;        /* present user leaves in live tables, each entry once */
    unsigned kernel_references; /* the same for the kernel, the direct map included */
    bool writable;              /* by at least one of the user leaves */
};

/*
 * Tables of an address space that is gone count until the recorder sees that they
 * are none any more. The first call costs a pass over all tables, later ones at
 * the same place or after small steps next to nothing. False if memory is out.
 */
bool replay_frame(struct replay *replay, uint64_t phys, struct frame_info *out);
