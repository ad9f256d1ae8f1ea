/*
 * Stands between the vm layer and the frame counts (the linker's --wrap): a
 * frame may be freed only when no CPU can reach it any more, that is after
 * the flush, not before.
 */
#include "pmm/pmm.h"
#include "sim.h"

void __real_pmm_free(paddr_t block, unsigned order);
void __real_frame_put(paddr_t frame);
void __real_frame_put_block(paddr_t first, unsigned order);
void __wrap_pmm_free(paddr_t block, unsigned order);
void __wrap_frame_put(paddr_t frame);
void __wrap_frame_put_block(paddr_t first, unsigned order);

void __wrap_pmm_free(paddr_t block, unsigned order)
{
    sim_assert_unreachable(block, UINT64_C(1) << order, "pmm_free");
    __real_pmm_free(block, order);
}

void __wrap_frame_put(paddr_t frame)
{
    if (frame_count(frame) == 1)
        sim_assert_unreachable(frame, 1, "frame_put");
    __real_frame_put(frame);
}

void __wrap_frame_put_block(paddr_t first, unsigned order)
{
    for (uint64_t i = 0; i < UINT64_C(1) << order; i++) {
        paddr_t frame = PADDR(first.v + i * PAGE_SIZE);

        if (frame_count(frame) == 1)
            sim_assert_unreachable(frame, 1, "frame_put_block");
    }
    __real_frame_put_block(first, order);
}
