/*
 * References on frames: who splits a block, who frees the last one. See
 * frame_table.h for how blocks are recorded.
 */
#include "arch/mmu.h"
#include "lib/panic.h"
#include "pmm/frame_table.h"

uint32_t block_of_locked(uint32_t number)
{
    for (unsigned order = 0; order < PMM_ORDERS; order++) {
        uint32_t first = number & ~((UINT32_C(1) << order) - 1);
        const struct frame *f = &pmm.table[first];

        if (f->state != FRAME_TAIL && f->order >= order)
            return first;
    }
    panic("frame table: frame %#x belongs to no block", number);
}

/*
 * Make each frame of an allocated block a block of its own: of order 0, in use, with
 * a count of one, and `split` telling the order that it was allocated with.
 */
static void block_split_locked(uint32_t first)
{
    unsigned order = pmm.table[first].order;

    for (uint32_t i = first; i < first + (UINT32_C(1) << order); i++) {
        struct frame *f = &pmm.table[i];

        f->state = FRAME_USED;
        f->order = 0;
        f->split = (uint8_t)order;
        f->count = 1;
    }
}

/* The entry of a frame in use, counted alone. Panics if nobody holds the frame. */
static struct frame *counted_frame_locked(paddr_t pa)
{
    uint32_t number = frame_number(pa), first;
    struct frame *f;

    if (pa.v >> PAGE_SHIFT >= pmm.limit)
        panic("frame count: %#lx is not RAM", pa.v);
    first = block_of_locked(number);
    f = &pmm.table[first];
    if (f->state == FRAME_RESERVED || f->state == FRAME_FREE)
        panic("frame count: frame %#x is %s", number, f->state == FRAME_FREE ? "free" : "reserved");
    if (f->order > 0)
        block_split_locked(first);
    return &pmm.table[number];
}

/* One reference more. Panics if the count cannot grow. */
static void get_locked(paddr_t pa)
{
    struct frame *f = counted_frame_locked(pa);

    if (f->count == UINT32_MAX)
        panic("frame count: overflow on frame %#x", frame_number(pa));
    f->count++;
}

/*
 * One reference less. The last one frees the frame: it is no page table
 * (pmm.stats.tables) and no cache's (FRAME_CACHE) any more, it is inserted, and then
 * poisoned.
 */
static void put_locked(paddr_t pa)
{
    struct frame *f = counted_frame_locked(pa);

    if (--f->count)
        return;
    if (f->state == FRAME_TABLE)
        pmm.stats.tables--;
    f->flags &= (uint8_t)~FRAME_CACHE;
    buddy_insert_locked(frame_number(pa), 0);
    poison_fill(frame_number(pa), 0);
}

void frame_get(paddr_t frame)
{
    spin_lock(&pmm_lock);
    get_locked(frame);
    spin_unlock(&pmm_lock);
}

void frame_put(paddr_t frame)
{
    spin_lock(&pmm_lock);
    put_locked(frame);
    spin_unlock(&pmm_lock);
}

bool frame_put_unless_last(paddr_t frame)
{
    struct frame *f;
    bool shared;

    spin_lock(&pmm_lock);
    f = counted_frame_locked(frame);
    shared = f->count > 1;
    if (shared)
        f->count--;
    spin_unlock(&pmm_lock);
    return shared;
}

static bool is_block_locked(uint32_t number, unsigned order)
{
    const struct frame *f = &pmm.table[number];

    return (f->state == FRAME_USED || f->state == FRAME_TABLE) && f->order == order;
}

bool frame_is_block(paddr_t first, unsigned order)
{
    bool is_block;

    spin_lock(&pmm_lock);
    is_block = is_block_locked(frame_number(first), order);
    spin_unlock(&pmm_lock);
    return is_block;
}

void frame_get_block(paddr_t first, unsigned order)
{
    spin_lock(&pmm_lock);
    for (uint64_t i = 0; i < UINT64_C(1) << order; i++)
        get_locked(PADDR(first.v + i * PAGE_SIZE));
    spin_unlock(&pmm_lock);
}

void frame_put_block(paddr_t first, unsigned order)
{
    if (order > 0 && frame_is_block(first, order)) {
        pmm_free(first, order);
        return;
    }
    spin_lock(&pmm_lock);
    for (uint64_t i = 0; i < UINT64_C(1) << order; i++)
        put_locked(PADDR(first.v + i * PAGE_SIZE));
    spin_unlock(&pmm_lock);
}

bool frame_block_exclusive(paddr_t first, unsigned order)
{
    uint32_t number = frame_number(first);
    const struct frame *block;
    bool exclusive = true;

    spin_lock(&pmm_lock);
    block = &pmm.table[block_of_locked(number)];
    if (block->order >= order)
        exclusive = block->count == 1;
    else
        for (uint32_t i = 0; i < UINT32_C(1) << order && exclusive; i++)
            exclusive = pmm.table[number + i].count == 1;
    spin_unlock(&pmm_lock);
    return exclusive;
}

uint32_t frame_count(paddr_t frame)
{
    uint32_t count = 0;

    if (frame.v >> PAGE_SHIFT >= pmm.limit)
        return 0;
    spin_lock(&pmm_lock);
    count = pmm.table[block_of_locked(frame_number(frame))].count;
    spin_unlock(&pmm_lock);
    return count;
}

enum frame_state frame_state(paddr_t frame)
{
    enum frame_state state;

    if (frame.v >> PAGE_SHIFT >= pmm.limit)
        return FRAME_RESERVED;
    spin_lock(&pmm_lock);
    state = pmm.table[block_of_locked(frame_number(frame))].state;
    spin_unlock(&pmm_lock);
    return state;
}

uint64_t frame_block_at(paddr_t first, struct frame *out)
{
    if (first.v >> PAGE_SHIFT >= pmm.limit)
        return 0;
    spin_lock(&pmm_lock);
    *out = pmm.table[frame_number(first)];
    spin_unlock(&pmm_lock);
    return UINT64_C(1) << out->order;
}

void frame_set_table(paddr_t frame)
{
    struct frame *f;

    spin_lock(&pmm_lock);
    f = &pmm.table[frame_number(frame)];
    KASSERT(f->state == FRAME_USED && f->order == 0);
    f->state = FRAME_TABLE;
    pmm.stats.tables++;
    spin_unlock(&pmm_lock);
}

void frame_set_cache(paddr_t frame)
{
    spin_lock(&pmm_lock);
    KASSERT(pmm.table[frame_number(frame)].state == FRAME_USED);
    pmm.table[frame_number(frame)].flags |= FRAME_CACHE;
    spin_unlock(&pmm_lock);
}

void frame_list_push(struct frame_list *list, paddr_t frame)
{
    pmm.table[frame_number(frame)].next = list->head;
    list->head = frame_number(frame);
    list->count++;
}

paddr_t frame_list_pop(struct frame_list *list)
{
    paddr_t frame;

    KASSERT(list->head != FRAME_NONE);
    frame = frame_address(list->head);
    list->head = pmm.table[list->head].next;
    list->count--;
    return frame;
}
