/* Regions: reserve, map, unmap, replace, discard, merging, gaps, questions. */
#include "vm_fixture.h"

TEST(region_reserve_allocates_no_page_and_no_table)
{
    struct fixture f = vm_fixture();
    uint64_t before, tables = table_frames();

    reserve_pages(f.as, 0, 1, RW); /* the VMA cache has its slab now */
    before = free_frames();
    CHECK_OK(as_reserve_region(f.as, UINT64_C(0x1000000000), UINT64_C(1) << 34, RW, VMA_ANONYMOUS,
                               VMA_PAGE_4K)); /* 64 TiB */
    reserve_huge(f.as, UINT64_C(0x600000000000), 1000, RW);
    CHECK_EQ(free_frames(), before);
    CHECK_EQ(table_frames(), tables);
    vm_fixture_end(&f);
}

TEST(region_map_is_resident_and_zeroed)
{
    struct fixture f = vm_fixture();
    bool any;

    map_pages(f.as, 3, 40, RW);
    CHECK_OK(as_map_region(f.as, BASE + HUGE_SIZE, 2, RW, VMA_ANONYMOUS, VMA_PAGE_2M));
    for (unsigned i = 3; i < 43; i++)
        CHECK(where(f.as, page_at(i)) != 0);
    CHECK(is_aligned(where(f.as, BASE + HUGE_SIZE), HUGE_SIZE));
    CHECK_EQ(where(f.as, BASE + 2 * HUGE_SIZE + 0x5123),
             where(f.as, BASE + 2 * HUGE_SIZE) + 0x5123);
    for (uint64_t va = page_at(3); va < page_at(43); va += 8)
        CHECK_EQ(word_at(f.as, va), 0);
    for (uint64_t va = BASE + HUGE_SIZE; va < BASE + 3 * HUGE_SIZE; va += 1016)
        CHECK_EQ(word_at(f.as, va & ~UINT64_C(7)), 0);
    CHECK_OK(as_any_mapped_in_range(f.as, page_at(0), 3 * PAGE_SIZE, &any));
    CHECK(!any);
    CHECK_OK(as_any_mapped_in_range(f.as, page_at(0), 4 * PAGE_SIZE, &any));
    CHECK(any);
    CHECK_OK(as_any_mapped_in_range(f.as, BASE + HUGE_SIZE + 0x7000, PAGE_SIZE, &any));
    CHECK(any);
    vm_fixture_end(&f);
}

TEST(region_neighbours_of_equal_kind_merge)
{
    struct fixture f = vm_fixture();

    reserve_pages(f.as, 0, 2, RW);
    reserve_pages(f.as, 4, 2, RW);
    CHECK_EQ(vma_count(f.as), 2);
    map_pages(f.as, 2, 2, RW); /* both ways at once */
    CHECK_EQ(vma_count(f.as), 1);
    check_vma(f.as, 0, page_at(0), 6, RW, VMA_PAGE_4K);
    reserve_pages(f.as, 6, 1, RO);
    CHECK_OK(as_reserve_region(f.as, page_at(7), 1, RO, VMA_STACK, VMA_PAGE_4K));
    CHECK_OK(as_map_region(f.as, page_at(8), 1, RO | VMA_SHARED, VMA_STACK, VMA_PAGE_4K));
    CHECK_EQ(vma_count(f.as), 4);
    reserve_pages(f.as, 512, 512, RW);
    reserve_huge(f.as, page_at(1024), 1, RW);
    CHECK_EQ(vma_count(f.as), 6);
    protect_pages(f.as, 6, 1, RW);
    CHECK_EQ(vma_count(f.as), 5);
    check_vma(f.as, 0, page_at(0), 7, RW, VMA_PAGE_4K);
    vm_fixture_end(&f);
}

TEST(region_unmap_removes_exactly_what_is_named)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 20, RW);
    for (unsigned i = 0; i < 20; i++)
        CHECK_OK(user_write(f.as, page_at(i), i + 1));
    unmap_pages(f.as, 5, 3);
    unmap_pages(f.as, 0, 1);
    unmap_pages(f.as, 18, 10); /* beyond the end: holes are fine */
    unmap_pages(f.as, 5, 3);
    for (unsigned i = 0; i < 20; i++) {
        bool gone = i == 0 || (i >= 5 && i < 8) || i >= 18;
        uint64_t value;

        CHECK_ERR(user_read(f.as, page_at(i), &value), gone ? ERR_FAULT : ERR_OK);
        if (!gone)
            CHECK_EQ(value, i + 1);
    }
    CHECK_EQ(vma_count(f.as), 2);
    vm_fixture_end(&f);
}

TEST(region_unmap_frees_emptied_tables)
{
    struct fixture f = vm_fixture();
    uint64_t tables = table_frames();

    map_pages(f.as, 0, 1, RW);
    CHECK_OK(as_map_region(f.as, USER_MAX - PAGE_SIZE, 1, RW, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_EQ(table_frames(), tables + 6);
    unmap_pages(f.as, 0, 1);
    CHECK_EQ(table_frames(), tables + 3);
    CHECK_OK(as_discard_range(f.as, USER_MAX - PAGE_SIZE, PAGE_SIZE));
    CHECK_EQ(table_frames(), tables);
    vm_fixture_end(&f);
}

TEST(region_replace_is_unmap_and_reserve)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 10, RO);
    CHECK_OK(as_replace_region(f.as, page_at(3), 4, RW, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_EQ(vma_count(f.as), 3);
    CHECK_EQ(where(f.as, page_at(3)), 0);
    CHECK(where(f.as, page_at(2)) && where(f.as, page_at(7)));
    CHECK_OK(as_replace_region(f.as, page_at(8), 4, RW | VMA_SHARED, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK(where(f.as, page_at(11)) != 0);
    CHECK_OK(as_replace_region(f.as, BASE, 1, RO, VMA_ANONYMOUS, VMA_PAGE_2M));
    CHECK_EQ(vma_count(f.as), 1);
    check_vma(f.as, 0, BASE, 1, RO, VMA_PAGE_2M);
    CHECK_EQ(where(f.as, page_at(2)), 0);
    vm_fixture_end(&f);
}

TEST(region_discard_forgets_private_contents)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 4, RW);
    CHECK_OK(as_map_region(f.as, page_at(4), 4, RW | VMA_SHARED, VMA_ANONYMOUS, VMA_PAGE_4K));
    for (unsigned i = 0; i < 8; i++)
        CHECK_OK(user_write(f.as, page_at(i), 9));
    CHECK_OK(as_discard_range(f.as, page_at(2), 4 * PAGE_SIZE));
    CHECK_EQ(vma_count(f.as), 2);
    CHECK_EQ(word_at(f.as, page_at(1)), 9);
    CHECK_EQ(word_at(f.as, page_at(2)), 0);
    CHECK_EQ(word_at(f.as, page_at(3)), 0);
    CHECK_EQ(word_at(f.as, page_at(4)), 9);
    CHECK_ERR(as_discard_range(f.as, page_at(6), 4 * PAGE_SIZE), ERR_NOMEM);
    CHECK_EQ(word_at(f.as, page_at(7)), 9);
    vm_fixture_end(&f);
}

TEST(region_finds_the_lowest_gap)
{
    struct fixture f = vm_fixture();
    vaddr_t at;

    reserve_pages(f.as, 0, 10, RW);
    reserve_pages(f.as, 12, 10, RW);
    CHECK_OK(as_find_free_vma_range(f.as, page_at(0), 2, VMA_PAGE_4K, &at));
    CHECK_EQ(at, page_at(10));
    CHECK_OK(as_find_free_vma_range(f.as, page_at(0) + 1, 3, VMA_PAGE_4K, &at));
    CHECK_EQ(at, page_at(22));
    CHECK_OK(as_find_free_vma_range(f.as, page_at(11), 1, VMA_PAGE_4K, &at));
    CHECK_EQ(at, page_at(11));
    CHECK_OK(as_find_free_vma_range(f.as, page_at(10) + 1, 1, VMA_PAGE_4K, &at));
    CHECK_EQ(at, page_at(11)); /* the hint is rounded up */
    CHECK_OK(as_find_free_vma_range(f.as, page_at(0), 1, VMA_PAGE_2M, &at));
    CHECK_EQ(at, BASE + HUGE_SIZE);
    CHECK_OK(as_find_free_vma_range(f.as, 0, 1, VMA_PAGE_4K, &at));
    CHECK_EQ(at, USER_MIN);
    CHECK_OK(as_find_free_vma_range(f.as, USER_MAX - PAGE_SIZE, 2, VMA_PAGE_4K, &at));
    CHECK_EQ(at, USER_MIN); /* wraps */
    CHECK_OK(as_find_free_vma_range(f.as, UINT64_MAX, 1, VMA_PAGE_4K, &at));
    CHECK_EQ(at, USER_MIN);
    CHECK_ERR(as_find_free_vma_range(f.as, 0, 0, VMA_PAGE_4K, &at), ERR_INVAL);
    CHECK_ERR(as_find_free_vma_range(f.as, 0, UINT64_C(1) << 35, VMA_PAGE_4K, &at), ERR_NOMEM);
    vm_fixture_end(&f);
}

TEST(region_fills_the_whole_user_range)
{
    struct fixture f = vm_fixture();
    vaddr_t at;

    CHECK_OK(as_reserve_region(f.as, USER_MIN, (USER_MAX - USER_MIN) >> PAGE_SHIFT, RW,
                               VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_ERR(as_find_free_vma_range(f.as, 0, 1, VMA_PAGE_4K, &at), ERR_NOMEM);
    CHECK_OK(user_write(f.as, USER_MIN, 1));
    CHECK_OK(user_write(f.as, USER_MAX - 8, 1));
    vm_fixture_end(&f);
}

TEST(region_answers_overlap_questions)
{
    struct fixture f = vm_fixture();
    struct vma v;

    reserve_pages(f.as, 10, 10, RW);
    CHECK(!as_has_mapping_in_range(f.as, page_at(12), 0));
    CHECK(as_has_mapping_in_range(f.as, page_at(12) + 5, 1));
    CHECK(as_has_mapping_in_range(f.as, page_at(10) - 1, 2));
    CHECK(!as_has_mapping_in_range(f.as, page_at(10) - 1, 1));
    CHECK(!as_has_mapping_in_range(f.as, page_at(20), 1));
    CHECK(as_has_mapping_in_range(f.as, UINT64_MAX - 5, 10)); /* overflow */
    CHECK(as_has_mapping_in_range(f.as, 0, UINT64_MAX));
    CHECK(!as_region_by_start(f.as, page_at(11), &v));
    CHECK(as_region_at_or_after(f.as, page_at(19), &v) && v.start == page_at(10));
    CHECK(!as_region_at_or_after(f.as, page_at(20), &v));
    vm_fixture_end(&f);
}

TEST(region_unmap_all_empties_the_user_half)
{
    struct fixture f = vm_fixture();
    struct pmm_stats before, after;

    pmm_stats(&before);
    map_pages(f.as, 0, 30, RW);
    reserve_huge(f.as, BASE + HUGE_SIZE, 3, RW);
    CHECK_OK(user_write(f.as, BASE + 2 * HUGE_SIZE, 5));
    CHECK_EQ(word_at(f.as, page_at(3)), 0);
    CHECK(as_has_user_mappings(f.as));
    pmm_fail_after(1);
    as_unmap_all_user_regions(f.as);
    pmm_fail_after(0);
    CHECK(!as_has_user_mappings(f.as));
    CHECK(sim_tlb_agrees());
    pmm_stats(&after);
    CHECK_EQ(after.tables, before.tables);
    CHECK_EQ(after.free, before.free);
    vm_fixture_end(&f);
}
