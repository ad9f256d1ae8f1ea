/*
 * What the page tables mean, kept along with the pass: which table belongs where,
 * which user pages map a frame, and which leaves changed since the kernel last
 * gave the CPU away.
 *
 * The entries themselves are the replay's. Rules about rights are not judged in
 * the middle of a change but when it is settled: when ring 3 is entered, the CPU
 * halts, the run ends, or (before there was any ring 3) a recorded call is over.
 */
#pragma once

#include "judgement.h"

/* A live table. */
struct world_table {
    uint64_t phys, va, parent; /* first address it maps; the entry that refers to it, 0: a root */
    unsigned level;
    struct world_leaf **leaf; /* its 512 user leaves, NULL while there are none */
};

/* A present leaf whose own entry has U. */
struct world_leaf {
    uint64_t key; /* its frame and level */
    uint64_t value, entry, va;
    struct world_table *table;
    struct world_leaf *next, **link; /* of those with the same key */
};

/* A present leaf as the CPU sees it through all levels. */
struct leaf_view {
    uint64_t va, entry, value, frame, bytes;
    bool writable, user, executable;
    bool reachable;      /* from a PML4 that CR3 held */
    struct space *space; /* of that PML4; NULL: none that lives */
};

/* Keep the world from now on: before the first judgement_next(). */
bool world_start(struct judgement *j);
void world_free(struct judgement *j);
void world_restart(struct judgement *j);
void world_apply(struct judgement *j);

const struct world_table *world_table(const struct judgement *j, uint64_t phys);

/* Is the page a table that a living space still walks? Tables of others wait to be forgotten. */
bool world_is_used_table(struct judgement *j, uint64_t phys);

/* Are changes settled at the current event? */
bool world_settled(struct judgement *j);

/*
 * Call visit for each present leaf that changed since the last call, or lies below
 * an entry that did, as it is before the current event; until it returns false.
 */
void world_each_changed(struct judgement *j,
                        bool (*visit)(struct judgement *j, const struct leaf_view *leaf, void *arg),
                        void *arg);

/* Account for work on one more leaf; false, with the verdict failed, if it is far too much. */
bool world_charge(struct judgement *j, uint64_t work);

/* The other user leaves of a frame: the first one; go on by ->next. NULL: none. */
const struct world_leaf *world_leaves(const struct judgement *j, uint64_t frame, unsigned level);

/* The space whose tables a leaf lies in, if it is still of use at the current event; or NULL. */
struct space *world_leaf_space(struct judgement *j, const struct world_leaf *leaf);

/* The effective view of an entry in a table; false if it is no present leaf. */
bool world_view(struct judgement *j, const struct world_table *table, unsigned index,
                struct leaf_view *out);

static inline uint64_t level_bytes(unsigned level)
{
    return PAGE_SIZE << (9 * (level - 1));
}

static inline bool entry_is_leaf(uint64_t value, unsigned level)
{
    return (value & ENTRY_P) && (level == 1 || ((value & ENTRY_PS) && level <= 3));
}

static inline uint64_t entry_frame(uint64_t value, unsigned level)
{
    return value & ENTRY_ADDR & ~(level_bytes(level) - 1);
}

/* Is a space still going to run? Frames of one that is over are nobody's. */
static inline bool space_is_alive(const struct space *space, uint64_t n)
{
    return space && n <= space->last_left;
}
