/*
 * Moving, growing and shrinking a range: mremap. Frames keep their counts and
 * leaves their bits; only where they hang changes.
 */
#include "lib/panic.h"
#include "vm/unmap.h"

struct move {
    vaddr_t old, old_end, new, new_end;
    struct vma_kind kind; /* of the VMA that holds the old range */
};

/* First counts the tables that the destination lacks, then moves, leaf by leaf. */
struct move_visitor {
    struct pt_visitor base;
    struct address_space *as;
    uint64_t distance;      /* new - old */
    uint64_t tables;        /* counted */
    vaddr_t last[PML4 + 1]; /* by level: where the table counted last begins */
    struct pt_reserve *reserve;
    struct tlb_gather gather;
};

static bool count_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct move_visitor *v = CONTAINER_OF(self, struct move_visitor, base);
    vaddr_t to = va + v->distance;
    enum pt_level stop;

    (void)entry;
    pt_lookup(&v->as->pt, to, &stop);
    for (enum pt_level l = level; l < stop; l++) {
        vaddr_t begin = align_down(to, pt_span(l + 1));

        v->tables += begin != v->last[l];
        v->last[l] = begin;
    }
    return true;
}

static bool move_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct move_visitor *v = CONTAINER_OF(self, struct move_visitor, base);
    pte_t leaf = *entry, *to;
    err_t err = pt_walk_make(&v->as->pt, va + v->distance, level, v->reserve, &to);

    KASSERT(err == ERR_OK && !pte_used(*to));
    pte_store(entry, (pte_t){ 0 });
    pte_store(to, leaf);
    if (pte_present(leaf))
        tlb_gather_page(&v->gather, va);
    return true;
}

static uint64_t count_tables(struct address_space *as, vaddr_t start, vaddr_t end,
                             uint64_t distance)
{
    struct move_visitor v = { .base.leaf = count_leaf, .as = as, .distance = distance };

    for (enum pt_level l = PT; l <= PML4; l++)
        v.last[l] = UINT64_MAX;
    pt_visit(&as->pt, start, end, &v.base);
    return v.tables;
}

/*
 * Tables at the old place are freed afterwards only (as_remove_range): on the
 * way, one of them may be a later leaf's new home.
 */
static void move_pages(struct address_space *as, vaddr_t start, vaddr_t end, uint64_t distance,
                       struct pt_reserve *reserve)
{
    struct move_visitor v = {
        .base.leaf = move_leaf, .as = as, .distance = distance, .reserve = reserve
    };

    tlb_gather_init(&v.gather, &as->pt);
    pt_visit(&as->pt, start, end, &v.base);
    tlb_gather_finish(&v.gather);
}

static err_t resize_in_place(struct address_space *as, const struct move *m,
                             struct as_reserve *reserve)
{
    err_t err;

    if (m->new_end <= m->old_end) {
        if (m->new_end == m->old_end)
            return ERR_OK;
        err = as_reserve_cuts(as, m->new_end, m->old_end, reserve);
        if (err != ERR_OK)
            return err;
        as_remove_range(as, m->new_end, m->old_end, reserve);
        return ERR_OK;
    }
    if (vma_overlaps(&as->vmas, m->old_end, m->new_end))
        return ERR_EXIST;
    err = vma_pool_fill(&reserve->nodes, 1);
    if (err != ERR_OK)
        return err;
    vma_add(&as->vmas, m->old_end, m->new_end, m->kind, &reserve->nodes);
    vma_merge(&as->vmas, m->old, m->new_end);
    return ERR_OK;
}

static err_t move_away(struct address_space *as, const struct move *m, struct as_reserve *reserve)
{
    uint64_t distance = m->new - m->old;
    vaddr_t kept_end = m->old + min_u64(m->old_end - m->old, m->new_end - m->new);
    err_t err;

    if (vma_overlaps(&as->vmas, m->new, m->new_end))
        return ERR_EXIST;
    err = as_reserve_cuts(as, m->old, m->old_end, reserve);
    if (err == ERR_OK)
        err = vma_pool_fill(&reserve->nodes, 1);
    if (err == ERR_OK)
        err = pt_reserve_fill(&reserve->tables, count_tables(as, m->old, kept_end, distance));
    if (err != ERR_OK)
        return err;
    move_pages(as, m->old, kept_end, distance, &reserve->tables);
    as_remove_range(as, m->old, m->old_end, reserve);
    vma_add(&as->vmas, m->new, m->new_end, m->kind, &reserve->nodes);
    vma_merge(&as->vmas, m->new, m->new_end);
    return ERR_OK;
}

static err_t move_locked(struct address_space *as, struct move *m, struct as_reserve *reserve)
{
    const struct vma_node *node = vma_find(&as->vmas, m->old);
    uint64_t edges = m->old | m->old_end | m->new | m->new_end;
    bool grows = m->new_end - m->new > m->old_end - m->old;

    if (!node || node->end < m->old_end)
        return ERR_FAULT;
    m->kind = node->kind;
    if (!is_aligned(edges, vma_page_bytes(m->kind.size)))
        return ERR_INVAL;
    if (grows && (m->kind.flags & VMA_SHARED))
        return ERR_INVAL;
    if (m->new == m->old)
        return resize_in_place(as, m, reserve);
    return move_away(as, m, reserve);
}

static err_t check_move(const struct address_space *as, vaddr_t old, uint64_t old_len, vaddr_t new,
                        uint64_t new_len)
{
    err_t old_err = as_check_range(old, old_len), new_err = as_check_range(new, new_len);
    bool apart = old + old_len <= new || new + new_len <= old;

    if (as->is_kernel)
        return ERR_PERM;
    if (old_err == ERR_INVAL || new_err == ERR_INVAL)
        return ERR_INVAL;
    if (old_err != ERR_OK || new_err != ERR_OK)
        return ERR_FAULT;
    if (new != old && !apart)
        return ERR_INVAL;
    return ERR_OK;
}

err_t as_move_range(struct address_space *as, vaddr_t old, uint64_t old_len, vaddr_t new,
                    uint64_t new_len)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct move m = { .old = old, .old_end = old + old_len, .new = new, .new_end = new + new_len };
    err_t err = check_move(as, old, old_len, new, new_len);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = move_locked(as, &m, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    return err;
}
