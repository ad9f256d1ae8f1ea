/* Properties of the order in which tables, the TLB and frames change. */
#include "property_fixture.h"

#define FRAME(n)   (0x50000ul + (n)*0x1000ul)
#define PAGE(n)    (PAGES_VA + (n)*0x1000ul)
#define RSP        0x7000ul
#define ACCESSED   0x20ul
#define FREE       "{\"free\":[\"frame_put\",\"pmm_free\"]}"
#define PTE_USED   (FRAME(1) | USER_RW | ACCESSED)
#define LARGE_VA   0x600000ul
#define LARGE_PDE  (ROOT_1 + 0x2018)
#define LARGE_LEAF (0xa00000ul | USER_RW | 0x80)
#define NEW_TABLE  0x90000ul

static void scene_one(void)
{
    static const uint64_t leaves[] = { FRAME(0) | USER_RX, PTE_USED };

    scene_start("frame_put,pmm_free,as_unmap_range");
    scene_boot();
    scene_process(ROOT_1, leaves, 2);
    scene_enter(PAGES_VA, RSP);
    scene_syscall(PAGES_VA + 8, RSP);
    scene_call(2, 0x1234, PAGE(1));
}

static void scene_unmap(void)
{
    scene_one();
    scene_leaf(ROOT_1, 1, PTE_USED, 0);
}

static void scene_flush_page(void)
{
    scene_event(EVENT_INVLPG, 0, 0, PAGE(1) + 0x123, 0, 0, 0);
}

TEST(freed_after_flush)
{
    scene_one();
    scene_fails("freed_after_flush", FREE, "too little was shown");
    scene_unmap();
    scene_flush_page();
    scene_call(0, FRAME(1), 0);
    scene_passes("freed_after_flush", FREE);
    scene_unmap();
    scene_cr3(ROOT_1);
    scene_call(1, FRAME(1), 0);
    scene_passes("freed_after_flush", FREE);
    scene_unmap();
    scene_call(0, FRAME(1), 0);
    scene_flush_page();
    scene_fails("freed_after_flush", FREE, "while the TLB may still lead to it from 0x401000");
    scene_unmap();
    scene_event(EVENT_INVLPG, 0, 0, PAGE(2), 0, 0, 0); /* another page */
    scene_call(1, FRAME(1), 0);
    scene_fails("freed_after_flush", FREE, "pmm_free freed frame 0x51000");
}

/* What the CPU cannot have cached, or what stays, may be given up first. */
TEST(freed_without_flush)
{
    scene_one();
    scene_leaf(ROOT_1, 1, PTE_USED, FRAME(1) | USER_RW); /* forgets that it was used */
    scene_leaf(ROOT_1, 1, FRAME(1) | USER_RW, 0);
    scene_call(0, FRAME(1), 0);
    scene_passes("freed_after_flush", FREE);
    scene_one();
    scene_leaf(ROOT_1, 2, 0, FRAME(1) | USER_RW); /* the frame has another page */
    scene_leaf(ROOT_1, 1, PTE_USED, 0);
    scene_call(0, FRAME(1), 0);
    scene_passes("freed_after_flush", FREE);
    scene_one();
    scene_cr3(KERNEL_ROOT); /* of a space that is not loaded */
    scene_leaf(ROOT_1, 1, PTE_USED, 0);
    scene_call(0, FRAME(1), 0);
    scene_passes("freed_after_flush", FREE);
}

/* A large page becomes a table whose entries, but for one, are these bits above its frames. */
static void scene_split(unsigned odd, uint64_t odd_entry)
{
    scene_one();
    scene_write(LARGE_PDE, 2, 0, LARGE_LEAF, LARGE_VA);
    scene_fails("split_at_once", NULL, "too little was shown");
    scene_write(LARGE_PDE, 2, LARGE_LEAF, NEW_TABLE | 7, LARGE_VA);
    scene_event(EVENT_TABLE, 0, 0, NEW_TABLE, LARGE_VA, LARGE_PDE, 0)->level = 1;
    for (unsigned i = 0; i < 512; i++) {
        uint64_t part = 0xa00000ul + i * 0x1000ul, entry = i == odd ? odd_entry : part | USER_RW;

        if (entry)
            scene_seen(NEW_TABLE + 8 * i, 1, entry, LARGE_VA + i * 0x1000ul);
    }
}

TEST(split_at_once)
{
    scene_split(512, 0);
    scene_same_tick(514);
    scene_event(EVENT_INVLPG, 0, 0, LARGE_VA, 0, 0, 0);
    scene_passes("split_at_once", NULL);
    scene_fails("split_at_once", "{\"min\":2}", "too little was shown");
    scene_split(511, 0);
    scene_same_tick(513);
    scene_write(NEW_TABLE + 511 * 8, 1, 0, 0xbff000ul | USER_RW, LARGE_VA + 511 * 0x1000ul);
    scene_fails("split_at_once", NULL, "entry 511 was 0x0 at that moment");
    scene_split(3, 0xa04000ul | USER_RW);
    scene_same_tick(514);
    scene_event(EVENT_INVLPG, 0, 0, LARGE_VA, 0, 0, 0);
    scene_fails("split_at_once", NULL, "must map frame 0xa03000");
    scene_split(0, 0xa00000ul | USER_RO);
    scene_same_tick(514);
    scene_event(EVENT_INVLPG, 0, 0, LARGE_VA, 0, 0, 0);
    scene_fails("split_at_once", NULL, "entry 0 was 0x8000000000a00005");
}
