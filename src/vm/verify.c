/*
 * The invariants of the memory layers, checked from the outside: everything
 * that address_space.h promises about VMAs, tables and counts. Written without
 * the walker and the leaf rules' shortcuts, so that a mistake there shows here.
 */
#include "arch/log.h"
#include "vm/space.h"
#include "vm/space_list.h"

struct verify {
    const struct address_space *as;
    uint64_t tables;
    uint64_t shared_pages; /* 4 KiB pages resident in shared VMAs */
    bool audit;            /* report references to the frame audit instead of checking */
};

#define VERIFY(cond, ...)                                                                          \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            klog("verify: " __VA_ARGS__);                                                          \
            return false;                                                                          \
        }                                                                                          \
    } while (0)

/* Does a leaf say what its VMA and its frame's count ask for? */
static bool verify_rights(const struct vma_node *vma, pte_t leaf, vaddr_t va, enum pt_level level)
{
    unsigned flags = vma->kind.flags;
    bool present = pte_present(leaf), writable = leaf.v & PTE_W;
    bool exclusive = frame_block_exclusive(pte_addr(leaf), pt_leaf_order(level));

    VERIFY(present == !!(flags & VMA_READ), "page %#lx: present %d, VMA rights %#x", va, present,
           flags);
    VERIFY(!present == !!(leaf.v & PTE_KEPT), "page %#lx: entry %#lx is neither present nor kept",
           va, leaf.v);
    VERIFY(!(leaf.v & PTE_SHARED) == !(flags & VMA_SHARED), "page %#lx: entry %#lx in a %s VMA", va,
           leaf.v, flags & VMA_SHARED ? "shared" : "private");
    VERIFY(!writable || (flags & VMA_WRITE), "page %#lx: writable beyond its VMA", va);
    if (!present)
        return true;
    VERIFY(!(leaf.v & PTE_NX) == !!(flags & VMA_EXEC), "page %#lx: execute rights differ", va);
    VERIFY((leaf.v & PTE_U) && !(leaf.v & PTE_G), "page %#lx: entry %#lx is no user page", va,
           leaf.v);
    VERIFY(!(leaf.v & PTE_COW) || !writable, "page %#lx: copy-on-write and writable", va);
    VERIFY(!!(leaf.v & PTE_COW) == ((flags & VMA_WRITE) && !writable),
           "page %#lx: entry %#lx is not marked as its VMA wants", va, leaf.v);
    VERIFY(!writable || (flags & VMA_SHARED) || exclusive, "page %#lx: writable, but shared", va);
    VERIFY(writable || !(flags & VMA_WRITE) || !(flags & VMA_SHARED),
           "page %#lx: shared memory is not writable", va);
    return true;
}

static bool verify_leaf(struct verify *v, pte_t leaf, vaddr_t va, enum pt_level level)
{
    const struct vma_node *vma = vma_find(&v->as->vmas, va);
    uint64_t pages = pt_span(level) / PAGE_SIZE;

    for (uint64_t i = 0; i < pages; i++) {
        paddr_t frame = PADDR(pte_addr(leaf).v + i * PAGE_SIZE);

        if (v->audit)
            frame_audit_ref(frame);
        else
            VERIFY(frame_state(frame) == FRAME_USED, "page %#lx: frame %#lx is %s", va, frame.v,
                   frame_state(frame) == FRAME_TABLE ? "a page table" : "not in use");
    }
    if (v->audit)
        return true;
    VERIFY(vma && va + pt_span(level) <= vma->end, "page %#lx lies outside of its VMA", va);
    VERIFY(level == PT || (level == PD && vma->kind.size == VMA_PAGE_2M),
           "page %#lx: leaf of level %d in a VMA of other pages", va, level);
    if (vma->kind.flags & VMA_SHARED)
        v->shared_pages += pages;
    return verify_rights(vma, leaf, va, level);
}

static bool verify_table(struct verify *v, paddr_t table, enum pt_level level, vaddr_t base);

/* An entry that points to a table. */
static bool verify_branch(struct verify *v, pte_t entry, enum pt_level level, vaddr_t va)
{
    paddr_t table = pte_addr(entry);

    v->tables++;
    if (!v->audit) {
        VERIFY((entry.v & (PTE_P | PTE_W | PTE_U)) == (PTE_P | PTE_W | PTE_U) &&
                   !(entry.v & PTE_NX),
               "entry %#lx above %#lx restricts its leaves", entry.v, va);
        VERIFY(frame_state(table) == FRAME_TABLE && frame_count(table) == 1,
               "table %#lx above %#lx: state %d, count %u", table.v, va, frame_state(table),
               frame_count(table));
    }
    return verify_table(v, table, level - 1, va);
}

static bool verify_table(struct verify *v, paddr_t table, enum pt_level level, vaddr_t base)
{
    const pte_t *entries = pt_table(table);
    unsigned count = level == PML4 ? PML4_KERNEL : PT_ENTRIES, used = 0;
    const struct vma_node *vma;

    if (v->audit)
        frame_audit_ref(table);
    for (unsigned i = 0; i < count; i++) {
        vaddr_t va = base + i * pt_span(level);
        bool ok;

        if (!pte_used(entries[i]))
            continue;
        used++;
        ok = pte_is_leaf(entries[i], level) ? verify_leaf(v, entries[i], va, level)
                                            : verify_branch(v, entries[i], level, va);
        if (!ok)
            return false;
    }
    VERIFY(used > 0 || level == PML4, "table %#lx above %#lx is empty", table.v, base);
    vma = vma_find(&v->as->vmas, base);
    VERIFY(level != PT || used == PT_ENTRIES || !vma || vma->kind.size == VMA_PAGE_4K,
           "2 MiB page at %#lx is resident in part", base);
    return true;
}

static bool verify_kernel_half(const struct address_space *as)
{
    const pte_t *own = pt_table(as->pt.root);
    const struct address_space *kernel = CONTAINER_OF(space_list.next, struct address_space, all);
    const pte_t *reference = pt_table(kernel->pt.root);

    for (unsigned i = PML4_KERNEL; i < PT_ENTRIES; i++)
        VERIFY(((own[i].v ^ reference[i].v) & ~(PTE_A | PTE_D)) == 0,
               "PML4 entry %u differs from the kernel's", i);
    return true;
}

static bool verify_locked(const struct address_space *as)
{
    struct verify v = { .as = as };
    uint64_t shared_pages = 0;

    if (!vma_check(&as->vmas) || !verify_table(&v, as->pt.root, PML4, 0))
        return false;
    for (const struct vma_node *vma = vma_at_or_after(&as->vmas, 0); vma;
         vma = vma_at_or_after(&as->vmas, vma->end)) {
        if (vma->kind.flags & VMA_SHARED)
            shared_pages += (vma->end - vma->start) / PAGE_SIZE;
        VERIFY((vma->kind.flags & VMA_USER) &&
                   (vma->kind.flags & (VMA_WRITE | VMA_EXEC)) != (VMA_WRITE | VMA_EXEC),
               "VMA at %#lx has flags %#x", vma->start, vma->kind.flags);
    }
    VERIFY(v.shared_pages == shared_pages, "%lu of %lu shared pages are resident", v.shared_pages,
           shared_pages);
    VERIFY(v.tables == as->pt.tables, "%lu tables found, %lu counted", v.tables, as->pt.tables);
    VERIFY(frame_state(as->pt.root) == FRAME_TABLE || as->is_kernel, "the root is no table");
    return verify_kernel_half(as);
}

err_t as_verify(struct address_space *as)
{
    bool ok;

    spin_lock(&as->lock);
    ok = verify_locked(as);
    spin_unlock(&as->lock);
    return ok ? ERR_OK : ERR_INVAL;
}

/* The kernel half's tables hang below the kernel's own root only. */
static void audit_kernel_tables(paddr_t table, enum pt_level level)
{
    const pte_t *entries = pt_table(table);

    if (level < PML4)
        frame_audit_ref(table);
    for (unsigned i = level == PML4 ? PML4_KERNEL : 0; i < PT_ENTRIES; i++)
        if (pte_present(entries[i]) && !pte_is_leaf(entries[i], level))
            audit_kernel_tables(pte_addr(entries[i]), level - 1);
}

err_t as_verify_all(uint32_t (*kernel_refs)(paddr_t frame))
{
    bool ok = true;

    spin_lock(&space_list_lock);
    frame_audit_begin();
    LIST_FOR_EACH (node, next, &space_list) {
        struct address_space *as = CONTAINER_OF(node, struct address_space, all);
        struct verify v = { .as = as, .audit = true };

        spin_lock(&as->lock);
        ok = ok && verify_locked(as) && verify_table(&v, as->pt.root, PML4, 0);
        if (as->is_kernel)
            audit_kernel_tables(as->pt.root, PML4);
        spin_unlock(&as->lock);
    }
    ok = ok && frame_audit_end(kernel_refs);
    spin_unlock(&space_list_lock);
    return ok ? ERR_OK : ERR_INVAL;
}
