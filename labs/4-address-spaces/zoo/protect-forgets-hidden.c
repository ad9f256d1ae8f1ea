/*
 * Misconception: A page without rights is not present, and what is not present has no frame. The
 * frame is forgotten, with what the program had there.
 *
 * Fails: protect-keeps, churn
 */
static bool protect_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct protect_visitor *v = CONTAINER_OF(self, struct protect_visitor, base);
    pte_t old = *entry, new;
    paddr_t frame = pte_addr(old);
    unsigned shared = old.v & PTE_SHARED ? VMA_SHARED : 0;

    if (!(v->flags & VMA_READ)) {
        pte_store(entry, (pte_t){ 0 });
        tlb_gather_page(&v->gather, va);
        tlb_gather_leaf(&v->gather, old, level);
        return true;
    }
    new = as_leaf(v->flags | shared, frame, level,
                  frame_block_exclusive(frame, pt_leaf_order(level)));
    if (pte_present(new))
        new.v |= old.v &(PTE_A | PTE_D);
    pte_store(entry, new);
    if (rights_shrink(old, new))
        tlb_gather_page(&v->gather, va);
    return true;
}
