/* Protecting and moving. */
#include "vm_fixture.h"

TEST(protect_needs_a_covered_range)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 4, RW);
    map_pages(f.as, 5, 4, RW);
    CHECK_ERR(as_protect_range(f.as, page_at(0), 9 * PAGE_SIZE, RO), ERR_NOMEM);
    CHECK_ERR(as_protect_range(f.as, page_at(8), 2 * PAGE_SIZE, RO), ERR_NOMEM);
    CHECK_ERR(as_protect_range(f.as, page_at(4), PAGE_SIZE, RO), ERR_NOMEM);
    for (unsigned i = 0; i < 9; i++)
        if (i != 4)
            CHECK_OK(user_write(f.as, page_at(i), 1));
    CHECK_EQ(vma_count(f.as), 2);
    vm_fixture_end(&f);
}

TEST(protect_none_keeps_the_frame)
{
    struct fixture f = vm_fixture();
    uint64_t at, value;
    bool any;
    paddr_t pa;

    map_pages(f.as, 0, 1, RW);
    CHECK_OK(user_write(f.as, BASE, 77));
    at = where(f.as, BASE);
    protect_pages(f.as, 0, 1, NONE);
    CHECK_EQ(frame_count(PADDR(at)), 1);
    CHECK(!as_translate(f.as, BASE, &pa));
    CHECK_OK(as_any_mapped_in_range(f.as, BASE, PAGE_SIZE, &any));
    CHECK(any);
    CHECK_ERR(user_read(f.as, BASE, &value), ERR_ACCES);
    CHECK_ERR(user_write(f.as, BASE, 1), ERR_ACCES);
    protect_pages(f.as, 0, 1, RO);
    CHECK_EQ(word_at(f.as, BASE), 77);
    CHECK_EQ(where(f.as, BASE), at);
    vm_fixture_end(&f);
}

TEST(protect_keeps_shared_and_type)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    struct vma v;

    CHECK_OK(as_map_region(f.as, BASE, 2, RW | VMA_SHARED, VMA_STACK, VMA_PAGE_4K));
    protect_pages(f.as, 0, 1, RO);
    v = vma_number(f.as, 0);
    CHECK_EQ(v.flags, RO | VMA_USER | VMA_SHARED);
    CHECK_EQ(v.type, VMA_STACK);
    CHECK_OK(as_clone_cow(f.as, &child));
    protect_pages(child, 0, 1, RW);
    CHECK_EQ(vma_count(child), 1);
    CHECK_OK(user_write(child, BASE, 5));
    CHECK_EQ(word_at(f.as, BASE), 5);
    as_put(child);
    vm_fixture_end(&f);
}

TEST(protect_the_same_rights_changes_nothing)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 8, RW);
    protect_pages(f.as, 2, 3, RW);
    CHECK_EQ(vma_count(f.as), 1);
    vm_fixture_end(&f);
}

TEST(protect_spans_many_vmas)
{
    struct fixture f = vm_fixture();

    for (unsigned i = 0; i < 30; i++)
        map_pages(f.as, i, 1, i % 3 == 0 ? RW : i % 3 == 1 ? RO : RX);
    CHECK_EQ(vma_count(f.as), 30);
    protect_pages(f.as, 1, 28, RW);
    CHECK_EQ(vma_count(f.as), 2);
    for (unsigned i = 0; i < 29; i++)
        CHECK_OK(user_write(f.as, page_at(i), i));
    CHECK_OK(user_exec(f.as, page_at(29)));
    vm_fixture_end(&f);
}

TEST(move_keeps_frames_and_cow_state)
{
    struct fixture f = vm_fixture();
    struct address_space *child;
    uint64_t at[4], value;

    map_pages(f.as, 0, 4, RW);
    for (unsigned i = 0; i < 4; i++) {
        CHECK_OK(user_write(f.as, page_at(i), i + 10));
        at[i] = where(f.as, page_at(i));
    }
    CHECK_OK(as_clone_cow(f.as, &child));
    CHECK_OK(as_move_range(f.as, page_at(1), 2 * PAGE_SIZE, page_at(1000), 4 * PAGE_SIZE));
    CHECK_EQ(where(f.as, page_at(1000)), at[1]);
    CHECK_EQ(where(f.as, page_at(1001)), at[2]);
    CHECK_EQ(word_at(f.as, page_at(1000)), 11);
    CHECK_EQ(word_at(f.as, page_at(1003)), 0);
    CHECK_ERR(user_read(f.as, page_at(1), &value), ERR_FAULT);
    CHECK_OK(user_write(f.as, page_at(1000), 1));
    CHECK_EQ(word_at(child, page_at(1)), 11);
    CHECK_EQ(vma_count(f.as), 3);
    verify(f.as);
    as_put(child);
    vm_fixture_end(&f);
}

TEST(move_grows_and_shrinks_in_place)
{
    struct fixture f = vm_fixture();
    uint64_t value;

    map_pages(f.as, 0, 4, RW);
    reserve_pages(f.as, 8, 1, RO);
    CHECK_OK(user_write(f.as, page_at(3), 3));
    CHECK_OK(as_move_range(f.as, BASE, 4 * PAGE_SIZE, BASE, 8 * PAGE_SIZE));
    check_vma(f.as, 0, BASE, 8, RW, VMA_PAGE_4K);
    CHECK_ERR(as_move_range(f.as, BASE, 8 * PAGE_SIZE, BASE, 9 * PAGE_SIZE), ERR_EXIST);
    CHECK_ERR(as_move_range(f.as, BASE, 2 * PAGE_SIZE, BASE, 3 * PAGE_SIZE), ERR_EXIST);
    CHECK_OK(as_move_range(f.as, BASE, 8 * PAGE_SIZE, BASE, 2 * PAGE_SIZE));
    check_vma(f.as, 0, BASE, 2, RW, VMA_PAGE_4K);
    CHECK_ERR(user_read(f.as, page_at(3), &value), ERR_FAULT);
    CHECK_OK(as_move_range(f.as, BASE, 2 * PAGE_SIZE, BASE, 2 * PAGE_SIZE));
    vm_fixture_end(&f);
}

TEST(move_refuses_what_it_should)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 4, RW);
    map_pages(f.as, 4, 4, RO);
    CHECK_OK(as_map_region(f.as, page_at(8), 2, RW | VMA_SHARED, VMA_ANONYMOUS, VMA_PAGE_4K));
    reserve_huge(f.as, BASE + HUGE_SIZE, 2, RW);
    CHECK_ERR(as_move_range(f.as, page_at(2), 4 * PAGE_SIZE, page_at(100), 4 * PAGE_SIZE),
              ERR_FAULT);
    CHECK_ERR(as_move_range(f.as, page_at(20), PAGE_SIZE, page_at(100), PAGE_SIZE), ERR_FAULT);
    CHECK_ERR(as_move_range(f.as, page_at(0), PAGE_SIZE, page_at(4), PAGE_SIZE), ERR_EXIST);
    CHECK_ERR(as_move_range(f.as, page_at(0), 2 * PAGE_SIZE, page_at(1), PAGE_SIZE), ERR_INVAL);
    CHECK_ERR(as_move_range(f.as, page_at(1), PAGE_SIZE, page_at(0), 2 * PAGE_SIZE), ERR_INVAL);
    CHECK_ERR(as_move_range(f.as, page_at(8), PAGE_SIZE, page_at(100), 2 * PAGE_SIZE), ERR_INVAL);
    CHECK_ERR(as_move_range(f.as, BASE + HUGE_SIZE, PAGE_SIZE, page_at(100), PAGE_SIZE), ERR_INVAL);
    CHECK_OK(as_move_range(f.as, page_at(8), 2 * PAGE_SIZE, page_at(100), 2 * PAGE_SIZE));
    CHECK_OK(
        as_move_range(f.as, BASE + 2 * HUGE_SIZE, HUGE_SIZE, BASE + 8 * HUGE_SIZE, 2 * HUGE_SIZE));
    verify(f.as);
    vm_fixture_end(&f);
}

/* The destination's tables may be those that the source leaves empty. */
TEST(move_within_one_table)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 2, RW);
    CHECK_OK(user_write(f.as, page_at(1), 4));
    CHECK_OK(as_move_range(f.as, page_at(0), 2 * PAGE_SIZE, page_at(300), 2 * PAGE_SIZE));
    CHECK_EQ(word_at(f.as, page_at(301)), 4);
    CHECK_OK(as_move_range(f.as, page_at(300), 2 * PAGE_SIZE, page_at(511), 2 * PAGE_SIZE));
    CHECK_EQ(word_at(f.as, page_at(512)), 4);
    vm_fixture_end(&f);
}
