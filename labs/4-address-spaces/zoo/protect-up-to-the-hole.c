/*
 * Misconception: An error is found when the work comes to it. By then half of the range has new
 * rights, and the caller is told that nothing was done.
 *
 * Fails: protect-all-or-nothing, protect-keeps, churn
 */
static err_t protect_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    err_t err;

    err = as_reserve_cuts(as, r->start, r->end, reserve);
    if (err != ERR_OK)
        return err;
    as_cut(as, r->start, r->end, reserve);
    for (vaddr_t va = r->start; va < r->end;) {
        const struct vma_node *node = vma_find(&as->vmas, va);
        vaddr_t end;

        if (!node) {
            vma_merge(&as->vmas, r->start, r->end);
            return ERR_NOMEM;
        }
        end = node->end;
        protect_pages(as, va, end, r->kind.flags);
        vma_find(&as->vmas, va)->kind.flags =
            r->kind.flags | (node->kind.flags & (unsigned)VMA_SHARED);
        va = end;
    }
    vma_merge(&as->vmas, r->start, r->end);
    return ERR_OK;
}
