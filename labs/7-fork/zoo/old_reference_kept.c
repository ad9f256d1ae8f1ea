/*
 * Misconception: the writer has a new frame, and the old one stays with the other
 * side. The writer's reference to it is never given up: the other side is not alone
 * with it, ever, and the frame is never freed.
 *
 * Fails: last-owner-keeps
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
    tlb_gather_finish(&gather);
}
