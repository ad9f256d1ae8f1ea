/*
 * Misconception: present, writable, user: the bits of a page that may be written.
 * Without NX it may be executed as well.
 *
 * Fails: never-writable-and-executable
 */
static void fault_copy(const struct fault *f, paddr_t copy)
{
    pte_t old = *f->entry;
    unsigned order = pt_leaf_order(f->level);
    struct tlb_gather gather;

    cpu_movsq(phys_to_virt(copy), phys_to_virt(pte_addr(old)), (PAGE_SIZE << order) / 8);
    tlb_gather_init(&gather, &f->as->pt);
    pte_store(f->entry, pte_make(copy, PTE_P | PTE_W | PTE_U));
    tlb_gather_page(&gather, f->addr);
    tlb_gather_leaf(&gather, old, f->level);
    tlb_gather_finish(&gather);
}
