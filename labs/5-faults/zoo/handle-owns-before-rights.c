/*
 * Misconception: A write to a page that is not writable means copy-on-write. It may also mean that
 * the program must not write: rights come first.
 *
 * Fails: read-only, no-execute, no-rights, kernel-memory, others-go-on, no-endless-fault, answers
 */
static err_t handle_locked(struct address_space *as, vaddr_t addr, unsigned access)
{
    struct fault f = { .as = as, .vma = vma_find(&as->vmas, addr), .addr = addr };

    if (!f.vma)
        return ERR_FAULT;
    f.entry = pt_lookup(&as->pt, addr, &f.level);
    if (pte_used(*f.entry) && (access & AS_WRITE) && !(f.entry->v & PTE_W))
        return fault_own(&f);
    if (!vma_allows(f.vma->kind.flags, access))
        return ERR_ACCES;
    if (!pte_used(*f.entry))
        return fault_zero(&f);
    return ERR_OK;
}
