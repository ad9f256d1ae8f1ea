/* Properties of recorded calls, witnesses, and what parameters may be. */
#include "property_fixture.h"

#include "challenge.h"

#include <string.h>

/* Places in the list of calls. */
enum { ALLOC, FREE, GET, OUTER };
#define CALLS   "pmm_alloc@2,pmm_free,frame_get,as_clone_cow"
#define BLOCKS  "\"alloc\":\"pmm_alloc\",\"order\":1"
#define LEDGER  "{" BLOCKS ",\"free\":\"pmm_free\",\"free_order\":2,\"get\":\"frame_get\"}"
#define RESULTS "{" BLOCKS "}"
#define MIB     0x100000ul

static void alloc(unsigned order, uint64_t block)
{
    scene_call(ALLOC, order, 0x9000);
    scene_out_value(ALLOC, block);
    scene_return(ALLOC, 0);
}

static void alloc_fails(unsigned order)
{
    scene_call(ALLOC, order, 0x9000);
    scene_out_value(ALLOC, 0);
    scene_return(ALLOC, 0xfffffff4);
}

static void give_back(uint64_t block, unsigned order)
{
    scene_call(FREE, block, order);
    scene_return(FREE, 0);
}

static void scene_kernel(void)
{
    scene_start(CALLS);
    scene_boot();
}

static void result_fails(unsigned order, uint64_t block, const char *text)
{
    scene_kernel();
    alloc(order, block);
    scene_fails("alloc_results", RESULTS, text);
}

TEST(alloc_results)
{
    scene_kernel();
    alloc(0, 2 * MIB);
    alloc(8, 3 * MIB);
    scene_passes("alloc_results", RESULTS);
    result_fails(1, 2 * MIB + 0x1000, "not aligned");
    result_fails(0, 64 * MIB, "does not lie in RAM");
    result_fails(0, 0xb8000, "devices and ROMs");
    result_fails(0, MIB, "the kernel's own image");
    result_fails(4, 10 * MIB, "a hole of the memory map");
    scene_kernel();
    scene_fails("alloc_results", RESULTS, "too little was shown");
}

TEST(alloc_disjoint)
{
    scene_kernel();
    alloc(1, 2 * MIB);
    give_back(2 * MIB, 1);
    alloc(0, 2 * MIB + 0x1000);
    scene_passes("alloc_disjoint", LEDGER);
    alloc(1, 2 * MIB);
    scene_fails("alloc_disjoint", LEDGER, "and not freed since");
    scene_kernel();
    alloc(0, 2 * MIB);
    scene_call(GET, 2 * MIB, 0);
    scene_return(GET, 0);
    give_back(2 * MIB, 0);
    alloc(0, 2 * MIB);
    scene_fails("alloc_disjoint", LEDGER, "gave out 0x200000");
}

TEST(alloc_balanced)
{
    scene_kernel();
    alloc(0, 2 * MIB);
    alloc(0, 3 * MIB);
    give_back(2 * MIB, 0);
    scene_fails("alloc_balanced", LEDGER, "1 were never freed");
    scene_passes("alloc_balanced", "{" BLOCKS ",\"free\":\"pmm_free\",\"left\":1}");
    give_back(3 * MIB, 0);
    scene_passes("alloc_balanced", LEDGER);
}

TEST(alloc_coalesces)
{
    static const char with[] = "{" BLOCKS ",\"largest\":8}";

    scene_kernel();
    alloc(8, 2 * MIB);
    alloc(8, 3 * MIB);
    alloc_fails(8);
    scene_fails("alloc_coalesces", with, "too little was shown");
    scene_passes("alloc_fails_cleanly", RESULTS);
    alloc(8, 2 * MIB);
    alloc(8, 3 * MIB);
    alloc_fails(8);
    scene_passes("alloc_coalesces", with);
    alloc(8, 2 * MIB);
    alloc_fails(8);
    scene_fails("alloc_coalesces", with, "must become one block again");
}

TEST(alloc_fails_cleanly)
{
    scene_kernel();
    alloc(0, 2 * MIB);
    scene_fails("alloc_fails_cleanly", RESULTS, "too little was shown");
    alloc(0, 0);
    scene_fails("alloc_fails_cleanly", RESULTS, "gave out no block");
    scene_kernel();
    alloc_fails(0);
    scene_ends(TRACE_END_HALTED);
    scene_fails("alloc_fails_cleanly", RESULTS, "did not go on");
}

TEST(calls)
{
    scene_kernel();
    scene_call(OUTER, 0, 0);
    alloc(0, 2 * MIB);
    alloc(0, 3 * MIB);
    scene_return(OUTER, 0xfffffff4);
    scene_passes("call_count", "{\"function\":\"pmm_alloc\",\"min\":2,\"max\":2}");
    scene_fails("call_count", "{\"function\":\"pmm_alloc\",\"max\":1}", "was called 2 times");
    scene_fails("call_count", "{\"function\":\"pmm_alloc\",\"min\":3}", "too little");
    scene_passes("call_result", "{\"function\":\"as_clone_cow\",\"value\":-12}");
    scene_fails("call_result", "{\"function\":\"as_clone_cow\",\"value\":0}",
                "gave -12; 0 is right");
    scene_passes("calls_nested", "{\"outer\":\"as_clone_cow\",\"inner\":\"pmm_alloc\",\"max\":2}");
    scene_fails("calls_nested", "{\"outer\":\"as_clone_cow\",\"inner\":\"pmm_alloc\",\"max\":1}",
                "led to 2 calls");
    scene_passes("call_cost", "{\"function\":\"pmm_alloc\",\"max\":50,\"average\":50}");
    scene_fails("call_cost", "{\"function\":\"as_clone_cow\",\"max\":50}", "took 70 instructions");
    scene_fails("call_cost", "{\"function\":\"as_clone_cow\",\"average\":50}", "on average");
    CHECK_EQ(scene_fact("calls", "{\"function\":\"pmm_alloc\"}"), 2);
    CHECK(scene_judge("call_count", "{\"function\":\"missing\"}")->unjudged);
}

/* ---- programs ---- */

static const uint64_t leaves[] = { 0x50000 | USER_RX };

static void scene_program(void)
{
    scene_kernel();
    scene_process(ROOT_1, leaves, 1);
    scene_enter(PAGES_VA, 0x7000);
}

TEST(syscall_result)
{
    static const char with[] = "{\"number\":39,\"value\":2}";

    scene_program();
    scene_syscall(PAGES_VA + 2, 0x7000);
    scene_event(EVENT_USER_STATE, USER_STATE_LEAVES, 3, 1, 39, 3, 0);
    scene_enter(PAGES_VA + 4, 0x7000);
    scene_event(EVENT_USER_STATE, USER_STATE_ENTERS, 3, 1, 2, 3, 0);
    scene_passes("syscall_result", with);
    scene_fails("syscall_result", "{\"number\":39,\"value\":7}", "gave process 1 2");
    scene_fails("syscall_result", "{\"number\":40,\"value\":7}", "too little was shown");
}

TEST(witness)
{
    uint64_t c1 = challenge_value(7, 1), c2 = challenge_value(7, 2);

    scene_program();
    scene_witness(1, c1 ^ (c2 + 2), 4, 5);
    scene_passes("witness",
                 "{\"step\":1,\"value\":\"c1 ^ c2 + 2\",\"a\":4,\"b\":\"2*2 + (seed - 4)\"}");
    scene_fails("witness", "{\"step\":1,\"value\":\"c1\"}", "came to step 1");
    scene_fails("witness", "{\"step\":2}", "never came to its step 2");
    scene_fails("witness", "{\"step\":1,\"count\":2}", "reached 1 times");
    scene_passes("witness_absent", "{\"step\":2}");
    scene_fails("witness_absent", "{\"step\":1}", "must not succeed");
    scene_witness(2, 0, 0, 0);
    scene_passes("witness_order", "{\"steps\":[1,2]}");
    scene_fails("witness_order", "{\"steps\":[2,1]}", "must come behind it");
    scene_passes("ticks_between", "{\"from\":1,\"to\":2,\"max\":10}");
    scene_fails("ticks_between", "{\"from\":1,\"to\":2,\"max\":9}", "executed 10 instructions");
    scene_passes("challenges_genuine", NULL);
    CHECK_EQ(scene_fact("witness_value", "{\"step\":1}"), c1 ^ (c2 + 2));
    CHECK(scene_judge("witness", "{\"step\":1,\"value\":\"c1 ^\"}")->unjudged);
}

TEST(witness_of_many)
{
    scene_program();
    scene_witness(3, 0, 0, 0);
    scene_fails("witness_per_process", "{\"step\":3,\"min\":2}", "too little was shown");
    scene_process(ROOT_2, leaves, 1);
    scene_enter(PAGES_VA, 0x7000);
    scene_witness(3, 0, 0, 0);
    scene_passes("witness_per_process", "{\"step\":3,\"min\":2}");
    scene_passes("witness", "{\"step\":3,\"process\":2,\"count\":1}");
}

TEST(forged_witness)
{
    scene_program();
    scene_witness(1, 0, 0, 0);
    scene_event(EVENT_WITNESS, 1, 3, 2, 0, 0, 0);
    scene_event(EVENT_WITNESS, 2, 0, 3, 0, 0, 0);
    scene_passes("witness", "{\"step\":1}");
    scene_fails("witness", "{\"step\":2}", "not what the program's file has");
    scene_fails("witness", "{\"step\":3}", "it was not ring 3");
    scene_fails("challenges_genuine", NULL, "does not count");
}

TEST(windows)
{
    scene_program();
    scene_event(EVENT_HALT, 0, 0, 2, 0, 0, 0);
    scene_witness(1, 0, 0, 0);
    scene_fails("no_dead_halt", NULL, "interrupts off");
    scene_passes("no_dead_halt", "{\"after\":1}");
    scene_fails("no_dead_halt", "{\"until\":1}", "interrupts off");
    scene_fails("no_dead_halt", "{\"after\":2}", "nothing was shown");
    scene_passes("no_dead_halt", "{\"process\":2}");
}

TEST(parameters)
{
    char error[200];
    json_t *with = json_loads("{\"va\":1,\"bites\":2}", 0, NULL);
    const struct property *property = property_find("fault_once");

    CHECK(property && !property_check_parameters(property, with, error, sizeof(error)));
    CHECK(strstr(error, "no parameter `bites`"));
    CHECK(!property_check_parameters(property, NULL, error, sizeof(error)));
    CHECK(strstr(error, "needs `va`"));
    json_object_del(with, "bites");
    CHECK(property_check_parameters(property, with, error, sizeof(error)));
    json_object_set_new(with, "va", json_true());
    CHECK(!property_check_parameters(property, with, error, sizeof(error)));
    CHECK(strstr(error, "must be an integer or an expression"));
    json_decref(with);
    CHECK(!property_find("nothing") && !fact_find("nothing"));
}

/* Every property and fact has its row in the page. */
TEST(documented)
{
    static char page[1 << 18];
    FILE *file = fopen(PROPERTIES_PAGE, "r");
    char row[100];

    CHECK(file && fread(page, 1, sizeof(page) - 1, file) > 0);
    fclose(file);
    for (const struct property *const *p = properties_all; *p; p++) {
        snprintf(row, sizeof(row), "\n| `%s` |", (*p)->name);
        if (!strstr(page, row))
            check_failed(__FILE__, __LINE__, "%s is not documented", (*p)->name);
        for (const struct parameter *q = (*p)->parameters; q->name; q++)
            CHECK(q->meaning && q->meaning[0]);
    }
    for (const struct fact *const *f = facts_all; *f; f++) {
        snprintf(row, sizeof(row), "\n| `%s` |", (*f)->name);
        if (!strstr(page, row))
            check_failed(__FILE__, __LINE__, "%s is not documented", (*f)->name);
    }
}
