/*
 * Different: the walks are recursive, one level a call; missing tables are counted table by
 * table; a table's entries are visited backwards to find whether it is empty; the leaf's bits
 * come from a table of rights.
 *
 * Flags: -O3
 */
static pte_t *lookup_below(paddr_t table, uint64_t va, enum pt_level at, enum pt_level *level)
{
    pte_t *e = pt_table(table) + pt_index(va, at);

    *level = at;
    if (e->v == 0 || pte_is_leaf(*e, at))
        return e;
    return lookup_below(pte_addr(*e), va, at - 1, level);
}

pte_t *pt_lookup(const struct page_tables *pt, uint64_t va, enum pt_level *level)
{
    return lookup_below(pt->root, va, PML4, level);
}

/* Tables that the part of the range below one entry lacks, all of them if there is no table. */
static uint64_t missing_below(const pte_t *table, enum pt_level at, uint64_t start, uint64_t last,
                              enum pt_level level)
{
    uint64_t missing = 0, va = start;

    while (at > level) {
        uint64_t stop = min_u64(last, va | (pt_span(at) - 1));
        const pte_t *e = table ? &table[pt_index(va, at)] : NULL;
        bool there = e && pte_used(*e) && !pte_is_leaf(*e, at);

        missing += !there;
        missing += missing_below(there ? pt_table(pte_addr(*e)) : NULL, at - 1, va, stop, level);
        if (stop == last)
            break;
        va = stop + 1;
    }
    return missing;
}

uint64_t pt_missing(const struct page_tables *pt, uint64_t start, uint64_t end, enum pt_level level)
{
    return missing_below(pt_table(pt->root), PML4, start, end - 1, level);
}

static err_t make_below(struct page_tables *pt, pte_t *table, uint64_t va, enum pt_level at,
                        enum pt_level level, struct pt_reserve *reserve, pte_t **entry)
{
    pte_t *e = table + pt_index(va, at);

    if (at == level) {
        *entry = e;
        return ERR_OK;
    }
    if (e->v != 0 && pte_is_leaf(*e, at))
        return ERR_EXIST;
    if (e->v == 0) {
        paddr_t fresh = pt_table_take(pt, va, reserve);

        pte_store(e, pte_make(fresh, PTE_P | PTE_W | (va_is_kernel(va) ? 0 : PTE_U)));
    }
    return make_below(pt, pt_table(pte_addr(*e)), va, at - 1, level, reserve, entry);
}

err_t pt_walk_make(struct page_tables *pt, uint64_t va, enum pt_level level,
                   struct pt_reserve *reserve, pte_t **entry)
{
    return make_below(pt, pt_table(pt->root), va, PML4, level, reserve, entry);
}

static bool table_is_empty(const pte_t *table)
{
    uint64_t all = 0;

    for (unsigned i = PT_ENTRIES; i-- > 0;)
        all |= table[i].v;
    return all == 0;
}

pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive)
{
    static const uint64_t rights[8] = {
        [VMA_READ] = PTE_P | PTE_U | PTE_NX,
        [VMA_READ | VMA_WRITE] = PTE_P | PTE_U | PTE_NX,
        [VMA_READ | VMA_EXEC] = PTE_P | PTE_U,
        [VMA_READ | VMA_WRITE | VMA_EXEC] = PTE_P | PTE_U,
    };
    pte_t leaf = { frame.v | (level > PT ? PTE_PS : 0) };

    if (vma_flags & VMA_SHARED)
        leaf.v |= PTE_SHARED;
    if (!(vma_flags & VMA_READ)) {
        leaf.v |= PTE_KEPT;
        return leaf;
    }
    leaf.v |= rights[vma_flags & VMA_RIGHTS];
    if (vma_flags & VMA_WRITE)
        leaf.v |= (vma_flags & VMA_SHARED) || exclusive ? PTE_W : PTE_COW;
    return leaf;
}
