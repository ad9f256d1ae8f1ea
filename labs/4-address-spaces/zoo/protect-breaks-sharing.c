/*
 * Misconception: A page may be written if its region says so. Not while another process has the
 * same frame: it must be copied first, whatever rights are asked for.
 *
 * Fails: protect-shared
 */
static bool protect_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct protect_visitor *v = CONTAINER_OF(self, struct protect_visitor, base);
    pte_t old = *entry, new;
    paddr_t frame = pte_addr(old);
    unsigned shared = old.v & PTE_SHARED ? VMA_SHARED : 0;

    new = as_leaf(v->flags | shared, frame, level, true);
    if (pte_present(new))
        new.v |= old.v &(PTE_A | PTE_D);
    pte_store(entry, new);
    if (rights_shrink(old, new))
        tlb_gather_page(&v->gather, va);
    return true;
}
