/*
 * Copy-on-write, the second half: the first write to a page that is shared since
 * clone.c cloned it.
 *
 *     last reference                       take over   rights are given in place
 *     frame shared                         copy        new frame, one store
 *     2 MiB page shared, no free block     split, then as a 4 KiB page
 *
 * A copy moves the page to another frame, so its old translation must go, and
 * only then the reference that it had to the old frame.
 */
#include "vm/cow.h"

/*
 * Put the page's contents into the block `copy`, let the leaf map that one, with all
 * rights that the VMA gives, and give up the reference to the old block. The entry
 * changes by one store; the old block is given up after the flush.
 */
static void fault_copy(const struct fault *f, paddr_t copy)
{
    pte_t old = *f->entry;
    unsigned order = pt_leaf_order(f->level);
    struct tlb_gather gather;

    cpu_movsq(phys_to_virt(copy), phys_to_virt(pte_addr(old)), (PAGE_SIZE << order) / 8);
    tlb_gather_init(&gather, &f->as->pt);
    pte_store(f->entry, as_leaf(f->vma->kind.flags, copy, f->level, true));
    tlb_gather_page(&gather, f->addr);
    tlb_gather_leaf(&gather, old, f->level);
    tlb_gather_finish(&gather);
}

/* Give the leaf all rights that the VMA gives, on the block that it maps. */
static void fault_take_over(const struct fault *f)
{
    pte_t old = *f->entry;
    pte_t new = as_leaf(f->vma->kind.flags, pte_addr(old), f->level, true);

    new.v |= old.v &(PTE_A | PTE_D) & (pte_present(new) ? UINT64_MAX : 0);
    pte_store(f->entry, new);
}

/* No free 2 MiB block: give up the large page, and own just the 4 KiB that are written. */
static err_t fault_split(struct fault *f)
{
    paddr_t frame = PADDR(pte_addr(*f->entry).v + align_down(f->addr & (HUGE_SIZE - 1), PAGE_SIZE));
    bool shared = !frame_block_exclusive(frame, 0);
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t copy;
    err_t err = pt_reserve_fill(&tables, 1);

    if (err == ERR_OK && shared)
        err = pmm_alloc(0, &copy);
    if (err != ERR_OK) {
        pt_reserve_drop(&tables);
        return err;
    }
    pt_split(&f->as->pt, f->entry, &tables);
    f->entry = pt_lookup(&f->as->pt, f->addr, &f->level);
    if (shared)
        fault_copy(f, copy);
    else
        fault_take_over(f);
    return ERR_OK;
}

err_t fault_own(struct fault *f)
{
    unsigned order = pt_leaf_order(f->level);
    paddr_t copy;
    err_t err;

    if (frame_block_exclusive(pte_addr(*f->entry), order)) {
        fault_take_over(f);
        return ERR_OK;
    }
    err = pmm_alloc(order, &copy);
    if (err == ERR_OK)
        fault_copy(f, copy);
    else if (order > 0)
        err = fault_split(f);
    return err;
}
