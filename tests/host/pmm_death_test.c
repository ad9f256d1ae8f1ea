/* Misuse of the pmm is a panic that names the frame. */
#include "arch/mmu.h"
#include "pmm_fixture.h"
#include "pmm_inside.h"

#include <stdio.h>

/* The frame's number as panics print it. */
static const char *name_of(paddr_t pa)
{
    static char text[32];

    snprintf(text, sizeof(text), "%#llx", (unsigned long long)(pa.v >> PAGE_SHIFT));
    return text;
}

TEST(pmm_double_free_panics)
{
    paddr_t pa, block;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(0, &pa));
    pmm_free(pa, 0);
    CHECK_PANICS("double free", pmm_free(pa, 0));
    CHECK_PANICS(name_of(pa), pmm_free(pa, 0));
    CHECK_PANICS(name_of(pa), frame_put(pa));
    CHECK_PANICS(name_of(pa), frame_get(pa));
    CHECK_OK(pmm_alloc(3, &block));
    pmm_free(block, 3);
    CHECK_PANICS("double free", pmm_free(block, 3));
    CHECK_PANICS("double free", pmm_free(PADDR(block.v + 4 * PAGE_SIZE), 2));
}

TEST(pmm_reserved_free_panics)
{
    paddr_t image = PADDR(KERNEL_PHYS), hole = PADDR(0xa0000);

    pmm_fixture(&SIM_RAM_PC);
    CHECK_PANICS("reserved", pmm_free(image, 0));
    CHECK_PANICS(name_of(image), pmm_free(image, 0));
    CHECK_PANICS("reserved", pmm_free(hole, 0));
    CHECK_PANICS("reserved", frame_put(image));
    CHECK_PANICS("reserved", frame_get(hole));
    CHECK_PANICS("", pmm_free(PADDR(SIM_RAM_PC.size), 0));
    CHECK_PANICS("", pmm_free(PADDR(UINT64_C(1) << 51), 0));
    CHECK_PANICS("", frame_put(PADDR(UINT64_C(1) << 51)));
}

TEST(pmm_wrong_order_panics)
{
    paddr_t block;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(3, &block));
    CHECK_PANICS(name_of(block), pmm_free(block, 2));
    CHECK_PANICS(name_of(block), pmm_free(block, 0));
    CHECK_PANICS("", pmm_free(PADDR(block.v + PAGE_SIZE), 0));
    CHECK_PANICS("", pmm_free(block, 4));
    CHECK_PANICS("", pmm_free(block, PMM_ORDERS));
    CHECK_PANICS("", pmm_free(PADDR(block.v + 8), 0));
}

/* Frames that were allocated alone are no block, even if they lie side by side. */
TEST(pmm_free_of_neighbours_as_a_block_panics)
{
    paddr_t block;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(2, &block));
    frame_get(block);
    frame_put(block);
    CHECK_PANICS(name_of(block), pmm_free(block, 1)); /* half of a split block */
    pmm_free(block, 2);
    while (pmm_alloc(0, &block) == ERR_OK)
        continue;
    block = PADDR(0x400000);
    CHECK_EQ(frame_count(block), 1);
    CHECK_PANICS(name_of(block), pmm_free(block, 1));
    CHECK_PANICS(name_of(block), pmm_free(block, HUGE_ORDER));
}

TEST(pmm_free_of_shared_frame_panics)
{
    paddr_t pa, block;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(0, &pa));
    frame_get(pa);
    CHECK_PANICS(name_of(pa), pmm_free(pa, 0));
    CHECK_OK(pmm_alloc(2, &block));
    frame_get(PADDR(block.v + PAGE_SIZE));
    CHECK_PANICS(name_of(PADDR(block.v + PAGE_SIZE)), pmm_free(block, 2));
    frame_put(PADDR(block.v + PAGE_SIZE));
    frame_put(PADDR(block.v + PAGE_SIZE));
    CHECK_PANICS(name_of(PADDR(block.v + PAGE_SIZE)), pmm_free(block, 2));
}

TEST(pmm_release_of_ram_in_use_panics)
{
    pmm_fixture(&SIM_RAM_PC);
    CHECK_PANICS("", pmm_release(PADDR(0x300000), PAGE_SIZE));
}

TEST(pmm_count_overflow_panics)
{
    paddr_t pa;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(0, &pa));
    pmm_test_frame(pa)->count = UINT32_MAX - 1;
    frame_get(pa);
    CHECK_PANICS(name_of(pa), frame_get(pa));
    CHECK_EQ(frame_count(pa), UINT32_MAX);
}

/* Debug builds: what is written after the free is found by the next allocation. */
TEST(pmm_finds_writes_to_free_frames)
{
    paddr_t pa, again;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(0, &pa));
    pmm_free(pa, 0);
    CHECK_OK(pmm_alloc(0, &again));
    CHECK_EQ(again.v, pa.v);
    pmm_free(pa, 0);
    CHECK_PANICS(name_of(pa), ((uint64_t *)phys_to_virt(pa))[511] = 1, pmm_alloc(0, &again) == 0);
}

TEST(pmm_boot_memory_counts_as_unpoisoned)
{
    paddr_t pa;

    pmm_fixture(&SIM_RAM_PC); /* RAM is full of garbage */
    while (pmm_alloc(0, &pa) == ERR_OK)
        continue;
}

TEST(pmm_check_finds_a_damaged_table)
{
    paddr_t pa, other;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(pmm_alloc(1, &pa));
    CHECK_OK(pmm_alloc(0, &other));
    CHECK_PANICS("frame", pmm_test_frame(pa)->order = 3, pmm_check());
    CHECK_PANICS("frame", pmm_test_frame(PADDR(pa.v + PAGE_SIZE))->state = FRAME_USED, pmm_check());
    CHECK_PANICS("free", pmm_test_frame(other)->state = FRAME_FREE, pmm_check());
    pmm_check();
}
