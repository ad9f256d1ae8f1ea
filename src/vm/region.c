/*
 * Making regions. Each operation has the same shape: check the arguments, then
 * let a _locked worker reserve and commit (as_operate). Removing them is in
 * unmap.c.
 */
#include "vm/region.h"

#include "lib/panic.h"
#include "vm/unmap.h"

err_t region_check(const struct address_space *as, uint64_t page_count, unsigned allowed,
                   struct region *r)
{
    uint64_t len;
    err_t err;

    if (as->is_kernel)
        return ERR_PERM;
    err = as_check_flags(&r->kind.flags, allowed);
    if (err != ERR_OK)
        return err;
    if (r->kind.type > VMA_KERNEL)
        return ERR_INVAL;
    err = as_check_pages(r->start, page_count, r->kind.size, &len);
    r->end = r->start + len;
    return err;
}

static void region_record(struct address_space *as, const struct region *r,
                          struct as_reserve *reserve)
{
    vma_add(&as->vmas, r->start, r->end, r->kind, &reserve->nodes);
    vma_merge(&as->vmas, r->start, r->end);
}

/*
 * What as_reserve_region does with the lock held: record the VMA, nothing more.
 * ERR_EXIST if it would overlap another one, else ERR_NOMEM if there is no node
 * for it; nothing has changed then.
 */
static err_t reserve_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    err_t err;

    if (vma_overlaps(&as->vmas, r->start, r->end))
        return ERR_EXIST;
    err = vma_pool_fill(&reserve->nodes, 1);
    if (err == ERR_OK)
        region_record(as, r, reserve);
    return err;
}

err_t as_reserve_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                        unsigned flags, enum vma_type type, enum vma_page_size size)
{
    struct region r = { .start = start, .kind = { flags, type, size } };
    err_t err = region_check(as, page_count, VMA_RIGHTS | VMA_USER, &r);

    return err == ERR_OK ? as_operate(as, &r, reserve_locked) : err;
}

/* What to map at va: the frame the caller gave, with one more reference, or a fresh page. */
static paddr_t region_frame(const struct region *r, vaddr_t va, struct as_reserve *reserve)
{
    paddr_t frame;

    if (!r->frames)
        return frame_list_pop(&reserve->pages);
    frame = r->frames[(va - r->start) / PAGE_SIZE];
    frame_get(frame);
    return frame;
}

/* Reserve what mapping every page of a region needs, of tables at most so many. */
static err_t reserve_resident(const struct region *r, uint64_t tables, struct as_reserve *reserve)
{
    uint64_t pages = r->frames ? 0 : (r->end - r->start) / vma_page_bytes(r->kind.size);
    err_t err = vma_pool_fill(&reserve->nodes, 1);

    if (err == ERR_OK)
        err = pt_reserve_fill(&reserve->tables, tables);
    if (err == ERR_OK)
        err = as_reserve_pages(reserve, pages, r->kind.size);
    return err;
}

/*
 * Map every page of a free range by a leaf of its page size (region_frame,
 * as_leaf: a fresh page has no other reference), then record the VMA. What this
 * takes is reserved, so it cannot fail.
 */
static void commit_resident(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    enum pt_level level = as_leaf_level(r->kind.size);

    for (vaddr_t va = r->start; va < r->end; va += vma_page_bytes(r->kind.size)) {
        pte_t *entry;
        err_t err = pt_walk_make(&as->pt, va, level, &reserve->tables, &entry);

        KASSERT(err == ERR_OK && !pte_used(*entry));
        pte_store(entry, as_leaf(r->kind.flags, region_frame(r, va, reserve), level, true));
    }
    region_record(as, r, reserve);
}

err_t region_map_locked(struct address_space *as, const struct region *r,
                        struct as_reserve *reserve)
{
    err_t err;

    if (vma_overlaps(&as->vmas, r->start, r->end))
        return ERR_EXIST;
    err = reserve_resident(r, pt_missing(&as->pt, r->start, r->end, as_leaf_level(r->kind.size)),
                           reserve);
    if (err == ERR_OK)
        commit_resident(as, r, reserve);
    return err;
}

err_t as_map_region(struct address_space *as, vaddr_t start, uint64_t page_count, unsigned flags,
                    enum vma_type type, enum vma_page_size size)
{
    struct region r = { .start = start, .kind = { flags, type, size } };
    err_t err = region_check(as, page_count, VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    return err == ERR_OK ? as_operate(as, &r, region_map_locked) : err;
}

/* Tables that a region needs if none is there: those that are may go with what is replaced. */
static uint64_t tables_at_most(const struct region *r)
{
    uint64_t tables = 0;

    for (enum pt_level l = as_leaf_level(r->kind.size); l < PML4; l++)
        tables += (align_up(r->end, pt_span(l + 1)) - align_down(r->start, pt_span(l + 1))) >>
                  pt_shift(l + 1);
    return tables;
}

static err_t replace_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    bool resident = r->kind.flags & VMA_SHARED;
    err_t err = as_reserve_cuts(as, r->start, r->end, reserve);

    if (err == ERR_OK && resident)
        err = reserve_resident(r, tables_at_most(r), reserve);
    else if (err == ERR_OK)
        err = vma_pool_fill(&reserve->nodes, 1);
    if (err != ERR_OK)
        return err;
    as_remove_range(as, r->start, r->end, reserve);
    if (resident)
        commit_resident(as, r, reserve);
    else
        region_record(as, r, reserve);
    return ERR_OK;
}

err_t as_replace_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                        unsigned flags, enum vma_type type, enum vma_page_size size)
{
    struct region r = { .start = start, .kind = { flags, type, size } };
    err_t err = region_check(as, page_count, VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    return err == ERR_OK ? as_operate(as, &r, replace_locked) : err;
}
