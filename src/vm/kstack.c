/* Kernel stacks: see kstack.h. Slots are given out lowest first, so the tables stay few. */
#include "vm/kstack.h"

#include "arch/layout.h"
#include "arch/spinlock.h"
#include "lib/panic.h"
#include "vm/kernel_map.h"
#include "vm/tlb.h"

enum { KSTACKS_MAX = 8192 };
#define SLOT_SIZE (PAGE_SIZE + KSTACK_SIZE) /* the guard first */

static struct spinlock kstack_lock = SPINLOCK_INIT(LOCK_KSTACK);
static uint64_t slot_used[KSTACKS_MAX / 64]; /* (l) one bit each */

static bool slot_take(unsigned *slot)
{
    for (unsigned word = 0; word < ARRAY_SIZE(slot_used); word++) {
        if (slot_used[word] == UINT64_MAX)
            continue;
        *slot = word * 64 + (unsigned)__builtin_ctzll(~slot_used[word]);
        slot_used[word] |= UINT64_C(1) << *slot % 64;
        return true;
    }
    return false;
}

static uint64_t slot_stack(unsigned slot)
{
    return KSTACK_BASE + slot * SLOT_SIZE + PAGE_SIZE;
}

static err_t reserve_stack(uint64_t base, struct pt_reserve *tables, struct frame_list *frames)
{
    err_t err = pt_reserve_fill(tables, pt_missing(&kernel_tables, base, base + KSTACK_SIZE, PT));

    while (err == ERR_OK && frames->count < KSTACK_PAGES) {
        paddr_t frame;

        err = pmm_alloc(0, &frame);
        if (err == ERR_OK)
            frame_list_push(frames, frame);
    }
    return err;
}

static err_t map_stack(uint64_t base)
{
    struct pt_reserve tables = PT_RESERVE_INIT;
    struct frame_list frames = FRAME_LIST_INIT;
    err_t err = reserve_stack(base, &tables, &frames);

    for (uint64_t va = base; err == ERR_OK && va < base + KSTACK_SIZE; va += PAGE_SIZE) {
        pte_t *entry;

        err = pt_walk_make(&kernel_tables, va, PT, &tables, &entry);
        if (err == ERR_OK)
            pte_store(entry, pte_make(frame_list_pop(&frames), PTE_P | PTE_W | PTE_G | PTE_NX));
    }
    pt_reserve_drop(&tables);
    while (frames.count)
        pmm_free(frame_list_pop(&frames), 0);
    return err;
}

err_t kstack_alloc(void **top)
{
    unsigned slot;
    err_t err = ERR_NOMEM;

    spin_lock(&kstack_lock);
    if (slot_take(&slot)) {
        err = map_stack(slot_stack(slot));
        if (err != ERR_OK)
            slot_used[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    }
    spin_unlock(&kstack_lock);
    if (err == ERR_OK)
        *top = (void *)(slot_stack(slot) + KSTACK_SIZE);
    return err;
}

static bool unmap_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    pte_t leaf = *entry;

    pte_store(entry, (pte_t){ 0 });
    tlb_gather_page(self->prune, va);
    tlb_gather_leaf(self->prune, leaf, level);
    return true;
}

/* The first stacks are the CPU's own and stay, so the slot's upper tables are never empty. */
void kstack_free(void *top)
{
    uint64_t base = (uint64_t)top - KSTACK_SIZE;
    unsigned slot = (unsigned)((base - KSTACK_BASE) / SLOT_SIZE);
    struct tlb_gather gather;
    struct pt_visitor visitor = { .leaf = unmap_leaf, .prune = &gather };

    KASSERT(base == slot_stack(slot));
    spin_lock(&kstack_lock);
    KASSERT(slot_used[slot / 64] >> slot % 64 & 1);
    slot_used[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    tlb_gather_init(&gather, &kernel_tables);
    pt_visit(&kernel_tables, base, base + KSTACK_SIZE, &visitor);
    tlb_gather_finish(&gather);
    spin_unlock(&kstack_lock);
}

bool kstack_is_guard(uint64_t va)
{
    return va >= KSTACK_BASE && va < KSTACK_BASE + KSTACKS_MAX * SLOT_SIZE &&
           (va - KSTACK_BASE) % SLOT_SIZE < PAGE_SIZE;
}
