/*
 * Taking memory away: unmapping, which removes pages and VMAs, and discarding,
 * which removes the pages of private memory only.
 */
#include "vm/unmap.h"

#include "arch/layout.h"

static bool drop_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    pte_t leaf = *entry;

    pte_store(entry, (pte_t){ 0 });
    if (pte_present(leaf))
        tlb_gather_page(self->prune, va);
    tlb_gather_leaf(self->prune, leaf, level);
    return true;
}

void as_drop_pages(struct address_space *as, vaddr_t start, vaddr_t end)
{
    struct tlb_gather gather;
    struct pt_visitor visitor = { .leaf = drop_leaf, .prune = &gather };

    tlb_gather_init(&gather, &as->pt);
    pt_visit(&as->pt, start, end, &visitor);
    tlb_gather_finish(&gather);
}

void as_remove_range(struct address_space *as, vaddr_t start, vaddr_t end,
                     struct as_reserve *reserve)
{
    as_cut(as, start, end, reserve);
    as_drop_pages(as, start, end);
    vma_remove_range(&as->vmas, start, end);
    vma_merge(&as->vmas, start, end);
}

static err_t unmap_locked(struct address_space *as, const struct region *r,
                          struct as_reserve *reserve)
{
    err_t err = as_reserve_cuts(as, r->start, r->end, reserve);

    if (err == ERR_OK)
        as_remove_range(as, r->start, r->end, reserve);
    return err;
}

err_t as_unmap_range(struct address_space *as, vaddr_t addr, uint64_t len)
{
    err_t err = as->is_kernel ? ERR_PERM : as_check_range(addr, len);

    if (err != ERR_OK)
        return err;
    return as_operate(as, &(struct region){ .start = addr, .end = addr + len }, unmap_locked);
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

/* The part of [*start, *end) that discarding can change: shared memory at its edges is left out. */
static void trim_shared(const struct address_space *as, vaddr_t *start, vaddr_t *end)
{
    const struct vma_node *node;

    while (*start < *end && (node = vma_find(&as->vmas, *start))->kind.flags & VMA_SHARED)
        *start = node->end;
    while (*start < *end && (node = vma_find(&as->vmas, *end - 1))->kind.flags & VMA_SHARED)
        *end = node->start;
}

static err_t discard_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    vaddr_t start = r->start, end = r->end;
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
    err_t err = as->is_kernel ? ERR_PERM : as_check_range(addr, len);

    if (err != ERR_OK)
        return err;
    return as_operate(as, &(struct region){ .start = addr, .end = addr + len }, discard_locked);
}
