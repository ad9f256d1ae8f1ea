/* Boot, rights and the kernel's half: a machine that keeps each rule, and one that does not. */
#include "property_fixture.h"

static const uint64_t leaves[] = { 0x50000 | USER_RX, 0x51000 | USER_RW };

/* A booted machine with one process that was entered. */
static void scene_plain(void)
{
    scene_start(NULL);
    scene_boot();
    scene_process(ROOT_1, leaves, 2);
    scene_enter(PAGES_VA, 0x7000);
}

TEST(long_mode_order)
{
    scene_plain();
    scene_passes("long_mode_order", NULL);
    scene_start(NULL);
    scene_event(EVENT_START, 0, 0, 0x11, 0, 0, 0);
    scene_cr3(KERNEL_ROOT);
    scene_event(EVENT_CR, 0, 0, 0x80000011, 0x11, 0, 0);
    scene_fails("long_mode_order", NULL, "without CR4.PAE, EFER.LME");
    scene_start(NULL);
    scene_event(EVENT_START, 0, 0, 0x11, 0, 0, 0);
    scene_event(EVENT_EXCEPTION, 13, 0, 0, 0, 0, 0);
    scene_fails("long_mode_order", NULL, "before paging was on");
    scene_start(NULL);
    scene_event(EVENT_START, 0, 0, 0x11, 0, 0, 0);
    scene_fails("long_mode_order", NULL, "never switched on");
}

TEST(long_mode_order_nx)
{
    scene_start(NULL);
    scene_event(EVENT_START, 0, 0, 0x11, 0, 0, 0);
    scene_event(EVENT_CR, 4, 0, 0x20, 0, 0, 0);
    scene_cr3(KERNEL_ROOT);
    scene_event(EVENT_WRMSR, 0xc0000080, 0, 0x100, 0, 0, 0);
    scene_event(EVENT_CR, 0, 0, 0x80000011, 0x11, 0, 0);
    scene_table(KERNEL_ROOT, 4, 0, 0);
    scene_seen(KERNEL_ROOT, 4, USER_RW | 0x9000, 0);
    scene_fails("long_mode_order", NULL, "EFER.NXE is clear");
}

TEST(long_mode_far_jump)
{
    scene_plain();
    scene_passes("long_mode_far_jump", NULL);
    scene_start(NULL);
    scene_event(EVENT_START, 0, 0, 0x11, 0, 0, 0);
    scene_event(EVENT_CR, 0, 0, 0x80000011, 0x11, 0, 0)->rip = 0x100000;
    scene_fails("long_mode_far_jump", NULL, "no far jump");
    scene_event(EVENT_EXCEPTION, 6, 0, 0, 0, 0, 0);
    scene_fails("long_mode_far_jump", NULL, "Exception 6");
}

TEST(control_bits)
{
    scene_plain();
    scene_passes("control_bits", "{\"cr0\":[\"WP\",\"PG\"],\"cr4\":\"PAE\",\"efer\":\"NXE\"}");
    scene_fails("control_bits", "{\"cr4\":[\"SMEP\"]}", "CR4.SMEP is clear");
    CHECK(scene_judge("control_bits", "{\"cr4\":[\"FOO\"]}")->unjudged);
}

TEST(lower_half)
{
    scene_plain();
    scene_passes("no_identity_map", NULL);
    scene_passes("no_null_mapping", NULL);
    scene_leaf(ROOT_1, 2, 0, PAGES_VA + 0x2003);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("no_identity_map", NULL, "mapped to itself");
    scene_plain();
    scene_write(ROOT_1 + 0x2000, 2, 0, (ROOT_1 + 0x4000) | 7, 0);
    scene_table(ROOT_1 + 0x4000, 1, 0, ROOT_1 + 0x2000);
    scene_seen(ROOT_1 + 0x4000, 1, 0x60000 | USER_RW, 0);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("no_null_mapping", NULL, "Address 0 is mapped");
}

TEST(exception_returns)
{
    scene_plain();
    scene_event(EVENT_EXCEPTION, 6, 0, 0, 0, 0, 0)->rip = IMAGE_VA + 0x10;
    scene_fails("exception_returns", "{\"vector\":6}", "never returned");
    scene_event(EVENT_TRANSFER, TRANSFER_IRET, 0, IMAGE_VA, IMAGE_VA + 0x12, 8, 8);
    scene_passes("exception_returns", "{\"vector\":6}");
    scene_fails("exception_returns", "{\"vector\":0}", "too little was shown");
}

TEST(no_double_fault)
{
    scene_plain();
    scene_passes("no_double_fault", NULL);
    scene_event(EVENT_EXCEPTION, 8, 0, 0, 0, 0, 0);
    scene_fails("no_double_fault", NULL, "Double fault");
    scene_plain();
    scene_ends(TRACE_END_TRIPLE_FAULT);
    scene_fails("no_double_fault", NULL, "Triple fault");
}

TEST(wx_exclusive)
{
    scene_plain();
    scene_passes("wx_exclusive", NULL);
    scene_leaf(ROOT_1, 2, 0, 0x52007);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("wx_exclusive", NULL, "writable and executable at once");
    scene_passes("wx_exclusive", "{\"user\":false}");
    CHECK_EQ(scene_judge("wx_exclusive", NULL)->va, PAGES_VA + 0x2000);
}

TEST(kernel_not_user)
{
    scene_plain();
    scene_passes("kernel_not_user", NULL);
    scene_leaf(ROOT_1, 2, 0, 0x101000 | USER_RW);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("kernel_not_user", NULL, "holds the kernel's image");
}

TEST(kernel_half_user_bits)
{
    scene_plain();
    scene_write(ROOT_1 + 0xff8, 4, KERNEL_PDPT | 3, KERNEL_PDPT | 7, 0xffffff8000000000);
    scene_write(KERNEL_ROOT + 0xff8, 4, KERNEL_PDPT | 3, KERNEL_PDPT | 7, 0xffffff8000000000);
    scene_write(KERNEL_PDPT + 510 * 8, 3, 0x3003, 0x3007, KERNEL_VA);
    scene_write(0x3000, 2, KERNEL_PT | 3, KERNEL_PT | 7, KERNEL_VA);
    scene_enter(PAGES_VA, 0x7000);
    scene_passes("kernel_not_user", NULL);
    scene_cr3(KERNEL_ROOT);
    scene_write(KERNEL_PT + 256 * 8, 1, 0x100001, 0x100005, IMAGE_VA);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("kernel_not_user", NULL, "Ring 3 can reach");
}

TEST(kernel_text)
{
    scene_plain();
    scene_cr3(KERNEL_ROOT);
    scene_event(EVENT_HALT, 0, 0, 0x200, 0, 0, 0);
    scene_passes("kernel_text_read_only", NULL);
    scene_passes("kernel_image_rights", NULL);
    scene_write(KERNEL_PT + 300 * 8, 1, 0, 0x8000000000100003, KERNEL_VA + 300 * 0x1000);
    scene_fails("kernel_text_read_only", NULL, "an alias of its own address");
    scene_passes("kernel_text_read_only", "{\"alias\":false}");
    scene_write(KERNEL_PT + 256 * 8, 1, 0x100001, 0x100003, IMAGE_VA);
    scene_fails("kernel_text_read_only", "{\"alias\":false}", "can be written");
    scene_fails("kernel_image_rights", NULL, "mapped RWX");
}

TEST(kernel_half_shared)
{
    scene_plain();
    scene_process(ROOT_2, leaves, 2);
    scene_enter(PAGES_VA, 0x7000);
    scene_passes("kernel_half_shared", NULL);
    scene_write(ROOT_2 + 0xff8, 4, KERNEL_PDPT | 3, 0x9003, 0xffffff8000000000);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("kernel_half_shared", NULL, "PML4 entry 511");
    scene_plain();
    scene_process(ROOT_2, leaves, 2);
    scene_write(ROOT_2 + 0xff8, 4, KERNEL_PDPT | 3, 0, 0xffffff8000000000);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("kernel_half_shared", NULL, "PML4 entry 511");
    scene_passes("kernel_half_shared", "{\"lazy\":true}");
}

TEST(table_not_user)
{
    scene_plain();
    scene_passes("table_not_user", NULL);
    scene_leaf(ROOT_1, 2, 0, (ROOT_1 + 0x3000) | USER_RW);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("table_not_user", NULL, "can reach a page table");
    scene_plain();
    scene_leaf(ROOT_1, 2, 0, 0x53000 | USER_RW);
    scene_enter(PAGES_VA, 0x7000);
    scene_write(ROOT_1 + 0x2018, 2, 0, 0x53007, 0x600000);
    scene_table(0x53000, 1, 0x600000, ROOT_1 + 0x2018);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("table_not_user", NULL, "rame 0x53000 is one");
}

TEST(huge_pages_aligned)
{
    scene_plain();
    scene_write(ROOT_1 + 0x2018, 2, 0, 0x8000000000600087, 0x600000);
    scene_enter(PAGES_VA, 0x7000);
    scene_passes("huge_pages_aligned", "{\"min\":1}");
    scene_passes("huge_pages_used", "{\"va\":6291456,\"bytes\":2097152}");
    scene_fails("huge_pages_used", "{\"va\":8388608,\"bytes\":2097152}", "0 of the 2 MiB blocks");
    scene_write(ROOT_1 + 0x2018, 2, 0x8000000000600087, 0x8000000000604087, 0x600000);
    scene_enter(PAGES_VA, 0x7000);
    scene_fails("huge_pages_aligned", NULL, "not a multiple of its size");
}

TEST(loaded_root_lives)
{
    scene_plain();
    scene_passes("loaded_root_lives", NULL);
    /* The new root's frame was a lower table of a dead process until it was loaded. */
    scene_cr3(ROOT_2);
    scene_event(EVENT_TABLE_GONE, 0, 0, ROOT_2, 0, 0, 0)->level = 2;
    scene_table(ROOT_2, 4, 0, 0);
    scene_passes("loaded_root_lives", NULL);
    scene_event(EVENT_TABLE_GONE, 0, 0, ROOT_2, 0, 0, 0)->level = 4;
    scene_fails("loaded_root_lives", NULL, "while CR3 still held it");
}
