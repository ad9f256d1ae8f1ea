/*
 * Misconception: A fault on a page that is there means copy-on-write. A read finds it shared and
 * may leave it so; what is resolved already needs nothing.
 *
 * Fails: zeroed, no-region, read-only-page, data-page, pointer-lazy, pointer-string,
 * pointer-long, full-small, answers, jitter-touch, jitter-pointers
 */
static err_t handle_locked(struct address_space *as, vaddr_t addr, unsigned access)
{
    struct fault f = { .as = as, .vma = vma_find(&as->vmas, addr), .addr = addr };

    if (!f.vma)
        return ERR_FAULT;
    if (!vma_allows(f.vma->kind.flags, access))
        return ERR_ACCES;
    f.entry = pt_lookup(&as->pt, addr, &f.level);
    if (!pte_used(*f.entry))
        return access & AS_WRITE ? fault_zero(&f) : ERR_FAULT;
    if ((access & AS_WRITE) && !(f.entry->v & PTE_W))
        return fault_own(&f);
    return ERR_OK;
}
