/*
 * Page faults: what an access finds, and what becomes of it.
 *
 *     no VMA                                   ERR_FAULT   (final)
 *     VMA forbids the access                   ERR_ACCES   (final)
 *     entry empty                              zero page   demand-zero
 *     entry allows the access                  nothing     resolved already
 *     write, entry read-only (PTE_COW):
 *         last reference                       take over   rights are given in place
 *         frame shared                         copy        new frame, one store
 *         2 MiB page shared, no free block     split, then as a 4 KiB page
 *
 * An entry goes from its old value to its new one by one store, so that no
 * other CPU ever finds the page missing. A fault drops the faulting page's
 * translation by itself (SDM vol. 3A, "Invalidation of TLBs"), and giving more
 * rights needs no flush; only a copy, which moves the page, does.
 */
#include "lib/string.h"
#include "vm/space.h"

/* A fault inside a VMA: the page and where the walk for it ends. */
struct fault {
    struct address_space *as;
    const struct vma_node *vma;
    vaddr_t addr;
    pte_t *entry;
    enum pt_level level;
};

static bool vma_allows(unsigned flags, unsigned access)
{
    unsigned needed = access & AS_WRITE ? VMA_WRITE : access & AS_EXEC ? VMA_EXEC : VMA_READ;

    return flags & needed;
}

static err_t fault_zero(const struct fault *f)
{
    enum vma_page_size size = f->vma->kind.size;
    enum pt_level level = as_leaf_level(size);
    vaddr_t page = align_down(f->addr, vma_page_bytes(size));
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t frame;
    pte_t *entry;
    err_t err = pmm_alloc_zeroed(pt_leaf_order(level), &frame);

    if (err != ERR_OK)
        return err;
    err = pt_reserve_fill(&tables, f->level - level);
    if (err == ERR_OK)
        err = pt_walk_make(&f->as->pt, page, level, &tables, &entry);
    if (err != ERR_OK) {
        pt_reserve_drop(&tables);
        pmm_free(frame, pt_leaf_order(level));
        return err;
    }
    pte_store(entry, as_leaf(f->vma->kind.flags, frame, level, true));
    return ERR_OK;
}

/* Give the leaf a copy of its frame, made by the caller's allocation. */
static void fault_copy(const struct fault *f, paddr_t copy)
{
    pte_t old = *f->entry;
    unsigned order = pt_leaf_order(f->level);
    struct tlb_gather gather;

    cpu_movsq(phys_to_virt(copy), phys_to_virt(pte_addr(old)), (PAGE_SIZE << order) / 8);
    tlb_gather_init(&gather, &f->as->pt);
    pte_store(f->entry, as_leaf(f->vma->kind.flags, copy, f->level, true));
    tlb_gather_page(&gather, f->addr);
    tlb_gather_leaf(&gather, old, f->level);
    tlb_gather_finish(&gather);
}

static void fault_take_over(const struct fault *f)
{
    pte_t old = *f->entry;
    pte_t new = as_leaf(f->vma->kind.flags, pte_addr(old), f->level, true);

    new.v |= old.v &(PTE_A | PTE_D) & (pte_present(new) ? UINT64_MAX : 0);
    pte_store(f->entry, new);
}

/* No free 2 MiB block: give up the large page, and own just the 4 KiB that are written. */
static err_t fault_split(struct fault *f)
{
    paddr_t frame = PADDR(pte_addr(*f->entry).v + align_down(f->addr & (HUGE_SIZE - 1), PAGE_SIZE));
    bool shared = !frame_block_exclusive(frame, 0);
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t copy;
    err_t err = pt_reserve_fill(&tables, 1);

    if (err == ERR_OK && shared)
        err = pmm_alloc(0, &copy);
    if (err != ERR_OK) {
        pt_reserve_drop(&tables);
        return err;
    }
    pt_split(&f->as->pt, f->entry, &tables);
    f->entry = pt_lookup(&f->as->pt, f->addr, &f->level);
    if (shared)
        fault_copy(f, copy);
    else
        fault_take_over(f);
    return ERR_OK;
}

/* Make the space the only one that refers to the page, with all rights that the VMA gives. */
static err_t fault_own(struct fault *f)
{
    unsigned order = pt_leaf_order(f->level);
    paddr_t copy;
    err_t err;

    if (frame_block_exclusive(pte_addr(*f->entry), order)) {
        fault_take_over(f);
        return ERR_OK;
    }
    err = pmm_alloc(order, &copy);
    if (err == ERR_OK)
        fault_copy(f, copy);
    else if (order > 0)
        err = fault_split(f);
    return err;
}

static err_t handle_locked(struct address_space *as, vaddr_t addr, unsigned access)
{
    struct fault f = { .as = as, .vma = vma_find(&as->vmas, addr), .addr = addr };

    if (!f.vma)
        return ERR_FAULT;
    if (!vma_allows(f.vma->kind.flags, access))
        return ERR_ACCES;
    f.entry = pt_lookup(&as->pt, addr, &f.level);
    if (!pte_used(*f.entry))
        return fault_zero(&f);
    if ((access & AS_WRITE) && !(f.entry->v & PTE_W))
        return fault_own(&f);
    return ERR_OK;
}

err_t as_handle_fault(struct address_space *as, vaddr_t addr, unsigned access)
{
    err_t err;

    spin_lock(&as->lock);
    err = handle_locked(as, addr, access);
    spin_unlock(&as->lock);
    return err;
}

/* Make the page at addr resident and safe for the kernel to write, whatever its rights. */
static err_t own_page_locked(struct address_space *as, vaddr_t addr, paddr_t *out)
{
    struct fault f = { .as = as, .vma = vma_find(&as->vmas, addr), .addr = addr };
    err_t err = ERR_OK;

    if (!f.vma)
        return ERR_FAULT;
    f.entry = pt_lookup(&as->pt, addr, &f.level);
    if (!pte_used(*f.entry))
        err = fault_zero(&f);
    else if (!(f.vma->kind.flags & VMA_SHARED))
        err = fault_own(&f);
    if (err != ERR_OK)
        return err;
    f.entry = pt_lookup(&as->pt, addr, &f.level);
    out->v = pte_addr(*f.entry).v + (addr & (pt_span(f.level) - 1));
    return ERR_OK;
}

err_t as_write(struct address_space *as, vaddr_t addr, const void *src, uint64_t len)
{
    const char *from = src;
    err_t err = as->is_kernel ? ERR_PERM : ERR_OK;

    spin_lock(&as->lock);
    while (len > 0 && err == ERR_OK) {
        uint64_t part = min_u64(len, PAGE_SIZE - (addr & (PAGE_SIZE - 1)));
        paddr_t pa;

        err = own_page_locked(as, addr, &pa);
        if (err == ERR_OK)
            memcpy(phys_to_virt(pa), from, part);
        addr += part;
        from += part;
        len -= part;
    }
    spin_unlock(&as->lock);
    return err;
}
