/*
 * The page tables at one moment, as the replay keeps them.
 *
 *     map: physical address --> struct table --> struct table_page
 *                                  ^                   ^   ^
 *     undo log (tables gone) ------+                   |   |
 *     checkpoints (copies of struct table) ------------+---+
 *
 * Pages are counted and copied before a write if another table, a checkpoint's
 * or the undo log's, has them too: a checkpoint costs little more than what
 * changes after it.
 */
#pragma once

#include "event.h"
#include "replay_map.h"

enum { TABLE_ENTRIES = 512 };

#define ENTRY_PRESENT    UINT64_C(1)
#define ENTRY_WRITABLE   (UINT64_C(1) << 1)
#define ENTRY_USER       (UINT64_C(1) << 2)
#define ENTRY_LARGE      (UINT64_C(1) << 7) /* of levels 2 and 3: a leaf */
#define ENTRY_NO_EXECUTE (UINT64_C(1) << 63)
#define PHYS_MASK        UINT64_C(0x000ffffffffff000)

struct table_page {
    unsigned references;
    uint64_t entry[TABLE_ENTRIES];
    uint64_t writer[TABLE_ENTRIES]; /* number of the event plus 1; 0: the table's birth */
};

struct table {
    uint64_t phys, va, parent;
    uint64_t born; /* number of the event that made it known */
    unsigned level;
    struct table_page *page; /* NULL: all entries are 0 since birth */
};

/* How often leaves map a frame; of pages of one size. */
struct frame_count {
    uint32_t user, writable, kernel; /* writable: of user */
};

enum undo_kind { UNDO_ENTRY, UNDO_NEW, UNDO_GONE, UNDO_CR3 };

struct undo {
    uint64_t event;
    enum undo_kind kind;
    uint64_t where;         /* entry or table; the old CR3 */
    uint64_t value, writer; /* of an entry, before */
    struct table *table;    /* that is gone: the log owns it */
};

struct replay_state {
    struct replay_map tables;
    uint64_t cr3;
    size_t pages; /* all that exist, wherever they are referred to */

    struct undo *undo;
    size_t undo_count, undo_room;
    size_t undo_tables;  /* that are gone, in the log */
    uint64_t undo_floor; /* the log reaches back to this position */

    struct replay_map frames; /* struct frame_count by frame_key() */
    bool frames_valid;        /* built when first asked for, then kept up to date */
    bool failed;              /* out of memory, or more tables than a machine has */
};

void replay_state_init(struct replay_state *state);
void replay_state_free(struct replay_state *state);

/* Do what event number n did. False if that failed: the state is of no use then. */
bool replay_state_apply(struct replay_state *state, uint64_t n, const struct trace_event *event);

/* Take back all events from position on, which is at least undo_floor. */
void replay_state_undo(struct replay_state *state, uint64_t position);

/* Forget how to go back from position. */
void replay_state_forget(struct replay_state *state, uint64_t position);

/* Drop all tables, to begin anew at position. */
void replay_state_clear(struct replay_state *state, uint64_t position);

/* Add a table that shares its page with *copy. False if memory is out. */
bool replay_state_share(struct replay_state *state, const struct table *copy);
void replay_page_release(struct replay_state *state, struct table_page *page);

struct table *replay_state_table(const struct replay_state *state, uint64_t phys);
const uint64_t *table_entries(const struct table *table);

/* Is it a present leaf in a table of this level? */
bool entry_is_leaf(uint64_t entry, unsigned level);

/* Bytes that an entry of this level maps; the address in a leaf. */
uint64_t level_bytes(unsigned level);
uint64_t leaf_phys(uint64_t entry, unsigned level);

/* Keep the frame counts: an entry changed; a table came or went with what it holds. */
void replay_frames_change(struct replay_state *state, unsigned level, uint64_t old, uint64_t new);
void replay_frames_table(struct replay_state *state, const struct table *table, bool comes);
void replay_frames_clear(struct replay_state *state);
