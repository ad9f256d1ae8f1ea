/*
 * Misconception: A loop over pages ends before the last one. The page stays empty, and each
 * process that touches it gets a page of its own where all should share one.
 *
 * Fails: map-resident, map-shared
 */
static void commit_resident(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    enum pt_level level = as_leaf_level(r->kind.size);
    uint64_t bytes = vma_page_bytes(r->kind.size);

    for (vaddr_t va = r->start; va + bytes < r->end || va == r->start; va += bytes) {
        pte_t *entry;
        err_t err = pt_walk_make(&as->pt, va, level, &reserve->tables, &entry);

        KASSERT(err == ERR_OK && !pte_used(*entry));
        pte_store(entry, as_leaf(r->kind.flags, region_frame(r, va, reserve), level, true));
    }
    region_record(as, r, reserve);
}
