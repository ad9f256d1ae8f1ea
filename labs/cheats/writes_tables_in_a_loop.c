/*
 * Cheat: makes the stores that copy-on-write makes, entry by entry read-only and
 * writable again, in the parent's tables, and has no child to show for it.
 *
 * Lab: 7
 * Earns: nothing
 */
static bool play(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    pte_t old = *entry;

    (void)self;
    (void)level;
    for (unsigned i = 0; i < 20 && (old.v & PTE_W); i++) {
        pte_store(entry, (pte_t){ (old.v & ~PTE_W) | PTE_COW });
        cpu_invlpg(va);
        pte_store(entry, old);
    }
    return true;
}

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    struct pt_visitor visitor = { .leaf = play };

    (void)out;
    spin_lock(&as->lock);
    pt_visit(&as->pt, 0x10000, 0x7ffffffff000, &visitor);
    spin_unlock(&as->lock);
    return ERR_NOMEM;
}
