/*
 * The binary buddy allocator (Knuth, TAOCP vol. 1, 2.5 "Dynamic Storage
 * Allocation", algorithms R and S).
 *
 * A free block of order n has its buddy at its frame number with bit n
 * flipped. Two free buddies never coexist: they are one block of order n + 1.
 * Each order has a list of its free blocks, linked through the frame table.
 * Start reading at pmm_alloc and pmm_free.
 */
#include "pmm/frame_table.h"

#include "arch/mmu.h"
#include "lib/panic.h"

struct pmm pmm;
struct spinlock pmm_lock = SPINLOCK_INIT(LOCK_PMM);

/* Record a free block of an order in its first frame's entry, and put it on the order's list. */
static void free_list_push(uint32_t number, unsigned order)
{
    struct frame *f = &pmm.table[number];
    uint32_t next = pmm.free_list[order];

    f->state = FRAME_FREE;
    f->order = (uint8_t)order;
    f->count = 0;
    f->next = next;
    f->prev = FRAME_NONE;
    if (next != FRAME_NONE)
        pmm.table[next].prev = number;
    pmm.free_list[order] = number;
    pmm.stats.blocks[order]++;
}

/* Take the free block that starts at a frame off its list; its entry still says FRAME_FREE. */
static void free_list_remove(uint32_t number)
{
    struct frame *f = &pmm.table[number];

    if (f->prev == FRAME_NONE)
        pmm.free_list[f->order] = f->next;
    else
        pmm.table[f->prev].next = f->next;
    if (f->next != FRAME_NONE)
        pmm.table[f->next].prev = f->prev;
    pmm.stats.blocks[f->order]--;
}

/* Can this block merge with the one whose number differs in bit `order`? */
static bool buddy_is_free(uint32_t buddy, unsigned order)
{
    return buddy < pmm.limit && pmm.table[buddy].state == FRAME_FREE &&
           pmm.table[buddy].order == order;
}

void buddy_insert_locked(uint32_t number, unsigned order)
{
    pmm.stats.free += UINT64_C(1) << order;
    for (; order < PMM_ORDERS - 1; order++) {
        uint32_t buddy = number ^ (UINT32_C(1) << order);

        if (!buddy_is_free(buddy, order))
            break;
        free_list_remove(buddy);
        pmm.table[number > buddy ? number : buddy].state = FRAME_TAIL;
        number = number < buddy ? number : buddy;
    }
    free_list_push(number, order);
}

/*
 * Take a block of the order off the lists; where there is none, from the smallest
 * larger one, whose other halves become free blocks. Which of several is taken is
 * not promised. Keeps pmm.stats.free right. The block's entries: the caller's
 * business. False if no block is large enough; nothing has changed then.
 */
static bool buddy_take_locked(unsigned order, uint32_t *out)
{
    unsigned have = order;
    uint32_t number;

    while (have < PMM_ORDERS && pmm.free_list[have] == FRAME_NONE)
        have++;
    if (have == PMM_ORDERS)
        return false;
    number = pmm.free_list[have];
    free_list_remove(number);
    while (have > order) {
        have--;
        free_list_push(number + (UINT32_C(1) << have), have);
    }
    pmm.stats.free -= UINT64_C(1) << order;
    *out = number;
    return true;
}

bool pmm_shall_fail(void)
{
    bool fail;

    spin_lock(&pmm_lock);
    fail = pmm.fail_countdown == 1;
    if (pmm.fail_countdown)
        pmm.fail_countdown--;
    spin_unlock(&pmm_lock);
    return fail;
}

void pmm_fail_after(uint64_t n)
{
    spin_lock(&pmm_lock);
    pmm.fail_countdown = n;
    spin_unlock(&pmm_lock);
}

err_t pmm_alloc(unsigned order, paddr_t *out)
{
    uint32_t number;
    bool found;

    KASSERT(order < PMM_ORDERS);
    if (pmm_shall_fail())
        return ERR_NOMEM;
    spin_lock(&pmm_lock);
    found = buddy_take_locked(order, &number);
    if (found) {
        struct frame *f = &pmm.table[number];

        f->state = FRAME_USED;
        f->order = (uint8_t)order;
        f->split = 0;
        f->count = 1;
    }
    spin_unlock(&pmm_lock);
    if (!found)
        return ERR_NOMEM;
    poison_check(number, order);
    *out = frame_address(number);
    return ERR_OK;
}

err_t pmm_alloc_zeroed(unsigned order, paddr_t *out)
{
    err_t err = pmm_alloc(order, out);

    if (err == ERR_OK)
        cpu_stosq(phys_to_virt(*out), 0, (PAGE_SIZE << order) / 8);
    return err;
}

/*
 * A block that frame_get or frame_put has split is freed frame by frame. Panics, with
 * the frame's number, on one that is not of a block of this order, or is shared.
 */
static void free_split_block(uint32_t number, unsigned order)
{
    for (uint32_t i = number; i < number + (UINT32_C(1) << order); i++) {
        struct frame *f = &pmm.table[i];

        if (f->state != FRAME_USED || f->order != 0 || f->split != order)
            panic("pmm_free: frame %#x is not of a block of order %u at %#x", i, order, number);
        if (f->count != 1)
            panic("pmm_free: frame %#x has %u references", i, f->count);
        buddy_insert_locked(i, 0);
    }
}

/*
 * The part of pmm_free under the lock; its header says when it panics, and the
 * frame table must be unchanged then. A block that is recorded in single frames,
 * although it is freed as one, is free_split_block()'s. Page tables are counted in
 * pmm.stats.tables, and no free frame has FRAME_CACHE.
 */
static void free_locked(uint32_t number, unsigned order)
{
    uint32_t first = block_of_locked(number);
    struct frame *f = &pmm.table[first];

    if (f->state == FRAME_RESERVED)
        panic("pmm_free: frame %#x is reserved", number);
    if (f->state == FRAME_FREE)
        panic("pmm_free: double free of frame %#x", number);
    if (f->order == 0 && order > 0) {
        free_split_block(number, order);
        return;
    }
    if (first != number || f->order != order)
        panic("pmm_free: frame %#x freed with order %u, allocated at %#x with order %u", number,
              order, first, f->order);
    if (f->count != 1)
        panic("pmm_free: frame %#x has %u references", number, f->count);
    if (f->state == FRAME_TABLE)
        pmm.stats.tables--;
    f->flags &= (uint8_t)~FRAME_CACHE;
    buddy_insert_locked(number, order);
}

void pmm_free(paddr_t block, unsigned order)
{
    uint32_t number = frame_number(block);

    KASSERT(order < PMM_ORDERS && is_aligned(block.v, PAGE_SIZE << order));
    if (block.v >> PAGE_SHIFT >= pmm.limit)
        panic("pmm_free: %#lx is not RAM", block.v);
    spin_lock(&pmm_lock);
    free_locked(number, order);
    poison_fill(number, order);
    spin_unlock(&pmm_lock);
}

void pmm_stats(struct pmm_stats *out)
{
    spin_lock(&pmm_lock);
    *out = pmm.stats;
    spin_unlock(&pmm_lock);
}
