/* Properties of gates and the allocator's calls: a machine that keeps each, one that does not. */
#include "property_fixture.h"

enum { ALLOC, FREE, GET, PUT };

#define CALLS "pmm_alloc@2,pmm_free,frame_get,frame_put"

static void alloc(uint64_t order, uint64_t block)
{
    scene_call(ALLOC, order, 0x9000);
    scene_out_value(ALLOC, block);
    scene_return(ALLOC, 0);
}

static void alloc_fails(uint64_t order)
{
    scene_call(ALLOC, order, 0x9000);
    scene_return(ALLOC, (uint64_t)-12);
}

static void call(unsigned place, uint64_t frame, uint64_t order)
{
    scene_call(place, frame, order);
    scene_return(place, 0);
}

static void scene_kernel(void)
{
    scene_start(CALLS);
    scene_boot();
}

TEST(frames_held_once)
{
    scene_kernel();
    alloc(1, 0x200000);
    alloc(0, 0x202000);
    call(FREE, 0x200000, 1);
    alloc(0, 0x201000);
    scene_passes("frames_held_once", "{\"min\": 3}");
    scene_fails("frames_held_once", "{\"min\": 4}", "too little was shown");
    alloc(2, 0x200000);
    scene_fails("frames_held_once", NULL, "still has 1 reference");
}

TEST(frames_held_once_counts_references)
{
    scene_kernel();
    alloc(0, 0x200000);
    call(GET, 0x200000, 0);
    call(PUT, 0x200000, 0);
    call(PUT, 0x200000, 0);
    alloc(0, 0x200000);
    scene_passes("frames_held_once", NULL);
    call(GET, 0x200000, 0);
    call(PUT, 0x200000, 0);
    alloc(0, 0x200000);
    scene_fails("frames_held_once", NULL, "two owners");
}

TEST(frames_held_once_in_ram)
{
    scene_kernel();
    alloc(0, 0xffff0000000000);
    scene_fails("frames_held_once", NULL, "not whole frames");
}

TEST(frames_found_again)
{
    scene_kernel();
    alloc(1, 0x200000);
    alloc(1, 0x202000);
    call(FREE, 0x200000, 1);
    alloc_fails(2);
    scene_passes("frames_found_again", NULL);
    call(FREE, 0x202000, 1);
    alloc_fails(2);
    scene_fails("frames_found_again", NULL, "all 4 frames from 0x200000");
    scene_kernel();
    alloc(0, 0x200000);
    scene_fails("frames_found_again", NULL, "too little was shown");
}

TEST(frames_all_used)
{
    scene_kernel();
    alloc(0, 0x200000);
    scene_fails("frames_all_used", NULL, "never used up");
    alloc_fails(0);
    scene_fails("frames_all_used", NULL, "only 1 were ever handed out");
    scene_passes("frames_all_used", "{\"slack\": 10000000}");
}

TEST(calls_return)
{
    scene_kernel();
    alloc(0, 0x200000);
    call(GET, 0x200000, 0);
    scene_passes("calls_return", "{\"functions\": [\"frame_get\", \"frame_put\"]}");
    scene_fails("calls_return", "{\"functions\": [\"frame_get\"], \"min\": 2}", "too little");
    scene_call(PUT, 0x200000, 0);
    scene_fails("calls_return", "{\"functions\": [\"frame_get\", \"frame_put\"]}",
                "frame_put never returns");
}

TEST(last_call_refused)
{
    scene_kernel();
    scene_fails("last_call_refused", "{\"function\": \"pmm_free\"}", "never called");
    call(FREE, 0x200000, 0);
    scene_fails("last_call_refused", "{\"function\": \"pmm_free\"}", "returned as if");
    scene_call(FREE, 0x200000, 0);
    scene_passes("last_call_refused", "{\"function\": \"pmm_free\"}");
}

TEST(int_gates)
{
    scene_kernel();
    scene_fails("int_refused", "{\"vectors\": [14]}", "INT 14 was never refused");
    scene_event(EVENT_EXCEPTION, 13, 3, 14 << 3 | 2, 0, 0x7000, 0);
    scene_passes("int_refused", "{\"vectors\": [14]}");
    scene_fails("int_refused", "{\"vectors\": [14, 32]}", "INT 32 was never refused");
    scene_fails("int_allowed", "{\"vectors\": [3]}", "too little was shown");
    scene_event(EVENT_TRANSFER, TRANSFER_INT, 3, PAGES_VA, IMAGE_VA, 0x33, 0x08);
    scene_passes("int_allowed", "{\"vectors\": [3]}");
    scene_event(EVENT_EXCEPTION, 13, 3, 3 << 3 | 2, 0, 0x7000, 0);
    scene_fails("int_allowed", "{\"vectors\": [3]}", "INT 3 and got");
}

TEST(ram_mapped)
{
    scene_kernel();
    scene_fails("ram_mapped", NULL, "nothing in the kernel's half maps it");
    for (uint64_t at = 0; at < 512; at++) /* 1 GiB by large pages of one directory */
        scene_write(KERNEL_PDPT + at * 8, 3, 0, at << 30 | 0x8000000000000183,
                    KERNEL_VA - (510ul << 30) + (at << 30));
    scene_passes("ram_mapped", NULL);
}
