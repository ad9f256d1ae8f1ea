/*
 * Misconception: The CPU reads the entry at each access. It reads it once and remembers: a page
 * that was writable stays so until it is flushed.
 *
 * Fails: protect-at-once, churn-flushes
 */
static bool protect_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct protect_visitor *v = CONTAINER_OF(self, struct protect_visitor, base);
    pte_t old = *entry, new;
    paddr_t frame = pte_addr(old);
    unsigned shared = old.v & PTE_SHARED ? VMA_SHARED : 0;

    new = as_leaf(v->flags | shared, frame, level,
                  frame_block_exclusive(frame, pt_leaf_order(level)));
    if (pte_present(new))
        new.v |= old.v &(PTE_A | PTE_D);
    pte_store(entry, new);
    (void)va;
    return true;
}
