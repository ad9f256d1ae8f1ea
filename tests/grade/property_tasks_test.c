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

/* Ring 3 with registers that are a number: left by a system call, entered. */
static void way_call(uint64_t rip, uint64_t number, uint64_t registers)
{
    scene_syscall(rip, RSP);
    scene_event(EVENT_USER_STATE, USER_STATE_LEAVES, 0, registers, number, 0, RSP)->tick -= 10;
}

static void way_goes_on(uint64_t rip, uint64_t registers)
{
    scene_enter(rip, RSP);
    scene_event(EVENT_USER_STATE, USER_STATE_ENTERS, 3, registers, 0, 0, RSP);
}

enum { CALL_WRITE = 1, CALL_FORK = 57 };

static void way_starts(void)
{
    scene_start(NULL);
    scene_boot();
    scene_process(ROOT_1, leaves_1, 2);
    way_goes_on(PAGES_VA, 7);
    way_call(PAGES_VA + 8, CALL_WRITE, 7);
    way_goes_on(PAGES_VA + 10, 7);
    scene_witness(1, 0, 0, 0);
    way_call(PAGES_VA + 20, CALL_FORK, 8);
}

TEST(way_of_a_fork)
{
    way_starts();
    scene_process(ROOT_2, leaves_2, 2);
    way_goes_on(PAGES_VA + 22, 8);
    scene_witness(2, 0, 0, 0);
    scene_cr3(ROOT_1);
    way_goes_on(PAGES_VA + 22, 8);
    scene_witness(3, 0, 0, 0);
    scene_passes("witness", "{\"step\":2,\"process\":2}");
    scene_passes("witness", "{\"step\":3,\"process\":1}");
    scene_passes("witness_order", "{\"steps\":[1,2,3]}");
    scene_fails("witness", "{\"step\":3,\"process\":2}", "Process 2 never came");
    scene_process(ROOT_3, leaves_2, 2); /* a second child of one fork */
    way_goes_on(PAGES_VA + 22, 8);
    scene_witness(4, 0, 0, 0);
    scene_fails("witness", "{\"step\":4}", "no other process had called fork");
}

/* The two share a space: it goes on twice where it was left once. */
TEST(way_of_a_vfork)
{
    way_starts();
    way_goes_on(PAGES_VA + 22, 8);
    scene_witness(2, 0, 0, 0);
    way_call(PAGES_VA + 30, CALL_WRITE, 9);
    way_goes_on(PAGES_VA + 22, 8);
    scene_witness(3, 0, 0, 0);
    scene_passes("witness", "{\"step\":2}");
    scene_passes("witness", "{\"step\":3}");
}

/* The recorder may lose a root that is not loaded; the process still goes on. */
TEST(way_of_a_root_that_was_lost)
{
    way_starts();
    scene_event(EVENT_TABLE_GONE, 0, 0, ROOT_1, 0, 0, 0)->level = 4;
    scene_process(ROOT_1, leaves_1, 2);
    way_goes_on(PAGES_VA + 22, 8);
    scene_witness(2, 0, 0, 0);
    scene_passes("witness", "{\"step\":2}");
    scene_event(EVENT_TABLE_GONE, 0, 0, ROOT_1, 0, 0, 0)->level = 4;
    scene_process(ROOT_1, leaves_1, 2);
    way_goes_on(PAGES_VA + 50, 8);
    scene_witness(3, 0, 0, 0);
    scene_fails("witness", "{\"step\":3}", "where no program begins");
}

TEST(led_astray)
{
    way_starts();
    way_goes_on(PAGES_VA + 22, 8);
    scene_interrupt(PAGES_VA + 40, RSP);
    scene_event(EVENT_USER_STATE, USER_STATE_LEAVES, 0, 5, 6, 7, RSP)->tick -= 10;
    way_goes_on(PAGES_VA + 44, 5); /* not there */
    scene_witness(2, 0, 0, 0);
    scene_fails("witness", "{\"step\":2}", "go on at 0x40002c, where it had not left ring 3");
    scene_fails("witness_order", "{\"steps\":[1,2]}", "does not count");
    scene_fails("witness_per_process", "{\"step\":2}", "too little was shown");
    scene_passes("witness", "{\"step\":1}"); /* that was before */
    way_call(PAGES_VA + 60, CALL_FORK, 8);
    scene_process(ROOT_2, leaves_2, 2);
    way_goes_on(PAGES_VA + 62, 8);
    scene_witness(3, 0, 0, 0);
    scene_fails("witness", "{\"step\":3}", "the child of a process that had been led astray");
}

TEST(led_astray_by_registers)
{
    way_starts();
    way_goes_on(PAGES_VA + 22, 9);
    scene_witness(2, 0, 0, 0);
    scene_fails("witness", "{\"step\":2}", "with other registers");
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
