/*
 * Misconception: New memory is mapped like any other. It has no other owner yet: as a copy-on-
 * write page it costs a fault for each page that was to be had without one.
 *
 * Fails: map-resident
 */
static void commit_resident(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    enum pt_level level = as_leaf_level(r->kind.size);

    for (vaddr_t va = r->start; va < r->end; va += vma_page_bytes(r->kind.size)) {
        pte_t *entry;
        err_t err = pt_walk_make(&as->pt, va, level, &reserve->tables, &entry);

        KASSERT(err == ERR_OK && !pte_used(*entry));
        pte_store(entry, as_leaf(r->kind.flags, region_frame(r, va, reserve), level, false));
    }
    region_record(as, r, reserve);
}
