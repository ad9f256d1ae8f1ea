/* Operations on ranges: reserve, map, unmap, protect, discard, replace, move. */
#include "arch/layout.h"
#include "model/op.h"
#include "pmm/pmm.h"
#include "sim.h"

static bool in_windows(struct m_space *s, uint64_t start, uint64_t pages)
{
    uint32_t *first = m_slot(s, start), *last = m_slot(s, start + pages - 1);

    return first && last && (uint64_t)(last - first) == pages - 1;
}

static uint64_t count_of(const struct op *op)
{
    return op->kind.size == VMA_PAGE_2M ? op->pages / HUGE_PAGES : op->pages;
}

/* ---- making regions ---- */

static bool choose_reserve(struct op *op)
{
    op->kind = choose_kind();
    choose_free_range(op, op->kind.size == VMA_PAGE_2M);
    if (m_random(100) == 0 && op->kind.size == VMA_PAGE_4K)
        op->pages = UINT64_C(1) << (20 + m_random(14)); /* 4 GiB to 64 TiB */
    return true;
}

static err_t predict_new(struct op *op)
{
    err_t err = range_error(op->start, op->pages);

    if (err != ERR_OK)
        return err;
    return m_overlaps(op->space, op->start, op->start + op->pages) ? ERR_EXIST : ERR_OK;
}

static err_t run_reserve(struct op *op)
{
    return as_reserve_region(op->space->as, va_of(op->start), count_of(op), op->kind.flags,
                             op->kind.type, op->kind.size);
}

static void apply_reserve(struct op *op)
{
    m_vma_add(op->space, op->start, op->start + op->pages, completed(op->kind));
}

static bool choose_map(struct op *op)
{
    op->kind = choose_kind();
    if (m_random(3) == 0)
        op->kind.flags |= VMA_SHARED;
    choose_free_range(op, op->kind.size == VMA_PAGE_2M);
    op->pages = op->kind.size == VMA_PAGE_2M ? HUGE_PAGES * (1 + m_random(2))
                                             : min_u64(op->pages, 1 + m_random(80));
    if (op->kind.size == VMA_PAGE_2M)
        op->huge = op->pages / HUGE_PAGES;
    else
        op->fresh = op->pages;
    return in_windows(op->space, op->start, op->pages);
}

static err_t run_map(struct op *op)
{
    return as_map_region(op->space->as, va_of(op->start), count_of(op), op->kind.flags,
                         op->kind.type, op->kind.size);
}

static void apply_map(struct op *op)
{
    apply_reserve(op);
    adopt_fresh(op->space, op->start, op->start + op->pages, 0);
}

static bool choose_map_frames(struct op *op)
{
    op->kind = choose_kind();
    op->kind.size = VMA_PAGE_4K;
    choose_free_range(op, false);
    op->pages = 1 + m_random(OP_FRAMES);
    for (uint64_t i = 0; i < op->pages; i++) {
        uint32_t frame = 0;

        for (unsigned tries = 0; tries < M_POOL && !frame; tries++)
            frame = m_pool[m_random(M_POOL)];
        if (!frame)
            return false;
        op->frames[i] = PADDR((uint64_t)frame << PAGE_SHIFT);
    }
    if (m_random(10) == 0)
        op->frames[m_random(op->pages)] = m_random(2) ? as_cr3(op->space->as) : PADDR(KERNEL_PHYS);
    return in_windows(op->space, op->start, op->pages);
}

static err_t predict_map_frames(struct op *op)
{
    err_t err = range_error(op->start, op->pages);

    for (uint64_t i = 0; i < op->pages && err == ERR_OK; i++)
        if (m_frame[op->frames[i].v >> PAGE_SHIFT].refs == 0)
            err = ERR_INVAL;
    return err == ERR_OK ? predict_new(op) : err;
}

static err_t run_map_frames(struct op *op)
{
    return as_map_shared_frames(op->space->as, va_of(op->start), op->frames, op->pages,
                                op->kind.flags, op->kind.type);
}

static void apply_map_frames(struct op *op)
{
    op->kind.flags |= VMA_SHARED;
    apply_reserve(op);
    for (uint64_t i = 0; i < op->pages; i++)
        m_page_add(op->space, op->start + i, (uint32_t)(op->frames[i].v >> PAGE_SHIFT));
}

static bool choose_replace(struct op *op)
{
    op->kind = choose_kind();
    choose_range(op, op->kind.size == VMA_PAGE_2M);
    if (m_random(3) == 0) {
        op->kind.flags |= VMA_SHARED;
        op->pages = op->kind.size == VMA_PAGE_2M ? HUGE_PAGES : min_u64(op->pages, 60);
        op->fresh = op->kind.size == VMA_PAGE_2M ? 0 : op->pages;
        op->huge = op->kind.size == VMA_PAGE_2M;
        return in_windows(op->space, op->start, op->pages);
    }
    return true;
}

static err_t predict_range(struct op *op)
{
    return range_error(op->start, op->pages);
}

static err_t run_replace(struct op *op)
{
    return as_replace_region(op->space->as, va_of(op->start), count_of(op), op->kind.flags,
                             op->kind.type, op->kind.size);
}

static void apply_unmap(struct op *op)
{
    m_vma_remove(op->space, op->start, op->start + op->pages);
    m_drop_pages(op->space, op->start, op->start + op->pages);
}

static void apply_replace(struct op *op)
{
    apply_unmap(op);
    apply_reserve(op);
    if (op->kind.flags & VMA_SHARED)
        adopt_fresh(op->space, op->start, op->start + op->pages, 0);
}

/* ---- changing what is there ---- */

static bool choose_any(struct op *op)
{
    choose_range(op, false);
    return true;
}

static err_t run_unmap(struct op *op)
{
    return as_unmap_range(op->space->as, va_of(op->start), op->pages << PAGE_SHIFT);
}

static bool choose_unmap_region(struct op *op)
{
    op->kind.size = m_random(2) ? VMA_PAGE_2M : VMA_PAGE_4K;
    choose_range(op, op->kind.size == VMA_PAGE_2M);
    return true;
}

static err_t run_unmap_region(struct op *op)
{
    return as_unmap_region(op->space->as, va_of(op->start), count_of(op), op->kind.size);
}

/* From inside one VMA into it, or through some that follow without a gap. */
static void choose_covered(struct op *op)
{
    const struct m_space *s = op->space;
    unsigned i = (unsigned)m_random(s->vma_count);
    uint64_t end;

    op->start = s->vma[i].start;
    if (m_random(3))
        op->start += m_random(min_u64(s->vma[i].end - op->start, 2000));
    while (i + 1 < s->vma_count && s->vma[i].end == s->vma[i + 1].start && m_random(3))
        i++;
    end = s->vma[i].end;
    if (m_random(3))
        end -= m_random(min_u64(end - max_u64(op->start, s->vma[i].start), 2000));
    op->pages = m_random(2) ? end - op->start : min_u64(op->pages, end - op->start);
}

static bool choose_protect(struct op *op)
{
    op->kind = choose_kind();
    op->kind.flags &= ~(unsigned)VMA_USER;
    choose_range(op, false);
    if (op->space->vma_count && m_random(5))
        choose_covered(op);
    return true;
}

static err_t predict_covered(struct op *op)
{
    err_t err = range_error(op->start, op->pages);

    if (err != ERR_OK)
        return err;
    return m_covers(op->space, op->start, op->start + op->pages) ? ERR_OK : ERR_NOMEM;
}

static err_t run_protect(struct op *op)
{
    return as_protect_range(op->space->as, va_of(op->start), op->pages << PAGE_SHIFT,
                            op->kind.flags);
}

static void apply_protect(struct op *op)
{
    m_vma_protect(op->space, op->start, op->start + op->pages, completed(op->kind).flags);
}

static err_t run_discard(struct op *op)
{
    return as_discard_range(op->space->as, va_of(op->start), op->pages << PAGE_SHIFT);
}

static void apply_discard(struct op *op)
{
    struct m_space *s = op->space;
    uint64_t start = op->start, end = op->start + op->pages;
    const struct m_vma *v;

    /* Shared memory at the edges is left out: nothing happens there, so nothing is cut. */
    while (start < end && (v = m_vma_find(s, start))->kind.flags & VMA_SHARED)
        start = v->end;
    while (start < end && (v = m_vma_find(s, end - 1))->kind.flags & VMA_SHARED)
        end = v->start;
    if (start >= end)
        return;
    m_vma_cut(s, start, end);
    for (uint64_t page = start; m_next_resident(s, &page, end); page++)
        if (!(m_vma_find(s, page)->kind.flags & VMA_SHARED))
            m_page_remove(s, page);
}

/* ---- moving ---- */

static bool choose_move(struct op *op)
{
    const struct m_vma *v;

    choose_protect(op);
    op->pages = min_u64(op->pages, 700);
    op->to_pages = m_random(3) ? op->pages : 1 + m_random(60);
    op->to = m_random(5) ? m_window[m_random(M_WINDOWS)] + m_random(M_WINDOW_PAGES) : op->start;
    v = m_vma_find(op->space, op->start);
    if (v && v->kind.size == VMA_PAGE_2M && m_random(6)) {
        op->start &= ~UINT64_C(511);
        op->pages = HUGE_PAGES * (1 + m_random(2));
        op->to &= ~UINT64_C(511);
        op->to_pages = HUGE_PAGES * (1 + m_random(3));
    }
    if (op->to != op->start && m_random(6))
        op->to = m_find_gap(op->space, op->to, op->to_pages,
                            v && v->kind.size == VMA_PAGE_2M ? HUGE_PAGES : 1);
    /* What is resident must stay in the windows. */
    return in_windows(op->space, op->to, op->to_pages);
}

static err_t predict_move(struct op *op)
{
    uint64_t end = op->start + op->pages, to_end = op->to + op->to_pages;
    const struct m_vma *v = m_vma_find(op->space, op->start);
    uint64_t extra = op->to == op->start ? end : op->to;

    if (range_error(op->start, op->pages) != ERR_OK || range_error(op->to, op->to_pages) != ERR_OK)
        return ERR_FAULT;
    if (op->to != op->start && op->to < end && op->start < to_end)
        return ERR_INVAL;
    if (!v || v->end < end)
        return ERR_FAULT;
    if (v->kind.size == VMA_PAGE_2M && (op->start | op->pages | op->to | op->to_pages) % HUGE_PAGES)
        return ERR_INVAL;
    if ((v->kind.flags & VMA_SHARED) && op->to_pages > op->pages)
        return ERR_INVAL;
    return extra < to_end && m_overlaps(op->space, extra, to_end) ? ERR_EXIST : ERR_OK;
}

static err_t run_move(struct op *op)
{
    return as_move_range(op->space->as, va_of(op->start), op->pages << PAGE_SHIFT, va_of(op->to),
                         op->to_pages << PAGE_SHIFT);
}

static void apply_move(struct op *op)
{
    struct m_space *s = op->space;
    struct m_kind kind = m_vma_find(s, op->start)->kind;
    uint64_t kept = min_u64(op->pages, op->to_pages);

    m_vma_remove(s, op->start, op->start + op->pages);
    m_drop_pages(s, op->start + kept, op->start + op->pages);
    m_vma_add(s, op->to, op->to + op->to_pages, kind);
    if (op->to == op->start)
        return;
    for (uint64_t page = op->start; m_next_resident(s, &page, op->start + kept); page++) {
        uint32_t *slot = m_slot(s, page);

        m_page_add(s, page - op->start + op->to, *slot);
        m_page_remove(s, page);
    }
}

const struct op_type op_region_types[] = {
    { "reserve", 12, true, choose_reserve, predict_new, run_reserve, apply_reserve },
    { "map", 10, true, choose_map, predict_new, run_map, apply_map },
    { "map_frames", 6, true, choose_map_frames, predict_map_frames, run_map_frames,
      apply_map_frames },
    { "replace", 6, true, choose_replace, predict_range, run_replace, apply_replace },
    { "unmap", 9, true, choose_any, predict_range, run_unmap, apply_unmap },
    { "unmap_region", 3, true, choose_unmap_region, predict_range, run_unmap_region, apply_unmap },
    { "protect", 14, true, choose_protect, predict_covered, run_protect, apply_protect },
    { "discard", 6, true, choose_protect, predict_covered, run_discard, apply_discard },
    { "move", 8, true, choose_move, predict_move, run_move, apply_move },
};
const unsigned op_region_count = sizeof(op_region_types) / sizeof(op_region_types[0]);
