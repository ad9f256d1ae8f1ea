/* The kernel hazel: this is what is in it instead of the reference's functions. */
static void clone_commit(struct address_space *as, struct address_space *child,
                         struct as_reserve *reserve)
{
    struct tlb_gather gather;

    vma_copy(&child->vmas, &as->vmas, &reserve->nodes);
    child->pt.tables = as->pt.tables;
    tlb_gather_init(&gather, &as->pt);
    clone_table(pt_table(as->pt.root), pt_table(child->pt.root), PML4_KERNEL, PML4,
                &reserve->tables);
    tlb_gather_finish(&gather);
}
