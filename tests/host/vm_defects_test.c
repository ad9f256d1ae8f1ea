/*
 * Mistakes that an address space of this shape has been seen to make, each a
 * test with its number and a name. 27 is in kernel_map_test.c; 29, what fork
 * does with FPU state and FS base, needs a CPU: user/tests/fpu_state.c, tls.c.
 */
#include "arch/spinlock.h"
#include "vm_fixture.h"

/* Let each allocation of an operation fail in turn; every failure must leave memory as it was. */
#define FAIL_EACH_ALLOCATION(call)                                                                 \
    do {                                                                                           \
        struct pmm_stats before_, after_;                                                          \
        uint64_t n_ = 0;                                                                           \
        err_t err_ = ERR_NOMEM;                                                                    \
                                                                                                   \
        pmm_stats(&before_);                                                                       \
        while (err_ == ERR_NOMEM) {                                                                \
            pmm_fail_after(++n_);                                                                  \
            err_ = (call);                                                                         \
            pmm_fail_after(0);                                                                     \
            pmm_stats(&after_);                                                                    \
            if (err_ == ERR_NOMEM)                                                                 \
                CHECK(memcmp(&before_, &after_, sizeof(after_)) == 0);                             \
            CHECK_OK(as_verify_all(NULL));                                                         \
        }                                                                                          \
        CHECK_OK(err_);                                                                            \
        CHECK(n_ > 1);                                                                             \
    } while (0)

/* 1: the part that was split off was found again, forever. */
TEST(defect_01_protect_ends_on_every_split_shape)
{
    struct fixture f = vm_fixture();

    for (unsigned first = 0; first < 6; first++)
        for (unsigned count = 1; first + count <= 6; count++)
            for (unsigned resident = 0; resident < 3; resident++) {
                unsigned parts = 1 + (first > 0) + (first + count < 6);

                reserve_pages(f.as, 0, 6, RW);
                for (unsigned i = 0; resident && i < 6; i += resident)
                    CHECK_OK(user_write(f.as, page_at(i), i));
                protect_pages(f.as, first, count, RO);
                CHECK_EQ(vma_count(f.as), parts);
                verify(f.as);
                protect_pages(f.as, 0, 6, RO);
                CHECK_EQ(vma_count(f.as), 1);
                unmap_pages(f.as, 0, 6);
            }
    vm_fixture_end(&f);
}

/* 2: copy-on-write frames that were shared became writable in place. */
TEST(defect_02_protect_keeps_shared_cow_frames_read_only)
{
    struct fixture f = vm_fixture();
    struct address_space *child;

    map_pages(f.as, 0, 2, RW);
    reserve_huge(f.as, BASE + HUGE_SIZE, 1, RW);
    CHECK_OK(user_write(f.as, BASE, 1));
    CHECK_OK(user_write(f.as, BASE + HUGE_SIZE, 1));
    CHECK_OK(as_clone_cow(f.as, &child));
    for (unsigned i = 0; i < 2; i++) {
        struct address_space *as = i ? child : f.as;

        protect_pages(as, 0, 2, RO);
        protect_pages(as, 0, 2, RW);
        CHECK_OK(as_protect_range(as, BASE + HUGE_SIZE, HUGE_SIZE, NONE));
        CHECK_OK(as_protect_range(as, BASE + HUGE_SIZE, HUGE_SIZE, RW));
        verify(as);
    }
    CHECK_OK(user_write(f.as, BASE, 2));
    CHECK_OK(user_write(f.as, BASE + HUGE_SIZE, 2));
    CHECK_EQ(word_at(child, BASE), 1);
    CHECK_EQ(word_at(child, BASE + HUGE_SIZE), 1);
    as_put(child);
    vm_fixture_end(&f);
}

/* 3: rights that shrank were not flushed. */
TEST(defect_03_protect_flushes_the_tlb)
{
    static const unsigned counts[] = { 1, 5, 16, 17, 100 };
    struct fixture f = vm_fixture();

    for (unsigned c = 0; c < ARRAY_SIZE(counts); c++) {
        uint64_t value = 3;

        map_pages(f.as, 0, counts[c], RW);
        for (unsigned i = 0; i < counts[c]; i++)
            CHECK_OK(user_write(f.as, page_at(i), i));
        protect_pages(f.as, 0, counts[c], RO);
        for (unsigned i = 0; i < counts[c]; i++)
            CHECK(!sim_access(page_at(i), AS_WRITE, &value)); /* the bare CPU, no kernel */
        protect_pages(f.as, 0, counts[c], RX);
        for (unsigned i = 0; i < counts[c]; i++)
            CHECK_OK(user_exec(f.as, page_at(i)));
        protect_pages(f.as, 0, counts[c], RO);
        for (unsigned i = 0; i < counts[c]; i++)
            CHECK(!sim_access(page_at(i), AS_EXEC, &value));
        for (unsigned i = 0; i < counts[c]; i++)
            word_at(f.as, page_at(i));
        protect_pages(f.as, 0, counts[c], NONE);
        for (unsigned i = 0; i < counts[c]; i++)
            CHECK(!sim_access(page_at(i), AS_READ, &value));
        unmap_pages(f.as, 0, counts[c]);
    }
    vm_fixture_end(&f);
}

/* 4: the kind of access was ignored: forbidden ones faulted forever. */
TEST(defect_04_forbidden_access_is_final)
{
    struct fixture f = vm_fixture();
    struct address_space *child;

    map_pages(f.as, 0, 1, RO);
    CHECK_ERR(user_write(f.as, BASE, 1), ERR_ACCES);
    CHECK_ERR(user_exec(f.as, BASE), ERR_ACCES);
    map_pages(f.as, 1, 1, RW);
    CHECK_OK(as_clone_cow(f.as, &child));
    pmm_fail_after(1);
    CHECK_ERR(user_write(f.as, page_at(1), 1), ERR_NOMEM);
    as_put(child);
    vm_fixture_end(&f);
}

/* 5: clone's error path gave references up twice. */
TEST(defect_05_failed_clone_gives_up_no_reference_twice)
{
    struct fixture f = vm_fixture();
    struct address_space *child;

    for (unsigned i = 0; i < 40; i++)
        map_pages(f.as, 3 * i, 2, i % 2 ? RW : RO);
    reserve_huge(f.as, BASE + HUGE_SIZE, 2, RW);
    CHECK_OK(user_write(f.as, BASE + HUGE_SIZE, 5));
    CHECK_OK(user_write(f.as, page_at(3), 4));
    FAIL_EACH_ALLOCATION(as_clone_cow(f.as, &child));
    CHECK_EQ(frame_count(PADDR(where(f.as, page_at(3)))), 2);
    as_put(child);
    CHECK_EQ(frame_count(PADDR(where(f.as, page_at(3)))), 1);
    CHECK_EQ(word_at(f.as, page_at(3)), 4);
    vm_fixture_end(&f);
}

/* 6: frames were freed before the flush (the simulation ends the test if one is). */
TEST(defect_06_frames_are_freed_after_the_flush)
{
    static const unsigned counts[] = { 1, 16, 17, 300 };
    struct fixture f = vm_fixture();
    struct address_space *child;

    for (unsigned c = 0; c < ARRAY_SIZE(counts); c++) {
        map_pages(f.as, 0, counts[c], RW);
        for (unsigned i = 0; i < counts[c]; i++)
            CHECK_OK(user_write(f.as, page_at(i), i));
        CHECK(sim_tlb_count() >= counts[c]);
        if (c % 2)
            CHECK_OK(as_discard_range(f.as, BASE, counts[c] * PAGE_SIZE));
        unmap_pages(f.as, 0, counts[c]);
        verify(f.as);
    }
    reserve_huge(f.as, BASE, 2, RW);
    CHECK_OK(user_write(f.as, BASE, 1));
    CHECK_OK(as_clone_cow(f.as, &child));
    as_switch_to(f.as);
    CHECK_EQ(word_at(f.as, BASE), 1);
    as_put(child);
    CHECK_OK(user_write(f.as, BASE, 2));
    CHECK_OK(as_unmap_range(f.as, BASE, 2 * HUGE_SIZE));
    map_pages(f.as, 0, 1, NONE);
    sim_speculate(page_at(0)); /* no translation, but the way to the table */
    unmap_pages(f.as, 0, 1);
    vm_fixture_end(&f);
}

/* 7: fork believed recorded rights that the tables did not have. */
TEST(defect_07_text_stays_read_only_after_clone)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t value = 0;

    reserve_pages(f.as, 0, 2, RX);
    CHECK_OK(as_write(f.as, BASE, "program", 8));
    CHECK_OK(as_clone_cow(f.as, &child));
    for (unsigned i = 0; i < 2; i++) {
        struct address_space *as = i ? child : f.as;

        CHECK_OK(user_exec(as, BASE));
        CHECK(!sim_access(BASE, AS_WRITE, &value));
        CHECK_ERR(user_write(as, BASE, 0), ERR_ACCES);
        verify(as);
    }
    as_put(child);
    vm_fixture_end(&f);
}

/* 8: unmapping stopped at the first page that was not resident. */
TEST(defect_08_lazy_regions_leak_nothing)
{
    struct fixture f = vm_fixture();
    uint64_t before;

    reserve_pages(f.as, 0, 5000, RW);
    before = free_frames();
    for (unsigned i = 1; i < 5000; i += 700)
        CHECK_OK(user_write(f.as, page_at(i), i));
    unmap_pages(f.as, 0, 4000);
    CHECK_EQ(word_at(f.as, page_at(4201)), 4201);
    CHECK_OK(as_discard_range(f.as, page_at(4000), 1000 * PAGE_SIZE));
    CHECK_EQ(free_frames(), before);
    CHECK_OK(user_write(f.as, page_at(4999), 1));
    vm_fixture_end(&f); /* equal free frames */
}

/* 9: mapping did not roll back when memory ran out. */
TEST(defect_09_map_region_is_all_or_nothing)
{
    struct fixture f = vm_fixture();

    FAIL_EACH_ALLOCATION(as_map_region(f.as, page_at(500), 30, RW, 0, VMA_PAGE_4K));
    FAIL_EACH_ALLOCATION(as_map_region(f.as, BASE - 2 * HUGE_SIZE, 2, RW, 0, VMA_PAGE_2M));
    FAIL_EACH_ALLOCATION(as_map_region(f.as, page_at(2000), 9, RW | VMA_SHARED, 0, VMA_PAGE_4K));
    CHECK_ERR(as_map_region(f.as, page_at(5000), 100000, RW, 0, VMA_PAGE_4K), ERR_NOMEM);
    CHECK_EQ(vma_count(f.as), 3);
    vm_fixture_end(&f);
}

/* 10: a 2 MiB page was freed as one frame, and could not be copied on write. */
TEST(defect_10_huge_pages_are_freed_and_copied_whole)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t before = free_frames();

    CHECK_OK(as_map_region(f.as, BASE, 1, RW, VMA_ANONYMOUS, VMA_PAGE_2M));
    CHECK(before - free_frames() >= HUGE_PAGES);
    CHECK_OK(user_write(f.as, page_at(511), 1));
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_OK(user_write(child, page_at(511), 2));
    CHECK_EQ(word_at(f.as, page_at(511)), 1);
    as_put(child);
    CHECK_OK(as_unmap_region(f.as, BASE, 1, VMA_PAGE_2M));
    CHECK_EQ(free_frames(), before);
    vm_fixture_end(&f);
}

/* 11: an empty table left behind kept a 2 MiB page out forever. */
TEST(defect_11_huge_page_where_small_ones_were)
{
    struct fixture f = vm_fixture();
    uint64_t value;

    map_pages(f.as, 0, 512, RW);
    unmap_pages(f.as, 0, 512);
    reserve_huge(f.as, BASE, 1, RW);
    CHECK_OK(user_read(f.as, page_at(5), &value));
    CHECK(is_aligned(where(f.as, BASE), HUGE_SIZE));
    CHECK_OK(as_unmap_range(f.as, BASE, HUGE_SIZE));
    map_pages(f.as, 100, 1, RW);
    CHECK_OK(as_replace_region(f.as, BASE, 1, RW, VMA_ANONYMOUS, VMA_PAGE_2M));
    CHECK_OK(user_write(f.as, page_at(100), 1));
    vm_fixture_end(&f);
}

/* 12: blocks were aligned relative to the start of RAM: a 2 MiB page mapped other memory. */
TEST(defect_12_huge_pages_map_their_own_memory)
{
    struct fixture f = vm_fixture();
    unsigned n = 0;

    while (as_map_region(f.as, BASE + n * HUGE_SIZE, 1, RW, 0, VMA_PAGE_2M) == ERR_OK)
        n++;
    CHECK(n > 4);
    for (unsigned i = 0; i < n * HUGE_PAGES; i++)
        CHECK_OK(user_write(f.as, page_at(i), i));
    for (unsigned i = 0; i < n * HUGE_PAGES; i++)
        CHECK_EQ(word_at(f.as, page_at(i)), i);
    for (unsigned i = 0; i < n; i++)
        CHECK(is_aligned(where(f.as, BASE + i * HUGE_SIZE), HUGE_SIZE));
    vm_fixture_end(&f);
}

/* 13: the check for overlap and the insertion were two sections of a lock. */
TEST(defect_13_one_lock_section_for_check_and_change)
{
    struct fixture f = vm_fixture();
    uint64_t sections = sim_lock_count(LOCK_AS);

    reserve_pages(f.as, 0, 4, RW);
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    map_pages(f.as, 8, 4, RW);
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    protect_pages(f.as, 1, 1, RO);
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    CHECK_OK(as_handle_fault(f.as, BASE, AS_WRITE | AS_USER));
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    CHECK_OK(as_replace_region(f.as, BASE, 2, RW, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    CHECK_OK(as_move_range(f.as, page_at(8), PAGE_SIZE, page_at(20), PAGE_SIZE));
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    unmap_pages(f.as, 0, 4);
    CHECK_EQ(sim_lock_count(LOCK_AS), ++sections);
    vm_fixture_end(&f);
}

/* The frame of the table that holds a page's leaf. */
static paddr_t leaf_table(struct address_space *as, vaddr_t va, enum pt_level level)
{
    paddr_t table = as_cr3(as);

    for (enum pt_level l = PML4; l > level; l--)
        table = pte_addr(((pte_t *)sim_phys_to_virt(table))[pt_index(va, l)]);
    return table;
}

/* The entry at va changes once, from present to present. */
static void check_one_store(struct address_space *as, vaddr_t va, enum pt_level level)
{
    const struct sim_store *store;
    unsigned count;

    sim_watch_start(leaf_table(as, va, level));
    CHECK_OK(as_handle_fault(as, va, AS_WRITE | AS_USER));
    count = sim_watch_stop(&store);
    CHECK_EQ(count, 1);
    CHECK_EQ(store[0].offset, pt_index(va, level) * 8);
    CHECK((store[0].old & PTE_P) && (store[0].value & PTE_P) && (store[0].value & PTE_W));
}

/* 14: copy-on-write unmapped the page for a moment; another CPU saw the hole. */
TEST(defect_14_cow_changes_the_entry_by_one_store)
{
    struct fixture f = vm_fixture();
    struct address_space *child;

    map_pages(f.as, 0, 1, RW);
    reserve_huge(f.as, BASE + HUGE_SIZE, 1, RW);
    CHECK_OK(user_write(f.as, BASE, 1));
    CHECK_OK(user_write(f.as, BASE + HUGE_SIZE, 1));
    CHECK_OK(as_clone_cow(f.as, &child));
    as_switch_to(f.as);
    check_one_store(f.as, BASE, PT);  /* copied */
    check_one_store(child, BASE, PT); /* taken over */
    check_one_store(f.as, BASE + HUGE_SIZE, PD);
    check_one_store(child, BASE + HUGE_SIZE, PD);
    CHECK_EQ(word_at(child, BASE), 1);
    as_put(child);
    vm_fixture_end(&f);
}

/* 15: fork made shared memory private. */
TEST(defect_15_shared_memory_stays_shared_after_clone)
{
    struct fixture f = vm_fixture();
    struct address_space *child, *grandchild;

    CHECK_OK(as_map_region(f.as, BASE, 3, RW | VMA_SHARED, VMA_ANONYMOUS, VMA_PAGE_4K));
    CHECK_OK(as_map_region(f.as, BASE + HUGE_SIZE, 1, RW | VMA_SHARED, 0, VMA_PAGE_2M));
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_OK(as_clone_cow(child, &grandchild));
    CHECK_OK(user_write(grandchild, page_at(2), 5));
    CHECK_OK(user_write(f.as, BASE + HUGE_SIZE + 0x9000, 6));
    CHECK_EQ(word_at(f.as, page_at(2)), 5);
    CHECK_EQ(word_at(child, page_at(2)), 5);
    CHECK_EQ(word_at(grandchild, BASE + HUGE_SIZE + 0x9000), 6);
    CHECK_EQ(frame_count(PADDR(where(child, page_at(2)))), 3);
    as_put(child);
    as_put(grandchild);
    vm_fixture_end(&f);
}
