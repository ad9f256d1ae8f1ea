/*
 * What operations have in common: checking their arguments, reserving what
 * they may need, and cutting VMAs and leaves at the edges of a range.
 */
#include "arch/layout.h"
#include "vm/space.h"

err_t as_check_range(vaddr_t addr, uint64_t len)
{
    vaddr_t end;

    if (!is_aligned(addr | len, PAGE_SIZE) || len == 0)
        return ERR_INVAL;
    if (__builtin_add_overflow(addr, len, &end) || addr < USER_MIN || end > USER_MAX)
        return ERR_FAULT;
    return ERR_OK;
}

err_t as_check_pages(vaddr_t start, uint64_t page_count, enum vma_page_size size, uint64_t *len)
{
    if (size > VMA_PAGE_2M || !is_aligned(start, vma_page_bytes(size)) || page_count == 0)
        return ERR_INVAL;
    if (__builtin_mul_overflow(page_count, vma_page_bytes(size), len))
        return ERR_FAULT;
    return as_check_range(start, *len);
}

err_t as_check_flags(unsigned *flags, unsigned allowed)
{
    if (*flags & ~allowed || (*flags & (VMA_WRITE | VMA_EXEC)) == (VMA_WRITE | VMA_EXEC))
        return ERR_INVAL;
    if (*flags & (VMA_WRITE | VMA_EXEC))
        *flags |= VMA_READ;
    *flags |= VMA_USER;
    return ERR_OK;
}

err_t as_reserve_pages(struct as_reserve *reserve, uint64_t n, enum vma_page_size size)
{
    reserve->page_order = size == VMA_PAGE_2M ? HUGE_ORDER : 0;
    for (; n > 0; n--) {
        paddr_t block;
        err_t err = pmm_alloc_zeroed(reserve->page_order, &block);

        if (err != ERR_OK)
            return err;
        frame_list_push(&reserve->pages, block);
    }
    return ERR_OK;
}

err_t as_reserve_cuts(struct address_space *as, vaddr_t start, vaddr_t end,
                      struct as_reserve *reserve)
{
    unsigned nodes = vma_cut_cost(&as->vmas, start) + vma_cut_cost(&as->vmas, end);
    err_t err = vma_pool_fill(&reserve->nodes, nodes);

    if (err != ERR_OK)
        return err;
    return pt_reserve_fill(&reserve->tables, pt_cut_cost(&as->pt, start, end));
}

void as_reserve_drop(struct as_reserve *reserve)
{
    vma_pool_drop(&reserve->nodes);
    pt_reserve_drop(&reserve->tables);
    while (reserve->pages.count)
        pmm_free(frame_list_pop(&reserve->pages), reserve->page_order);
}

err_t as_operate(struct address_space *as, const struct region *r, as_worker_t *worker)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    err_t err;

    spin_lock(&as->lock);
    err = worker(as, r, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}

void as_cut(struct address_space *as, vaddr_t start, vaddr_t end, struct as_reserve *reserve)
{
    vma_cut(&as->vmas, start, &reserve->nodes);
    vma_cut(&as->vmas, end, &reserve->nodes);
    pt_cut(&as->pt, start, &reserve->tables);
    pt_cut(&as->pt, end, &reserve->tables);
}
