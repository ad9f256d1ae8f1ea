/*
 * Life and death of address spaces, switching between them, and questions
 * about them. What changes memory is in region.c, protect.c, move.c, fault.c
 * and clone.c.
 */
#include "vm/address_space.h"

#include "arch/layout.h"
#include "lib/panic.h"
#include "pmm/cache.h"
#include "vm/space.h"
#include "vm/space_list.h"

static struct obj_cache space_cache = OBJ_CACHE_INIT(space_cache, struct address_space);
static struct address_space *kernel_space; /* (!) after as_new_kernel */

struct spinlock space_list_lock = SPINLOCK_INIT(LOCK_SPACES);
struct list_node space_list = { &space_list, &space_list };

static err_t space_new(struct address_space **out)
{
    void *obj;
    struct address_space *as;
    err_t err = cache_alloc(&space_cache, &obj);

    if (err != ERR_OK)
        return err;
    as = obj;
    as->lock = (struct spinlock)SPINLOCK_INIT(LOCK_AS);
    as->refs = 1;
    *out = as;
    return ERR_OK;
}

static void space_publish(struct address_space *as)
{
    spin_lock(&space_list_lock);
    list_push_back(&space_list, &as->all);
    spin_unlock(&space_list_lock);
}

err_t as_new_kernel(struct address_space **out)
{
    err_t err;

    if (kernel_space)
        return ERR_EXIST;
    err = space_new(&kernel_space);
    if (err != ERR_OK)
        return err;
    kernel_space->is_kernel = true;
    kernel_space->pt.root = mmu_root();
    space_publish(kernel_space);
    *out = kernel_space;
    return ERR_OK;
}

err_t as_new_user(struct address_space **out)
{
    struct address_space *as;
    pte_t *root, *kernel_root;
    err_t err = space_new(&as);

    if (err != ERR_OK)
        return err;
    err = pmm_alloc_zeroed(0, &as->pt.root);
    if (err != ERR_OK) {
        cache_free(&space_cache, as);
        return err;
    }
    frame_set_table(as->pt.root);
    root = pt_table(as->pt.root);
    kernel_root = pt_table(kernel_space->pt.root);
    for (unsigned i = PML4_KERNEL; i < PT_ENTRIES; i++)
        root[i] = kernel_root[i];
    space_publish(as);
    *out = as;
    return ERR_OK;
}

struct address_space *as_get(struct address_space *as)
{
    __atomic_fetch_add(&as->refs, 1, __ATOMIC_RELAXED);
    return as;
}

void as_put(struct address_space *as)
{
    if (__atomic_sub_fetch(&as->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    KASSERT(!as->is_kernel);
    spin_lock(&space_list_lock);
    list_remove(&as->all);
    spin_unlock(&space_list_lock);
    if (mmu_root().v == as->pt.root.v)
        as_switch_to(kernel_space);
    as_unmap_all_user_regions(as);
    pmm_free(as->pt.root, 0);
    cache_free(&space_cache, as);
}

paddr_t as_cr3(const struct address_space *as)
{
    return as->pt.root;
}

void as_switch_to(struct address_space *as)
{
    if (mmu_root().v != as->pt.root.v)
        mmu_load_root(as->pt.root);
}

bool as_is_kernel(const struct address_space *as)
{
    return as->is_kernel;
}

bool as_has_user_mappings(struct address_space *as)
{
    bool has;

    spin_lock(&as->lock);
    has = as->vmas.root != NULL;
    spin_unlock(&as->lock);
    return has;
}

bool as_has_mapping_in_range(struct address_space *as, vaddr_t addr, uint64_t len)
{
    vaddr_t end;
    bool has;

    if (len == 0)
        return false;
    if (__builtin_add_overflow(addr, len, &end))
        return true;
    spin_lock(&as->lock);
    has = vma_overlaps(&as->vmas, addr, end);
    spin_unlock(&as->lock);
    return has;
}

static void describe(const struct vma_node *node, struct vma *out)
{
    *out = (struct vma){
        .start = node->start,
        .page_count = (node->end - node->start) / vma_page_bytes(node->kind.size),
        .flags = node->kind.flags,
        .type = node->kind.type,
        .page_size = node->kind.size,
    };
}

bool as_region_at_or_after(struct address_space *as, vaddr_t addr, struct vma *out)
{
    const struct vma_node *node;

    spin_lock(&as->lock);
    node = vma_at_or_after(&as->vmas, addr);
    if (node)
        describe(node, out);
    spin_unlock(&as->lock);
    return node != NULL;
}

bool as_region_by_start(struct address_space *as, vaddr_t start, struct vma *out)
{
    struct vma found;

    if (!as_region_at_or_after(as, start, &found) || found.start != start)
        return false;
    *out = found;
    return true;
}

err_t as_find_free_vma_range(struct address_space *as, vaddr_t hint, uint64_t page_count,
                             enum vma_page_size size, vaddr_t *out)
{
    uint64_t len;
    bool found;

    if (page_count == 0 || size > VMA_PAGE_2M)
        return ERR_INVAL;
    if (__builtin_mul_overflow(page_count, vma_page_bytes(size), &len))
        return ERR_FAULT;
    hint = min_u64(max_u64(hint, USER_MIN), USER_MAX);
    spin_lock(&as->lock);
    found = vma_find_gap(&as->vmas, hint, len, size, out) ||
            vma_find_gap(&as->vmas, USER_MIN, len, size, out);
    spin_unlock(&as->lock);
    return found ? ERR_OK : ERR_NOMEM;
}

static bool stop_at_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    (void)self;
    (void)entry;
    (void)va;
    (void)level;
    return false;
}

err_t as_any_mapped_in_range(struct address_space *as, vaddr_t addr, uint64_t len, bool *out)
{
    struct pt_visitor visitor = { .leaf = stop_at_leaf };
    err_t err = as_check_range(addr, len);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    *out = !pt_visit(&as->pt, addr, addr + len, &visitor);
    spin_unlock(&as->lock);
    return ERR_OK;
}

bool as_translate(struct address_space *as, vaddr_t addr, paddr_t *out)
{
    enum pt_level level;
    pte_t leaf;

    if (!va_is_canonical(addr))
        return false;
    spin_lock(&as->lock);
    leaf = *pt_lookup(&as->pt, addr, &level);
    spin_unlock(&as->lock);
    if (!pte_present(leaf))
        return false;
    out->v = align_down(pte_addr(leaf).v, pt_span(level)) + (addr & (pt_span(level) - 1));
    return true;
}
