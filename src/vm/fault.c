/*
 * Page faults: what an access finds, and what becomes of it.
 *
 *     no VMA                                   ERR_FAULT   (final)
 *     VMA forbids the access                   ERR_ACCES   (final)
 *     entry empty                              zero page   demand-zero
 *     entry allows the access                  nothing     resolved already
 *     write, entry read-only (PTE_COW)         fault_own   copy or take over: cow.c
 *
 * An entry goes from its old value to its new one by one store, so that no
 * other CPU ever finds the page missing. A fault drops the faulting page's
 * translation by itself (SDM vol. 3A, "Invalidation of TLBs"), and giving more
 * rights needs no flush.
 */
#include "vm/cow.h"

#include "lib/string.h"

/*
 * Do the rights of a VMA allow the access (enum as_access)? A fetch needs
 * VMA_EXEC, a write VMA_WRITE, anything else VMA_READ.
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    unsigned needed = access & AS_WRITE ? VMA_WRITE : access & AS_EXEC ? VMA_EXEC : VMA_READ;

    return flags & needed;
}

/*
 * Where there is no page, map a zeroed one of the VMA's page size. Errors:
 * ERR_NOMEM; nothing has changed and nothing is lost then. It is zeroed before
 * the entry is stored: until then, no program can see it.
 */
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

/* What becomes of an access, by the table above. VMA_... flags decide before any entry is read. */
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
