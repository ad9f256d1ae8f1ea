/* Properties of fork, copy-on-write and shared memory. */
#include "property_fixture.h"

#define FRAME(n) (0x50000ul + (n)*0x1000ul)
#define PAGE(n)  (PAGES_VA + (n)*0x1000ul)
#define RSP      0x7000ul

static const uint64_t code_and_data[] = { FRAME(0) | USER_RX, FRAME(1) | USER_RW };
static const uint64_t code_and_cow[] = { FRAME(0) | USER_RX, FRAME(1) | USER_RO };

/* Process 1 has forked; process 2 starts with these leaves, and then process 1 goes on. */
static void scene_forked(const uint64_t *parent_leaf, const uint64_t *child)
{
    scene_start(NULL);
    scene_boot();
    scene_process(ROOT_1, code_and_data, 2);
    scene_enter(PAGES_VA, RSP);
    scene_syscall(PAGES_VA + 2, RSP);
    if (parent_leaf)
        scene_leaf(ROOT_1, 1, code_and_data[1], *parent_leaf);
    scene_process(ROOT_2, child, 2);
    scene_enter(PAGES_VA + 4, RSP);
    scene_interrupt(PAGES_VA + 4, RSP);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 4, RSP);
}

static const uint64_t read_only = FRAME(1) | USER_RO;

/* Process 1 writes to page 1, and its leaf becomes this. */
static void scene_cow_write(uint64_t leaf)
{
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
    scene_leaf(ROOT_1, 1, read_only, leaf);
    scene_event(EVENT_INVLPG, 0, 0, PAGE(1), 0, 0, 0);
    scene_enter(PAGES_VA + 6, RSP);
}

/* Let process 2 be of use until the end. */
static void scene_back_to_2(void)
{
    scene_interrupt(PAGES_VA + 6, RSP);
    scene_cr3(ROOT_2);
    scene_enter(PAGES_VA + 4, RSP);
}

TEST(shared_frames)
{
    scene_forked(&read_only, code_and_cow);
    scene_back_to_2();
    scene_passes("shared_frames_read_only", NULL);
    scene_passes("private_frames_distinct", NULL);
    scene_forked(NULL, code_and_cow);
    scene_back_to_2();
    scene_fails("shared_frames_read_only", NULL, "Frame 0x51000 is mapped writable in process 1");
    scene_passes("shared_frames_read_only", "{\"shared_va\":\"0x401000\",\"min\":0}");
    scene_passes("private_frames_distinct", NULL);
    scene_forked(NULL, code_and_data);
    scene_back_to_2();
    scene_fails("private_frames_distinct", NULL, "writable, too,");
    scene_passes("private_frames_distinct", "{\"shared_va\":\"0x401000\",\"min\":0}");
}

/* What is shared without having been writable is shared by any kernel: text, say. */
TEST(shared_frames_were_writable)
{
    static const uint64_t copied[] = { FRAME(0) | USER_RX, FRAME(7) | USER_RW };

    scene_forked(NULL, copied);
    scene_back_to_2();
    scene_fails("shared_frames_read_only", NULL, "too little was shown");
    scene_forked(&read_only, code_and_cow);
    scene_back_to_2();
    scene_fails("shared_frames_read_only", "{\"min\":2}", "happened 1 times");
    /* For a moment, while no ring 3 runs, is not enough. */
    scene_start(NULL);
    scene_boot();
    scene_process(ROOT_1, code_and_cow, 2);
    scene_enter(PAGES_VA, RSP);
    scene_syscall(PAGES_VA + 2, RSP);
    scene_leaf(ROOT_1, 1, read_only, code_and_data[1]);
    scene_leaf(ROOT_1, 1, code_and_data[1], read_only);
    scene_process(ROOT_2, code_and_cow, 2);
    scene_enter(PAGES_VA + 4, RSP);
    scene_interrupt(PAGES_VA + 4, RSP);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 4, RSP);
    scene_back_to_2();
    scene_fails("shared_frames_read_only", NULL, "too little was shown");
}

TEST(cow_copies)
{
    scene_forked(&read_only, code_and_cow);
    scene_cow_write(FRAME(2) | USER_RW);
    scene_back_to_2();
    scene_passes("cow_copies_once", NULL);
    scene_passes("shared_frames_read_only", NULL);
    CHECK_EQ(scene_fact("frames_copied", NULL), 1);
    CHECK_EQ(scene_fact("frames_kept", NULL), 0);
    scene_forked(&read_only, code_and_cow);
    scene_cow_write(FRAME(1) | USER_RW);
    scene_back_to_2();
    scene_fails("cow_copies_once", NULL, "which another process still maps");
    scene_forked(&read_only, code_and_cow);
    scene_cow_write(FRAME(2) | USER_RO);
    scene_back_to_2();
    scene_fails("cow_copies_once", NULL, "still is read-only");
    scene_forked(&read_only, code_and_cow);
    scene_leaf(ROOT_1, 3, 0, FRAME(4) | USER_RO);
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
    scene_leaf(ROOT_2, 1, read_only, 0);
    scene_leaf(ROOT_1, 1, read_only, FRAME(2) | USER_RW);
    scene_enter(PAGES_VA + 6, RSP);
    scene_back_to_2();
    scene_fails("cow_copies_once", NULL, "another process lost frame 0x51000");
}

/* Fork gave process 1 a copy: each side is alone with its frame, and writes. */
static void scene_parent_moved(void)
{
    static const uint64_t moved = FRAME(7) | USER_RO;

    scene_forked(&moved, code_and_cow);
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
    scene_leaf(ROOT_1, 1, moved, FRAME(7) | USER_RW);
    scene_enter(PAGES_VA + 6, RSP);
    scene_back_to_2();
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
    scene_leaf(ROOT_2, 1, read_only, FRAME(1) | USER_RW);
    scene_enter(PAGES_VA + 6, RSP);
}

/* Process 2 has its own copy: process 1 is the last owner, and writes. */
static void scene_last_owner_faults(void)
{
    scene_forked(&read_only, code_and_cow);
    scene_interrupt(PAGES_VA + 4, RSP);
    scene_cr3(ROOT_2);
    scene_enter(PAGES_VA + 4, RSP);
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
    scene_leaf(ROOT_2, 1, read_only, FRAME(3) | USER_RW);
    scene_enter(PAGES_VA + 6, RSP);
    scene_interrupt(PAGES_VA + 6, RSP);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 4, RSP);
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
}

static void scene_last_owner(uint64_t leaf)
{
    scene_last_owner_faults();
    scene_leaf(ROOT_1, 1, read_only, leaf);
    scene_enter(PAGES_VA + 6, RSP);
}

TEST(cow_last_owner)
{
    scene_last_owner(FRAME(1) | USER_RW);
    scene_passes("cow_last_owner_keeps", NULL);
    scene_last_owner(FRAME(2) | USER_RW);
    scene_fails("cow_last_owner_keeps", NULL, "takes the frame over");
    /* A child that had not run yet excuses it. */
    scene_process(ROOT_3, code_and_cow, 2);
    scene_fails("cow_last_owner_keeps", NULL, "too little was shown");
    /* Also if it runs before process 1 is back in ring 3. */
    scene_last_owner_faults();
    scene_leaf(ROOT_1, 1, read_only, FRAME(2) | USER_RW);
    scene_process(ROOT_3, code_and_cow, 2);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 6, RSP);
    scene_fails("cow_last_owner_keeps", NULL, "too little was shown");
    /* Who always was alone is not the last. */
    scene_parent_moved();
    scene_fails("cow_last_owner_keeps", NULL, "too little was shown");
}

/* Process 1 goes on first, and has a copy when process 2 begins; then process 2 writes. */
static void scene_parent_first(bool faults)
{
    scene_start(NULL);
    scene_boot();
    scene_process(ROOT_1, code_and_data, 2);
    scene_enter(PAGES_VA, RSP);
    scene_syscall(PAGES_VA + 2, RSP);
    scene_leaf(ROOT_1, 1, code_and_data[1], read_only);
    scene_enter(PAGES_VA + 4, RSP);
    if (faults)
        scene_cow_write(FRAME(7) | USER_RW);
    else
        scene_leaf(ROOT_1, 1, read_only, FRAME(7) | USER_RO);
    scene_interrupt(PAGES_VA + 6, RSP);
    scene_process(ROOT_2, code_and_cow, 2);
    scene_enter(PAGES_VA + 4, RSP);
    scene_fault(PAGE(1), 7, PAGES_VA + 6, RSP);
    scene_leaf(ROOT_2, 1, read_only, FRAME(1) | USER_RW);
    scene_enter(PAGES_VA + 6, RSP);
    scene_interrupt(PAGES_VA + 6, RSP);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 6, RSP);
}

TEST(parent_first)
{
    scene_parent_first(true);
    scene_passes("cow_last_owner_keeps", NULL);
    scene_passes("fork_shares_frames", "{\"max_copies\":0,\"min\":2}");
    scene_parent_first(false);
    scene_fails("fork_shares_frames", "{\"max_copies\":0}", "1 that are not");
}

TEST(fork_shares)
{
    static const uint64_t copied[] = { FRAME(0) | USER_RX, FRAME(7) | USER_RW };

    scene_forked(&read_only, code_and_cow);
    scene_passes("fork_shares_frames", "{\"max_copies\":0}");
    scene_forked(&read_only, copied);
    scene_fails("fork_shares_frames", "{\"max_copies\":0}", "1 that are not");
    scene_parent_moved();
    scene_fails("fork_shares_frames", "{\"max_copies\":0}", "1 that are not");
    scene_passes("fork_shares_frames", "{\"max_copies\":1}");
    /* A table that another process left behind, told while the child's root is loaded. */
    scene_start(NULL);
    scene_boot();
    scene_process(ROOT_1, code_and_cow, 2);
    scene_enter(PAGES_VA, RSP);
    scene_syscall(PAGES_VA + 2, RSP);
    scene_process(ROOT_2, code_and_cow, 2);
    scene_table(ROOT_3, 1, 2 * PAGES_VA, ROOT_3 + 0x1000);
    scene_seen(ROOT_3, 1, FRAME(7) | USER_RW, 2 * PAGES_VA);
    scene_enter(PAGES_VA + 4, RSP);
    scene_passes("fork_shares_frames", "{\"max_copies\":0}");
}

TEST(shared_memory)
{
    static const char range[] = "{\"va\":\"0x401000\"}";
    static const uint64_t other[] = { FRAME(0) | USER_RX, FRAME(7) | USER_RW };

    scene_forked(NULL, code_and_data);
    scene_back_to_2();
    scene_passes("shared_memory_stays", range);
    scene_forked(NULL, code_and_cow);
    scene_back_to_2();
    scene_fails("shared_memory_stays", range, "read-only now");
    scene_forked(NULL, other);
    scene_back_to_2();
    scene_fails("shared_memory_stays", range, "no longer see each other's");
}
