/*
 * The events of a trace: what the CPU did, in the order it did it.
 *
 * This is what the recorder writes and the reader gives back; how events are
 * packed into a file is format.h. The names of kinds and of their values are
 * part of the format: append, never renumber.
 */
#pragma once

#include <stdint.h>

enum { EVENT_VALUES = 6 };

/*
 *      kind                 values v[0], v[1], ...                                what, level
 */
enum event_kind {
    EVENT_START = 1,   /* cr0, cr3, cr4, efer, rsp: the machine when recording began         */
    EVENT_END,         /* instructions recorded                                  enum trace_end */
    EVENT_CR,          /* new, old                                               0, 3 or 4   */
    EVENT_INVLPG,      /* linear address                                                     */
    EVENT_INVPCID,     /* linear address, pcid                                   type        */
    EVENT_WRMSR,       /* value                                                  MSR         */
    EVENT_EXCEPTION,   /* error code, CR2 (page fault: else 0), rsp              vector      */
    EVENT_INTERRUPT,   /* rsp                                                    vector      */
    EVENT_TRANSFER,    /* from rip, to rip, from cs, to cs, rsp after        enum transfer   */
    EVENT_CALL,        /* rdi, rsi, rdx, rcx, r8, r9 on entry; rip is the callee symbol index */
    EVENT_RETURN,      /* rax, return address                                    symbol index */
    EVENT_TABLE,       /* physical address, first linear address it maps, parent entry: the
                           page is a table from now on                            -, level    */
    EVENT_TABLE_GONE,  /* physical address: no live table refers to it any more  -, level    */
    EVENT_ENTRY_SEEN,  /* entry's physical address, value, linear address: content of a table
                           when it was found; only entries that are not zero      -, level    */
    EVENT_ENTRY_WRITE, /* entry's physical address, old, new, linear address     bytes, level */
    EVENT_ENTRY_AD,    /* the same, by the CPU's page walk (accessed, dirty)     -, level    */
    EVENT_STALE_CPU,   /* linear address, physical address used, entry now, entry's address:
                           the emulated CPU used a translation that the tables no longer hold */
    EVENT_STALE_IDEAL, /* the same, for a TLB that forgets nothing until told enum access_kind */
    EVENT_WINDOW,      /* linear address, old entry, new entry, entry's address  enum window */
    EVENT_OUT,         /* value, bytes                                           port        */
    EVENT_HALT,        /* rflags                                                             */
    EVENT_RESET,       /*                                                        type        */
    EVENT_SAMPLE,      /* last rip, rsp, rflags of a run that did not end by shutdown        */
    EVENT_BRANCH,      /* from, to: one of the last near branches taken of such a run, written
                           at its end                                      enum branch_kind */
    EVENT_OUT_VALUE,   /* value, its address: what a function left where its argument pointed to,
                           just before its return event                           symbol index */
    EVENT_CHALLENGE,   /* id, value given, return address; rip is the CALL     enum witness */
    EVENT_WITNESS,     /* step, value, a, b, return address; rip is the CALL   enum witness */
    EVENT_USER_STATE,  /* hash of the preserved registers, rax, hash of rcx and r11, rsp, rip:
                           ring 3's registers at its border                 enum user_state */
    EVENT_KINDS
};

/* How control went from one place to another across rings or by a gate. */
enum transfer {
    TRANSFER_SYSCALL = 1,
    TRANSFER_SYSRET,
    TRANSFER_IRET,
    TRANSFER_INT, /* INT n, INT3, INTO */
    TRANSFER_FAR, /* far jump, call or return */
};

/* What a near branch was. */
enum branch_kind { BRANCH_JUMP = 1, BRANCH_CALL, BRANCH_RETURN };

/* Can a challenge or witness be trusted to be the program's own? */
enum witness {
    WITNESS_GENUINE,
    WITNESS_CODE_DIFFERS, /* from the program's file, or the call lies outside it */
    WITNESS_NOT_RING_3,
};

enum user_state { USER_STATE_LEAVES = 1, USER_STATE_ENTERS };

enum access_kind { ACCESS_READ, ACCESS_WRITE, ACCESS_FETCH };

/* What happened in a window: an entry that had been used lost rights or moved, unflushed. */
enum window {
    WINDOW_RETURN = 1, /* the kernel returned to ring 3 in that address space */
    WINDOW_REUSE,      /* the old frame got another use: mapped elsewhere or made a table */
    WINDOW_TABLE,      /* a table was dropped, and a walk through it was cached */
};

/* Why recording ended. */
enum trace_end {
    TRACE_END_SHUTDOWN = 1, /* the guest asked the emulator to end */
    TRACE_END_HALTED,       /* HLT with interrupts off */
    TRACE_END_TICKS,        /* tick limit */
    TRACE_END_EVENTS,       /* event limit */
    TRACE_END_RESET,        /* the machine was reset without a triple fault */
    TRACE_END_TRIPLE_FAULT,
    TRACE_END_STOPPED, /* from outside: time limit or signal */
};

struct trace_event {
    uint64_t tick; /* instructions since power-on, Bochs' clock */
    uint64_t rip;  /* of the instruction that caused it, where the hook tells; else next */
    uint64_t v[EVENT_VALUES];
    uint32_t what;
    uint8_t kind; /* enum event_kind */
    uint8_t cpu, ring;
    uint8_t level; /* of a table or entry: 1 PT, 2 PD, 3 PDPT, 4 PML4; else 0 */
};

/* Number of values that a kind has; 0 for what is no kind. */
unsigned event_value_count(unsigned kind);

/* "entry-write", ...: as `trace show --kind` takes it; NULL for what is no kind. */
const char *event_kind_name(unsigned kind);
