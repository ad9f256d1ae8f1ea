/* The checkers themselves: each kind of damage is found, so that their silence means something. */
#include "vm/space.h"
#include "vm_fixture.h"

/* The entry of a page at the given level. */
static pte_t *entry_of(struct address_space *as, vaddr_t va, enum pt_level level)
{
    paddr_t table = as_cr3(as);

    for (enum pt_level l = PML4; l > level; l--)
        table = pte_addr(((pte_t *)sim_phys_to_virt(table))[pt_index(va, l)]);
    return &((pte_t *)sim_phys_to_virt(table))[pt_index(va, level)];
}

/* Pages of many kinds: 0 private, 1 read-only, 2 shared, 3 kept, 5 copy-on-write; a 2 MiB page. */
static struct fixture many_kinds(struct address_space **child)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 5, 1, RW);
    CHECK_OK(as_clone_cow(f.as, child));
    map_pages(f.as, 0, 1, RW);
    map_pages(f.as, 1, 1, RO);
    CHECK_OK(as_map_region(f.as, page_at(2), 1, RW | VMA_SHARED, VMA_ANONYMOUS, VMA_PAGE_4K));
    map_pages(f.as, 3, 1, NONE);
    CHECK_OK(as_map_region(f.as, BASE + HUGE_SIZE, 1, RW, VMA_ANONYMOUS, VMA_PAGE_2M));
    verify(f.as);
    return f;
}

/* Flip bits of one entry: as_verify must see it, and see nothing once they are back. */
static void check_found(struct address_space *as, vaddr_t va, enum pt_level level, uint64_t bits)
{
    pte_t *entry = entry_of(as, va, level);

    entry->v ^= bits;
    if (as_verify(as) != ERR_INVAL)
        sim_die("as_verify does not see bits %#llx of entry %#llx", (unsigned long long)bits,
                (unsigned long long)entry->v);
    CHECK(strncmp(sim_log_last(), "verify", 6) == 0);
    entry->v ^= bits;
    CHECK_OK(as_verify(as));
}

TEST(verify_sees_wrong_rights)
{
    struct address_space *child;
    struct fixture f = many_kinds(&child);

    check_found(f.as, page_at(0), PT, PTE_W);   /* writable VMA, no right, no COW mark */
    check_found(f.as, page_at(0), PT, PTE_COW); /* both */
    check_found(f.as, page_at(0), PT, PTE_NX);
    check_found(f.as, page_at(0), PT, PTE_U);
    check_found(f.as, page_at(0), PT, PTE_G);
    check_found(f.as, page_at(0), PT, PTE_P);
    check_found(f.as, page_at(0), PT, PTE_SHARED);
    check_found(f.as, page_at(1), PT, PTE_W); /* beyond the VMA */
    check_found(f.as, page_at(2), PT, PTE_W); /* shared memory must be writable */
    check_found(f.as, page_at(2), PT, PTE_SHARED);
    check_found(f.as, page_at(3), PT, PTE_P | PTE_U); /* no rights, but present */
    check_found(f.as, page_at(3), PT, PTE_KEPT);
    check_found(f.as, page_at(5), PT, PTE_W | PTE_COW); /* a shared frame, writable */
    check_found(f.as, BASE + HUGE_SIZE, PD, PTE_NX);
    check_found(f.as, BASE + HUGE_SIZE, PD, PTE_W);
    check_found(f.as, BASE, PD, PTE_W); /* entries above must not restrict */
    check_found(f.as, BASE, PDPT, PTE_U);
    check_found(f.as, BASE, PML4, PTE_NX);
    check_found(f.as, DIRECT_MAP_BASE, PML4, PTE_W); /* the kernel half */
    as_put(child);
    vm_fixture_end(&f);
}

TEST(verify_sees_wrong_frames)
{
    struct address_space *child;
    struct fixture f = many_kinds(&child);
    pte_t *entry = entry_of(f.as, page_at(0), PT), old = *entry;

    *entry = pte_make(as_cr3(f.as), old.v & ~PTE_ADDR); /* a page table */
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *entry = pte_make(PADDR(KERNEL_PHYS), old.v & ~PTE_ADDR); /* the kernel */
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *entry = old;
    *entry_of(f.as, page_at(9), PT) = old; /* no VMA there */
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *entry_of(f.as, page_at(9), PT) = (pte_t){ 0 };
    old = *entry_of(f.as, page_at(2), PT); /* shared memory that is not resident */
    *entry_of(f.as, page_at(2), PT) = (pte_t){ 0 };
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *entry_of(f.as, page_at(2), PT) = old;
    as_put(child);
    vm_fixture_end(&f);
}

TEST(verify_sees_wrong_counts)
{
    struct address_space *child;
    struct fixture f = many_kinds(&child);
    paddr_t cow = pte_addr(*entry_of(f.as, page_at(5), PT));
    paddr_t own = pte_addr(*entry_of(f.as, page_at(0), PT));

    frame_get(own); /* one reference that nobody has */
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    frame_put(own);
    frame_put(cow); /* one too few */
    CHECK_ERR(as_verify_all(NULL), ERR_INVAL);
    frame_get(cow);
    f.as->pt.tables++;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    f.as->pt.tables--;
    as_put(child);
    vm_fixture_end(&f);
}

TEST(verify_sees_wrong_vmas_and_tables)
{
    struct address_space *child;
    struct fixture f = many_kinds(&child);
    struct vma_node *node = f.as->vmas.root;
    struct vma_node saved = *node;
    paddr_t empty;

    node->end += 2 * PAGE_SIZE; /* into the next one */
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *node = saved;
    node->start += 1;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *node = saved;
    node->max_gap[0]++;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *node = saved;
    node->height++;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *node = saved;
    f.as->vmas.count++;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    f.as->vmas.count--;
    node->kind.flags |= VMA_WRITE | VMA_EXEC;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *node = saved;
    CHECK_OK(pmm_alloc_zeroed(0, &empty)); /* an empty table */
    frame_set_table(empty);
    f.as->pt.tables++;
    *entry_of(f.as, BASE + 5 * HUGE_SIZE, PD) = pte_make(empty, PTE_P | PTE_W | PTE_U);
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    *entry_of(f.as, BASE + 5 * HUGE_SIZE, PD) = (pte_t){ 0 };
    f.as->pt.tables--;
    pmm_free(empty, 0);
    as_put(child);
    vm_fixture_end(&f);
}

TEST(verify_sees_neighbours_that_did_not_merge)
{
    struct fixture f = vm_fixture();

    reserve_pages(f.as, 0, 1, RW);
    reserve_pages(f.as, 1, 1, RO);
    f.as->vmas.root->kind.flags ^= VMA_WRITE;
    CHECK_ERR(as_verify(f.as), ERR_INVAL);
    f.as->vmas.root->kind.flags ^= VMA_WRITE;
    vm_fixture_end(&f);
}
