/* Doing and undoing what events do to the page tables: see replay_state.h. */
#include "replay_state.h"

#include <stdlib.h>
#include <string.h>

enum {
    TABLES_MAX = 1 << 16, /* half a GiB of our memory; enough for 128 GiB of 4 KiB pages */
    UNDO_MAX = 1 << 18,
    UNDO_TABLES_MAX = 1 << 10, /* each may hold 8 KiB */
};

static const uint64_t zeros[TABLE_ENTRIES];

void replay_state_init(struct replay_state *state)
{
    *state = (struct replay_state){ 0 };
    replay_map_init(&state->tables);
    replay_map_init(&state->frames);
}

/* ---- entries and pages ---- */

bool entry_is_leaf(uint64_t entry, unsigned level)
{
    return (entry & ENTRY_PRESENT) && (level == 1 || (level < 4 && (entry & ENTRY_LARGE)));
}

uint64_t level_bytes(unsigned level)
{
    return UINT64_C(1) << (3 + 9 * level);
}

uint64_t leaf_phys(uint64_t entry, unsigned level)
{
    return entry & PHYS_MASK & ~(level_bytes(level) - 1);
}

static unsigned index_of(uint64_t entry_phys)
{
    return entry_phys / sizeof(uint64_t) % TABLE_ENTRIES;
}

const uint64_t *table_entries(const struct table *table)
{
    return table->page ? table->page->entry : zeros;
}

struct table *replay_state_table(const struct replay_state *state, uint64_t phys)
{
    return replay_map_get(&state->tables, phys & PHYS_MASK);
}

void replay_page_release(struct replay_state *state, struct table_page *page)
{
    if (page && --page->references == 0) {
        free(page);
        state->pages--;
    }
}

/* Let the table have a page that nobody else refers to. */
static bool own_page(struct replay_state *state, struct table *table)
{
    struct table_page *const shared = table->page;
    if (shared && shared->references == 1)
        return true;
    struct table_page *const page = shared ? malloc(sizeof *page) : calloc(1, sizeof *page);
    if (!page)
        return false;
    state->pages++;
    if (shared)
        memcpy(page, shared, sizeof *page);
    page->references = 1;
    replay_page_release(state, shared);
    table->page = page;
    return true;
}

static bool set_entry(struct replay_state *state, struct table *table, unsigned index,
                      uint64_t value, uint64_t writer)
{
    if (!own_page(state, table))
        return false;
    const uint64_t old = table->page->entry[index];
    table->page->entry[index] = value;
    table->page->writer[index] = writer;
    if (state->frames_valid)
        replay_frames_change(state, table->level, old, value);
    return true;
}

/* ---- tables ---- */

static bool insert_table(struct replay_state *state, struct table *table)
{
    if (state->tables.used >= TABLES_MAX || !replay_map_add(&state->tables, table->phys, table))
        return false;
    if (state->frames_valid)
        replay_frames_table(state, table, true);
    return true;
}

static struct table *remove_table(struct replay_state *state, uint64_t phys)
{
    struct table *const table = replay_map_remove(&state->tables, phys);
    if (table && state->frames_valid)
        replay_frames_table(state, table, false);
    return table;
}

static void free_table(struct replay_state *state, struct table *table)
{
    if (table)
        replay_page_release(state, table->page);
    free(table);
}

/* Enter a copy of a table, which refers to the same page. */
static bool add_copy(struct replay_state *state, const struct table *copy)
{
    struct table *const table = malloc(sizeof *table);
    if (!table)
        return false;
    *table = *copy;
    if (table->page)
        table->page->references++;
    if (insert_table(state, table))
        return true;
    free_table(state, table);
    return false;
}

bool replay_state_share(struct replay_state *state, const struct table *copy)
{
    return add_copy(state, copy);
}

void replay_state_clear(struct replay_state *state, uint64_t position)
{
    replay_state_forget(state, position);
    replay_frames_clear(state);
    for (size_t i = 0; i < state->tables.slots; i++)
        free_table(state, state->tables.slot[i].value);
    replay_map_free(&state->tables);
    state->cr3 = 0;
    state->failed = false;
}

void replay_state_free(struct replay_state *state)
{
    replay_state_clear(state, 0);
    free(state->undo);
}

/* ---- the undo log ---- */

/* Forget the oldest records. */
static void drop_oldest(struct replay_state *state, size_t count)
{
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        state->undo_tables -= state->undo[i].table != NULL;
        free_table(state, state->undo[i].table);
    }
    state->undo_floor = state->undo[count - 1].event + 1;
    state->undo_count -= count;
    memmove(state->undo, state->undo + count, state->undo_count * sizeof *state->undo);
}

void replay_state_forget(struct replay_state *state, uint64_t position)
{
    drop_oldest(state, state->undo_count);
    state->undo_floor = position;
}

static bool log_undo(struct replay_state *state, const struct undo *undo)
{
    if (state->undo_count == UNDO_MAX || state->undo_tables >= UNDO_TABLES_MAX)
        drop_oldest(state, state->undo_count / 2);
    if (state->undo_count == state->undo_room) {
        const size_t room = state->undo_room ? state->undo_room * 2 : 1024;
        void *const larger = realloc(state->undo, room * sizeof *state->undo);
        if (!larger)
            return false;
        state->undo = larger;
        state->undo_room = room;
    }
    state->undo[state->undo_count++] = *undo;
    state->undo_tables += undo->table != NULL;
    return true;
}

static void undo_one(struct replay_state *state, const struct undo *undo)
{
    struct table *const table = replay_state_table(state, undo->where);
    bool done = true;
    switch (undo->kind) {
    case UNDO_ENTRY:
        done = set_entry(state, table, index_of(undo->where), undo->value, undo->writer);
        break;
    case UNDO_NEW:
        free_table(state, remove_table(state, undo->where));
        break;
    case UNDO_GONE:
        state->undo_tables--;
        done = insert_table(state, undo->table);
        if (!done)
            free_table(state, undo->table);
        break;
    case UNDO_CR3:
        state->cr3 = undo->where;
        break;
    }
    state->failed |= !done;
}

void replay_state_undo(struct replay_state *state, uint64_t position)
{
    while (state->undo_count && state->undo[state->undo_count - 1].event >= position)
        undo_one(state, &state->undo[--state->undo_count]);
}

/* ---- what events do ---- */

static bool apply_gone(struct replay_state *state, uint64_t n, uint64_t phys)
{
    struct table *const table = remove_table(state, phys);
    if (!table)
        return true;
    const struct undo undo = { .event = n, .kind = UNDO_GONE, .where = phys, .table = table };
    if (log_undo(state, &undo))
        return true;
    free_table(state, table);
    return false;
}

/* What stood there is not forgotten by telling it again: entries keep their writers. */
static bool keep_writers(struct replay_state *state, const struct table *old, struct table *table)
{
    if (!old || old->level != table->level)
        return true;
    table->born = old->born;
    if (!old->page)
        return true;
    table->page = calloc(1, sizeof *table->page);
    if (!table->page)
        return false;
    state->pages++;
    table->page->references = 1;
    memcpy(table->page->writer, old->page->writer, sizeof table->page->writer);
    return true;
}

static bool apply_table(struct replay_state *state, uint64_t n, const struct trace_event *event)
{
    struct table table = {
        .phys = event->v[0] & PHYS_MASK,
        .va = event->v[1],
        .parent = event->v[2],
        .born = n,
        .level = event->level,
    };
    const struct undo undo = { .event = n, .kind = UNDO_NEW, .where = table.phys };
    if (event->level == 0)
        return true;
    const bool done = keep_writers(state, replay_state_table(state, table.phys), &table) &&
                      apply_gone(state, n, table.phys) && add_copy(state, &table) &&
                      log_undo(state, &undo);
    replay_page_release(state, table.page);
    return done;
}

static bool has_writer(const struct replay_state *state, uint64_t entry_phys)
{
    const struct table *const table = replay_state_table(state, entry_phys);
    return table && table->page && table->page->writer[index_of(entry_phys)];
}

/* writer: number of the event plus 1, or 0, which leaves the writer as it was. */
static bool apply_entry(struct replay_state *state, uint64_t n, uint64_t phys, uint64_t value,
                        uint64_t writer)
{
    struct table *const table = replay_state_table(state, phys);
    if (!table)
        return true;
    const unsigned index = index_of(phys);
    struct undo undo = { .event = n, .kind = UNDO_ENTRY, .where = phys };
    if (table->page) {
        undo.value = table->page->entry[index];
        undo.writer = table->page->writer[index];
    }
    return log_undo(state, &undo) &&
           set_entry(state, table, index, value, writer ? writer : undo.writer);
}

static bool apply_cr3(struct replay_state *state, uint64_t n, uint64_t cr3)
{
    const struct undo undo = { .event = n, .kind = UNDO_CR3, .where = state->cr3 };
    state->cr3 = cr3;
    return log_undo(state, &undo);
}

static bool apply(struct replay_state *state, uint64_t n, const struct trace_event *event)
{
    switch (event->kind) {
    case EVENT_START:
        return apply_cr3(state, n, event->v[1]);
    case EVENT_CR:
        return event->what != 3 || apply_cr3(state, n, event->v[0]);
    case EVENT_TABLE:
        return apply_table(state, n, event);
    case EVENT_TABLE_GONE:
        return apply_gone(state, n, event->v[0] & PHYS_MASK);
    case EVENT_ENTRY_SEEN:
        return apply_entry(state, n, event->v[0], event->v[1],
                           has_writer(state, event->v[0]) ? 0 : n + 1);
    case EVENT_ENTRY_WRITE:
        return apply_entry(state, n, event->v[0], event->v[2], n + 1);
    case EVENT_ENTRY_AD:
        return apply_entry(state, n, event->v[0], event->v[2], 0);
    default:
        return true;
    }
}

bool replay_state_apply(struct replay_state *state, uint64_t n, const struct trace_event *event)
{
    state->failed |= !apply(state, n, event);
    return !state->failed;
}
