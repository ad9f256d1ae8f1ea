/*
 * Changing rights. The VMAs say what the process may do; a leaf never says
 * more, and says less where a private frame has other references: it stays
 * read-only until a write fault copies it.
 */
#include "vm/space.h"

struct protect_visitor {
    struct pt_visitor base;
    struct tlb_gather gather;
    unsigned flags; /* new rights */
};

/* Does a CPU that still uses the old entry allow what the new one forbids? */
static bool rights_shrink(pte_t old, pte_t new)
{
    if (!pte_present(old))
        return false;
    return !pte_present(new) || (old.v & ~new.v &PTE_W) || (~old.v & new.v &PTE_NX);
}

static bool protect_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct protect_visitor *v = CONTAINER_OF(self, struct protect_visitor, base);
    pte_t old = *entry, new;
    paddr_t frame = pte_addr(old);
    unsigned shared = old.v & PTE_SHARED ? VMA_SHARED : 0;

    new = as_leaf(v->flags | shared, frame, level,
                  frame_block_exclusive(frame, pt_leaf_order(level)));
    if (pte_present(new))
        new.v |= old.v &(PTE_A | PTE_D);
    pte_store(entry, new);
    if (rights_shrink(old, new))
        tlb_gather_page(&v->gather, va);
    return true;
}

static void protect_pages(struct address_space *as, vaddr_t start, vaddr_t end, unsigned flags)
{
    struct protect_visitor v = { .base.leaf = protect_leaf, .flags = flags };

    tlb_gather_init(&v.gather, &as->pt);
    pt_visit(&as->pt, start, end, &v.base);
    tlb_gather_finish(&v.gather);
}

static void protect_vmas(struct address_space *as, vaddr_t start, vaddr_t end, unsigned flags)
{
    for (vaddr_t va = start; va < end;) {
        struct vma_node *node = vma_find(&as->vmas, va);

        node->kind.flags = flags | (node->kind.flags & VMA_SHARED);
        va = node->end;
    }
    vma_merge(&as->vmas, start, end);
}

/*
 * Give every page of a range the rights r->kind.flags, keeping VMA_SHARED. A page
 * in no VMA: ERR_NOMEM; so is no memory to cut the edges; nothing has changed
 * then. VMAs that became equal merge. A leaf, kept ones too, becomes what as_leaf
 * says for its frame and references, and keeps its A and D bits while it is
 * present; where the old one allowed more, the TLB forgets it before return.
 */
static err_t protect_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    err_t err;

    if (!vma_covers(&as->vmas, r->start, r->end))
        return ERR_NOMEM;
    err = as_reserve_cuts(as, r->start, r->end, reserve);
    if (err != ERR_OK)
        return err;
    as_cut(as, r->start, r->end, reserve);
    protect_pages(as, r->start, r->end, r->kind.flags);
    protect_vmas(as, r->start, r->end, r->kind.flags);
    return ERR_OK;
}

err_t as_protect_range(struct address_space *as, vaddr_t addr, uint64_t len, unsigned flags)
{
    err_t err = as->is_kernel ? ERR_PERM : as_check_flags(&flags, VMA_RIGHTS);

    if (err == ERR_OK)
        err = as_check_range(addr, len);
    if (err != ERR_OK)
        return err;
    return as_operate(as, &(struct region){ .start = addr, .end = addr + len, .kind.flags = flags },
                      protect_locked);
}
