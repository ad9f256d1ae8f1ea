/* Properties of faults, pages, frames and the TLB. */
#include "property_fixture.h"

#define FRAME(n)  (0x50000ul + (n)*0x1000ul)
#define PAGE(n)   (PAGES_VA + (n)*0x1000ul)
#define RSP       0x7000ul
#define IN_PAGE_2 "{\"va\":\"0x402000\",\"bytes\":4096}"

static const uint64_t code_and_data[] = { FRAME(0) | USER_RX, FRAME(1) | USER_RW };
static const uint64_t code_and_cow[] = { FRAME(0) | USER_RX, FRAME(1) | USER_RO };

static void scene_one(void)
{
    scene_start("pmm_alloc,as_unmap_range");
    scene_boot();
    scene_process(ROOT_1, code_and_data, 2);
    scene_enter(PAGES_VA, RSP);
}

/* Process 1 writes to page 2, which is empty: frame 2 comes. */
static void scene_demand(void)
{
    scene_one();
    scene_fault(PAGE(2), 6, PAGES_VA + 4, RSP);
    scene_leaf(ROOT_1, 2, 0, FRAME(2) | USER_RW);
    scene_enter(PAGES_VA + 4, RSP);
}

TEST(fault_resolved)
{
    scene_demand();
    scene_passes("fault_resolved", NULL);
    CHECK_EQ(scene_fact("faults", "{\"kind\":\"absent\"}"), 1);
    scene_one();
    scene_fault(PAGE(2), 6, PAGES_VA + 4, RSP);
    scene_enter(PAGES_VA + 4, RSP);
    scene_fails("fault_resolved", NULL, "still not present");
    scene_one();
    scene_fault(PAGE(2), 6, PAGES_VA + 4, RSP);
    scene_leaf(ROOT_1, 2, 0, FRAME(2) | USER_RO);
    scene_enter(PAGES_VA + 4, RSP);
    scene_fails("fault_resolved", NULL, "still not writable");
    scene_one();
    scene_fault(PAGE(2), 6, PAGES_VA + 4, RSP);
    scene_leaf(ROOT_1, 2, 0, FRAME(2) | 3);
    scene_enter(PAGES_VA + 4, RSP);
    scene_fails("fault_resolved", NULL, "not for ring 3");
}

TEST(fault_progress)
{
    scene_demand();
    scene_passes("fault_progress", NULL);
    scene_one();
    for (unsigned i = 0; i < 5; i++) {
        scene_fault(PAGE(2), 6, PAGES_VA + 4, RSP);
        scene_enter(PAGES_VA + 4, RSP);
    }
    scene_fails("fault_progress", NULL, "4 times in a row");
    scene_passes("fault_progress", "{\"max\":5}");
    scene_ends(TRACE_END_TICKS);
    scene_fails("run_finished", NULL, "used up its instructions");
}

TEST(fault_once)
{
    scene_demand();
    scene_passes("fault_once", IN_PAGE_2);
    scene_fault(PAGE(2), 6, PAGES_VA + 8, RSP);
    scene_enter(PAGES_VA + 8, RSP);
    scene_fails("fault_once", IN_PAGE_2, "a second time");
    scene_demand();
    scene_leaf(ROOT_1, 2, FRAME(2) | USER_RW, 0);
    scene_fault(PAGE(2), 6, PAGES_VA + 8, RSP);
    scene_enter(PAGES_VA + 8, RSP);
    scene_passes("fault_once", IN_PAGE_2);
}

TEST(lazy_backing)
{
    scene_demand();
    scene_passes("lazy_backing", IN_PAGE_2);
    scene_one();
    scene_leaf(ROOT_1, 2, 0, FRAME(2) | USER_RW);
    scene_fails("lazy_backing", IN_PAGE_2, "nobody had touched it");
    scene_one();
    scene_fault(PAGE(1), 6, PAGES_VA + 4, RSP);
    scene_leaf(ROOT_1, 2, 0, FRAME(2) | USER_RW);
    scene_fails("lazy_backing", IN_PAGE_2, "nobody had touched it");
    scene_passes("lazy_backing", "{\"va\":\"0x402000\",\"ahead\":1}");
}

TEST(faults_that_must_not_be)
{
    scene_demand();
    scene_passes("no_reserved_bits", NULL);
    scene_passes("no_kernel_fault", NULL);
    scene_event(EVENT_EXCEPTION, 14, 0, 0, PAGE(3), RSP, 0);
    scene_passes("no_kernel_fault", NULL);
    scene_fails("no_kernel_fault", "{\"user_copy\":false}", "The kernel itself took exception 14");
    scene_event(EVENT_EXCEPTION, 13, 0, 0, 0, RSP, 0);
    scene_fails("no_kernel_fault", NULL, "exception 13");
    scene_fault(PAGE(2), 0xf, PAGES_VA + 8, RSP);
    scene_fails("no_reserved_bits", NULL, "reserved bit");
}

TEST(deaths)
{
    static const char forbidden[] = "{\"va\":\"0x405000\",\"access\":\"write\"}";

    scene_demand();
    scene_fails("illegal_access_kills", forbidden, "too little was shown");
    scene_fault(PAGE(5), 6, PAGES_VA + 8, RSP);
    scene_cr3(KERNEL_ROOT);
    scene_passes("illegal_access_kills", forbidden);
    scene_fails("illegal_access_kills", "{\"va\":\"0x405000\",\"access\":\"exec\"}", "too little");
    scene_passes("only_offenders_die", "{\"va\":\"0x405000\"}");
    scene_fails("only_offenders_die", NULL, "this access was legal");
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 8, RSP);
    scene_fails("illegal_access_kills", forbidden, "still runs in ring 3");
    scene_passes("only_offenders_die", NULL);
}

TEST(pages)
{
    static const char page_2[] = "{\"step\":1,\"va\":\"a1\",\"writable\":true,\"executable\":false,"
                                 "\"user\":true,\"present\":true,\"page_bytes\":4096}";

    scene_demand();
    scene_witness(1, 0, PAGE(2), 0);
    scene_passes("page_is", page_2);
    scene_fails("page_is", "{\"step\":1,\"va\":\"a1\",\"writable\":false}", "is writable");
    scene_fails("page_is", "{\"step\":1,\"va\":\"a1\",\"page_bytes\":2097152}",
                "a page of 4096 bytes");
    scene_fails("page_is", "{\"step\":9,\"va\":0}", "never came to its step 9");
    scene_passes("pages_resident",
                 "{\"step\":1,\"va\":\"0x400000\",\"bytes\":\"0x8000\",\"max\":3}");
    scene_fails("pages_resident", "{\"step\":1,\"va\":\"0x400000\",\"bytes\":\"0x8000\",\"max\":2}",
                "3 pages");
    scene_fails("unmapped_is_gone", "{\"step\":1,\"va\":\"a1\"}", "still mapped to frame 0x52000");
    scene_passes("unmapped_is_gone", "{\"step\":1,\"va\":\"a1 + 0x1000\"}");
    scene_passes("table_pages_at_most", "{\"step\":1,\"max\":4}");
    scene_fails("table_pages_at_most", "{\"step\":1,\"max\":3}", "4 tables of its own");
    CHECK_EQ(scene_fact("frame_of", "{\"step\":1,\"va\":\"a1\"}"), FRAME(2));
    CHECK_EQ(scene_fact("resident", "{\"step\":1,\"va\":\"0x400000\",\"bytes\":\"0x8000\"}"), 3);
    CHECK_EQ(scene_fact("process_tables", "{\"step\":1}"), 4);
    CHECK_EQ(scene_fact("tables_alive", "{\"step\":1}"), 8);
    CHECK_EQ(scene_fact("paging_levels", "{\"step\":1,\"va\":\"a1\"}"), 4);
    CHECK_EQ(scene_fact("page_bytes", "{\"step\":1,\"va\":\"a1\"}"), 4096);
    CHECK_EQ(scene_fact("largest_resident", "{\"va\":\"0x400000\",\"bytes\":\"0x8000\"}"), 3);
}

TEST(empty_tables)
{
    scene_one();
    scene_leaf(ROOT_1, 0, code_and_data[0], 0);
    scene_leaf(ROOT_1, 1, code_and_data[1], 0);
    scene_witness(1, 0, 0, 0);
    scene_passes("unmapped_is_gone", "{\"step\":1,\"va\":\"0x400000\"}");
    scene_fails("unmapped_is_gone", "{\"step\":1,\"va\":\"0x400000\",\"tables\":true}",
                "an empty table of level 1");
}

/* ---- fork ---- */

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
    scene_passes("shared_frames_read_only", "{\"shared_va\":\"0x401000\"}");
    scene_passes("private_frames_distinct", NULL);
    scene_forked(NULL, code_and_data);
    scene_back_to_2();
    scene_fails("private_frames_distinct", NULL, "writable, too,");
    scene_passes("private_frames_distinct", "{\"shared_va\":\"0x401000\",\"min\":0}");
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
}

TEST(fork_shares)
{
    static const uint64_t copied[] = { FRAME(0) | USER_RX, FRAME(7) | USER_RW };

    scene_forked(&read_only, code_and_cow);
    scene_passes("fork_shares_frames", "{\"max_copies\":0}");
    scene_forked(&read_only, copied);
    scene_fails("fork_shares_frames", "{\"max_copies\":0}", "1 that are not");
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

/* ---- TLB ---- */

TEST(stale)
{
    scene_demand();
    scene_passes("no_stale_use", NULL);
    scene_passes("no_missing_flush", NULL);
    scene_passes("no_reuse_before_flush", NULL);
    scene_event(EVENT_WINDOW, WINDOW_REUSE, 0, PAGE(2), FRAME(2) | USER_RW, 0,
                scene_entry(ROOT_1, 2));
    scene_passes("no_missing_flush", NULL);
    scene_fails("no_reuse_before_flush", NULL, "its frame got a new use");
    scene_event(EVENT_WINDOW, WINDOW_RETURN, 0, PAGE(2), FRAME(2) | USER_RW, 0,
                scene_entry(ROOT_1, 2));
    scene_fails("no_missing_flush", NULL, "ring 3 was entered");
    scene_event(EVENT_STALE_IDEAL, ACCESS_WRITE, 3, PAGE(2), FRAME(2), 0, scene_entry(ROOT_1, 2));
    scene_fails("no_stale_use", NULL, "the flush is missing");
}

TEST(flushes)
{
    scene_demand();
    scene_call(1, 0, 0);
    scene_leaf(ROOT_1, 2, FRAME(2) | USER_RW, 0);
    scene_event(EVENT_INVLPG, 0, 0, PAGE(2), 0, 0, 0);
    scene_return(1, 0);
    scene_passes("no_needless_flush", NULL);
    scene_passes("flushes_at_most", "{\"max\":1,\"function\":\"as_unmap_range\"}");
    scene_fails("flushes_at_most", "{\"max\":0,\"function\":\"as_unmap_range\"}", "One call of");
    CHECK(scene_judge("flushes_at_most", "{\"max\":0,\"function\":\"other\"}")->unjudged);
    CHECK_EQ(scene_fact("invlpg", NULL), 1);
    scene_event(EVENT_INVLPG, 0, 0, PAGE(2), 0, 0, 0);
    scene_fails("no_needless_flush", NULL, "but no entry of that page");
    scene_passes("no_needless_flush", "{\"max\":1}");
}

TEST(detours)
{
    scene_one();
    scene_passes("no_detour_by_kernel_space", "{\"min\":0}");
    scene_interrupt(PAGES_VA, RSP);
    scene_cr3(KERNEL_ROOT);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA, RSP);
    scene_fails("no_detour_by_kernel_space", NULL, "goes back to process 1");
    scene_passes("no_detour_by_kernel_space", "{\"max\":1}");
}

TEST(cr3_loads)
{
    scene_demand();
    scene_passes("no_needless_cr3_load", NULL);
    scene_passes("cr3_loads_at_most", "{\"max\":2}");
    CHECK_EQ(scene_fact("cr3_loads", NULL), 2);
    scene_leaf(ROOT_1, 2, FRAME(2) | USER_RW, 0);
    scene_cr3(ROOT_1);
    scene_passes("no_needless_cr3_load", NULL);
    scene_fails("cr3_loads_at_most", "{\"max\":2}", "loaded 3 times");
    scene_cr3(ROOT_1);
    scene_fails("no_needless_cr3_load", NULL, "the value it holds");
}
