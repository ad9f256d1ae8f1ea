/*
 * Misconception: movsq takes a count, and a page has 4096 bytes, which are 512
 * words, which are 64 times 8... The copy has the first 512 bytes, and then
 * whatever the frame held before.
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

    cpu_movsq(phys_to_virt(copy), phys_to_virt(pte_addr(old)), (PAGE_SIZE << order) / 64);
    tlb_gather_init(&gather, &f->as->pt);
    pte_store(f->entry, as_leaf(f->vma->kind.flags, copy, f->level, true));
    tlb_gather_page(&gather, f->addr);
    tlb_gather_leaf(&gather, old, f->level);
    tlb_gather_finish(&gather);
}
