/*
 * Different: Copies go page by page. One table more is reserved than can be needed, and goes
 * back. Rights that are missing are counted instead of asked for one by one, and the
 * entry is read before the VMA is judged.
 *
 * Flags: -O0
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    unsigned missing = (access & AS_WRITE) && !(flags & VMA_WRITE);

    missing += (access & (AS_WRITE | AS_EXEC)) == AS_EXEC && !(flags & VMA_EXEC);
    missing += !(access & (AS_WRITE | AS_EXEC)) && !(flags & VMA_READ);
    return missing == 0;
}

static err_t fault_zero(const struct fault *f)
{
    const enum pt_level level = as_leaf_level(f->vma->kind.size);
    const vaddr_t page = f->addr - (f->addr & (pt_span(level) - 1));
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t frame = { 0 };
    pte_t *entry = NULL;
    err_t err = pt_reserve_fill(&tables, f->level - level + 1);

    if (err == ERR_OK)
        err = pmm_alloc_zeroed(pt_leaf_order(level), &frame);
    if (err != ERR_OK) {
        pt_reserve_drop(&tables);
        return err;
    }
    err = pt_walk_make(&f->as->pt, page, level, &tables, &entry);
    pt_reserve_drop(&tables);
    if (err == ERR_OK)
        pte_store(entry, as_leaf(f->vma->kind.flags, frame, level, true));
    else
        pmm_free(frame, pt_leaf_order(level));
    return err;
}

static err_t handle_locked(struct address_space *as, vaddr_t addr, unsigned access)
{
    struct fault f = { .as = as, .addr = addr };
    bool writes = access & AS_WRITE, used, writable;

    f.entry = pt_lookup(&as->pt, addr, &f.level);
    used = pte_used(*f.entry);
    writable = used && (f.entry->v & PTE_W);
    f.vma = vma_find(&as->vmas, addr);
    if (!f.vma || !vma_allows(f.vma->kind.flags, access))
        return f.vma ? ERR_ACCES : ERR_FAULT;
    return !used ? fault_zero(&f) : writes && !writable ? fault_own(&f) : ERR_OK;
}

static unsigned fault_access(uint64_t error)
{
    return AS_USER | (error & PF_WRITE ? AS_WRITE : 0) | (error & PF_FETCH ? AS_EXEC : 0);
}

err_t copy_from_user(void *dst, vaddr_t src, size_t len)
{
    char *to = dst;

    if (len && !is_user_range(src, len))
        return ERR_FAULT;
    while (len > 0) {
        size_t part = min_u64(len, PAGE_SIZE - (src & (PAGE_SIZE - 1)));

        if (user_copy(to, (const void *)src, part))
            return ERR_FAULT;
        to += part;
        src += part;
        len -= part;
    }
    return ERR_OK;
}

err_t copy_to_user(vaddr_t dst, const void *src, size_t len)
{
    const char *from = src;

    if (len && !is_user_range(dst, len))
        return ERR_FAULT;
    while (len > 0) {
        size_t part = min_u64(len, PAGE_SIZE - (dst & (PAGE_SIZE - 1)));

        if (user_copy((void *)dst, from, part))
            return ERR_FAULT;
        from += part;
        dst += part;
        len -= part;
    }
    return ERR_OK;
}
