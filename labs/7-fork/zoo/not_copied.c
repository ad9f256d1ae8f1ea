/*
 * Misconception: the new frame is there for new data. What the page held before is
 * still wanted, but for the few bytes that are written now.
 *
 * Fails: parent-learns-the-pid, parent-undisturbed, child-undisturbed,
 * shared-memory-seen, shared-memory-stays, shared-read-only, copied-once,
 * last-owner-keeps, read-only-stays, vfork-shares, orphan-keeps-memory,
 * kernel-writes-copy, tree-of-processes, nothing-lost, shared-read-only-more,
 * parent-undisturbed-more, tree-anywhere
 */
static void fault_copy(const struct fault *f, paddr_t copy)
{
    pte_t old = *f->entry;
    unsigned order = pt_leaf_order(f->level);
    struct tlb_gather gather;

    cpu_stosq(phys_to_virt(copy), 0, (PAGE_SIZE << order) / 8);
    tlb_gather_init(&gather, &f->as->pt);
    pte_store(f->entry, as_leaf(f->vma->kind.flags, copy, f->level, true));
    tlb_gather_page(&gather, f->addr);
    tlb_gather_leaf(&gather, old, f->level);
    tlb_gather_finish(&gather);
}
