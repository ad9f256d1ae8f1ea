/* Faults, copy-on-write, rights, and what the TLB must forget. */
#include "vm_fixture.h"

TEST(fault_rights_come_first)
{
    struct fixture f = vm_fixture();
    static const struct {
        unsigned rights;
        err_t read, write, exec;
    } row[] = {
        { NONE, ERR_ACCES, ERR_ACCES, ERR_ACCES },
        { RO, ERR_OK, ERR_ACCES, ERR_ACCES },
        { RW, ERR_OK, ERR_OK, ERR_ACCES },
        { RX, ERR_OK, ERR_ACCES, ERR_OK },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(row); i++)
        for (unsigned mapped = 0; mapped < 2; mapped++) {
            uint64_t value, free;

            if (mapped)
                map_pages(f.as, i, 1, row[i].rights);
            else
                reserve_pages(f.as, i, 1, row[i].rights);
            free = free_frames();
            CHECK_ERR(user_write(f.as, page_at(i), 1), row[i].write);
            if (row[i].write != ERR_OK)
                CHECK_EQ(free_frames(), free); /* nothing was made for nothing */
            CHECK_ERR(user_exec(f.as, page_at(i)), row[i].exec);
            CHECK_ERR(user_read(f.as, page_at(i), &value), row[i].read);
            unmap_pages(f.as, i, 1);
            CHECK_ERR(user_read(f.as, page_at(i), &value), ERR_FAULT);
        }
    CHECK_ERR(as_handle_fault(f.as, 0, AS_READ | AS_USER), ERR_FAULT);
    CHECK_ERR(as_handle_fault(f.as, UINT64_MAX, AS_READ | AS_USER), ERR_FAULT);
    CHECK_ERR(as_handle_fault(f.as, USER_MAX, AS_WRITE | AS_USER), ERR_FAULT);
    CHECK_ERR(as_handle_fault(f.as, DIRECT_MAP_BASE, AS_READ | AS_USER), ERR_FAULT);
    vm_fixture_end(&f);
}

TEST(fault_demand_zero_maps_one_page_of_the_size)
{
    struct fixture f = vm_fixture();
    uint64_t value;

    reserve_pages(f.as, 0, 100, RW);
    reserve_huge(f.as, BASE + HUGE_SIZE, 4, RW);
    CHECK_OK(user_read(f.as, page_at(7), &value));
    CHECK_EQ(value, 0);
    CHECK(where(f.as, page_at(7)) && !where(f.as, page_at(6)) && !where(f.as, page_at(8)));
    CHECK_OK(user_write(f.as, BASE + 2 * HUGE_SIZE + 0x12340, 3));
    CHECK(is_aligned(where(f.as, BASE + 2 * HUGE_SIZE), HUGE_SIZE));
    CHECK(!where(f.as, BASE + HUGE_SIZE) && !where(f.as, BASE + 3 * HUGE_SIZE));
    CHECK_EQ(word_at(f.as, BASE + 3 * HUGE_SIZE - 8), 0);
    vm_fixture_end(&f);
}

TEST(fault_that_is_resolved_already_succeeds)
{
    struct fixture f = vm_fixture();
    uint64_t free, at;

    map_pages(f.as, 0, 1, RW);
    at = where(f.as, BASE);
    free = free_frames();
    for (unsigned i = 0; i < 3; i++) {
        CHECK_OK(as_handle_fault(f.as, BASE + 5, AS_READ | AS_USER));
        CHECK_OK(as_handle_fault(f.as, BASE + 5, AS_WRITE | AS_USER));
    }
    CHECK_EQ(where(f.as, BASE), at);
    CHECK_EQ(free_frames(), free);
    vm_fixture_end(&f);
}

TEST(fault_without_memory_leaves_the_page_alone)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t free;

    reserve_pages(f.as, 0, 2, RW);
    CHECK_OK(user_write(f.as, BASE, 5));
    CHECK_OK(as_clone_cow(f.as, &child));
    free = free_frames();
    pmm_fail_after(1);
    CHECK_ERR(user_write(f.as, BASE, 6), ERR_NOMEM); /* copy */
    pmm_fail_after(1);
    CHECK_ERR(user_write(f.as, page_at(1), 6), ERR_NOMEM); /* demand-zero */
    CHECK_EQ(free_frames(), free);
    CHECK_EQ(word_at(f.as, BASE), 5);
    CHECK_OK(user_write(f.as, BASE, 6));
    CHECK_EQ(word_at(child, BASE), 5);
    as_put(child);
    vm_fixture_end(&f);
}

/* Take all 2 MiB blocks; the frames come back with the same call again. */
static void hog_blocks(paddr_t *block, unsigned *count, bool give_back)
{
    if (give_back) {
        while (*count)
            pmm_free(block[--*count], HUGE_ORDER);
        return;
    }
    for (*count = 0; pmm_alloc(HUGE_ORDER, &block[*count]) == ERR_OK;)
        ++*count;
}

TEST(fault_huge_demand_zero_without_a_block_is_nomem)
{
    struct fixture f = vm_fixture();
    paddr_t block[32];
    unsigned count;

    reserve_huge(f.as, BASE, 1, RW);
    hog_blocks(block, &count, false);
    CHECK(free_frames() > HUGE_PAGES);
    CHECK_ERR(user_write(f.as, BASE, 1), ERR_NOMEM);
    CHECK_ERR(as_map_region(f.as, BASE + HUGE_SIZE, 1, RW, 0, VMA_PAGE_2M), ERR_NOMEM);
    hog_blocks(block, &count, true);
    CHECK_OK(user_write(f.as, BASE, 1));
    vm_fixture_end(&f);
}

TEST(fault_huge_copy_without_a_block_splits)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    paddr_t block[32];
    unsigned count;

    reserve_huge(f.as, BASE, 1, RW);
    CHECK_OK(user_write(f.as, page_at(3), 3));
    CHECK_OK(user_write(f.as, page_at(4), 4));
    CHECK_OK(as_clone_cow(f.as, &child));
    hog_blocks(block, &count, false);
    CHECK_OK(user_write(f.as, page_at(3), 33));
    CHECK(where(f.as, page_at(3)) != where(child, page_at(3)));
    CHECK_EQ(where(f.as, page_at(4)), where(child, page_at(4)));
    CHECK_EQ(word_at(child, page_at(3)), 3);
    CHECK_EQ(word_at(f.as, page_at(3)), 33);
    verify(f.as);
    hog_blocks(block, &count, true);
    CHECK_OK(user_write(child, page_at(4), 44)); /* not the only owner of all 512: copied */
    CHECK_EQ(word_at(f.as, page_at(4)), 4);
    CHECK_EQ(word_at(child, page_at(3)), 3);
    verify(child);
    as_put(child);
    CHECK_OK(user_write(f.as, page_at(4), 5));
    vm_fixture_end(&f);
}

TEST(cow_copies_once_and_takes_over_the_last)
{
    struct fixture f = vm_fixture();
    struct address_space *a, *b;
    uint64_t at;

    map_pages(f.as, 0, 1, RW);
    CHECK_OK(user_write(f.as, BASE, 1));
    at = where(f.as, BASE);
    CHECK_OK(as_clone_cow(f.as, &a));
    CHECK_OK(as_clone_cow(a, &b));
    CHECK_EQ(frame_count(PADDR(at)), 3);
    CHECK_OK(user_write(f.as, BASE, 2));
    CHECK_EQ(frame_count(PADDR(at)), 2);
    CHECK_OK(user_write(b, BASE, 3));
    CHECK_EQ(frame_count(PADDR(at)), 1);
    CHECK_OK(user_write(a, BASE, 4));
    CHECK_EQ(where(a, BASE), at); /* taken over in place */
    CHECK_EQ(word_at(f.as, BASE), 2);
    CHECK_EQ(word_at(a, BASE), 4);
    CHECK_EQ(word_at(b, BASE), 3);
    verify(a);
    as_put(a);
    as_put(b);
    vm_fixture_end(&f);
}

TEST(cow_takes_over_a_huge_page_whose_clone_is_gone)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t at;

    reserve_huge(f.as, BASE, 1, RW);
    CHECK_OK(user_write(f.as, BASE, 1));
    at = where(f.as, BASE);
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_EQ(frame_count(PADDR(at + 77 * PAGE_SIZE)), 2);
    CHECK_OK(user_write(child, page_at(9), 2));
    CHECK(where(child, BASE) != at && is_aligned(where(child, BASE), HUGE_SIZE));
    CHECK_EQ(word_at(child, BASE), 1);
    CHECK_OK(user_write(f.as, page_at(9), 3));
    CHECK_EQ(where(f.as, BASE), at);
    as_put(child);
    vm_fixture_end(&f);
}

TEST(clone_of_reserved_ranges_costs_a_vma_each)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t tables = table_frames();

    CHECK_OK(as_reserve_region(f.as, UINT64_C(0x100000000000), UINT64_C(1) << 34, RW, 0, 0));
    for (unsigned i = 0; i < 10; i++)
        reserve_pages(f.as, 2 * i, 1, RW);
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_EQ(table_frames(), tables + 1); /* the PML4 */
    CHECK_EQ(vma_count(child), 11);
    CHECK_OK(user_write(child, UINT64_C(0x100000000000), 1));
    as_put(child);
    vm_fixture_end(&f);
}

TEST(clone_keeps_read_only_pages_as_they_are)
{
    struct fixture f = vm_fixture();
    struct address_space *child;

    map_pages(f.as, 0, 1, RX);
    map_pages(f.as, 2, 1, NONE);
    CHECK_OK(as_write(f.as, page_at(0), "abcdefg", 8));
    CHECK_OK(as_write(f.as, page_at(2), "ABCDEFG", 8));
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_EQ(where(f.as, BASE), where(child, BASE));
    CHECK_OK(user_exec(child, BASE));
    CHECK_ERR(user_write(child, BASE, 1), ERR_ACCES);
    protect_pages(child, 2, 1, RW); /* the page without rights was copied, too */
    CHECK_EQ(word_at(child, page_at(2)) & 0xff, 'A');
    CHECK_OK(user_write(child, page_at(2), 0));
    protect_pages(f.as, 2, 1, RO);
    CHECK_EQ(word_at(f.as, page_at(2)) & 0xff, 'A');
    as_put(child);
    vm_fixture_end(&f);
}

TEST(write_by_the_kernel_ignores_rights_and_breaks_cow)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    char text[PAGE_SIZE * 2];
    uint64_t word;

    reserve_pages(f.as, 0, 3, RX);
    memset(text, 'x', sizeof(text));
    CHECK_OK(as_write(f.as, page_at(0) + 100, text, sizeof(text)));
    memcpy(&word, text, 8);
    CHECK_EQ(word_at(f.as, page_at(1)), word);
    CHECK_EQ(word_at(f.as, page_at(0) + 96) & 0xffffffff, 0);
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_OK(as_write(child, page_at(1), "yyyyyyyy", 8));
    CHECK_EQ(word_at(f.as, page_at(1)), word);
    CHECK(word_at(child, page_at(1)) != word);
    CHECK_ERR(user_write(child, page_at(1), 0), ERR_ACCES);
    CHECK_ERR(as_write(child, page_at(3), text, 1), ERR_FAULT);
    verify(child);
    as_put(child);
    vm_fixture_end(&f);
}

TEST(switch_loads_cr3_only_when_needed)
{
    struct fixture f = vm_fixture();
    uint64_t loads = sim_root_loads();

    as_switch_to(f.as);
    CHECK_EQ(sim_root_loads(), loads);
    as_switch_to(sim_kernel_as());
    CHECK_EQ(sim_root_loads(), loads + 1);
    CHECK_EQ(sim_root().v, as_cr3(sim_kernel_as()).v);
    vm_fixture_end(&f);
}

TEST(put_counts_references)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 3, RW);
    CHECK(as_get(f.as) == f.as);
    as_put(f.as);
    CHECK_OK(user_write(f.as, BASE, 1)); /* still there, still loaded */
    vm_fixture_end(&f);
}

/* The table that the PML4 entry for va points to. */
static paddr_t pml4_entry(struct address_space *as, uint64_t va)
{
    return pte_addr(((pte_t *)sim_phys_to_virt(as_cr3(as)))[pt_index(va, PML4)]);
}

TEST(translate_walks_every_page_size)
{
    struct fixture f = vm_fixture();
    pte_t *gib;
    paddr_t pa;

    map_pages(f.as, 0, 1, RW);
    map_pages(f.as, 1, 1, NONE);
    CHECK_EQ(where(f.as, BASE + 0xabc), where(f.as, BASE) + 0xabc);
    CHECK(!as_translate(f.as, page_at(1), &pa));                   /* kept, not present */
    CHECK_EQ(where(f.as, DIRECT_MAP_BASE + 0x1234567), 0x1234567); /* 2 MiB pages */
    CHECK_EQ(where(sim_kernel_as(), KERNEL_BASE + KERNEL_PHYS + 5), KERNEL_PHYS + 5);
    gib = &((pte_t *)sim_phys_to_virt(pml4_entry(f.as, DEVICE_BASE)))[3];
    *gib = pte_make(PADDR(UINT64_C(7) << 30), PTE_P | PTE_W | PTE_PS | PTE_NX);
    CHECK_EQ(where(f.as, DEVICE_BASE + (UINT64_C(3) << 30) + 0x2abcdef1),
             (UINT64_C(7) << 30) + 0x2abcdef1);
    *gib = (pte_t){ 0 };
    CHECK(!as_translate(f.as, KERNEL_BASE, &pa));
    CHECK(!as_translate(f.as, UINT64_MAX, &pa));
    vm_fixture_end(&f);
}

TEST(tlb_is_flushed_only_where_it_must)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t pages, loads;

    reserve_pages(f.as, 0, 8, RO);
    for (unsigned i = 0; i < 8; i++)
        word_at(f.as, page_at(i)); /* demand-zero */
    protect_pages(f.as, 0, 8, RW); /* more rights */
    CHECK_OK(user_write(f.as, page_at(0), 1));
    CHECK_EQ(sim_page_flushes(), 0);
    CHECK_OK(as_clone_cow(f.as, &child));
    pages = sim_page_flushes();
    loads = sim_root_loads();
    protect_pages(child, 0, 4, NONE); /* not loaded */
    CHECK_OK(as_handle_fault(child, page_at(5), AS_WRITE | AS_USER));
    unmap_pages(child, 0, 6);
    as_put(child);
    CHECK_OK(as_handle_fault(f.as, page_at(0), AS_WRITE | AS_USER)); /* taken over */
    CHECK_EQ(sim_page_flushes(), pages);
    CHECK_EQ(sim_root_loads(), loads);
    unmap_pages(f.as, 1, 1);
    CHECK_EQ(sim_page_flushes(), pages + 1);
    vm_fixture_end(&f);
}
