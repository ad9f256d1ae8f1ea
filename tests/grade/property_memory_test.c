/* Properties of faults, pages and the TLB. */
#include "property_fixture.h"

#define FRAME(n)  (0x50000ul + (n)*0x1000ul)
#define PAGE(n)   (PAGES_VA + (n)*0x1000ul)
#define RSP       0x7000ul
#define IN_PAGE_2 "{\"va\":\"0x402000\",\"bytes\":4096}"

static const uint64_t code_and_data[] = { FRAME(0) | USER_RX, FRAME(1) | USER_RW };

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
