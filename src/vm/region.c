/*
 * Making and removing regions. Each operation has the same shape: check the
 * arguments, take the lock, let a _locked worker reserve and commit, drop what
 * was reserved and not used.
 */
#include "arch/layout.h"
#include "lib/panic.h"
#include "vm/space.h"

/* Arguments of the operations that make a region, checked and completed. */
struct region {
    vaddr_t start, end;
    struct vma_kind kind;
};

static err_t region_check(const struct address_space *as, vaddr_t start, uint64_t page_count,
                          struct vma_kind kind, unsigned allowed, struct region *out)
{
    uint64_t len;
    err_t err;

    if (as->is_kernel)
        return ERR_PERM;
    err = as_check_flags(&kind.flags, allowed);
    if (err != ERR_OK)
        return err;
    if (kind.type > VMA_KERNEL)
        return ERR_INVAL;
    err = as_check_pages(start, page_count, kind.size, &len);
    *out = (struct region){ start, start + len, kind };
    return err;
}

static void region_record(struct address_space *as, const struct region *r,
                          struct as_reserve *reserve)
{
    vma_add(&as->vmas, r->start, r->end, r->kind, &reserve->nodes);
    vma_merge(&as->vmas, r->start, r->end);
}

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
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct region r;
    err_t err = region_check(as, start, page_count, (struct vma_kind){ flags, type, size },
                             VMA_RIGHTS | VMA_USER, &r);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = reserve_locked(as, &r, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}

/* Map a frame that nothing maps yet; tables come from the reserve. */
static void map_page(struct address_space *as, vaddr_t va, const struct region *r, paddr_t frame,
                     struct as_reserve *reserve)
{
    enum pt_level level = as_leaf_level(r->kind.size);
    pte_t *entry;
    err_t err = pt_walk_make(&as->pt, va, level, &reserve->tables, &entry);

    KASSERT(err == ERR_OK && !pte_used(*entry));
    pte_store(entry, as_leaf(r->kind.flags, frame, level, true));
}

static err_t reserve_resident(struct address_space *as, const struct region *r, uint64_t tables,
                              struct as_reserve *reserve)
{
    uint64_t pages = (r->end - r->start) / vma_page_bytes(r->kind.size);
    err_t err = vma_pool_fill(&reserve->nodes, 1);

    (void)as;
    if (err != ERR_OK)
        return err;
    err = pt_reserve_fill(&reserve->tables, tables);
    if (err != ERR_OK)
        return err;
    return as_reserve_pages(reserve, pages, r->kind.size);
}

static void commit_resident(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    for (vaddr_t va = r->start; va < r->end; va += vma_page_bytes(r->kind.size))
        map_page(as, va, r, frame_list_pop(&reserve->pages), reserve);
    region_record(as, r, reserve);
}

static err_t map_locked(struct address_space *as, const struct region *r,
                        struct as_reserve *reserve)
{
    uint64_t tables;
    err_t err;

    if (vma_overlaps(&as->vmas, r->start, r->end))
        return ERR_EXIST;
    tables = pt_missing(&as->pt, r->start, r->end, as_leaf_level(r->kind.size));
    err = reserve_resident(as, r, tables, reserve);
    if (err == ERR_OK)
        commit_resident(as, r, reserve);
    return err;
}

err_t as_map_region(struct address_space *as, vaddr_t start, uint64_t page_count, unsigned flags,
                    enum vma_type type, enum vma_page_size size)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct region r;
    err_t err = region_check(as, start, page_count, (struct vma_kind){ flags, type, size },
                             VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = map_locked(as, &r, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}

static bool frame_is_mappable(paddr_t frame)
{
    return is_aligned(frame.v, PAGE_SIZE) && frame_state(frame) == FRAME_USED;
}

static err_t map_frames_locked(struct address_space *as, const struct region *r,
                               const paddr_t *frames, struct as_reserve *reserve)
{
    uint64_t count = (r->end - r->start) / PAGE_SIZE;
    err_t err;

    if (vma_overlaps(&as->vmas, r->start, r->end))
        return ERR_EXIST;
    err = vma_pool_fill(&reserve->nodes, 1);
    if (err != ERR_OK)
        return err;
    err = pt_reserve_fill(&reserve->tables, pt_missing(&as->pt, r->start, r->end, PT));
    if (err != ERR_OK)
        return err;
    for (uint64_t i = 0; i < count; i++) {
        frame_get(frames[i]);
        map_page(as, r->start + i * PAGE_SIZE, r, frames[i], reserve);
    }
    region_record(as, r, reserve);
    return ERR_OK;
}

err_t as_map_shared_frames(struct address_space *as, vaddr_t start, const paddr_t *frames,
                           uint64_t count, unsigned flags, enum vma_type type)
{
    struct vma_kind kind = { flags | VMA_SHARED, type, VMA_PAGE_4K };
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct region r;
    err_t err = region_check(as, start, count, kind, VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    if (err != ERR_OK)
        return err;
    for (uint64_t i = 0; i < count; i++)
        if (!frame_is_mappable(frames[i]))
            return ERR_INVAL;
    spin_lock(&as->lock);
    err = map_frames_locked(as, &r, frames, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}

/* Remove pages and VMAs of a range whose edges are cut. */
static void clear_range(struct address_space *as, vaddr_t start, vaddr_t end)
{
    as_drop_pages(as, start, end);
    vma_remove_range(&as->vmas, start, end);
    vma_merge(&as->vmas, start, end);
}

err_t as_unmap_range(struct address_space *as, vaddr_t addr, uint64_t len)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    err_t err = as->is_kernel ? ERR_PERM : as_check_range(addr, len);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = as_reserve_cuts(as, addr, addr + len, &reserve);
    if (err == ERR_OK) {
        as_cut(as, addr, addr + len, &reserve);
        clear_range(as, addr, addr + len);
    }
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}

err_t as_unmap_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                      enum vma_page_size size)
{
    uint64_t len;
    err_t err = as->is_kernel ? ERR_PERM : as_check_pages(start, page_count, size, &len);

    return err == ERR_OK ? as_unmap_range(as, start, len) : err;
}

void as_unmap_all_user_regions(struct address_space *as)
{
    spin_lock(&as->lock);
    as_drop_pages(as, 0, USER_MAX);
    vma_clear(&as->vmas);
    spin_unlock(&as->lock);
}

/* Tables that a range needs where there are none at all: what as_drop_pages may free is not counted on. */
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

    if (err != ERR_OK)
        return err;
    if (resident)
        err = reserve_resident(as, r, tables_at_most(r), reserve);
    else
        err = vma_pool_fill(&reserve->nodes, 1);
    if (err != ERR_OK)
        return err;
    as_cut(as, r->start, r->end, reserve);
    clear_range(as, r->start, r->end);
    if (resident)
        commit_resident(as, r, reserve);
    else
        region_record(as, r, reserve);
    return ERR_OK;
}

err_t as_replace_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                        unsigned flags, enum vma_type type, enum vma_page_size size)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct region r;
    err_t err = region_check(as, start, page_count, (struct vma_kind){ flags, type, size },
                             VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = replace_locked(as, &r, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}

/* The part of [*start, *end) that discarding can change: shared memory at its edges is left out. */
static void trim_shared(const struct address_space *as, vaddr_t *start, vaddr_t *end)
{
    const struct vma_node *node;

    while (*start < *end && (node = vma_find(&as->vmas, *start))->kind.flags & VMA_SHARED)
        *start = node->end;
    while (*start < *end && (node = vma_find(&as->vmas, *end - 1))->kind.flags & VMA_SHARED)
        *end = node->start;
}

static err_t discard_locked(struct address_space *as, vaddr_t start, vaddr_t end,
                            struct as_reserve *reserve)
{
    err_t err;

    if (!vma_covers(&as->vmas, start, end))
        return ERR_NOMEM;
    trim_shared(as, &start, &end);
    if (start >= end)
        return ERR_OK;
    err = as_reserve_cuts(as, start, end, reserve);
    if (err != ERR_OK)
        return err;
    as_cut(as, start, end, reserve);
    for (vaddr_t va = start; va < end;) {
        const struct vma_node *node = vma_find(&as->vmas, va);

        if (!(node->kind.flags & VMA_SHARED))
            as_drop_pages(as, node->start, node->end);
        va = node->end;
    }
    vma_merge(&as->vmas, start, end);
    return ERR_OK;
}

err_t as_discard_range(struct address_space *as, vaddr_t addr, uint64_t len)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    err_t err = as->is_kernel ? ERR_PERM : as_check_range(addr, len);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = discard_locked(as, addr, addr + len, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}
