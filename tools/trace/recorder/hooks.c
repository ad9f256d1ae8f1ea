/*
 * The recorder: a library that the dynamic linker loads into the stock
 * bochs-bin. When it is loaded it fills Bochs' empty instrumentation functions
 * with jumps to the functions here.
 *
 *     kernel's entry reached -> hooks_start -> recording
 *     control registers, flushes -> tlb.c      stores, page walks -> tables.c, tlb.c
 *     calls, returns -> calls.c                everything else -> out.c
 *
 * The numbers are those of Bochs 2.7's instrumentation interface, the same
 * from 2.6 to 2.8. One CPU is followed.
 */
#include "hooks.h"

#include "branches.h"
#include "calls.h"
#include "control.h"
#include "jitter.h"
#include "limits.h"
#include "machine.h"
#include "out.h"
#include "setup.h"
#include "stubs.h"
#include "tables.h"
#include "tlb.h"
#include "user_state.h"
#include "weak.h"
#include "witness.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* Kinds of branches, of accesses, and who accesses, as Bochs numbers them. */
enum {
    IS_JMP = 10,
    IS_JMP_INDIRECT,
    IS_CALL,
    IS_CALL_INDIRECT,
    IS_RET,
    IS_IRET,
    IS_INT,
    IS_SYSCALL,
    IS_SYSRET,
};
enum { RW_WRITE = 1, RW_BOTH = 3 };
enum { WALK_PT = 5, WALK_PML4 = 8, WALK_LEVEL_0 = WALK_PT - 1 };
enum { DOUBLE_FAULT = 8, PAGE_FAULT = 14, SHUTDOWN_PORT = 0x8900 };

static const char fetch_stub[] = "_Z25bx_instr_before_executionjP15bxInstruction_c";

static bool recording;
static uint64_t double_fault_tick = UINT64_MAX;

static void hooks_start(void)
{
    machine_find();
    machine_refresh();
    recording = true;
    limits_start();
    jitter_start();
    out_event_at(EVENT_START, 0, 0, setup.entry, machine_ring(),
                 VALUES(machine.cr0, machine.cr3, machine.cr4, machine.efer, machine_reg(CPU_RSP)));
    if (machine_paging())
        tables_load_root(machine.cr3);
}

static void hook_tlb_control(unsigned cpu, unsigned what, uint64_t value)
{
    (void)cpu;
    if (recording)
        control_changed(what, value);
}

static void hook_wrmsr(unsigned cpu, unsigned msr, uint64_t value)
{
    (void)cpu;
    if (!recording)
        return;
    out_event(EVENT_WRMSR, msr, 0, VALUES(value));
    control_refresh();
}

/*
 * The third exception while one is delivered stops the CPU; delivery takes a
 * tick, so a fault in the double fault's handler has a later one.
 */
static void hook_exception(unsigned cpu, unsigned vector, unsigned error)
{
    (void)cpu;
    if (!recording)
        return;
    if (vector == PAGE_FAULT) {
        uint64_t va = machine_reg(CPU_CR2);

        if (weak_count > 0)
            weak_check_fault(va, error);
        tlb_drop_page(va);
    }
    out_hold_exception(vector, error); /* last: another event would put it before its time */
    if (machine_tick() == double_fault_tick)
        limits_end(TRACE_END_TRIPLE_FAULT);
    if (vector == DOUBLE_FAULT)
        double_fault_tick = machine_tick();
}

static void hook_interrupt(unsigned cpu, unsigned vector)
{
    (void)cpu;
    (void)vector;
    if (!recording)
        return;
    out_place_exception();
    if (machine_ring() == 3)
        user_state_leaves(machine_reg(CPU_RIP));
}

static void hook_hardware_interrupt(unsigned cpu, unsigned vector, uint16_t cs, uint64_t rip)
{
    (void)cpu;
    if (recording)
        out_event_at(EVENT_INTERRUPT, vector, 0, rip, cs & 3, VALUES(machine_reg(CPU_RSP)));
}

static enum transfer transfer_of(unsigned what)
{
    switch (what) {
    case IS_SYSCALL:
        return TRANSFER_SYSCALL;
    case IS_SYSRET:
        return TRANSFER_SYSRET;
    case IS_IRET:
        return TRANSFER_IRET;
    case IS_INT:
        return TRANSFER_INT;
    default:
        return TRANSFER_FAR;
    }
}

static void hook_far_branch(unsigned cpu, unsigned what, uint16_t from_cs, uint64_t from,
                            uint16_t to_cs, uint64_t to)
{
    (void)cpu;
    if (!recording) {
        if (to == setup.entry)
            hooks_start();
        return;
    }
    out_event_at(EVENT_TRANSFER, transfer_of(what), 0, from, from_cs & 3,
                 VALUES(from, to, from_cs, to_cs, machine_reg(CPU_RSP)));
    if ((to_cs & 3) == 3 && weak_count > 0)
        weak_note_return(from, from_cs & 3);
    if (what == IS_SYSCALL && (from_cs & 3) == 3)
        user_state_leaves(machine_reg(CPU_RCX));
    else if ((to_cs & 3) == 3 && (from_cs & 3) != 3)
        user_state_enters(to);
}

static void hook_near_branch(unsigned cpu, unsigned what, uint64_t from, uint64_t to)
{
    (void)cpu;
    if (!recording) {
        if (to == setup.entry)
            hooks_start();
        return;
    }
    if (what == IS_RET) {
        branches_note(from, to, BRANCH_RETURN);
        calls_leave(to);
    } else {
        branches_note(from, to, what >= IS_CALL ? BRANCH_CALL : BRANCH_JUMP);
        if (what >= IS_CALL)
            witness_called(from, to);
        calls_enter(to);
    }
}

static void hook_branch_taken(unsigned cpu, uint64_t from, uint64_t to)
{
    (void)cpu;
    branches_note(from, to, BRANCH_JUMP);
}

static void hook_halt(unsigned cpu)
{
    uint64_t flags;

    (void)cpu;
    if (!recording)
        return;
    flags = machine_reg(CPU_EFLAGS);
    out_event(EVENT_HALT, 0, 0, VALUES(flags));
    if (!(flags & FLAGS_IF))
        limits_end(TRACE_END_HALTED);
}

static void hook_reset(unsigned cpu, unsigned type)
{
    (void)cpu;
    if (!recording)
        return;
    out_event(EVENT_RESET, type, 0, VALUES(0));
    limits_end(TRACE_END_RESET);
}

/* Bochs ends when it has read this word from its shutdown port. */
static bool port_asks_shutdown(unsigned port, unsigned value)
{
    static const char word[] = "Shutdown";
    static unsigned matched;

    if (port != SHUTDOWN_PORT)
        return false;
    matched = (value & 0xff) == (unsigned char)word[matched] ? matched + 1 : value == 'S';
    return matched == sizeof(word) - 1;
}

static void hook_out(uint16_t port, unsigned len, unsigned value)
{
    if (!recording)
        return;
    out_event(EVENT_OUT, port, 0, VALUES(value, len));
    if (port_asks_shutdown(port, value))
        limits_end(TRACE_END_SHUTDOWN);
}

/* Each access to memory by an instruction, before it is done: the fast path. */
static void hook_linear(unsigned cpu, uint64_t va, uint64_t phys, unsigned len, unsigned type,
                        unsigned rw, uint8_t *data)
{
    (void)cpu;
    (void)type;
    if (!recording)
        return;
    if (weak_count > 0)
        weak_check_access(va, phys, rw & RW_WRITE ? ACCESS_WRITE : ACCESS_READ);
    if (rw == RW_WRITE && tables_covers(phys))
        tables_store(phys, len, data);
    else if (len == CONTROL_DESCRIPTOR)
        control_note_descriptor(data);
}

/* Page walks, and the second half of instructions that read, change and write. */
static void hook_physical(unsigned cpu, uint64_t phys, unsigned len, unsigned type, unsigned rw,
                          unsigned who, uint8_t *data)
{
    uint64_t value;

    (void)cpu;
    (void)type;
    if (!recording)
        return;
    if (who < WALK_PT || who > WALK_PML4) {
        if ((rw & RW_WRITE) && tables_covers(phys))
            tables_store(phys, len, data);
        return;
    }
    memcpy(&value, data, sizeof(value));
    if (rw & RW_WRITE) {
        tables_set_accessed(phys, value);
        tlb_walk_sets(phys, value);
    } else {
        tlb_walk_step(who - WALK_LEVEL_0, phys, value);
    }
}

static void hook_fetch(unsigned cpu, void *instruction)
{
    (void)cpu;
    (void)instruction;
    if (recording && weak_count > 0)
        weak_check_fetch(machine_reg(CPU_RIP));
}

void hooks_watch_fetches(bool on)
{
    stub_switch(fetch_stub, on);
}

/* The emulator goes by itself: a panic, or its debugger's quit. */
static void hook_exit(void)
{
    if (recording)
        limits_end(TRACE_END_STOPPED);
}

static const struct {
    const char *symbol;
    stub_handler_t handler;
} hooks[] = {
    { "_Z18bx_instr_tlb_cntrljjm", (stub_handler_t)hook_tlb_control },
    { "_Z14bx_instr_wrmsrjjm", (stub_handler_t)hook_wrmsr },
    { "_Z18bx_instr_exceptionjjj", (stub_handler_t)hook_exception },
    { "_Z18bx_instr_interruptjj", (stub_handler_t)hook_interrupt },
    { "_Z20bx_instr_hwinterruptjjtm", (stub_handler_t)hook_hardware_interrupt },
    { "_Z19bx_instr_far_branchjjtmtm", (stub_handler_t)hook_far_branch },
    { "_Z22bx_instr_ucnear_branchjjmm", (stub_handler_t)hook_near_branch },
    { "_Z27bx_instr_cnear_branch_takenjmm", (stub_handler_t)hook_branch_taken },
    { "_Z12bx_instr_hltj", (stub_handler_t)hook_halt },
    { "_Z14bx_instr_resetjj", (stub_handler_t)hook_reset },
    { "_Z13bx_instr_outptjj", (stub_handler_t)hook_out },
    { "_Z17bx_instr_exit_envv", (stub_handler_t)hook_exit },
};

/* A guest may ask for the debugger at port 0x8900; nobody is there to answer. */
static void hook_debug_break(void)
{
}

static void hooks_fill(void)
{
    for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
        stub_fill(hooks[i].symbol, hooks[i].handler);
    stub_prepare(fetch_stub, (stub_handler_t)hook_fetch);
    /* Only these tell what is written. They serve watchpoints, which nobody sets. */
    stub_replace("_Z24bx_dbg_lin_memory_accessjmmjjjPh", (stub_handler_t)hook_linear);
    stub_replace("_Z24bx_dbg_phy_memory_accessjmjjjjPh", (stub_handler_t)hook_physical);
    stub_replace("_Z14bx_debug_breakv", hook_debug_break);
}

/* Programs on the way to the emulator, such as a shell, are left alone. */
__attribute__((constructor)) static void hooks_load(void)
{
    const char *path = getenv(SETUP_VARIABLE);

    if (!path || !dlsym(RTLD_DEFAULT, "bx_cpu_array"))
        return;
    setup_read(path);
    tables_init();
    calls_init();
    witness_init();
    hooks_fill();
    out_open();
}
