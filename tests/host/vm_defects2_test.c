/* The second half of vm_defects_test.c. */
#include "vm/kernel_map.h"
#include "vm/kstack.h"
#include "vm/space.h"
#include "vm/user_copy.h"
#include "vm_fixture.h"

#include <time.h>

/* 16: system calls failed on buffers that were not resident, or copy-on-write. */
TEST(defect_16_user_copies_fault_pages_in)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    char text[64] = "";
    size_t len;

    sim_user_copy_in(f.as);
    reserve_pages(f.as, 0, 2, RW);
    reserve_pages(f.as, 2, 1, RO);
    CHECK_OK(copy_to_user(page_at(1) - 3, "hello", 6)); /* two lazy pages */
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_OK(copy_to_user(page_at(1), "LO", 3)); /* copy-on-write */
    CHECK_OK(copy_string_from_user(text, page_at(1) - 3, sizeof(text), &len));
    CHECK(strcmp(text, "helLO") == 0 && len == 5);
    CHECK_EQ(word_at(child, page_at(1)) & 0xffff, 'l' | 'o' << 8);
    as_switch_to(f.as);
    CHECK_OK(copy_from_user(text, page_at(2), 8)); /* lazy and read-only: zeroes */
    CHECK_EQ(text[0], 0);
    CHECK_ERR(copy_to_user(page_at(2), text, 1), ERR_FAULT);
    CHECK_ERR(copy_to_user(page_at(2) - 4, text, 8), ERR_FAULT);
    CHECK_ERR(copy_from_user(text, page_at(3), 1), ERR_FAULT);
    CHECK_ERR(copy_from_user(text, DIRECT_MAP_BASE, 1), ERR_FAULT);
    CHECK_ERR(copy_from_user(text, USER_MAX - 1, 2), ERR_FAULT);
    CHECK_ERR(copy_from_user(text, UINT64_MAX, 2), ERR_FAULT);
    CHECK_ERR(copy_to_user(0, text, 1), ERR_FAULT);
    CHECK_ERR(copy_string_from_user(text, page_at(1) - 3, 3, &len), ERR_NAMETOOLONG);
    CHECK_ERR(copy_string_from_user(text, page_at(9), 3, &len), ERR_FAULT);
    CHECK_OK(copy_to_user(page_at(3) - 2, "", 0));
    CHECK_OK(
        user_write(f.as, page_at(2) - 8, UINT64_MAX)); /* no NUL up to the last page's zeroes */
    CHECK_OK(copy_string_from_user(text, page_at(2) - 8, sizeof(text), &len));
    CHECK_EQ(len, 8);
    as_put(child);
    vm_fixture_end(&f);
}

/* 17: unmap_region checked nothing. */
TEST(defect_17_unmap_region_checks_its_arguments)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 4, RW);
    CHECK_ERR(as_unmap_region(f.as, BASE, 0, VMA_PAGE_4K), ERR_INVAL);
    CHECK_ERR(as_unmap_region(f.as, BASE + 1, 1, VMA_PAGE_4K), ERR_INVAL);
    CHECK_ERR(as_unmap_region(f.as, page_at(1), 1, VMA_PAGE_2M), ERR_INVAL);
    CHECK_ERR(as_unmap_region(f.as, DIRECT_MAP_BASE, 1, VMA_PAGE_2M), ERR_FAULT);
    CHECK_ERR(as_unmap_region(f.as, KERNEL_BASE, 1, VMA_PAGE_4K), ERR_FAULT);
    CHECK_ERR(as_unmap_region(f.as, BASE, UINT64_MAX, VMA_PAGE_4K), ERR_FAULT);
    CHECK_EQ(vma_count(f.as), 1);
    CHECK_OK(as_unmap_region(f.as, BASE, 1, VMA_PAGE_2M)); /* exactly what is named */
    CHECK_EQ(vma_count(f.as), 0);
    vm_fixture_end(&f);
}

/* 18: where entries above were read-only, making a page writable had no effect. */
TEST(defect_18_making_writable_has_an_effect)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 1, RO);
    word_at(f.as, BASE);
    protect_pages(f.as, 0, 1, RW);
    CHECK_OK(user_write(f.as, BASE, 1));
    reserve_pages(f.as, 1, 1, RX);
    CHECK_OK(user_exec(f.as, page_at(1)));
    protect_pages(f.as, 1, 1, RW);
    CHECK_OK(user_write(f.as, page_at(1), 1));
    CHECK_OK(as_map_region(f.as, BASE + HUGE_SIZE, 1, RO, VMA_ANONYMOUS, VMA_PAGE_2M));
    CHECK_OK(as_protect_range(f.as, BASE + HUGE_SIZE, HUGE_SIZE, RW));
    CHECK_OK(user_write(f.as, BASE + HUGE_SIZE, 1));
    vm_fixture_end(&f);
}

/* Processor time of 2,000 searches for a gap of two pages and as many lookups. */
static double time_searches(struct address_space *as, unsigned vmas)
{
    clock_t start = clock();
    struct vma v;
    vaddr_t at;

    for (unsigned i = 0; i < 2000; i++) {
        CHECK_OK(as_find_free_vma_range(as, BASE, 2, VMA_PAGE_4K, &at));
        CHECK(at >= page_at(2 * vmas - 1));
        CHECK(as_region_at_or_after(as, page_at(2 * (i % vmas)), &v));
    }
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* 19: overlap, gap, protect and unmap searched linearly. */
TEST(defect_19_vma_operations_are_logarithmic)
{
    enum { FEW = 64, MANY = 16384 };
    struct fixture f = vm_fixture();
    double few, many;

    for (unsigned i = 0; i < FEW; i++)
        reserve_pages(f.as, 2 * i, 1, RW);
    few = time_searches(f.as, FEW);
    for (unsigned i = FEW; i < MANY; i++)
        reserve_pages(f.as, 2 * i, 1, RW);
    many = time_searches(f.as, MANY);
    CHECK(f.as->vmas.root->height <= 20); /* 1.44 log2 16384 */
    CHECK(many < 20 * few + 0.02);        /* linear: 256 times */
    for (unsigned i = 0; i < MANY; i += 3)
        unmap_pages(f.as, 2 * i, 1);
    CHECK_OK(as_verify(f.as));
    CHECK(f.as->vmas.root->height <= 19);
    vm_fixture_end(&f);
}

static uint64_t lookups_of_fault(struct address_space *as, vaddr_t va)
{
    uint64_t before = sim_ram_lookups();

    CHECK_OK(as_handle_fault(as, va, AS_WRITE | AS_USER));
    return sim_ram_lookups() - before;
}

/* 20: every fault looked at all blocks that the process owned. */
TEST(defect_20_fault_cost_does_not_grow_with_memory)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t zero, copy;

    reserve_pages(f.as, 0, 4000, RW);
    CHECK_OK(user_write(f.as, page_at(0), 1));
    zero = lookups_of_fault(f.as, page_at(1));
    CHECK_OK(as_clone_cow(f.as, &child));
    copy = lookups_of_fault(f.as, page_at(0));
    as_put(child);
    for (unsigned i = 2; i < 2500; i++)
        if (i % 512)
            CHECK_OK(user_write(f.as, page_at(i), 1));
    CHECK_EQ(lookups_of_fault(f.as, page_at(512)), zero);
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_EQ(lookups_of_fault(f.as, page_at(1024 + 7)), copy);
    as_put(child);
    vm_fixture_end(&f);
}

/* 21: unmapping and residency went page by page: 64 TiB hung the kernel. */
TEST(defect_21_unmap_follows_what_is_resident)
{
    struct fixture f = vm_fixture();
    uint64_t pages = UINT64_C(1) << 34, before, len = pages * PAGE_SIZE;
    struct address_space *child;
    bool any;

    CHECK_OK(as_reserve_region(f.as, BASE, pages, RW, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_OK(user_write(f.as, BASE + len / 2, 1));
    before = sim_ram_lookups();
    CHECK_OK(as_any_mapped_in_range(f.as, BASE, len / 2, &any));
    CHECK(!any);
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_OK(as_discard_range(child, BASE, len));
    CHECK_OK(as_protect_range(f.as, BASE, len, RO));
    CHECK_OK(as_move_range(f.as, BASE, len, BASE, len - HUGE_SIZE));
    CHECK_OK(as_unmap_range(f.as, BASE, len));
    as_put(child);
    CHECK(sim_ram_lookups() - before < 250);
    vm_fixture_end(&f);
}

/* 22: no rights could not be said; page 0 and write with execute could. */
TEST(defect_22_no_rights_yes_page_zero_and_wx_no)
{
    struct fixture f = vm_fixture();
    uint64_t value;

    CHECK_OK(as_reserve_region(f.as, BASE, 1, NONE, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_ERR(user_read(f.as, BASE, &value), ERR_ACCES);
    CHECK_ERR(as_reserve_region(f.as, 0, 1, RW, VMA_ANONYMOUS, VMA_PAGE_4K), ERR_FAULT);
    CHECK_ERR(as_map_region(f.as, page_at(1), 1, VMA_WRITE | VMA_EXEC, 0, 0), ERR_INVAL);
    CHECK_ERR(as_protect_range(f.as, BASE, PAGE_SIZE, RW | VMA_EXEC), ERR_INVAL);
    vm_fixture_end(&f);
}

/* 23: kernel slots were copied when a space was made, and later ones missed. */
TEST(defect_23_all_kernel_slots_are_shared)
{
    struct fixture f = vm_fixture();
    void *stack, *device;
    const pte_t *own = sim_phys_to_virt(as_cr3(f.as));
    const pte_t *kernel = sim_phys_to_virt(as_cr3(sim_kernel_as()));

    for (unsigned i = PML4_KERNEL; i < PT_ENTRIES; i++)
        CHECK_EQ(own[i].v, kernel[i].v);
    CHECK_OK(kstack_alloc(&stack)); /* made later, seen by both */
    CHECK(where(f.as, (uint64_t)stack - 8) && where(sim_kernel_as(), (uint64_t)stack - 8));
    CHECK_OK(kernel_map_device(PADDR(0xfee00000), 8, &device));
    CHECK_EQ(where(f.as, (uint64_t)device), 0xfee00000);
    as_put(f.as);
}

/* 24: neighbours merged backwards only, and lookups failed after a merge. */
TEST(defect_24_neighbours_merge_both_ways)
{
    struct fixture f = vm_fixture();
    struct vma v;

    reserve_pages(f.as, 2, 1, RW);
    reserve_pages(f.as, 1, 1, RW); /* before it */
    CHECK_EQ(vma_count(f.as), 1);
    reserve_pages(f.as, 3, 1, RW); /* after it */
    CHECK_EQ(vma_count(f.as), 1);
    protect_pages(f.as, 2, 1, RO);
    CHECK_EQ(vma_count(f.as), 3);
    protect_pages(f.as, 2, 1, RW);
    CHECK_EQ(vma_count(f.as), 1);
    CHECK(as_region_by_start(f.as, page_at(1), &v) && v.page_count == 3);
    CHECK(!as_region_by_start(f.as, page_at(2), &v));
    CHECK_OK(as_unmap_region(f.as, page_at(2), 1, VMA_PAGE_4K)); /* by containment */
    CHECK_EQ(vma_count(f.as), 2);
    vm_fixture_end(&f);
}

/* 25: fork panicked when the kernel's heap was exhausted. */
TEST(defect_25_clone_without_memory_is_an_error)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    static paddr_t frame[16384];
    unsigned n = 0;

    for (unsigned i = 0; i < 200; i++)
        reserve_pages(f.as, 2 * i, 1, RW);
    while (pmm_alloc(0, &frame[n]) == ERR_OK)
        n++;
    CHECK_ERR(as_clone_cow(f.as, &child), ERR_NOMEM);
    for (unsigned given_back = 0; as_clone_cow(f.as, &child) != ERR_OK; given_back++) {
        CHECK(given_back < 40);
        pmm_free(frame[--n], 0);
    }
    CHECK_EQ(vma_count(child), 200);
    as_put(child);
    while (n)
        pmm_free(frame[--n], 0);
    vm_fixture_end(&f);
}

/* 26: a part of a 2 MiB page could not be unmapped or protected. */
TEST(defect_26_huge_pages_split_on_demand)
{
    struct fixture f = vm_fixture();
    uint64_t at, value;

    for (unsigned resident = 0; resident < 2; resident++) {
        reserve_huge(f.as, BASE, 3, RW);
        if (resident)
            for (unsigned i = 0; i < 3 * HUGE_PAGES; i++)
                CHECK_OK(user_write(f.as, page_at(i), i));
        at = where(f.as, BASE + HUGE_SIZE);
        unmap_pages(f.as, 512 + 100, 1);
        protect_pages(f.as, 512 + 200, 2, RO);
        check_vma(f.as, 0, BASE, 1, RW, VMA_PAGE_2M);
        check_vma(f.as, 1, BASE + HUGE_SIZE, 100, RW, VMA_PAGE_4K);
        check_vma(f.as, 2, page_at(512 + 101), 99, RW, VMA_PAGE_4K);
        check_vma(f.as, 3, page_at(512 + 200), 2, RO, VMA_PAGE_4K);
        check_vma(f.as, 4, page_at(512 + 202), 310, RW, VMA_PAGE_4K);
        check_vma(f.as, 5, BASE + 2 * HUGE_SIZE, 1, RW, VMA_PAGE_2M);
        CHECK_ERR(user_read(f.as, page_at(612), &value), ERR_FAULT);
        CHECK_ERR(user_write(f.as, page_at(713), 0), ERR_ACCES);
        if (resident) {
            CHECK_EQ(where(f.as, page_at(512 + 5)), at + 5 * PAGE_SIZE); /* same frames */
            CHECK_EQ(word_at(f.as, page_at(712)), 712);
            CHECK_EQ(word_at(f.as, page_at(1023)), 1023);
        }
        CHECK_OK(user_write(f.as, page_at(700), 1));
        verify(f.as);
        CHECK_OK(as_unmap_range(f.as, BASE, 3 * HUGE_SIZE));
    }
    vm_fixture_end(&f);
}

/* 28: teardown skipped tables, and nothing counted. */
TEST(defect_28_put_frees_everything)
{
    struct fixture f = vm_fixture();
    struct pmm_stats before, after;

    pmm_stats(&before);
    for (unsigned round = 0; round < 3; round++) {
        struct address_space *as, *child;

        CHECK_OK(as_new_user(&as));
        CHECK_OK(as_map_region(as, USER_MIN, 3, RW, VMA_ANONYMOUS, VMA_PAGE_4K));
        CHECK_OK(as_map_region(as, USER_MAX - PAGE_SIZE, 1, RO, VMA_STACK, VMA_PAGE_4K));
        CHECK_OK(as_map_region(as, BASE, 1, NONE, VMA_CODE, VMA_PAGE_2M));
        CHECK_OK(as_map_region(as, BASE + HUGE_SIZE, 1, RW | VMA_SHARED, 0, VMA_PAGE_2M));
        CHECK_OK(as_clone_cow(as, &child));
        CHECK_OK(user_write(child, USER_MIN, 1));
        as_put(round % 2 ? as : child);
        as_put(round % 2 ? child : as);
        CHECK_EQ(sim_root().v, as_cr3(sim_kernel_as()).v); /* never a freed PML4 */
        pmm_stats(&after);
        CHECK(memcmp(&before, &after, sizeof(after)) == 0);
    }
    vm_fixture_end(&f);
}

/* 30: a non-canonical address was a panic. */
TEST(defect_30_translate_survives_any_address)
{
    struct fixture f = vm_fixture();
    uint64_t rng = 5;
    paddr_t pa;

    CHECK(!as_translate(f.as, UINT64_C(0x800000000000), &pa));
    CHECK(!as_translate(f.as, UINT64_C(0xffff7fffffffffff), &pa));
    CHECK(!as_translate(f.as, UINT64_C(0x4000000000000000), &pa));
    for (unsigned i = 0; i < 20000; i++)
        as_translate(f.as, rng_next(&rng) >> rng_below(&rng, 64), &pa);
    vm_fixture_end(&f);
}
