/* Arguments: every wrong one is refused, in the promised order, and changes nothing. */
#include "vm_fixture.h"

/* All operations on a range of pages, with one signature. */
typedef err_t (*range_op_t)(struct address_space *as, vaddr_t start, uint64_t pages);

static err_t op_reserve(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_reserve_region(as, start, pages, RW, VMA_ANONYMOUS, VMA_PAGE_4K);
}

static err_t op_map(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_map_region(as, start, pages, RW, VMA_ANONYMOUS, VMA_PAGE_4K);
}

static err_t op_map_shared(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_map_region(as, start, pages, RW | VMA_SHARED, VMA_ANONYMOUS, VMA_PAGE_4K);
}

static err_t op_replace(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_replace_region(as, start, pages, RW, VMA_ANONYMOUS, VMA_PAGE_4K);
}

static err_t op_unmap_region(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_unmap_region(as, start, pages, VMA_PAGE_4K);
}

static uint64_t bytes(uint64_t pages)
{
    return pages * PAGE_SIZE;
}

static err_t op_unmap(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_unmap_range(as, start, bytes(pages));
}

static err_t op_protect(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_protect_range(as, start, bytes(pages), RO);
}

static err_t op_discard(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_discard_range(as, start, bytes(pages));
}

static err_t op_move_from(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_move_range(as, start, bytes(pages), page_at(5000), bytes(pages));
}

static err_t op_move_to(struct address_space *as, vaddr_t start, uint64_t pages)
{
    return as_move_range(as, page_at(0), PAGE_SIZE, start, bytes(pages));
}

static err_t op_any_mapped(struct address_space *as, vaddr_t start, uint64_t pages)
{
    bool any;

    return as_any_mapped_in_range(as, start, bytes(pages), &any);
}

static const range_op_t range_ops[] = {
    op_reserve, op_map,     op_map_shared, op_replace, op_unmap_region, op_unmap,
    op_protect, op_discard, op_move_from,  op_move_to, op_any_mapped,
};

/* One page is mapped, so that there is something to lose. */
static void check_all(struct address_space *as, vaddr_t start, uint64_t pages, err_t want)
{
    uint64_t before = free_frames();

    for (unsigned i = 0; i < ARRAY_SIZE(range_ops); i++) {
        err_t got = range_ops[i](as, start, pages);

        if (got != want)
            sim_die("operation %u on %#llx, %llu pages: %d, not %d", i, (unsigned long long)start,
                    (unsigned long long)pages, (int)got, (int)want);
    }
    CHECK_EQ(free_frames(), before);
    CHECK_EQ(vma_count(as), 1);
    CHECK_EQ(word_at(as, page_at(0)), 7);
}

TEST(args_misaligned_or_empty_is_inval)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 1, RW);
    CHECK_OK(user_write(f.as, page_at(0), 7));
    check_all(f.as, page_at(10) + 1, 1, ERR_INVAL);
    check_all(f.as, page_at(10) + 0x800, 1, ERR_INVAL);
    check_all(f.as, page_at(10), 0, ERR_INVAL);
    check_all(f.as, 1, 1, ERR_INVAL); /* alignment before the address range */
    check_all(f.as, UINT64_C(0xffff800000000001), 1, ERR_INVAL);
    vm_fixture_end(&f);
}

TEST(args_outside_of_user_range_is_fault)
{
    struct fixture f = vm_fixture();

    map_pages(f.as, 0, 1, RW);
    CHECK_OK(user_write(f.as, page_at(0), 7));
    check_all(f.as, 0, 1, ERR_FAULT);
    check_all(f.as, USER_MIN - PAGE_SIZE, 1, ERR_FAULT);
    check_all(f.as, USER_MIN - PAGE_SIZE, 2, ERR_FAULT);
    check_all(f.as, USER_MAX, 1, ERR_FAULT);
    check_all(f.as, USER_MAX - PAGE_SIZE, 2, ERR_FAULT);
    check_all(f.as, UINT64_C(0x800000000000), 1, ERR_FAULT);
    check_all(f.as, UINT64_C(0xffff800000000000), 1, ERR_FAULT);
    check_all(f.as, UINT64_C(0xfffffffffffff000), 2, ERR_FAULT);
    check_all(f.as, page_at(1), (UINT64_MAX >> PAGE_SHIFT) - 1, ERR_FAULT);
    vm_fixture_end(&f);
}

TEST(args_page_count_overflow_is_fault)
{
    struct fixture f = vm_fixture();

    for (unsigned shift = 43; shift < 64; shift++) {
        uint64_t pages = (UINT64_C(1) << shift) + 1; /* times 2^21 wraps to 2 MiB */

        CHECK_ERR(as_reserve_region(f.as, BASE, pages, RW, VMA_ANONYMOUS, VMA_PAGE_2M), ERR_FAULT);
        CHECK_ERR(as_map_region(f.as, BASE, pages, RW, VMA_ANONYMOUS, VMA_PAGE_2M), ERR_FAULT);
        CHECK_ERR(as_unmap_region(f.as, BASE, pages, VMA_PAGE_2M), ERR_FAULT);
        CHECK_ERR(as_replace_region(f.as, BASE, pages, RW, VMA_ANONYMOUS, VMA_PAGE_2M), ERR_FAULT);
    }
    CHECK_ERR(
        as_reserve_region(f.as, BASE, (UINT64_C(1) << 52) + 1, RW, VMA_ANONYMOUS, VMA_PAGE_4K),
        ERR_FAULT);
    CHECK_EQ(vma_count(f.as), 0);
    vm_fixture_end(&f);
}

TEST(args_rights_are_checked_and_completed)
{
    struct fixture f = vm_fixture();
    struct vma v;

    CHECK_ERR(as_reserve_region(f.as, BASE, 1, VMA_WRITE | VMA_EXEC, 0, 0), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, BASE, 1, RW | VMA_EXEC, 0, 0), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, BASE, 1, RW | 32, 0, 0), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, BASE, 1, RW | 0x80000000, 0, 0), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, BASE, 1, RW | VMA_SHARED, 0, 0), ERR_INVAL);
    CHECK_ERR(as_map_region(f.as, BASE, 1, RW | VMA_EXEC, 0, 0), ERR_INVAL);
    CHECK_ERR(as_map_region(f.as, BASE, 1, 64, 0, 0), ERR_INVAL);
    CHECK_ERR(as_replace_region(f.as, BASE, 1, VMA_WRITE | VMA_EXEC, 0, 0), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, 0, 1, RW | VMA_EXEC, 0, 0), ERR_INVAL); /* before ERR_FAULT */
    CHECK_EQ(vma_count(f.as), 0);
    CHECK_OK(as_reserve_region(f.as, page_at(0), 1, VMA_WRITE, VMA_STACK, 0));
    CHECK_OK(as_reserve_region(f.as, page_at(2), 1, VMA_EXEC, VMA_CODE, 0));
    CHECK_OK(as_reserve_region(f.as, page_at(4), 1, NONE, VMA_ANONYMOUS, 0));
    CHECK(as_region_by_start(f.as, page_at(0), &v));
    CHECK_EQ(v.flags, RW | VMA_USER);
    CHECK_EQ(v.type, VMA_STACK);
    CHECK(as_region_by_start(f.as, page_at(2), &v));
    CHECK_EQ(v.flags, RX | VMA_USER);
    CHECK(as_region_by_start(f.as, page_at(4), &v));
    CHECK_EQ(v.flags, VMA_USER);
    CHECK_ERR(as_protect_range(f.as, page_at(0), PAGE_SIZE, RW | VMA_EXEC), ERR_INVAL);
    CHECK_ERR(as_protect_range(f.as, page_at(0), PAGE_SIZE, RW | VMA_SHARED), ERR_INVAL);
    CHECK_ERR(as_protect_range(f.as, page_at(0), PAGE_SIZE, 1 << 10), ERR_INVAL);
    vm_fixture_end(&f);
}

TEST(args_page_sizes_and_types_are_checked)
{
    struct fixture f = vm_fixture();

    CHECK_ERR(as_reserve_region(f.as, BASE + PAGE_SIZE, 1, RW, 0, VMA_PAGE_2M), ERR_INVAL);
    CHECK_ERR(as_map_region(f.as, BASE + PAGE_SIZE, 1, RW, 0, VMA_PAGE_2M), ERR_INVAL);
    CHECK_ERR(as_unmap_region(f.as, BASE + PAGE_SIZE, 1, VMA_PAGE_2M), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, BASE, 1, RW, 0, (enum vma_page_size)2), ERR_INVAL);
    CHECK_ERR(as_reserve_region(f.as, BASE, 1, RW, (enum vma_type)17, 0), ERR_INVAL);
    vm_fixture_end(&f);
}

TEST(args_overlap_is_exist)
{
    struct fixture f = vm_fixture();
    paddr_t frame;

    CHECK_OK(pmm_alloc_zeroed(0, &frame));
    reserve_pages(f.as, 10, 10, RW);
    for (unsigned first = 5; first < 25; first++) {
        bool overlaps = first + 4 > 10 && first < 20;
        err_t want = overlaps ? ERR_EXIST : ERR_OK;

        CHECK_ERR(as_reserve_region(f.as, page_at(first), 4, RO, VMA_STACK, 0), want);
        if (!overlaps)
            unmap_pages(f.as, first, 4);
    }
    CHECK_ERR(op_map(f.as, page_at(19), 1), ERR_EXIST);
    CHECK_ERR(as_map_shared_frames(f.as, page_at(10), &frame, 1, RW, 0), ERR_EXIST);
    CHECK_ERR(op_map(f.as, page_at(0), 10000), ERR_EXIST); /* before ERR_NOMEM */
    CHECK_EQ(vma_count(f.as), 1);
    pmm_free(frame, 0);
    vm_fixture_end(&f);
}

TEST(args_kernel_space_is_perm)
{
    struct fixture f = vm_fixture();
    struct address_space *kernel = sim_kernel_as(), *child;
    paddr_t frame;

    CHECK_OK(pmm_alloc_zeroed(0, &frame));
    CHECK(as_is_kernel(kernel) && !as_is_kernel(f.as));
    CHECK_ERR(op_reserve(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_map(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_replace(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_unmap(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_unmap_region(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_protect(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_discard(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(op_move_from(kernel, BASE, 1), ERR_PERM);
    CHECK_ERR(as_map_shared_frames(kernel, BASE, &frame, 1, RW, 0), ERR_PERM);
    CHECK_ERR(as_write(kernel, BASE, &frame, 8), ERR_PERM);
    CHECK_ERR(as_clone_cow(kernel, &child), ERR_PERM);
    CHECK(!as_has_user_mappings(kernel));
    CHECK_EQ(frame_count(frame), 1);
    CHECK_ERR(as_new_kernel(&child), ERR_EXIST);
    pmm_free(frame, 0);
    vm_fixture_end(&f);
}

TEST(args_shared_frames_must_be_live_ram)
{
    struct fixture f = vm_fixture();
    paddr_t frame[3], bad[] = { PADDR(KERNEL_PHYS), PADDR(0xa0000),           as_cr3(f.as),
                                PADDR(0),           PADDR(UINT64_C(1) << 45), PADDR(0) };

    CHECK_OK(pmm_alloc_zeroed(0, &frame[0]));
    CHECK_OK(pmm_alloc_zeroed(0, &frame[2]));
    CHECK_OK(pmm_alloc(0, &bad[5]));
    pmm_free(bad[5], 0);
    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
        frame[1] = bad[i];
        CHECK_ERR(as_map_shared_frames(f.as, BASE, frame, 3, RW, 0), ERR_INVAL);
        CHECK_EQ(frame_count(frame[0]), 1);
    }
    frame[1] = PADDR(frame[0].v + 8);
    CHECK_ERR(as_map_shared_frames(f.as, BASE, frame, 3, RW, 0), ERR_INVAL);
    CHECK_ERR(as_map_shared_frames(f.as, BASE, frame, 0, RW, 0), ERR_INVAL);
    CHECK_EQ(vma_count(f.as), 0);
    pmm_free(frame[0], 0);
    pmm_free(frame[2], 0);
    vm_fixture_end(&f);
}
