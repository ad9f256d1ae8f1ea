/* Properties that belong to one lab's subject: gates, RAM, counted frames. */
#include "property_fixture.h"

enum { ALLOC, FREE, GET, PUT, FRAMES_OF_RAM = 64 << 8 };
#define RSP        0x7000ul
#define DIRECT     0xffff800000000000ul
#define ALLOC_CALL "{\"functions\":\"pmm_alloc\"}"
#define FREE_CALL  "{\"function\":\"pmm_free\"}"

static const uint64_t leaves[] = { 0x50000 | USER_RX };

static void scene_kernel(void)
{
    scene_start("pmm_alloc@2,pmm_free,frame_get,frame_put");
    scene_boot();
}

static void scene_program(void)
{
    scene_kernel();
    scene_process(ROOT_1, leaves, 1);
    scene_enter(PAGES_VA, RSP);
}

/* Ring 3 executes INT n: it enters the kernel, or is refused. */
static void scene_int(uint64_t vector, bool refused)
{
    if (refused)
        scene_event(EVENT_EXCEPTION, 13, 3, vector << 3 | 2, 0, RSP, 0);
    else
        scene_event(EVENT_TRANSFER, TRANSFER_INT, 3, PAGES_VA, IMAGE_VA, 0x23, 8);
    scene_enter(PAGES_VA + 2, RSP);
}

TEST(gates)
{
    scene_program();
    scene_int(14, true);
    scene_int(3, false);
    scene_passes("int_refused", "{\"vectors\":[14]}");
    scene_fails("int_refused", "{\"vectors\":[14,32]}", "INT 32 was never refused");
    scene_passes("int_allowed", "{\"vectors\":[3]}");
    scene_int(3, true);
    scene_fails("int_allowed", "{\"vectors\":[3]}", "Ring 3 executed INT 3");
}

TEST(ram_mapped)
{
    scene_kernel();
    scene_write(KERNEL_ROOT + 0x800, 4, 0, 0x8003, DIRECT);
    scene_table(0x8000, 3, DIRECT, KERNEL_ROOT + 0x800);
    scene_seen(0x8000, 3, 0x9003, DIRECT);
    scene_table(0x9000, 2, DIRECT, 0x8000);
    for (uint64_t i = 0; i < 32; i++)
        scene_seen(0x9000 + i * 8, 2, i << 21 | 0x83, DIRECT + (i << 21));
    scene_passes("ram_mapped", NULL);
    scene_write(0x9000 + 7 * 8, 2, 7ul << 21 | 0x83, 0, DIRECT + (7ul << 21));
    scene_fails("ram_mapped", NULL, "The frame at 0xe00000 is RAM by the memory map");
}

static void alloc(uint64_t order, uint64_t block, uint64_t status)
{
    scene_call(ALLOC, order, 0x9000);
    scene_out_value(ALLOC, block);
    scene_return(ALLOC, status);
}

static void call(unsigned place, uint64_t frame, uint64_t order)
{
    scene_call(place, frame, order);
    scene_return(place, 0);
}

TEST(frames_held_once)
{
    scene_kernel();
    alloc(1, 0x200000, 0);
    call(GET, 0x200000, 0);
    call(PUT, 0x200000, 0);
    call(FREE, 0x200000, 1);
    alloc(0, 0x201000, 0);
    scene_passes("frames_held_once", NULL);
    alloc(1, 0x200000, 0);
    scene_fails("frames_held_once", NULL, "two owners will write to it");
}

TEST(frames_found_again)
{
    scene_kernel();
    alloc(1, 0x200000, 0);
    alloc(1, 0, 0xfffffff4);
    scene_passes("frames_found_again", NULL);
    call(FREE, 0x200000, 1);
    alloc(1, 0, 0xfffffff4);
    scene_fails("frames_found_again", NULL, "finds no memory");
}

TEST(frames_all_used)
{
    scene_kernel();
    for (uint64_t block = 0x400000; block < FRAMES_OF_RAM * 0x1000ul; block += 0x400000)
        alloc(10, block, 0);
    scene_fails("frames_all_used", "{\"slack\":1024}", "Memory was never used up");
    alloc(0, 0, 0xfffffff4);
    scene_passes("frames_all_used", "{\"slack\":1024}");
    scene_fails("frames_all_used", "{\"slack\":100}", "never reached the free lists");
}

TEST(calls_return)
{
    scene_kernel();
    alloc(0, 0x200000, 0);
    scene_passes("calls_return", ALLOC_CALL);
    scene_call(ALLOC, 0, 0);
    scene_fails("calls_return", ALLOC_CALL, "never returns");
}

TEST(last_call_refused)
{
    scene_kernel();
    scene_fails("last_call_refused", FREE_CALL, "never called");
    call(FREE, 0x200000, 0);
    scene_fails("last_call_refused", FREE_CALL, "returned as if it were right");
    scene_call(FREE, 0x200000, 0);
    scene_passes("last_call_refused", FREE_CALL);
}
