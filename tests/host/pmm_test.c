/* The physical memory manager: blocks, holes, counts, failures on demand. */
#include "pmm/pmm.h"

#include "arch/mmu.h"
#include "boot/boot_info.h"
#include "check.h"
#include "pmm_fixture.h"
#include "sim.h"

#include <string.h>

static uint64_t frames_in_blocks(const struct pmm_stats *s)
{
    uint64_t frames = 0;

    for (unsigned order = 0; order < PMM_ORDERS; order++)
        frames += s->blocks[order] << order;
    return frames;
}

TEST(pmm_counts_all_ram_once)
{
    struct pmm_stats s;
    uint64_t usable = 0, table;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&s);
    for (uint64_t pa = PAGE_SIZE; pa < SIM_RAM_PC.size; pa += PAGE_SIZE)
        usable += sim_is_ram(pa, PAGE_SIZE) && (pa < KERNEL_PHYS || pa >= 0x200000);
    table = align_up((SIM_RAM_PC.size >> PAGE_SHIFT) * sizeof(struct frame), PAGE_SIZE);
    CHECK_EQ(s.total, usable - (table >> PAGE_SHIFT));
    CHECK_EQ(s.free, s.total);
    CHECK_EQ(s.tables, 0);
    CHECK_EQ(frames_in_blocks(&s), s.free);
    CHECK_EQ(pmm_limit(), SIM_RAM_PC.size);
    pmm_check();
}

TEST(pmm_never_hands_out_what_is_reserved)
{
    struct boot_info info;
    paddr_t pa;

    sim_ram_init(&SIM_RAM_PC);
    sim_boot_info(&SIM_RAM_PC, &info);
    /* Unaligned, touching and overlapping each other, as modules can be. */
    info.reserved[1] = (struct boot_module){ 0x500123, 0x2000 };
    info.reserved[2] = (struct boot_module){ 0x502000, 0x1 };
    info.reserved[3] = (struct boot_module){ 0x700000, 0x100000 };
    info.reserved_count = 4;
    CHECK_OK(pmm_init(&info, UINT64_MAX));
    pmm_check();
    while (pmm_alloc(0, &pa) == ERR_OK) {
        CHECK(sim_is_ram(pa.v, PAGE_SIZE) && pa.v != 0);
        for (unsigned i = 0; i < info.reserved_count; i++)
            CHECK(pa.v + PAGE_SIZE <= info.reserved[i].base ||
                  pa.v >= info.reserved[i].base + info.reserved[i].len);
        memset(phys_to_virt(pa), 1, PAGE_SIZE);
    }
    CHECK_EQ(frame_state(PADDR(0x500000)), FRAME_RESERVED);
    CHECK_EQ(frame_state(PADDR(0x502000)), FRAME_RESERVED);
    CHECK_EQ(frame_state(PADDR(0x9f000)), FRAME_RESERVED);
    pmm_check();
}

TEST(pmm_leaves_acpi_and_reserved_regions_alone)
{
    struct boot_info info;
    paddr_t pa;

    sim_ram_init(&SIM_RAM_PC);
    memset(&info, 0, sizeof(info));
    info.region[0] = (struct boot_region){ 0x200800, 0x3ff000, BOOT_RAM };
    info.region[1] = (struct boot_region){ 0x600000, 0x100000, BOOT_ACPI };
    info.region[2] = (struct boot_region){ 0x700000, 0x100000, BOOT_RESERVED };
    info.region[3] = (struct boot_region){ 0x800000, 0x7ff, BOOT_RAM };
    info.region[4] = (struct boot_region){ 0x900000, 0x100000, BOOT_RAM };
    info.region_count = 5;
    CHECK_OK(pmm_init(&info, UINT64_MAX));
    while (pmm_alloc(0, &pa) == ERR_OK)
        CHECK((pa.v >= 0x201000 && pa.v < 0x5ff000) || (pa.v >= 0x900000 && pa.v < 0xa00000));
}

TEST(pmm_init_fails_without_room_for_the_table)
{
    struct boot_info info;

    sim_ram_init(&SIM_RAM_PC);
    memset(&info, 0, sizeof(info));
    CHECK_ERR(pmm_init(&info, UINT64_MAX), ERR_NOMEM);
    info.region[0] = (struct boot_region){ 0x200000, 0x1800, BOOT_RAM };
    info.region_count = 1;
    CHECK_ERR(pmm_init(&info, 0x200000), ERR_NOMEM);
}

TEST(pmm_high_memory_comes_later)
{
    struct boot_info info;
    struct pmm_stats low, all;
    paddr_t pa;

    sim_ram_init(&SIM_RAM_PC);
    sim_boot_info(&SIM_RAM_PC, &info);
    CHECK_OK(pmm_init(&info, 0x800000));
    pmm_stats(&low);
    CHECK_OK(pmm_alloc(0, &pa));
    CHECK(pa.v < 0x800000);
    pmm_free(pa, 0);
    pmm_init_high(&info, 0x800000);
    pmm_stats(&all);
    CHECK_EQ(all.total - low.total,
             ((SIM_RAM_PC.size - 0x800000) - SIM_RAM_PC.hole[1].len) >> PAGE_SHIFT);
    pmm_check();
}

TEST(pmm_blocks_are_naturally_aligned_and_in_ram)
{
    for (unsigned order = 0; order < PMM_ORDERS; order++) {
        uint64_t got = 0;
        paddr_t pa;

        pmm_fixture(&SIM_RAM_PC);
        while (pmm_alloc(order, &pa) == ERR_OK) {
            CHECK(is_aligned(pa.v, PAGE_SIZE << order));
            CHECK(sim_is_ram(pa.v, PAGE_SIZE << order));
            got++;
        }
        CHECK(got > 0);
        pmm_check();
    }
}

TEST(pmm_splits_and_merges)
{
    struct pmm_stats before, after;
    paddr_t block, frame[8];

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    CHECK_OK(pmm_alloc(3, &block));
    for (unsigned i = 0; i < 8; i++)
        CHECK_OK(pmm_alloc(0, &frame[i]));
    pmm_check();
    for (unsigned i = 0; i < 8; i++)
        pmm_free(frame[i ^ 5], 0);
    pmm_free(block, 3);
    pmm_check();
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
}

TEST(pmm_exhausts_and_recovers)
{
    static paddr_t frame[16384];
    struct pmm_stats before, after;
    uint64_t n = 0;
    paddr_t none = PADDR(42);

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    while (pmm_alloc(0, &frame[n]) == ERR_OK)
        n++;
    CHECK_EQ(n, before.free);
    CHECK_ERR(pmm_alloc(0, &none), ERR_NOMEM);
    CHECK_EQ(none.v, 42);
    pmm_stats(&after);
    CHECK_EQ(after.free, 0);
    for (uint64_t i = 0; i < n; i += 2)
        pmm_free(frame[i], 0);
    CHECK_ERR(pmm_alloc(10, &none), ERR_NOMEM);
    for (uint64_t i = 1; i < n; i += 2)
        pmm_free(frame[i], 0);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
}

TEST(pmm_alloc_zeroed_is_zero)
{
    paddr_t pa;

    pmm_fixture(&SIM_RAM_PC);
    for (unsigned order = 0; order < PMM_ORDERS; order++) {
        const uint64_t *word;

        CHECK_OK(pmm_alloc_zeroed(order, &pa));
        word = phys_to_virt(pa);
        for (uint64_t i = 0; i < (PAGE_SIZE << order) / 8; i++)
            CHECK_EQ(word[i], 0);
        memset(phys_to_virt(pa), 0xff, PAGE_SIZE << order);
        pmm_free(pa, order);
    }
}

TEST(pmm_release_hands_reserved_ram_over)
{
    struct pmm_stats before, after;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    pmm_release(PADDR(0x100801), 0x3800); /* whole frames inside: 0x101000..0x103fff */
    pmm_stats(&after);
    CHECK_EQ(after.free, before.free + 3);
    CHECK_EQ(after.total, before.total + 3);
    CHECK_EQ(frame_state(PADDR(0x100000)), FRAME_RESERVED);
    CHECK_EQ(frame_state(PADDR(0x101000)), FRAME_FREE);
    CHECK_EQ(frame_state(PADDR(0x104000)), FRAME_RESERVED);
    pmm_release(PADDR(0x110800), 0x100);
    pmm_check();
}

TEST(pmm_counts_references)
{
    struct pmm_stats before, after;
    paddr_t pa;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    CHECK_OK(pmm_alloc(0, &pa));
    CHECK_EQ(frame_count(pa), 1);
    CHECK_EQ(frame_state(pa), FRAME_USED);
    frame_get(pa);
    frame_get(pa);
    CHECK_EQ(frame_count(pa), 3);
    frame_put(pa);
    frame_put(pa);
    CHECK_EQ(frame_count(pa), 1);
    frame_put(pa);
    CHECK_EQ(frame_count(pa), 0);
    CHECK_EQ(frame_state(pa), FRAME_FREE);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    CHECK_EQ(frame_count(PADDR(0)), 0);
    CHECK_EQ(frame_count(PADDR(UINT64_C(1) << 50)), 0);
    CHECK_EQ(frame_state(PADDR(UINT64_C(1) << 50)), FRAME_RESERVED);
}

TEST(pmm_splits_a_counted_block)
{
    struct pmm_stats before, after;
    paddr_t block;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    CHECK_OK(pmm_alloc(HUGE_ORDER, &block));
    CHECK(frame_block_exclusive(block, HUGE_ORDER));
    frame_get_block(block, HUGE_ORDER);
    for (unsigned i = 0; i < HUGE_PAGES; i++)
        CHECK_EQ(frame_count(PADDR(block.v + i * PAGE_SIZE)), 2);
    CHECK(!frame_block_exclusive(block, HUGE_ORDER));
    frame_put(PADDR(block.v + 7 * PAGE_SIZE));
    CHECK_EQ(frame_count(PADDR(block.v + 7 * PAGE_SIZE)), 1);
    frame_put(PADDR(block.v + 7 * PAGE_SIZE));
    CHECK_EQ(frame_state(PADDR(block.v + 7 * PAGE_SIZE)), FRAME_FREE);
    pmm_check();
    for (unsigned i = 0; i < HUGE_PAGES; i++)
        if (i != 7) {
            frame_put(PADDR(block.v + i * PAGE_SIZE));
            frame_put(PADDR(block.v + i * PAGE_SIZE));
        }
    pmm_check();
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
}

TEST(pmm_block_counts_go_down_together)
{
    struct pmm_stats before, after;
    paddr_t block;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    CHECK_OK(pmm_alloc(HUGE_ORDER, &block));
    frame_get_block(block, HUGE_ORDER);
    frame_put_block(block, HUGE_ORDER);
    CHECK(frame_block_exclusive(block, HUGE_ORDER));
    frame_put_block(block, HUGE_ORDER);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    CHECK_OK(pmm_alloc(HUGE_ORDER, &block));
    frame_put_block(block, HUGE_ORDER); /* never split */
    CHECK_OK(pmm_alloc(4, &block));
    frame_get(PADDR(block.v + PAGE_SIZE));
    frame_put(PADDR(block.v + PAGE_SIZE));
    pmm_free(block, 4); /* split, but all its counts are one again */
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
}

TEST(pmm_names_page_tables)
{
    struct pmm_stats s;
    paddr_t pa;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(0, &pa));
    frame_set_table(pa);
    CHECK_EQ(frame_state(pa), FRAME_TABLE);
    pmm_stats(&s);
    CHECK_EQ(s.tables, 1);
    pmm_free(pa, 0);
    pmm_stats(&s);
    CHECK_EQ(s.tables, 0);
}

TEST(pmm_frame_list_is_a_stack)
{
    struct frame_list list = FRAME_LIST_INIT;
    paddr_t frame[5];

    pmm_fixture(&SIM_RAM_PC);
    for (unsigned i = 0; i < 5; i++) {
        CHECK_OK(pmm_alloc(0, &frame[i]));
        frame_list_push(&list, frame[i]);
    }
    CHECK_EQ(list.count, 5);
    for (unsigned i = 5; i-- > 0;)
        CHECK_EQ(frame_list_pop(&list).v, frame[i].v);
    CHECK_EQ(list.count, 0);
    CHECK_EQ(list.head, FRAME_NONE);
}

TEST(pmm_fails_on_demand)
{
    struct pmm_stats before, after;
    paddr_t pa;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    pmm_fail_after(3);
    CHECK_OK(pmm_alloc(0, &pa));
    pmm_free(pa, 0);
    CHECK_OK(pmm_alloc_zeroed(2, &pa));
    pmm_free(pa, 2);
    CHECK_ERR(pmm_alloc(0, &pa), ERR_NOMEM);
    CHECK_OK(pmm_alloc(0, &pa)); /* only that one */
    pmm_free(pa, 0);
    pmm_fail_after(1);
    pmm_fail_after(0);
    CHECK_OK(pmm_alloc(0, &pa));
    pmm_free(pa, 0);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
}
