/* Properties of tasks: turns, states, stacks, idling. */
#include "property_fixture.h"

#define RSP 0x7000ul
static const uint64_t leaves_1[] = { 0x50000 | USER_RX, 0x51000 | USER_RW };
static const uint64_t leaves_2[] = { 0x50000 | USER_RX, 0x52000 | USER_RW };
static const uint64_t roots[] = { ROOT_1, ROOT_2, ROOT_3 };

/* Processes start one after another, each at the entry point, and are interrupted. */
static void scene_started(unsigned processes)
{
    scene_start(NULL);
    scene_boot();
    for (unsigned i = 0; i < processes; i++) {
        scene_process(roots[i], i ? leaves_2 : leaves_1, 2);
        scene_enter(PAGES_VA, RSP);
        scene_ticks(1000);
        scene_interrupt(PAGES_VA + 8, RSP);
    }
}

static void scene_turn(unsigned process, uint64_t ticks)
{
    scene_cr3(roots[process - 1]);
    scene_enter(PAGES_VA + 8, RSP);
    scene_ticks(ticks);
    scene_interrupt(PAGES_VA + 8, RSP);
}

static void scene_turns(const char *order, uint64_t ticks)
{
    for (; *order; order++)
        scene_turn((unsigned)(*order - '0'), ticks);
}

TEST(round_robin)
{
    scene_started(3);
    scene_turns("123123123", 1000);
    scene_passes("round_robin", "{\"processes\":3}");
    scene_passes("fair_ticks", "{\"processes\":3,\"percent\":5}");
    scene_passes("preempted_within", "{\"ticks\":1100}");
    scene_fails("preempted_within", "{\"ticks\":900}", "has ring 3 since");
    scene_passes("interleaved", "{\"min\":8}");
    scene_fails("interleaved", "{\"min\":20}", "too little was shown");
    CHECK_EQ(scene_fact("turns", "{\"process\":1}"), 4);
    CHECK_EQ(scene_fact("context_switches", NULL), 11);
    CHECK_EQ(scene_fact("longest_turn", NULL), 1010);
    CHECK_EQ(scene_fact("processes", NULL), 3);
    CHECK_EQ(scene_fact("root", "{\"process\":2}"), ROOT_2);
    CHECK_EQ(scene_fact("interrupts", NULL), 12);
    scene_fails("round_robin", "{\"processes\":4}", "Only 3 processes");
}

TEST(not_round_robin)
{
    scene_started(3);
    scene_turns("123121323", 1000);
    scene_fails("round_robin", "{\"processes\":3}", "gets the CPU at tick");
    scene_passes("round_robin", "{\"processes\":3,\"slack\":9}");
    scene_started(2);
    for (unsigned i = 0; i < 5; i++) {
        scene_turn(1, 5000);
        scene_turn(2, 1000);
    }
    scene_passes("round_robin", "{\"processes\":2}");
    scene_fails("fair_ticks", "{\"processes\":2}", "an equal share is");
    scene_passes("fair_ticks", "{\"processes\":2,\"percent\":90}");
}

TEST(never_preempted)
{
    scene_started(2);
    scene_turns("12", 1000);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 8, RSP);
    scene_ticks(500000);
    scene_ends(TRACE_END_TICKS);
    scene_fails("preempted_within", "{\"ticks\":100000}", "while another process waits");
    scene_started(1);
    scene_fails("preempted_within", "{\"ticks\":100000}", "too little was shown");
}

TEST(processes_ran)
{
    scene_started(2);
    scene_passes("processes_ran", "{\"min\":2,\"max\":2}");
    scene_fails("processes_ran", "{\"min\":3}", "too little was shown");
    scene_fails("processes_ran", "{\"max\":1}", "2 processes ran");
}

TEST(user_state)
{
    scene_started(2);
    scene_turns("12", 10);
    scene_passes("user_state_kept", NULL);
    scene_cr3(ROOT_1);
    scene_enter(PAGES_VA + 8, RSP + 8);
    scene_fails("user_state_kept", NULL, "goes on at");
}

/* Ring 3 is left with these registers and comes back with those. */
static void scene_registers(uint64_t others, uint64_t rax, uint64_t rcx)
{
    scene_started(1);
    scene_enter(PAGES_VA + 8, RSP);
    scene_interrupt(PAGES_VA + 8, RSP);
    scene_event(EVENT_USER_STATE, USER_STATE_LEAVES, 3, 1, 2, 3, RSP)->tick -= 10;
    scene_enter(PAGES_VA + 8, RSP);
    scene_event(EVENT_USER_STATE, USER_STATE_ENTERS, 3, others, rax, rcx, RSP);
}

TEST(user_registers)
{
    scene_registers(1, 2, 3);
    scene_passes("user_state_kept", NULL);
    scene_registers(9, 2, 3);
    scene_fails("user_state_kept", NULL, "the general registers");
    scene_registers(1, 9, 3);
    scene_fails("user_state_kept", NULL, "other values in rax");
    scene_registers(1, 2, 9);
    scene_fails("user_state_kept", NULL, "rcx or r11");
}

TEST(switch_loads_cr3)
{
    scene_started(1);
    scene_process(ROOT_2, leaves_2, 2);
    scene_enter(PAGES_VA, RSP);
    scene_interrupt(PAGES_VA + 12, RSP - 16);
    scene_turn(1, 10);
    scene_passes("switch_loads_cr3", NULL);
    scene_enter(PAGES_VA + 12, RSP - 16);
    scene_fails("switch_loads_cr3", NULL, "Process 2 goes on at");
}

TEST(entry_points)
{
    scene_started(1);
    scene_enter(PAGES_VA + 8, RSP);
    scene_syscall(PAGES_VA + 20, RSP);
    scene_process(ROOT_2, leaves_2, 2);
    scene_enter(PAGES_VA + 22, RSP);
    scene_passes("entry_points", "{\"min\":2}");
    scene_process(ROOT_3, leaves_2, 2);
    scene_enter(PAGES_VA + 100, RSP);
    scene_fails("entry_points", NULL, "Process 3 starts in ring 3 at 0x400064");
}

TEST(kernel_stacks)
{
    scene_started(2);
    scene_turns("1", 10);
    scene_event(EVENT_EXCEPTION, 14, 0, 0, PAGES_VA, 0xffffc00000001f00, 0);
    scene_turns("2", 10);
    scene_event(EVENT_EXCEPTION, 14, 0, 0, PAGES_VA, 0xffffc00000003f00, 0);
    scene_turns("12", 10);
    scene_passes("kernel_stacks_distinct", "{\"min\":2}");
    scene_event(EVENT_EXCEPTION, 14, 0, 0, PAGES_VA, 0xffffc00000001f00, 0);
    scene_turns("12", 10);
    scene_fails("kernel_stacks_distinct", NULL, "needs a stack of its own");
}

/* Stacks of two pages with a gap below each, in the kernel's last table. */
static void scene_deep_stacks(uint64_t first, uint64_t second)
{
    scene_started(2);
    for (unsigned i = 16; i < 22; i++)
        if (i % 3 != 0)
            scene_write(KERNEL_PT + i * 8, 1, 0, 0x8000000000200003 + i * 0x1000,
                        KERNEL_VA + i * 0x1000);
    scene_turns("1", 10);
    scene_event(EVENT_EXCEPTION, 14, 0, 0, PAGES_VA, KERNEL_VA + first, 0);
    scene_turns("2", 10);
    scene_event(EVENT_EXCEPTION, 14, 0, 0, PAGES_VA, KERNEL_VA + second, 0);
    scene_turns("12", 10);
}

TEST(kernel_stacks_of_many_pages)
{
    scene_deep_stacks(0x11f00, 0x14f00);
    scene_passes("kernel_stacks_distinct", "{\"min\":2}");
    scene_deep_stacks(0x11f00, 0x13800);
    scene_passes("kernel_stacks_distinct", "{\"min\":2}");
    scene_deep_stacks(0x14f00, 0x13800);
    scene_fails("kernel_stacks_distinct", NULL, "on the stack at 0xffffffff80013000");
}

TEST(idling)
{
    scene_started(1);
    scene_fails("idle_halts", NULL, "too little was shown");
    scene_event(EVENT_HALT, 0, 0, 0x202, 0, 0, 0);
    scene_passes("idle_halts", NULL);
    scene_passes("no_dead_halt", NULL);
    CHECK_EQ(scene_fact("halts", NULL), 1);
    scene_event(EVENT_HALT, 0, 0, 2, 0, 0, 0);
    scene_fails("idle_halts", NULL, "interrupts off");
    scene_fails("no_dead_halt", NULL, "the machine is dead");
    scene_ends(TRACE_END_HALTED);
    scene_fails("run_finished", NULL, "halted with interrupts off");
}

TEST(spinning)
{
    scene_started(1);
    scene_passes("waits_without_spinning", "{\"max_ticks\":5000}");
    scene_ticks(9000);
    scene_turn(1, 10);
    scene_fails("waits_without_spinning", "{\"max_ticks\":5000}", "in ring 0 from tick");
}

TEST(ends)
{
    scene_started(1);
    scene_event(EVENT_OUT, 0xf4, 0, 0, 1, 0, 0);
    scene_passes("run_finished", NULL);
    scene_event(EVENT_OUT, 0xf4, 0, 61, 1, 0, 0);
    scene_fails("run_finished", NULL, "The kernel panicked");
    scene_fails("run_finished", "{\"panic\":8}", "exception 8 never came");
    scene_event(EVENT_EXCEPTION, 8, 0, 0, 0, 0, 0);
    scene_passes("run_finished", "{\"panic\":8}");
    scene_event(EVENT_OUT, 0xf4, 0, 0, 1, 0, 0);
    scene_fails("run_finished", "{\"panic\":8}", "only a panic is right");
    scene_ends(TRACE_END_TRIPLE_FAULT);
    scene_fails("run_finished", NULL, "Triple fault");
    scene_ends(TRACE_END_RESET);
    scene_fails("run_finished", NULL, "reset the machine");
    scene_ends(TRACE_END_EVENTS);
    scene_fails("run_finished", NULL, "more than can be recorded");
    scene_ends(TRACE_END_STOPPED);
    CHECK(scene_judge("run_finished", NULL)->unjudged);
    scene_ends(TRACE_END_TICKS);
    scene_event(EVENT_HALT, 0, 0, 0x202, 0, 0, 0);
    scene_fails("run_finished", NULL, "halted with interrupts on");
}

TEST(first_facts)
{
    scene_started(1);
    CHECK_EQ(scene_fact("first_cr3", NULL), KERNEL_ROOT);
    CHECK_EQ(scene_fact("first_ring3_tick", NULL), 370);
    CHECK_EQ(scene_fact("system_calls", NULL), 0);
    CHECK_EQ(scene_fact("entries_written", NULL), 0);
    CHECK_EQ(scene_fact("exceptions", "{\"vector\":14}"), 0);
    scene_event(EVENT_OUT, 0xe9, 0, 65, 1, 0, 0);
    CHECK_EQ(scene_fact("faults_before", NULL), 0);
}
