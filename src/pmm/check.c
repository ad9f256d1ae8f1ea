/*
 * Looking for mistakes: poison in free memory, consistency of the frame table,
 * and a recount of all references. Nothing here is on a path that matters for
 * speed; poisoning happens in debug builds only.
 */
#include "arch/log.h"
#include "arch/mmu.h"
#include "lib/panic.h"
#include "pmm/frame_table.h"

#ifdef QUIRE_DEBUG
enum { POISONING = 1 };
#else
enum { POISONING = 0 };
#endif

#define POISON UINT64_C(0xdeadfeeddeadfeed)

void poison_fill(uint32_t number, unsigned order)
{
    if (!POISONING)
        return;
    cpu_stosq(phys_to_virt(frame_address(number)), POISON, (PAGE_SIZE << order) / 8);
    for (uint32_t i = number; i < number + (UINT32_C(1) << order); i++)
        pmm.table[i].flags |= FRAME_POISONED;
}

void poison_check(uint32_t number, unsigned order)
{
    if (!POISONING)
        return;
    for (uint32_t i = number; i < number + (UINT32_C(1) << order); i++) {
        const uint64_t *word = phys_to_virt(frame_address(i));

        if (!(pmm.table[i].flags & FRAME_POISONED))
            continue;
        pmm.table[i].flags &= (uint8_t)~FRAME_POISONED;
        for (unsigned w = 0; w < PAGE_SIZE / 8; w++)
            if (word[w] != POISON)
                panic("frame %#x was written while it was free: offset %#x holds %#lx", i, w * 8,
                      word[w]);
    }
}

/* One block: its tails are tails, and its buddy is not free as well. */
static void check_block(uint32_t first)
{
    const struct frame *f = &pmm.table[first];
    uint32_t frames = UINT32_C(1) << f->order, buddy = first ^ frames;

    if (f->order >= PMM_ORDERS || first & (frames - 1) || first + frames > pmm.limit)
        panic("frame table: frame %#x starts a block of order %u", first, f->order);
    for (uint32_t i = first + 1; i < first + frames; i++)
        if (pmm.table[i].state != FRAME_TAIL)
            panic("frame table: frame %#x in the block at %#x is no tail", i, first);
    if (f->state != FRAME_FREE)
        return;
    if (f->order < PMM_ORDERS - 1 && buddy < pmm.limit && pmm.table[buddy].state == FRAME_FREE &&
        pmm.table[buddy].order == f->order)
        panic("frame table: free buddies %#x and %#x of order %u", first, buddy, f->order);
}

static uint64_t check_free_list(unsigned order)
{
    uint64_t blocks = 0;
    uint32_t prev = FRAME_NONE;

    for (uint32_t n = pmm.free_list[order]; n != FRAME_NONE; n = pmm.table[n].next) {
        const struct frame *f = &pmm.table[n];

        if (f->state != FRAME_FREE || f->order != order || f->prev != prev)
            panic("free list %u: frame %#x does not belong there", order, n);
        prev = n;
        blocks++;
    }
    if (blocks != pmm.stats.blocks[order])
        panic("free list %u: %lu blocks, counted %lu", order, blocks, pmm.stats.blocks[order]);
    return blocks << order;
}

void pmm_check(void)
{
    uint64_t on_lists = 0, in_table = 0;

    spin_lock(&pmm_lock);
    for (unsigned order = 0; order < PMM_ORDERS; order++)
        on_lists += check_free_list(order);
    for (uint32_t i = 0; i < pmm.limit; i += UINT32_C(1) << pmm.table[i].order) {
        check_block(i);
        if (pmm.table[i].state == FRAME_FREE)
            in_table += UINT64_C(1) << pmm.table[i].order;
    }
    if (on_lists != in_table || in_table != pmm.stats.free)
        panic("free frames: %lu on lists, %lu in the table, %lu counted", on_lists, in_table,
              pmm.stats.free);
    spin_unlock(&pmm_lock);
}

/* A frame in use needs its `prev` for nothing: the audit counts there. */
void frame_audit_begin(void)
{
    for (uint32_t i = 0; i < pmm.limit; i++)
        if (pmm.table[i].state != FRAME_FREE)
            pmm.table[i].prev = 0;
}

void frame_audit_ref(paddr_t frame)
{
    if (frame.v >> PAGE_SHIFT < pmm.limit)
        pmm.table[frame_number(frame)].prev++;
}

bool frame_audit_end(uint32_t (*kernel_refs)(paddr_t frame))
{
    for (uint32_t i = 0; i < pmm.limit; i++) {
        const struct frame *block = &pmm.table[block_of_locked(i)];
        uint64_t found = pmm.table[i].prev;

        if (block->state != FRAME_USED && block->state != FRAME_TABLE)
            continue;
        if (block->flags & FRAME_CACHE)
            found++;
        if (kernel_refs)
            found += kernel_refs(frame_address(i));
        if (found > block->count || (kernel_refs && found != block->count)) {
            klog("audit: frame %#x has a count of %u, %lu references found", i, block->count,
                 found);
            return false;
        }
    }
    return true;
}
