/*
 * Misconception: A page that is there needs nothing. The fault came because the access was not
 * allowed: it comes again, for ever, unless somebody says no.
 *
 * Fails: read-only, no-execute, no-rights, kernel-memory, others-go-on, no-endless-fault, answers
 */
static err_t handle_locked(struct address_space *as, vaddr_t addr, unsigned access)
{
    struct fault f = { .as = as, .vma = vma_find(&as->vmas, addr), .addr = addr };

    if (!f.vma)
        return ERR_FAULT;
    f.entry = pt_lookup(&as->pt, addr, &f.level);
    if (!pte_used(*f.entry))
        return vma_allows(f.vma->kind.flags, access) ? fault_zero(&f) : ERR_ACCES;
    if ((access & AS_WRITE) && (f.entry->v & PTE_COW))
        return fault_own(&f);
    return ERR_OK;
}
